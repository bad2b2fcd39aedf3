"""Orders, shipments and stock: input rows -> output rows."""

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.modelbench import Bench
from tests.somecompany import some_company

DAY = date(2026, 5, 31)


def line(line_id: str, **more: Any) -> dict[str, Any]:
    given = {
        "order_id": "o",
        "order_no": "SO1",
        "line_id": line_id,
        "order_date": DAY,
        "customer_id": "1",
        "product_id": "p",
        "quantity": 3,
        "currency": "USD",
        "amount": "10.00",
        "status": "open",
    }
    return given | more


def company() -> Bench:
    bench = Bench().rows("customer", [{"customer_id": "1", "name": "One"}])
    bench.rows("product", [{"product_id": "p", "name": "Pump", "unit_cost": "3.5"}])
    days = [(date(2026, 1, 1), "1.1"), (date(2026, 6, 1), "1.3")]
    return bench.rows("exchange_rate", [{"currency": "USD", "day": day, "rate": rate} for day, rate in days])


def move(move_id: str, day: date, quantity: Any, kind: str = "shipment", line_id: str = "1") -> dict[str, Any]:
    way = {"from_warehouse_id": "w"} if kind == "shipment" else {"to_warehouse_id": "w"}
    return {
        "move_id": move_id,
        "effective_date": day,
        "product_id": "p",
        "quantity": quantity,
        "kind": kind,
        "status": "done",
        "order_line_id": line_id,
        **way,
    }


def lines(bench: Bench) -> dict[str, dict[str, Any]]:
    return {row["line_id"]: row for row in bench.read("FROM core.sales_order_line")}


def test_a_total_is_converted_once_and_its_lines_sum_to_it() -> None:
    bench = company().rows("sales_order_line", [line(str(k)) for k in (9, 10, 11)]).build("core.sales_order_line")
    amounts = [lines(bench)[f"erp:{k}"]["amount_base"] for k in (9, 10, 11)]
    assert sum(amounts) == Decimal("27.27")  # 30 / 1.1, not 3 x 9.09 by luck: see the next test
    assert amounts == [Decimal("9.09"), Decimal("9.09"), Decimal("9.09")]


def test_rounding_errors_do_not_pile_up() -> None:
    rows = [line(f"{k:02}", amount="0.05") for k in range(40)]
    bench = company().rows("sales_order_line", rows).build("core.sales_order_line")
    assert bench.one("SELECT sum(amount_base) FROM core.sales_order_line") == Decimal("1.82")  # 2.00 / 1.1


def test_rate_of_the_latest_day_not_after_the_order() -> None:
    rows = [
        line("a", order_id="a"),
        line("b", order_id="b", order_date=date(2026, 6, 1)),
        line("c", order_id="c", order_date=date(2025, 12, 31)),
    ]
    found = lines(company().rows("sales_order_line", rows).build("core.sales_order_line"))
    assert [found[f"erp:{k}"]["amount_base"] for k in "abc"] == [Decimal("9.09"), Decimal("7.69"), None]


@pytest.mark.parametrize("currency", [None, "GBP"])
def test_without_currency_or_rate_nothing_is_guessed(currency: str | None) -> None:
    bench = company().rows("sales_order_line", [line("1", currency=currency)]).build()
    assert lines(bench)["erp:1"]["amount_base"] is None
    assert len(bench.violations("warn_unconverted")) == 1
    assert bench.one("SELECT unconverted_lines FROM marts.span") == 1


def test_base_currency_needs_no_rate_and_cancelled_lines_stay_out_of_the_total() -> None:
    rows = [line("1", currency="EUR"), line("2", amount="0.01"), line("3", amount="0.05", status="cancelled")]
    found = lines(company().rows("sales_order_line", rows).build())
    assert [found[f"erp:{k}"]["amount_base"] for k in "123"] == [Decimal("10.00"), Decimal("0.01"), Decimal("0.05")]


def test_an_amount_that_is_missing_is_quantity_times_price() -> None:
    bench = company().rows("sales_order_line", [line("1", currency="EUR", amount=None, quantity=3, unit_price="0.115")])
    assert lines(bench.build("core.sales_order_line"))["erp:1"]["amount"] == Decimal("0.34")  # 0.345 half-even


def test_unknown_product_keeps_its_money() -> None:
    bench = company().rows("sales_order_line", [line("1", product_id="gone", currency="EUR")]).build()
    assert (lines(bench)["erp:1"]["product_id"], lines(bench)["erp:1"]["amount_base"]) == (None, Decimal("10.00"))
    assert len(bench.violations("warn_unknown_product")) == 1
    assert bench.one("SELECT sum(booked_base) FROM marts.sales_day") == Decimal("10.00")


