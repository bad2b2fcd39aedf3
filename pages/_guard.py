"""Who may see what, decided on the server before any route or callback runs.

Mode "open": everything on this machine; from anywhere else /healthz, signed notices for /hooks, /metrics with its
token, and the wall with a wall token. A request counts as from this machine only with a loopback peer, a loopback host
name and no forwarding header, so a proxy in front never opens more than that.
"""

from __future__ import annotations

import ipaddress
import json
import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit

import dash
from flask import Flask, Response, make_response, redirect, request

from pages import _metrics
from pages._callbacks import ROUTER, Malformed, check_body, is_routing, routed_path
from pages._errors import problem
from pages._services import Services

COOKIE = "tandem_wall"
COOKIE_AGE_S = 400 * 24 * 3600
MAX_BODY = 2 * 1024 * 1024
CALLBACK = "/_dash-update-component"
_FORWARDED = (
    "HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_X_CLIENT_IP", "HTTP_TRUE_CLIENT_IP", "HTTP_CF_CONNECTING_IP",
    "HTTP_X_ORIGINAL_HOST",
)  # fmt: skip
_HOOK = re.compile(r"/hooks/[a-z][a-z0-9_]*")
_WALL_FILES = ("/assets/", "/static/", "/_dash-component-suites/", "/wall/panel/")
_WALL_PATHS = ("/wall", "/api/v1/version", "/_dash-layout", "/_dash-dependencies", "/_favicon.ico")


def install(server: Flask, services: Services) -> None:
    """Registers the check before every other before-request function; `attach` completes it with the Dash app."""
    server.config["MAX_CONTENT_LENGTH"] = MAX_BODY

    @server.before_request
    def guard() -> Any:
        if request.method == "POST" and _HOOK.fullmatch(request.path):
            return None  # from anywhere, under any name: what is not signed goes no further than its route
        refused = _refuse_strange(services)
        if refused is not None:
            return refused
        if request.path == "/wall" and "token" in request.args:
            return _exchange_token(services)
        if is_local():
            return None
        if request.path == "/healthz" and request.method in ("GET", "HEAD"):
            return None
        if request.path == _metrics.PATH and request.method in ("GET", "HEAD"):
            return _metrics.refuse_strangers(services)
        return _wall_only(services)


def attach(server: Flask, app: dash.Dash) -> None:
    """Checks callback bodies against the callbacks `app` really has."""

    @server.before_request
    def callbacks() -> Any:
        if request.path != CALLBACK or request.method != "POST":
            return None
        try:
            body = check_body(request.get_json(silent=True), app.callback_map)
        except Malformed as error:
            return problem(400, f"not a request of this application: {error}", "reload the page")
        if is_local():
            return None
        if not is_routing(app.callback_map[body["output"]]) or routed_path(body) != "/wall":
            return problem(403, "a wall display sees only the wall", "open this page on the machine Tandem runs on")
        return None

    @server.after_request
    def only_own_callbacks(response: Response) -> Response:
        """A display is not told of callbacks it may not call."""
        if request.path == "/_dash-dependencies" and response.status_code == 200 and not is_local():
            known = json.loads(response.get_data())
            mine = [one for one in known if one["clientside_function"] or f'"{ROUTER}"' in json.dumps(one["inputs"])]
            response.set_data(json.dumps(mine))
        return response


def is_local() -> bool:
    """Whether this request surely comes from the machine itself."""
    if any(name in _FORWARDED or name.startswith("HTTP_X_FORWARDED") for name in request.environ):
        return False
    return _loopback(request.remote_addr or "") and _loopback(_host_name(request.host))


def _refuse_strange(services: Services) -> Response | None:
    """Foreign host names on loopback (DNS rebinding) and foreign origins on writes."""
    public, name = services.config.server.public_url, _host_name(request.host)
    if _loopback(request.remote_addr or "") and not _loopback(name):
        public_host = urlsplit(public).hostname if public else None
        if name not in (public_host, _own(services)):
            return problem(403, "this host name is not Tandem's", "use http://127.0.0.1, or set server.public_url")
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        if not _whole_characters():
            return problem(400, "the body has half a character", "send whole characters, as UTF-8")
        origin = request.headers.get("Origin")
        own = {request.host, urlsplit(public or "").netloc} - {""}
        if origin is not None and urlsplit(origin).netloc not in own:
            return problem(403, "another site may not act here", "open Tandem itself")
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return problem(403, "another site may not act here", "open Tandem itself")
    return None


def _whole_characters() -> bool:
    """Whether all texts of a JSON body can be written: JSON may hold halves of characters, a database cannot."""
    body = request.get_json(silent=True) if request.is_json else None
    try:
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _exchange_token(services: Services) -> Response:
    """/wall?token=... becomes a cookie and an address without the token."""
    token = request.args.get("token", "")
    if not services.tokens.valid(token):
        return problem(403, "this wall token is not valid", "ask for a new link: python app.py kiosk add NAME")
    rest = [(key, value) for key, value in request.args.items(multi=True) if key != "token"]
    response = make_response(redirect("/wall" + (f"?{urlencode(rest)}" if rest else ""), code=303))
    _set_cookie(response, token)
    response.headers["Cache-Control"] = "no-store"
    return response


def _wall_only(services: Services) -> Response | None:
    token = request.cookies.get(COOKIE, "")
    if not token:
        hint = "open it on the machine Tandem runs on, or open a wall link: python app.py kiosk add NAME"
        return problem(403, "from another machine only the wall can be seen", hint)
    if not services.tokens.valid(token):
        return problem(403, "this display's token was revoked", "ask for a new link: python app.py kiosk add NAME")
    path, method = request.path, request.method
    if method == "POST" and path == CALLBACK:
        return None
    if method in ("GET", "HEAD") and (path in _WALL_PATHS or path.startswith(_WALL_FILES)):
        return None
    return problem(403, "a wall display sees only the wall", "open this page on the machine Tandem runs on")


def _set_cookie(response: Response, token: str) -> None:
    secure = request.is_secure
    response.set_cookie(COOKIE, token, max_age=COOKIE_AGE_S, httponly=True, samesite="Lax", secure=secure, path="/")


def secure_headers(server: Flask, app: dash.Dash) -> None:
    """Content security policy and its companions on every answer; keeps a wall's cookie young."""
    scripts = " ".join(["'self'", *app.csp_hashes()])
    policy = (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
    always = [
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]

    @server.after_request
    def headers(response: Response) -> Response:
        response.headers.extend(always)
        cookie = request.cookies.get(COOKIE)
        if cookie and request.path == "/wall" and response.status_code == 200 and not is_local():
            _set_cookie(response, cookie)
        return response


def _own(services: Services) -> str | None:
    host = services.config.server.host
    return None if host in ("0.0.0.0", "::", "") else host


def _host_name(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


@lru_cache(maxsize=4096)
def _loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)
