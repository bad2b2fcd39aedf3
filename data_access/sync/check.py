"""Data checks: each file selects the rows that violate it; a violated gate stops the publish."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from data_access.errors import GateError, TandemError
from data_access.sync.lineage import MODELS
from data_access.sync.sqltext import headers

SAMPLE_ROWS = 5


@dataclass(frozen=True)
class CheckResult:
    """One check of one run: how many rows violate it, and a few of them as JSON."""

    check: str
    severity: str
    doc: str
    rows: int
    sample: str


def run_checks(con: duckdb.DuckDBPyConnection, folder: Path = MODELS / "checks") -> list[CheckResult]:
    """Every checks/*.sql; TandemError when a check itself cannot run."""
    return [_run(con, path) for path in sorted(folder.glob("*.sql"))]


def _run(con: duckdb.DuckDBPyConnection, path: Path) -> CheckResult:
    sql = path.read_text(encoding="utf-8").strip().rstrip(";")
    known = headers(sql)
    severity = known.get("severity", "")
    if severity not in ("gate", "warn"):
        raise TandemError(
            f"check {path.name}: severity is missing", "start the file with -- severity: gate or -- severity: warn"
        )
    try:
        con.execute(f"CREATE OR REPLACE TEMP TABLE violation AS {sql}")
    except duckdb.Error as error:
        raise TandemError(
            f"check {path.stem} fails: {str(error).strip().splitlines()[0]}", "correct the file"
        ) from error
    row = con.execute("SELECT count(*) FROM violation").fetchone()
    sample = con.execute(f"SELECT to_json(v)::VARCHAR FROM violation v LIMIT {SAMPLE_ROWS}").fetchall()
    rows = int(row[0]) if row else 0
    return CheckResult(path.stem, severity, known.get("doc", ""), rows, f"[{', '.join(text for (text,) in sample)}]")


def gate(results: list[CheckResult]) -> None:
    """GateError naming the gates that are violated."""
    bad = [result for result in results if result.severity == "gate" and result.rows]
    if bad:
        told = "; ".join(f"{result.check} ({result.rows} rows, such as {result.sample[:160]})" for result in bad)
        raise GateError(f"gate check failed: {told}", "nothing was published; the version before stays")


def warnings(results: list[CheckResult]) -> list[str]:
    """What the warning checks found, with a few of the rows."""
    return [
        f"check {result.check}: {result.rows} rows, such as {result.sample[:160]}"
        for result in results
        if result.severity == "warn" and result.rows
    ]
