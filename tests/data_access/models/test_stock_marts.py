"""Age, place, queue and campaigns of stock against plain Python, on small random companies with odd stock."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest

from tests.data_access.models.test_item_marts import daily, simulated_cover, weekly_demand
from tests.modelbench import Bench
from tests.somecompany import some_company

SEEDS = [(61, date(2026, 11, 23)), (62, date(2026, 11, 26)), (63, date(2026, 11, 29))]
LIMITS = ((30, "0-30"), (90, "31-90"), (180, "91-180"), (365, "181-365"), (10**6, "over_365"))
Row = dict[str, Any]


@pytest.fixture(scope="module", params=SEEDS, ids=str)
def company(request: pytest.FixtureRequest) -> tuple[Bench, date]:
    seed, today = request.param
    return some_company(seed, today=today), today


def on_hand(bench: Bench) -> dict[tuple[str, str], float]:
    return {(r["product_id"], r["warehouse_id"]): float(r["quantity"]) for r in bench.read("FROM core.stock_on_hand")}


def test_stock_is_as_old_as_its_newest_receipts(company: tuple[Bench, date]) -> None:
    bench, today = company
    came: dict[str, list[tuple[date, float]]] = defaultdict(list)
    moves = "FROM core.stock_move WHERE status = 'done' AND from_warehouse_id IS NULL AND to_warehouse_id IS NOT NULL"
    for move in bench.read(f"{moves} AND product_id IS NOT NULL ORDER BY effective_date DESC"):
        came[move["product_id"]].append((move["effective_date"], float(move["quantity"])))
    held = on_hand(bench)
    expected: dict[tuple[str, str, str], float] = defaultdict(float)
    for (product, place), quantity in held.items():
        if quantity < 0:
            expected[product, place, "below_zero"] = quantity
            continue
        total = sum(q for (p, _), q in held.items() if p == product and q > 0)
        left = total
        for day, received in [*came[product], (date(1900, 1, 1), 1e9)]:
            part = min(left, received)
            left -= part
            age = next(name for limit, name in LIMITS if (today - day).days <= limit)
            expected[product, place, age] += quantity * part / total
    shown = {
        (r["product_id"], r["warehouse_id"], r["age"]): float(r["quantity"]) for r in bench.read("FROM marts.stock_age")
    }
    assert shown == {key: pytest.approx(q, abs=2e-6) for key, q in expected.items() if abs(q) > 1e-9}
    assert any(age == "below_zero" for _, _, age in shown) and len({age for _, _, age in shown}) >= 3
    sums = "SELECT sum(a.value_base) = (SELECT sum(value_base) FROM core.stock_on_hand) FROM marts.stock_age a"
    assert bench.one(sums) is True


def test_cover_in_a_place_is_a_walk_over_its_share(company: tuple[Bench, date]) -> None:
    bench, today = company
    demand, held = weekly_demand(bench), on_hand(bench)
    shares: dict[str, float] = defaultdict(float)
    seen = 0
    for row in bench.read("FROM marts.item_warehouse"):
        product, share = row["product_id"], row["share"] or 0.0
        shares[product] += share
        stock = max(held.get((product, row["warehouse_id"]), 0.0), 0.0)
        need = [share * units for units in daily(demand.get(product, {}), today, 728, {})]
        if sum(need) <= 0:
            assert row["cover_weeks"] is None
            continue
        seen += 1
        assert row["cover_weeks"] * 7 == pytest.approx(simulated_cover(stock, need), abs=1e-3)
        assert row["short_quantity"] == pytest.approx(max(sum(need[:28]) - stock, 0.0), abs=1e-6)
        spare = max(held.get((product, row["warehouse_id"]), 0.0) - sum(need[:56]), 0.0)
        assert row["spare_quantity"] == pytest.approx(spare, abs=1e-6)
    assert seen and all(total == pytest.approx(1) or total == 0 for total in shares.values())


def test_the_queue_is_served_in_order(company: tuple[Bench, date]) -> None:
    """Walks each item's queue with what is there and what comes in; what finds nothing in eight weeks is short."""
    bench, today = company
    horizon = today + timedelta(days=56)
    needs: dict[str, list[Row]] = defaultdict(list)
    for row in bench.read("FROM marts.need"):
        needs[row["product_id"]].append(row)
    supply: dict[str, list[Row]] = defaultdict(list)
    for row in bench.read("FROM marts.supply ORDER BY day"):
        supply[row["product_id"]].append(row)
    seen_short = seen_late = 0
    for product, queue in needs.items():
        have = max((float(s["upto"]) for s in supply[product] if s["day"] < horizon), default=0.0)
        orders = sorted((r for r in queue if r["kind"] == "order"), key=lambda r: (r["day"], r["need_id"]))
        deals = [r for r in queue if r["kind"] == "deal"]
        deals.sort(key=lambda r: (r["day"], -r["probability"], r["need_id"]))
        assert all(not r["is_near"] or r["kind"] == "deal" or r["day"] < horizon for r in queue)
        near = [r for r in orders if r["is_near"]]
        left = have
        for row in [*near, *deals]:
            quantity = float(row["quantity"])
            assert float(row["short"]) == pytest.approx(max(quantity - max(left, 0.0), 0.0), abs=1e-5)
            left -= quantity
            seen_short += row["short"] > 0
        upto = 0.0
        for row in orders:
            upto += float(row["quantity"])
            served = next((s["day"] for s in supply[product] if float(s["upto"]) >= upto - 1e-9), None)
            assert row["served_date"] == served
            seen_late += served is not None and served > row["day"]
    assert seen_short and seen_late


