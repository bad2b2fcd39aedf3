"""POST /hooks/<source>: signed notices of changes, verified before they are read and kept before they are answered."""

from __future__ import annotations

import threading
import time
from collections import Counter
from functools import lru_cache

from flask import Blueprint, Response, request

from data_access import hooks, inbox
from data_access.config import Config, Source
from data_access.connectors.profile import load_profile
from data_access.errors import ConfigError, QueryError
from data_access.export import to_json
from pages._errors import problem
from pages._pace import Pace
from pages._services import services

RATE, BURST = 50.0, 300.0  # deliveries of one address: a second, and at once


class Refused:
    """How many deliveries of each source were refused since the process started, by reason."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._count: Counter[tuple[str, str]] = Counter()

    def add(self, source: str, reason: str) -> None:
        with self._guard:
            self._count[(source, reason)] += 1

    def counts(self) -> dict[tuple[str, str], int]:
        with self._guard:
            return dict(self._count)


def blueprint(refused: Refused) -> Blueprint:
    """The route; who does not know a source's secret learns nothing but that."""
    routes, pace = Blueprint("hooks", __name__), Pace(RATE, BURST)

    @routes.post("/hooks/<source>")
    def hook(source: str) -> Response:
        config = services().config
        found = next((each for each in config.sources if each.name == source and each.hook_secret is not None), None)
        if not pace.allows(request.remote_addr or ""):
            refused.add(source if found else "", "too_many")
            response = problem(429, "too many deliveries at once", "send this one again in a second")
            response.headers["Retry-After"] = "1"
            return response
        if found is None:
            refused.add("", "unknown")
            return problem(404, "no webhook is set up under this name", "set hook_secret of that source")
        return _taken(config, found, refused)

    return routes


def _taken(config: Config, source: Source, refused: Refused) -> Response:
    """The answer to one delivery for a source that has a secret."""
    if (request.content_length or 0) > hooks.MAX_BODY:
        refused.add(source.name, "too_large")
        return problem(413, "a delivery may hold 1 MB", "send several")
    body = request.get_data(cache=False)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        scheme, secret = _scheme(config, source), source.hook_secret.reveal() if source.hook_secret else ""
        delivery = hooks.verify(scheme, secret, hooks.Delivery(headers, request.args.to_dict(), body), time.time())
    except hooks.Forged as error:
        refused.add(source.name, "forged")
        return problem(401, error.message, error.hint)
    except ConfigError:
        refused.add(source.name, "not_set_up")
        return problem(403, "this webhook's secret cannot be read here", "run doctor on the machine Tandem runs on")
    try:
        notices = hooks.parse(scheme, body)
    except QueryError as error:
        refused.add(source.name, "malformed")
        return problem(400, error.message, error.hint)
    new = inbox.receive(services().state, source.name, delivery, body.decode("utf-8", "replace"), notices)
    told = {"delivery": delivery, "notices": len(notices), "duplicate": not new}
    return Response(to_json(told), mimetype="application/json", headers={"Cache-Control": "no-store"})


def _scheme(config: Config, source: Source) -> str:
    path = str(config.folder / source.profile) if source.profile is not None else None
    return _scheme_of(path or source.system or "")


@lru_cache(maxsize=64)
def _scheme_of(profile: str) -> str:
    return load_profile(profile).hook.scheme
