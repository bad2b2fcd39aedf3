"""The key figures of sales against inventory and their comparisons. Pure functions: facts in, rows out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from data_access.kpis import ratio, relative

Facts = Mapping[str, Any]
Row = dict[str, Any]
COLUMNS = ("metric", "value", "unit", "delta", "share", "count", "count2", "money2", "days", "status", "series")
CRITICAL_SHARE = 0.05  # of the sales expected in six weeks: from here on money at risk is an exception
RISK_WEEKS = 6


def inventory_rows(facts: Facts, series: Mapping[str, Sequence[float]]) -> list[Row]:
    """Eight rows. facts: the row of queries/inventory/kpis.sql, None = unknown.

    delta: on the four weeks before; share: of the stock (at the value that is counted in); count: items, customers or
    campaigns; count2: orders that wait, or campaigns that live; money2: margin at stake; days: of cover."""
    at_risk, short = facts["at_risk"], facts["short"]
    return [
        _row("sales_week", facts["sales_week"], delta=relative(facts["sales_week"], facts["sales_week_before"]),
             series=series.get("sales_week")),
        _row("inventory_value", facts["stock_value"], days=facts["cover_days"], series=series.get("inventory_value")),
        _row("at_risk", at_risk, count=facts["items_at_risk"], count2=facts["orders_waiting"], status=_bad(at_risk),
             share=ratio(at_risk, _six_weeks(facts)), series=series.get("at_risk")),
        _row("over_10_weeks", facts["over_10_weeks"], share=ratio(facts["over_10_weeks"], facts["at_sales_value"])),
        _row("deals", facts["deals"], series=series.get("deals")),
        _row("short", short, count=facts["customers"], status=_bad(short), series=series.get("short")),
        _row("campaigns", facts["conflicts"], unit="count", count2=facts["living"], money2=facts["margin"],
             status=_bad(facts["conflicts"])),
        _row("old", facts["old_value"], share=ratio(facts["old_value"], facts["stock_value"]),
             series=series.get("old")),
    ]  # fmt: skip


def is_critical(at_risk: float | None, weekly_sales: float | None) -> bool:
    """Whether the money at risk is an exception worth interrupting for."""
    share = ratio(at_risk, None if weekly_sales is None else RISK_WEEKS * weekly_sales)
    return share is not None and share >= CRITICAL_SHARE


def _six_weeks(facts: Facts) -> float | None:
    weekly = facts["weekly_sales"]
    return None if weekly is None else RISK_WEEKS * float(weekly)


def _bad(value: Any) -> str:
    return "crit" if value is not None and float(value) > 0 else "ok"


def _row(metric: str, value: Any, unit: str = "money", **more: Any) -> Row:
    blank: Row = dict.fromkeys(COLUMNS)
    known = {key: found for key, found in more.items() if found is not None}
    value = None if value is None else float(value)
    return blank | {"metric": metric, "value": value, "unit": unit, "status": "ok", "series": []} | known
