"""`python -m tests.bench.fast [--rows N] [--drivers ADBC psycopg PyMySQL sqlite3]`: a table of N rows
in databases of its own, read and landed beside the bare fetch of each driver, each step in a process of its own.
Asserts nothing."""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any

from data_access.connectors import fast
from data_access.connectors.profile import Profile, load_profile
from data_access.connectors.sql import SqlConnector
from tests.bench.company import told
from tests.real.servers import MariaDb, Postgres

POSTGRES = """
CREATE TABLE line AS SELECT g AS id, 'ORD-' || g / 4 AS order_no, g % 5000 AS product, (g % 977) * 1.25 AS quantity,
    (g % 100003)::numeric / 100 AS price, g % 7 = 0 AS closed, date '2024-01-01' + g % 700 AS day,
    timestamp '2026-01-01' + g * interval '10 ms' AS at, 'line ' || g || ' 凯川' AS note
FROM generate_series(1, {rows}) g;
ALTER TABLE line ADD PRIMARY KEY (id);
CREATE INDEX ON line (at, id);
ANALYZE line;
"""
MARIADB = (
    """CREATE TABLE line (id INT PRIMARY KEY, order_no VARCHAR(20), product INT, quantity DECIMAL(18,4),
        price DECIMAL(18,4), closed BOOLEAN, day DATE, at DATETIME(6), note VARCHAR(80))""",
    """INSERT INTO line SELECT seq, concat('ORD-', seq DIV 4), seq % 5000, seq % 977 * 1.25, seq % 100003 / 100,
        seq % 7 = 0, date '2024-01-01' + INTERVAL seq % 700 DAY,
        timestamp '2026-01-01 00:00:00' + INTERVAL seq * 10000 MICROSECOND, concat('line ', seq, ' 凯川')
        FROM seq_1_to_{rows}""",
    "CREATE INDEX line_at ON line (at, id)",
)
SQLITE = """
CREATE TABLE line (id INTEGER PRIMARY KEY, order_no TEXT, product INTEGER, quantity NUMERIC, price NUMERIC,
    closed INTEGER, day TEXT, at TEXT, note TEXT);
WITH RECURSIVE g (g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM g WHERE g < {rows})
INSERT INTO line SELECT g, 'ORD-' || (g / 4), g % 5000, g % 977 * 1.25, g % 100003 / 100.0, g % 7 = 0,
    date('2024-01-01', '+' || (g % 700) || ' days'),
    strftime('%Y-%m-%d %H:%M:%S', '2026-01-01', '+' || (g / 100) || ' seconds'), 'line ' || g || ' 凯川' FROM g;
"""
BEFORE, AFTER = datetime(2026, 8, 31, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)  # bounds of the two reads
CHANGE = "UPDATE line SET quantity = quantity + 1, at = '2026-09-01 00:00:00' WHERE id % 1000 = 0"
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
BY_TIME = {"sqlite3": "julianday(at)"}  # what each database is asked to order by


def bare(driver: str, url: str) -> int:
    """Rows of the driver's own fetch, page by page."""
    with ExitStack() as stack:
        cursor = stack.enter_context(closing(_cursor(driver, url, stack)))
        cursor.execute(SELECT.replace("BY at", f"BY {BY_TIME.get(driver, 'at')}"))
        if driver == "ADBC":
            return sum(batch.num_rows for batch in cursor.fetch_record_batch())
        rows = 0
        while page := cursor.fetchmany(20_000):
            rows += len(page)
        return rows


def _cursor(driver: str, url: str, stack: ExitStack) -> Any:
    if driver == "ADBC":
        from adbc_driver_postgresql import dbapi

        return stack.enter_context(dbapi.connect(url.replace("+psycopg", ""))).cursor()
    if driver == "psycopg":
        import psycopg

        return stack.enter_context(psycopg.connect(url.replace("+psycopg", ""))).cursor("bench")
    if driver == "PyMySQL":
        import pymysql
        from sqlalchemy.engine import make_url

        where = make_url(url).translate_connect_args(username="user")
        return stack.enter_context(pymysql.connect(**where)).cursor(pymysql.cursors.SSCursor)
    return stack.enter_context(closing(sqlite3.connect(url.removeprefix("sqlite:///")))).cursor()


def extract(url: str, folder: Path) -> int:
    connector = SqlConnector(_profile(folder), url)
    rows = sum(page.num_rows for page in connector.read("line", None, BEFORE))
    connector.close()
    return rows


