"""`/api/v1/promise`: when can I have it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, request

from data_access import promise
from data_access.access import EVERYONE
from data_access.clock import iso
from data_access.errors import QueryError
from data_access.export import plain, to_json
from data_access.planning.promise import Rung
from pages._services import services

ASKED = ("sku", "quantity", "warehouse", "line")


def blueprint() -> Blueprint:
    """The route, answered from the version serving now."""
    routes = Blueprint("promise", __name__)

    @routes.get("/api/v1/promise")
    def when() -> Response:
        given = {name: request.args.get(name, "").strip() for name in request.args}
        for name in given:
            if name not in ASKED:
                raise QueryError(f'there is no parameter "{name[:60]}" here', f"it takes: {', '.join(ASKED)}")
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
    """The answer's JSON form: quantities in the item's base unit, days as ISO dates; `free` null = as much as one likes."""
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
    }


def number(value: Decimal | None) -> int | float | None:
    """A quantity as JSON: whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)
