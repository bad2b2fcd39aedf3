"""The company in ERPNext's standard DocTypes, with the fields those have."""

from __future__ import annotations

import random
from typing import Any

from tests.simulator.entities import Company, Entity, always
from tests.simulator.erpnext import ERPNext
from tests.simulator.erpnext_fields import DOCTYPES
from tests.simulator.frappe_doctype import OF_CHILD, STANDARD, DocType
from tests.simulator.store import Row
from tests.simulator.truth import TITLES, Truth

WAREHOUSE = "主仓 - KM"
STATUSES = {"draft": "Draft", "open": "To Deliver and Bill", "done": "Completed", "cancelled": "Cancelled"}
DOCSTATUS = {"draft": 0, "cancelled": 2}


class DocumentEntity(Entity):
    """lines: the child DocType and the table field; a copy takes its lines along."""

    key = "name"

    def __init__(self, *args: Any, lines: tuple[DocType, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines

    def values(self, row: Row) -> Row:
        copied = own(row)
        if self.lines is not None:
            child, field = self.lines
            mine = sorted((line for line in child.rows if line["parent"] == row["name"]), key=lambda line: line["idx"])
            copied[field] = [own(line) for line in mine]
        return copied

    def change_line(self, rng: random.Random) -> Any:
        """As a delivery does it: straight into the line, the order's own row stays as it is."""
        assert self.lines is not None and self.alter_line is not None
        child, _ = self.lines
        line = rng.choice(child.rows)["name"]
        child.set_value(line, self.alter_line(rng))
        return line


def own(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in (*STANDARD, *OF_CHILD)}


def load_erpnext(erp: ERPNext, truth: Truth) -> Company:
    types = {n: erp.doctype(n, fields, series, by) for n, (fields, series, by) in DOCTYPES.items()}
    types["Warehouse"].insert({"warehouse_name": WAREHOUSE, "is_group": 0, "company": "Kaichuan Motion"})
    names = _parties(types, truth)
    _sales(types, truth, names)
    _supply(types, truth)
    return Company(erp, _entities(types))


def _parties(types: dict[str, DocType], truth: Truth) -> dict[str, str]:
    names = {
        c["no"]: types["Customer"].insert(
            {"customer_name": c["name"], "customer_group": c["trade"], "territory": c["city"], "tax_id": c["tax_id"]}
            | {"mobile_no": c["phone"], "website": c["domain"], "disabled": int(not c["active"])}
        )
        for c in truth.customers
    }
    for c in truth.contacts:
        reach = {"email_id": c["email"], "mobile_no": c["mobile"], "designation": c["title"]}
        types["Contact"].insert({"first_name": c["name"], "company_name": names[c["customer"]], **reach})
    for p in truth.products:
        money = {"standard_rate": p["price"], "valuation_rate": p["cost"], "stock_uom": "Nos", "is_stock_item": 1}
        named = {"item_code": p["sku"], "item_name": p["name"], "item_group": p["category"]}
        types["Item"].insert({**named, **money, "disabled": int(not p["active"])})
    return names


def _sales(types: dict[str, DocType], truth: Truth, names: dict[str, str]) -> None:
    orders: dict[str, str] = {}
    for o in truth.orders:
        done = o["status"] == "done"
        items = [
            {"item_code": line["sku"], "item_name": line["sku"], "qty": line["quantity"], "rate": line["price"]}
            | {"delivered_qty": line["quantity"] if done else 0.0, "warehouse": WAREHOUSE}
            | dict.fromkeys(("amount", "base_amount"), round(line["quantity"] * line["price"], 2))
            | {"delivery_date": str(o["due"])}
            for line in o["lines"]
        ]
        dated = {"transaction_date": str(o["date"]), "delivery_date": str(o["due"]), "po_no": o["no"]}
        money = {"currency": "CNY", "conversion_rate": 1.0, "base_net_total": o["amount"], "grand_total": o["amount"]}
        state = {"status": STATUSES[o["status"]], "docstatus": DOCSTATUS.get(o["status"], 1)}
        orders[o["no"]] = types["Sales Order"].insert(
            {"customer": names[o["customer"]], **dated, **money, **state, "items": items}
        )
    for i in truth.invoices:
        dated = {"posting_date": str(i["date"]), "due_date": str(i["due"]), "remarks": orders[i["order"]]}
        money = {"base_grand_total": i["amount"], "outstanding_amount": i["open"], "is_return": 0}
        state = {"status": "Unpaid" if i["open"] else "Paid", "docstatus": 1}
        types["Sales Invoice"].insert({"customer": names[i["customer"]], **dated, **money, **state})
    for o in truth.opportunities:
        who = {"opportunity_from": "Customer", "party_name": names[o["customer"]], "opportunity_owner": o["owner"]}
        odds = {"sales_stage": o["stage"], "probability": float(o["probability"]), "opportunity_amount": o["amount"]}
        dated = {"expected_closing": str(o["close"]), "status": "Open", "title": o["name"]}
        types["Opportunity"].insert({**who, **odds, **dated})
    for t in truth.tickets:
        state = {"priority": t["priority"], "status": "Closed" if t["closed"] else "Open"}
        told = {"subject": t["subject"], "opening_date": str(t["opened"]), "description": t["sku"]}
        types["Issue"].insert({"customer": names[t["customer"]], **state, **told})


def _supply(types: dict[str, DocType], truth: Truth) -> None:
    for p in truth.purchases:
        items = [
            {"item_code": line["sku"], "qty": line["quantity"], "rate": line["price"], "warehouse": WAREHOUSE}
            | {"received_qty": line["quantity"] if line["received"] else 0.0, "schedule_date": str(p["expected"])}
            for line in p["lines"]
        ]
        dated = {"transaction_date": str(p["date"]), "schedule_date": str(p["expected"]), "docstatus": 1}
        status = "Completed" if p["status"] == "done" else "To Receive and Bill"
        types["Purchase Order"].insert({"supplier": p["supplier"], **dated, "status": status, "items": items})
    for b in truth.boms:
        items = [{"item_code": x["sku"], "qty": x["quantity"], "stock_qty": x["quantity"]} for x in b["lines"]]
        types["BOM"].insert({"item": b["sku"], "quantity": 1.0, "is_active": 1, "is_default": 1, "items": items})
    states = {"planned": "Not Started", "running": "In Process", "done": "Completed"}
    for m in truth.productions:
        made = m["quantity"] if m["status"] == "done" else 0.0
        what = {"production_item": m["sku"], "qty": m["quantity"], "produced_qty": made, "fg_warehouse": WAREHOUSE}
        when = {"planned_start_date": f"{m['start']} 08:00:00", "expected_delivery_date": str(m["due"])}
        types["Work Order"].insert({**what, **when, "status": states[m["status"]], "docstatus": 1})
    for m in truth.moves:
        out = m["way"] == "out"
        voucher = {"voucher_type": "Delivery Note" if out else "Purchase Receipt", "voucher_no": m["origin"]}
        what = {"item_code": m["sku"], "actual_qty": -m["quantity"] if out else m["quantity"], "is_cancelled": 0}
        types["Stock Ledger Entry"].insert(
            {**what, **voucher, "warehouse": WAREHOUSE, "posting_date": str(m["date"]), "docstatus": 1}
        )


def _entities(types: dict[str, DocType]) -> dict[str, Entity]:
    return {
        "customer": DocumentEntity(
            types["Customer"], "customer_name", lambda r: {"mobile_no": f"021-{r.randrange(10**8):08d}"}, keep=always
        ),
        "contact": DocumentEntity(types["Contact"], "first_name", lambda r: {"designation": r.choice(TITLES)}),
        "product": DocumentEntity(
            types["Item"], "item_code", lambda r: {"standard_rate": r.randrange(10**5) / 100}, keep=always
        ),
        "warehouse": DocumentEntity(types["Warehouse"]),
        "sales_order": DocumentEntity(
            types["Sales Order"],
            "po_no",
            lambda r: {"delivery_date": f"2026-0{r.randint(3, 9)}-15"},
            lambda r: {"delivered_qty": float(r.randint(0, 9))},
            lines=(types["Sales Order Item"], "items"),
        ),
        "sales_order_line": DocumentEntity(types["Sales Order Item"]),
        "purchase_order": DocumentEntity(
            types["Purchase Order"],
            "supplier",
            lambda r: {"schedule_date": f"2026-0{r.randint(3, 9)}-20"},
            lambda r: {"received_qty": float(r.randint(0, 9))},
            lines=(types["Purchase Order Item"], "items"),
        ),
        "purchase_order_line": DocumentEntity(types["Purchase Order Item"]),
        "stock_move": DocumentEntity(
            types["Stock Ledger Entry"], "voucher_no", lambda r: {"is_cancelled": 1}, keep=always
        ),
        "bom": DocumentEntity(types["BOM"]),
        "bom_line": DocumentEntity(types["BOM Item"]),
        "production_order": DocumentEntity(types["Work Order"], alter=lambda r: {"status": "Completed"}),
        "invoice": DocumentEntity(types["Sales Invoice"], "remarks", lambda r: {"outstanding_amount": 0.0}),
        "opportunity": DocumentEntity(
            types["Opportunity"], "title", lambda r: {"probability": float(r.randint(0, 99))}
        ),
        "ticket": DocumentEntity(types["Issue"], "subject", lambda r: {"status": "Closed"}),
    }
