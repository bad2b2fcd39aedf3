"""A small random company with two systems for tests of models and reads: several currencies, loose ends."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from tests.modelbench import Bench
from tests.somecampaigns import some_campaigns

TODAY = date(2026, 11, 23)
CURRENCIES = ("EUR", "EUR", "EUR", "USD", "JPY", "CHF")
STAGES = ("lead", "qualified", "proposal", "negotiation")
Row = dict[str, Any]


def some_company(seed: int, weeks: int = 70, products: int = 24, customers: int = 12, today: date = TODAY) -> Bench:
    """Built models of a company with `weeks` of history before `today`; CHF has no rate."""
    rng = random.Random(seed)
    bench = Bench(today)
    first = today - timedelta(weeks=weeks)
    rates = [
        {
            "currency": c,
            "day": first - timedelta(days=9) + timedelta(days=7 * k),
            "rate": str(round(base + rng.random() / 9, 6)),
        }
        for c, base in (("USD", 1.1), ("JPY", 158.0))
        for k in range(weeks + 3)
    ]
    bench.rows("exchange_rate", rates)
    bench.rows(
        "customer",
        [{"customer_id": str(k), "name": f"Client {k} GmbH", "tax_id": f"DE{100000000 + k}"} for k in range(customers)],
    )
    bench.rows(
        "customer",
        [{"customer_id": f"c{k}", "name": f"client {k}", "owner": f"owner{k % 3}"} for k in range(3, customers + 4)],
        "crm",
    )
    bench.rows("product", [_product(rng, k) for k in range(products)])
    bench.rows("warehouse", [{"warehouse_id": w, "name": w} for w in ("north", "south")])
    lines, moves = _orders(rng, first, today, products, customers)
    moves += _opening(rng, first, products)
    bench.rows("sales_order_line", lines).rows("stock_move", moves)
    bench.rows("purchase_order_line", [_purchase(rng, today, k, products) for k in range(products)])
    bench.rows(
        "production_order",
        [
            {
                "production_id": f"mo{k}",
                "product_id": f"p{rng.randrange(products)}",
                "quantity": rng.randint(5, 80),
                "due_date": today + timedelta(days=rng.randint(-10, 60)),
                "status": rng.choice(("planned", "released", "done")),
            }
            for k in range(8)
        ],
    )
    bench.rows("work_center", [{"work_center_id": "w", "name": "Assembly", "capacity_hours_per_day": "8"}])
    made = [{"product_id": f"p{k}", "work_center_id": "w", "hours_per_unit": "0.05"} for k in range(0, products, 2)]
    bench.rows("routing_operation", made)
    _receivables(rng, bench, today, customers)
    _crm(rng, bench, today, products, customers)
    months = [date(today.year, m, 1) for m in range(1, 13)] + [date(today.year + 1, m, 1) for m in (1, 2, 3)]
    bench.rows("target", [{"metric": "revenue", "period_start": m, "value": 50000} for m in months], "company")
    some_campaigns(random.Random(seed + 1000), bench, today, products)
    return bench.build()


def _product(rng: random.Random, k: int) -> Row:
    category = None if k % 11 == 10 else ("Drives", "Pumps", "Valves")[k % 3]
    return {
        "product_id": f"p{k}",
        "sku": f"SKU-{k}",
        "name": f"Product {k}",
        "category": category,
        "unit_cost": str(rng.randint(500, 5000) / 100),
        "list_price": str(rng.randint(6000, 9000) / 100),
    }


def _orders(rng: random.Random, first: date, today: date, products: int, customers: int) -> tuple[list[Row], list[Row]]:
    lines: list[Row] = []
    moves: list[Row] = []
    number = 0
    for day in range((today - first).days + 1):
        for _ in range(rng.choice((0, 1, 1, 2))):
            number += 1
            ordered, currency = first + timedelta(days=day), rng.choice(CURRENCIES)
            status = rng.choice(("open", "open", "done", "cancelled", "quotation"))
            for n in range(rng.randint(1, 4)):
                line = f"{number * 10 + n}"
                product, quantity = int(rng.triangular(0, products, 2)) % products, rng.choice((1, 2, 3, 5, 8, 13, -1))
                price = Decimal(rng.randint(1000, 999999)) / 10000
                cent = Decimal(1 if currency == "JPY" else "0.01")
                amount = (price * quantity).quantize(cent, ROUND_HALF_EVEN)
                wanted = ordered + timedelta(days=rng.randint(0, 20))
                lines.append(
                    {
                        "order_id": f"o{number}",
                        "order_no": f"SO{number}",
                        "line_id": line,
                        "order_date": ordered,
                        "requested_date": wanted,
                        "promised_date": wanted,
                        "customer_id": str(rng.randrange(customers)),
                        "product_id": f"p{product}" if n < 3 else None,
                        "warehouse_id": "north" if number % 3 else "south",
                        "quantity": quantity,
                        "unit_price": str(price),
                        "currency": currency,
                        "amount": str(amount),
                        "status": status,
                        "ordered_at": datetime.combine(ordered, datetime.min.time(), UTC)
                        + timedelta(hours=9, minutes=number % 50),
                    }
                )
                if status in ("done", "open") and n < 3:
                    moves += _shipments(rng, line, product, quantity, wanted, today, status)
    return lines, moves


def _shipments(
    rng: random.Random, line: str, product: int, quantity: int, wanted: date, today: date, status: str
) -> list[Row]:
    parts = [1] * abs(quantity) if abs(quantity) <= 3 else [1, abs(quantity) - 1]
    if status == "open" and rng.random() < 0.5:
        parts = parts[:-1]
    made = []
    for k, part in enumerate(parts):
        day = wanted + timedelta(days=rng.randint(-4, 3))
        way = (
            {"kind": "shipment", "from_warehouse_id": "north"}
            if quantity > 0
            else {"kind": "return", "to_warehouse_id": "north"}
        )
        made.append(
            {
                "move_id": f"m{line}-{k}",
                "effective_date": day if day <= today else None,
                "planned_date": day,
                "product_id": f"p{product}",
                "quantity": part,
                "status": "done" if day <= today else "planned",
                "order_line_id": line,
                **way,
            }
        )
    return made


def _opening(rng: random.Random, first: date, products: int) -> list[Row]:
    made: list[Row] = []
    for k in range(products):
        made.append(
            {
                "move_id": f"in{k}",
                "effective_date": first,
                "product_id": f"p{k}",
                "quantity": rng.choice((0, 40, 120, 400)),
                "to_warehouse_id": "north",
                "kind": "receipt",
                "status": "done",
            }
        )
        made.append(
            {
                "move_id": f"tr{k}",
                "effective_date": first + timedelta(days=40),
                "product_id": f"p{k}",
                "quantity": rng.randint(1, 40),
                "from_warehouse_id": "north",
                "to_warehouse_id": "south",
                "kind": "transfer",
                "status": "done",
            }
        )
    return made


def _purchase(rng: random.Random, today: date, k: int, products: int) -> Row:
    return {
        "order_id": f"po{k}",
        "order_no": f"PO{k}",
        "line_id": f"po{k}",
        "product_id": f"p{rng.randrange(products)}",
        "quantity": 50,
        "received_quantity": rng.choice((0, 20, 50)),
        "expected_date": today + timedelta(days=rng.randint(-15, 70)),
        "status": rng.choice(("open", "open", "done")),
    }


def _receivables(rng: random.Random, bench: Bench, today: date, customers: int) -> None:
    invoices, payments = [], []
    for k in range(120):
        issued = today - timedelta(days=rng.randint(0, 250))
        amount, paid = Decimal(rng.randint(1000, 900000)) / 100, rng.random() < 0.6
        currency = rng.choice(("EUR", "USD"))
        invoices.append(
            {
                "invoice_id": f"i{k}",
                "order_id": f"o{3 * k}",
                "customer_id": str(rng.randrange(customers)),
                "issue_date": issued,
                "due_date": issued + timedelta(days=30),
                "currency": currency,
                "amount": str(amount),
                "open_amount": "0" if paid else str(amount),
                "status": "paid" if paid else "open",
            }
        )
        if paid and k % 5:
            payments.append(
                {
                    "payment_id": f"y{k}",
                    "invoice_id": f"i{k}",
                    "paid_date": min(issued + timedelta(days=rng.randint(5, 50)), today),
                    "currency": currency,
                    "amount": str(amount),
                }
            )
    bench.rows("invoice", invoices).rows("payment", payments)
    months = [(today.replace(day=1) - timedelta(days=30 * k)).replace(day=1) for k in range(14)]
    costs = [{"period_start": m, "kind": "operating", "currency": "EUR", "amount": "900"} for m in sorted(set(months))]
    bench.rows("cost_entry", costs)


def _crm(rng: random.Random, bench: Bench, today: date, products: int, customers: int) -> None:
    deals, lines, history, tickets = [], [], [], []
    for k in range(90):
        created, stage = today - timedelta(days=rng.randint(20, 300)), rng.choice((*STAGES, "won", "lost"))
        closed = created + timedelta(days=rng.randint(5, 19)) if stage in ("won", "lost") else None
        deals.append(
            {
                "opportunity_id": f"d{k}",
                "customer_id": f"c{rng.randrange(3, customers + 4)}",
                "name": f"Deal {k}",
                "stage": stage,
                "probability": "0.4",
                "currency": rng.choice(("EUR", "USD")),
                "amount": str(rng.randint(1000, 50000)),
                "created_date": created,
                "expected_close": today + timedelta(days=rng.randint(-20, 90)),
                "closed_date": closed,
            }
        )
        for n, passed in enumerate(STAGES[: rng.randint(1, 4)]):
            history.append(
                {
                    "opportunity_id": f"d{k}",
                    "stage": passed,
                    "entered_at": datetime.combine(created, datetime.min.time(), UTC) + timedelta(days=n),
                }
            )
        if k % 2:
            lines.append(
                {
                    "opportunity_id": f"d{k}",
                    "line_id": f"l{k}",
                    "sku": f"SKU-{rng.randrange(products + 2)}",
                    "quantity": rng.randint(1, 60),
                }
            )
    for k in range(80):
        opened = datetime(today.year, today.month, today.day, 12, tzinfo=UTC) - timedelta(days=rng.randint(0, 150))
        tickets.append(
            {
                "ticket_id": f"t{k}",
                "order_no": f"SO{rng.randrange(300)}",
                "product_sku": f"SKU-{rng.randrange(products)}",
                "opened_at": opened,
                "satisfaction": rng.choice((None, 3, 4, 5)),
                "status": "closed",
            }
        )
    bench.rows("opportunity", deals, "crm").rows("opportunity_line", lines, "crm")
    bench.rows("opportunity_stage_history", history, "crm").rows("ticket", tickets, "crm")
    bench.rows(
        "contract",
        [
            {
                "contract_id": f"k{k}",
                "customer_id": f"c{4 + k}",
                "start_date": today - timedelta(days=300),
                "end_date": today + timedelta(days=15 * k),
                "currency": "EUR",
                "amount": "1000",
                "status": "active",
            }
            for k in range(4)
        ],
        "crm",
    )
