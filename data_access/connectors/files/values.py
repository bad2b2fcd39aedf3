"""Cells as people write them -> text that means the same everywhere, as DuckDB expressions over VARCHAR.

What does not fit is left as it stands: landing then refuses its row and shows the cell.
"""

from __future__ import annotations

from data_access.connectors.arrow import CELL_ERROR
from data_access.connectors.files.form import FileForm
from data_access.connectors.profile import Column

TYPED = "\ufdd1"  # begins a cell that is a number or an instant in its file already, not a text that looks like one
_OFFSET = "(Z|[+-][0-9]{2}(:?[0-9]{2})?)$"
_SPACES = "[ \u00a0\u202f]"


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def value(cell: str, column: Column, form: FileForm) -> str:
    """The expression of a column's values over the expression `cell` of its texts."""
    kind = column.type.partition("(")[0]
    nulls = ", ".join(literal(word) for word in (form.nulls if column.nulls is None else column.nulls))
    text = f"CASE WHEN trim({cell}) IN ({nulls}) THEN NULL ELSE {cell} END" if nulls else cell
    decimal = column.decimal or form.decimal
    thousands = form.thousands if column.thousands is None else column.thousands
    if kind in ("integer", "decimal", "double"):
        made = _number(text, decimal, thousands)
    elif kind == "date":
        made = _date(_bare(text), form.dates if column.dates is None else column.dates)
    elif kind == "timestamp":
        made = _instant(_bare(text), form.dates if column.dates is None else column.dates, form.timezone)
    else:
        made = _bare(text)
    return f"coalesce({made}, {literal(column.default)})" if column.default is not None else made


def _bare(text: str) -> str:
    return f"ltrim({text}, {literal(TYPED)})"


def _number(text: str, decimal: str, thousands: str) -> str:
    """1.234,56 and 1234,56- and the like -> 1234.56; a number in other signs is put in quotes, so that it is refused
    instead of read as another one."""
    if decimal == "." and not thousands:
        return f"trim({_bare(text)})"
    group = _SPACES if thousands == " " else f"[{_escaped(thousands)}]" if thousands else ""
    point = f"[{_escaped(decimal)}]"
    whole = rf"(\d{{1,3}}({group}\d{{3}})+|\d+)" if group else r"\d+"
    shape = rf"^([+-]?{whole}({point}\d*)?([eE][+-]?\d+)?|{whole}({point}\d*)?-|[+-]?{point}\d+)$"
    bare = f"regexp_replace(trim({text}), {literal(group)}, '', 'g')" if group else f"trim({text})"
    signed = f"regexp_replace({bare}, '^(.*)-$', '-\\1')"
    return (
        f"CASE WHEN left({text}, 1) IN ({literal(TYPED)}, {literal(CELL_ERROR)}) THEN {_bare(text)}"
        f" WHEN regexp_matches(trim({text}), {literal(shape)}) THEN replace({signed}, {literal(decimal)}, '.')"
        f" WHEN {text} IS NOT NULL THEN '\"' || {text} || '\"' END"
    )


def _escaped(sign: str) -> str:
    return "\\" + sign if sign in "\\]^-" else sign


def _date(text: str, formats: tuple[str, ...]) -> str:
    if not formats:
        return f"trim({text})"
    return f"coalesce({_parsed(text, formats)}::DATE::VARCHAR, trim({text}))"


def _parsed(text: str, formats: tuple[str, ...]) -> str:
    """NULL also for a year of two digits, which would be one of the first century."""
    found = f"try_strptime(trim({text}), [{_list(formats)}])"
    return f"CASE WHEN year({found}) >= 1000 THEN {found} END"


def _instant(text: str, formats: tuple[str, ...], zone: str) -> str:
    """An instant without an offset is one of the files' time zone."""
    local = f"TRY_CAST(trim({text}) AS TIMESTAMP)"
    if formats:
        local = f"coalesce({_parsed(text, formats)}, {local})"
    return (
        f"CASE WHEN regexp_matches(trim({text}), {literal(_OFFSET)}) AND contains({text}, ':') THEN trim({text})"
        f" ELSE coalesce(timezone({literal(zone)}, {local})::VARCHAR, trim({text})) END"
    )


def _list(words: tuple[str, ...]) -> str:
    return ", ".join(literal(word) for word in words)
