"""A demo company served to desks: one for the whole run, its figures standing still."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Served:
    """A company and the address of its web process."""

    folder: Path
    address: str

    @property
    def today(self) -> date:
        """The business day its figures are for."""
        with urllib.request.urlopen(f"{self.address}/api/v1/version", timeout=30) as answer:
            return date.fromisoformat(json.load(answer)["as_of"][:10])

    def document(self, panel: str, **filters: str | list[str]) -> dict[str, Any]:
        """A panel as the API gives it."""
        query = urlencode(filters, doseq=True)
        with urllib.request.urlopen(f"{self.address}/api/v1/panels/{panel}.json?{query}", timeout=60) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def rows(self, panel: str, **filters: str | list[str]) -> list[dict[str, Any]]:
        """Its rows."""
        found: list[dict[str, Any]] = self.document(panel, **filters)["rows"]
        return found


@pytest.fixture(scope="session")
def company_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo company, synced once by the command line."""
    folder = tmp_path_factory.mktemp("desk")
    for command in (["demo", str(folder), "--lines", "12000"], ["sync", "--config", str(folder / "tandem.toml")]):
        subprocess.run([sys.executable, "app.py", *command], cwd=ROOT, check=True, capture_output=True, timeout=300)
    return folder


@pytest.fixture(scope="session")
def served(company_folder: Path) -> Iterator[Served]:
    """The demo company's web process."""
    with serve(company_folder) as found:
        yield found


@contextmanager
def serve(folder: Path) -> Iterator[Served]:
    """The web process alone: nothing changes while figures are compared."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        fd = str(listener.fileno())
        command = [sys.executable, "app.py", "_web", "--config", str(folder / "tandem.toml"), "--fd", fd]
        web = subprocess.Popen([*command, "--parent", str(os.getpid())], cwd=ROOT, pass_fds=(listener.fileno(),))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            _until_ready(address)
            yield Served(folder, address)
        finally:
            web.terminate()
            web.wait(30)


def _until_ready(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=10):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError("the web process never became ready")


@dataclass
class Opened:
    """A page and what went wrong in it."""

    page: Page
    problems: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


@pytest.fixture
def desk(browser: Browser, served: Served) -> Iterator[Callable[..., Opened]]:
    """desk(path, width, height) opens a page and waits until its panels are drawn."""
    opened: list[Opened] = []

    def open_page(path: str, width: int = 1440, height: int = 900, *, bypass_csp: bool = False) -> Opened:
        page = browser.new_page(viewport={"width": width, "height": height}, bypass_csp=bypass_csp)
        found = Opened(page)
        opened.append(found)
        page.on("console", lambda line: found.problems.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: found.problems.append(str(error)))
        page.on("request", lambda asked: _foreign(found, asked.url, served.address))
        page.goto(served.address + path)
        page.wait_for_selector("#content > *")
        settle(page)
        return found

    yield open_page
    for one in opened:
        one.page.close()


def settle(page: Page) -> None:
    """Until fonts are there and every chart that is shown is drawn."""
    page.wait_for_function("() => document.fonts.status === 'loaded' && document.getElementById('desk')")
    graphs, drawn = (
        "[...document.querySelectorAll('#content .graph')]",
        "!n.offsetHeight || n.querySelector('.main-svg')",
    )
    page.wait_for_function(f"() => {graphs}.every((n) => {drawn})")
    page.wait_for_timeout(250)


def _foreign(found: Opened, url: str, address: str) -> None:
    if not url.startswith((address, "data:", "blob:")):
        found.foreign.append(url)
