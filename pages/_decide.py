"""HTTP routes of identity decisions: confirm, reject, split, undo. Who may use them is the guard's to say."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, request

from data_access.errors import QueryError
from data_access.export import to_json
from data_access.identity_decisions import IdentityDecision, SourceRecord, confirm, reject, split, undo
from data_access.identity_review import is_known
from pages._services import services

LARGEST_ID = 2**63 - 1


def blueprint() -> Blueprint:
    """POST /api/v1/identity/<kind> with {left, right, who, note} (records as source:id), or {decision, who} to undo."""
    routes = Blueprint("identity", __name__)

    @routes.post("/api/v1/identity/<kind>")
    def decide(kind: str) -> Response:
        body: Any = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise QueryError("a decision is {left, right, who}", "send JSON")
        made = _decided(kind, body)
        response = Response(to_json(asdict(made)), status=201, mimetype="application/json")
        response.headers["Cache-Control"] = "no-store"
        return response

    return routes


def _decided(kind: str, body: dict[str, Any]) -> IdentityDecision:
    state, who, note = services().state, _text(body, "who"), _text(body, "note", "")
    if kind == "undo":
        number = body.get("decision")
        if not isinstance(number, int) or isinstance(number, bool) or not 0 < number <= LARGEST_ID:
            raise QueryError('"decision" is missing', "send the decision's id")
        return undo(state, number, who, note)
    if kind == "split":
        if "right" in body:
            raise QueryError('a split takes one record out of its customer: it has no "right"', "send it as left alone")
        return split(state, _record(body, "left"), who, note)
    if kind in ("confirm", "reject"):
        act = confirm if kind == "confirm" else reject
        return act(state, _record(body, "left"), _record(body, "right"), who, note)
    raise QueryError(f'there is no decision "{kind[:40]}"', "confirm, reject, split or undo")


def _record(body: dict[str, Any], name: str) -> SourceRecord:
    source, _, source_id = _text(body, name).partition(":")
    known = [one.name for one in services().config.sources]
    if source not in known or not source_id:
        raise QueryError(f'"{name}" names no record', f"write source:id, with a source of {', '.join(known)}")
    record = SourceRecord(source, source_id)
    if not is_known(services().reader, record):
        raise QueryError(
            f'{source} has no customer "{source_id[:80]}"', "take source and id from the crosswalk on /quality"
        )
    return record


def _text(body: dict[str, Any], name: str, default: str | None = None) -> str:
    value = body.get(name, default)
    if not isinstance(value, str):
        raise QueryError(f'"{name}" is missing', "send it as text")
    return value
