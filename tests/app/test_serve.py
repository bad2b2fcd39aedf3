"""`serve` as people start it: real processes, real sockets."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from data_access.config import load_config
from data_access.state import State
from data_access.versions import write_whole
from tests.published import publish

ROOT = Path(__file__).resolve().parents[2]
CONFIG = """
[company]
name = "Kaichuan Motion"
currency = "CNY"
timezone = "Asia/Shanghai"
[[source]]
name = "erp"
role = "erp"
system = "demo_erp"
url = "sqlite:///erp.db"
every = "1h"
"""
TABLES = ["CREATE SCHEMA core", "CREATE TABLE core.customer AS SELECT 'c1' AS customer_id"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """One running `python app.py serve` in its own folder."""

    def __init__(self, folder: Path, *extra: str) -> None:
        self.folder, self.port = folder, free_port()
        self.log = folder / "log.txt"
        command = [sys.executable, str(ROOT / "app.py"), "serve", "--port", str(self.port), *extra]
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)

    def get(self, path: str) -> tuple[int, Any]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def until(self, condition: Callable[[], object], seconds: float = 240) -> Any:
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            assert self.process.poll() is None, self.log.read_text()
            with contextlib.suppress(OSError):
                if found := condition():
                    return found
            time.sleep(0.05)
        raise AssertionError(f"it never came; log: {self.log.read_text()}")

    def children(self) -> dict[str, psutil.Process]:
        found = {}
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):
                name = next((word for word in child.cmdline() if word in ("_web", "_sync", "_clock")), None)
                if name:
                    found[name] = child
        return found

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    (tmp_path / "tandem.toml").write_text(CONFIG)
    publish(tmp_path / "var" / "warehouse", 1, TABLES)
    running = Served(tmp_path)
    try:
        yield running
    finally:
        running.stop()


def test_it_serves_what_is_published_shares_its_port_with_nobody_and_stops_cleanly(served: Served) -> None:
    served.until(lambda: served.get("/healthz")[0] == 200)
    assert served.get("/api/v1/version")[1]["version"] == 1
    children = served.until(lambda: len(served.children()) == 2 and served.children())
    assert set(children) == {"_web", "_sync"}
    command = [sys.executable, str(ROOT / "app.py"), "--port", str(served.port)]
    done = subprocess.run(command, cwd=served.folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "is taken" in done.stderr
    assert served.stop() == 0
    for child in children.values():
        child.wait(10)
    assert "Traceback" not in served.log.read_text()


def test_a_killed_process_comes_back_and_the_other_never_notices(served: Served) -> None:
    served.until(lambda: served.get("/healthz")[0] == 200)
    before = served.until(lambda: len(served.children()) == 2 and served.children())
    before["_web"].kill()
    served.until(lambda: served.get("/healthz")[0] == 200)
    after = served.children()
    assert after["_web"].pid != before["_web"].pid and after["_sync"].pid == before["_sync"].pid
    after["_sync"].kill()
    served.until(lambda: served.children().get("_sync") not in (None, after["_sync"]))
    assert served.get("/healthz")[0] == 200
    assert served.children()["_web"].pid == after["_web"].pid


def test_no_child_outlives_a_killed_supervisor(served: Served) -> None:
    served.until(lambda: served.get("/healthz")[0] == 200)
    children = served.until(lambda: len(served.children()) == 2 and served.children())
    os.kill(served.process.pid, signal.SIGKILL)
    served.process.wait(10)
    _, alive = psutil.wait_procs(list(children.values()), timeout=20)
    assert not alive


def test_a_new_version_is_taken_up_while_serving(served: Served) -> None:
    served.until(lambda: served.get("/healthz")[0] == 200)
    publish(served.folder / "var" / "warehouse", 2, [*TABLES, "INSERT INTO core.customer VALUES ('c2')"])
    served.until(lambda: served.get("/api/v1/version")[1]["version"] == 2)


def test_a_damaged_new_version_is_set_aside_while_the_old_one_serves(served: Served) -> None:
    served.until(lambda: served.get("/healthz")[0] == 200)
    folder, aside = served.folder / "var" / "warehouse", served.folder / "aside"
    path = publish(aside, 2, TABLES)
    path.write_bytes(path.read_bytes()[:-10])
    publish(aside, 3, TABLES).write_bytes(b"nothing")
    for name in ("wh-2.duckdb", "wh-2.json", "wh-3.duckdb", "wh-3.json"):
        shutil.move(aside / name, folder / name)
    write_whole(folder / "current", "3")
    served.until((folder / "wh-3.duckdb.damaged").exists)
    served.until(lambda: served.get("/healthz")[1]["damaged_version"])
    status, body = served.get("/healthz")
    assert (status, body["status"], body["version"]) == (200, "degraded", 1)
    publish(folder, 4, TABLES)
    served.until(lambda: served.get("/healthz")[1]["damaged_version"] is None)
    # The sync process tries its (absent) source meanwhile and may publish a version of its own.
    assert served.get("/healthz")[1]["version"] >= 4


def test_a_taken_port_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "tandem.toml").write_text(CONFIG)
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        command = [sys.executable, str(ROOT / "app.py"), "--port", str(port)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    remedy = f"stop the program that has it, or choose another: --port {port + 1}"
    assert done.stderr == f"tandem: port {port} on 127.0.0.1 is taken - {remedy}\n"


def test_what_stops_sync_is_told_on_the_starting_page(tmp_path: Path) -> None:
    (tmp_path / "tandem.toml").write_text(CONFIG.replace('system = "demo_erp"', 'system = "demo_epr"'))
    running = Served(tmp_path)
    try:
        state = State(load_config(tmp_path / "tandem.toml").state_path)
        running.until(lambda: state.fact("sync_error"))
        request = urllib.request.Request(f"http://127.0.0.1:{running.port}/", headers={"Accept": "text/html"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read().decode()
        assert "demo_epr" in text and "Traceback" not in text
    finally:
        running.stop()
