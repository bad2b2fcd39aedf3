"""Schema ops of a version: the ledger, rejects, checks and schema changes as they stood at publish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import duckdb
import pyarrow as pa

from data_access.state import State
from data_access.sync.check import CheckResult
from data_access.sync.db import transaction
from data_access.sync.sqltext import names, render

OPS_TABLES = (
    "sync_run", "sync_stream", "rejected_row", "reconciliation", "reconciled", "schema_change", "mapping",
    "quality_result", "quality_history",
)  # fmt: skip
OF_SOURCES = frozenset(OPS_TABLES) - {"sync_run", "sync_stream"}  # as old as what was read of the sources
RUNS_KEPT = 500
STREAMS_KEPT = 5000


def fill(
    con: duckdb.DuckDBPyConnection,
    state: State,
    run_id: int,
    version: int,
    published_at: str,
    checks: Sequence[CheckResult],
) -> None:
    """Makes the ops tables anew; the present run appears as the one that published `version`."""
    with transaction(con):
        con.execute(render("ops_tables", run_id=str(run_id)))
        runs = state.runs(RUNS_KEPT)
        for run in runs:
            if run["run_id"] == run_id:
                run |= {"status": "published", "finished_at": published_at, "version": version}
        _insert(con, "sync_run", runs)
        _insert(con, "sync_stream", state.streams(limit=STREAMS_KEPT))
        _insert(con, "quality_result", [{"run_id": run_id, **asdict(check)} for check in checks])


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    have = {row[0] for row in con.execute(f"DESCRIBE ops.{table}").fetchall()}
    columns = [name for name in rows[0] if name in have]
    con.register("ops_rows", pa.table({name: [row[name] for row in rows] for name in columns}))
    try:
        con.execute(f"INSERT INTO ops.{table} ({names(columns)}) SELECT {names(columns)} FROM ops_rows")
    finally:
        con.unregister("ops_rows")
