"""A change in a source reaches the eye by itself: new order -> feed, headline figure and API, in place."""

from __future__ import annotations

import json
import sqlite3
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page

from tests.live.company import LiveCompany

pytestmark = [pytest.mark.browser, pytest.mark.alone]
EVERY = 5
NAME = "#feed-body .r:first-child"


def order(live: LiveCompany, number: int, cents: int) -> str:
    """Enters a one-line order of today, as the ERP's own clients would; its document number."""
    now = datetime.now(UTC)
    today = now.astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
    stamp = now.strftime("%Y-%m-%d %H:%M:%S")
    head, line, text = 900_000 + number, 9_000_000 + number, f"SO-TEST-{number}"
    with sqlite3.connect(live.folder / "erp.db") as erp:
        (customer,) = erp.execute("SELECT min(cno) FROM cust WHERE del = 0").fetchone()
        (item,) = erp.execute("SELECT min(ino) FROM item").fetchone()
        (warehouse,) = erp.execute("SELECT min(wno) FROM whs").fetchone()
        insert(erp, "so_h", sno=head, so_no=text, cno=customer, odat=today, ent=stamp, cur="CNY", rep="", chg=stamp)
        insert(
            erp, "so_l", lno=line, sno=head, ino=item, wno=warehouse, qty=1, prc_m=cents, amt_m=cents, rdat=today,
            pdat=today, st="O", chg=stamp,
        )  # fmt: skip
    return text


def insert(erp: sqlite3.Connection, table: str, **values: object) -> None:
    """One row; columns not given take a plain value of their type where NULL is not allowed."""
    for _, name, kind, required, default, _ in erp.execute(f"PRAGMA table_info({table})"):
        if required and default is None and name not in values:
            values[name] = 0 if "INT" in kind.upper() else ""
    marks = ", ".join("?" * len(values))
    erp.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values()))


def booked(live: LiveCompany) -> Decimal:
    with urllib.request.urlopen(f"{live.address}/api/v1/panels/kpis.json", timeout=30) as answer:
        document = json.load(answer)
    (row,) = [row for row in document["rows"] if row["metric"] == "booked"]
    return Decimal(str(row["value"]))


def test_a_new_order_appears_without_a_hand(
    live: LiveCompany, watched: Callable[[LiveCompany], Page], record_property: Callable[[str, object], None]
) -> None:
    live.serve()
    live.start("_sync")
    page = watched(live)
    page.wait_for_function("() => tandem.version.sources.every((source) => source.status === 'fresh')")
    page.evaluate("() => { window.same = document.getElementById('feed-body'); }")
    before, taken = booked(live), []
    for number, cents in enumerate((7_654_321_00, 8_765_432_00, 9_876_543_00), 1):
        text = f"¥{Decimal(cents) / 10**8:.2f}M"
        started = time.monotonic()
        order(live, number, cents)
        page.wait_for_function(
            "([s, t]) => { const row = document.querySelector(s); return row && row.textContent.includes(t); }",
            arg=[NAME, text],
            timeout=60_000,
            polling=50,
        )
        taken.append(time.monotonic() - started)
        before += Decimal(cents) / 100
        assert booked(live) == before
    assert page.evaluate("() => window.same.isConnected")
    told = ", ".join(f"{seconds:.1f}" for seconds in taken)
    record_property("seconds from source to pixel", told)
    print(f"source to pixel in {told} s (every {EVERY} s; promised within {EVERY + 5} s)")