def test_campaigns_are_walked_day_by_day(company: tuple[Bench, date]) -> None:
    bench, today = company
    demand, price = weekly_demand(bench), {r["product_id"]: r for r in bench.read("FROM marts.item_price")}
    cost = {r["product_id"]: float(r["unit_cost"]) for r in bench.read("FROM core.product")}
    comes: dict[tuple[str, date], float] = {
        (r["product_id"], r["day"]): float(r["quantity"]) for r in bench.read("FROM marts.supply")
    }
    rows = bench.read("FROM marts.campaign_item")
    assert {row["status"] for row in rows} == {"running", "planned"}
    for row in rows:
        product, start, end = row["product_id"], row["start_date"], row["end_date"]
        planned = float(row["planned_quantity"]) / ((end - start).days + 1)
        left = missing = 0.0
        days: list[date] = []
        for n, need in enumerate(daily(demand.get(product, {}), today, (end - today).days + 1, {})):
            day = today + timedelta(days=n)
            wanted = max(need, planned) if day >= start else need
            left += comes.get((product, day), 0.0)
            if day >= start and wanted - left > 1e-9:
                missing += wanted - left
                days.append(day)
            left = max(0.0, left - wanted)
        assert float(row["missing"]) == pytest.approx(missing, abs=1e-4)
        assert (row["missing_from"], row["missing_to"]) == ((days[0], days[-1]) if days else (None, None))
        unit = max(float(price[product]["net_price"]) * (1 - float(row["discount"])) - cost[product], 0.0)
        assert float(row["margin_at_stake"]) == pytest.approx(missing * unit, abs=0.02)
        assert (row["advice"] == "covered") == (missing <= 1e-5)


def test_goods_move_only_from_where_they_are_to_spare(company: tuple[Bench, date]) -> None:
    bench, _ = company
    places = {(r["product_id"], r["warehouse_id"]): r for r in bench.read("FROM marts.item_warehouse")}
    for row in bench.read("FROM marts.transfer"):
        sender = places[row["product_id"], row["from_warehouse_id"]]
        receiver = places[row["product_id"], row["to_warehouse_id"]]
        assert 1 <= row["quantity"] <= sender["spare_quantity"] + 1e-6
        assert row["quantity"] <= receiver["short_quantity"] + 1e-6 and receiver["cover_weeks"] < 2.5


def test_every_item_has_one_class(company: tuple[Bench, date]) -> None:
    bench, _ = company
    rows = bench.read("FROM marts.item_class ORDER BY sales DESC, product_id")
    assert {r["product_id"] for r in rows} == {r["product_id"] for r in bench.read("FROM marts.item")}
    sold = [row for row in rows if row["sales"] > 0]
    total, so_far = sum(float(row["sales"]) for row in sold), 0.0
    for row in sold:
        assert row["abc"] == ("A" if so_far / total < 0.8 else "B" if so_far / total < 0.95 else "C")
        assert row["xyz"] in "XYZ"
        so_far += float(row["sales"])
    assert all((row["abc"], row["xyz"]) == ("N", "N") for row in rows if row["sales"] <= 0)
