"""Any panel as a plain table: every column, titled as in its spreadsheet, formatted by its unit."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components.desk.grid import Cell, Column, grid
from components.desk.panel import message, panel
from components.export import words
from data_access.panels import PANELS, column_unit

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.result import Result

HEAD_SIZE, HEAD_ROOM = 13, 44  # px: the text of a head, and what stands beside it


def whole_panel(name: str, view: View, read: Callable[[str], Mapping[str, Result]]) -> Any:
    """The table of panel `name`, or a sentence where there is none of that name."""
    spec = PANELS.get(name)
    if spec is None:
        return message(view, view.t("desk.no_panel"), name[:60])
    result = read(name)[spec.reads[0]]
    titles = words(spec, view.lang, view.company)
    columns = [_column(str(name), titles.column(str(name)), view) for name in result.frame.columns]
    table = grid(name, view, columns, label=view.t(spec.title), query="raw=1")
    return panel(spec, view, result, table, note=view.t("items.count", n=fmt.number(len(result.frame))), area="at-wide")


def _column(name: str, title: str, view: View) -> Column:
    unit = column_unit(name, view.company.currency)
    width = max(130 if unit else 170, round(fmt.text_width(title, HEAD_SIZE)) + HEAD_ROOM)
    return Column(name, title, width, "number" if unit else "text")


def raw_rows(rows: Sequence[Mapping[str, Any]], view: View, whole: Result) -> list[dict[str, Any]]:
    """Cells with the values as they are: money in full, ratios as per cent, dates as ISO dates."""
    currency = view.company.currency
    return [
        {name: Cell(_text(value, column_unit(name, currency))).plain() for name, value in row.items()} for row in rows
    ]


def _text(value: Any, unit: str | None) -> str:
    if value is None:
        return fmt.MISSING
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, bool | str) or not isinstance(value, int | float) and not hasattr(value, "as_tuple"):
        return str(value)
    if unit == "ratio":
        return fmt.percent(value)
    return fmt.number(value, 0 if float(value) == int(value) and unit == "count" else 2)
