"""`/items/<product_id>`: one item, what is held of it, who waits for it, and when it can be had."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import dash
from dash import html

from components.desk.panel import message
from components.rows import records
from pages import _desk, _promise
from pages._record import record_links

PANELS = ("item_sold", "item_warehouses", "item_ahead", "item_waiting", "item_receipts", "item_moves")
dash.register_page(__name__, path_template="/items/<product_id>", title="Tandem", name="Item")  # type: ignore[no-untyped-call]


def layout(product_id: str = "", **url: Any) -> html.Div:
    """The page of one item; one that is not known says so."""
    return _desk.show(
        "item",
        f"/items/{product_id}",
        url,
        _content,
        extras=_promise.FIELDS,
        ids={"item": unquote(product_id)},
        crumbs=_crumbs,
        actions=lambda desk: [_promise.action(desk)],
    )


def _content(desk: _desk.Desk) -> Any:
    found = records(desk.read("item")["item"])
    if not found:
        more = desk.view.t("item.unknown_more", id=desk.view.ids["item"])
        return message(desk.view, desk.view.t("item.unknown"), more)
    links = record_links(desk, ("product", desk.view.ids["item"]))
    made = [desk.draw("item", links=links), *(desk.draw(name) for name in PANELS)]
    made += [
        desk.draw(name)
        for name, rows in (("item_parts", "parts"), ("item_used_in", "used_in"))
        if not desk.read(name)[rows].frame.empty
    ]
    return [*made, *_promise.drawer(desk, found[0]["sku"] or found[0]["product_id"], fixed=True)]


def _crumbs(desk: _desk.Desk) -> list[tuple[str, str | None]]:
    view = desk.view
    found = records(desk.read("item")["item"])
    crumbs: list[tuple[str, str | None]] = [(view.t("nav.inventory"), view.link("/inventory"))]
    if found:
        crumbs.append((found[0]["category"], view.link("/", category=found[0]["category"])))
    return [*crumbs, (found[0]["sku"] or found[0]["name"] if found else desk.view.ids["item"], None)]
