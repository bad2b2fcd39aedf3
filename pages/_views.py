"""HTTP routes of saved views: list, keep, remove. Errors are JSON {error, hint}."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, request

from data_access.errors import QueryError
from data_access.export import to_json
from data_access.saved_views import list_views, remove_view, save_view
from pages._errors import problem
from pages._services import services

LARGEST_ID = 2**63 - 1


def blueprint() -> Blueprint:
    """The routes; who may use them is the guard's to say."""
    routes = Blueprint("views", __name__)

    @routes.get("/api/v1/views")
    def listed() -> Response:
        return _json({"views": [asdict(view) for view in list_views(services().state)]})

    @routes.post("/api/v1/views")
    def kept() -> Response:
        body: Any = request.get_json(silent=True)
        if not isinstance(body, dict) or not all(isinstance(body.get(key), str) for key in ("name", "address")):
            raise QueryError("a view is {name, address}", "send both as text")
        return _json(asdict(save_view(services().state, body["name"], body["address"])), 201)

    @routes.delete("/api/v1/views/<int:view_id>")
    def removed(view_id: int) -> Response:
        if view_id > LARGEST_ID or not remove_view(services().state, view_id):
            return problem(404, "there is no such view", "it may be removed already")
        return _json({"removed": view_id})

    return routes


def _json(body: object, status: int = 200) -> Response:
    return Response(to_json(body), status=status, mimetype="application/json", headers={"Cache-Control": "no-store"})
