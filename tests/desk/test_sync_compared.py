"""Days that differ from the source, in a browser, with the sync process running: missed rows are named, pulled by a
button, and their days agree."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from data_access import demo
from tests.desk.conftest import Opened, opened_page
from tests.served import ROOT, DemoCompany, Served, serve, synced
from tests.wall.oracle.published import published

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
PROFILES = ROOT / "data_access" / "connectors" / "profiles"
STREAM = "[stream.sales_order_line]\n"
ADDED = 99_999_999
SOON = 180_000  # ms for a button's work, its publish and the page that follows it


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> DemoCompany:
    """Its order lines are seldom swept, and nothing is read by itself within the hour."""
    folder = tmp_path_factory.mktemp("missed")
    demo.make(folder, lines=1500, seed=5)
    profile = (PROFILES / "demo_erp.toml").read_text(encoding="utf-8")
    assert STREAM in profile
    (folder / "erp.toml").write_text(profile.replace(STREAM, f'{STREAM}sweep_every = "365d"\n'), encoding="utf-8")
    config = (folder / "tandem.toml").read_text(encoding="utf-8").replace('every = "5s"', 'every = "1h"')
    config = config.replace('system = "demo_erp"', 'profile = "erp.toml"')
    (folder / "tandem.toml").write_text(config, encoding="utf-8")
    return synced(folder)


@pytest.fixture(scope="module")
def missed(company: DemoCompany) -> tuple[int, int]:
    """A line taken out of landing by hand, and one that came into the source with an old change instant."""
    with sqlite3.connect(company.folder / "erp.db") as db:
        old = "SELECT lno FROM so_l WHERE rdat IS NOT NULL GROUP BY rdat ORDER BY chg NULLS FIRST, lno LIMIT 2"
        (removed,), (like,) = db.execute(old).fetchall()
        others = ", ".join(name for _, name, *_ in db.execute("PRAGMA table_info(so_l)") if name != "lno")
        db.execute(f"INSERT INTO so_l (lno, {others}) SELECT ?, {others} FROM so_l WHERE lno = ?", (ADDED, like))
    with duckdb.connect(str(company.folder / "warehouse" / "landing.duckdb")) as con:
        assert con.execute("DELETE FROM erp__sales_order_line WHERE _key = ?", [str(removed)]).fetchone() == (1,)
    return removed, ADDED


@pytest.fixture(scope="module")
def running(company: DemoCompany, missed: tuple[int, int]) -> Iterator[Served]:
    """Web and sync, as `serve` starts them."""
    watch = [sys.executable, "app.py", "sync", "--watch", "--config", str(company.folder / "tandem.toml")]
    sync = subprocess.Popen(watch, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with serve(company) as found:
            yield found
    finally:
        sync.terminate()
        sync.wait(60)


@pytest.fixture
def opened(browser: Browser, running: Served) -> Iterator[Opened]:
    found = opened_page(browser, running.address, "/sync?lang=en&feed=erp.sales_orders", 1440, 900)
    yield found
    found.page.close()


def wait_for(page: Page, told: str) -> None:
    """Until the part about comparisons says so."""
    page.wait_for_function(
        "(told) => document.querySelector('.compared').innerText.includes(told)", arg=told, timeout=SOON
    )


def missing(folder: Path) -> list[tuple[str, int]]:
    query = "SELECT found, missing FROM ops.reconciliation WHERE kind = 'day' AND NOT agrees ORDER BY day"
    return published(folder, query)


def test_missed_rows_are_named_pulled_and_their_days_agree(
    opened: Opened, running: Served, missed: tuple[int, int]
) -> None:
    page, (removed, added) = opened.page, missed
    assert "Every day has the same rows" in page.inner_text(".compared")
    page.click('[data-act="compare"]')
    for row in missed:
        wait_for(page, f"missing here: {row}")
    assert page.locator(".day-differs").count() == len(missing(running.folder)) == 2
    for row, left in ((added, 1), (removed, 0)):
        button = page.locator(".day-differs", has_text=f"missing here: {row}").locator('[data-act="pull"]')
        assert button.get_attribute("data-keys") == f'["{row}"]'
        button.click()
        page.wait_for_function(
            "(left) => document.querySelectorAll('.day-differs').length === left", arg=left, timeout=SOON
        )
        assert len(missing(running.folder)) == left
    wait_for(page, "Every day has the same rows")
    lines = f"SELECT count(*) FROM core.sales_order_line WHERE line_id IN ('erp:{removed}', 'erp:{added}')"
    assert published(running.folder, lines) == [(2,)]
    with sqlite3.connect(f"file:{running.folder / 'state.db'}?mode=ro", uri=True) as state:
        asked = state.execute("SELECT kind, body, asked_by, result FROM request ORDER BY id").fetchall()
    assert {(who, result) for _, _, who, result in asked} == {("page 127.0.0.1", "done")} and not opened.problems
    line = {"source": "erp", "streams": ["sales_order_line"]}
    assert [(kind, json.loads(body)) for kind, body, _, _ in asked] == [
        ("compare", line | {"streams": ["sales_order"]}), ("compare", line),
        ("pull", line | {"keys": [str(added)]}), ("pull", line | {"keys": [str(removed)]}),
    ]  # fmt: skip
