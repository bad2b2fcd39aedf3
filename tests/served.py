"""A demo company as the command line makes and syncs it, and its web process alone: nothing changes while figures
are compared."""

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
from typing import Any
from urllib.parse import urlencode

import duckdb

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class DemoCompany:
    """Its folder, and when its sources were read (not before, not after)."""

    folder: Path
    synced: tuple[datetime, datetime]

    @property
    def version(self) -> str:
        return (self.folder / "warehouse" / "current").read_text().strip()

    @property
    def today(self) -> date:
        """The business day its figures are for."""
        manifest = json.loads((self.folder / "warehouse" / f"wh-{self.version}.json").read_text())
        return date.fromisoformat(manifest["as_of"][:10])

    def warehouse(self) -> duckdb.DuckDBPyConnection:
        """The published file, to read which record is whose."""
        return duckdb.connect(str(self.folder / "warehouse" / f"wh-{self.version}.duckdb"), read_only=True)


def synced(folder: Path) -> DemoCompany:
    """Syncs the demo company in `folder` as a person would."""
    before = datetime.now(UTC)
    command(["sync", "--config", str(folder / "tandem.toml")])
    return DemoCompany(folder, (before, datetime.now(UTC)))


def command(arguments: list[str]) -> str:
    """What one command of the command line printed; it must succeed."""
    done = subprocess.run([sys.executable, "app.py", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass(frozen=True)
class Served:
    """A company and the address of its web process."""

    company: DemoCompany
    address: str

    @property
    def folder(self) -> Path:
        return self.company.folder

    @property
    def today(self) -> date:
        return self.company.today

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


@contextmanager
def serve(company: DemoCompany) -> Iterator[Served]:
    """The web process of a company, on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        fd, config = listener.fileno(), company.folder / "tandem.toml"
        start = [sys.executable, "app.py", "_web", "--config", str(config), "--fd", str(fd)]
        web = subprocess.Popen([*start, "--parent", str(os.getpid())], cwd=ROOT, pass_fds=(fd,))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            _until_ready(address)
            yield Served(company, address)
        finally:
            web.terminate()
            web.wait(30)


def _until_ready(address: str) -> None:
    """While the process starts it answers 503."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=10):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError("the web process never became ready")
