"""What the overview and the wall's first scene read: one function a panel, each a `Result` of one version.

notes of every result: today (the published business day), early_estimate (days of orders, while under 14).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from data_access.access import EVERYONE, Scope
from data_access.desk_kpis import DESK_COLUMNS, desk_rows
from data_access.filters import NOTHING, Filters
from data_access.kpis import COLUMNS, kpi_rows
from data_access.reading import read, rows
from data_access.result import Result

if TYPE_CHECKING:
    from data_access.warehouse import Reader

ACCURACY = ("model", "coverage80", "wape", "bias", "beats_naive")


def today_kpis(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """The eight headline figures, one row each: columns of `kpis.COLUMNS`. notes: next_due_date, unconverted_lines."""
    import pandas as pd

    result, lines = read(reader, scope, "overview/today_kpis", "overview/kpi_series")
    row = rows(result)[0]
    series = {str(name): [float(x) for x in points] for name, points in lines.frame.itertuples(index=False)}
    frame = pd.DataFrame(kpi_rows(row, series), columns=list(COLUMNS), dtype="object")
    told = {name: row[name] for name in ("next_due_date", "unconverted_lines")}
    return replace(result, frame=frame, notes={**result.notes, **told})


def runway(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """One row per item with demand or stock, lanes together. notes: how the demand of deals is known."""
    result, facts = read(reader, scope, "overview/runway", "overview/runway_facts")
    return replace(result, notes={**result.notes, **rows(facts)[0]})


def runway_lanes(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """One row per category, in the order of `runway`; its money is the sum of its items'. notes: as `runway`."""
    result, facts = read(reader, scope, "overview/runway_lanes", "overview/runway_facts")
    return replace(result, notes={**result.notes, **rows(facts)[0]})


def top_customers(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """Six customers by revenue this month, against the same days of last year."""
    return read(reader, scope, "overview/top_customers")[0]


def feed(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """The newest eight orders and won deals of both systems."""
    return read(reader, scope, "overview/feed")[0]


def stockout_risk(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """Items at risk by money. notes: total and items (of all), lowest_cover (six items that are not)."""
    result, nearest = read(reader, scope, "overview/stockout_risk", "overview/lowest_cover")
    notes = {**result.notes, "total": float(result.frame["at_risk"].sum()), "items": len(result.frame)}
    return replace(result, notes=notes | {"lowest_cover": rows(nearest)})


def forecast(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """Twelve full weeks back and ten ahead. notes: model, and coverage80, wape, bias, beats_naive as measured."""
    result, facts = read(reader, scope, "overview/forecast", "overview/forecast_facts")
    row = rows(facts)[0]
    return replace(result, notes={**result.notes, **{name: row[name] for name in ACCURACY}})


def alerts(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """What needs somebody, worst first. Late sources are no part of a version: they are judged when it is read."""
    return read(reader, scope, "overview/alerts")[0]


def desk_kpis(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """The key figures of the overview, one row each: metric, value, unit, reference, delta, count, series.

    Sales figures are of the period and follow every filter; stock and cover follow category and sku; the pipeline
    follows region, category and owner."""
    import pandas as pd

    names = ("desk_sales", "desk_stock", "desk_pipeline", "desk_series")
    result, stock, deals, series = read(reader, scope, *(f"overview/{name}" for name in names), filters=filters)
    made = desk_rows(rows(result)[0], rows(stock)[0], rows(deals)[0], rows(series))
    return replace(result, frame=pd.DataFrame(made, columns=list(DESK_COLUMNS), dtype="object"))


def regions(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per region: booked and revenue of the period, weighted deals of the next eight weeks."""
    return read(reader, scope, "overview/regions", filters=filters)[0]


def items(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per product with demand or stock, money at risk first."""
    return read(reader, scope, "overview/items", filters=filters)[0]
