"""`/outcomes`: sales, operating cost, delivery and satisfaction against the baseline the company set."""

from __future__ import annotations

from typing import Any

import dash
from dash import html

from pages import _desk

PANELS = ("outcome_board", "outcome_sales", "outcome_cost", "outcome_delivery", "outcome_service")
dash.register_page(__name__, path="/outcomes", title="Tandem", name="Outcomes")  # type: ignore[no-untyped-call]


def layout(**url: Any) -> html.Div:
    """The page for what the URL says."""
    return _desk.show("outcomes", "/outcomes", url, lambda desk: [desk.draw(name) for name in PANELS])
