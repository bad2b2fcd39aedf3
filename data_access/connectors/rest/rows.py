"""Rows of an answer into Arrow: each column from its path, with the engine's `_cursor`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from data_access.connectors import arrow
from data_access.connectors.base import CURSOR_COLUMN
from data_access.connectors.profile import Stream
from data_access.connectors.rest.template import look
from data_access.connectors.rest.times import Times
from data_access.errors import SourceError

Row = dict[str, Any]


class Rows:
    """One stream's way from JSON to columns. Numbers with a fraction come as their text, json columns as JSON text."""

    def __init__(self, spec: Stream, times: Times, *, false_is_null: bool) -> None:
        self._spec, self._times, self._false_is_null = spec, times, false_is_null
        self.paths = {name: column.expression or name for name, column in spec.columns.items()}

    def table(self, rows: Sequence[Row], only: Sequence[str] | None = None) -> pa.Table:
        """Declared columns (or `only` these), then `_cursor`."""
        names = list(only or self._spec.columns)
        cells = [[*(self._cell(row, name) for name in names), self.cursor(row)] for row in rows]
        return arrow.to_table(cells, [*names, CURSOR_COLUMN])

    def key(self, row: Mapping[str, Any]) -> list[Any]:
        return [look(row, self.paths[name]) for name in self._spec.key]

    def cursor(self, row: Mapping[str, Any]) -> Any:
        if self._spec.cursor is None:
            return None
        return self._times.to_utc(look(row, self._spec.cursor) or None)

    def roots(self, names: Sequence[str] | None = None) -> list[str]:
        """The fields to ask for: those that the columns' paths and the cursor begin with."""
        paths = [self.paths[name] for name in names or self._spec.columns]
        if self._spec.cursor:
            paths.append(self._spec.cursor)
        return list(dict.fromkeys(path.split(".")[0] for path in paths))

    def _cell(self, row: Row, name: str) -> Any:
        value, kind = look(row, self.paths[name]), self._spec.columns[name].type
        if value is False and self._false_is_null and kind != "boolean":
            return None
        if value == "" and kind != "text":
            return None
        if kind == "json" and value is not None:
            return json.dumps(value, ensure_ascii=False, sort_keys=True)
        return self._times.to_utc(value) if kind == "timestamp" else value


def checked_rows(found: Any, fields: Sequence[str], place: str) -> list[Row]:
    """The rows of an answer as objects (arrays: the asked fields in order); SourceError for any other shape."""
    if not isinstance(found, list):
        raise SourceError(
            f"{place} answered {type(found).__name__} where rows were expected",
            "correct rows (the path of the list) in the profile",
        )
    rows = [dict(zip(fields, row, strict=False)) if isinstance(row, list) else row for row in found]
    wrong = next((row for row in rows if not isinstance(row, dict)), None)
    if wrong is not None:
        raise SourceError(
            f"{place} answered rows that are {type(wrong).__name__}, not objects", "correct rows in the profile"
        )
    return rows