def extract_and_land(url: str, folder: Path) -> int:
    """The rows read, by the engine's own step, into the landing store of the folder; what changed, when it has one."""
    from data_access.sync.db import open_stores
    from data_access.sync.extract import Options, extract_stream
    from data_access.sync.land import Landing
    from data_access.sync.memory import Memory
    from data_access.sync.target import Target
    from data_access.sync.threads import Threads

    store, profile = folder / "store", _profile(folder)
    until = AFTER if store.exists() else BEFORE
    connector, (engine, _) = SqlConnector(profile, url), open_stores(store)
    landing, target = Landing(engine, RLock(), 1), Target("erp", "line", profile.stream["line"])
    landing.ensure(target, datetime.now(UTC))
    report = extract_stream(connector, landing, target, until, Options(memory=Memory(engine), threads=Threads(engine)))
    connector.close()
    engine.close()
    assert report.status == "ok", report
    return report.counts.read


def _profile(folder: Path) -> Profile:
    path = folder / "bench.toml"
    path.write_text(PROFILE, encoding="utf-8")
    return load_profile(str(path))


STEPS: dict[str, Callable[[str, str, Path], int]] = {
    "bare fetch": lambda driver, url, folder: bare(driver, url),
    "extract": lambda driver, url, folder: extract(url, folder),
    "extract and land": lambda driver, url, folder: extract_and_land(url, folder),
}


def measured(step: str, driver: str, url: str, folder: Path) -> dict[str, float]:
    """Of the step in a new process: rows, seconds, and the peak memory it added to what was loaded before it (MB)."""
    folder.mkdir(exist_ok=True)
    told(f"{step}, {driver}")
    command = [sys.executable, "-m", "tests.bench.fast", "--step", step, driver, url, str(folder)]
    done = subprocess.run(command, text=True, capture_output=True)
    if done.returncode:
        raise RuntimeError(f"{step}, {driver}: {done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def run_step(step: str, driver: str, url: str, folder: str) -> None:
    """One step in this process; prints one line of JSON."""
    import adbc_driver_postgresql.dbapi  # noqa: F401
    import duckdb  # noqa: F401
    import psycopg  # noqa: F401
    import pymysql  # noqa: F401
    import sqlalchemy.dialects.postgresql  # noqa: F401

    if driver == "psycopg":
        fast.available = lambda: False
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    rows = STEPS[step](driver, url, Path(folder))
    taken = time.perf_counter() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(json.dumps({"rows": rows, "seconds": taken, "mb": grown}))


def compare(driver: str, url: str, folder: Path, change: Callable[[], object]) -> None:
    """Prints the driver's rows of the table: its three steps, and a change of 0.1 % against its full load."""
    found = {step: measured(step, driver, url, folder) for step in STEPS}
    change()
    found["a change of 0.1 %"] = measured("extract and land", driver, url, folder)
    fetch, load = found["bare fetch"], found["extract and land"]
    for step, each in found.items():
        rows, seconds = each["rows"], each["seconds"]
        whole = rows == fetch["rows"]
        shares = (f"{fetch['seconds'] / seconds:.2f}", "") if whole else ("", f"{seconds / load['seconds']:.3f}")
        print(f"| {driver}: {step} | {rows:,.0f} | {seconds:.2f} | {' | '.join(shares)} | {each['mb']:,.0f} MB |")


def postgres(stack: ExitStack, rows: int, folder: Path) -> tuple[str, Callable[[], object]]:
    server = stack.enter_context(closing(Postgres()))
    server.load(server.create("bench"), POSTGRES.format(rows=rows))
    return server.url("bench", "postgres"), lambda: server.sql("bench", CHANGE)


def mariadb(stack: ExitStack, rows: int, folder: Path) -> tuple[str, Callable[[], object]]:
    server = stack.enter_context(closing(MariaDb()))
    server.sql(server.create("bench"), *(statement.format(rows=rows) for statement in MARIADB))
    return server.url("bench"), lambda: server.sql("bench", CHANGE)


def sqlite(stack: ExitStack, rows: int, folder: Path) -> tuple[str, Callable[[], object]]:
    path = folder / "bench.db"
    connection = stack.enter_context(closing(sqlite3.connect(path, isolation_level=None)))
    connection.executescript(SQLITE.format(rows=rows))
    return f"sqlite:///{path}", lambda: connection.execute(CHANGE)


DATABASES = {"ADBC": postgres, "psycopg": postgres, "PyMySQL": mariadb, "sqlite3": sqlite}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--drivers", nargs="+", choices=DATABASES, default=list(DATABASES))
    parser.add_argument("--step", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        run_step(*given.step)
        return
    print("| step | rows | seconds | speed : bare fetch | time : full load | memory it added |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    for driver in given.drivers:
        with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
            told(f"making {given.rows:,} rows for {driver}")
            url, change = DATABASES[driver](stack, given.rows, Path(name))
            compare(driver, url, Path(name) / "land", change)


if __name__ == "__main__":
    main()
