"""Who wants what against what we have, as the API gives it, against the source databases."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing
from datetime import date, timedelta

import pytest

from tests.data_access.planning.erp_situation import situation
from tests.data_access.planning.warehouse_walk import serve_all
from tests.exact import connect
from tests.inventory.compare import close, own
from tests.inventory.conftest import Ask
from tests.inventory.demand_oracle import Demand
from tests.served import DemoCompany
from tests.wall.oracle.deals import named_products, open_deals
from tests.wall.oracle.runway import at_risk, items, next_receipts


def test_pipeline_against_stock(ask: Ask, stock: Demand) -> None:
    price = stock.prices
    rows = {own(row["product_id"]): row for row in ask("pipeline_stock")}
    mine = [one for one in stock.wants if stock.is_near(one) and one.item in items(stock)]
    assert rows.keys() == {one.item for one in mine}
    for item, row in rows.items():
        here = [one for one in mine if one.item == item]
        ordered = sum(one.quantity for one in here if one.kind == "order")
        weighted = sum(one.quantity * one.chance for one in here if one.kind == "deal")
        whole = sum(one.quantity for one in here)
        assert row["have"] == close(stock.have[item], 1e-9)
        assert row["ordered"] == close(ordered, 1e-9)
        assert row["weighted"] == close(weighted, 1e-5)
        assert row["ordered"] + row["weighted"] + row["rest"] == close(whole, 1e-6)
        assert row["short"] == close(max(0.0, whole - stock.have[item]), 1e-6)
        assert row["short_value"] == close(max(0.0, whole - stock.have[item]) * price[item], 1e-4, 0.05)
        days = [one.day for one in here if one.short > 1e-6]
        assert row["short_from"] == (min(days).isoformat() if days else None)
        state = row["state"]
        assert (state == "short") == (ordered + weighted > stock.have[item] + 1e-6)
        assert (state in ("short", "short_if_all")) == (whole > stock.have[item] + 1e-6)


def test_who_goes_without(ask: Ask, stock: Demand) -> None:
    price = stock.prices
    expected: dict[tuple[int, str | None], float] = defaultdict(float)
    for one in stock.wants:
        if (short := one.short) > 1e-6 and one.item in items(stock):
            expected[one.item, one.customer] += short * price[one.item]
    rows = {(own(r["product_id"]), r["customer_id"]): r["short_value"] for r in ask("pipeline_customers")}
    assert rows == {key: close(value, 1e-4, 0.05) for key, value in expected.items()}


@pytest.fixture(scope="module")
def customers(demo_company: DemoCompany) -> dict[str, tuple[str, str]]:
    """Customer -> (region, owner), as filters name them."""
    with demo_company.warehouse() as con:
        found = con.execute("SELECT customer_id, coalesce(region, '–'), coalesce(owner, '–') FROM core.customer")
        return {customer: (region, owner) for customer, region, owner in found.fetchall()}


def test_region_and_owner_narrow_to_their_customers(ask: Ask, customers: dict[str, tuple[str, str]]) -> None:
    """Bars stay whole, for stock is shared by all; short, late and named are only the chosen ones'."""
    everybody = ask("pipeline_customers")
    whole = {row["product_id"]: row for row in ask("pipeline_stock")}
    orders = ask("open_orders")
    for place, name in enumerate(("region", "owner")):
        value = customers[str(everybody[0]["customer_id"])][place]
        mine = {customer for customer, known in customers.items() if known[place] == value}
        assert ask("pipeline_customers", **{name: value}) == [r for r in everybody if r["customer_id"] in mine]
        assert ask("open_orders", **{name: value}) == [r for r in orders if r["customer_id"] in mine]
        some = ask("pipeline_stock", **{name: value})
        assert 0 < len(some) < len(whole)
        for row in some:
            assert all(row[c] == whole[row["product_id"]][c] for c in ("have", "ordered", "weighted", "rest"))
            short = sum(
                r["short"] for r in everybody if r["customer_id"] in mine and r["product_id"] == row["product_id"]
            )
            assert row["short"] == close(short, 1e-9)


def tried(erp: sqlite3.Connection, items: list[int], today: date) -> dict[int, tuple[date, int]]:
    """Open lines of items with few of them -> (last day, pieces missing), found by trying."""
    found = {}
    for item in items:
        case = situation(erp, item, today)
        whole = all(quantity == int(quantity) for quantity in [*case.stock, *(line[1] for line in case.lines)])
        if whole and len(case.lines) <= 5:
            _, days = serve_all(case)
            found |= {
                int(line): (today + timedelta(days=day), missing)
                for line, (day, missing) in days.items()
                if line.isdigit()
            }
    return found


