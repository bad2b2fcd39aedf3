"""`GET /api/v1/search?q=`: what the search box finds. Errors are JSON {error, hint}."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, request

from data_access import search
from data_access.export import to_json
from data_access.filters import parse
from data_access.reading import rows
from pages._services import services

PATHS = {"customer": "/customers/", "item": "/items/", "order": "/orders/"}


def blueprint() -> Blueprint:
    """The route; who may use it is the guard's to say."""
    routes = Blueprint("search", __name__)

    @routes.get("/api/v1/search")
    def find() -> Response:
        filters = parse({"search": request.args.get("q", "").strip()}, ("search",))
        result = search.hits(services().reader, filters=filters)
        found = [{**row, "href": PATHS[row["kind"]] + quote(row["id"], safe="")} for row in rows(result)]
        body = to_json({"hits": found, "version": result.version})
        return Response(body, mimetype="application/json", headers={"Cache-Control": "no-store"})

    return routes
