"""Fields of Odoo's standard models (base, product, sale, stock, purchase, mrp, account, crm), as far as they are used.

Names as in odoo/odoo 19.0: addons/sale/models/sale_order.py, sale_order_line.py, addons/stock/models/stock_move.py,
addons/purchase/models/, addons/mrp/models/, addons/account/models/account_move.py, addons/crm/models/crm_lead.py.
"""

from __future__ import annotations

from typing import Any


def to(model: str, *how: str) -> tuple[str, ...]:
    return ("many2one", model, *how)


SALE_STATES = (
    "selection",
    [("draft", "Quotation"), ("sent", "Sent"), ("sale", "Sales Order"), ("cancel", "Cancelled")],
)

MODELS: dict[str, dict[str, Any]] = {
    "res.country": {"name": "char", "code": "char"},
    "res.currency": {"name": "char", "active": "boolean"},
    "res.users": {"name": "char", "login": "char"},
    "uom.uom": {"name": "char"},
    "res.partner": {
        "name": "char",
        "ref": "char",
        "vat": "char",
        "phone": "char",
        "email": "char",
        "website": "char",
        "function": "char",
        "city": "char",
        "type": "char",
        "is_company": "boolean",
        "active": "boolean",
        "customer_rank": "integer",
        "supplier_rank": "integer",
        "parent_id": to("res.partner"),
        "country_id": to("res.country"),
        "user_id": to("res.users"),
    },
    "product.category": {"name": "char"},
    "product.product": {
        "name": "char",
        "default_code": "char",
        "list_price": "float",
        "standard_price": "float",
        "categ_id": to("product.category"),
        "uom_id": to("uom.uom"),
        "type": "char",
        "active": "boolean",
        "sale_ok": "boolean",
        "purchase_ok": "boolean",
    },
    "stock.location": {
        "name": "char",
        "complete_name": "char",
        "usage": "char",
        "warehouse_id": to("stock.warehouse"),
    },
    "stock.warehouse": {"name": "char", "code": "char", "lot_stock_id": to("stock.location")},
    "crm.stage": {"name": "char", "sequence": "integer", "is_won": "boolean"},
    "crm.lead": {
        "name": "char",
        "type": "char",
        "active": "boolean",
        "partner_id": to("res.partner"),
        "user_id": to("res.users"),
        "stage_id": to("crm.stage"),
        "probability": "float",
        "expected_revenue": "monetary",
        "date_deadline": "date",
    },
    "sale.order": {
        "name": "char",
        "partner_id": to("res.partner"),
        "warehouse_id": to("stock.warehouse"),
        "opportunity_id": to("crm.lead"),
        "currency_id": to("res.currency"),
        "date_order": "datetime",
        "commitment_date": "datetime",
        "state": SALE_STATES,
        "amount_untaxed": "monetary",
        "amount_total": "monetary",
        "order_line": ("one2many", "sale.order.line", "order_id"),
    },
    "sale.order.line": {
        "order_id": to("sale.order", "cascade"),
        "product_id": to("product.product"),
        "name": "text",
        "sequence": "integer",
        "display_type": "char",
        "product_uom_qty": "float",
        "qty_delivered": "float",
        "price_unit": "float",
        "price_subtotal": "monetary",
    },
    "purchase.order": {
        "name": "char",
        "partner_id": to("res.partner"),
        "date_order": "datetime",
        "state": "char",
        "order_line": ("one2many", "purchase.order.line", "order_id"),
    },
    "purchase.order.line": {
        "order_id": to("purchase.order", "cascade"),
        "product_id": to("product.product"),
        "product_qty": "float",
        "qty_received": "float",
        "price_unit": "float",
        "date_planned": "datetime",
    },
    "stock.move": {
        "reference": "char",
        "product_id": to("product.product"),
        "product_uom_qty": "float",
        "quantity": "float",
        "state": "char",
        "date": "datetime",
        "location_id": to("stock.location"),
        "location_dest_id": to("stock.location"),
        "sale_line_id": to("sale.order.line"),
        "purchase_line_id": to("purchase.order.line"),
    },
    "mrp.bom": {
        "code": "char",
        "product_id": to("product.product"),
        "product_qty": "float",
        "bom_line_ids": ("one2many", "mrp.bom.line", "bom_id"),
    },
    "mrp.bom.line": {
        "bom_id": to("mrp.bom", "cascade"),
        "product_id": to("product.product"),
        "product_qty": "float",
    },
    "mrp.production": {
        "name": "char",
        "product_id": to("product.product"),
        "product_qty": "float",
        "state": "char",
        "date_start": "datetime",
        "date_finished": "datetime",
    },
    "account.move": {
        "name": "char",
        "move_type": "char",
        "partner_id": to("res.partner"),
        "currency_id": to("res.currency"),
        "invoice_date": "date",
        "invoice_date_due": "date",
        "invoice_origin": "char",
        "amount_total_signed": "monetary",
        "amount_residual_signed": "monetary",
        "state": "char",
        "payment_state": "char",
    },
}
