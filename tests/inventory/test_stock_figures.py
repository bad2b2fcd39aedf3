"""What is sold, what lies there and how long it lasts, as the API gives it, against the source databases."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest

from tests.inventory.compare import close, own
from tests.inventory.conftest import Ask
from tests.inventory.demand_oracle import Demand
from tests.wall.oracle.demand import monday
from tests.wall.oracle.runway import at_risk, cover, items

KINDS = {
    "REC": "receipt", "SHP": "shipment", "TRF": "transfer", "PIN": "production_in", "POT": "production_out",
    "CNT": "adjustment", "RET": "return",
}  # fmt: skip


@pytest.mark.parametrize("narrowed", [False, True])
def test_key_figures(ask: Ask, stock: Demand, category: str, narrowed: bool) -> None:
    def mine(item: int | None) -> bool:
        return not narrowed or (item is not None and stock.category[item] == category)

    rows = ask("inventory_kpis", **({"category": category} if narrowed else {}))
    shown = {row["metric"]: row for row in rows}
    spans = stock.booked_days(28), stock.booked_days(28, stock.today - timedelta(days=28))
    sold, before = (sum(value for item, value in span.items() if mine(item)) for span in spans)
    assert shown["sales_week"]["value"] == close(sold / 4)
    assert shown["sales_week"]["delta"] == close(sold / before - 1, 1e-6, 1e-9)
    value = {item: v for item, v in stock.stock_value(stock.today).items() if mine(item)}
    assert shown["inventory_value"]["value"] == close(sum(value.values()))
    risk = {item.number: item for item in at_risk(stock) if mine(item.number)}
    money = sum(item.at_risk for item in risk.values())
    assert shown["at_risk"]["value"] == close(money, 1e-5)
    assert shown["at_risk"]["count"] == len(risk)
    assert shown["at_risk"]["count2"] == sum(item.waiting for item in risk.values())
    assert sum(shown["at_risk"]["series"]) == close(money, 1e-5, 1)
    over = sum(item.over_10_weeks for item in items(stock).values() if mine(item.number))
    assert shown["over_10_weeks"]["value"] == close(over, 1e-5)
    old = sum(v for item, v in stock.old.items() if mine(item))
    assert shown["old"]["value"] == close(old) and shown["old"]["share"] == close(old / sum(value.values()), 1e-6, 1e-9)
    wants = [(one, stock.prices[one.item]) for one in stock.wants if mine(one.item) and one.item in items(stock)]
    deals = sum(one.quantity * one.chance * price for one, price in wants if one.kind == "deal")
    assert shown["deals"]["value"] == close(deals, 1e-5, 1)
    assert sum(shown["deals"]["series"]) == close(deals, 1e-5, 1)
    short = sum(one.short * price for one, price in wants)
    assert shown["short"]["value"] == close(short, 1e-5, 1)
    days = cost_days(stock, [item for item in stock.cost if mine(item)])
    assert shown["inventory_value"]["days"] == close(days, 1e-6, 1e-3)


def cost_days(stock: Demand, chosen: list[int]) -> float | None:
    """Days until expected demand, at cost, has used up the value of what lies there."""
    need = [0.0] * 728
    for item in chosen:
        need = [so_far + more * stock.cost[item] for so_far, more in zip(need, stock.daily(item), strict=True)]
    mine = set(chosen)
    held = sum(max(quantity, 0) * stock.cost[item] for (item, _), quantity in stock.held.items() if item in mine)
    return cover(held, need)


def test_totals_are_one_figure_on_every_panel(ask: Ask) -> None:
    """At risk is the hero's; stock by age, by class and by warehouse is the stock; short is the customers' short."""
    shown = {row["metric"]: row for row in ask("inventory_kpis")}
    hero = sum(row["at_risk"] or 0 for row in ask("runway"))
    speed = sum(row["at_risk"] or 0 for row in ask("speed_cover"))
    actions = sum(row["money"] for row in ask("do_next") if row["kind"] in ("expedite", "order"))
    assert [hero, speed, actions] == [close(shown["at_risk"]["value"])] * 3
    value = {row["metric"]: row["value"] for row in ask("kpis")}["inventory_value"]
    for panel in ("stock_age", "abc_xyz"):
        assert sum(row["stock_cost"] for row in ask(panel)) == close(value), panel
    assert shown["inventory_value"]["value"] == close(value)
    places = sum(row["stock_cost"] for row in ask("warehouse_cover"))
    assert places == close(value)
    items, customers = ask("pipeline_stock"), ask("pipeline_customers")
    assert shown["short"]["value"] == close(sum(row["short_value"] for row in items), 1e-9)
    assert shown["short"]["value"] == close(sum(row["short_value"] for row in customers), 1e-9)
    assert shown["short"]["count"] == len({row["customer_id"] for row in customers if row["customer_id"]})
    assert shown["deals"]["value"] == close(sum(row["weighted_value"] for row in items), 1e-9)
    assert shown["deals"]["value"] == close(sum(row["deals_8_weeks"] for row in ask("items")), 1e-6, 1)
    campaigns = ask("campaign_stock")
    assert shown["campaigns"]["money2"] == close(sum(row["margin_at_stake"] for row in campaigns))
    assert shown["campaigns"]["value"] == len({row["campaign_id"] for row in campaigns if row["missing"] > 0})
    old = ask("old_stock")
    assert shown["old"]["value"] == close(sum(row["old_value"] for row in old))


def test_stock_by_age(ask: Ask, stock: Demand, category: str, place: str) -> None:
    ages = stock.ages
    codes = stock.code
    others = sorted(set(codes.values()) - {place})[-2:]
    choices: list[dict[str, Any]] = [
        {}, {"category": category}, {"warehouse": others[0]}, {"category": category, "warehouse": [place, others[-1]]}
    ]  # fmt: skip
    for filters in choices:
        expected: dict[str, float] = defaultdict(float)
        places = [filters["warehouse"]] if isinstance(filters.get("warehouse"), str) else filters.get("warehouse")
        for (item, place, age), value in ages.items():
            fits = filters.get("category") in (None, stock.category[item])
            if fits and (places is None or codes[place] in places):
                expected[age] += value
        shown: dict[str, float] = defaultdict(float)
        for row in ask("stock_age", **filters):
            shown[row["age"]] += row["stock_cost"]
        assert dict(shown) == {age: close(value, 1e-6, 0.5) for age, value in expected.items() if value}


def test_pace_of_what_lies_there(ask: Ask, stock: Demand) -> None:
    gone, held = stock.gone(180), defaultdict[int, int](int)
    for (item, _), quantity in stock.held.items():
        held[item] += quantity
    listed = {own(row["product_id"]): row for row in ask("old_stock")}
    assert listed
    for item, row in listed.items():
        left = gone.get(item, 0)
        assert row["pace"] == ("dead" if not left else "slow" if left < held[item] else "moving")


def test_classes(ask: Ask, stock: Demand) -> None:
    """Each item's class, told apart by narrowing the panel to one category after the other."""
    sales = {item: max(value, 0.0) for item, value in stock.booked_days(364).items() if item is not None}
    weekly: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for line in stock.booked_lines:
        if line.item is not None:
            weekly[line.item][monday(line.wanted)] += line.quantity
    known = {own(row["product_id"]) for row in ask("speed_cover")}
    total, so_far = sum(v for i, v in sales.items() if i in known), 0.0
    expected: dict[tuple[str, str, str], int] = defaultdict(int)
    for item in sorted(known, key=lambda i: (-sales.get(i, 0.0), f"erp:{i}")):
        sold, before = sales.get(item, 0.0), so_far / total
        so_far += sold
        abc = "N" if sold <= 0 else "A" if before < 0.8 else "B" if before < 0.95 else "C"
        expected[stock.category[item], abc, "N" if abc == "N" else steadiness(weekly[item], stock.today)] += 1
    shown = {
        (category, row["abc"], row["xyz"]): row["items"]
        for category in set(stock.category.values())
        for row in ask("abc_xyz", category=category)
    }
    assert shown == dict(expected)


