"""The key figures of the overview and their comparisons. Pure functions: facts in, rows out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from data_access.kpis import ratio, relative

Facts = Mapping[str, Any]
Row = dict[str, Any]
DESK_COLUMNS = ("metric", "value", "unit", "reference", "delta", "count", "count2", "status", "series")


def desk_rows(sales: Facts, stock: Facts, deals: Facts, series: Sequence[Facts]) -> list[Row]:
    """booked, gross_margin, stock_value, cover, at_risk, pipeline_8_weeks. reference: last year's value, or the whole
    a filtered figure is part of; delta: relative change, or the difference of a ratio."""
    margin = _margin(sales["costed_revenue"], sales["cost"])
    before = _margin(sales["costed_revenue_last_year"], sales["cost_last_year"])
    at_risk = stock["at_risk"]
    return [
        _row("booked", sales["booked"], "money", reference=sales["booked_last_year"],
             delta=relative(sales["booked"], sales["booked_last_year"]), series=_series(series, "booked")),
        _row("gross_margin", margin, "ratio", reference=before,
             delta=None if margin is None or before is None else margin - before,
             series=_series(series, "gross_margin")),
        _row("stock_value", stock["stock_value"], "money", reference=stock["stock_value_all"],
             delta=ratio(stock["stock_value"], stock["stock_value_all"])),
        _row("cover", stock["cover_weeks"], "weeks"),
        _row("at_risk", at_risk, "money", count=stock["items_at_risk"], count2=stock["orders_waiting"],
             status="crit" if at_risk and at_risk > 0 else "ok"),
        _row("pipeline_8_weeks", deals["pipeline_weighted"], "money", reference=deals["pipeline_amount"],
             count=deals["deals"]),
    ]  # fmt: skip


def _row(metric: str, value: Any, unit: str, **more: Any) -> Row:
    blank: Row = dict.fromkeys(DESK_COLUMNS)
    return blank | {"metric": metric, "value": value, "unit": unit, "status": "ok", "series": []} | more


def _margin(revenue: Any, cost: Any) -> float | None:
    if revenue is None or float(revenue) <= 0:
        return None
    return (float(revenue) - float(cost or 0)) / float(revenue)


def _series(points: Sequence[Facts], name: str) -> list[float]:
    return [float(point[name]) for point in points if point[name] is not None]
