"""The company in Odoo's standard models, with the fields its own modules give them."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from tests.simulator.entities import Company, Entity, always
from tests.simulator.odoo import Odoo
from tests.simulator.odoo_fields import MODELS
from tests.simulator.store import Row
from tests.simulator.truth import CATEGORIES, OWNERS, STAGES, TITLES, Truth

OWN = ("id", "create_date", "write_date", "create_uid", "write_uid")
STATES = {"draft": "draft", "open": "sale", "done": "sale", "cancelled": "cancel"}


class RecordEntity(Entity):
    """lines: the entity of its lines and the field of a line that leads here; a copy takes its lines along."""

    def __init__(self, *args: Any, lines: tuple[Any, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines

    def values(self, row: Row) -> Row:
        copied = own(row)
        if self.lines is not None:
            model, field = self.lines
            copied["lines"] = [own(line) for line in model.rows if line[field] == row["id"]]
        return copied

    def insert(self, values: Row) -> int:
        lines = values.pop("lines", [])
        record = int(self.source.insert(values))
        for line in lines:
            model, field = self.lines or (None, "")
            model.insert({**line, field: record})
        return record

    def insert_many(self, many: list[Row]) -> list[int]:
        return [self.insert(values) for values in many]

    def change_line(self, rng: random.Random) -> Any:
        assert self.lines is not None and self.alter_line is not None
        model, _ = self.lines
        line = rng.choice(model.rows)["id"]
        model.update(line, self.alter_line(rng))
        return line


def own(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in OWN}


class Loader:
    def __init__(self, odoo: Odoo, truth: Truth) -> None:
        self.truth = truth
        order = {"sale.order": "date_order desc, id desc", "stock.move": "date, id"}
        self.models = {n: odoo.model(n, fields, order=order.get(n, "id")) for n, fields in MODELS.items()}
        self.ids: dict[str, int] = {}  # what the truth calls a thing -> its id

    def add(self, model: str, number: str, **values: Any) -> int:
        self.ids[number] = self.models[model].insert(values)
        return self.ids[number]

    def base(self) -> None:
        china = self.add("res.country", "CN", name="China", code="CN")
        self.add("res.currency", "CNY", name="CNY", active=True)
        self.add("uom.uom", "Units", name="Units")
        for owner in OWNERS:
            self.add("res.users", owner, name=owner, login=owner)
        for category in CATEGORIES:
            self.add("product.category", category, name=category)
        for number, (stage, chance) in enumerate(STAGES):
            self.add("crm.stage", stage, name=stage, sequence=number, is_won=chance == 100)
        for usage, name in (("customer", "Customers"), ("supplier", "Vendors"), ("production", "Production")):
            self.add("stock.location", name, name=name, complete_name=f"Virtual/{name}", usage=usage)
        stock = self.add("stock.location", "Stock", name="Stock", complete_name="WH/Stock", usage="internal")
        warehouse = self.add("stock.warehouse", "WH", name="主仓", code="WH", lot_stock_id=stock)
        self.models["stock.location"].update(stock, {"warehouse_id": warehouse})
        for c in self.truth.customers:
            named = {"name": c["name"], "ref": c["no"], "vat": c["tax_id"], "phone": c["phone"], "city": c["city"]}
            roles = {"is_company": True, "customer_rank": 1, "country_id": china, "active": c["active"]}
            web = {"website": f"https://www.{c['domain']}", "user_id": self.ids[c["owner"]]}
            self.add("res.partner", c["no"], **named, **roles, **web, type="contact")
        for c in self.truth.contacts:
            reach = {"phone": c["mobile"], "email": c["email"], "function": c["title"]}
            self.add("res.partner", c["no"], name=c["name"], parent_id=self.ids[c["customer"]], active=True, **reach)
        for supplier in sorted({p["supplier"] for p in self.truth.purchases}):
            self.add("res.partner", supplier, name=supplier, is_company=True, supplier_rank=1, active=True)
        for p in self.truth.products:
            named = {"name": p["name"], "default_code": p["sku"], "categ_id": self.ids[p["category"]]}
            money = {"list_price": p["price"], "standard_price": p["cost"], "uom_id": self.ids["Units"]}
            flags = {"active": p["active"], "sale_ok": True, "purchase_ok": not p["made"], "type": "consu"}
            self.add("product.product", p["sku"], **named, **money, **flags)

    def sales(self) -> None:
        for o in self.truth.orders:
            dated = {"date_order": at(o["date"]), "commitment_date": at(o["due"]), "state": STATES[o["status"]]}
            money = {"amount_untaxed": o["amount"], "amount_total": o["amount"], "currency_id": self.ids["CNY"]}
            who = {"partner_id": self.ids[o["customer"]], "warehouse_id": self.ids["WH"]}
            order = self.add("sale.order", o["no"], name=o["no"], **dated, **money, **who)
            for number, line in enumerate(o["lines"]):
                what = {"order_id": order, "product_id": self.ids[line["sku"]], "name": line["sku"]}
                amounts = {"product_uom_qty": line["quantity"], "price_unit": line["price"], "sequence": number}
                amounts |= {"qty_delivered": line["quantity"] if o["status"] == "done" else 0.0}
                amounts |= {"price_subtotal": round(line["quantity"] * line["price"], 2)}
                self.add("sale.order.line", f"{o['no']}/{number}", **what, **amounts)
        for i in self.truth.invoices:
            dated = {"invoice_date": str(i["date"]), "invoice_date_due": str(i["due"]), "invoice_origin": i["order"]}
            money = {"amount_total_signed": i["amount"], "amount_residual_signed": i["open"], "state": "posted"}
            paid = {"payment_state": "not_paid" if i["open"] else "paid", "move_type": "out_invoice"}
            who = {"partner_id": self.ids[i["customer"]], "currency_id": self.ids["CNY"]}
            self.add("account.move", i["no"], name=i["no"], **dated, **money, **paid, **who)
        for o in self.truth.opportunities:
            who = {"partner_id": self.ids[o["customer"]], "user_id": self.ids[o["owner"]], "active": True}
            odds = {"probability": float(o["probability"]), "expected_revenue": o["amount"], "type": "opportunity"}
            when = {"date_deadline": str(o["close"]), "stage_id": self.ids[o["stage"]]}
            self.add("crm.lead", o["no"], name=o["name"], **who, **odds, **when)

    def supply(self) -> None:
        for p in self.truth.purchases:
            who = {"partner_id": self.ids[p["supplier"]], "date_order": at(p["date"]), "state": "purchase"}
            order = self.add("purchase.order", p["no"], name=p["no"], **who)
            for number, line in enumerate(p["lines"]):
                what = {"order_id": order, "product_id": self.ids[line["sku"]], "price_unit": line["price"]}
                got = {"product_qty": line["quantity"], "qty_received": line["quantity"] if line["received"] else 0.0}
                self.add("purchase.order.line", f"{p['no']}/{number}", **what, **got, date_planned=at(p["expected"]))
        for b in self.truth.boms:
            bom = self.add("mrp.bom", b["no"], product_id=self.ids[b["sku"]], product_qty=1.0, code=b["no"])
            for number, line in enumerate(b["lines"]):
                what = {"bom_id": bom, "product_id": self.ids[line["sku"]], "product_qty": line["quantity"]}
                self.add("mrp.bom.line", f"{b['no']}/{number}", **what)
        states = {"planned": "confirmed", "running": "progress", "done": "done"}
        for m in self.truth.productions:
            what = {"product_id": self.ids[m["sku"]], "product_qty": m["quantity"], "state": states[m["status"]]}
            when = {"date_start": at(m["start"]), "date_finished": at(m["due"])}
            self.add("mrp.production", m["no"], name=m["no"], **what, **when)
        for m in self.truth.moves:
            out = m["way"] == "out"
            ends = ("Stock", "Customers") if out else ("Vendors", "Stock")
            where = dict(zip(("location_id", "location_dest_id"), (self.ids[e] for e in ends), strict=True))
            what = {"product_id": self.ids[m["sku"]], "quantity": m["quantity"], "product_uom_qty": m["quantity"]}
            line = {"sale_line_id" if out else "purchase_line_id": self.ids[m["origin"]]}
            self.add(
                "stock.move", m["no"], reference=m["no"], date=at(m["date"]), state="done", **what, **where, **line
            )


def load_odoo(odoo: Odoo, truth: Truth) -> Company:
    loader = Loader(odoo, truth)
    loader.base()
    loader.sales()
    loader.supply()
    return Company(odoo, _entities(loader.models))


def _entities(models: dict[str, Any]) -> dict[str, Entity]:
    partner, order, line = models["res.partner"], models["sale.order"], models["sale.order.line"]
    move, lead = models["stock.move"], models["crm.lead"]

    def shipped(row: Row) -> bool:
        """Odoo does not let go of an order whose goods have moved."""
        lines = {one["id"] for one in line.table.truth() if one["order_id"] == row["id"]}
        return any(one["sale_line_id"] in lines for one in move.table.truth())

    return {
        "customer": RecordEntity(
            partner,
            "ref",
            lambda r: {"phone": f"021-{r.randrange(10**8):08d}"},
            keep=always,
            where=lambda row: bool(row["customer_rank"]),
        ),
        "contact": RecordEntity(
            partner, "name", lambda r: {"function": r.choice(TITLES)}, where=lambda row: bool(row["parent_id"])
        ),
        "product": RecordEntity(
            models["product.product"], "default_code", lambda r: {"list_price": r.randrange(10**5) / 100}, keep=always
        ),
        "warehouse": RecordEntity(models["stock.warehouse"]),
        "sales_order": RecordEntity(
            order,
            "name",
            lambda r: {"state": r.choice(("sale", "cancel"))},
            lambda r: {"product_uom_qty": float(r.randint(1, 90))},
            keep=shipped,
            lines=(line, "order_id"),
        ),
        "sales_order_line": RecordEntity(line),
        "stock_move": RecordEntity(move, "reference", lambda r: {"quantity": float(r.randint(1, 9))}),
        "purchase_order": RecordEntity(models["purchase.order"], "name", lambda r: {"state": "done"}, keep=always),
        "purchase_order_line": RecordEntity(models["purchase.order.line"]),
        "production_order": RecordEntity(models["mrp.production"], "name", lambda r: {"state": "done"}),
        "bom": RecordEntity(models["mrp.bom"]),
        "bom_line": RecordEntity(models["mrp.bom.line"]),
        "invoice": RecordEntity(models["account.move"], "name", lambda r: {"amount_residual_signed": 0.0}),
        "opportunity": RecordEntity(lead, "name", lambda r: {"probability": float(r.randint(0, 100))}),
    }


def at(day: date) -> str:
    """Business days enter at 10:00 in China."""
    return f"{day} 02:00:00"
