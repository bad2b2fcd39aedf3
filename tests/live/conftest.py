"""A synced demo company of its own for each test of the living whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from data_access import demo
from tests.live.company import LiveCompany


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both systems in SQLite, synced once; tests copy it."""
    folder = tmp_path_factory.mktemp("made") / "company"
    demo.make(folder, lines=5_000)
    done = LiveCompany(folder).command("sync")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def live(made: Path, tmp_path: Path) -> Iterator[LiveCompany]:
    """A copy of its own; nothing runs yet."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    company = LiveCompany(tmp_path)
    yield company
    company.stop()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """opened(url) opens a page in a tab of its own."""
    pages: list[Page] = []

    def open_page(url: str) -> Page:
        pages.append(browser.new_page(viewport={"width": 1920, "height": 1080}))
        pages[-1].goto(url)
        return pages[-1]

    yield open_page
    for page in pages:
        page.close()


@pytest.fixture
def watched(opened: Callable[[str], Page]) -> Callable[..., Page]:
    """watched(company) opens its wall and waits until it is drawn."""

    def open_wall(company: LiveCompany, lang: str = "en") -> Page:
        page = opened(f"{company.address}/wall?lang={lang}&scenes=today")
        page.wait_for_selector("html[data-wall=on]", state="attached")
        page.wait_for_selector("#runway-plot .main-svg")
        page.wait_for_selector("#forecast-plot .main-svg")
        return page

    return open_wall
