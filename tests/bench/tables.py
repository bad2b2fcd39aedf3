"""The table of all items as it scrolls, and its exports, against bare SQL and a bare XlsxWriter loop."""

from __future__ import annotations

import csv
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from data_access.cache import SingleFlight
from data_access.snapshot import Snapshot
from data_access.sqlfile import load_query
from tests.bench.company import Bench, median_s, row

ITEMS, WINDOW = "overview/items", 100
LOCAL: dict[str, Any] = {"environ_base": {"REMOTE_ADDR": "127.0.0.1"}, "base_url": "http://127.0.0.1:8050"}
Row = tuple[str, ...]


def _site(bench: Bench) -> tuple[Any, Any]:
    from pages._server import create_server
    from pages._services import Services

    services = Services(bench.config)
    services.reader.refresh()
    server, _ = create_server(services)
    return server.test_client(), services


def scrolling(bench: Bench) -> list[Row]:
    """Windows of the table from its own route, first without a cache, then as one scrolls and sorts."""
    client, services = _site(bench)
    snapshot = services.reader.pinned()

    def ask(start: int, column: str | None) -> int:
        sort = json.dumps([{"colId": column, "sort": "desc"}] if column else [])
        path = f"/desk/rows/items.json?lang=en&start={start}&count={WINDOW}&sort={sort}"
        answer = client.get(path, **LOCAL)
        assert answer.status_code == 200 and answer.json["rows"], answer.get_data()
        return int(answer.json["total"])

    def cold() -> None:
        snapshot._cache = SingleFlight(512)
        ask(0, None)

    total = ask(0, None)
    deep = max(0, total - 10 * WINDOW)
    places = [(0, None), (deep, None), (deep, "weekly_sales"), (deep, "name")]
    first = median_s(lambda: _bare_window(snapshot, 0, None), 5)
    found = [row(f"first {WINDOW} of {total:,} rows, nothing cached : bare SQL", median_s(cold, 3), first, "<= 1.5")]
    for start, column in places:
        place = f"rows {start:,} on{f' by {column}' if column else ''}"
        ours = median_s(lambda start=start, column=column: ask(start, column), 5)
        bare = median_s(lambda start=start, column=column: _bare_window(snapshot, start, column), 5)
        found.append(row(f"{place}, as one scrolls : bare SQL of the window", ours, bare, "<= 1.5"))
    return found


def _bare_window(snapshot: Snapshot, start: int, column: str | None) -> list[Row]:
    query = load_query(ITEMS)
    order = f'ORDER BY "{column}" DESC NULLS LAST' if column else ""
    with snapshot._connection.cursor() as con:
        sql = f"SELECT * FROM (\n{query.sql}\n) {order} LIMIT {WINDOW} OFFSET {start}"
        return con.execute(sql, dict.fromkeys(query.parameters)).fetchall()  # type: ignore[no-any-return]


def exports(bench: Bench) -> list[Row]:
    """XLSX and CSV of all items by the background route, with the progress they report, against the bare libraries."""
    client, services = _site(bench)
    snapshot = services.reader.pinned()
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for kind, bare in (("xlsx", _bare_xlsx), ("csv", _bare_csv)):
            ours, steps, rows, size = _exported(client, kind)
            limit = statistics.median(_timed(bare, snapshot, Path(folder) / f"bare.{kind}") for _ in range(3))
            what = f"{kind} of {rows:,} rows ({size / 1e6:.1f} MB), {steps} steps of progress : the bare library"
            found.append(row(what, ours, limit, "<= 2", "s"))
    return found


def _exported(client: Any, kind: str) -> tuple[float, int, int, int]:
    """(seconds, different figures of progress that were seen, rows, bytes)."""
    started = time.perf_counter()
    headers = {"Origin": "http://127.0.0.1:8050"}
    answer = client.post("/api/v1/exports", json={"panel": "items", "format": kind}, headers=headers, **LOCAL)
    assert answer.status_code == 202, answer.get_data()
    seen: set[int] = set()
    path, unfinished = f"/api/v1/exports/{answer.json['id']}", ("waiting", "running")
    while (told := client.get(path, **LOCAL).json)["status"] in unfinished:
        seen.add(told["done"])
        time.sleep(0.05)
    taken = time.perf_counter() - started
    assert told["status"] == "done" and told["done"] == told["total"], told
    size = len(client.get(f"{path}/file", **LOCAL).get_data())
    return taken, len(seen | {told["done"]}), told["total"], size


def _timed(work: Any, snapshot: Snapshot, target: Path) -> float:
    started = time.perf_counter()
    work(snapshot, target)
    return time.perf_counter() - started


def _cells(snapshot: Snapshot) -> Iterator[tuple[Any, ...]]:
    query = load_query(ITEMS)
    with snapshot._connection.cursor() as con:
        done = con.execute(query.sql, dict.fromkeys(query.parameters))
        yield tuple(str(column[0]) for column in done.description)
        yield from done.fetchall()


def _bare_xlsx(snapshot: Snapshot, target: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(target), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        day, number = (book.add_format({"num_format": code}) for code in ("yyyy-mm-dd", "#,##0.00"))
        for line, values in enumerate(_cells(snapshot)):
            for column, value in enumerate(values):
                if isinstance(value, str):
                    sheet.write_string(line, column, value)
                elif isinstance(value, date | datetime):
                    sheet.write_datetime(line, column, value, day)
                elif value is not None:
                    sheet.write_number(line, column, value, number)


def _bare_csv(snapshot: Snapshot, target: Path) -> None:
    with target.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(_cells(snapshot))
