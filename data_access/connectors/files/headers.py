"""Column names as files have them, against those a profile asks for."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Sequence

from data_access.connectors.profile import Stream
from data_access.errors import SourceError


def plain(name: object) -> str:
    """A header without line breaks, doubled spaces and different ways to write one letter."""
    return " ".join(unicodedata.normalize("NFC", str(name)).replace("\ufeff", "").split())


def wanted(spec: Stream) -> dict[str, str]:
    """Column -> the header it comes from."""
    return {name: plain(column.expression or name) for name, column in spec.columns.items()}


def places(where: str, spec: Stream, headers: Sequence[str]) -> dict[str, int | None]:
    """Column -> place of its header (from 0), None for an optional one that is absent; SourceError for headers that are
    missing or there twice. where: the file and its profile, for messages."""
    known = [plain(header) for header in headers]
    found: dict[str, int | None] = {}
    for column, header in wanted(spec).items():
        if known.count(header) > 1:
            raise SourceError(
                f'{where}: two columns are called "{header}"', "rename one of them where the file comes from"
            )
        found[column] = known.index(header) if header in known else None
    gone = [
        header for column, header in wanted(spec).items() if found[column] is None and not spec.columns[column].optional
    ]
    if gone:
        words = ", ".join(f'"{header}"' for header in gone)
        raise SourceError(f"{where}: there is no column {words}", near(gone[0], known))
    return found


def absent(spec: Stream, headers: Sequence[str]) -> list[str]:
    """The optional headers that are not there."""
    known = {plain(header) for header in headers}
    return [header for column, header in wanted(spec).items() if header not in known and spec.columns[column].optional]


def near(name: str, known: Sequence[str]) -> str:
    folded = {one.casefold(): one for one in known if one}
    found = difflib.get_close_matches(name.casefold(), folded, 1, 0.6)
    told = f'did you mean "{folded[found[0]]}"? ' if found else ""
    return f"{told}the file has: {', '.join(known)[:300] or 'none'}; correct from in the profile, or export it again"
