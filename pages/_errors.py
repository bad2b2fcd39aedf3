"""Every error as JSON {error, hint} or a small page with the same two sentences; never a trace."""

from __future__ import annotations

import logging
import secrets

from dash.exceptions import DependencyException
from flask import Flask, Response, request
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from data_access.errors import (
    BusyError,
    Forbidden,
    NotFound,
    QueryError,
    TandemError,
    UnavailableError,
    WarehouseError,
)
from data_access.export import to_json

log = logging.getLogger("tandem.web")
_PAGE = (
    "<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
    "<title>Tandem</title><style>body{{font:16px/1.5 system-ui,sans-serif;margin:12vh auto;max-width:34rem}}"
    "h1{{font-size:1.25rem}}</style><h1>{error}</h1><p>{hint}</p></html>"
)
_HINTS = {
    404: "check the address",
    405: "this address takes another method",
    413: "send less",
    400: "check the request",
    415: "send JSON",
}


def problem(status: int, error: str, hint: str) -> Response:
    """The error as the caller reads it: a page for a browser's navigation, JSON for everything else."""
    if wants_page():
        response = Response(_PAGE.format(error=escape(error), hint=escape(hint)), status=status, mimetype="text/html")
    else:
        response = Response(to_json({"error": error, "hint": hint}), status=status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def panel_failed(panel: str, error: Exception) -> tuple[str, str, str]:
    """(message, hint, reference) of one panel's failure, for whoever looks at it; both are empty when nobody foresaw
    it. The log says more under the same reference: a foreseen error in one line, others with their trace."""
    ref = secrets.token_hex(4)
    if isinstance(error, TandemError):
        log.error("panel %s failed, ref %s: %s", panel, ref, error.line())
        return error.message, error.hint, ref
    log.error("panel %s failed, ref %s", panel, ref, exc_info=error)
    return "", "", ref


def wants_page() -> bool:
    machine = request.path.startswith(("/api/", "/hooks/", "/wall/", "/_dash", "/healthz", "/metrics"))
    return request.method == "GET" and not machine and "text/html" in request.headers.get("Accept", "")


def install(server: Flask) -> None:
    """Registers the handlers."""

    @server.errorhandler(TandemError)
    def known(error: TandemError) -> Response:
        status = 500
        if isinstance(error, Forbidden):
            status = 403
        elif isinstance(error, BusyError):
            status = 429
        elif isinstance(error, (WarehouseError, UnavailableError)):
            status = 503
        elif isinstance(error, QueryError):
            status = 404 if isinstance(error, NotFound) else 400
        if status == 500:
            log.error("%s %s: %s", request.method, request.path, error.line())
        return problem(status, error.message, error.hint)

    @server.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response | HTTPException:
        code = error.code or 500
        if code < 400:
            return error
        return problem(code, (error.name or "error").lower(), _HINTS.get(code, "see the server's log"))

    @server.errorhandler(RecursionError)
    def deep(_: RecursionError) -> Response:
        return problem(400, "the request is nested too deeply", "send a plain document")

    @server.errorhandler(DependencyException)
    def no_file(_: DependencyException) -> Response:
        return problem(404, "there is nothing at this address", _HINTS[404])

    @server.errorhandler(Exception)
    def unknown(error: Exception) -> Response:
        ref = secrets.token_hex(4)
        log.error("%s %s failed, ref %s", request.method, request.path, ref, exc_info=error)
        return problem(500, "something went wrong here", f"the server's log says why under {ref}")
