"""A server of a few lines for what no real system does, and profiles for it."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from data_access.connectors.profile import Profile, load_profile
from data_access.connectors.rest.account import Account
from data_access.connectors.rest.client import Clock
from data_access.connectors.rest.connector import RestConnector
from data_access.connectors.rest.limits import Pacer

PROFILE = """
system = "tiny"
title = "Tiny"
role = "erp"
kind = "rest"
[settings]
api_key = {{ default = "sesame-1234" }}
user = {{ default = "" }}
password = {{ default = "" }}
[rest]
auth = {auth}
check = {{ path = "ping" }}
list = {{ path = "rows", query = {query}, rows = "{rows}" }}
paging = {paging}
{more}
[stream.item]
table = "items"
key = ["id"]
cursor = "changed"
columns = {{ id = "integer", name = "text", changed = "timestamp" }}
"""


@dataclass(frozen=True)
class Seen:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Tiny:
    """`answer` makes the reply of each request; what came is in `seen`."""

    def __init__(self, answer: Callable[[Seen], Reply]) -> None:
        self.answer, self.seen, self.port, self.scheme = answer, list[Seen](), 0, "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"


@contextmanager
def tiny(answer: Callable[[Seen], Reply], tls: ssl.SSLContext | None = None) -> Iterator[Tiny]:
    made = Tiny(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            split = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = dict(parse_qsl(split.query, keep_blank_values=True))
            headers = {name.lower(): value for name, value in self.headers.items()}
            made.seen.append(Seen(self.command, split.path, query, headers, body))
            reply = made.answer(made.seen[-1])
            data = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_GET

        def log_message(self, *args: Any) -> None: ...

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Clients may break off."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket, made.scheme = tls.wrap_socket(server.socket, server_side=True), "https"
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def profile(
    folder: Path, *, auth: str = '{ kind = "none" }', query: str = "{}", rows: str = "", more: str = "",
    paging: str = '{ kind = "none" }',
) -> Profile:  # fmt: skip
    path = folder / "tiny.toml"
    path.write_text(PROFILE.format(auth=auth, query=query, rows=rows, paging=paging, more=more), encoding="utf-8")
    return load_profile(str(path))


class Naps:
    """A clock that sleeps by moving on; what was slept is kept."""

    def __init__(self, chance: float = 1.0) -> None:
        self.now, self.slept, self.chance = 1000.0, list[float](), chance

    def seconds(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @property
    def clock(self) -> Clock:
        return Clock(seconds=self.seconds, sleep=self.sleep, chance=lambda: self.chance)


def connect(
    made: Profile, url: str, settings: dict[str, object] | None = None, naps: Naps | None = None
) -> RestConnector:
    naps = naps or Naps()
    rates = made.rest.limits.rate if made.rest else ()
    account = Account(Pacer(rates, clock=naps.seconds, sleep=naps.sleep))
    return RestConnector(made, url, settings, account=account, clock=naps.clock)


def read(connector: RestConnector) -> list[int]:
    return [value for page in connector.read("item", None, None) for value in page.column("id").to_pylist()]


def row(number: int) -> dict[str, Any]:
    return {"id": number, "name": f"n{number}", "changed": f"2026-01-01T00:00:{number % 60:02d}Z"}
