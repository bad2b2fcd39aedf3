"""One export as it was asked for: checked, of the version that serves now, and how it is made."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from components import export as texts
from components.i18n import LANGUAGES
from data_access.access import EVERYONE, Scope
from data_access.errors import NotFound, QueryError
from data_access.export import FORMATS, write
from data_access.export.extracts import of_result
from data_access.export.jobs import Job, Work, rows_work
from data_access.filters import Filters
from data_access.panels import Panel, check_filters, find_panel, read_panel
from data_access.result import Result
from data_access.snapshot import Snapshot
from pages._draw import DRAWN, Artist
from pages._services import services

DIRECT_ROWS = {"json": 20_000, "csv": 20_000, "xlsx": 2_000}  # more are made by a process of their own
EXTENSIONS = (*FORMATS, *DRAWN)
ASKED = {"panel", "format", "filters", "lang"}
Given = dict[str, list[str]]


@dataclass(frozen=True)
class Wanted:
    """A panel in a format and a language, under filters."""

    panel: Panel
    extension: str
    filters: Filters
    lang: str
    snapshot: Snapshot
    scope: Scope = EVERYONE

    @classmethod
    def of(cls, name: str, extension: str, given: Given) -> Wanted:
        """From a panel's name, a format and the words of an address. QueryError tells the first that is wrong."""
        panel = find_panel(name)
        if extension not in EXTENSIONS:
            hint = "use " + ", ".join(f"{panel.name}.{one}" for one in EXTENSIONS)
            raise NotFound(f'there is no format "{extension[:20]}"', hint)
        lang = language(given)
        return cls(panel, extension, check_filters(panel, given), lang, services().reader.pinned())

    @classmethod
    def asked(cls, body: object) -> Wanted:
        """From the body of a request: {panel, format, filters, lang}, the last two may be missing."""
        if not isinstance(body, dict) or not {"panel", "format"} <= set(body) <= ASKED:
            raise QueryError("an export is asked for by panel and format", "send {panel, format, filters, lang}")
        filters = body.get("filters", {})
        if not isinstance(filters, dict):
            raise QueryError("filters are no object", 'send filters like {"region": ["East"]}')
        given = filters | ({"lang": body["lang"]} if "lang" in body else {})
        return cls.of(
            str(body["panel"]), str(body["format"]), {str(key): _texts(value) for key, value in given.items()}
        )

    @property
    def file_name(self) -> str:
        return f"{self.panel.name}-v{self.snapshot.version}.{self.extension}"

    @property
    def is_picture(self) -> bool:
        return self.extension in DRAWN

    def drawn(self, artist: Artist) -> bytes:
        """The picture; a panel that cannot be read fails before anything is drawn."""
        self._read()
        return artist.panel(self.panel, self.extension, self.filters, self.lang)

    def direct(self) -> tuple[bytes, Result] | None:
        """The file of few rows and what it holds; None where they are many."""
        result = self._read()
        if result.truncated or len(result.frame) > DIRECT_ROWS[self.extension]:
            return None
        given = of_result(self.panel, self.snapshot, self.filters, result)
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / self.file_name
            write(given, target, texts.words(self.panel, self.lang, services().config.company))
            return target.read_bytes(), result

    def work(self, artist: Artist) -> Work:
        """What makes the file in the background."""
        if self.is_picture:

            def draw(job: Job) -> None:
                job.file.write_bytes(self.drawn(artist))

            return draw
        held = services()
        words = texts.words(self.panel, self.lang, held.config.company)
        return rows_work(held.reader.folder, self.snapshot.version, self.panel, self.filters, words)

    def _read(self) -> Result:
        return read_panel(self.panel, self.snapshot, self.scope, self.filters)


def language(given: Given) -> str:
    """Takes `lang` out of the words of an address; without it the company's."""
    lang = next(iter(given.pop("lang", [])), services().config.company.language)
    if lang not in LANGUAGES:
        raise QueryError(f'there is no language "{lang[:20]}"', "use lang=en or lang=zh")
    return lang


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
