"""What forecasts and plans are made from: history, empty shelves, campaigns, large deals; what a plan says of items."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.modelbench import MODELS, Bench

TODAY = date(2026, 11, 25)  # a Wednesday; its week began on the 23rd
MONDAY = date(2026, 11, 23)


def weeks_ago(weeks: int, day: int = 0) -> date:
    return MONDAY - timedelta(weeks=weeks) + timedelta(days=day)


def goods(bench: Bench) -> Bench:
    bench.rows("product", [{"product_id": p, "sku": p.upper(), "name": p, "supply": "buy"} for p in ("pump", "seal")])
    return bench.rows("warehouse", [{"warehouse_id": w, "name": w} for w in "ab"])


def order(
    number: int, day: date, quantity: float, product: str = "pump", place: str = "a", **more: Any
) -> dict[str, Any]:
    known = {
        "order_id": str(number),
        "line_id": str(number),
        "order_date": day - timedelta(days=3),
        "requested_date": day,
    }
    known |= {"product_id": product, "warehouse_id": place, "quantity": quantity, "currency": "EUR", "amount": "10"}
    return known | {"status": "done", "customer_id": "1"} | more


def move(number: int, day: date, quantity: float, place: str = "a", product: str = "pump") -> dict[str, Any]:
    """In where it is positive, out where it is negative."""
    way = {"to_warehouse_id": place} if quantity > 0 else {"from_warehouse_id": place}
    known = {"move_id": str(number), "effective_date": day, "product_id": product, "quantity": abs(quantity)}
    return known | way | {"kind": "receipt" if quantity > 0 else "shipment", "status": "done"}


def test_history_ends_with_last_week() -> None:
    bench = goods(Bench(TODAY)).rows(
        "sales_order_line",
        [order(1, weeks_ago(2, 6), 5), order(2, weeks_ago(1), 7), order(3, MONDAY, 9), order(4, weeks_ago(-3), 11)],
    )
    found = bench.build("marts.item_history", "marts.booked_history")
    weeks = found.read("SELECT week_start, quantity::INTEGER AS q FROM marts.item_history ORDER BY 1")
    assert [(row["week_start"], row["q"]) for row in weeks] == [(weeks_ago(2), 5), (weeks_ago(1), 7)]
    assert found.one("SELECT max(week_start) FROM marts.booked_history") == weeks_ago(1)


def test_empty_shelves_by_the_part_of_the_item_they_sell() -> None:
    """Three quarters are sold from a, which is empty from Thursday of week 10 to Wednesday of week 9: 4/7 and 3/7 of
    those weeks; b is empty on all of week 5. Before its first move nothing is known of a place."""
    bench = goods(Bench(TODAY)).rows(
        "sales_order_line", [order(1, weeks_ago(4), 30), order(2, weeks_ago(3), 10, place="b")]
    )
    bench.rows(
        "stock_move",
        [
            move(1, weeks_ago(40), 50), move(2, weeks_ago(10, 3), -50), move(3, weeks_ago(9, 3), 100),
            move(4, weeks_ago(30), 20, "b"), move(5, weeks_ago(5), -20, "b"), move(6, weeks_ago(4), 40, "b"),
        ],
    )  # fmt: skip
    found = bench.build("marts.item_out_week").read("FROM marts.item_out_week ORDER BY week_start")
    assert [(row["week_start"], row["empty_share"]) for row in found] == [
        (weeks_ago(10), pytest.approx(0.75 * 4 / 7, abs=1e-6)),
        (weeks_ago(9), pytest.approx(0.75 * 3 / 7, abs=1e-6)),
        (weeks_ago(5), pytest.approx(0.25)),
    ]


def test_what_is_never_held_is_never_out_of_stock() -> None:
    """Made to order: in and out on the same day, empty at the end of nearly every day."""
    bench = goods(Bench(TODAY)).rows("sales_order_line", [order(1, weeks_ago(4), 30)])
    bench.rows("stock_move", [move(n, weeks_ago(20 - n // 2), (1, -1)[n % 2] * 5) for n in range(30)])
    assert bench.build("marts.item_out_week").read("FROM marts.item_out_week") == []


def test_campaigns_by_week_and_discount() -> None:
    """A week counts with three days of it: Thursday to Sunday, a whole one, and not Monday and Tuesday."""
    bench = goods(Bench(TODAY)).rows(
        "campaign",
        [
            {"campaign_id": "k", "start_date": weeks_ago(3, 3), "end_date": weeks_ago(1, 1), "status": "done"},
            {"campaign_id": "no", "start_date": weeks_ago(3), "end_date": weeks_ago(2), "status": "cancelled"},
        ],
        "crm",
    )
    sold = [("k", "PUMP", "0.08"), ("k", "SEAL", None), ("no", "PUMP", "0.05"), ("k", "NOBODY", "0.05")]
    bench.rows(
        "campaign_product",
        [dict(zip(("campaign_id", "product_sku", "discount"), row, strict=True)) for row in sold],
        "crm",
    )
    found = bench.build("marts.campaign_week").read("FROM marts.campaign_week ORDER BY product_id, week_start")
    assert [(row["product_id"].split(":")[-1], row["week_start"], row["kind"]) for row in found] == [
        ("pump", weeks_ago(3), "over_5"), ("pump", weeks_ago(2), "over_5"),
        ("seal", weeks_ago(3), "none"), ("seal", weeks_ago(2), "none"),
    ]  # fmt: skip


def deals(*open_deals: tuple[str, str, int, float]) -> Bench:
    """(deal, stage, days in it, quantity); 22 closed deals took 40 days from qualified, the won half of them; the pump
    sells 10 in every second week: its standard deviation is 5."""
    bench = goods(Bench(TODAY)).rows("customer", [{"customer_id": "1", "name": "One"}])
    bench.rows("customer", [{"customer_id": "c", "name": "one"}], "crm")
    bench.rows("sales_order_line", [order(n, weeks_ago(1 + 2 * n), 10) for n in range(26)])
    noon = datetime(2026, 11, 25, 11, tzinfo=UTC)
    rows, stays, lines = [], [], []
    for n in range(22):
        won = n % 2 == 0
        rows.append(
            {"opportunity_id": f"x{n}", "stage": "won" if won else "lost", "closed_date": TODAY - timedelta(days=100)}
        )
        stays += [
            {"opportunity_id": f"x{n}", "stage": "qualified", "entered_at": noon - timedelta(days=140)},
            {"opportunity_id": f"x{n}", "stage": "won" if won else "lost", "entered_at": noon - timedelta(days=100)},
        ]
    for key, stage, days, quantity in open_deals:
        rows.append({"opportunity_id": key, "stage": stage, "expected_close": TODAY + timedelta(days=70)})
        stays.append({"opportunity_id": key, "stage": stage, "entered_at": noon - timedelta(days=days)})
        lines.append({"opportunity_id": key, "sku": "PUMP", "quantity": quantity})
    same = {"customer_id": "c", "currency": "EUR", "amount": "500", "probability": "0.3"}
    bench.rows("opportunity", [same | row for row in rows], "crm").rows("opportunity_stage_history", stays, "crm")
    if lines:
        bench.rows("opportunity_line", lines, "crm")
    return bench.build("marts.deal_term", "marts.stage_lag", "marts.deal_recalled")


def test_large_deals_come_when_such_deals_were_won() -> None:
    """10 is two standard deviations and no more: part of every week. 30 that is qualified for 12 days comes in 28 more,
    one that is overdue this week, one in a stage nobody won from by the CRM's day."""
    bench = deals(("small", "qualified", 12, 10), ("big", "qualified", 12, 30), ("old", "qualified", 90, 30),
                  ("new", "negotiation", 2, 30))  # fmt: skip
    assert bench.read("FROM marts.stage_lag") == [{"stage": "qualified", "days": 40.0, "deals": 11}]
    found = {row["opportunity_id"].split(":")[-1]: row for row in bench.read("FROM marts.deal_term")}
    assert {key: row["week_start"] for key, row in found.items()} == {
        "big": weeks_ago(-4), "old": MONDAY, "new": weeks_ago(-10),
    }  # fmt: skip
    for row in found.values():
        assert row["weighted_quantity"] == pytest.approx(30 * row["probability"])


