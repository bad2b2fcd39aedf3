"""A demo company under the real web and sync processes, and what a test does to them."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from data_access.versions import read_pointer

ROOT = Path(__file__).resolve().parents[2]


def until(condition: Callable[[], Any], seconds: float = 60, pause: float = 0.05) -> Any:
    """The first true answer of `condition`; AssertionError when none came in time."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if found := condition():
            return found
        time.sleep(pause)
    raise AssertionError(f"it never came: {condition}")


class LiveCompany:
    """Folder with tandem.toml; `sync` and `web` are its processes, started apart so that each can be killed. `program`:
    what runs them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warehouse = folder / "warehouse"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.address = ""
        self.program = ["app.py"]

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs `python app.py ... --config` to its end."""
        argv = [sys.executable, "app.py", *words, "--config", str(self.folder / "tandem.toml")]
        return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=300)

    def start(self, name: str, *extra: str, pass_fds: tuple[int, ...] = ()) -> None:
        argv = [sys.executable, *self.program, name, "--config", str(self.folder / "tandem.toml"), *extra]
        with open(self.folder / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(
                [*argv, "--parent", str(os.getpid())],
                cwd=ROOT, pass_fds=pass_fds, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def serve(self) -> None:
        """Starts the web process and waits until it answers."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            self.start("_web", "--fd", str(listener.fileno()), pass_fds=(listener.fileno(),))
        until(self._ready)

    def _ready(self) -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.address}/healthz", timeout=10):
            return True
        return False

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait(30)

    def stop(self, *names: str) -> None:
        """Ends the named processes, or all, as `serve` does."""
        ending = [self.processes.pop(name) for name in names or tuple(self.processes)]
        for process in ending:
            process.terminate()
        for process in ending:
            process.wait(30)

    def version(self) -> int | None:
        return read_pointer(self.warehouse)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the published version."""
        with duckdb.connect(str(self.warehouse / f"wh-{self.version()}.duckdb"), read_only=True) as con:
            return con.execute(sql).fetchall()

    def ledger(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of state.db; none while it does not exist."""
        with contextlib.suppress(sqlite3.OperationalError), self._state() as state:
            return state.execute(sql, values).fetchall()
        return []

    @contextlib.contextmanager
    def _state(self) -> Iterator[sqlite3.Connection]:
        with contextlib.closing(sqlite3.connect(f"file:{self.folder / 'state.db'}?mode=ro", uri=True)) as state:
            yield state
