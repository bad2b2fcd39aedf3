"""What a wall polls: the tiny version document and each panel's bytes, made once a content."""

from __future__ import annotations

import hashlib
import json
import logging
import math
import re
import threading
import time
from collections.abc import Hashable
from dataclasses import asdict, dataclass
from typing import Any, cast

from flask import Request

from components.assets import app_hash
from data_access import health
from data_access.access import EVERYONE, Scope
from data_access.cache import SingleFlight
from data_access.clock import iso, utc_now
from data_access.errors import NotFound
from data_access.feed_state import is_news_due
from data_access.panels import WALL, Panel, find_panel, panel_etag, read_all
from data_access.scenes import State, scene_states
from data_access.snapshot import Snapshot
from pages._bytes import Encoded
from pages._errors import panel_failed
from pages._services import Services
from pages._serving import WAITING

log = logging.getLogger("tandem.feed")
VERSION_KEPT_S = 0.5
ERROR_KEPT_S = 10.0
MOST_WAIT_S, LOOK_S = 1, 0.05
_WAIT = re.compile(r"\bwait\s*=\s*(\d{1,4})\b")
JSON = "application/json"


@dataclass(frozen=True)
class Drawn:
    """A panel as bytes and as the values they were made from. No payload: it failed, the bytes say so, and it is
    tried again after `until` (monotonic seconds)."""

    body: Encoded
    payload: dict[str, Any] | None
    until: float = math.inf


class Feed:
    """The version document and panel bytes of one application."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._version: tuple[float, int | None, Encoded] | None = None
        self._states: dict[str, State] = {}
        self._panels = SingleFlight(400)
        self._places = threading.BoundedSemaphore(WAITING)

    def version(self) -> Encoded:
        """The version document, at most half a second old. Its ETag leaves out server_time and the running ages."""
        with self._lock:
            now, reader = time.monotonic(), self._services.reader
            serving = reader.version if reader.ready else None
            kept = self._version
            if kept is None or now - kept[0] > VERSION_KEPT_S or kept[1] != serving:
                kept = self._version = (now, serving, self._make_version())
            return kept[2]

    def next_version(self, request: Request) -> Encoded:
        """The version document. A client that asks `Prefer: wait=1` and knows it already waits up to a second for the
        next, as long as few do: each has a thread of the server."""
        wait = _WAIT.search(request.headers.get("Prefer", ""))
        found = self.version()
        if wait is None or not found.known_to(request) or not self._places.acquire(blocking=False):
            return found
        try:
            until = time.monotonic() + min(int(wait[1]), MOST_WAIT_S)
            while found.known_to(request) and time.monotonic() < until:
                time.sleep(LOOK_S)
                found = self.version()
            return found
        finally:
            self._places.release()

    def panel(self, name: str, lang: str, scope: Scope = EVERYONE) -> Drawn:
        """The panel for one language and scope; an error document without payload when it cannot be made."""
        panel, snapshot = find_panel(name), self._services.reader.pinned()
        if not panel.wall:
            raise NotFound(f'there is no panel "{name}" on the wall', "see /api/v1/panels")
        key = self._key(panel, snapshot, lang, scope)
        drawn = self._drawn(key, panel, snapshot, lang, scope)
        if drawn.until < time.monotonic():
            self._panels.drop(key, drawn)
            drawn = self._drawn(key, panel, snapshot, lang, scope)
        return drawn

    def known(self, lang: str) -> dict[str, dict[str, Any]]:
        """Payloads of the wall panels that are in memory for the version serving now; never waits for a query."""
        if not self._services.reader.ready:
            return {}
        snapshot, found = self._services.reader.pinned(), {}
        for panel in WALL:
            drawn = self._panels.peek(self._key(panel, snapshot, lang, EVERYONE))
            if drawn is not None and drawn.payload:
                found[panel.name] = drawn.payload
        return found

    def states(self) -> dict[str, State]:
        """Of each scene, whether it is critical, healthy or neither; from what the version document last told."""
        with self._lock:
            return dict(self._states)

    def warm(self, lang: str) -> None:
        """Makes every wall panel of the version serving now, so that the first display does not wait."""
        for panel in WALL:
            self.panel(panel.name, lang)

    def _key(self, panel: Panel, snapshot: Snapshot, lang: str, scope: Scope) -> Hashable:
        stamp = snapshot.live.stamp() if panel.live else ""
        return panel.name, lang, scope.key, snapshot.version, stamp

    def _drawn(self, key: Hashable, panel: Panel, snapshot: Snapshot, lang: str, scope: Scope) -> Drawn:
        def content() -> Hashable:
            return panel.name, lang, scope.key, panel_etag(panel, snapshot, self._services.build)

        def make() -> Drawn:
            same: Drawn | None = self._panels.peek(content())
            if same is not None and same.payload:
                return same
            drawn = self._draw(panel, snapshot, lang, scope)
            self._panels.put(content(), drawn)
            return drawn

        return cast(Drawn, self._panels.get(key, make))

    def _draw(self, panel: Panel, snapshot: Snapshot, lang: str, scope: Scope) -> Drawn:
        from plotly.io.json import to_json_plotly

        from components.wall import render

        try:
            results = read_all(panel, snapshot, scope)
            payload = dict(render(panel.name, results, lang, self._services.config.company))
            payload["etag"] = panel_etag(panel, snapshot, self._services.build)
            body = to_json_plotly(payload).encode()
        except Exception as error:  # a failing panel shows its own error; the wall lives on
            return _failed(panel, error)
        return Drawn(Encoded.make(body, JSON, f"{payload['etag']}-{lang}"), payload)

    def _make_version(self) -> Encoded:
        services = self._services
        now, reader, config = utc_now(), services.reader, services.config
        document: dict[str, Any] = {
            "version": None,
            "published_at": None,
            "as_of": None,
            "timezone": config.company.timezone,
            "app": app_hash(),
            "phase": services.phase,
            "soon": is_news_due(services.state, now),
            "progress": None,
            "sources": [],
            "panels": {},
            "scenes": {},
        }
        known = health.sources(config, services.state, now)
        sources = [item.document(with_error=False) for item in known]
        if reader.ready:
            snapshot = reader.pinned()
            for key in ("version", "published_at", "as_of", "timezone"):
                document[key] = snapshot.manifest.get(key, document[key])
            document["panels"] = {panel.name: panel_etag(panel, snapshot, services.build) for panel in WALL}
            self._states = document["scenes"] = scene_states(snapshot, known, snapshot.live.standings(runs=0))
        else:
            progress = services.state.progress()
            document["progress"] = asdict(progress) if progress else None
        document["sources"] = [{k: v for k, v in item.items() if k != "lag_seconds"} for item in sources]
        etag = hashlib.blake2b(json.dumps(document, sort_keys=True).encode(), digest_size=12).hexdigest()
        document |= {"sources": sources, "server_time": iso(now)}
        return Encoded.make(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(), JSON, etag)


def _failed(panel: Panel, error: Exception) -> Drawn:
    """{error, hint, ref}."""
    message, hint, ref = panel_failed(panel.name, error)
    shown = {
        "error": message or "this panel could not be made",
        "hint": hint or f"the server's log says why under {ref}",
        "ref": ref,
    }
    body = Encoded.make(json.dumps(shown, ensure_ascii=False).encode(), JSON)
    return Drawn(body, None, time.monotonic() + ERROR_KEPT_S)
