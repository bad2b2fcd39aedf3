"""What the page of one item reads: what is held and where, what sold, what waits, what comes, the balance ahead."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from data_access import promise
from data_access.access import EVERYONE, Scope
from data_access.filters import NOTHING, Filters
from data_access.planning.items import exact
from data_access.planning.promise import promise as work_out
from data_access.reading import read, rows
from data_access.result import Result

if TYPE_CHECKING:
    from data_access.warehouse import Reader

DEALS = 12  # so many deals are asked when they could be served; more are told without


def item(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """The product in one row; none where there is no such product."""
    return read(reader, scope, "item/header", filters=filters)[0]


def warehouses(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per warehouse; free_quantity: of what is on hand, promised to nobody."""
    result = read(reader, scope, "item/warehouses", filters=filters)[0]
    known = promise.item(reader, filters.values("item")[0], scope)
    frame = result.frame.copy()
    frame["free_quantity"] = [_free(known, one["warehouse_id"]) for one in rows(result)]
    return replace(result, frame=frame)


def _free(known: Any, warehouse: str | None) -> float:
    if known is None:
        return 0.0
    answer = work_out(known, Decimal(1), warehouse)
    here = [rung.free or 0 for rung in answer.rungs if rung.kind == "stock" and rung.warehouse == warehouse]
    return float(sum(here))


def receipts(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per open purchase line or work order."""
    return read(reader, scope, "item/receipts", filters=filters)[0]


def waiting(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per open order line (erp) and open deal (crm). likely_date: when all of it can be there, open lines first
    wanted first served, a deal from what they leave over in the warehouse most is ordered from; likely_known: known
    supply does it; likely_days_late: past the day it is wanted."""
    result = read(reader, scope, "item/waiting", filters=filters)[0]
    product = filters.values("item")[0]
    known = promise.item(reader, product, scope)
    places = promise.warehouses(reader, scope)
    told: list[tuple[Any, bool, int | None]] = []
    deals = 0
    for one in rows(result):
        if one["system"] == "erp":
            day, sure = one["likely_date"], bool(one["likely_known"])
        elif known is None or not places or deals >= DEALS:
            day, sure = None, False
        else:
            deals += 1
            answer = work_out(known, exact(one["quantity"]), places[0].warehouse_id)
            wanted = one["wanted_date"]
            day = max(answer.day, wanted) if answer.day and wanted else answer.day
            sure = answer.decides is not None and answer.decides.kind not in ("new", "planned")
        late = (day - one["wanted_date"]).days if day and one["wanted_date"] else None
        told.append((day, sure, late))
    frame = result.frame.copy()
    for n, name in enumerate(("likely_date", "likely_known", "likely_days_late")):
        frame[name] = _column([one[n] for one in told])
    return replace(result, frame=frame)


def sold(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per ISO week, 52 back and the current one: asked for, shipped, on hand at its end."""
    return read(reader, scope, "item/sold", filters=filters)[0]


def balance(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per day with open orders leaving or receipts coming in, today first."""
    return read(reader, scope, "item/balance", filters=filters)[0]


def rules(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """What the item is planned with, in one row; none where it is not planned."""
    return read(reader, scope, "item/rules", filters=filters)[0]


def expected(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per week ahead of expected demand, the current one first."""
    return read(reader, scope, "item/expected", filters=filters)[0]


def moves(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per stock move, the newest 500, with what was on hand after it."""
    return read(reader, scope, "item/moves", filters=filters)[0]


def _column(values: list[Any]) -> Any:
    import pandas as pd

    return pd.Series(values, dtype="object")


def outlook(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per ISO week, 52 back and 16 ahead: hidden demand, what was said and came, what is expected."""
    return read(reader, scope, "item/outlook", filters=filters)[0]


def parts(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per part in the order of the tree; makes: how many of the item its stock alone would do for."""
    return read(reader, scope, "item/parts", filters=filters)[0]


def used_in(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per product the item goes into, the nearest first."""
    return read(reader, scope, "item/used_in", filters=filters)[0]
