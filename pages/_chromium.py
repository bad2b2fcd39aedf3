"""A headless Chromium of our own, spoken to over two pipes: no port is opened and nothing else can attach to it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from data_access.errors import TandemError, UnavailableError

log = logging.getLogger("tandem.render")
VARIABLE = "TANDEM_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
CALL_S, LOOK_S = 30.0, 0.5
_OPTIONS = (
    "--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-default-apps", "--hide-scrollbars", "--mute-audio", "--force-color-profile=srgb", "--no-proxy-server",
    "--font-render-hinting=none",
)  # fmt: skip
# Chromium reads commands from descriptor 3 and answers on 4.
_BECOME = """import os, sys
r, w = int(sys.argv[1]), int(sys.argv[2])
os.dup2(r, 3), os.dup2(w, 4), os.close(r), os.close(w)
os.execv(sys.argv[3], sys.argv[3:])"""
Listener = Callable[[str, dict[str, Any]], None]


class GoneError(TandemError):
    """The browser does not answer."""


def find_chromium() -> str:
    """Its path: TANDEM_CHROMIUM, else by its usual names; UnavailableError with the remedy."""
    named = os.environ.get(VARIABLE)
    for name in [named] if named else [*NAMES, str(MAC)]:
        if found := shutil.which(name):
            return found
    hint = f"install it (Debian: apt install chromium) or set {VARIABLE}; the Export menu draws PNG and SVG without it"
    raise UnavailableError("there is no Chromium on this server to draw with", hint)


class Chromium:
    """One running browser. `call` waits for an answer, `tell` does not; events of a session go to its listener."""

    def __init__(self, folder: Path | None = None) -> None:
        path = find_chromium()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self._folder = tempfile.mkdtemp(prefix="chromium-", dir=folder)
        self._log = open(Path(self._folder) / "log", "w+b")  # noqa: SIM115 - as long as the browser
        self._lock = threading.Lock()
        self._number = 0
        self._waiting: dict[int, Future[dict[str, Any]]] = {}
        self._listeners: dict[str, Listener] = {}
        commands, self._commands = _pipe()
        self._answers, answers = _pipe()
        # Its sandbox works for every user but root.
        options = [*_OPTIONS, f"--user-data-dir={self._folder}", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        become = [sys.executable, "-I", "-S", "-c", _BECOME, str(commands), str(answers)]
        self._process = subprocess.Popen(
            [*become, path, *options, "about:blank"],
            pass_fds=(commands, answers),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
            start_new_session=True,
        )
        os.close(commands)
        os.close(answers)
        threading.Thread(target=self._read, name="chromium", daemon=True).start()

    def call(self, method: str, session: str = "", timeout: float = CALL_S, **params: Any) -> dict[str, Any]:
        """The answer's result; GoneError when the browser is not there, refuses or takes longer than `timeout`."""
        answer: Future[dict[str, Any]] = Future()
        number = self._send(method, session, params, answer)
        try:
            told = self._awaited(answer, method, timeout)
        finally:
            self._waiting.pop(number, None)
        if "error" in told:
            raise GoneError(f"Chromium refused {method}: {told['error'].get('message')}", "try again")
        return dict(told.get("result", {}))

    def _awaited(self, answer: Future[dict[str, Any]], method: str, timeout: float) -> dict[str, Any]:
        limit = time.monotonic() + timeout
        while time.monotonic() < limit:
            try:
                return answer.result(LOOK_S)
            except TimeoutError:
                if not self.alive:
                    raise GoneError("Chromium ended", self._last_words()) from None
        raise GoneError(f"Chromium did not answer {method} within {timeout:g} s", "try again")

    def tell(self, method: str, session: str = "", **params: Any) -> None:
        self._send(method, session, params, None)

    def listen(self, session: str, listener: Listener) -> None:
        """Gives `listener` the events (method, params) of a session; it must not wait."""
        self._listeners[session] = listener

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """Ends the browser with everything it started, and takes its folder away."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        with self._lock, contextlib.suppress(OSError):
            os.close(self._commands)
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _send(self, method: str, session: str, params: dict[str, Any], answer: Future[dict[str, Any]] | None) -> int:
        message: dict[str, Any] = {"method": method, "params": params} | ({"sessionId": session} if session else {})
        with self._lock:
            self._number += 1
            if answer is not None:
                self._waiting[self._number] = answer
            data = memoryview(json.dumps(message | {"id": self._number}).encode() + b"\0")
            try:
                while data:
                    data = data[os.write(self._commands, data) :]
            except OSError as error:
                raise GoneError("Chromium ended", self._last_words()) from error
            return self._number

    def _read(self) -> None:
        """Hands out answers and events until the browser ends."""
        with open(self._answers, "rb") as stream:
            rest = b""
            while block := stream.read1(1 << 20):
                *whole, rest = (rest + block).split(b"\0")
                for message in whole:
                    self._hand_out(json.loads(message))
        for answer in list(self._waiting.values()):
            if not answer.done():
                answer.set_exception(GoneError("Chromium ended", self._last_words()))

    def _hand_out(self, message: dict[str, Any]) -> None:
        if "id" in message:
            answer = self._waiting.pop(message["id"], None)
            if answer is not None:
                answer.set_result(message)
        elif listener := self._listeners.get(message.get("sessionId", "")):
            listener(message["method"], message.get("params", {}))

    def _last_words(self) -> str:
        """What it wrote last, for the hint."""
        with contextlib.suppress(OSError, ValueError):
            self._log.seek(0)
            lines = self._log.read()[-4000:].decode(errors="replace").strip().splitlines()
            if lines:
                return lines[-1][:300]
        return "see the server's log"


def _pipe() -> tuple[int, int]:
    """(read, write) ends with numbers no child's own descriptors use."""
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return moved[0], moved[1]