def test_partial_shipments_share_the_amount_and_a_full_one_carries_it_all() -> None:
    rows = [move("m1", date(2026, 6, 2), 1), move("m2", date(2026, 6, 3), 1), move("m3", date(2026, 6, 5), 1)]
    bench = company().rows("sales_order_line", [line("1", currency="EUR")]).rows("stock_move", rows).build()
    got = [row["revenue_base"] for row in bench.read("FROM core.shipment ORDER BY move_id")]
    assert got == [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")]
    found = lines(bench)["erp:1"]
    assert (found["status"], found["shipped_quantity"], found["shipped_date"]) == ("shipped", 3, date(2026, 6, 5))
    assert found["cost_base"] == Decimal("10.50")


def test_returns_take_revenue_back() -> None:
    rows = [move("m1", date(2026, 6, 2), 3), move("m2", date(2026, 7, 3), 1, "return")]
    bench = company().rows("sales_order_line", [line("1", currency="EUR")]).rows("stock_move", rows).build()
    assert bench.one("SELECT sum(revenue_base) FROM core.shipment WHERE effective_date >= '2026-07-01'") == Decimal(
        "-3.33"
    )
    assert (lines(bench)["erp:1"]["shipped_quantity"], lines(bench)["erp:1"]["status"]) == (2, "open")


def test_a_return_line_is_negative_throughout() -> None:
    given = line("1", currency="EUR", quantity=-2, amount="-7.01")
    bench = company().rows("sales_order_line", [given]).rows("stock_move", [move("m", DAY, 2, "return")]).build()
    shipped = bench.read("FROM core.shipment")[0]
    assert (shipped["quantity"], shipped["revenue_base"], shipped["cost_base"]) == (-2, Decimal("-7.01"), -7)
    assert (lines(bench)["erp:1"]["status"], lines(bench)["erp:1"]["shipped_date"]) == ("shipped", DAY)


def test_on_hand_on_any_day_counts_transfers_once_and_keeps_negatives() -> None:
    rows = [
        {"move_id": "1", "effective_date": date(2026, 6, 1), "to_warehouse_id": "w", "quantity": 5, "kind": "receipt"},
        {
            "move_id": "2",
            "effective_date": date(2026, 6, 2),
            "from_warehouse_id": "w",
            "to_warehouse_id": "w",
            "quantity": 9,
            "kind": "transfer",
        },
        {
            "move_id": "3",
            "effective_date": date(2026, 6, 3),
            "from_warehouse_id": "w",
            "to_warehouse_id": "x",
            "quantity": 7,
            "kind": "transfer",
        },
        {
            "move_id": "4",
            "effective_date": date(2026, 12, 1),
            "to_warehouse_id": "w",
            "quantity": 99,
            "kind": "receipt",
        },
        {
            "move_id": "5",
            "planned_date": date(2026, 6, 1),
            "to_warehouse_id": "w",
            "quantity": 99,
            "kind": "receipt",
            "status": "planned",
        },
    ]
    bench = company().rows("stock_move", [{"product_id": "p", "status": "done", **row} for row in rows]).build()

    def on_hand(day: str) -> dict[str, int]:
        found = bench.read(f"FROM core.on_hand_at(DATE '{day}')")
        return {row["warehouse_id"].removeprefix("erp:"): int(row["quantity"]) for row in found}

    assert on_hand("2026-05-31") == {"w": 0, "x": 0}
    assert on_hand("2026-06-02") == {"w": 5, "x": 0}
    assert on_hand("2026-06-03") == {"w": -2, "x": 7}
    held = {row["warehouse_id"]: row["value_base"] for row in bench.read("FROM core.stock_on_hand")}
    assert held == {"erp:w": Decimal("-7.00"), "erp:x": Decimal("24.50")}
    assert [row["warehouse_id"] for row in bench.violations("warn_negative_on_hand")] == ["erp:w"]


@pytest.mark.parametrize("seed", [1, 2])
def test_random_company_passes_every_gate(seed: int) -> None:
    bench = some_company(seed)
    gates = ("duplicate_key", "lines_arrive", "on_hand", "order_total", "shipment_revenue")
    assert {gate: bench.violations(f"gate_{gate}") for gate in gates} == dict.fromkeys(gates, [])


def test_gates_see_what_is_wrong() -> None:
    bench = some_company(random.Random(3).randrange(99))
    bench.con.execute(
        "UPDATE core.order_line_base SET amount_base = amount_base + 0.01 WHERE line_id = '10' OR line_id = '20'"
    )
    bench.con.execute("INSERT INTO core.product FROM core.product LIMIT 1")
    bench.con.execute("UPDATE core.stock_on_hand SET quantity = quantity + 1 WHERE product_id = 'erp:p1'")
    bench.con.execute("DELETE FROM core.stock_move WHERE move_id = 'erp:in3'")
    bench.con.execute("UPDATE core.shipment SET revenue_base = revenue_base + 1")
    for gate in ("duplicate_key", "order_total", "on_hand", "lines_arrive", "shipment_revenue"):
        assert bench.violations(f"gate_{gate}"), gate


@pytest.mark.parametrize("seed", [5])
def test_revenue_is_quantity_times_net_price_within_a_cent_a_move(seed: int) -> None:
    bench = some_company(seed)
    rows = bench.read("""SELECT s.quantity, s.revenue_base, l.amount_base, l.quantity AS ordered
                         FROM core.shipment s JOIN core.sales_order_line l USING (line_id)
                         WHERE l.amount_base IS NOT NULL""")
    assert len(rows) > 200
    for row in rows:
        plain = Fraction(row["amount_base"]) * Fraction(row["quantity"]) / Fraction(row["ordered"])
        assert abs(plain - Fraction(row["revenue_base"])) <= Fraction(1, 100)