def test_what_large_deals_would_have_added_eight_weeks_ago() -> None:
    """Qualified 70 days ago, two weeks before that day: won in half of all cases, 40 days after it was qualified. 9 is
    under two standard deviations; what was qualified since, or comes after today, was not expected of these weeks."""
    bench = deals(("then", "qualified", 70, 30), ("small", "qualified", 70, 9), ("since", "qualified", 50, 30),
                  ("late", "negotiation", 70, 30))  # fmt: skip
    found = bench.read("FROM marts.deal_recalled")
    assert [(row["opportunity_id"].split(":")[-1], row["week_start"]) for row in found] == [
        ("then", date(2026, 10, 26))
    ]
    assert (found[0]["probability"], found[0]["weighted_quantity"]) == (0.5, 15)


def test_without_deals_there_is_no_term() -> None:
    assert deals().read("FROM marts.deal_term") == []


def test_capacity_is_demand_over_the_fullest_work_centre() -> None:
    bench = Bench(TODAY)
    bench.con.execute("CREATE TABLE plan.demand_total (period_start DATE, mean DOUBLE)")
    bench.con.execute("CREATE TABLE plan.capacity_load AS SELECT 'w' AS work_center_id, NULL::DATE AS period_start,"
                      " 1::DOUBLE AS required_hours, 1::DOUBLE AS available_hours LIMIT 0")  # fmt: skip
    for week, mean in ((0, 900.0), (1, 800.0), (2, None)):
        bench.con.execute("INSERT INTO plan.demand_total VALUES (?, ?)", [MONDAY + timedelta(weeks=week), mean])
    loads = ((0, "w", 60, 40), (0, "v", 10, 40), (1, "w", 20, 40), (1, "v", 0, 0), (2, "w", 10, 40))
    for week, center, required, available in loads:
        values = [center, MONDAY + timedelta(weeks=week), required, available]
        bench.con.execute("INSERT INTO plan.capacity_load VALUES (?, ?, ?, ?)", values)
    text = (MODELS / "marts" / "capacity_week.sql").read_text(encoding="utf-8")
    found = bench.read(f"SELECT * FROM ({text.rstrip()}) ORDER BY week_start")
    assert [(row["work_center_id"], row["utilisation"], row["capacity_base"]) for row in found] == [
        ("w", 1.5, pytest.approx(600)), ("w", 0.5, pytest.approx(1600)),
    ]  # fmt: skip


def test_lead_times_are_measured_in_weeks_that_are_over() -> None:
    """Five orders of 10, 10, 12, 12 and 16 days; a sixth that ended on Monday, this week, does not count yet."""
    bench = goods(Bench(TODAY))
    bench.rows("product", [dict(product_id="box", sku="BOX", name="box", supply="make", lead_time_days=30)])
    ends = [(weeks_ago(2), days) for days in (10, 10, 12, 12, 16)] + [(MONDAY, 90)]
    bench.rows(
        "production_order",
        [
            dict(production_id=str(n), product_id="box", quantity=1, status="done", finished_date=end,
                 start_date=end - timedelta(days=days))
            for n, (end, days) in enumerate(ends)
        ],
    )  # fmt: skip
    found = bench.build("marts.lead_time").read("FROM marts.lead_time WHERE product_id = 'erp:box'")[0]
    assert (found["lead_time_days"], found["lead_time_from"]) == (12, "measured")
    assert found["deviation_days"] == pytest.approx(4.8**0.5)
