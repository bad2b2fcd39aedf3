"""Completeness by feed, and what every field is made of, as tables in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components.desk.grid import Cell, Column, grid
from components.desk.panel import panel
from components.export import words
from components.feeds import names
from components.i18n import has

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Results = Mapping[str, "Result"]
Row = Mapping[str, Any]
STATUS = {"agrees": "ok", "differs": "warn", "failed": "crit"}
COMPLETENESS = (
    Column("source", "", 90), Column("entity", "", 190, grow=2), Column("status", "", 120, "status"),
    Column("days_compared", "", 110, "number"), Column("days_agreed", "", 110, "number"),
    Column("completeness", "", 150, "bar"), Column("checked_at", "", 180, "number"), Column("detail", "", 200, grow=2),
)  # fmt: skip
MAPPING = (
    Column("source", "", 80), Column("entity", "", 150, grow=1), Column("field", "", 150, grow=1),
    Column("kind", "", 90), Column("source_value", "", 190, grow=2), Column("canonical", "", 120),
    Column("map", "", 120), Column("rows", "", 90, "number"), Column("filled", "", 90, "number"),
    Column("fill_rate", "", 120, "bar"), Column("coverage", "", 120, "bar"),
    Column("block", "", 80, "number", hidden=True),
)  # fmt: skip


def table(columns: Sequence[Column], spec: Panel, view: View, results: Results) -> Any:
    """The panel's rows under the titles that its exports have."""
    result = results[spec.reads[0]]
    titles = words(spec, view.lang, view.company)
    shown = [Column(**{**vars(one), "head": titles.column(one.field)}) for one in columns]
    note = view.t("items.count", n=fmt.number(len(result.frame)))
    return panel(spec, view, result, grid(spec.name, view, shown, label=view.t(spec.title)), note=note)


def completeness(rows: Sequence[Row], view: View, whole: Result) -> list[dict[str, Any]]:
    """The cells of some feeds; the one of all has no source."""
    return [_feed(row, view) for row in rows]


def _feed(row: Row, view: View) -> dict[str, Any]:
    share = row["completeness"]
    every = row["source"] is None
    time = fmt.moment(row["checked_at"], view.lang, view.company.timezone) if row["checked_at"] else fmt.MISSING
    told = None if share is None else min(share, 0.9999) if row["days_agreed"] < row["days_compared"] else share
    cells = {
        "source": Cell(view.t("quality.both") if every else row["source"]),
        "entity": Cell(view.t("quality.all_feeds") if every else names.thing(row["entity"], view.lang)),
        "status": Cell(
            fmt.MISSING if every else _word("status", row["status"], view), status=STATUS.get(row["status"])
        ),
        "days_compared": Cell(fmt.number(row["days_compared"])),
        "days_agreed": Cell(fmt.number(row["days_agreed"])),
        "completeness": _bar(told, 2),
        "checked_at": Cell(time),
        "detail": Cell(row["detail"] or fmt.MISSING),
    }
    return {name: cell.plain() for name, cell in cells.items()}


def mapping(rows: Sequence[Row], view: View, whole: Result) -> list[dict[str, Any]]:
    """The cells of some fields and values."""
    return [_field(row, view) for row in rows]


def _field(row: Row, view: View) -> dict[str, Any]:
    cells = {name: Cell(row[name] or fmt.MISSING) for name in ("source", "field", "source_value", "map", "canonical")}
    cells |= {name: Cell(fmt.number(row[name])) for name in ("rows", "filled", "block")}
    cells |= {name: _bar(row[name], 1) for name in ("fill_rate", "coverage")}
    cells["entity"] = Cell(names.thing(row["entity"], view.lang))
    cells["kind"] = Cell(_word("kind", row["kind"], view))
    return {name: cell.plain() for name, cell in cells.items()}


def _bar(share: float | None, digits: int) -> Cell:
    return Cell(fmt.MISSING) if share is None else Cell(fmt.percent(share, digits), bar=round(100 * share, 1))


def _word(of: str, code: str, view: View) -> str:
    key = f"quality.{of}.{code}"
    return view.t(key) if has(view.lang, key) else code


DRAWN = {"completeness": partial(table, COMPLETENESS), "mapping": partial(table, MAPPING)}
ROWS = {"completeness": completeness, "mapping": mapping}
