"""The build step that makes the forecast tables, from weeks that are over: a new order alone changes nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data_access.planning.demand import HORIZON, Floats
from data_access.planning.forecast import frames
from data_access.planning.forecast.history import Known, bridged, load, parts, query
from data_access.planning.rows import ENDS, long_rows
from data_access.planning.weeks import monday, same_week_last_year, week_starts

if TYPE_CHECKING:
    import duckdb

INPUTS = frozenset(
    {"core.company", "core.product", "marts.span", "marts.item_history", "marts.booked_history", "marts.item_so_far",
     "marts.item_out_week", "marts.campaign_week", "marts.lead_time", "core.item_rule", "core.plan_rule",
     "marts.part_history"}
)  # fmt: skip
OUTPUTS = (
    "plan.demand_forecast", "plan.forecast_accuracy", "plan.demand_total", "plan.forecast_recalled",
    "plan.hidden_demand", "plan.item_protection", "plan.demand_part",
)  # fmt: skip
EARLY_DAYS = 14
DIGITS = 9  # fewer would move a run-out two years ahead by a day
KINDS = {
    "product_id": "VARCHAR", "model": "VARCHAR", "kind": "VARCHAR", "part": "VARCHAR", "period_start": "DATE",
    "beats_naive": "BOOLEAN",
}  # fmt: skip
COLUMNS = {
    "plan.demand_forecast": ("product_id", "period_start", "mean", *ENDS, "model"),
    "plan.forecast_accuracy": (
        "product_id", "model", "wape", "rmsse", "bias", "coverage80", "beats_naive", "naive_wape", "tracking_signal",
        "kind",
    ),
    "plan.demand_total": ("period_start", "actual", "mean", *ENDS, "last_year", "model"),
    "plan.forecast_recalled": ("product_id", "period_start", "mean", "lo80", "hi80", "naive", "actual"),
    "plan.hidden_demand": ("product_id", "period_start", "sold", "demand"),
    "plan.item_protection": ("product_id", "weeks", "service_level", "error", "measured", "textbook"),
    "plan.demand_part": ("kind", "part", "period_start", "actual", "mean", *ENDS, "model"),
}  # fmt: skip


def build(con: duckdb.DuckDBPyConnection) -> None:
    """Makes the forecast tables: ISO weeks, 26 of them ahead from the current one."""
    row = con.execute("SELECT today, first_order_date, days_of_orders FROM marts.span").fetchone()
    assert row is not None
    today, first_order, days = row
    known = load(con, first_order, today)
    made = _early(con, known, days, today) if days < EARLY_DAYS else _learned(con, known)
    for table in OUTPUTS:
        _write(con, table, made.get(table, pd.DataFrame()), COLUMNS[table])


def _learned(con: duckdb.DuckDBPyConnection, known: Known) -> dict[str, pd.DataFrame]:
    found = frames.expected(known)
    return {
        "plan.demand_forecast": frames.forecast_rows(found),
        "plan.forecast_accuracy": frames.accuracy(found),
        "plan.demand_total": _total_line(known, frames.total_rows(found)),
        "plan.forecast_recalled": frames.recalled(known),
        "plan.hidden_demand": frames.hidden_rows(known),
        "plan.item_protection": frames.protection_rows(found, bridged(con, known.names)),
        "plan.demand_part": frames.part_rows(found, parts(con, known)),
    }


def _early(con: duckdb.DuckDBPyConnection, known: Known, days: int, today: date) -> dict[str, pd.DataFrame]:
    """The daily rate so far, carried on: no season, no trend, no measured band. Items, and their total."""
    so_far = query(con, "so_far")
    rate = 7.0 / max(days, 1)
    named = so_far[so_far["product_id"].notna() & so_far["is_active"]].sort_values("product_id")
    items = _carried_on(list(named["product_id"]), named["quantity"].to_numpy(float) * rate, today)
    value = np.array([so_far["amount"].sum() * rate] if days else [], dtype=float)
    total = _carried_on(["total"][: len(value)], value, today).drop(columns=["product_id"])
    return {"plan.demand_forecast": items, "plan.demand_total": _total_line(known, total)}


def _carried_on(names: list[str], weekly: Floats, today: date) -> pd.DataFrame:
    mean = np.repeat(np.maximum(weekly, 0.0)[:, None], HORIZON, axis=1)
    unknown = dict.fromkeys(ENDS, np.full(mean.shape, np.nan))
    return long_rows(names, mean, unknown, np.full(len(names), "early_rate"), monday(today))


def _total_line(known: Known, ahead: pd.DataFrame) -> pd.DataFrame:
    """Past weeks with what happened, future ones with what is expected; last_year is the same ISO week."""
    past = week_starts(known.first, known.weeks)
    values = dict(zip(past, known.total.tolist(), strict=True))
    before = pd.DataFrame({"period_start": past, "actual": known.total})
    line = pd.concat([before, ahead], ignore_index=True)
    line["last_year"] = [values.get(same_week_last_year(week)) for week in line["period_start"]]
    return line


def _write(con: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    """The frame as a table: NaN is NULL, figures are rounded so that equal inputs give equal rows."""
    plain = [name for name in columns if name not in KINDS]
    rows = frame.reindex(columns=list(columns)).astype(dict.fromkeys(plain, float))
    picked = ", ".join(
        f"CAST({name} AS {KINDS[name]}) AS {name}" if name in KINDS
        else f"round(CASE WHEN isnan({name}) THEN NULL ELSE {name} END, {DIGITS}) AS {name}"
        for name in columns
    )  # fmt: skip
    con.register("step_rows", rows.astype({name: object for name in columns if name in KINDS}))
    con.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT {picked} FROM step_rows")
    con.unregister("step_rows")
