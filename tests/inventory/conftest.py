"""A demo company synced by the command line, its web process, and its sources as an oracle reads them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.inventory.demand_oracle import Demand

ROOT = Path(__file__).resolve().parents[2]
Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stock")
    for command in (["demo", str(folder), "--lines", "12000"], ["sync", "--config", str(folder / "tandem.toml")]):
        subprocess.run([sys.executable, "app.py", *command], cwd=ROOT, check=True, capture_output=True, timeout=600)
    return folder


@pytest.fixture(scope="session")
def ask(company: Path) -> Iterator[Ask]:
    """ask(panel, filter=value or values) -> its rows, from the web process alone: figures must not move meanwhile."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        fd = str(listener.fileno())
        command = [sys.executable, "app.py", "_web", "--config", str(company / "tandem.toml"), "--fd", fd]
        web = subprocess.Popen([*command, "--parent", str(os.getpid())], cwd=ROOT, pass_fds=(listener.fileno(),))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            _wait(address)

            def rows(panel: str, **filters: Any) -> list[dict[str, Any]]:
                query = urllib.parse.urlencode(filters, doseq=True)
                with urllib.request.urlopen(f"{address}/api/v1/panels/{panel}.json?{query}", timeout=60) as answer:
                    found: list[dict[str, Any]] = json.load(answer)["rows"]
                return found

            yield rows
        finally:
            web.terminate()
            web.wait(20)


def _wait(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError("the web process does not answer")


@pytest.fixture(scope="session")
def stock(company: Path) -> Demand:
    version = (company / "warehouse" / "current").read_text().strip()
    with duckdb.connect(str(company / "warehouse" / f"wh-{version}.duckdb"), read_only=True) as con:
        links = con.execute("SELECT source, source_id, customer_id FROM core.customer_link").fetchall()
    manifest = json.loads((company / "warehouse" / f"wh-{version}.json").read_text())
    customers = {(source, own): customer for source, own, customer in links}
    return Demand(company, date.fromisoformat(manifest["as_of"]), customers)
