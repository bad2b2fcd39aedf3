"""Cached polls against plain bytes on the same server, memory of the web process."""

from __future__ import annotations

import json
import time
import urllib.request
from typing import Any

import psutil

from tests.bench.company import Bench, row
from tests.live.company import LiveCompany


def cached_poll(bench: Bench) -> list[tuple[str, ...]]:
    """CPU of one cached panel answer (and of a 304) against a route of plain bytes on the same server."""
    from flask import Response

    from pages._server import create_server
    from pages._services import Services

    services = Services(bench.config)
    services.reader.refresh()
    server, _ = create_server(services)
    local = {"environ_base": {"REMOTE_ADDR": "127.0.0.1"}, "base_url": "http://127.0.0.1:8050"}
    client = server.test_client()
    body = client.get("/wall/panel/runway.json?lang=en", **local)
    plain = body.get_data()
    bare = type(server)("plain")
    bare.add_url_rule("/plain", "plain", lambda: Response(plain, mimetype="application/json"))
    plain_client = bare.test_client()
    tag = {"headers": {"If-None-Match": body.headers["ETag"]}}

    def cpu(call: Any, times: int = 400) -> float:
        call()
        started = time.process_time()
        for _ in range(times):
            call()
        return (time.process_time() - started) / times

    floor = cpu(lambda: plain_client.get("/plain", **local).get_data())
    full = cpu(lambda: client.get("/wall/panel/runway.json?lang=en", **local).get_data())
    unchanged = cpu(lambda: client.get("/wall/panel/runway.json?lang=en", **local, **tag).get_data())
    version = cpu(lambda: client.get("/api/v1/version", **local).get_data())
    return [
        row("cached panel, CPU : plain bytes", full, floor, "<= 2", "us"),
        row("unchanged panel (304), CPU : plain bytes", unchanged, floor, "<= 2", "us"),
        row("version document, CPU : plain bytes", version, floor, "<= 2", "us"),
    ]


def web_memory(bench: Bench) -> list[tuple[str, ...]]:
    """Resident memory of a web process that has answered every panel of the wall."""
    live = LiveCompany(bench.folder)
    live.serve()
    try:
        with urllib.request.urlopen(f"{live.address}/api/v1/version", timeout=60) as answer:
            panels = json.load(answer)["panels"]
        for name in panels:
            urllib.request.urlopen(f"{live.address}/wall/panel/{name}.json?lang=en", timeout=60).read()
        resident = psutil.Process(live.processes["_web"].pid).memory_info().rss / 2**20
    finally:
        live.stop()
    return [("web process, resident memory", f"{resident:.0f} MB", "350 MB", f"{resident / 350:.2f}", "<= 1 at 10 M")]
