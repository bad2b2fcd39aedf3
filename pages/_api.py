"""HTTP routes beside Dash's: version, wall bytes, panels, metrics, health. Errors are JSON {error, hint}."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from data_access import health
from data_access.clock import iso, utc_now
from data_access.export import to_json
from data_access.feed_state import backlog
from data_access.panels import PANELS, describe
from data_access.state import DAMAGED
from pages._errors import problem
from pages._feed import JSON, Feed
from pages._services import services

LANGUAGES = ("en", "zh")


def blueprint(feed: Feed) -> Blueprint:
    """The routes, answered from `feed` and the application's services."""
    routes = Blueprint("api", __name__)

    @routes.get("/healthz")
    def healthz() -> Response:
        return _health()

    @routes.get("/api/v1/version")
    def version() -> Response:
        response = feed.next_version(request).answer(request, "no-cache")
        response.headers["X-Server-Time"] = iso(utc_now())
        return response

    @routes.get("/wall/panel/<name>.json")
    def wall_panel(name: str) -> Response:
        lang = request.args.get("lang") or services().config.company.language
        if lang not in LANGUAGES:
            return problem(400, f'there is no language "{lang[:20]}"', "use lang=en or lang=zh")
        if not services().reader.ready:
            return problem(503, "no version of the warehouse is published yet", "the first sync is running")
        found = feed.panel(name, lang)
        return found.body.answer(request, "no-cache", 200 if found.payload else 500)

    @routes.get("/api/v1/panels")
    def panels() -> Response:
        return _json({"panels": [describe(panel) for panel in PANELS.values()]})

    @routes.get("/api/v1/metrics")
    def metrics() -> Response:
        return _json({"metrics": _metrics()})

    @routes.route("/api/<path:rest>", methods=["GET", "POST"])
    @routes.route("/wall/<path:rest>", methods=["GET"])
    @routes.route("/hooks/<path:rest>", methods=["GET", "POST"])
    def nothing(rest: str) -> Response:
        return problem(404, "there is nothing at this address", "/api/v1/panels lists the panels")

    return routes


def _health() -> Response:
    held = services()
    found = health.sources(held.config, held.state)
    ready, worst = held.reader.ready, health.worst(found)
    damaged = held.state.fact(DAMAGED)
    body: dict[str, Any] = {
        "status": "starting" if not ready else "ok" if worst in ("fresh", "late") and not damaged else "degraded",
        "version": held.reader.version if ready else None,
        "published_at": held.reader.manifest["published_at"] if ready else None,
        "sources": [item.document(with_error=True) for item in found],
        "damaged_version": damaged,
        "backlog": backlog(held.config, held.state).document(),
    }
    return _json(body, 200 if ready else 503)


def _metrics() -> Any:
    from data_access.metrics import listed

    reader = services().reader
    return listed(reader.manifest if reader.ready else {})


def _json(body: object, status: int = 200) -> Response:
    response = Response(to_json(body), status=status, mimetype=JSON)
    response.headers["Cache-Control"] = "no-store"
    return response
