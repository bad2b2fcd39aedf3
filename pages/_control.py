"""POST /api/v1/sync/<action>, and the feeds as they stand: what the people in front of this machine may tell the sync
process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from data_access import control, feed_state
from data_access.errors import QueryError
from data_access.export import to_json
from pages._services import services


def blueprint() -> Blueprint:
    """The routes; that they are asked from this machine is the guard's to see to."""
    routes = Blueprint("control", __name__)

    @routes.get("/api/v1/feeds")
    def listed() -> Response:
        held = services()
        known, waiting = feed_state.feeds(held.config, held.state), feed_state.backlog(held.config, held.state)
        return _json({"feeds": [feed.document() for feed in known], "backlog": waiting.document()})

    @routes.post("/api/v1/sync/<action>")
    def act(action: str) -> Response:
        body: Any = request.get_json(silent=True) if request.is_json else None
        asked = _asked(body)
        held, who = services(), f"page {request.remote_addr}"
        made = control.ask(
            held.config, held.state, action, asked.source, asked.stream, who,
            accept_deletes=asked.accept_deletes, keys=asked.keys,
        )  # fmt: skip
        return _json({"request": made, "action": action, "source": asked.source, "stream": asked.stream}, 202)

    return routes


@dataclass(frozen=True)
class Asked:
    """What a body says; `keys`: the rows to pull."""

    source: str
    stream: str | None
    accept_deletes: bool
    keys: list[str]


def _asked(body: Any) -> Asked:
    """The JSON body; QueryError when it is none."""
    known = {"source", "stream", "accept_deletes", "keys"}
    if not isinstance(body, dict) or not isinstance(body.get("source"), str) or body.keys() - known:
        raise QueryError("a request is {source, stream}", "send JSON; stream may be left out")
    stream, agreed = body.get("stream"), body.get("accept_deletes", False)
    if not isinstance(stream, str | None) or not isinstance(agreed, bool):
        raise QueryError("stream is a text, accept_deletes true or false", "leave out what you do not need")
    keys = body.get("keys", [])
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise QueryError("keys are a list of texts", "leave them out for all that a comparison finds")
    return Asked(body["source"], stream or None, agreed, keys)


def _json(body: object, status: int = 200) -> Response:
    return Response(to_json(body), status=status, mimetype="application/json", headers={"Cache-Control": "no-store"})