def steadiness(weeks: dict[date, int], today: date) -> str:
    """X, Y or Z by the spread of up to 52 full weeks since the first."""
    count = min(52, (monday(today) - min(weeks)).days // 7)
    if count < 8:
        return "Z"
    known = [float(weeks.get(monday(today) - timedelta(weeks=k), 0)) for k in range(1, count + 1)]
    mean = sum(known) / count
    spread = (sum((q - mean) ** 2 for q in known) / count) ** 0.5 / mean if mean else -1
    return "X" if 0 <= spread <= 0.5 else "Y" if 0 <= spread <= 1 else "Z"


def test_cover_by_warehouse(ask: Ask, stock: Demand, category: str, place: str) -> None:
    weight: dict[tuple[str, str], float] = defaultdict(float)
    length: dict[tuple[str, str], float] = defaultdict(float)
    for (item, where), share in stock.shares.items():
        days = stock.lasts(item, stock.held.get((item, where), 0), share)
        if days is not None and item in items(stock):
            cell = stock.category[item], stock.code[where]
            weight[cell] += items(stock)[item].weekly_sales * share
            length[cell] += items(stock)[item].weekly_sales * share * days / 7
    shown = {
        (r["category"], r["warehouse"]): r["cover_weeks"]
        for r in ask("warehouse_cover")
        if r["cover_weeks"] is not None
    }
    assert shown.keys() == {cell for cell, total in weight.items() if total > 0.01}
    assert shown == {cell: close(length[cell] / weight[cell], 1e-3, 5e-3) for cell in shown}
    narrowed = {(r["category"], r["warehouse"]) for r in ask("warehouse_cover", category=category, warehouse=place)}
    assert narrowed == {(category, place)}


def test_moves_in_and_out(ask: Ask, stock: Demand, place: str) -> None:
    number = {code: number for number, code in stock.code.items()}[place]
    since, until = stock.today - timedelta(days=269), stock.today - timedelta(days=224)
    for filters, only in (({}, None), ({"warehouse": place}, number)):
        rows = ask("stock_moves", period=f"{since}..{until}", **filters)
        shown = {(row["week_start"], row["direction"], row["kind"]): row["moved_cost"] for row in rows}
        expected = {
            (week.isoformat(), way, KINDS[kind]): value
            for (week, way, kind), value in stock.moves(since, until, only).items()
        }
        assert expected and shown == {key: close(value) for key, value in expected.items()}
    recent = ask("stock_moves")
    assert min(row["week_start"] for row in recent) >= (stock.today - timedelta(days=26 * 7 + 6)).isoformat()


def test_a_category_takes_its_part_of_the_moves(ask: Ask, stock: Demand) -> None:
    whole = sum(row["moved_cost"] for row in ask("stock_moves"))
    parts = [sum(row["moved_cost"] for row in ask("stock_moves", category=c)) for c in set(stock.category.values())]
    assert sum(parts) == close(whole) and len([part for part in parts if part > 0]) > 3


def test_twelve_months(ask: Ask, stock: Demand, category: str) -> None:
    rows = ask("month_index")
    assert len(rows) == 12 and rows[-1]["day"] == stock.today.isoformat()
    for row in (rows[0], rows[6], rows[-1]):
        day = date.fromisoformat(row["day"])
        assert row["booked"] == close(sum(stock.booked_days(91, day).values()))
        assert row["stock_cost"] == close(sum(stock.stock_value(day).values()))
    some = ask("month_index", category=category)[-1]
    value = sum(v for item, v in stock.stock_value(stock.today).items() if stock.category[item] == category)
    assert some["stock_cost"] == close(value)


def test_speed_and_cover(ask: Ask, stock: Demand) -> None:
    rows = ask("speed_cover")
    known = items(stock)
    assert {own(row["product_id"]) for row in rows} == known.keys()
    for row in rows:
        item = known[own(row["product_id"])]
        assert (row["cover_weeks"] is None) == (item.cover is None)
        if item.cover is not None:
            assert row["cover_weeks"] == close(item.cover / 7, 1e-5, 1e-3)
        assert row["stock_value"] == close(item.stock_value)
        assert row["weekly_sales"] == close(item.weekly_sales, 1e-5)
    total, fast = sum(row["weekly_sales"] for row in rows), sum(row["weekly_sales"] for row in rows if row["is_fast"])
    slowest = min(row["weekly_sales"] for row in rows if row["is_fast"])
    assert fast >= 0.8 * total > fast - slowest
    assert all(row["weekly_sales"] <= slowest for row in rows if not row["is_fast"])
