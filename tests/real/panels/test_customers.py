"""Customers of a company of Tryton and BottleCRM, as the API gives them, against both databases; who is who is reckoned
anew."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.data_access.customers.crm_oracle import Notes
from tests.data_access.customers.customer_oracle import lower_quantile, year_before
from tests.inventory.conftest import Ask
from tests.real.panels.conftest import Books, Company
from tests.served import Served
from tests.wall.oracle.books import NOTHING, total

pytestmark = pytest.mark.real
Row = dict[str, Any]


def name_of(number: int | None) -> str | None:
    return None if number is None else f"erp:{number}"


def spans(today: date) -> dict[str, tuple[date, date]]:
    """Periods as an address names them."""
    first, last = today - timedelta(days=500), today - timedelta(days=200)
    return {
        "12m": (year_before(today) + timedelta(days=1), today),
        "90d": (today - timedelta(days=89), today),
        "mtd": (today.replace(day=1), today),
        f"{first}..{last}": (first, last),
    }


def sold(books: Company, first: date, last: date) -> tuple[dict[str | None, Decimal], dict[str | None, Decimal]]:
    """(booked, revenue) by customer."""
    booked, revenue = defaultdict[str | None, Decimal](Decimal), defaultdict[str | None, Decimal](Decimal)
    for line in books.booked_lines:
        if first <= line.day <= last:
            booked[name_of(line.customer)] += line.base or NOTHING
    for shipment in books.shipped(first, last):
        revenue[name_of(shipment.line.customer)] += shipment.revenue or NOTHING
    return booked, revenue


def cents(found: dict[str | None, Decimal], keys: Iterable[str | None]) -> object:
    return pytest.approx({key: float(found.get(key, NOTHING)) for key in keys}, abs=0.001)


def test_what_each_bought_in_any_period(ask: Ask, books: Company) -> None:
    for period, (first, last) in spans(books.today).items():
        rows = {row["customer_id"]: row for row in ask("customer_list", period=period)}
        booked, revenue = sold(books, first, last)
        assert set(booked) | set(revenue) <= rows.keys() and (booked or period == "mtd")
        assert {key: row["booked"] for key, row in rows.items()} == cents(booked, rows)
        assert {key: row["revenue"] for key, row in rows.items()} == cents(revenue, rows)
        _, before = sold(books, year_before(first), year_before(last))
        known = min(shipment.day for shipment in books.shipments) <= year_before(first)
        assert {key: row["revenue_before"] for key, row in rows.items()} == (
            cents(before, rows) if known else dict.fromkeys(rows)
        )


def test_one_total_on_every_panel(ask: Ask, served: Served, books: Company) -> None:
    """The list, its segments, the largest and all others, the regions and the overview's figure."""
    for period, (first, last) in spans(books.today).items():
        booked, revenue = sold(books, first, last)
        whole, shipped = float(sum(booked.values())), float(sum(revenue.values()))
        rows = ask("customer_list", period=period)
        figures = {row["metric"]: row["value"] for row in ask("desk_kpis", period=period)}
        assert (figures["booked"] or 0) == pytest.approx(whole, abs=0.001)
        for found in (rows, ask("regions", period=period)):
            assert sum(row["booked"] or 0 for row in found) == pytest.approx(whole, abs=0.001)
        for found in (rows, ask("customer_segments", period=period)):
            assert sum(row["revenue"] for row in found) == pytest.approx(shipped, abs=0.001)
        largest = ask("customer_largest", period=period)
        assert sum(row["share"] or 0 for row in largest) * shipped == pytest.approx(sum(r["revenue"] for r in largest))
        assert served.document("customer_list", period=period)["notes"]["booked"] == pytest.approx(whole, abs=0.001)


def test_the_crms_segments_narrow_the_list_and_the_sales_panels(ask: Ask, books: Company) -> None:
    segments: dict[str, str] = {}
    for account, segment in sorted(books.crm("SELECT account_id, segment FROM crm_account WHERE segment IS NOT NULL")):
        segments.setdefault(books.customers["crm", account], segment)
    everybody = ask("customer_list")
    seen = set()
    for segment in ("A", "B", "C", "–"):
        some = [row for row in everybody if segments.get(row["customer_id"], "–") == segment]
        assert ask("customer_list", segment=segment) == some and some
        seen.add(segment)
        deals = [deal for deal in ask("open_deals", segment=segment)]
        assert {deal["customer_id"] for deal in deals if deal["customer_id"]} <= {row["customer_id"] for row in some}
        assert sum(row["deals"] for row in ask("sales_stages", segment=segment)) == len(deals)
    both = ask("customer_list", segment=["A", "B"], period="90d")
    assert {segments.get(row["customer_id"]) for row in both} == {"A", "B"}


def test_the_largest_and_the_falling(ask: Ask, notes: Notes) -> None:
    for period in spans(notes.today):
        known = [row for row in ask("customer_list", period=period) if row["customer_id"]]
        top = sorted(known, key=lambda row: -row["revenue"])[:5]
        assert [r["customer_id"] for r in ask("customer_largest", period=period)] == [r["customer_id"] for r in top]
        down = sorted((r for r in known if r["revenue"] < (r["revenue_before"] or 0)),
                      key=lambda r: r["revenue"] - r["revenue_before"])  # fmt: skip
        assert [r["customer_id"] for r in ask("customer_falling", period=period)] == [
            r["customer_id"] for r in down[:5]
        ]
    for row in ask("customer_falling"):
        told = {code for code in notes.signals(row["customer_id"]) if code not in ("silent", "falling")}
        assert row["code"] in told if told else row["code"] in ("last_contact", "never_contacted", "not_in_crm")


