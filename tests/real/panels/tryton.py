"""What Tryton's own tables say, by plain SQL in its own terms, as the rows the oracles read.

Quantities go to the product's default unit; a move within a warehouse is none; goods in Transit are in no warehouse.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.real.panels.tables import Row, minor

Ask = Callable[[str], list[tuple[Any, ...]]]
ZONE = "Europe/Berlin"
# The oracles take an instant for UTC and the company to live eight hours ahead: here it is written eight hours behind
# the company's clock.
CLOCK = f"to_char(({{0}}) AT TIME ZONE '{ZONE}' - interval '8 hours', 'YYYY-MM-DD HH24:MI:SS.MS')"
COMPANY_DAY = f"(({{0}}) AT TIME ZONE '{ZONE}')::date"


# `quantity` of a document in its unit, in the product's default unit. Of factor and rate the one over 1 is exact.
def in_default_unit(quantity: str, unit: str = "u", default: str = "d") -> str:
    def size(uom: str) -> str:
        return f"(CASE WHEN {uom}.rate > 1 THEN 1 / {uom}.rate::numeric ELSE {uom}.factor::numeric END)"

    return (
        f"(CASE WHEN {unit}.id IS DISTINCT FROM {default}.id AND {unit}.id IS NOT NULL AND {default}.id IS NOT NULL"
        f" THEN round({quantity}::numeric * {size(unit)} / {size(default)}, 6) ELSE {quantity}::numeric END)"
    )


UNITS = """
    LEFT JOIN product_uom u ON u.id = {line}.unit
    LEFT JOIN product_product p ON p.id = {line}.product LEFT JOIN product_template t ON t.id = p.template
    LEFT JOIN product_uom d ON d.id = t.default_uom"""
PLACES = """
    SELECT l.id, l.type, w.id AS warehouse FROM stock_location l LEFT JOIN LATERAL (
        SELECT w.id FROM stock_location w
        WHERE w.type = 'warehouse' AND l."left" BETWEEN w."left" AND w."right") w ON true"""

ITEMS = """
    SELECT p.id, p.code, t.name, (
               SELECT x.category FROM "product_template-product_category" x WHERE x.template = t.id
               ORDER BY x.id LIMIT 1),
           u.symbol, CASE WHEN t.producible THEN 'M' WHEN t.purchasable THEN 'B' ELSE 'S' END,
           (SELECT cost_price * 100 FROM product_cost_price c WHERE c.product = p.id AND c.company = 1),
           coalesce((SELECT list_price FROM product_list_price r WHERE r.product = p.id AND r.company = 1),
                    (SELECT list_price FROM product_list_price r
                     WHERE r.template = t.id AND r.product IS NULL AND r.company = 1)) * 100,
           CASE WHEN t.producible THEN (
               SELECT ceil(extract(epoch FROM x.lead_time) / 86400)::int FROM production_lead_time x
               WHERE x.product = p.id ORDER BY x.sequence NULLS FIRST, x.id LIMIT 1)
           ELSE (
               SELECT ceil(extract(epoch FROM x.lead_time) / 86400)::int FROM purchase_product_supplier x
               WHERE x.template = t.id AND coalesce(x.product, p.id) = p.id AND x.active
               ORDER BY x.product NULLS LAST, x.sequence NULLS FIRST, x.id LIMIT 1) END
    FROM product_product p JOIN product_template t ON t.id = p.template JOIN product_uom u ON u.id = t.default_uom"""
# Not ourselves, not our staff; whoever we only buy from is no customer.
CUSTOMERS = r"""
    SELECT p.id, p.name, (
               SELECT i.code_compact FROM party_identifier i
               WHERE i.party = p.id AND i.active AND i.type IN ('eu_vat', 'gb_vat', 'cn_vat', 'us_ein')
               ORDER BY i.sequence NULLS FIRST, i.id LIMIT 1),
           (SELECT s.name FROM party_address a JOIN country_subdivision s ON s.id = a.subdivision
            WHERE a.party = p.id AND a.active ORDER BY NOT coalesce(a.invoice, false), a.sequence NULLS FIRST, a.id
            LIMIT 1), 0
    FROM party_party p
    WHERE p.id NOT IN (SELECT party FROM company_company UNION SELECT party FROM company_employee)
        AND (p.id IN (SELECT party FROM sale_sale UNION SELECT party FROM sale_opportunity)
             OR p.id NOT IN (SELECT party FROM purchase_purchase))"""
ORDERS = f"""
    SELECT s.id, s.number, s.party,
           coalesce(s.sale_date, s.quotation_date, {COMPANY_DAY.format("s.create_date AT TIME ZONE 'UTC'")}),
           {CLOCK.format("s.create_date AT TIME ZONE 'UTC'")}, c.code,
           CASE WHEN s.origin LIKE 'sale.opportunity,%' THEN 'erp:' || split_part(s.origin, ',', 2) END
    FROM sale_sale s JOIN currency_currency c ON c.id = s.currency WHERE s.company = 1"""
LINES = f"""
    SELECT l.id, l.sale, l.product, s.warehouse, {in_default_unit("l.quantity")}, l.quantity::numeric, l.unit_price,
           c.digits, s.shipping_date, s.shipping_date,
           CASE s.state WHEN 'draft' THEN 'N' WHEN 'quotation' THEN 'Q' WHEN 'cancelled' THEN 'X' WHEN 'done' THEN 'C'
                ELSE 'O' END
    FROM sale_line l JOIN sale_sale s ON s.id = l.sale JOIN currency_currency c ON c.id = s.currency
    {UNITS.format(line="l")} WHERE l.type = 'line' AND s.company = 1"""
MOVES = f"""
    WITH place AS ({PLACES})
    SELECT m.id, m.effective_date, m.product, f.warehouse, t.warehouse, m.internal_quantity::numeric,
           CASE WHEN t.type = 'customer' THEN 'SHP' WHEN f.type = 'customer' THEN 'RET'
                WHEN f.type = 'supplier' THEN 'REC' WHEN t.type = 'supplier' THEN 'RET'
                WHEN f.type = 'production' THEN 'PIN' WHEN t.type = 'production' THEN 'POT'
                WHEN 'lost_found' IN (f.type, t.type) THEN 'CNT' ELSE 'TRF' END,
           CASE m.state WHEN 'done' THEN 'D' ELSE 'P' END,
           CASE WHEN 'customer' IN (f.type, t.type) AND m.origin LIKE 'sale.line,%'
                THEN split_part(m.origin, ',', 2)::int END,
           m.cost_price * 100
    FROM stock_move m JOIN place f ON f.id = m.from_location JOIN place t ON t.id = m.to_location
    WHERE m.company = 1 AND m.state IN ('draft', 'assigned', 'done') AND f.warehouse IS DISTINCT FROM t.warehouse"""
PURCHASES = f"""
    WITH place AS ({PLACES}),
    come AS (
        SELECT m.origin, sum(CASE WHEN m.state <> 'done' THEN 0
                                  WHEN f.type = 'supplier' THEN m.internal_quantity::numeric
                                  WHEN t.type = 'supplier' THEN -m.internal_quantity::numeric ELSE 0 END) AS received,
               min(m.planned_date) FILTER (WHERE m.state IN ('draft', 'assigned')) AS planned
        FROM stock_move m JOIN place f ON f.id = m.from_location JOIN place t ON t.id = m.to_location
        WHERE m.origin LIKE 'purchase.line,%' GROUP BY m.origin)
    SELECT l.id, l.product, o.warehouse, {in_default_unit("l.quantity")}, coalesce(c.received, 0),
           coalesce(l.delivery_date_store, o.delivery_date, c.planned),
           CASE WHEN o.state IN ('confirmed', 'processing') THEN 'O' ELSE 'X' END
    FROM purchase_line l JOIN purchase_purchase o ON o.id = l.purchase
    LEFT JOIN come c ON c.origin = 'purchase.line,' || l.id
    {UNITS.format(line="l")} WHERE l.type = 'line' AND o.company = 1"""
WORK = f"""
    SELECT o.id, o.product, o.warehouse, {in_default_unit("o.quantity")}, o.planned_date,
           CASE o.state WHEN 'request' THEN 'P' WHEN 'waiting' THEN 'P' WHEN 'assigned' THEN 'L' WHEN 'running' THEN 'R'
                WHEN 'done' THEN 'D' ELSE 'X' END
    FROM production o {UNITS.format(line="o")} WHERE o.company = 1 AND o.type = 'assembly'"""
# What is open is what the receivable account still holds unreconciled, less what was paid and not yet reconciled.
INVOICES = """
    WITH owed AS (
        SELECT l.id, l.move, l.maturity_date, l.reconciliation IS NULL AS is_open,
               coalesce(l.amount_second_currency, l.debit - l.credit) AS amount
        FROM account_move_line l JOIN account_account a ON a.id = l.account JOIN account_account_type y ON y.id = a.type
        WHERE y.receivable AND a.company = 1)
    SELECT i.id, (SELECT CASE WHEN count(DISTINCT s.sale) = 1 THEN min(s.sale) END
                  FROM account_invoice_line n JOIN sale_line s ON n.origin = 'sale.line,' || s.id
                  WHERE n.invoice = i.id),
           i.party, i.invoice_date,
           coalesce((SELECT min(o.maturity_date) FROM owed o WHERE o.move = i.move AND o.is_open),
                    (SELECT max(o.maturity_date) FROM owed o WHERE o.move = i.move), i.payment_term_date),
           c.code, i.total_amount_cache, c.digits, i.state,
           coalesce((SELECT sum(o.amount) FROM owed o WHERE o.move = i.move AND o.is_open), 0)
           + coalesce((SELECT sum(o.amount) FROM "account_invoice-account_move_line" y JOIN owed o ON o.id = y.line
                       WHERE y.invoice = i.id AND o.is_open), 0)
    FROM account_invoice i JOIN currency_currency c ON c.id = i.currency WHERE i.company = 1 AND i.type = 'out'"""
BILLED = """
    SELECT n.invoice, n.quantity::numeric, n.unit_price, 0 FROM account_invoice_line n WHERE n.type = 'line'
    UNION ALL SELECT x.invoice, 1, 0, x.amount FROM account_invoice_tax x"""
PAYMENTS = """
    SELECT y.invoice, m.date, c.code, -coalesce(l.amount_second_currency, l.debit - l.credit), c.digits
    FROM "account_invoice-account_move_line" y JOIN account_move_line l ON l.id = y.line
    JOIN account_move m ON m.id = l.move JOIN company_company k ON k.id = 1
    JOIN currency_currency c ON c.id = coalesce(l.second_currency, k.currency)"""
RATES = """
    SELECT c.code, r.date, r.rate::text FROM currency_currency_rate r JOIN currency_currency c ON c.id = r.currency
    WHERE c.id <> (SELECT currency FROM company_company WHERE id = 1)"""
OWN_RATES = """
    SELECT DISTINCT rate FROM currency_currency_rate
    WHERE currency = (SELECT currency FROM company_company WHERE id = 1)"""


def erp_tables(ask: Ask) -> dict[str, list[Row]]:
    """Table -> its rows."""
    assert ask(OWN_RATES) in ([], [(Decimal(1),)]), "rates are units for one of the company's currency"
    customers = ask(CUSTOMERS)
    known = {row[0] for row in customers}
    return {
        "itemcat": list(ask("SELECT id, name FROM product_category")),
        "item": list(ask(ITEMS)),
        "whs": list(ask("SELECT id, code, name FROM stock_location WHERE type = 'warehouse'")),
        "cust": list(customers),
        "fx": list(ask(RATES)),
        "so_h": [(*row[:2], row[2] if row[2] in known else None, *row[3:]) for row in ask(ORDERS)],
        "so_l": [
            (*line, quantity, minor(asked * price, digits), *rest)
            for *line, quantity, asked, price, digits, wanted, promised, state in ask(LINES)
            for rest in [(wanted, promised, state)]
        ],
        "mv": list(ask(MOVES)),
        "po_l": list(ask(PURCHASES)),
        "wo": list(ask(WORK)),
        "inv": _invoices(ask),
        "pay": [(*row[:3], minor(amount, digits)) for *row, amount, digits in ask(PAYMENTS)],
    }


def _invoices(ask: Ask) -> list[Row]:
    """Where Tryton has not stored a total (drafts), it is the lines', each rounded, and the taxes'."""
    billed: dict[int, list[tuple[Decimal, Decimal, Decimal]]] = {}
    for invoice, *parts in ask(BILLED):
        billed.setdefault(invoice, []).append(tuple(parts))  # type: ignore[arg-type]
    found: list[Row] = []
    for *head, total, digits, state, left in ask(INVOICES):
        lines = billed.get(head[0], [])
        summed = sum(
            (minor(quantity * price, digits) or 0) + (minor(tax, digits) or 0) for quantity, price, tax in lines
        )
        amount = summed if total is None else minor(total, digits)
        still = minor(left, digits) if state == "posted" else 0
        status = {"draft": "N", "validated": "N", "cancelled": "X", "paid": "P"}.get(state, "O" if still else "P")
        found.append((*head, amount, still, status))
    return found
