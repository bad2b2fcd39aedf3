"""`/orders/<order_id>`: one order from quote to payment, its lines against stock, and when it can be had."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import dash
from dash import html

from components.desk.panel import message
from components.promise import Asked, quantity
from components.rows import number, records
from pages import _desk, _promise
from pages._record import record_links

dash.register_page(__name__, path_template="/orders/<order_id>", title="Tandem", name="Order")  # type: ignore[no-untyped-call]


def layout(order_id: str = "", **url: Any) -> html.Div:
    """The page of one order; one that is not known says so."""
    name = unquote(order_id)
    return _desk.show(
        "order",
        f"/orders/{order_id}",
        url,
        _content,
        extras=_promise.FIELDS,
        ids={"order": name},
        crumbs=_crumbs,
    )


def _content(desk: _desk.Desk) -> Any:
    lines = records(desk.read("order_lines")["lines"])
    if not lines:
        more = desk.view.t("order.unknown_more", id=desk.view.ids["order"])
        return message(desk.view, desk.view.t("order.unknown"), more)
    return [
        desk.draw("order", links=record_links(desk, ("order", desk.view.ids["order"]))),
        desk.draw("order_track"),
        desk.draw("order_lines"),
        _ask(desk, lines),
        desk.draw("order_deal", link=_deal_link(desk)),
        desk.draw("order_events"),
        desk.draw("order_invoices"),
    ]


def _deal_link(desk: _desk.Desk) -> Any:
    deals = records(desk.read("order_deal")["deal"])
    return next(iter(record_links(desk, ("opportunity", deals[0]["opportunity_id"]))), None) if deals else None


def _ask(desk: _desk.Desk, lines: list[dict[str, Any]]) -> Any:
    """The question, suggested for the open line that waits longest, else for the first item of the order."""
    held = [one for one in lines if one["sku"]]
    waiting = [one for one in held if one["status"] == "open" and number(one["quantity"]) > 0]
    first = max(waiting, key=lambda one: (not one["likely_known"], number(one["likely_days_late"])), default=None)
    first = first or next(iter(held), None)
    suggested = Asked("", "1", "")
    if first:
        left = number(first["quantity"]) - number(first["shipped_quantity"])
        suggested = Asked(
            first["sku"],
            quantity(left if left > 0 else abs(first["quantity"])).replace(",", ""),
            first["warehouse"] or "",
        )
    items = list(dict.fromkeys((one["sku"], one["name"]) for one in held))
    return _promise.panel(
        desk, suggested, items=items, lines={one["sku"]: one["line_id"] for one in waiting}, area="at-ask"
    )


def _crumbs(desk: _desk.Desk) -> list[tuple[str, str | None]]:
    view = desk.view
    found = records(desk.read("order")["order"])
    crumbs: list[tuple[str, str | None]] = [(view.t("nav.customers"), view.link("/customers"))]
    if found and found[0]["customer_id"]:
        crumbs.append((found[0]["customer"] or "–", view.customer(found[0]["customer_id"])))
    return [*crumbs, (found[0]["order_no"] if found else desk.view.ids["order"], None)]
