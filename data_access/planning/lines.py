"""The build step that says of every open order line when its goods can be there. One definition, read by every page."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from data_access.planning.items import items
from data_access.planning.promise import Likely, likely
from data_access.sqlfile import load_query

if TYPE_CHECKING:
    import duckdb

INPUTS = frozenset(
    {"core.company", "core.product", "core.sales_order_line", "core.stock_move", "core.stock_on_hand", "core.warehouse",
     "marts.receipt", "marts.lead_time", "core.item_rule", "core.bom_line", "plan.mps", "plan.item_parameter",
     "plan.planned_order"}
)  # fmt: skip
LOOKUPS = frozenset({"plan.mps", "plan.item_parameter", "plan.planned_order"})
OUTPUTS = ("plan.line_promise",)
COLUMNS = {"line_id": "VARCHAR", "likely_date": "DATE", "likely_known": "BOOLEAN", "from_stock": "BOOLEAN"}


def build(con: duckdb.DuckDBPyConnection) -> None:
    """Makes plan.line_promise: where stock is plenty by a rule, else by pegging."""
    today = con.execute("SELECT today FROM core.company").fetchall()[0][0]
    open_lines = _rows(con, "open_lines", today=today)
    plain = {row["line_id"]: Likely(row["day"], True, True) for row in open_lines if row["is_plain"]}
    scarce = sorted({row["product_id"] for row in open_lines if not row["is_plain"]})
    _write(con, plain | _pegged(con, today, scarce))


def _pegged(con: duckdb.DuckDBPyConnection, today: date, products: list[str]) -> dict[str, Likely]:
    if not products:
        return {}
    given = [
        _rows(con, name, products=products) for name in ("products", "stock", "needs", "receipts", "parts", "planned")
    ]
    places = _rows(con, "warehouses")
    only = places[0]["warehouse_id"] if len(places) == 1 else None
    known = items(today, *given, only=only)
    return {line: told for item in known.values() for line, told in likely(item).items()}


def _rows(con: duckdb.DuckDBPyConnection, name: str, **parameters: object) -> list[dict[str, Any]]:
    cursor = con.execute(load_query(f"promise/{name}").sql, parameters or None)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _write(con: duckdb.DuckDBPyConnection, lines: dict[str, Likely]) -> None:
    rows = [(line, *told) for line, told in sorted(lines.items())]
    con.register("step_rows", pd.DataFrame(rows, columns=list(COLUMNS), dtype="object"))
    picked = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in COLUMNS.items())
    con.execute(f"CREATE OR REPLACE TABLE plan.line_promise AS SELECT {picked} FROM step_rows")
    con.unregister("step_rows")
