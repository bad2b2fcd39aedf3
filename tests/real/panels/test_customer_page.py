"""One customer's own page, panel by panel, of a company of Tryton and BottleCRM, against both databases."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from statistics import median_low
from typing import Any

import pytest

from tests.data_access.customers.crm_oracle import Notes
from tests.data_access.customers.customer_oracle import year_before
from tests.inventory.compare import own
from tests.inventory.conftest import Ask
from tests.real.panels.conftest import Books, Company
from tests.served import Served
from tests.wall.oracle.books import NOTHING

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def some(ask: Ask) -> list[str]:
    """The largest, and five each of all kinds of others: known to one system only, no order, one, several."""
    known = sorted((row for row in ask("customer_list") if row["customer_id"]), key=lambda row: -row["revenue"])
    kinds = defaultdict[tuple[bool, bool, int], list[str]](list)
    for row in known:
        kinds[row["in_erp"], row["in_crm"], min(row["orders"] or 0, 2)].append(row["customer_id"])
    assert {(True, True, 2), (True, False, 2), (False, True, 0)} <= kinds.keys()
    chosen = [row["customer_id"] for row in known[:12]] + [one for kind in kinds.values() for one in kind[:5]]
    return list(dict.fromkeys(chosen))


def test_identity_is_the_lists_row_and_both_systems_numbers(
    served: Served, books: Company, customer_books: Books, some: list[str]
) -> None:
    listed = {row["customer_id"]: row for row in served.rows("customer_list")}
    scores = customer_books.segments()
    theirs = defaultdict[str, list[str]](list)
    for (system, number), customer in books.customers.items():
        theirs[customer].append(number if system == "crm" else "")
    names = dict(books.crm("SELECT account_id, account_name FROM crm_account"))
    for one in some:
        document = served.document("customer_identity", customer=one)
        (row,) = document["rows"]
        for name in (
            "rfm",
            "change",
            "on_time",
            "lines_due",
            "due_date",
            "risk",
            "because",
            "deals_base",
            "open_tickets",
        ):
            assert row[name] == listed[one][name], name
        assert row["revenue_12m"] == listed[one]["revenue"]
        assert (row["r"], row["f"], row["m"]) == (scores[one][1:] if one in scores else (None, None, None))
        links = document["notes"]["links"]
        accounts = sorted(number for number in theirs[one] if number)
        assert sorted(k["source_id"] for k in links if k["role"] == "crm") == accounts
        in_erp = one.startswith("erp:")
        assert [k["source_id"] for k in links if k["role"] == "erp"] == ([one.removeprefix("erp:")] if in_erp else [])
        assert row["name"] == (books.customer_names[own(one)] if in_erp else names[accounts[0]])


def test_weeks_and_categories_add_up(ask: Ask, books: Company, customer_books: Books, some: list[str]) -> None:
    first = books.today - timedelta(days=books.today.weekday() + 7 * 103)
    booked = customer_books.booked(first, books.today)
    shipped = defaultdict[tuple[str, str], Decimal](Decimal)
    for each in books.shipments:
        if year_before(books.today) < each.day <= books.today and each.line.customer:
            shipped[f"erp:{each.line.customer}", books.category.get(each.line.item or 0, "–")] += (
                each.revenue or NOTHING
            )
    for one in some:
        weeks = {row["week_start"]: row for row in ask("customer_orders", customer=one)}
        assert len(weeks) == 104 and min(weeks) == first.isoformat()
        assert sum(row["booked"] for row in weeks.values()) == pytest.approx(float(booked.get(one, 0)), abs=0.005)
        count = Counter[str]()
        for day, orders in customer_books.order_days.get(one, {}).items():
            if day >= first:
                count[(day - timedelta(days=day.weekday())).isoformat()] += len(orders)
        assert {week: row["orders"] for week, row in weeks.items() if row["orders"]} == count
        mix = {row["category"]: row["revenue"] for row in ask("customer_mix", customer=one) if row["revenue"]}
        mine = {category: float(value) for (owner, category), value in shipped.items() if owner == one and value}
        assert mix == pytest.approx(mine, abs=0.001)


def test_open_lines_take_stock_in_the_order_of_their_promises(ask: Ask, books: Company) -> None:
    left: dict[int | None, Any] = defaultdict(int)
    for (item, _), quantity in books.held.items():
        left[item] += quantity
    on_hand = dict(left)
    waiting = [(line, line.quantity - books.delivered.get(line.number, (None, 0))[1]) for line in books.lines
               if line.status in "OP"]  # fmt: skip
    expected: dict[int | None, dict[str, tuple[Any, ...]]] = defaultdict(dict)
    for line, still in sorted(waiting, key=lambda w: (w[0].promised or date.max, w[0].day, f"erp:{w[0].number}")):
        if still <= 0:
            continue
        covered = max(min(still, left[line.item]), 0) if line.item else None
        left[line.item] -= still
        amount = pytest.approx(float((line.base or NOTHING) * still / line.quantity), abs=0.011)
        promised = line.promised and line.promised.isoformat()
        expected[line.customer][f"erp:{line.number}"] = (
            still, covered, on_hand.get(line.item, 0), f"erp:{line.order}", promised, amount,
        )  # fmt: skip
    columns = ("quantity", "covered_quantity", "on_hand", "order_id", "promised_date", "amount")
    assert len(expected) > 10
    for customer, lines in expected.items():
        if customer:
            rows = ask("customer_open_lines", customer=f"erp:{customer}")
            shown = {row["line_id"]: tuple(row[name] for name in columns) for row in rows}
            assert shown == {key: (*map(rough, values[:3]), *values[3:]) for key, values in lines.items()}


def rough(quantity: Any) -> object:
    return None if quantity is None else pytest.approx(float(quantity), abs=1e-6)


def test_the_basket_is_what_most_orders_hold(ask: Ask, books: Company, some: list[str]) -> None:
    for one in some:
        orders = defaultdict[int, dict[int, Any]](dict)
        for line in books.booked_lines:
            if f"erp:{line.customer}" == one and line.item and line.quantity > 0 and (
                year_before(books.today) < line.day <= books.today
            ):  # fmt: skip
                orders[line.item][line.order] = orders[line.item].get(line.order, 0) + line.quantity
        count = len({order for held in orders.values() for order in held})
        ranked = sorted(orders, key=lambda item: (-len(orders[item]), -sum(orders[item].values()), f"erp:{item}"))
        rows = ask("customer_basket", customer=one)
        assert [own(row["product_id"]) for row in rows] == ranked[:5]
        for row in rows:
            held = orders[own(row["product_id"])]
            assert (row["orders"], row["share"]) == (len(held), pytest.approx(len(held) / count))
            assert row["quantity"] == pytest.approx(float(median_low(held.values())))


def test_deals_and_cases(served: Served, notes: Notes, some: list[str]) -> None:
    for one in some:
        rows = served.rows("customer_deals", customer=one)
        assert sorted(round(row["amount"] or 0, 2) for row in rows if row["amount"]) == sorted(
            float(amount) for amount in notes.open_deals(one)
        )
        assert all(row["weighted_base"] == pytest.approx(row["amount"] * row["probability"], abs=0.01) for row in rows)
        assert {row["probability_from"] for row in rows} <= {"crm"}
        document, cases = served.document("customer_tickets", customer=one), notes.cases.get(one, [])
        assert [r["opened_date"] for r in document["rows"] if r["status"] != "closed"] == [
            day.isoformat() for day in notes.open_cases(one)
        ]
        assert len(document["rows"]) == min(len(cases), 20)
        assert document["notes"]["open_tickets"] == len(notes.open_cases(one)) and document["notes"]["replies"] == 0


def test_the_timeline_tells_both_systems(
    ask: Ask, books: Company, customer_books: Books, notes: Notes, some: list[str]
) -> None:
    today = books.today
    since = year_before(today) + timedelta(days=1)
    late = defaultdict[str, list[tuple[date, int]]](list)
    for line, _, days in customer_books.deliveries:
        if days > 0 and line.promised:
            late[line.order].append((line.promised, days))
    seen = Counter[str]()
    for one in some:
        rows = ask("customer_timeline", customer=one, period="12m")
        kinds = Counter(row["kind"] for row in rows)
        seen += kinds
        orders = {s: float(v) for s, owner, day, v in customer_books.orders if owner == one and since <= day <= today}
        assert {r["entity_id"]: r["amount"] for r in rows if r["kind"] == "order"} == pytest.approx(orders, abs=0.005)
        mine = {line.order for line in customer_books.lines if line.customer == one}
        facts = {order: (min(day for day, _ in late[order]), max(days for _, days in late[order]))
                 for order in mine if late[order]}  # fmt: skip
        assert {r["entity_id"]: (r["day"], r["days"]) for r in rows if r["kind"] == "late"} == {
            order: (day.isoformat(), days) for order, (day, days) in facts.items() if since <= day <= today
        }
        shipped = defaultdict[str, Decimal](Decimal)
        for each in books.shipments:
            if f"erp:{each.line.customer}" == one and each.quantity > 0 and since <= each.day <= today:
                shipped[each.day.isoformat()] += each.revenue or NOTHING
        assert {r["day"]: r["amount"] for r in rows if r["kind"] == "shipped"} == pytest.approx(
            {day: float(value) for day, value in shipped.items()}, abs=0.005
        )
        cases = {f"crm:{case[0]}": case for case in notes.cases.get(one, []) if since <= case[2] <= today}
        tickets = {r["entity_id"]: r for r in rows if r["kind"] == "ticket"}
        assert tickets.keys() == cases.keys()
        for key, (_, _, opened, closed, _, _) in cases.items():
            assert tickets[key]["days"] == ((closed - opened).days if closed else None)
        moves = [stage for stage, day in notes.stage_moves(one) if since <= day <= today]
        assert sum(n for kind, n in kinds.items() if kind.startswith("stage_")) == len(moves)
        assert not kinds["answer"] and not kinds["payment"], "neither system tells of any"
    assert min(seen[kind] for kind in ("order", "late", "shipped", "ticket")) > 3
