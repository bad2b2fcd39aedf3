"""Cover, run-out and money at risk against a day-by-day simulation in plain Python."""

import math
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.modelbench import Bench
from tests.somecompany import some_company


def weekly_demand(bench: Bench) -> dict[str, dict[date, float]]:
    found: dict[str, dict[date, float]] = defaultdict(dict)
    for row in bench.read("SELECT product_id, period_start, mean FROM plan.demand_forecast ORDER BY ALL"):
        found[row["product_id"]][row["period_start"]] = row["mean"]
    return found


def daily(weeks: dict[date, float], today: date, days: int, extra: dict[date, float]) -> list[float]:
    """Expected demand of each day from today on; deals spread over what is left of their week."""
    tail = [weeks[week] for week in sorted(weeks)][-13:]
    out = []
    for k in range(days):
        day = today + timedelta(days=k)
        monday = day - timedelta(days=day.weekday())
        left = 7 - today.weekday() if monday <= today else 7
        rate = weeks.get(monday, sum(tail) / 13 if tail else 0.0) / 7
        out.append(rate + extra.get(monday, 0.0) / left)
    return out


def simulated_cover(stock: float, demand: list[float]) -> float | None:
    """Days until the stock is gone, walking day by day; 728 when it never is."""
    if stock <= 0:
        return 0.0
    for day, need in enumerate(demand):
        if need > 0 and stock <= need + 1e-9:
            return day + min(stock / need, 1.0)
        stock -= need
    return 728.0


