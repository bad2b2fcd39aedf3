"""kill -9 of the sync process in each of its steps, while the sources are written and somebody watches the wall."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from data_access import demo
from tests.live.company import LiveCompany, until

pytestmark = [pytest.mark.browser, pytest.mark.alone]
BLINKS = Path(__file__).with_name("blinks.js").read_text(encoding="utf-8")
STEPS = ["extract", "land", "build", "check", "publish"]

# (what, SQL on the source, SQL on the published version): the same rows, or something was lost or doubled.
SAME = [
    (
        "order line",
        "erp",
        "SELECT 'erp:' || lno, 'erp:' || sno, qty, CASE WHEN st IN ('X', 'N', 'Q') THEN 0 ELSE 1 END FROM so_l",
        "SELECT line_id, order_id, CAST(quantity AS BIGINT), "
        "CASE WHEN status IN ('cancelled', 'draft', 'quotation') THEN 0 ELSE 1 END FROM core.sales_order_line",
    ),
    (
        "stock move",
        "erp",
        "SELECT 'erp:' || mno, qty, mdat, CASE st WHEN 'D' THEN 1 ELSE 0 END FROM mv",
        "SELECT move_id, CAST(quantity AS BIGINT), strftime(effective_date, '%Y-%m-%d'), "
        "CASE status WHEN 'done' THEN 1 ELSE 0 END FROM core.stock_move",
    ),
    (
        "invoice",
        "erp",
        "SELECT 'erp:' || ivno, idat, ddat FROM inv",
        "SELECT invoice_id, strftime(issue_date, '%Y-%m-%d'), strftime(due_date, '%Y-%m-%d') FROM core.invoice",
    ),
    (
        "deal",
        "crm",
        "SELECT 'crm:' || opportunity_id FROM crm_opportunity WHERE coalesce(deleted, 0) = 0 UNION ALL "
        "SELECT 'crm:' || lead_id FROM crm_lead WHERE coalesce(deleted, 0) = 0 AND lead_status <> 'Disqualified'",
        "SELECT opportunity_id FROM core.opportunity",
    ),
]


class Writer(threading.Thread):
    """Lets time pass in both sources again and again."""

    def __init__(self, folder: Path) -> None:
        super().__init__(name="writer")
        self.folder, self.over, self.rows = folder, threading.Event(), 0

    def run(self) -> None:
        while not self.over.wait(0.3):
            self.rows += demo.tick(self.folder).rows


def kill_in(live: LiveCompany, step: str, chance: random.Random) -> bool:
    """Kills the sync process when the ledger says that one of its runs is in `step`; whether it was met there."""
    pid = live.processes["_sync"].pid
    query = "SELECT 1 FROM sync_run WHERE pid = ? AND status = 'running' AND step = ?"
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        assert live.processes["_sync"].poll() is None, (live.folder / "_sync.log").read_text()
        if live.ledger(query, pid, step):
            time.sleep(chance.random() * (0.5 if step == "build" else 0.02))
            live.kill("_sync")
            return bool(live.ledger(query, pid, step))
        time.sleep(0.001)
    raise AssertionError(f"the sync process was never seen in step {step}")


def differences(live: LiveCompany) -> dict[str, tuple[object, object]]:
    """Rows that only the source or only the published version has, counting repeats."""
    found = {}
    for what, source, theirs, ours in SAME:
        with sqlite3.connect(live.folder / f"{source}.db") as database:
            there = Counter(database.execute(theirs).fetchall())
        here = Counter(live.rows(ours))
        if there != here:
            found[what] = (sorted((there - here).items())[:3], sorted((here - there).items())[:3])
    return found


@pytest.mark.parametrize("times", [1, pytest.param(4, marks=pytest.mark.soak)])
def test_the_wall_never_blinks_and_nothing_is_lost(
    live: LiveCompany, watched: Callable[[LiveCompany], Page], times: int
) -> None:
    chance = random.Random(4)
    live.serve()
    page = watched(live)
    page.evaluate(BLINKS)
    first = live.version()
    writer = Writer(live.folder)
    writer.start()
    try:
        met: Counter[str] = Counter()
        while any(met[step] < times for step in STEPS):
            live.start("_sync")
            step = min(STEPS, key=lambda name: met[name])
            met[step] += kill_in(live, step, chance)
        live.start("_sync")
        after = live.version()
        until(lambda: live.version() != after, 60)
    finally:
        writer.over.set()
        writer.join()
        live.stop("_sync")
    assert writer.rows > 0
    done = live.command("sync")
    assert done.returncode == 0, done.stderr
    assert differences(live) == {}
    assert live.command("sync").stdout.startswith("nothing_new")
    shown = "v => tandem.version.version === v"
    page.wait_for_function(shown, arg=live.version(), timeout=30_000)
    assert page.evaluate("() => window.blinks") == []
    page.evaluate("() => document.getElementById('risk-body').replaceChildren()")
    page.wait_for_function("() => window.blinks.includes('no rows in risk-body')")  # the eye is not blind
    killed = live.ledger("SELECT error FROM sync_run WHERE error LIKE 'killed in step%'")
    ended = Counter(error.split()[3].strip(":,;.") for (error,) in killed)
    assert all(ended[step] >= times for step in STEPS), ended
    assert live.version() != first
    print(f"killed {dict(ended)} while {writer.rows} rows were written")
