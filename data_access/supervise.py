"""The parent of `serve`: owns the port, starts web and sync, restarts what falls over, stops everything at once."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from data_access.errors import TandemError

log = logging.getLogger("tandem.supervisor")
BACKOFF_FIRST_S, BACKOFF_MOST_S, HEALTHY_S = 0.5, 30.0, 60.0
STOP_S = 6.0
_PR_SET_PDEATHSIG = 1


def bind_port(host: str, port: int) -> socket.socket:
    """The listening socket of `serve`, exclusively ours; TandemError in one line when it cannot be had."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise TandemError(f'host "{host}" is unknown ({error.strerror})', "use --host 127.0.0.1 or 0.0.0.0") from error
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(1024)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            hint = f"stop the program that has it, or choose another: --port {port + 1}"
            raise TandemError(f"port {port} on {host} is taken", hint) from error
        if error.errno == errno.EACCES:
            raise TandemError(f"port {port} needs rights this user lacks", "choose a port over 1023") from error
        raise TandemError(f"{host}:{port} cannot be opened ({error.strerror})", "check --host and --port") from error
    return listener


@dataclass
class Child:
    """One supervised process. `argv` follows the interpreter; a child whose exit code is in `slow_codes`
    (bad configuration, another sync holds the lock) is tried again only after BACKOFF_MOST_S."""

    name: str
    argv: Sequence[str]
    pass_fds: tuple[int, ...] = ()
    slow_codes: tuple[int, ...] = (2, 3)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    backoff: float = BACKOFF_FIRST_S
    due: float = 0.0
    restarts: int = 0
    codes: list[int] = field(default_factory=list)

    def start(self) -> None:
        command = [sys.executable, *self.argv, "--parent", str(os.getpid())]
        self.process = subprocess.Popen(
            command, pass_fds=self.pass_fds, stdin=subprocess.DEVNULL, start_new_session=True
        )
        self.started = time.monotonic()

    def look(self, now: float) -> None:
        """Starts the process when it is due; notices when it ended and decides when to try again."""
        if self.process is None:
            if now >= self.due:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        if now - self.started > HEALTHY_S:
            self.backoff = BACKOFF_FIRST_S
        wait = BACKOFF_MOST_S if code in self.slow_codes else self.backoff
        self.backoff = min(self.backoff * 2, BACKOFF_MOST_S)
        self.process, self.due = None, now + wait
        self.restarts += 1
        self.codes.append(code)
        log.error("%s ended with code %s; starting it again in %.1f s", self.name, code, wait)


class Supervisor:
    """Keeps its children running until a stop signal. A crash of one never touches the others."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = list(children)
        self._stop = threading.Event()

    def run(self) -> int:
        """Blocks until SIGINT or SIGTERM; 0 when all stopped."""
        previous = {number: signal.signal(number, self._signalled) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            while not self._stop.is_set():
                now = time.monotonic()
                for child in self.children:
                    child.look(now)
                self._stop.wait(0.2)
        finally:
            self._end_all()
            for number, handler in previous.items():
                signal.signal(number, handler)
        return 0

    def stop(self) -> None:
        self._stop.set()

    def _signalled(self, _number: int, _frame: object) -> None:
        self._stop.set()

    def _end_all(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        limit = time.monotonic() + STOP_S
        for process in running:
            try:
                process.wait(max(0.0, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def end_with_parent(parent: int, stop: threading.Event | None = None) -> None:
    """Makes this child end when `parent` is gone: by the kernel on Linux, by looking once a second everywhere.

    SIGTERM sets `stop` where one is given, else it leaves at once; SIGINT is the parent's to handle.
    """

    def leave(_number: int, _frame: object) -> None:
        if stop is None:
            raise SystemExit(0)
        stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        if stop is not None:
            stop.set()
            time.sleep(STOP_S)
        os._exit(0)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
