"""Scripts, styles and fonts: compressed once, immutable under an address that carries their hash."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dash
from flask import Flask, Response, request
from werkzeug.security import safe_join

from components.assets import ASSETS
from data_access.cache import SingleFlight
from pages._bytes import Encoded
from pages._errors import problem

IMMUTABLE = "public, max-age=31536000, immutable"
_SUITES = "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"
KEPT = "public, max-age=86400"
_FINGERPRINT = re.compile(r"\.v[\w-]+m\w+\.")
_files = SingleFlight(300)


def install(server: Flask, app: dash.Dash) -> None:
    """Adds /static and puts Dash's own files (assets, component bundles) behind the same compressed answers."""

    @server.get("/static/<digest>/<path:name>")
    def static_file(digest: str, name: str) -> Response:
        found = _encoded(name)
        if found is None or found.etag != digest:
            return problem(404, "there is no such file", "reload the page")
        return found.answer(request, IMMUTABLE)

    original: Callable[..., Any] = server.view_functions[_SUITES]

    def suites(package_name: str, fingerprinted_path: str) -> Response:
        def make() -> Encoded:
            response: Response = original(package_name, fingerprinted_path)
            mimetype = response.mimetype or "application/octet-stream"
            return Encoded.make(response.get_data(), mimetype, quality=9)

        found: Encoded = _files.get(("suite", package_name, fingerprinted_path), make)
        return found.answer(request, IMMUTABLE if _FINGERPRINT.search(fingerprinted_path) else "no-cache")

    server.view_functions[_SUITES] = suites
    assets = next(name for name in server.view_functions if name.endswith("dash_assets.static"))

    def asset(filename: str) -> Response:
        found = _encoded(filename)
        if found is None:
            return problem(404, "there is no such file", "reload the page")
        lasting = KEPT if filename.endswith((".woff2", ".svg")) else "no-cache"
        return found.answer(request, IMMUTABLE if "m" in request.args else lasting)

    server.view_functions[assets] = asset


def _encoded(name: str) -> Encoded | None:
    """The file of assets/ with its content hash as ETag; None when there is none."""
    places = [safe_join(str(ASSETS), name), safe_join(str(ASSETS / "vendor"), name)]
    path = next((Path(place) for place in places if place is not None and Path(place).is_file()), None)
    if path is None:
        return None
    stat = path.stat()

    def make() -> Encoded:
        raw = path.read_bytes()
        mimetype = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return Encoded.make(raw, mimetype, hashlib.blake2b(raw, digest_size=8).hexdigest(), quality=9)

    return _files.get(("asset", name, stat.st_mtime_ns, stat.st_size), make)  # type: ignore[no-any-return]
