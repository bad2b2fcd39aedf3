"""The files connector: a folder of CSV files or workbooks, read through a profile; it never writes there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from data_access.connectors.base import News
from data_access.connectors.files import csvtext, encoding, headers, listing, workbook
from data_access.connectors.files.form import FileForm
from data_access.connectors.files.listing import File
from data_access.connectors.files.spool import Spool, no_file
from data_access.connectors.profile import Profile, Stream
from data_access.connectors.statements import checked_settings
from data_access.errors import SourceError, UnfinishedError

PAGE_ROWS = 50_000
SETTLE_SECONDS = 2.0  # so long a file must have stayed as it is,
OLD_SECONDS = 600.0  # looked at twice unless its time of change is past by more than clocks differ
QUOTED = '"'  # what a number in wrong signs is put into, to be refused


class FilesConnector:
    """Reads one folder through its profile. Not for use from several threads at a time.

    news() comes before read() and read_news(): it looks at the stream's files and takes in those it needs.
    """

    def __init__(
        self, profile: Profile, folder: str, settings: Mapping[str, object] | None = None, *,
        page_rows: int = PAGE_ROWS, sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        checked_settings(profile, settings or {})
        self.profile, self.folder, self.page_rows = profile, Path(folder), page_rows
        self._sleep = sleep
        self.drifted = False  # files were read anew: their columns may be others
        self._first: dict[str, listing.Look] = {}  # what the files looked like,
        self._first_at = 0.0  # and when, in seconds of the monotonic clock
        self._spool: tuple[str, Spool] | None = None
        self._changed: list[str] = []

    def check(self) -> float:
        """The folder is there; files have our clock: 0."""
        self.now()
        return 0.0

    def now(self) -> datetime:
        """Our clock, UTC; SourceError when the folder, or every file of it, is missing."""
        found: list[File] = []
        wrong: list[SourceError] = []
        for spec in self.profile.stream.values():
            try:
                found += self._files(spec)
            except SourceError as error:
                wrong.append(error)
        if not found:
            hint = "check folder in the [[source]]; the profile's table keys say which files it wants"
            raise wrong[0] if wrong else SourceError(f"{self.folder}: holds no file of the profile", hint)
        self._first, self._first_at = {file.name: file.look for file in found}, time.monotonic()
        return datetime.now(UTC)

    @contextmanager
    def snapshot(self, *, shared: bool = False) -> Iterator[None]:
        """Nothing to hold: files are taken in whole before they are read. Afterwards they are let go."""
        try:
            yield
        finally:
            self._let_go()

    def close(self) -> None:
        self._let_go()

    def news(self, stream: str, state: str | None) -> News:
        """What changed since `state` (name, size, times and digest of each file); UnfinishedError while one of them is
        being written (of those that are added to others, such a one is left for later)."""
        self._let_go()
        spec, known = self.profile.stream[stream], listing.from_state(state)
        old = {file.name: file for file in known or ()}
        looked = self._settled(spec, old)
        if not looked and not _form(spec).optional:
            raise no_file(self.folder, spec.table or "", [file.name for file in self._all()])
        moving = {file.name for file in looked if self._first.get(file.name, file.look) != file.look}
        if _form(spec).mode == "append":
            looked = [file for file in looked if file.name not in moving or file.name in old]
        if written := sorted(moving & {file.name for file in looked}):
            raise _unfinished(written[0])
        files = [self._with_digest(file, old) for file in looked]
        news = _compared(files, known, _form(spec))
        if news.changed:
            self._take_in(stream, spec, files, old, news)
        return news

    def _settled(self, spec: Stream, old: Mapping[str, File]) -> list[File]:
        """The stream's files, each of those that changed lately seen twice, a while apart."""
        looked = self._files(spec)
        changed = [file for file in looked if file.name not in old or old[file.name].look != file.look]
        if all(time.time() - file.mtime / 1e9 > OLD_SECONDS for file in changed):
            return looked
        self._first |= {file.name: file.look for file in changed if file.name not in self._first}
        left = SETTLE_SECONDS - (time.monotonic() - self._first_at)
        if left > 0:
            self._sleep(left)
        return self._files(spec)

    def _take_in(self, stream: str, spec: Stream, files: list[File], old: Mapping[str, File], news: News) -> None:
        """The files into the spool."""
        self._changed = [file.name for file in files if file.name not in old or file.digest != old[file.name].digest]
        spool = Spool(spec, f"{self.profile.file.name}, stream {stream}")
        self._spool, self.drifted = (stream, spool), True
        for file in files:
            if news.whole or news.deletes or file.name in self._changed:
                spool.add(self.folder, file)
        for file in files:
            if listing.look_again(self.folder, file) != file.look:
                raise _unfinished(file.name)

    def read(self, stream: str, since: datetime | None, until: datetime | None) -> Iterator[pa.Table]:
        """Every row of the stream."""
        yield from self._taken(stream).rows(self.page_rows)

    def read_news(self, stream: str) -> Iterator[pa.Table]:
        """The rows of the files that changed."""
        yield from self._taken(stream).rows(self.page_rows, self._changed)

    def read_keys(self, stream: str) -> Iterator[pa.Table]:
        yield from self._taken(stream).keys(self.page_rows)

    def read_by_keys(self, stream: str, keys: Sequence[tuple[object, ...]]) -> Iterator[pa.Table]:
        yield from self._taken(stream).by_keys(keys, self.page_rows)

    def discover(self) -> dict[str, dict[str, str]]:
        """Stream -> header -> "text"; streams without a file are left out."""
        found = {}
        for name, spec in self.profile.stream.items():
            with suppress(SourceError):
                files = self._files(spec)
                if files:
                    found[name] = {header: "text" for header in self._headers(spec, files[-1]) if header}
        return found

    def verify(self) -> list[SourceError]:
        """Every stream whose files the mapping does not fit: missing, damaged, without a column, or with cells that are
        not what the profile says. Reads them whole."""
        wrong: list[SourceError] = []
        for name in self.profile.stream:
            try:
                self.news(name, None)
                if self._spool is not None:
                    wrong += [self._misfit(name, *cell) for cell in self._spool[1].wrong_cells()]
            except SourceError as error:
                wrong.append(error)
            finally:
                self._let_go()
        return wrong

    def notes(self) -> list[str]:
        """What is missing without being wrong: files and columns that the profile can do without."""
        told, gone = [], []
        for spec in self.profile.stream.values():
            with suppress(SourceError):
                files = self._files(spec)
                try:
                    missing = headers.absent(spec, self._headers(spec, files[-1])) if files else []
                except workbook.NoSheet:
                    files, missing = [], []
                if missing:
                    told.append(f"{files[-1].name} has no {', '.join(missing)}; these stay empty")
                if not files and _form(spec).optional:
                    gone.append(_form(spec).sheet or spec.table or "")
        return ([f"not there, so empty: {', '.join(gone)}"] if gone else []) + told

    def _misfit(self, stream: str, column: str, cell: str, place: str, rows: int) -> SourceError:
        kind = self.profile.stream[stream].columns[column].type
        hint = {"date": 'set dates = ["%d.%m.%Y"]', "timestamp": 'set dates = ["%d.%m.%Y %H:%M"]'}.get(
            kind.split("(")[0]
        )
        return SourceError(
            f'{place}: {column}: "{cell[:80].strip(QUOTED)}" is not {kind} ({rows:,} rows like it would be rejected)',
            f"{hint or 'set decimal, thousands or nulls'} in the profile, or correct the file",
        )

    def _headers(self, spec: Stream, file: File) -> tuple[str, ...]:
        path = self.folder / file.name
        if path.suffix.lower() in workbook.ENDINGS:
            return workbook.Sheet(path, _form(spec)).headers
        return csvtext.dialect(path, _form(spec), list(headers.wanted(spec).values())).headers

    def _files(self, spec: Stream) -> list[File]:
        return listing.matching(self.folder, spec.table or "", _form(spec))

    def _all(self) -> list[File]:
        return listing.matching(self.folder, "*", FileForm())

    def _with_digest(self, file: File, old: Mapping[str, File]) -> File:
        """A file that looks as before is not opened."""
        before = old.get(file.name)
        if before is not None and before.look == file.look:
            return before
        try:
            return listing.with_digest(file, encoding.digest(self.folder / file.name), old)
        except OSError as error:
            raise SourceError(
                f"{file.name}: cannot be read ({error.strerror})", "check its permissions, or who has it open"
            ) from error

    def _taken(self, stream: str) -> Spool:
        if self._spool is None or self._spool[0] != stream:
            self.news(stream, None)
        assert self._spool is not None, "news() takes in whatever is new"
        return self._spool[1]

    def _let_go(self) -> None:
        if self._spool is not None:
            self._spool[1].close()
            self._spool = None


def _form(spec: Stream) -> FileForm:
    return spec.files or FileForm()


def _unfinished(name: str) -> UnfinishedError:
    hint = "it is read once it has come to rest; write it under another name and rename it when it is whole"
    return UnfinishedError(f"{name} is being written", hint)


def _newest(files: Sequence[File]) -> datetime | None:
    return max((file.changed_at for file in files), default=None)


def _compared(files: list[File], known: list[File] | None, form: FileForm) -> News:
    """Whether files changed, and whether those that did can be read alone: where later files win. Files added after the
    last take no row away."""
    state, newest = listing.to_state(files), _newest(files)
    if known is None:
        return News(state, newest)
    if _content(files) == _content(known):
        return News(state, newest, changed=False)
    if form.mode == "snapshot" or not known:
        return News(state, newest)
    added = _content(files[: len(known)]) == _content(known)
    return News(state, newest, whole=False, deletes=not added)


def _content(files: Sequence[File]) -> list[tuple[str, str]]:
    return [(file.name, file.digest) for file in files]
