"""Desk pages of the demo company in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.served import Served
from tests.tabs import tab

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


# Every table that is in sight has its rows, or says that there are none.
ROWS_IN_SIGHT = """() => [...document.querySelectorAll('[data-grid]')].every((n) => {
    const box = n.getBoundingClientRect();
    return box.top > innerHeight || box.bottom < 0 || !n.offsetHeight
        || n.querySelector('.ag-center-cols-container .ag-cell') || n.querySelector('.ag-overlay');
})"""


# Every chart that is shown is drawn as wide as its place is.
CHARTS_FIT = """() => [...document.querySelectorAll('#content .graph')].every((n) => {
    const drawn = n.querySelector('.main-svg');
    return !n.offsetHeight || (drawn && Math.abs(drawn.getBoundingClientRect().width - n.clientWidth) < 2);
})"""


@dataclass
class Opened:
    """A page and what went wrong in it."""

    page: Page
    problems: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


def opened_page(
    browser: Browser, address: str, path: str, width: int, height: int, *, bypass_csp: bool = False
) -> Opened:
    """A desk page with its panels drawn, watched for errors and for requests to elsewhere; the caller closes it."""
    page = tab(browser, width, height, bypass_csp=bypass_csp)
    found = Opened(page)
    page.on("console", lambda line: found.problems.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: found.problems.append(str(error)))
    page.on("request", lambda asked: _foreign(found, asked.url, address))
    page.goto(address + path)
    page.wait_for_selector("#content > *")
    settle(page)
    return found


@pytest.fixture
def desk(browser: Browser, served: Served) -> Iterator[Callable[..., Opened]]:
    """desk(path, width, height) opens a page and waits until its panels are drawn."""
    opened: list[Opened] = []

    def open_page(path: str, width: int = 1440, height: int = 900, *, bypass_csp: bool = False) -> Opened:
        opened.append(opened_page(browser, served.address, path, width, height, bypass_csp=bypass_csp))
        return opened[-1]

    yield open_page
    for one in opened:
        one.page.close()


def resize(page: Page, width: int, height: int) -> None:
    """Makes the window so large, and waits until every chart fits its panel again."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function(CHARTS_FIT)
    settle(page)


def settle(page: Page) -> None:
    """Until fonts are there, every chart that is shown is drawn and every table in sight has its rows."""
    page.wait_for_function("() => document.fonts.status === 'loaded' && document.getElementById('desk')")
    graphs, drawn = (
        "[...document.querySelectorAll('#content .graph')]",
        "!n.offsetHeight || n.querySelector('.main-svg')",
    )
    page.wait_for_function(f"() => {graphs}.every((n) => {drawn})")
    page.wait_for_function(ROWS_IN_SIGHT)
    page.wait_for_timeout(150)


def _foreign(found: Opened, url: str, address: str) -> None:
    if not url.startswith((address, "data:", "blob:")):
        found.foreign.append(url)