@pytest.mark.parametrize(
    ("seed", "today"), [(11, date(2026, 11, 23)), (12, date(2026, 11, 26)), (13, date(2026, 11, 29))]
)
def test_cover_and_risk_match_a_simulation(seed: int, today: date) -> None:
    bench = some_company(seed, today=today)
    demand, price = weekly_demand(bench), {r["product_id"]: r["net_price"] for r in bench.read("FROM marts.item_price")}
    deals: dict[str, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for row in bench.read("FROM marts.deal_demand"):
        deals[row["product_id"]][row["close_week"]] += row["weighted_quantity"]
    seen_gap = seen_none = 0
    for item in bench.read("FROM marts.item"):
        product, stock = item["product_id"], max(float(item["on_hand"]), 0.0)
        plain = daily(demand.get(product, {}), today, 728, {})
        with_deals = daily(demand.get(product, {}), today, 728, deals[product])
        if sum(plain) <= 0:
            assert item["cover_weeks"] is None and item["at_risk"] == 0
            continue
        days = simulated_cover(stock, plain)
        assert item["cover_weeks"] * 7 == pytest.approx(days, abs=1e-3)
        assert item["cover_weeks_deals"] * 7 == pytest.approx(simulated_cover(stock, with_deals), abs=1e-3)
        assert item["run_out_date"] in {None, *(today + timedelta(days=math.floor(days + e)) for e in (-1e-3, 1e-3))}
        receipt = item["next_receipt_date"]
        edge = min((receipt - today).days if receipt else 42, 42)
        missing = max(sum(plain[:edge]) - stock, 0.0)
        assert float(item["at_risk_quantity"]) == pytest.approx(missing, abs=2e-5)
        assert float(item["at_risk"]) == pytest.approx(missing * float(price[product]), abs=0.02)
        over_10 = max(stock - sum(plain[:70]), 0.0) * float(price[product])
        assert float(item["over_10_weeks_value"]) == pytest.approx(over_10, abs=0.02)
        if missing > 1e-5:
            seen_gap += 1
            assert item["gap_weeks_from"] * 7 == pytest.approx(days, abs=1e-3)
            assert item["gap_weeks_to"] * 7 == pytest.approx(edge)
        else:
            seen_none += 1
            assert item["gap_weeks_from"] is None
    assert seen_gap and seen_none


def test_a_bars_area_is_its_stock() -> None:
    rows = some_company(14).read("FROM marts.item WHERE cover_weeks > 0 AND cover_weeks < 104")
    assert rows
    for item in rows:
        area = float(item["weekly_sales"]) * item["cover_weeks"]
        assert area == pytest.approx(float(item["stock_value"]), rel=2e-3, abs=0.02 * item["cover_weeks"])


def one_item(today: date, on_hand: int, receipt: date | None, weekly: int = 7) -> Bench:
    """An item that sells `weekly` a week at 10 EUR, ordered and wanted every Monday for 30 weeks."""
    bench = Bench(today).rows("product", [{"product_id": "p", "name": "Pump", "category": "Pumps", "unit_cost": "4"}])
    monday = today - timedelta(days=today.weekday())
    orders = [
        {
            "order_id": f"{k}",
            "line_id": f"{k}",
            "order_date": monday - timedelta(weeks=k),
            "product_id": "p",
            "quantity": weekly,
            "currency": "EUR",
            "amount": str(weekly * 10),
            "status": "done",
        }
        for k in range(1, 31)
    ]
    bench.rows("sales_order_line", orders)
    bench.rows(
        "stock_move",
        [
            {
                "move_id": "m",
                "effective_date": today,
                "product_id": "p",
                "to_warehouse_id": "w",
                "quantity": on_hand,
                "kind": "receipt",
                "status": "done",
            }
        ],
    )
    if receipt:
        given = {
            "order_id": "po",
            "line_id": "po",
            "product_id": "p",
            "quantity": 90,
            "received_quantity": 20,
            "status": "open",
        }
        bench.rows("purchase_order_line", [given | {"expected_date": receipt}])
    return bench.build()


def test_a_plain_case_by_hand() -> None:
    today = date(2026, 11, 25)  # a Wednesday: one a day from today on
    item = one_item(today, 10, today + timedelta(days=16)).read("FROM marts.item")[0]
    assert item["cover_weeks"] * 7 == pytest.approx(10)
    assert item["run_out_date"] == date(2026, 12, 5)
    assert (item["at_risk_quantity"], item["at_risk"], item["net_price"]) == (6, Decimal("60.00"), 10)
    assert (item["next_receipt_quantity"], item["weekly_sales"]) == (70, Decimal("70.00"))
    assert (item["gap_weeks_from"] * 7, item["gap_weeks_to"] * 7) == (pytest.approx(10), 16)


@pytest.mark.parametrize(("on_hand", "days"), [(7, 13), (14, 26), (49, 91), (392, None)])
def test_stock_that_ends_with_a_day_runs_out_on_the_next(on_hand: int, days: int | None) -> None:
    """7 in 13 days is no round number: what is kept of it must not cost a day. Two years on nobody names one."""
    today = date(2026, 11, 23)
    bench = Bench(today).rows("product", [{"product_id": "p", "name": "Pump"}])
    given = {"product_id": "p", "currency": "EUR", "amount": "10", "status": "done"}
    sold = given | {"order_id": "1", "line_id": "1", "quantity": 7, "order_date": today - timedelta(days=12)}
    bench.rows("sales_order_line", [sold])
    moved = {"move_id": "m", "effective_date": today, "product_id": "p", "to_warehouse_id": "w", "kind": "receipt"}
    bench.rows("stock_move", [moved | {"quantity": on_hand, "status": "done"}]).build()
    assert bench.one("SELECT run_out_date FROM marts.item") == (days and today + timedelta(days=days))


@pytest.mark.parametrize(
    ("on_hand", "days_to_receipt", "at_risk"),
    [(10, 10, 0), (10, 5, 0), (10, None, 320), (10, 90, 320), (42, None, 0), (0, None, 420), (0, 0, 0), (10, -3, 320)],
)
def test_money_at_risk_at_its_edges(on_hand: int, days_to_receipt: int | None, at_risk: int) -> None:
    """No receipt: six weeks; overdue receipts are not counted on; a receipt before run-out leaves nothing at risk."""
    today = date(2026, 11, 25)
    receipt = None if days_to_receipt is None else today + timedelta(days=days_to_receipt)
    bench = one_item(today, on_hand, receipt)
    assert bench.one("SELECT at_risk FROM marts.item") == at_risk
    overdue = days_to_receipt is not None and days_to_receipt < 0
    assert len(bench.violations("warn_overdue_receipt")) == int(overdue)


def test_two_weeks_of_orders_come_before_money_at_risk() -> None:
    today = date(2026, 11, 25)
    bench = Bench(today).rows("product", [{"product_id": "p", "name": "Pump", "list_price": "9"}])
    given = {
        "order_id": "1",
        "line_id": "1",
        "product_id": "p",
        "quantity": 6,
        "currency": "EUR",
        "amount": "60",
        "status": "open",
    }
    bench.rows(
        "sales_order_line",
        [given | {"order_date": today - timedelta(days=2), "requested_date": today + timedelta(days=30)}],
    )
    item = bench.build().read("FROM marts.item")[0]
    assert (item["at_risk"], item["gap_weeks_from"], item["cover_weeks"]) == (None, None, 0)
    forecast = bench.read("FROM plan.demand_forecast")
    assert {(row["mean"], row["lo80"], row["model"]) for row in forecast} == {(14.0, None, "early_rate")}


def test_prices_come_from_the_last_13_weeks_then_52_then_the_list() -> None:
    today = date(2026, 11, 23)
    bench = Bench(today).rows("product", [{"product_id": p, "name": p, "list_price": "5"} for p in "abcd"])
    sold = [("a", 10, 2, "21"), ("a", 200, 1, "99"), ("b", 200, 3, "10"), ("c", 400, 1, "77"), ("d", 5, -1, "-3")]
    bench.rows(
        "sales_order_line",
        [
            {
                "order_id": str(k),
                "line_id": str(k),
                "order_date": today - timedelta(days=ago),
                "product_id": p,
                "quantity": q,
                "currency": "EUR",
                "amount": amount,
                "status": "done",
            }
            for k, (p, ago, q, amount) in enumerate(sold)
        ],
    )
    found = {
        r["product_id"][-1]: (r["net_price"], r["price_from"])
        for r in bench.build("marts.item_price").read("FROM marts.item_price")
    }
    assert found == {
        "a": (Decimal("10.5"), "last_13_weeks"),
        "b": (Decimal("3.333333"), "last_52_weeks"),
        "c": (Decimal(5), "list_price"),
        "d": (Decimal(5), "list_price"),
    }
