"""From the tables of a built warehouse to those of a plan: every rule of the way in, and whole companies planned."""

from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import pytest

from data_access.planning.mrp.cover import days_of_cover
from data_access.planning.mrp.engine import plan, revenue_at_risk
from data_access.planning.mrp.inputs import QUERIES, SQL, Loaded, Policy, load, tables_read
from data_access.planning.mrp.messages import action_messages
from data_access.planning.mrp.model import Plan
from data_access.planning.mrp.tables import tables
from data_access.planning.mrp.trace import STOCK, Tracer
from tests.modelbench import Bench
from tests.served import DemoCompany
from tests.somecompany import some_company

TODAY = date(2026, 11, 25)  # a Wednesday
PROMISED = {
    "plan.mps": ["product_id", "period_start", "forecast", "orders", "dependent_demand", "scheduled_receipts",
                 "planned_receipts", "projected_available", "atp"],
    "plan.planned_order": ["product_id", "release_date", "due_date", "quantity", "kind"],
    "plan.capacity_load": ["work_center_id", "period_start", "required_hours", "available_hours"],
    "plan.action_message": ["product_id", "kind", "date", "quantity", "reason", "value_at_risk"],
}  # fmt: skip


def at(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture(scope="module")
def small() -> Bench:
    """A pump of two castings; a service; two things whose lead times nobody knows; orders in every state."""
    bench = Bench(TODAY)
    rows: list[dict[str, Any]] = [
        dict(product_id="pump", supply="make", lead_time_days=45, safety_stock="5", list_price="100", unit_cost="60"),
        dict(product_id="casting", supply="buy", lead_time_days=21, min_order_qty="25", order_multiple="10"),
        dict(product_id="ring", supply="buy", lead_time_days=9),
        dict(product_id="bolt", supply="buy"),
        dict(product_id="odd", list_price="7"),
        dict(product_id="advice", supply="none"),
        dict(product_id="held", supply="none"),
    ]
    bench.rows("product", [{"name": row["product_id"], "sku": row["product_id"].upper(), **row} for row in rows])
    bench.rows("warehouse", [{"warehouse_id": w, "name": w} for w in "ab"])
    bench.rows(
        "stock_move",
        [
            dict(move_id=str(n), effective_date=at(-9), product_id=p, to_warehouse_id=w, quantity=q, kind="receipt",
                 status="done")
            for n, (p, w, q) in enumerate((("pump", "a", 3), ("pump", "b", 4), ("casting", "a", 50), ("held", "a", 1)))
        ],
    )  # fmt: skip
    bench.rows(
        "bom_line",
        [
            dict(product_id="pump", component_id="casting", quantity_per="2", scrap_rate="0.2", valid_to=at(30)),
            dict(product_id="pump", component_id="casting", quantity_per="3", valid_from=at(31)),
            dict(product_id="pump", component_id="gone", quantity_per="1"),
            dict(product_id="ring", component_id="bolt", quantity_per="0"),
        ],
    )
    line = dict(order_date=at(-20), currency="EUR", unit_price="100", status="open", product_id="pump", order_no="S1")
    bench.rows(
        "sales_order_line",
        [
            line | dict(order_id="1", line_id="1", quantity="10", amount="1000", promised_date=at(12)),
            line | dict(order_id="1", line_id="2", quantity="6", amount="600", requested_date=at(-2)),
            line | dict(order_id="2", line_id="3", quantity="8", amount="800", promised_date=at(9)),
            line | dict(order_id="2", line_id="4", quantity="9", amount="900", promised_date=at(9), status="quotation"),
            line | dict(order_id="2", line_id="5", quantity="5", amount="500", product_id="advice"),
        ],
    )
    bench.rows(
        "stock_move",
        [dict(move_id="s", effective_date=at(-1), product_id="pump", from_warehouse_id="a", quantity=2, kind="shipment",
              status="done", order_line_id="3")],
    )  # fmt: skip
    order = dict(product_id="casting", order_date=at(-20), status="open", supplier="Foundry")
    bench.rows(
        "purchase_order_line",
        [
            order
            | dict(
                order_id="p1", order_no="P1", line_id="1", quantity="40", received_quantity="15", expected_date=at(7)
            ),
            order | dict(order_id="p2", order_no="P2", line_id="2", quantity="30", expected_date=at(-3)),
            order | dict(order_id="p3", order_no="P3", line_id="3", quantity="30", expected_date=at(7), status="done"),
            order | dict(order_id="p4", order_no="P4", line_id="4", quantity="30", status="draft"),
        ],
    )
    made = dict(product_id="pump", quantity="4")
    bench.rows(
        "production_order",
        [
            made | dict(production_id="r", status="running", start_date=at(-3), due_date=at(4)),
            made | dict(production_id="q", status="released", start_date=at(6), due_date=at(13)),
            *(
                made | dict(production_id=f"d{n}", status="done", start_date=at(-60 - n), finished_date=at(-53 + n))
                for n in range(5)
            ),
        ],
    )
    bench.rows("work_center", [dict(work_center_id="w", name="Assembly", capacity_hours_per_day="8")])
    bench.rows(
        "routing_operation",
        [
            dict(product_id="pump", work_center_id="w", setup_hours="1", hours_per_unit="0.5"),
            dict(product_id="pump", work_center_id="unknown", setup_hours="1", hours_per_unit="0.5"),
        ],
    )
    return bench.build()


def test_items_and_their_rules(small: Bench) -> None:
    loaded = load(small.con)
    goods = loaded.inputs.items
    names = [product.removeprefix("erp:") for product in loaded.products]
    assert names == ["bolt", "casting", "held", "odd", "pump", "ring"]
    found = dict(
        zip(names, zip(goods.lead_time_days, goods.lead_time, loaded.lead_time_from, strict=True), strict=True)
    )
    assert found["pump"] == (11, 2, "measured")
    assert found["casting"] == (21, 3, "product")
    assert found["bolt"] == (15, 3, "assumed")
    assert found["odd"] == (0, 0, "assumed")
    row = names.index("casting")
    assert (goods.lots.minimum[row], goods.lots.multiple[row], goods.on_hand[row]) == (30, 10, 50)
    row = names.index("pump")
    assert (goods.on_hand[row], goods.safety_stock[row], goods.is_made[row], goods.net_price[row]) == (5, 5, True, 100)


def test_demand_receipts_and_hours(small: Bench) -> None:
    loaded = load(small.con, Policy(weeks=8))
    given, row = loaded.inputs, loaded.products.index("erp:pump")
    assert given.horizon.starts[0] == np.datetime64("2026-11-23")
    assert given.orders[row].tolist() == [6, 6, 10, 0, 0, 0, 0, 0]
    assert loaded.lines["line_id"].tolist() == ["erp:1", "erp:2", "erp:3"]
    assert loaded.documents["document_no"].tolist() == ["P1", "P2", "erp:q", "erp:r"]
    assert given.open_orders.quantity.tolist() == [25, 30, 4, 4]
    assert given.hours.tolist() == [[24, 40, 40, 40, 40, 40, 40, 40]]
    assert loaded.without_item == 1
    assert len(given.routing.item) == 1
    ahead = small.con.execute(
        "SELECT sum(quantity) FROM marts.demand_walk WHERE product_id = 'erp:pump' AND week_no < 8"
    ).fetchone()
    assert ahead is not None and given.forecast[row].sum() == pytest.approx(ahead[0])


def test_the_plan_of_it(small: Bench) -> None:
    loaded = load(small.con, Policy(weeks=8))
    found = plan(loaded.inputs)
    pump, casting = loaded.products.index("erp:pump"), loaded.products.index("erp:casting")
    assert found.structure.refused.tolist() == [2]
    assert found.scheduled[pump].tolist() == [4, 0, 4, 0, 0, 0, 0, 0]
    assert found.scheduled[casting].tolist() == [0, 25, 0, 30, 0, 0, 0, 0]
    assert found.starting[pump].tolist() == [0, 4, 0, 0, 0, 0, 0, 0]
    per_unit = np.array([2 / 0.8] * 5 + [3] * 3)
    assert found.dependent[casting] == pytest.approx((found.releases + found.starting)[pump] * per_unit)
    told = action_messages(found)
    made = tables(loaded, found, told)
    messages = made["plan.action_message"].set_index("document_no")
    assert messages.loc["P2", "kind"] == "past_due"
    for name, columns in PROMISED.items():
        assert [column for column in made[name].columns if column in columns] == columns
    orders = made["plan.planned_order"]
    assert (orders["release_date"] >= np.datetime64(TODAY)).all()
    assert (orders["days_late"] > 0).sum() > 0


def test_a_large_deal_is_demand_on_top_and_a_small_one_is_not() -> None:
    bench = Bench(TODAY)
    bench.rows("product", [dict(product_id="p", sku="P", name="P", supply="buy", lead_time_days=7)])
    week = dict(currency="EUR", unit_price="1", status="done", product_id="p")
    bench.rows(
        "sales_order_line",
        [
            week | dict(order_id=str(n), line_id=str(n), order_date=at(-7 * n - 3), quantity=20 * (n % 2), amount=20)
            for n in range(60)
        ],
    )
    deal = dict(stage="proposal", expected_close=at(20), probability="0.5", created_date=at(-9), amount="100")
    deal |= dict(currency="EUR")
    bench.rows("opportunity", [deal | dict(opportunity_id=str(n)) for n in (1, 2)], "crm")
    lines = [dict(opportunity_id=n, line_id=n, sku="P", quantity=q) for n, q in (("1", "19"), ("2", "80"))]
    bench.rows("opportunity_line", lines, "crm")
    bench.build()
    counted = bench.read("SELECT opportunity_id, product_id, weighted_quantity FROM marts.deal_demand")
    loaded = load(bench.con)
    assert sorted(row["weighted_quantity"] for row in counted) == [9.5, 40]
    assert loaded.inputs.deals.sum() == 40
    assert loaded.inputs.deals[0, 3] == 40


def test_what_a_plan_is_made_from() -> None:
    assert {path.stem for path in SQL.glob("*.sql")} == set(QUERIES)
    assert {"core.bom_line", "core.stock_on_hand", "marts.demand_walk", "core.company"} <= tables_read()


def test_an_empty_company_has_an_empty_plan() -> None:
    bench = Bench(TODAY).build()
    loaded = load(bench.con)
    found = plan(loaded.inputs)
    assert all(frame.empty for frame in tables(loaded, found, action_messages(found)).values())


def planned(con: duckdb.DuckDBPyConnection) -> tuple[Loaded, Plan]:
    loaded = load(con)
    return loaded, plan(loaded.inputs)


def check_whole(con: duckdb.DuckDBPyConnection) -> tuple[Loaded, Plan]:
    """What holds for any company: balances, money as the marts say it, traces that end at known order lines."""
    loaded, found = planned(con)
    moved = found.scheduled + found.receipts - found.gross
    expected = found.inputs.items.on_hand[:, None] + np.cumsum(moved, axis=1)
    assert found.available == pytest.approx(expected, abs=1e-4)
    known = {
        product: float(amount)
        for product, amount in con.execute("SELECT product_id, at_risk FROM marts.item WHERE at_risk > 0").fetchall()
    }
    ours = dict(zip(loaded.products, revenue_at_risk(found.inputs), strict=True))
    assert {product: ours[product] for product in known} == pytest.approx(known, abs=0.02)
    assert sum(ours.values()) == pytest.approx(sum(known.values()), abs=0.5)
    cover = con.execute("SELECT product_id, cover_days FROM marts.item_cover WHERE scenario = 'base'").fetchall()
    days = days_of_cover(found.inputs.items.on_hand, found.inputs.forecast, found.inputs.horizon.lengths)
    lasts = dict(zip(loaded.products, np.minimum(days, 728), strict=True))
    for product, told_days in cover:
        assert lasts[product] == pytest.approx(np.nan if told_days is None else told_days, abs=1e-3, nan_ok=True)
    told = action_messages(found)
    made = tables(loaded, found, told)
    assert made["plan.action_message"]["value_at_risk"].is_monotonic_decreasing
    assert set(made["plan.mps"]["product_id"]) <= set(loaded.products)
    tracer = Tracer(found)
    for item in np.flatnonzero((found.unexpedited < -1e-6).any(axis=1))[:40]:
        period = int((found.unexpedited[item] < -1e-6).argmax())
        hits = tracer.hits(int(item), period)
        assert sum(hit.blocked for hit in hits) == pytest.approx(tracer.shortage(int(item), period), rel=1e-6)
        assert all(hit.kind == STOCK or found.gross[hit.item, hit.period] > 0 for hit in hits)
    return loaded, found


@pytest.mark.parametrize("seed", [3, 4])
def test_a_random_company(seed: int) -> None:
    check_whole(some_company(seed).con)


def test_the_demo_company(demo_company: DemoCompany) -> None:
    """Four levels, six work centres, some hundred orders under way: everything that screens of it need is there."""
    with demo_company.warehouse() as con:
        loaded, found = check_whole(con)
    assert found.structure.cycles == ()
    assert not found.structure.refused.size and not loaded.without_item
    assert len(found.structure.items_at) >= 4
    assert len(loaded.work_centers) == 6 and (found.load.required.sum(axis=1) > 0).all()
    assert 0 < (found.unexpedited < 0).any(axis=1).sum() < 0.5 * len(loaded.products)
    short = np.flatnonzero((found.unexpedited < -1).any(axis=1) & (found.structure.level > 1))
    tracer = Tracer(found)
    paths = [hit.path for item in short for hit in tracer.hits(int(item), 4)]
    assert max(map(len, paths)) >= 3
