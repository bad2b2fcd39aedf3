"""The build step that makes the plan: master schedule, planned orders, load, messages, and who waits for what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from data_access.planning.mrp.engine import plan
from data_access.planning.mrp.inputs import load
from data_access.planning.mrp.messages import action_messages
from data_access.planning.mrp.tables import tables
from data_access.planning.mrp.whatif import record

if TYPE_CHECKING:
    import duckdb

INPUTS = frozenset(
    {"core.bom_line", "core.company", "core.product", "core.production_order", "core.purchase_order_line",
     "core.routing_operation", "core.sales_order_line", "core.stock_on_hand", "core.work_center", "marts.deal_term",
     "marts.demand_walk", "marts.item_price", "marts.lead_time", "core.item_rule", "core.plan_rule",
     "plan.item_protection"}
)  # fmt: skip
OUTPUTS = (
    "plan.mps", "plan.planned_order", "plan.capacity_load", "plan.action_message", "plan.item_parameter",
    "plan.waiting_line", "plan.bom_cycle", "plan.record",
)  # fmt: skip
TEXTS = {
    "product_id",
    "kind",
    "reason",
    "document_id",
    "document_no",
    "work_center_id",
    "line_id",
    "path",
    "lead_time_from",
    "safety_from",
    "scenario",
    "work_center",
}
DAYS = {"period_start", "release_date", "due_date", "date", "peak_week"}
NUMBERS = {
    "rank",
    "days_late",
    "lead_time_days",
    "cumulative_lead_time_days",
    "low_level_code",
    "cover_weeks",
    "stock_outs",
    "below_safety",
    "weeks_overloaded",
    "new_stock_outs",
    "avoided_stock_outs",
}
FLAGS = {"is_made"}
DIGITS = 6


def build(con: duckdb.DuckDBPyConnection) -> None:
    """Makes the plan tables from one plan of all items."""
    loaded = load(con)
    made = plan(loaded.inputs)
    for name, frame in tables(loaded, made, action_messages(made)).items():
        _write(con, name, frame)
    _write(con, "plan.record", record(con, loaded, made))


def _write(con: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    """The frame as a table, figures rounded so that equal inputs give equal rows."""
    con.register("step_rows", frame)
    picked = ", ".join(f"{_typed(name)} AS {name}" for name in frame.columns)
    con.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT {picked} FROM step_rows")
    con.unregister("step_rows")


def _typed(name: str) -> str:
    for names, kind in ((TEXTS, "VARCHAR"), (DAYS, "DATE"), (NUMBERS, "INTEGER"), (FLAGS, "BOOLEAN")):
        if name in names:
            return f"CAST({name} AS {kind})"
    return f"round(CASE WHEN isnan({name}) THEN NULL ELSE CAST({name} AS DOUBLE) END, {DIGITS})"
