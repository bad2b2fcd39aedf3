"""Pictures of this application's own pages, drawn by one warm headless Chromium.

The browser has no network: every request it makes is answered here, by the application itself in this process. So no
port, key or right is needed for drawing, and a page can load nothing from anywhere else.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from werkzeug.test import EnvironBuilder, run_wsgi_app

from data_access.errors import BusyError, TandemError
from pages._chromium import Chromium, GoneError

log = logging.getLogger("tandem.render")
ORIGIN = "http://127.0.0.1"
IDLE_S, QUEUE_S, LOAD_S = 60.0, 30.0, 45.0
QUIET_S, LOOK_S, RESIZE_S = 0.15, 0.03, 0.3
_DROPPED = {"accept-encoding", "if-none-match", "if-modified-since", "host", "cookie"}
# The page is there, its fonts and figures are drawn, and every table has the rows that can be seen.
_SETTLED = """(() => {
  const all = (what, holds) => [...document.querySelectorAll(what)].every(holds);
  return document.readyState === "complete" && document.fonts.status === "loaded"
    && !!document.querySelector("#desk #content > *, #wall")
    && all(".plt, .graph", (node) => !node.clientHeight || node.querySelector(".main-svg"))
    && all("[data-grid]", (node) => node.dataset.total === "0" || node.querySelector("[row-index] .ag-cell > *"))
    && !document.querySelector(".cell-wait");
})()"""


@dataclass(frozen=True)
class Size:
    """CSS pixels of the window."""

    width: int
    height: int


class Renderer:
    """Draws one picture at a time; the browser starts with the first and ends a minute after the last."""

    def __init__(self, application: Any, folder: Path | None = None) -> None:
        self._application, self._folder = application, folder
        self._turn = threading.Lock()
        self._browser: Chromium | None = None
        self._idle: threading.Timer | None = None

    @contextlib.contextmanager
    def page(self, path: str, size: Size, scale: float = 2.0) -> Iterator[Page]:
        """The page at `path`, drawn. BusyError: others draw; UnavailableError: no Chromium; GoneError: it failed."""
        if not self._turn.acquire(timeout=QUEUE_S):
            raise BusyError("other pictures are being drawn", "try again in a moment")
        try:
            if self._idle is not None:
                self._idle.cancel()
            page = self._open(size, scale)
            try:
                page.load(path)
                yield page
            finally:
                page.close()
        except GoneError as error:
            log.error("%s", error.line())
            self._stop()
            raise
        finally:
            self._idle = threading.Timer(IDLE_S, self.close)
            self._idle.daemon = True
            self._idle.start()
            self._turn.release()

    def close(self) -> None:
        """Ends the browser; the next picture starts another."""
        with self._turn:
            self._stop()

    def _open(self, size: Size, scale: float) -> Page:
        if self._browser is None or not self._browser.alive:
            self._stop()
            self._browser = Chromium(self._folder)
            atexit.register(self._stop)
        return Page(self._browser, self._application, size, scale)

    def _stop(self) -> None:
        browser, self._browser = self._browser, None
        if browser is not None:
            browser.close()


class Page:
    """One tab without a network: the application answers it."""

    def __init__(self, browser: Chromium, application: Any, size: Size, scale: float) -> None:
        self._browser, self._application = browser, application
        self._pool = ThreadPoolExecutor(4, "render")
        self._lock = threading.Lock()
        self._open_requests, self._last_request = 0, time.monotonic()
        self._target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = browser.call("Target.attachToTarget", targetId=self._target, flatten=True)["sessionId"]
        self.size, self._scale = size, scale
        browser.listen(self._session, self._event)
        self.call("Fetch.enable", patterns=[{"urlPattern": "*"}])
        self._measure(size)
        still = [{"name": "prefers-reduced-motion", "value": "reduce"}]
        self.call("Emulation.setEmulatedMedia", features=still)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        return self._browser.call(method, self._session, **params)

    def load(self, path: str) -> None:
        """Opens the page and waits until it is drawn and nothing is on its way."""
        told = self.call("Page.navigate", url=ORIGIN + path)
        if told.get("errorText"):
            raise GoneError(f"the page could not be opened ({told['errorText']})", "try again")
        self.settle()

    def resize(self, size: Size) -> None:
        """Another window; waits until all is drawn in it."""
        self._measure(size)
        time.sleep(RESIZE_S)
        self.settle()

    def _measure(self, size: Size) -> None:
        self.size = size
        metrics = {"width": size.width, "height": size.height, "deviceScaleFactor": self._scale, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **metrics)

    def settle(self) -> None:
        """Waits until fonts and figures are there and no request is open; GoneError after LOAD_S."""
        limit = time.monotonic() + LOAD_S
        while time.monotonic() < limit:
            with self._lock:
                quiet = not self._open_requests and time.monotonic() - self._last_request > QUIET_S
            if quiet and self.run(_SETTLED):
                return
            time.sleep(LOOK_S)
        raise GoneError(f"the page was not drawn within {LOAD_S:g} s", "see the server's log")

    def run(self, script: str) -> Any:
        """The value of a script, awaited."""
        told = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in told:
            raise TandemError("the page could not be drawn", str(told["exceptionDetails"].get("text", "")))
        return told["result"].get("value")

    def png(self, clip: dict[str, float]) -> bytes:
        """A picture of a part of the page, in CSS pixels {x, y, width, height}."""
        told = self.call("Page.captureScreenshot", format="png", clip=clip | {"scale": 1})
        return base64.b64decode(told["data"])

    def pdf(self, **options: Any) -> bytes:
        return base64.b64decode(self.call("Page.printToPDF", printBackground=True, **options)["data"])

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        with contextlib.suppress(GoneError):
            self._browser.call("Target.closeTarget", targetId=self._target)

    def _event(self, method: str, params: dict[str, Any]) -> None:
        if method == "Fetch.requestPaused":
            with self._lock:
                self._open_requests += 1
            with contextlib.suppress(RuntimeError):  # the page is closing
                self._pool.submit(self._answer, params)

    def _answer(self, params: dict[str, Any]) -> None:
        try:
            self._fulfil(params)
        except Exception as error:  # a page waits for every answer
            log.error("a request of a picture failed", exc_info=error)
        finally:
            with self._lock:
                self._open_requests -= 1
                self._last_request = time.monotonic()

    def _fulfil(self, params: dict[str, Any]) -> None:
        asked, number = params["request"], params["requestId"]
        url = urlsplit(asked["url"])
        if f"{url.scheme}://{url.netloc}" != ORIGIN:
            self._browser.tell("Fetch.failRequest", self._session, requestId=number, errorReason="AccessDenied")
            return
        sent = b"".join(base64.b64decode(part.get("bytes", "")) for part in asked.get("postDataEntries", []))
        builder = EnvironBuilder(
            path=url.path,
            base_url=ORIGIN,
            query_string=url.query,
            method=asked["method"],
            headers={name: value for name, value in asked["headers"].items() if name.lower() not in _DROPPED},
            data=sent or None,
            environ_base={"REMOTE_ADDR": "127.0.0.1"},
        )
        body, status, headers = run_wsgi_app(self._application, builder.get_environ(), buffered=True)
        self._browser.tell(
            "Fetch.fulfillRequest",
            self._session,
            requestId=number,
            responseCode=int(status.split()[0]),
            responseHeaders=[{"name": name, "value": value} for name, value in headers],
            body=base64.b64encode(b"".join(body)).decode(),
        )
