"""`python -m tests.bench.fast [--rows N]`: a table of N rows in a PostgreSQL of its own, read and landed through
SQLAlchemy and through ADBC beside the bare fetch of each driver, every step in a process of its own. Nothing is
asserted."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

from data_access.connectors import fast
from data_access.connectors.profile import Profile, load_profile
from data_access.connectors.sql import SqlConnector
from tests.bench.company import told
from tests.real.servers import Postgres

TABLE = """
CREATE TABLE line AS SELECT g AS id, 'ORD-' || g / 4 AS order_no, g % 5000 AS product, (g % 977) * 1.25 AS quantity,
    (g % 100003)::numeric / 100 AS price, g % 7 = 0 AS closed, date '2024-01-01' + g % 700 AS day,
    timestamp '2026-01-01' + g * interval '1 second' AS at, 'line ' || g || ' 凯川' AS note
FROM generate_series(1, {rows}) g;
ALTER TABLE line ADD PRIMARY KEY (id);
CREATE INDEX ON line (at, id);
ANALYZE line;
"""
BEFORE, AFTER = datetime(2026, 8, 31, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)  # bounds of the two reads
CHANGE = "UPDATE line SET quantity = quantity + 1, at = timestamp '2026-09-01' + id * interval '1 ms'"
PROFILE = """
system = "bench"
title = "Bench"
kind = "sql"
[stream.line]
table = "line"
key = ["id"]
cursor = "at"
deletes = "none"
[stream.line.columns]
id = "integer"
order_no = "text"
product = "integer"
quantity = "decimal(18,4)"
price = "decimal(18,4)"
closed = "boolean"
day = "date"
at = "timestamp"
note = "text"
"""
SELECT = "SELECT id, order_no, product, quantity, price, closed, day, at, note, at AS _cursor FROM line ORDER BY at, id"


def bare_psycopg(address: str, _url: str, _folder: Path) -> int:
    import psycopg

    rows = 0
    with psycopg.connect(address) as connection, connection.cursor("bench") as cursor:
        cursor.execute(SELECT)
        while page := cursor.fetchmany(20_000):
            rows += len(page)
    return rows


def bare_adbc(address: str, _url: str, _folder: Path) -> int:
    from adbc_driver_postgresql import dbapi

    with dbapi.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(SELECT)
        return sum(batch.num_rows for batch in cursor.fetch_record_batch())


def extract_sqlalchemy(_address: str, url: str, folder: Path) -> int:
    fast.available = lambda: False
    return _extract(url, folder)


def extract_adbc(_address: str, url: str, folder: Path) -> int:
    return _extract(url, folder)


def _extract(url: str, folder: Path) -> int:
    connector = SqlConnector(_profile(folder), url)
    rows = sum(page.num_rows for page in connector.read("line", None, BEFORE))
    connector.close()
    return rows


def through_sqlalchemy(_address: str, url: str, folder: Path) -> int:
    fast.available = lambda: False
    return _extract_and_land(url, folder / "sqlalchemy")


def through_adbc(_address: str, url: str, folder: Path) -> int:
    return _extract_and_land(url, folder / "adbc")


def _extract_and_land(url: str, folder: Path) -> int:
    """The rows read, by the engine's own step, into the landing store of the folder."""
    from data_access.sync.db import open_stores
    from data_access.sync.extract import Options, extract_stream
    from data_access.sync.land import Landing
    from data_access.sync.target import Target

    again = folder.exists()
    folder.mkdir(exist_ok=True)
    profile = _profile(folder)
    connector, (engine, _) = SqlConnector(profile, url), open_stores(folder)
    landing, target = Landing(engine, RLock(), 1), Target("erp", "line", profile.stream["line"])
    landing.ensure(target, datetime.now(UTC))
    report = extract_stream(connector, landing, target, AFTER if again else BEFORE, Options())
    connector.close()
    engine.close()
    assert report.status == "ok", report
    return report.counts.read


def _profile(folder: Path) -> Profile:
    path = folder / "bench.toml"
    path.write_text(PROFILE, encoding="utf-8")
    return load_profile(str(path))


STEPS: dict[str, Callable[[str, str, Path], int]] = {
    "bare fetch, psycopg": bare_psycopg,
    "extract, SQLAlchemy": extract_sqlalchemy,
    "extract + land, SQLAlchemy": through_sqlalchemy,
    "bare fetch, ADBC": bare_adbc,
    "extract, ADBC": extract_adbc,
    "extract + land, ADBC": through_adbc,
}


def measured(step: str, address: str, url: str, folder: Path) -> dict[str, float]:
    """Of the step in a new process: rows, seconds, and the peak memory it added to what was loaded before it (MB)."""
    command = [sys.executable, "-m", "tests.bench.fast", "--step", step, address, url, str(folder)]
    done = subprocess.run(command, text=True, capture_output=True)
    if done.returncode:
        raise RuntimeError(f"{step}: {done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def run_step(step: str, address: str, url: str, folder: str) -> None:
    """One step in this process; prints one line of JSON."""
    import adbc_driver_postgresql.dbapi  # noqa: F401
    import duckdb  # noqa: F401
    import psycopg  # noqa: F401
    import sqlalchemy.dialects.postgresql  # noqa: F401

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    rows = STEPS[step](address, url, Path(folder))
    taken = time.perf_counter() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(json.dumps({"rows": rows, "seconds": taken, "mb": grown}))


def shown(results: dict[str, dict[str, float]]) -> None:
    base, whole = results["bare fetch, ADBC"], results["extract + land, ADBC"]["seconds"]
    print("| step | rows | seconds | rows/s | speed : ADBC's bare fetch | memory it added |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, found in results.items():
        rows, seconds, speed = found["rows"], found["seconds"], found["rows"] / found["seconds"]
        ratio = f"{speed * base['seconds'] / base['rows']:.2f}" if rows == base["rows"] else ""
        print(f"| {name} | {rows:,.0f} | {seconds:.2f} | {speed:,.0f} | {ratio} | {found['mb']:,.0f} MB |")
    delta = results["a change of 0.1 %, ADBC"]["seconds"]
    print(f"\na change of 0.1 % : full load, by ADBC: {delta / whole:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--step", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        run_step(*given.step)
        return
    server = Postgres()
    try:
        told(f"making {given.rows:,} rows")
        name = server.create("bench")
        server.load(name, TABLE.format(rows=given.rows))
        where = server.address(name, "postgres"), server.url(name, "postgres")
        with tempfile.TemporaryDirectory() as folder:
            results = {}
            for step in STEPS:
                told(step)
                results[step] = measured(step, *where, Path(folder))
            server.sql(name, f"{CHANGE} WHERE id % 1000 = 0")
            for way in ("SQLAlchemy", "ADBC"):
                found = measured(f"extract + land, {way}", *where, Path(folder))
                results[f"a change of 0.1 %, {way}"] = found
        shown(results)
    finally:
        server.close()


if __name__ == "__main__":
    main()
