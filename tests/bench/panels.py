"""Each panel, from its queries to its payload, against its bare SQL: the same queries, raw, on the same file."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from components import alone, wall
from components.desk.view import View
from data_access.access import EVERYONE
from data_access.cache import SingleFlight
from data_access.filters import Filters
from data_access.panels import PANELS, Panel, check_filters, find_panel, read_all, read_panel
from data_access.snapshot import Snapshot
from data_access.sqlfile import load_query
from data_access.warehouse import Reader
from tests.bench.company import Bench, median_s

Ids = Mapping[str, str]
Asked = dict[tuple[str, str], tuple[str, dict[str, object]]]


@dataclass(frozen=True)
class Measured:
    """Median seconds of a panel and of its bare SQL, and how many rows the panel has."""

    panel: str
    rows: int
    ours: float
    bare: float


def every_panel(bench: Bench) -> list[Measured]:
    """The slowest first."""
    with bench.opened() as reader:
        ids = subjects(reader)
        found = [_measured(panel, reader.pinned(), ids, bench) for panel in PANELS.values()]
    return sorted(found, key=lambda one: -one.ours)


def table(found: list[Measured]) -> list[str]:
    """One line a panel, then their sum."""
    lines = [f"| {one.panel} | {one.rows:,} | {_pair(one.ours, one.bare)} |" for one in found]
    whole = _pair(sum(one.ours for one in found), sum(one.bare for one in found))
    head = ["| panel | rows | server ms | bare SQL ms | ratio |", "| --- | --- | --- | --- | --- |"]
    return [*head, *lines, f"| {len(found)} panels | | {whole} |"]


def subjects(reader: Reader) -> Ids:
    """What panels of one thing are measured on: the largest customer, the open order with the most lines, the item with
    the most money at risk."""

    def rows(name: str) -> Any:
        return read_panel(find_panel(name), reader.pinned()).frame

    customers, risk = rows("customer_largest"), rows("risk")
    return {
        "customer": customers["customer_id"].dropna().iloc[0],
        "order": rows("open_orders")["order_id"].value_counts().idxmax(),
        "item": risk["product_id"].iloc[0] if len(risk) else rows("items")["product_id"].iloc[0],
    }


def _measured(panel: Panel, snapshot: Snapshot, ids: Ids, bench: Bench) -> Measured:
    given = {name: value for name, value in ids.items() if name in panel.filters}
    filters = check_filters(panel, given)
    asked: Asked = {}
    results = read_all(panel, fresh(snapshot, asked), EVERYONE, filters)
    draw = _drawing(panel, snapshot, filters, given, bench)

    def ours() -> None:
        draw(read_all(panel, fresh(snapshot), EVERYONE, filters))

    def bare() -> None:
        with snapshot._connection.cursor() as con:
            for name, params in asked.values():
                con.execute(load_query(name).sql, params or None).to_arrow_table()

    return Measured(panel.name, len(results[panel.reads[0]].frame), median_s(ours, 5), median_s(bare, 5))


def fresh(snapshot: Snapshot, asked: Asked | None = None) -> Snapshot:
    """The version as if just opened: nothing is cached; `asked` fills with its queries and their parameters."""
    twin = copy.copy(snapshot)
    twin._cache, twin._timeout_s = SingleFlight(512), 600.0
    if asked is not None:
        original = twin.query

        def noted(name: str, *args: Any, **params: Any) -> Any:
            answer = original(name, *args, **params)
            known = params | ({"today": twin.today} if "today" in load_query(name).parameters else {})
            asked[name, repr(sorted(known.items()))] = (name, known)
            return answer

        twin.query = noted  # type: ignore[method-assign]
    return twin


def _drawing(panel: Panel, snapshot: Snapshot, filters: Filters, ids: Ids, bench: Bench) -> Callable[[Any], object]:
    """Its bytes as a desk page makes them; those of the wall where only the wall draws it."""
    from plotly.io.json import to_json_plotly

    company = bench.config.company
    view = View("en", company, "/", snapshot.today, filters, ids=ids)
    if panel.wall and panel.name not in alone.importlib.import_module(f"components.{panel.page}").PANELS:
        return lambda results: to_json_plotly(dict(wall.render(panel.name, results, "en", company)))
    build = alone.builder(panel)
    return lambda results: to_json_plotly(build(panel, view, results))


def _pair(ours: float, bare: float) -> str:
    return f"{ours * 1000:,.1f} | {bare * 1000:,.1f} | {ours / bare:.2f}"
