"""What a change of a source's columns is: added, removed, renamed, narrowed, widened or retyped, and who needs them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from data_access.connectors.profile import Stream

_WHOLE = {"SMALLINT": 1, "INT2": 1, "INTEGER": 2, "INT": 2, "INT4": 2, "BIGINT": 3, "INT8": 3}
_FLOAT = {"REAL": 1, "FLOAT": 1, "FLOAT4": 1, "DOUBLE": 2, "DOUBLE PRECISION": 2, "FLOAT8": 2}
_MOMENT = {"DATE": 1, "DATETIME": 2, "TIMESTAMP": 2}
_TEXT = {"CHAR": 0, "VARCHAR": 0, "CHARACTER VARYING": 0, "NVARCHAR": 0, "TEXT": 0, "LONGTEXT": 0, "CLOB": 0}
_EXACT = {"NUMERIC": 0, "DECIMAL": 0}
_FAMILIES = (_WHOLE, _FLOAT, _MOMENT, _TEXT, _EXACT)
_UNLIMITED = 10**9
_KIND = re.compile(r"^([A-Z0-9 ]+?)\s*(?:\((\d+)(?:\s*,\s*(\d+))?\))?(?:\s.*)?$")


@dataclass(frozen=True)
class Change:
    """One difference between two looks at a stream; `detail` the types or names before and after."""

    stream: str
    column: str
    kind: str
    detail: str


def changes(differences: Iterable[tuple[str, str, str | None, str | None]]) -> Iterator[Change]:
    """From (stream, column, type before, type now), None where it was or is not there. A column that went while exactly
    one of its type came in the same stream counts as renamed."""
    rows = list(differences)
    went = [(stream, column, old) for stream, column, old, new in rows if new is None]
    came = [(stream, column, new) for stream, column, old, new in rows if old is None]
    renamed: dict[tuple[str, str], str] = {}
    for stream, column, old in went:
        heirs = [name for where, name, kind in came if (where, kind) == (stream, old)]
        rivals = [name for where, name, kind in went if (where, kind) == (stream, old)]
        if len(heirs) == len(rivals) == 1:
            renamed[stream, column] = heirs[0]
    for stream, column, old, new in rows:
        if (stream, column) in renamed:
            yield Change(stream, column, "renamed", f"{column} -> {renamed[stream, column]}")
        elif new is None:
            yield Change(stream, column, "removed", str(old))
        elif old is not None:
            yield Change(stream, column, direction(old, new), f"{old} -> {new}")
        elif (stream, column) not in {(where, heir) for (where, _), heir in renamed.items()}:
            yield Change(stream, column, "added", new)


def direction(old: str, new: str) -> str:
    """narrowed, widened, or retyped when the two types do not compare."""
    before, after = _size(old), _size(new)
    if before is None or after is None or before[0] != after[0]:
        return "retyped"
    if any(less < more for less, more in zip(after[1], before[1], strict=True)):
        return "narrowed"
    return "widened"


def _size(kind: str) -> tuple[int, tuple[int, ...]] | None:
    """(family, how much it holds): rank and length of texts, digits before and after the point of exact numbers."""
    found = _KIND.match(kind.upper().replace(" WITHOUT TIME ZONE", "").replace(" WITH TIME ZONE", ""))
    if found is None:
        return None
    name, length, digits = found[1], int(found[2] or _UNLIMITED), int(found[3] or 0)
    for place, family in enumerate(_FAMILIES):
        if name in family:
            if family is _EXACT:
                return place, (length - digits, digits if found[2] else _UNLIMITED)
            return place, (family[name], length if family is _TEXT else 0)
    return None


def needs(spec: Stream, column: str) -> bool:
    """Whether the stream cannot be read without this column of the source."""
    texts = [each.expression or name for name, each in spec.columns.items()]
    texts += [text for text in (spec.cursor, spec.where, spec.query) if text]
    word = re.compile(rf"(?<![\w]){re.escape(column)}(?![\w])", re.IGNORECASE)
    return any(word.search(text) for text in texts)
