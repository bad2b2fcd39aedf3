"""`/`: what sells against what is held, by category, region and item."""

from __future__ import annotations

from typing import Any

import dash
from dash import html

from pages import _desk

FILTERS = ("period", "region", "category", "warehouse", "owner")
dash.register_page(__name__, path="/", title="Tandem", name="Overview")  # type: ignore[no-untyped-call]


def layout(**url: Any) -> html.Div:
    """The page for what the URL says."""
    return _desk.show("overview", "/", url, _content, filters=FILTERS)


def _content(desk: _desk.Desk) -> list[Any]:
    return [desk.draw(name) for name in ("desk_kpis", "desk_runway", "regions", "items")]
