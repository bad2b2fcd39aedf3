"""The key figures of the production outlook and their comparisons. Pure functions: facts in, rows out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data_access.kpis import relative

Facts = Mapping[str, Any]
Row = dict[str, Any]
COLUMNS = ("metric", "value", "unit", "reference", "delta", "subject", "day", "count", "status", "series")
OVER, FAR_OVER = 1.0, 1.1  # utilisation from which a work centre warns, and from which it is critical


def production_rows(facts: Facts) -> list[Row]:
    """Five rows. facts: the row of queries/production/kpis.sql, None = unknown.

    plan_attainment: delta in points on the month before; expected_demand: on the same weeks of last year; utilisation:
    subject the work centre, day its week, count the hours that are short; forecast_error: reference the error of
    repeating last year, delta in points on it; late_orders: count the open ones."""
    attained, before = facts["attainment"], facts["attainment_before"]
    error, naive = facts["wape"], facts["naive_wape"]
    used, late = facts["utilisation"], facts["late"]
    return [
        _row("plan_attainment", attained, "ratio", reference=before, delta=_points(attained, before),
             series=facts["attainment_series"]),
        _row("expected_demand", facts["expected"], "money", reference=facts["expected_last_year"],
             delta=relative(facts["expected"], facts["expected_last_year"]), series=facts["expected_series"]),
        _row("utilisation", used, "ratio", subject=facts["work_center"], day=facts["peak_week"],
             count=facts["hours_short"], series=facts["load_series"],
             status="ok" if used is None or used <= OVER else "warn" if used <= FAR_OVER else "crit"),
        _row("forecast_error", error, "ratio", reference=naive, delta=_points(error, naive),
             status="warn" if error is not None and naive is not None and error > naive else "ok",
             series=facts["error_series"]),
        _row("late_orders", late, "count", count=facts["open"], status="warn" if late else "ok",
             series=facts["late_series"]),
    ]  # fmt: skip


def _points(value: float | None, reference: float | None) -> float | None:
    return None if value is None or reference is None else float(value) - float(reference)


def _row(metric: str, value: Any, unit: str, **more: Any) -> Row:
    blank: Row = dict.fromkeys(COLUMNS)
    known = {key: found for key, found in more.items() if found is not None}
    value = None if value is None else float(value)
    series = [float(point) for point in known.pop("series", None) or [] if point is not None]
    return blank | {"metric": metric, "value": value, "unit": unit, "status": "ok", "series": series} | known
