"""A synced demo company for each test of the living whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from data_access import demo
from tests.live.company import LiveCompany


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveCompany]:
    """Both systems in SQLite, synced once; nothing runs yet."""
    demo.make(tmp_path, lines=5_000)
    company = LiveCompany(tmp_path)
    try:
        done = company.command("sync")
        assert done.returncode == 0, done.stderr
        yield company
    finally:
        company.stop()


@pytest.fixture
def watched(browser: Browser) -> Iterator[Callable[[LiveCompany], Page]]:
    """watched(company) opens its wall and waits until it is drawn."""
    opened: list[Page] = []

    def open_wall(company: LiveCompany) -> Page:
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        opened.append(page)
        page.goto(f"{company.address}/wall?lang=en&scenes=today")
        page.wait_for_selector("html[data-wall=on]", state="attached")
        page.wait_for_selector("#runway-plot .main-svg")
        page.wait_for_selector("#forecast-plot .main-svg")
        return page

    yield open_wall
    for page in opened:
        page.close()
