"""`/inventory`: sales against what is held: deals and campaigns, kinds and age of stock, covers, moves, orders."""

from __future__ import annotations

from typing import Any

import dash
from dash import html

from pages import _desk

FILTERS = ("region", "category", "warehouse", "owner")
PANELS = (
    "inventory_kpis", "pipeline_stock", "campaign_stock", "abc_xyz", "stock_age", "old_stock", "speed_cover",
    "warehouse_cover", "do_next", "stock_moves", "open_orders",
)  # fmt: skip
dash.register_page(__name__, path="/inventory", title="Tandem", name="Inventory")  # type: ignore[no-untyped-call]


def layout(**url: Any) -> html.Div:
    """The page for what the URL says."""
    return _desk.show("inventory", "/inventory", url, _content, filters=FILTERS, period="26w")


def _content(desk: _desk.Desk) -> list[Any]:
    return [desk.draw(name) for name in PANELS]
