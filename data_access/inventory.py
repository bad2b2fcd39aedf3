"""Sales against inventory: what the wall's second scene and the page `/inventory` read; each function one panel's rows.

notes of every result: today (the published business day), early_estimate (days of orders, while under 14).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from data_access.access import EVERYONE, Scope
from data_access.filters import NOTHING, Filters
from data_access.inventory_kpis import COLUMNS, inventory_rows
from data_access.reading import read, rows
from data_access.result import Result

if TYPE_CHECKING:
    from data_access.warehouse import Reader

PAGE = "inventory"


def _one(reader: Reader, scope: Scope, name: str, filters: Filters) -> Result:
    return read(reader, scope, f"{PAGE}/{name}", filters=filters)[0]


def inventory_kpis(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per figure: columns of `inventory_kpis.COLUMNS`."""
    import pandas as pd

    result, lines = read(reader, scope, f"{PAGE}/kpis", f"{PAGE}/kpi_series", filters=filters)
    series = {str(name): [float(x) for x in points] for name, points in lines.frame.itertuples(index=False)}
    made = inventory_rows(rows(result)[0], series)
    return replace(result, frame=pd.DataFrame(made, columns=list(COLUMNS), dtype="object"))


def speed_cover(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per product with demand or stock, the largest stock first."""
    return _one(reader, scope, "speed_cover", filters)


def month_index(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Sales of 13 weeks and stock on twelve monthly points; points the data does not reach are left out."""
    return _one(reader, scope, "month_index", filters)


def warehouse_cover(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per category and warehouse, the best sellers first."""
    return _one(reader, scope, "warehouse_cover", filters)


def do_next(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Suggestions by the money they protect or free; `place` ranks those of one kind."""
    return _one(reader, scope, "do_next", filters)


def pipeline_stock(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per wanted product, the shortest first. notes: how the demand of deals is known."""
    names = (f"{PAGE}/pipeline_stock", "overview/runway_facts")
    result, facts = read(reader, scope, *names, filters=filters)
    return replace(result, notes={**result.notes, **rows(facts)[0]})


def pipeline_customers(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per product and customer that would go without."""
    return _one(reader, scope, "pipeline_customers", filters)


def campaign_stock(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per living campaign and product, the campaigns by their start."""
    return _one(reader, scope, "campaign_stock", filters)


def abc_xyz(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per pair of classes that has items."""
    return _one(reader, scope, "abc_xyz", filters)


def stock_age(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per age and pace."""
    return _one(reader, scope, "stock_age", filters)


def old_stock(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per product with stock older than 180 days, the most money first."""
    return _one(reader, scope, "old_stock", filters)


def stock_moves(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per week, direction and kind of move within the period."""
    return _one(reader, scope, "stock_moves", filters)


def open_orders(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per open order line, those without supply first."""
    return _one(reader, scope, "open_orders", filters)
