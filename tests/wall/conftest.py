"""A browser and the fake server for the wall's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from socket import create_server
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from data_access.result import Result
from tests.tabs import tab
from tests.wall import canned
from tests.wall.fake_server import FakeWall

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PORTS: list[int] = []  # of walls that ended
SIZES = {"hd": (1920, 1080), "4k": (3840, 2160), "ultrawide": (3440, 1440), "portrait": (1080, 1920)}


# Every figure that is shown is drawn as large as its place is, give or take a line of text that came after it.
DRAWN = """() => [...document.querySelectorAll('.plt')].every((n) => {
    if (n.hidden || !n.clientWidth || !n.clientHeight) return true;
    const drawn = n.querySelector('.main-svg');
    const fits = (side) => Math.abs(drawn[side] - n[side]) < 9;
    return drawn && fits("clientWidth") && fits("clientHeight");
})"""


@dataclass
class Seen:
    """A page on the fake wall, and everything that went wrong in it."""

    page: Page
    fake: FakeWall
    problems: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def resize(self, size: str) -> None:
        """Makes the window as large as a wall of that size, and waits until all is drawn anew."""
        width, height = SIZES[size]
        if self.page.viewport_size != {"width": width, "height": height}:
            self.page.set_viewport_size({"width": width, "height": height})
        self.wait_drawn()

    def later(self, seconds: float) -> None:
        """What is due by then happens now."""
        self.page.clock.fast_forward(round(1000 * seconds))

    def polled(self, times: int) -> None:
        """Until the wall has asked so many times again, each time after what it heard was taken in."""
        for _ in range(times):
            before, limit = self.fake.requests.count("version"), monotonic() + 60
            self.later(3)
            while self.fake.requests.count("version") == before:
                assert monotonic() < limit, "the wall asks no more"
                self.page.wait_for_timeout(20)

    def wait_drawn(self) -> None:
        """Until the wall runs and every figure that is shown is drawn."""
        self.page.wait_for_selector("html[data-wall=on]", state="attached")
        self.page.wait_for_function("() => document.fonts.status === 'loaded'")
        self.page.wait_for_function(DRAWN)
        self.page.wait_for_function("() => document.getElementById('clock').textContent.length === 5")
        told = (
            "() => !window.tandem.version || !window.tandem.version.sources.length || document.querySelector('.chip')"
        )
        self.page.wait_for_function("() => window.tandem.version || !document.getElementById('band').hidden")
        self.page.wait_for_function(told)
        self.page.wait_for_timeout(60)


@pytest.fixture
def wall(browser: Browser) -> Iterator[Callable[..., Seen]]:
    """wall(scenario, lang, size) opens the page, of one scene if not told otherwise; `seen.fake` has the switches.
    clock: the test may put the page's clock forward by `seen.later`."""
    opened: list[Seen] = []

    def open_wall(
        scenario: str = "normal",
        lang: str = "en",
        size: str = "hd",
        query: str = "&scenes=today",
        inline: bool = True,
        change: Callable[[dict[str, Result]], dict[str, Result]] | None = None,
        states: dict[str, str] | None = None,
        clock: bool = False,
    ) -> Seen:
        fake = FakeWall(scenario, inline=inline)
        fake.states |= states or {}
        if change is not None:
            fake.changed["test"] = change
        fake.company = canned.COMPANY_ZH if lang == "zh" else canned.COMPANY
        fake.start(_port())
        width, height = SIZES[size]
        # The page runs under the server's content security policy; only the tests' own evaluations are let past it.
        page = with_clock(browser, width, height) if clock else tab(browser, width, height)
        seen = Seen(page, fake)
        opened.append(seen)
        page.on("console", lambda line: seen.problems.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: seen.problems.append(str(error)))
        page.on("request", lambda asked: _note(seen, asked.url))
        page.goto(f"{fake.url}/wall?lang={lang}{query}")
        return seen

    yield open_wall
    for seen in opened:
        seen.page.close()
        seen.fake.stop()
        PORTS.append(seen.fake.port)


def _port() -> int:
    """One that a wall had before, where its scripts are known to the browser; 0 = any, while there is none."""
    while PORTS:
        with suppress(OSError), create_server(("127.0.0.1", port := PORTS.pop())):
            return port
    return 0


def with_clock(browser: Browser, width: int, height: int) -> Page:
    """A window of its own, as a clock is a window's."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(60_000)
    page.clock.install()
    return page


def _note(seen: Seen, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
        seen.foreign.append(url)
