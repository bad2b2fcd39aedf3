"""`/customers/<customer_id>`: everything both systems know of one customer."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import dash
from dash import html

from components.customer.signals import short
from components.desk.panel import message
from components.rows import records
from pages import _desk, _promise
from pages._record import record_links

LEFT = ("customer_timeline", "customer_orders", "customer_basket", "customer_open_lines")
RIGHT = ("customer_offer", "customer_mix", "customer_deals", "customer_receivables", "customer_tickets")
dash.register_page(  # type: ignore[no-untyped-call]
    __name__, path_template="/customers/<customer_id>", title="Tandem", name="Customer"
)


def layout(customer_id: str = "", **url: Any) -> html.Div:
    """The page of one customer; one that does not exist says so."""
    known = unquote(customer_id)
    return _desk.show(
        "customer",
        f"/customers/{customer_id}",
        url,
        _content,
        filters=("period",),
        extras=_promise.FIELDS,
        ids={"customer": known},
        crumbs=_crumbs,
        actions=lambda desk: [_promise.action(desk)],
        period="12w",
    )


def _content(desk: _desk.Desk) -> Any:
    if not _name(desk):
        return message(desk.view, desk.view.t("customer.none"), desk.view.t("customer.none_more"))
    columns = [html.Div([desk.draw(name) for name in names], className=f"customer-{side}")
               for side, names in (("left", LEFT), ("right", RIGHT))]  # fmt: skip
    links: Any = desk.read("customer_identity")["identity"].notes["links"]
    records_of = record_links(desk, *(("customer", f"{one['source']}:{one['source_id']}") for one in links))
    body = html.Div([desk.draw("customer_identity", records_of=records_of), *columns], className="customer-page")
    usual = _usual(desk)
    return [body, *_promise.drawer(desk, usual[0][0] if usual else "", items=usual)]


def _usual(desk: _desk.Desk) -> list[tuple[str, str]]:
    """(SKU, name) of what the customer will ask for: what waits, then what is bought most often."""
    rows = [one for name, read in (("customer_open_lines", "open_lines"), ("customer_basket", "basket"))
            for one in records(desk.read(name)[read])]  # fmt: skip
    return list(dict.fromkeys((one["sku"], one["name"]) for one in rows if one["sku"]))


def _crumbs(desk: _desk.Desk) -> list[tuple[str, str | None]]:
    name = short(_name(desk) or desk.view.t("customer.none"), 60)
    return [(desk.view.t("nav.customers"), desk.view.link("/customers", period=None)), (name, None)]


def _name(desk: _desk.Desk) -> str:
    found = records(desk.read("customer_identity")["identity"])
    return str(found[0]["name"]) if found else ""
