"""GET /metrics: Prometheus' text, for this machine or for who has the token."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, request

from data_access import gauges
from data_access.errors import ConfigError
from pages._errors import problem
from pages._hooks import Refused
from pages._services import Services, services

PATH = "/metrics"


def blueprint(refused: Refused) -> Blueprint:
    routes = Blueprint("metrics", __name__)

    @routes.get(PATH)
    def metrics() -> Response:
        held = services()
        body = gauges.exposition(held.config, held.state, held.reader, refused.counts())
        return Response(body, content_type=gauges.CONTENT_TYPE, headers={"Cache-Control": "no-store"})

    return routes


def refuse_strangers(held: Services) -> Response | None:
    """For a request from another machine: None with the right bearer token, else the refusal."""
    token = held.config.server.metrics_token
    if token is None:
        return problem(403, "metrics are for this machine only", "set server.metrics_token to read them from elsewhere")
    try:
        wanted = f"Bearer {token.reveal()}"
    except ConfigError:
        return problem(403, "the metrics token cannot be read here", "run doctor on the machine Tandem runs on")
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), wanted.encode()):
        response = problem(401, "the metrics token is missing or wrong", "Authorization: Bearer <server.metrics_token>")
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    return None
