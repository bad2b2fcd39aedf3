"""HTTP as bytes: what came in, what goes out (whole, cut off, or dripping), and the threads that carry it."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass
class Request:
    method: str
    path: str  # percent-decoded, without the query
    query: dict[str, str] = field(default_factory=dict)
    headers: Message = field(default_factory=Message)
    body: bytes = b""

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; an empty body is an empty object, anything else raises ValueError."""
        parsed = json.loads(self.body.decode("utf-8")) if self.body else {}
        if not isinstance(parsed, dict):
            raise ValueError("the body is no JSON object")
        return parsed


@dataclass
class Reply:
    payload: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, Any]] | None = None  # a page's rows: the very list inside payload, so that faults may edit it
    key: str = "id"
    limit: int | None = None  # rows the page was asked for
    names: dict[str, str] = field(default_factory=dict)  # what people call a field -> its name on the wire
    raw: bytes | None = None  # sent instead of payload
    ending: str = "whole"  # whole | hang_up (closed in mid-body) | drip (a few bytes at a time)

    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return json.dumps(self.payload, ensure_ascii=False).encode("utf-8")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def answer(self) -> None:
        split = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        query = dict(parse_qsl(split.query, keep_blank_values=True))
        request = Request(self.command, unquote(split.path), query, self.headers, self.rfile.read(length))
        self.send(self.server.handle(request))

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = answer

    def send(self, reply: Reply) -> None:
        body = reply.body()
        self.send_response(reply.status)
        headers = {"Content-Type": "application/json; charset=utf-8", **reply.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if reply.ending == "hang_up":
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        elif reply.ending == "drip":
            for start in range(0, len(body), 16):
                if self.server.stopping.wait(0.05):
                    return
                self.wfile.write(body[start : start + 16])
        elif self.command != "HEAD":
            self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header tells the source's own clock."""
        return format_datetime(self.server.now(), usegmt=True)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are kept in `Simulator.requests`."""


class Server(ThreadingHTTPServer):
    """Listens on 127.0.0.1; `close` also ends connections that clients keep alive."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, handle: Callable[[Request], Reply], now: Callable[[], datetime], port: int = 0) -> None:
        self.handle = handle
        self.now = now
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is the client's business."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)

    def close(self) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
