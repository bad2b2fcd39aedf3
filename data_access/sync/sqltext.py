"""The engine's own SQL: files with {placeholders}, and names quoted for DuckDB."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "sql"


@cache
def _text(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def render(name: str, **parts: str) -> str:
    """The statements of sql/<name>.sql with its placeholders filled."""
    return _text(name).format(**parts)


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def in_calendar(moment: str, kind: str = "TIMESTAMPTZ") -> str:
    """The date or instant, or NULL when its year is one that Python and people do not know ("infinity" included)."""
    last = "9999-12-31" if kind == "DATE" else "9999-12-31 23:59:59.999999"
    return f"CASE WHEN {moment} BETWEEN {kind} '0001-01-01' AND {kind} '{last}' THEN {moment} END"


def headers(sql: str) -> dict[str, str]:
    """The `-- name: value` comments at the top of a file."""
    found: dict[str, str] = {}
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        name, colon, value = line[2:].partition(":")
        if colon and " " not in name.strip():
            found[name.strip()] = value.strip()
    return found


def names(columns: Iterable[str], prefix: str = "") -> str:
    return ", ".join(f"{prefix}{quote(column)}" for column in columns)
