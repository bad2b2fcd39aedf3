"""A row without a day takes no exchange rate and no receipt, however many rows there are: joins to the last day before
take another way from some dozens of rows on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.modelbench import Bench

TODAY = date(2026, 11, 23)
MANY = [3, 400]


def bench_with_rates() -> Bench:
    days = [(date(2024, 1, 1), "2"), (date(2026, 1, 1), "4")]
    return Bench(TODAY).rows("exchange_rate", [{"currency": "USD", "day": day, "rate": rate} for day, rate in days])


def amounts(found: list[dict[str, Any]], key: str) -> dict[str, set[Any]]:
    return {c: {row[key] for row in found if row["currency"] == c} for c in ("EUR", "USD")}


@pytest.mark.parametrize("many", MANY)
def test_an_invoice_not_issued_yet_is_worth_what_needs_no_rate(many: int) -> None:
    rows = [
        {"invoice_id": f"{currency}{k}", "issue_date": None, "currency": currency, "amount": "10.00",
         "open_amount": "0", "status": "draft"}
        for currency in ("EUR", "USD") for k in range(many)
    ]  # fmt: skip
    bench = bench_with_rates().rows("invoice", rows).build("core.invoice")
    assert amounts(bench.read("FROM core.invoice"), "amount_base") == {"EUR": {Decimal(10)}, "USD": {None}}


@pytest.mark.parametrize("many", MANY)
def test_an_order_without_a_day_too(many: int) -> None:
    rows = [
        {"order_id": f"{currency}{k}", "line_id": f"{currency}{k}", "order_date": None, "currency": currency,
         "quantity": 1, "amount": "10.00", "status": "draft"}
        for currency in ("EUR", "USD") for k in range(many)
    ]  # fmt: skip
    bench = bench_with_rates().rows("sales_order_line", rows).build("core.sales_order_line")
    assert amounts(bench.read("FROM core.sales_order_line"), "amount_base") == {"EUR": {Decimal(10)}, "USD": {None}}


@pytest.mark.parametrize("many", MANY)
def test_a_campaign_that_misses_nothing_waits_for_nothing(many: int) -> None:
    bench = Bench(TODAY).rows("warehouse", [{"warehouse_id": "w", "name": "w"}])
    items = [f"p{k}" for k in range(many)]
    bench.rows("product", [{"product_id": p, "sku": p, "name": p, "unit_cost": "1", "list_price": "2"} for p in items])
    moved = {"effective_date": TODAY - timedelta(days=9), "to_warehouse_id": "w", "kind": "receipt", "status": "done"}
    bench.rows("stock_move", [moved | {"move_id": p, "product_id": p, "quantity": 100} for p in items])
    bought = {"order_id": "o", "warehouse_id": "w", "status": "open", "expected_date": TODAY + timedelta(days=5)}
    bench.rows("purchase_order_line", [bought | {"line_id": p, "product_id": p, "quantity": 7} for p in items])
    runs = {"start_date": TODAY, "end_date": TODAY + timedelta(days=20), "status": "running", "name": "Sale"}
    bench.rows("campaign", [runs | {"campaign_id": "k"}], "crm")
    sold = {"campaign_id": "k", "planned_quantity": 50, "discount": "0"}
    bench.rows("campaign_product", [sold | {"product_sku": p} for p in items], "crm").build()
    found = bench.read("FROM marts.campaign_item")
    assert {(row["advice"], row["supplied_date"]) for row in found} == {("covered", None)} and len(found) == many