def test_open_orders_against_stock(ask: Ask, stock: Demand, category: str, place: str) -> None:
    expected = {int(one.key): one for one in stock.wants if one.kind == "order" and one.item in items(stock)}
    rows = {own(row["line_id"]): row for row in ask("open_orders")}
    assert rows.keys() == expected.keys()
    for line, row in rows.items():
        assert row["quantity"] == expected[line].quantity and row["amount"] == close(expected[line].amount)
    with closing(connect(stock.folder / "erp.db")) as erp:
        found = tried(erp, sorted({one.item for one in expected.values()}), stock.today)
    assert len(found) > len(rows) / 3
    states = set()
    for line, (day, missing) in found.items():
        row, one = rows[line], expected[line]
        states.add(row["state"])
        if missing:
            assert row["state"] == "none"
            continue
        assert row["likely_date"] == day.isoformat() and (row["state"] == "late") == (day > one.day), (line, day)
        late = one.wanted is not None and day > one.wanted
        assert row["days_late"] == ((day - one.wanted).days if late and one.wanted else None)
    assert len(states) > 1
    assert 0 < len(ask("open_orders", category=category)) < len(rows)
    some = ask("open_orders", category=category, warehouse=place)
    assert all(row["category"] == category and row["warehouse"] == place for row in some)
    assert len(some) == sum(row["category"] == category and row["warehouse"] == place for row in rows.values())


def test_a_line_is_likely_on_one_day_wherever_it_is_shown(ask: Ask) -> None:
    rows = [row for row in ask("open_orders") if row["state"] != "stock"] + ask("open_orders")[-20:]
    for row in rows[:60]:
        day = row["likely_date"]
        for panel, given in (
            ("order_lines", {"order": row["order_id"]}),
            ("customer_open_lines", {"customer": row["customer_id"]}),
            ("item_waiting", {"item": row["product_id"]}),
        ):
            if all(given.values()):
                assert {one["likely_date"] for one in ask(panel, **given) if one["line_id"] == row["line_id"]} == {day}


def test_campaigns_against_stock(ask: Ask, stock: Demand, category: str) -> None:
    expected = stock.campaigns()
    rows = {(row["campaign"], own(row["product_id"])): row for row in ask("campaign_stock")}
    assert rows.keys() == expected.keys() and any(missing > 0 for missing, _, _ in expected.values())
    receipts = next_receipts(stock)
    for key, row in rows.items():
        missing, margin, since = expected[key]
        assert row["missing"] == close(missing, 1e-5, 1e-4)
        assert row["margin_at_stake"] == close(margin, 1e-4, 0.05)
        assert row["missing_from"] == (since.isoformat() if since else None)
        assert row["next_receipt_date"] == (receipts[key[1]].isoformat() if key[1] in receipts else None)
        assert (row["advice"] == "covered") == (missing <= 1e-6)
        if row["advice"] in ("start_later", "pause", "expedite"):
            assert row["supplied_date"] > row["missing_to"]
            assert (row["advice"] == "expedite") == (row["missing_to"] == row["end_date"])
    some = ask("campaign_stock", category=category)
    assert {r["product_id"] for r in some} == {r["product_id"] for r in rows.values() if r["category"] == category}


def test_what_to_do_next(ask: Ask, stock: Demand) -> None:
    rows = ask("do_next")
    assert [row["money"] for row in rows] == sorted((row["money"] for row in rows), reverse=True)
    risk, receipts = {item.number: item.at_risk for item in at_risk(stock)}, next_receipts(stock)
    old, price, shares, on_hand = stock.old, stock.prices, stock.shares, stock.held
    names = {name: number for number, name in stock.erp("SELECT wno, nam FROM whs")}
    for row in rows:
        item = own(row["product_id"])
        if row["kind"] in ("expedite", "order"):
            assert row["money"] == close(risk[item], 1e-4, 0.05)
            assert (row["kind"] == "order") == (item not in receipts)
        elif row["kind"] == "offer":
            assert row["money"] == close(old[item], 1e-6)
        else:
            sender, receiver = names[row["from_warehouse"]], names[row["to_warehouse"]]
            need = sum(stock.daily(item)[:28]) * shares[item, receiver] - max(on_hand.get((item, receiver), 0), 0)
            spare = on_hand[item, sender] - sum(stock.daily(item)[:56]) * shares.get((item, sender), 0.0)
            assert row["quantity"] == pytest.approx(int(min(need, spare) + 1e-6), abs=1)
            assert row["money"] == close(row["quantity"] * price[item], 1e-4, 0.05)
    assert risk.keys() == {own(row["product_id"]) for row in rows if row["kind"] in ("expedite", "order")}


def test_who_could_use_old_stock(ask: Ask, stock: Demand) -> None:
    named, wanted = named_products(stock), defaultdict[int, set[str]](set)
    for deal in open_deals(stock):
        for item, _ in named.get(deal.number, []):
            wanted[item].add(deal.number)
    rows = ask("old_stock")
    assert rows and (not wanted or {row["taker"] for row in rows} >= {"deals", "none"})
    for row in rows:
        assert row["deals"] == len(wanted[own(row["product_id"])])
        assert (row["taker"] == "deals") == (row["deals"] > 0)
