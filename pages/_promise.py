"""When can I have it: `/api/v1/promise`, and the panel that order, item and customer pages share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dash import html
from flask import Blueprint, Response, request

from components.promise import Asked, section
from data_access import promise
from data_access.access import EVERYONE
from data_access.clock import iso
from data_access.errors import NotFound, QueryError
from data_access.export import plain, to_json
from data_access.planning.promise import Rung
from pages._services import services

if TYPE_CHECKING:
    from pages._desk import Desk

ASKED = ("sku", "quantity", "warehouse", "line")
FIELDS = ("promise_item", "promise_qty", "promise_wh")  # of the URL: what stands in the panel's fields


def panel(
    desk: Desk,
    suggested: Asked,
    *,
    items: Sequence[tuple[str, str]] = (),
    lines: Mapping[str, str] | None = None,
    area: str = "",
    close: str | None = None,
) -> Any:
    """The panel for what the URL asks, else for what the page suggests. items: (sku, name) offered while typing;
    lines: sku -> the open order line that asks for its own goods; close: where its x leads."""
    view, snapshot = desk.view, desk.snapshot
    item, quantity, warehouse = (view.extra.get(name, "").strip() for name in FIELDS)
    places = promise.warehouses(snapshot)
    asked = replace(
        suggested,
        sku=suggested.sku if suggested.fixed else item or suggested.sku,
        quantity=quantity or suggested.quantity,
        warehouse=warehouse or suggested.warehouse or (places[0].code if places else ""),
    )
    own = next((line for sku, line in (lines or {}).items() if sku.casefold() == asked.sku.casefold()), None)
    answer: promise.Answer | None = None
    problem: tuple[str, str] | None = None
    try:
        if asked.sku:
            answer = promise.ask(
                snapshot, EVERYONE, sku=asked.sku, quantity=asked.quantity, warehouse=asked.warehouse, line_id=own
            )
            asked = replace(asked, warehouse=answer.warehouse.code, own=own is not None)
    except NotFound as error:
        problem = view.t("promise.not_found", text=asked.sku), view.t("promise.near", names=", ".join(error.near))
    except QueryError:
        problem = view.t("promise.bad_quantity", text=asked.quantity), view.t("promise.bad_quantity_more")
    if not places:
        problem = view.t("promise.no_warehouse"), ""
    return section(view, asked, answer, problem, warehouses=places, items=items, area=area, close=close)


def action(desk: Desk) -> Any:
    """The button that opens the question as a drawer, and closes it again."""
    view = desk.view
    asked = "promise_qty" in view.extra
    href = view.link(**dict.fromkeys(FIELDS)) if asked else view.link(promise_qty="1")
    return html.A(view.t("promise.title"), href=href, className="btn plain" + (" on" if asked else ""))


def drawer(desk: Desk, sku: str = "", *, fixed: bool = False, items: Sequence[tuple[str, str]] = ()) -> list[Any]:
    """The question over the page, while the URL asks it."""
    if "promise_qty" not in desk.view.extra:
        return []
    close = desk.view.link(**dict.fromkeys(FIELDS))
    return [panel(desk, Asked(sku, "1", "", fixed=fixed), items=items, area="drawer", close=close)]


def blueprint() -> Blueprint:
    """The route, answered from the version serving now."""
    routes = Blueprint("promise", __name__)

    @routes.get("/api/v1/promise")
    def when() -> Response:
        given = {name: request.args.get(name, "").strip() for name in request.args}
        for name in given:
            if name not in ASKED:
                raise QueryError(f'there is no parameter "{name[:60]}" here', f"it takes: {', '.join(ASKED)}")
            if len(request.args.getlist(name)) > 1:
                raise QueryError(f'"{name}" is given more than once', "ask for one item at a time")
        for name in ("sku", "quantity"):
            if not given.get(name):
                raise QueryError(f'"{name}" is missing', "ask like ?sku=...&quantity=300&warehouse=...")
        found = promise.ask(
            services().reader,
            EVERYONE,
            sku=given["sku"],
            quantity=given["quantity"],
            warehouse=given.get("warehouse"),
            line_id=given.get("line") or None,
        )
        response = Response(to_json(document(found)), mimetype="application/json")
        response.headers["Cache-Control"] = "no-store"
        return response

    return routes


def document(found: promise.Answer) -> dict[str, Any]:
    """The answer's JSON form: quantities in the item's base unit, ISO dates; `free` null = as much as one likes."""
    answer, item = found.promise, found.item
    decides = answer.decides
    return {
        "sku": found.sku,
        "product_id": found.product_id,
        "name": found.name,
        "uom": found.uom,
        "quantity": number(answer.quantity),
        "warehouse": {"code": found.warehouse.code, "name": found.warehouse.name},
        "today": item.today.isoformat(),
        "earliest": plain(answer.day),
        "days": None if answer.day is None else (answer.day - item.today).days,
        "missing": number(answer.missing),
        "decides": None if decides is None else _supply(decides, found),
        "supplies": [_supply(rung, found) for rung in answer.rungs],
        "split": [{"date": day.isoformat(), "quantity": number(part)} for day, part in answer.split],
        "not_counted": [
            {"kind": one.kind, "document": one.document, "date": plain(one.day), "quantity": number(one.quantity)}
            for one in answer.ignored
        ],
        "transfer_days": item.transfer_days,
        "lead_time_days": item.lead_time_days,
        "as_of": iso(found.result.as_of),
        "sources": list(found.result.sources),
        "version": found.result.version,
    }


def _supply(rung: Rung, found: promise.Answer) -> dict[str, Any]:
    place = found.place(rung.warehouse)
    return {
        "kind": rung.kind,
        "date": rung.day.isoformat(),
        "warehouse": place.code if place else None,
        "document": rung.document,
        "supplier": rung.supplier,
        "quantity": number(rung.quantity),
        "free": number(rung.free),
        "used": number(rung.used),
        "adds_up_to": number(rung.total),
        "decides": rung.decides,
        "waits_for": rung.waits_for,
        "begins": plain(rung.begins),
    }


def number(value: Decimal | None) -> int | float | None:
    """A quantity as JSON: whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)
