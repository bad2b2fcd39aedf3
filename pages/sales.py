"""`/sales`: open deals, the quarter, order to cash and what is wrong with it, contracts to renew."""

from __future__ import annotations

from typing import Any

import dash
from dash import html

from pages import _desk

FILTERS = ("period", "region", "segment", "owner")
LISTS = ("won_without_order", "order_without_deal", "delivered_not_invoiced", "contracts_due")
dash.register_page(__name__, path="/sales", title="Tandem", name="Sales")  # type: ignore[no-untyped-call]


def layout(**url: Any) -> html.Div:
    """The page for what the URL says."""
    return _desk.show("sales", "/sales", url, _content, filters=FILTERS, period="12m")


def _content(desk: _desk.Desk) -> list[Any]:
    above = [desk.draw(name) for name in ("sales_kpis", "sales_stages", "sales_quarter", "order_to_cash")]
    return [*above, html.Div([desk.draw(name) for name in LISTS], className="sales-lists at-wide")]
