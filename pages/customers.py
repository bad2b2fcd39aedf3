"""`/customers`: who buys, who buys less, and who may leave."""

from __future__ import annotations

from typing import Any

import dash
from dash import html

from pages import _desk

FILTERS = ("search", "period", "region", "rfm", "owner", "risk")
PANELS = ("customer_segments", "customer_largest", "customer_falling", "customer_list")
dash.register_page(__name__, path="/customers", title="Tandem", name="Customers")  # type: ignore[no-untyped-call]


def layout(**url: Any) -> html.Div:
    """The page for what the URL says."""
    return _desk.show("customers", "/customers", url, _content, filters=FILTERS, period="12m")


def _content(desk: _desk.Desk) -> html.Div:
    return html.Div([desk.draw(name) for name in PANELS], className="customers-page")
