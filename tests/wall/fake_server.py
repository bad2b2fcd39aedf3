"""A small server that shows the real wall with canned Results: the tool of the browser tests, and for looking.

python -m tests.wall.fake_server --scenario stale --port 8123     then open /wall?lang=zh
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import dash
from dash import Dash
from flask import Flask, Response, request
from werkzeug.serving import BaseWSGIServer, make_server

from components import assets, wall
from data_access.result import Result
from tests.wall import canned

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS: Mapping[str, Callable[[], dict[str, Result]]] = {
    "normal": canned.results,
    "stale": canned.results,
    "half": canned.results,
    "failing": canned.results,
    "error": canned.results,
    "starting": canned.results,
    "empty": canned.empty,
    "first_run": canned.first_run,
    "hostile": canned.hostile,
    "long": canned.long_names,
}
_DRAWN: dict[tuple[Any, ...], dict[str, dict[str, Any]]] = {}  # scenario, language, company and changes -> panels
AGES = {"stale": (192, 44), "half": (2, 44), "failing": (2, 4)}  # minutes since ERP and CRM were checked


class Lent:
    """What pages.wall borrows from its server, following the switches of the fake one."""

    def __init__(self, fake: FakeWall) -> None:
        self.fake = fake

    @property
    def company(self) -> Any:
        return self.fake.company

    def panels(self, lang: str) -> dict[str, dict[str, Any]]:
        return self.fake.inlined(lang)

    def states(self) -> dict[str, str]:
        return dict(self.fake.states)


class FakeWall:
    """The server and its switches; change attributes while it runs."""

    def __init__(self, scenario: str = "normal", *, inline: bool = True) -> None:
        self.scenario = scenario
        self.inline = inline
        self.company = canned.COMPANY
        self.app_version = assets.app_hash()
        self.version = 12
        self.broken: set[str] = {"risk"} if scenario == "error" else set()
        self.denied = self.soon = False
        self.states: dict[str, str] = {"today": "ok", "inventory": "ok"}
        self.started = monotonic()
        self.changed: dict[str, Callable[[dict[str, Result]], dict[str, Result]]] = {}
        self.requests: list[str] = []
        self.app = self._app()
        self.port = 0
        self._server: BaseWSGIServer | None = None

    def results(self, lang: str) -> dict[str, Result]:
        found = SCENARIOS[self.scenario]()
        for change in self.changed.values():
            found = change(found)
        return canned.renamed(found, canned.ZH) if lang == "zh" else found

    def panel(self, name: str, lang: str) -> dict[str, Any]:
        """As the browser gets it; the same rows have the same etag in every language."""
        return self.drawn(lang)[name] | {"etag": self.etag(self.drawn("en")[name])}

    def drawn(self, lang: str) -> dict[str, dict[str, Any]]:
        key = (self.scenario, lang, self.company.name, *self.changed.values())
        if key not in _DRAWN:
            results = self.results(lang)
            needed = {name: {key: results[key] for key in reads} for name, reads in wall.PANELS.items()}
            _DRAWN[key] = {name: wall.render(name, found, lang, self.company) for name, found in needed.items()}  # type: ignore[arg-type]
        return _DRAWN[key]

    @staticmethod
    def etag(payload: dict[str, Any]) -> str:
        return hashlib.blake2b(json.dumps(payload, sort_keys=True).encode(), digest_size=6).hexdigest()

    def document(self) -> dict[str, Any]:
        now = canned.NOW + timedelta(seconds=monotonic() - self.started)
        if self.scenario == "starting":
            progress = {"step": "build", "label": "Building core.customer", "done": 7, "total": 21}
            return {
                "version": None,
                "server_time": now.isoformat(),
                "timezone": self.company.timezone,
                "app": self.app_version,
                "phase": "starting",
                "soon": self.soon,
                "progress": progress,
                "sources": [],
                "panels": {},
                "scenes": {},
            }
        ages = AGES.get(self.scenario, (2, 4))
        states = {"stale": ("stale", "late"), "half": ("fresh", "late"), "failing": ("failing", "fresh")}
        status = states.get(self.scenario, ("fresh", "fresh"))
        sources = [
            {
                "name": name,
                "role": name,
                "status": status[i],
                "checked_at": (canned.NOW - timedelta(minutes=ages[i])).isoformat(),
                "newest_change_at": None,
                "lag_seconds": 60 * ages[i],
                "fresh_within_seconds": 1200 if name == "erp" else 1500,
            }
            for i, name in enumerate(("erp", "crm"))
        ]
        panels = {name: "broken" if name in self.broken else self.panel(name, "en")["etag"] for name in wall.PANELS}
        return {
            "version": self.version,
            "published_at": canned.NOW.isoformat(),
            "as_of": str(canned.TODAY),
            "server_time": now.isoformat(),
            "timezone": self.company.timezone,
            "app": self.app_version,
            "phase": "ready",
            "soon": self.soon,
            "progress": None,
            "sources": sources,
            "panels": panels,
            "scenes": dict(self.states),
        }

    def inlined(self, lang: str) -> dict[str, dict[str, Any]]:
        if not self.inline or self.scenario == "starting":
            return {}
        return {name: self.panel(name, lang) for name in wall.PANELS if name not in self.broken}

    def _app(self) -> Flask:
        server = Flask("fake_wall")
        self._routes(server)
        dash.page_registry.clear()
        app = Dash(
            "fake_wall",
            server=server,
            use_pages=True,
            pages_folder="",
            assets_folder=str(assets.ASSETS),
            assets_ignore=assets.ASSETS_IGNORE,
            external_scripts=assets.wall_scripts(),
            update_title="",
            title="Tandem",
        )
        import pages.wall as page

        dash.register_page("pages.wall", path="/wall", title="Tandem", layout=page.layout)
        app.layout = dash.page_container
        server.extensions[page.EXTENSION] = Lent(self)

        @server.after_request
        def guarded(response: Response) -> Response:
            # Dash registers its page router's inline script with the first request: ask for the hashes after it.
            scripts = "script-src 'self' " + " ".join(app.csp_hashes())
            rest = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
            response.headers["Content-Security-Policy"] = f"{rest}; {scripts}"
            return response

        return server

    def _routes(self, server: Flask) -> None:
        @server.get("/api/v1/version")
        def version() -> Response:
            self.requests.append("version")
            if self.denied:
                return Response("{}", 401)
            document = self.document()
            etag = '"' + self.etag({k: v for k, v in document.items() if k != "server_time"}) + '"'
            if request.headers.get("If-None-Match") == etag:
                return Response(status=304)
            return Response(json.dumps(document), mimetype="application/json", headers={"ETag": etag})

        @server.get("/wall/panel/<panel>.json")
        def panel(panel: str) -> Response:
            self.requests.append(panel)
            if panel in self.broken:
                return Response(
                    json.dumps({"error": "no", "hint": "", "ref": "7F2C"}), 500, mimetype="application/json"
                )
            return Response(json.dumps(self.panel(panel, request.args.get("lang", "en"))), mimetype="application/json")

        @server.get(assets.plotly_route())
        def bundle() -> Response:
            return Response(
                assets.PLOTLY_FILE.read_bytes(),
                mimetype="text/javascript",
                headers={"Cache-Control": "max-age=31536000, immutable"},
            )

    def start(self, port: int = 0) -> FakeWall:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = make_server("127.0.0.1", port or self.port, self.app, threaded=True)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", choices=sorted(SCENARIOS), default="normal")
    parser.add_argument("--port", type=int, default=8123)
    given = parser.parse_args()
    fake = FakeWall(given.scenario).start(given.port)
    print(f"{fake.url}/wall")
    threading.Event().wait()


if __name__ == "__main__":
    main()
