"""The vendored chart bundle: where it lies, and the hashed address under which it is served for ever."""

from __future__ import annotations

import re
from functools import cache
from hashlib import blake2b
from pathlib import Path

ASSETS = Path(__file__).resolve().parents[1] / "assets"
PLOTLY_VERSION = "4.1.1"  # equal to plotly.offline.get_plotlyjs_version(): a test ties them
PLOTLY_FILE = ASSETS / "vendor" / f"plotly-cartesian-{PLOTLY_VERSION}.min.js"
ASSETS_IGNORE = (
    r"^plotly-cartesian-.*\.min\.js$"  # for Dash(assets_ignore=...): Dash would send it uncompressed on every page
)
LOADED = re.compile(r"\.(css|js)$")


@cache
def plotly_hash() -> str:
    """Content hash of the bundle."""
    return blake2b(PLOTLY_FILE.read_bytes(), digest_size=8).hexdigest()


def plotly_route() -> str:
    """The route the web server answers with the bundle: precompressed, immutable."""
    return f"/static/{plotly_hash()}/{PLOTLY_FILE.name}"


def wall_scripts() -> list[dict[str, str]]:
    """For Dash(external_scripts=...): from this server all the same."""
    return [{"src": plotly_route()}]


@cache
def app_hash() -> str:
    """Changes when any style or script of ours changes: a wall reloads itself once when it does."""
    digest = blake2b(digest_size=8)
    for path in sorted(p for p in ASSETS.rglob("*") if LOADED.search(p.name)):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
