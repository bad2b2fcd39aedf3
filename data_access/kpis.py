"""The eight headline figures: which comparison each one carries, and when it deserves attention. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Row = dict[str, Any]
Facts = Mapping[str, Any]

COLUMNS = (
    "metric", "value", "unit", "reference_kind", "reference", "delta", "delta2_kind", "delta2", "plan_to_date",
    "plan_period", "status", "series", "fallback", "days_of_data",
)  # fmt: skip
FIRST_DAYS = 14
ON_TIME_TARGET = 0.95
WARN_BELOW = 0.01
CRIT_BELOW = 0.05


def kpi_rows(facts: Facts, series: Mapping[str, list[float]]) -> list[Row]:
    """One row per headline figure in their order. facts: the row of queries/overview/today_kpis.sql, None = unknown."""
    made = [
        _revenue(facts), _booked(facts), _gross_margin(facts), _on_time(facts),
        _inventory(facts), _pipeline(facts), _receivable(facts), _csat(facts),
    ]  # fmt: skip
    days = int(facts["days_of_orders"] or 0)
    blank: Row = dict.fromkeys(COLUMNS)
    rows = []
    for row in made:
        points = [] if row.get("fallback") in ("no_survey", "no_due") else list(series.get(row["metric"], []))
        rows.append(blank | {"reference_kind": "none", "status": "ok", "series": points, "days_of_data": days} | row)
    return rows


def relative(value: float | None, base: float | None) -> float | None:
    """value / base - 1; None when either is unknown or the base is not positive."""
    return None if value is None or base is None or base <= 0 else value / base - 1


def ratio(part: float | None, whole: float | None) -> float | None:
    return None if part is None or whole is None or whole <= 0 else part / whole


def below_target(delta: float | None) -> str:
    """ok, warn (over 1 point below) or crit (over 5 points below)."""
    if delta is None or delta >= -WARN_BELOW - 1e-12:
        return "ok"
    return "warn" if delta >= -CRIT_BELOW - 1e-12 else "crit"


def _early(facts: Facts) -> bool:
    return int(facts["days_of_orders"] or 0) < FIRST_DAYS


def _revenue(facts: Facts) -> Row:
    value, last_year = facts["revenue"], facts["revenue_last_year"]
    row: Row = {"metric": "revenue", "value": value, "unit": "money"}
    to_date = facts["revenue_plan_to_date"]
    if to_date is not None:
        second = {"delta2_kind": "last_year", "delta2": relative(value, last_year)} if last_year is not None else {}
        plan = {"reference_kind": "plan", "reference": to_date, "delta": relative(value, to_date)}
        return row | plan | second | {"plan_to_date": to_date, "plan_period": facts["revenue_plan"]}
    if last_year is not None:
        against = {"reference_kind": "last_year", "reference": last_year, "delta": relative(value, last_year)}
        return row | against | {"fallback": "no_plan"}
    return row | {"fallback": "first_days" if _early(facts) else "no_plan"}


def _booked(facts: Facts) -> Row:
    share = ratio(facts["booked"], facts["revenue"])
    return {
        "metric": "booked",
        "value": facts["booked"],
        "unit": "money",
        "reference_kind": "of_revenue" if share is not None else "none",
        "reference": share,
        "delta": relative(facts["booked"], facts["booked_last_year"]),
        "fallback": "first_days" if _early(facts) else None,
    }


def _gross_margin(facts: Facts) -> Row:
    revenue = facts["costed_revenue"]
    value = None if not revenue or revenue <= 0 else (revenue - facts["cost"]) / revenue
    row: Row = {"metric": "gross_margin", "value": value, "unit": "ratio"}
    for kind, reference in (("plan", facts["gross_margin_plan"]), ("last_year", facts["gross_margin_last_year"])):
        if reference is not None:
            delta = None if value is None else value - reference
            fallback = None if kind == "plan" else "no_plan"
            return row | {"reference_kind": kind, "reference": reference, "delta": delta, "fallback": fallback}
    return row | {"fallback": "first_days" if _early(facts) else "no_plan"}


def _on_time(facts: Facts) -> Row:
    value = ratio(facts["on_time"], facts["due"])
    target = facts["on_time_plan"] if facts["on_time_plan"] is not None else ON_TIME_TARGET
    delta = None if value is None else value - target
    row: Row = {"metric": "on_time", "value": value, "unit": "ratio", "reference_kind": "target", "reference": target}
    return row | {"delta": delta, "status": below_target(delta), "fallback": "no_due" if value is None else None}


def _inventory(facts: Facts) -> Row:
    days = None if _early(facts) else facts["stock_cover_days"]
    return {
        "metric": "inventory_value",
        "value": facts["stock_value"],
        "unit": "money",
        "reference_kind": "cover_days" if days is not None else "none",
        "reference": days,
        "fallback": "first_days" if _early(facts) else None,
    }


def _pipeline(facts: Facts) -> Row:
    coverage = ratio(facts["weighted"], facts["plan_ahead"])
    return {
        "metric": "pipeline_weighted",
        "value": facts["weighted"],
        "unit": "money",
        "reference_kind": "of_plan" if coverage is not None else "none",
        "reference": coverage,
        "fallback": None if facts["from_history"] else "crm_probability",
    }


def _receivable(facts: Facts) -> Row:
    share = ratio(facts["overdue_base"], facts["open_base"])
    return {
        "metric": "ar_overdue",
        "value": facts["overdue_base"],
        "unit": "money",
        "reference_kind": "of_ar" if share is not None else "none",
        "reference": share,
    }


def _csat(facts: Facts) -> Row:
    score = ratio(facts["score"], facts["replies"])
    if score is not None:
        replies = {"reference_kind": "replies", "reference": facts["replies"]}
        return {"metric": "csat", "value": score, "unit": "score"} | replies
    per_order = ratio(facts["tickets"], facts["orders"])
    value = None if per_order is None else per_order * 100
    return {"metric": "csat", "value": value, "unit": "count", "fallback": "no_survey"}
