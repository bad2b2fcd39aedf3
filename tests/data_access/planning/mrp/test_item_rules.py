"""What an item is planned with: the ERP's parameters, what its forecast's errors ask for, a planner's own rules."""

from datetime import date, timedelta
from typing import Any

from data_access.config import Planning
from data_access.planning.mrp.inputs import load
from tests.modelbench import Bench

TODAY = date(2026, 11, 25)


def at(days: int) -> date:
    return TODAY + timedelta(days=days)


def rules_of(planning: Planning, *rules: tuple[Any, ...]) -> dict[str, tuple[Any, ...]]:
    """sku -> (safety stock, safety_from, lead time, lead_time_from, minimum, cover weeks) of four products; each sold
    about 20 a week for two years."""
    bench = Bench(TODAY, planning=planning)
    products = [
        dict(product_id=name, sku=name, name=name, supply="buy", lead_time_days=21, safety_stock=held)
        for name, held in (("given", "5"), ("unknown", None), ("zero", "0"), ("set", "5"))
    ]
    bench.rows("product", [*products, dict(product_id="new", sku="new", name="new", supply="buy", safety_stock="4")])
    bench.rows(
        "sales_order_line",
        [
            dict(order_id=f"{name}{n}", line_id=f"{name}{n}", order_date=at(-7 * n - 3), quantity=20 + (n * 7) % 5,
                 amount=20, currency="EUR", unit_price="1", status="done", product_id=name)
            for name in ("given", "unknown", "zero", "set") for n in range(104)
        ],
    )  # fmt: skip
    for rule in rules:
        bench.con.execute("INSERT INTO staging.item_rule VALUES (?, ?, ?, ?, ?, ?, ?)", list(rule))
    bench.build()
    told = bench.read(
        "SELECT sku, p.safety_stock, safety_from, p.lead_time_days, lead_time_from, p.min_order_qty, cover_weeks"
        " FROM plan.item_parameter p JOIN core.product USING (product_id)"
    )
    return {row["sku"]: tuple(row.values())[1:] for row in told}


def test_where_a_safety_stock_comes_from() -> None:
    """The ERP's, measured where it has none (nothing is not none); or the other way round; a planner's goes first."""
    planner = ("set", 35, "44", None, "60", None, 3)
    found = rules_of(Planning(), planner, ("nobody", 1, None, None, None, None, None))
    assert found["given"][:4] == (5, "erp", 21, "product")
    assert found["zero"][:2] == (0, "erp")
    assert found["set"] == (44, "set", 35, "set", 60, 3)
    held, source = found["unknown"][:2]
    assert source == "measured" and 1 <= held <= 20 and held == int(held)
    measured = rules_of(Planning(safety_stock="measured"), planner)
    assert {measured[name][:2] for name in ("given", "unknown", "zero")} == {(held, "measured")}
    assert measured["new"][:2] == (4, "erp") and measured["set"][1] == "set"
    own = rules_of(Planning(), ("given", None, None, "0.99", None, None, None))
    assert own["given"][1] == "measured" and own["given"][0] > held, "a service level of its own asks for measuring"
    surer = rules_of(Planning(safety_stock="measured", service_level=0.99))
    assert surer["given"][0] > held
    longer = rules_of(Planning(safety_stock="textbook", review_days=60))
    assert longer["given"][1] == "textbook" and longer["given"][0] > 0


def test_weeks_in_which_nothing_new_is_released_and_orders_alone_are_demand() -> None:
    bench = Bench(TODAY, planning=Planning(frozen_weeks=2, demand_fence_weeks=3, review_days=14)).build()
    policy = load(bench.con).policy
    assert (policy.frozen, policy.demand_fence, policy.review) == (2, 3, 2)


def test_a_phantom_is_passed_through() -> None:
    """Racks of two kits of three bolts are asked for: nothing is planned of the kit, six bolts of each rack are."""
    bench = Bench(TODAY)
    kinds = {"rack": dict(supply="make"), "kit": dict(supply="make", is_phantom=True), "bolt": dict(supply="buy")}
    bench.rows("product", [dict(product_id=p, sku=p, name=p, lead_time_days=7) | more for p, more in kinds.items()])
    parts = (("rack", "kit", 2), ("kit", "bolt", 3))
    bench.rows("bom_line", [dict(product_id=p, component_id=c, quantity_per=n, scrap_rate=0) for p, c, n in parts])
    asked = dict(order_id="1", line_id="1", product_id="rack", quantity=10, amount=10, currency="EUR", status="open")
    bench.rows("sales_order_line", [asked | dict(order_date=at(-1), promised_date=at(40))])
    bench.build()
    found = bench.read(
        "SELECT split_part(product_id, ':', 2) AS item, sum(quantity) AS n FROM plan.planned_order GROUP BY 1"
    )
    planned = {row["item"]: row["n"] for row in found}
    assert planned.keys() == {"rack", "bolt"} and planned["bolt"] == 6 * planned["rack"] > 0


def test_what_is_no_longer_sold() -> None:
    """Two items that sold alike: the inactive one is expected to sell nothing and keeps no safety stock, its open
    order still has to be served, and what it is part of still wants it."""
    bench = Bench(TODAY)
    made = dict(supply="make", lead_time_days=7)
    items = {"alive": {}, "ended": dict(is_active=False), "rack": made}
    bench.rows(
        "product",
        [
            dict(product_id=p, sku=p, name=p, supply="buy", lead_time_days=7, safety_stock="5") | m
            for p, m in items.items()
        ],
    )
    bench.rows("bom_line", [dict(product_id="rack", component_id="ended", quantity_per=2, scrap_rate=0)])
    line = dict(amount=20, currency="EUR", unit_price="1")
    past = [
        line | dict(order_id=f"{p}{n}", line_id=f"{p}{n}", order_date=at(-7 * n - 3), product_id=p, quantity=20,
                    status="done")
        for p in ("alive", "ended") for n in range(60)
    ]  # fmt: skip
    asked = line | dict(order_date=at(-1), promised_date=at(60), status="open")
    opened = [asked | dict(order_id=p, line_id=p, product_id=p, quantity=q) for p, q in (("ended", 7), ("rack", 10))]
    bench.rows("sales_order_line", [*past, *opened])
    bench.build()
    named = "split_part(product_id, ':', 2)"
    expected = dict(
        bench.con.execute(f"SELECT {named}, round(sum(mean)) FROM plan.demand_forecast GROUP BY 1").fetchall()
    )
    assert expected["alive"] > 0 and expected["ended"] == 0
    kinds = dict(bench.con.execute(f"SELECT {named}, kind FROM plan.forecast_accuracy").fetchall())
    assert kinds["ended"] == "discontinued" and kinds["alive"] == "smooth"
    kept = dict(bench.con.execute(f"SELECT {named}, safety_stock FROM plan.item_parameter").fetchall())
    assert (kept["alive"], kept["ended"]) == (5, 0)
    planned = dict(bench.con.execute(f"SELECT {named}, sum(quantity) FROM plan.planned_order GROUP BY 1").fetchall())
    assert planned["ended"] == 7 + 2 * planned["rack"]
