"""The very first start: no configuration, no demo; one command, and time passes in what it shows."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest

from tests.app.test_serve import Served

pytestmark = pytest.mark.alone
WALL = ("kpis", "customers", "runway", "risk", "feed", "forecast", "ticker")


def test_one_command_makes_the_demo_syncs_it_and_keeps_it_alive(tmp_path: Path) -> None:
    running = Served(tmp_path)
    try:
        running.until(lambda: running.get("/api/v1/version")[1]["phase"] == "starting")
        request = urllib.request.Request(f"http://127.0.0.1:{running.port}/", headers={"Accept": "text/html"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert "refresh" in answer.read().decode()
        running.until(lambda: running.get("/api/v1/version")[1]["progress"])
        running.until(lambda: running.get("/api/v1/version")[1]["phase"] == "ready", 600)
        for name in WALL:
            status, body = running.get(f"/wall/panel/{name}.json?lang=zh")
            assert status == 200 and body["etag"], (name, body)
            status, body = running.get(f"/api/v1/panels/{name}.json")
            assert status == 200 and body["row_count"] > 0, (name, body)
        first = running.get("/api/v1/version")[1]["version"]
        running.until(lambda: running.get("/api/v1/version")[1]["version"] > first, 600)
        status, health = running.get("/healthz")
        assert status == 200 and {source["status"] for source in health["sources"]} == {"fresh"}, health
        assert running.stop() == 0
        assert "Traceback" not in running.log.read_text()
    finally:
        running.stop()
