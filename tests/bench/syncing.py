"""Reading and landing against the driver's bare fetch; a small change against the full build."""

from __future__ import annotations

import sqlite3
import time

from data_access import demo
from data_access.connectors.profile import load_profile
from data_access.sync.run import run_sync
from tests.bench.company import Bench, median_s, row


def landing(bench: Bench) -> list[tuple[str, ...]]:
    """Extract and land of the largest stream against a bare fetchall of the same columns."""
    from data_access.connectors.sql import SqlConnector

    source = next(s for s in bench.config.sources if s.role == "erp")
    profile = load_profile(source.system or "")
    assert source.url is not None
    url = source.url.reveal()
    stream = "stock_move"
    spec = profile.stream[stream]
    columns = ", ".join(f"{column.expression or name}" for name, column in spec.columns.items())
    path = url.removeprefix("sqlite:///")

    def bare() -> int:
        with sqlite3.connect(path) as con:
            return len(con.execute(f"SELECT {columns} FROM {spec.table}").fetchall())

    def extract() -> int:
        connector = SqlConnector(profile, url, {})
        try:
            return sum(page.num_rows for page in connector.read(stream, None, connector.now()))
        finally:
            connector.close()

    work = f"extract {stream} ({bare():,} rows, SQLite) : bare fetch"
    return [row(work, median_s(extract, 3), median_s(bare, 3), "<= 1.67")]


def delta(bench: Bench) -> list[tuple[str, ...]]:
    """A few changed rows, from source to published version, against the first full sync."""
    demo.tick(bench.folder)
    started = time.perf_counter()
    report = run_sync(bench.config)
    taken = time.perf_counter() - started
    assert report.status == "published", report
    quiet = median_s(lambda: run_sync(bench.config), 3)
    return [
        row("a small change, source to published : first full sync", taken, bench.first_sync_s, "<= 0.05 at 10 M", "s"),
        row("a sync that finds nothing : first full sync", quiet, bench.first_sync_s, "no publish", "s"),
    ]


PARTS = (landing, delta)
