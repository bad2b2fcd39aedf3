"""`/production`: from demand to a plan that says what to do, with its load, and how good the forecast is."""

from __future__ import annotations

from typing import Any

import dash
from dash import html

from pages import _desk

FILTERS = ("category", "sku")
PANELS = (
    "production_kpis", "schedule", "fan", "messages", "proposal", "load", "scenarios", "cover_weeks", "honesty",
    "demand_months", "demand_parts", "pegging",
)  # fmt: skip
dash.register_page(__name__, path="/production", title="Tandem", name="Production")  # type: ignore[no-untyped-call]


def layout(**url: Any) -> html.Div:
    """The page for what the URL says."""
    return _desk.show("production", "/production", url, _content, filters=FILTERS)


def _content(desk: _desk.Desk) -> list[Any]:
    chosen = bool(desk.view.filters.values("propose"))
    return [desk.draw(name) for name in PANELS if name != "proposal" or chosen]
