"""Goods on the road between two warehouses, and goods that stay within one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.modelbench import Bench

TODAY = date(2026, 11, 23)


def moved(name: str, days_ago: int, kind: str, *way: str | None, quantity: int = 10) -> dict[str, Any]:
    sender, receiver = way
    way_of = {"from_warehouse_id": sender, "to_warehouse_id": receiver}
    given = {"move_id": name, "product_id": "p", "kind": kind, "quantity": quantity, "status": "done"}
    return given | way_of | {"effective_date": TODAY - timedelta(days=days_ago)}


def company() -> Bench:
    """Bought a year and more ago, sent from one warehouse to the other by a carrier, put on another shelf, sold."""
    bench = Bench(TODAY).rows("product", [{"product_id": "p", "sku": "P", "name": "Pump", "unit_cost": "3"}])
    bench.rows("warehouse", [{"warehouse_id": place, "code": place, "name": place} for place in ("a", "b")])
    return bench.rows(
        "stock_move",
        [
            moved("1", 400, "receipt", None, "a", quantity=100),
            moved("2", 9, "transfer", "a", None),
            moved("3", 7, "transfer", None, "b"),
            moved("4", 5, "transfer", "b", "b"),
            moved("5", 4, "transfer", "a", "a"),
            moved("6", 3, "shipment", "b", None, quantity=2),
        ],
    ).build()


def test_a_transfer_neither_brings_new_goods_nor_uses_any_up() -> None:
    bench = company()
    ages = {(r["warehouse_id"], r["age"]): int(r["quantity"]) for r in bench.read("FROM marts.stock_age")}
    assert ages == {("erp:a", "over_365"): 90, ("erp:b", "over_365"): 8}
    (pace,) = bench.read("FROM marts.item_pace")
    assert (int(pace["gone_180"]), pace["pace"]) == (2, "slow")
    outside = bench.read("SELECT kind, quantity FROM marts.stock_flow WHERE is_outside ORDER BY day")
    assert [(row["kind"], int(row["quantity"])) for row in outside] == [("receipt", 100), ("shipment", -2)]


def test_what_stays_within_a_warehouse_is_no_flow() -> None:
    bench = company()
    flows = bench.read("SELECT warehouse_id, quantity FROM marts.stock_flow WHERE kind = 'transfer' ORDER BY day")
    assert [(row["warehouse_id"], int(row["quantity"])) for row in flows] == [("erp:a", -10), ("erp:b", 10)]