def test_segments_rhythm_and_orders(ask: Ask, customer_books: Books) -> None:
    books = customer_books
    rows = {row["customer_id"]: row for row in ask("customer_list") if row["customer_id"]}
    for column, days_ago in (("rfm", 0), ("rfm_before", 91)):
        expected = {customer: found[0] for customer, found in books.segments(days_ago).items()}
        assert {c: row[column] for c, row in rows.items() if row[column] != "no_orders"} == expected
        count = Counter(expected.values())
        name = "customers" if not days_ago else "customers_before"
        assert {r["rfm"]: r[name] for r in ask("customer_segments") if r["rfm"] in count} == dict(count)
    for customer, row in rows.items():
        days = books.order_days.get(customer)
        if not days:
            assert row["last_order_date"] is None and row["due_date"] is None
            continue
        assert row["last_order_date"] == max(days).isoformat()
        assert row["orders"] == sum(len(orders) for orders in days.values())
        rhythm = books.rhythm(customer)
        told = (rhythm[0], rhythm[2].isoformat()) if rhythm else (None, None)
        assert (row["rhythm_days"], row["due_date"]) == told
        assert row["is_silent"] is (rhythm is not None and (books.today - max(days)).days > rhythm[1])


def test_delivery_debts_deals_and_cases(ask: Ask, customer_books: Books, notes: Notes) -> None:
    books = customer_books
    since = year_before(books.today)
    due: dict[str | None, list[bool]] = defaultdict(list)
    for line, on_time, _ in books.deliveries:
        if line.promised and since <= line.promised < books.today:
            due[line.customer].append(on_time)
    overdue: dict[str | None, float] = defaultdict(float)
    for customer, _, day, _, left in books.invoices:
        overdue[customer] += float(left) if day and day < books.today else 0
    rows = [row for row in ask("customer_list") if row["customer_id"]]
    for row in rows:
        customer = row["customer_id"]
        kept = due.get(customer, [])
        assert row["lines_due"] == len(kept)
        assert row["on_time"] == (pytest.approx(sum(kept) / len(kept)) if kept else None)
        assert row["overdue_base"] == pytest.approx(overdue.get(customer, 0), abs=0.005)
        assert row["deals_base"] == pytest.approx(float(sum(notes.open_deals(customer))), abs=0.005)
        assert row["open_tickets"] == len(notes.open_cases(customer))
        assert row["last_contact_date"] is None
        expected = notes.signals(customer)
        assert {one["code"]: one["figure"] for one in row["because"]} == pytest.approx(expected, abs=0.006, rel=1e-4)
        assert row["risk"] == min(len(expected), 3)
    assert any(row["overdue_base"] for row in rows) and any(row["risk"] > 1 for row in rows)


def test_known_to_one_system_only(served: Served, customer_books: Books, notes: Notes) -> None:
    document = served.document("customer_list")
    erp, crm = set(customer_books.known.values()), set(notes.links.values())
    rows = [row for row in document["rows"] if row["customer_id"]]
    assert {row["customer_id"] for row in rows if row["in_erp"]} == erp
    assert {row["customer_id"] for row in rows if row["in_crm"]} == crm
    assert (document["notes"]["erp_only"], document["notes"]["crm_only"]) == (len(erp - crm), len(crm - erp))


def test_debts_by_age_are_the_open_invoices(ask: Ask, books: Company, customer_books: Books) -> None:
    """Over all customers: the wall's overdue figure; of each: its own panel and its usual terms."""
    owed: dict[str, float] = defaultdict(float)
    terms = defaultdict[str | None, list[int]](list)
    for owner, issued, due, amount, _ in customer_books.invoices:
        if due and amount > 0 and issued > year_before(customer_books.today):
            terms[owner].append((due - issued).days)
    for row in ask("customer_list"):
        customer = row["customer_id"]
        found = ask("customer_receivables", customer=customer) if customer else []
        ages = {one["age"]: one["amount"] for one in found}
        expected = {age: float(value) for age, value in customer_books.receivables[customer].items()}
        assert ages == pytest.approx(expected, abs=0.005) if ages else not any(expected.values())
        assert {one["terms_days"] for one in found} <= {
            lower_quantile(terms[customer], 0.5) if terms[customer] else None
        }
        for age, amount in ages.items():
            owed[age] += amount
    open_now = sum(left for *_, left in customer_books.invoices)
    assert sum(owed.values()) == pytest.approx(float(open_now), abs=0.01) and open_now > 0
    late = sum(amount for age, amount in owed.items() if age != "not_due")
    overdue = next(row for row in ask("kpis") if row["metric"] == "ar_overdue")
    assert overdue["value"] == pytest.approx(late, abs=0.01)
    assert late == pytest.approx(
        float(total([left for _, _, due, _, left in customer_books.invoices if due and due < books.today]))
    )
