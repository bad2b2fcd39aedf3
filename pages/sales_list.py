"""`/sales/<list>`: one list of the sales page as a whole table: open deals, contracts, a kind of exception."""

from __future__ import annotations

from typing import Any

import dash
from dash import html

from components.desk.panel import message
from data_access.panels import PANELS
from data_access.sales import KINDS
from pages import _desk

FILTERS = ("period", "region", "segment", "owner")
TABLES = {"open_deals": {}, "contracts_due": {"whole": True}}
dash.register_page(__name__, path_template="/sales/<name>", title="Tandem", name="Sales list")  # type: ignore[no-untyped-call]


def layout(name: str = "", **url: Any) -> html.Div:
    """The page of one list; a name that is none says so."""
    panel = name if name in TABLES else "order_to_cash_exceptions"
    return _desk.show(
        "sales",
        f"/sales/{name}",
        url,
        lambda desk: [_content(desk, name)],
        filters=[one for one in FILTERS if one in PANELS[panel].filters],
        period="12m",
        crumbs=lambda desk: [
            (desk.view.t("nav.sales"), desk.view.link("/sales", status=None, stage=None)),
            (desk.view.t(f"sales.kind.{name}" if name in KINDS else PANELS[panel].title), None),
        ],
    )


def _content(desk: _desk.Desk, name: str) -> Any:
    if name in TABLES:
        return desk.draw(name, **TABLES[name])
    if name == "exceptions":
        return desk.draw("order_to_cash_exceptions")
    if name in KINDS:
        return desk.draw("order_to_cash_exceptions", kind=name)
    return message(desk.view, desk.view.t("desk.no_panel"), name[:60])
