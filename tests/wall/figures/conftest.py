"""A demo company, synced once by the command line, and its wall in a browser."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.wall.figures.reading import Wall
from tests.wall.oracle.books import Books

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Company:
    """Its folder, the day it was published for, and when its sources were read (not before, not after)."""

    folder: Path
    today: date
    synced: tuple[datetime, datetime]


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("company")
    run("demo", str(folder), "--lines", "12000")
    before = datetime.now(UTC)
    run("sync", "--config", str(folder / "tandem.toml"))
    version = (folder / "warehouse" / "current").read_text()
    manifest = json.loads((folder / "warehouse" / f"wh-{version}.json").read_text())
    return Company(folder, date.fromisoformat(manifest["as_of"]), (before, datetime.now(UTC)))


def run(*command: str) -> None:
    subprocess.run([sys.executable, "app.py", *command], cwd=ROOT, check=True, capture_output=True, timeout=300)


@pytest.fixture(scope="session")
def address(company: Company) -> Iterator[str]:
    """The web process alone: figures must not move while they are compared."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        fd = str(listener.fileno())
        command = [sys.executable, "app.py", "_web", "--config", str(company.folder / "tandem.toml"), "--fd", fd]
        web = subprocess.Popen([*command, "--parent", str(os.getpid())], cwd=ROOT, pass_fds=(listener.fileno(),))
        place = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            until_ready(place)
            yield place
        finally:
            web.terminate()
            web.wait(30)


def until_ready(address: str) -> None:
    """Waits until a version is served: while the process starts it answers 503."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=10):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError("the web process never became ready")


@pytest.fixture(scope="session")
def wall(address: str, company: Company, browser: Browser) -> Iterator[Wall]:
    with opened(browser, address, "en") as page:
        yield Wall(page, address, company.synced)


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
def books(company: Company) -> Books:
    return Books(company.folder, company.today)
