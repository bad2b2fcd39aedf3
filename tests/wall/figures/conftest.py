"""The demo company's wall in a browser, and its sources as an oracle reads them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from tests.served import DemoCompany, Served
from tests.wall.figures.reading import Wall
from tests.wall.oracle.books import Books


@pytest.fixture(scope="session")
def wall(served: Served, browser: Browser) -> Iterator[Wall]:
    with opened(browser, served.address, "en") as page:
        yield Wall(page, served.address, served.company.synced)


@contextmanager
def opened(browser: Browser, address: str, lang: str) -> Iterator[Page]:
    """The first scene, drawn, on a screen in another time zone than the company."""
    page = browser.new_page(viewport={"width": 1920, "height": 1080}, timezone_id="America/Los_Angeles")
    page.goto(f"{address}/wall?lang={lang}&scenes=today")
    page.wait_for_selector("[data-metric=csat] .v")
    page.wait_for_selector("#chips .chip")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.plt')].every((n) => !n.hidden && n.querySelector('.main-svg'))"
    )
    yield page
    page.close()


@pytest.fixture(scope="session")
def books(demo_company: DemoCompany) -> Books:
    return Books(demo_company.folder, demo_company.today)
