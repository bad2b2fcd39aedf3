"""Waitress on the supervisor's socket, with connections that stay open over 304."""

from __future__ import annotations

import socket
from typing import Any

WAITING = 4  # displays that may wait for news at the same time
THREADS = 8 + WAITING


def serve_wsgi(application: Any, listener: socket.socket, threads: int = THREADS) -> None:
    """Serves `application` on the parent's socket until SIGTERM."""
    make_server(application, listener, threads).run()


def make_server(application: Any, listener: socket.socket, threads: int = THREADS) -> Any:
    """The server, not running yet. Forwarding headers reach the application, which judges them itself."""
    import waitress
    from waitress.channel import HTTPChannel
    from waitress.task import WSGITask

    class Task(WSGITask):  # type: ignore[misc]
        def set_close_on_finish(self) -> None:
            """Waitress closes after every answer without a length; a 304 has none and needs none, and a wall gets one
            every two seconds."""
            asked = self.request.headers.get("CONNECTION", "").lower() == "close"
            if asked or self.version != "1.1" or not self.status.startswith("304"):
                super().set_close_on_finish()

    class Channel(HTTPChannel):  # type: ignore[misc]
        task_class = Task

    server = waitress.create_server(
        application,
        sockets=[listener],
        threads=threads,
        ident=None,
        clear_untrusted_proxy_headers=False,
        channel_timeout=60,
        connection_limit=1000,
        max_request_body_size=4 * 1024 * 1024,
        expose_tracebacks=False,
    )
    server.channel_class = Channel
    return server
