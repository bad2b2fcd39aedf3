"""The list, its segments, the largest and the falling, against plain SQL on the source databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from data_access import customers
from data_access.filters import parse
from data_access.panels import PANELS, check_filters
from data_access.reading import rows
from tests.data_access.customers.conftest import Company
from tests.data_access.customers.customer_oracle import year_before

ROOM = 0.015  # a shipment
FILTERS = PANELS["customer_list"].filters


def period(name: str, company: Company) -> tuple[date, date]:
    return parse({"period": name}, FILTERS).days(company.books.today)


def listed(company: Company, **given: Any) -> dict[str | None, dict[str, Any]]:
    found = rows(customers.customers(company.reader, filters=check_filters(PANELS["customer_list"], given)))
    return {row["customer_id"]: row for row in found}


@pytest.mark.parametrize("name", ["12m", "90d", "mtd", "2026-02", "24m"])
def test_sales_of_every_customer_equal_the_sources(company: Company, name: str) -> None:
    first, last = period(name, company)
    found = listed(company, period=name)
    booked = company.books.booked(first, last)
    known_since = min(day for _, _, day, _, _ in company.books.shipments)
    known = {customer for customer, value in booked.items() if value}
    for column, days in (("revenue", (first, last)), ("revenue_before", (year_before(first), year_before(last)))):
        expected, shipments = company.books.revenue(*days)
        if known_since > days[0]:  # what came before is not known
            assert column == "revenue_before" and all(row[column] is None for row in found.values())
            continue
        known |= set(expected)
        for customer, row in found.items():
            room = ROOM * shipments.get(customer, 0) + 1e-6
            assert row[column] == pytest.approx(float(expected.get(customer, 0)), abs=room), (customer, column)
    told = {c: round(row["booked"], 2) for c, row in found.items() if round(row["booked"], 2)}
    assert told == {c: float(value) for c, value in booked.items() if value}
    assert known <= set(found)


def test_all_customers_and_nobody_add_up_to_the_company(company: Company) -> None:
    """Segments, the list, and the largest with all others: one total, the company's own."""
    reader, (first, last) = company.reader, period("12m", company)
    result = customers.customers(reader)
    company_total = sum(company.books.revenue(first, last)[0].values())
    shipments = sum(company.books.revenue(first, last)[1].values())
    assert result.notes["revenue"] == pytest.approx(float(company_total), abs=ROOM * shipments)
    assert result.notes["booked"] == pytest.approx(float(sum(company.books.booked(first, last).values())), abs=0.005)
    segments = rows(customers.segments(reader))
    assert sum(row["revenue"] for row in segments) == pytest.approx(result.notes["revenue"], abs=1e-4)
    everybody = {row["customer_id"] for row in rows(result)} - {None}
    assert sum(row["customers"] for row in segments) == result.notes["customers"] == len(everybody)
    largest = rows(customers.largest(reader))
    rest = {row["customer_id"] for row in largest}
    others = sum(row["revenue"] for row in rows(result) if row["customer_id"] not in rest)
    assert sum(row["revenue"] for row in largest) + others == pytest.approx(result.notes["revenue"], abs=1e-4)
    assert sum(row["share"] for row in largest) == pytest.approx(1 - others / result.notes["revenue"])


def test_the_largest_and_the_falling_are_the_lists_own_rows(company: Company) -> None:
    found = listed(company)
    known = [row for row in found.values() if row["customer_id"]]
    top = sorted(known, key=lambda row: -row["revenue"])[:5]
    assert [r["customer_id"] for r in rows(customers.largest(company.reader))] == [r["customer_id"] for r in top]
    down = sorted(
        (r for r in known if r["revenue"] < r["revenue_before"]), key=lambda r: r["revenue"] - r["revenue_before"]
    )
    result = customers.falling(company.reader)
    assert [row["customer_id"] for row in rows(result)] == [row["customer_id"] for row in down[:5]]
    assert result.notes["fallen"] == len(down)
    assert result.notes["lost"] == pytest.approx(sum(r["revenue_before"] - r["revenue"] for r in down))
    for row in rows(result):
        signals = company.notes.signals(row["customer_id"])
        told = {code for code in signals if code not in ("silent", "falling")}
        assert row["code"] in told if told else row["code"] in ("last_contact", "never_contacted", "not_in_crm")
        if row["code"] == "last_contact":
            contact = company.notes.last_contact(row["customer_id"])
            assert contact and row["figure"] == (company.books.today - contact).days


@pytest.mark.parametrize("days_ago", [0, 91])
def test_segments_are_reckoned_again(company: Company, days_ago: int) -> None:
    expected = {customer: found[0] for customer, found in company.books.segments(days_ago).items()}
    column = "rfm" if days_ago == 0 else "rfm_before"
    found = {c: row[column] for c, row in listed(company).items() if c and row[column] != "no_orders"}
    assert found == expected
    counted = {
        row["rfm"]: row["customers" if days_ago == 0 else "customers_before"]
        for row in rows(customers.segments(company.reader))
    }
    assert {name: n for name, n in counted.items() if name in customers.SEGMENTS} == {
        name: list(expected.values()).count(name) for name in customers.SEGMENTS
    }
    assert len(set(expected.values())) == 9  # the demo has someone in every segment


def test_own_rhythm_and_last_order(company: Company) -> None:
    rhythms = 0
    for customer, row in listed(company).items():
        days = company.books.order_days.get(customer or "")
        if not days:
            assert row["last_order_date"] is None and row["due_date"] is None
            continue
        assert row["last_order_date"] == max(days)
        assert row["orders"] == sum(len(orders) for orders in days.values())
        expected = company.books.rhythm(customer)  # type: ignore[arg-type]
        assert (row["rhythm_days"], row["due_date"]) == ((expected[0], expected[2]) if expected else (None, None))
        silent = expected is not None and (company.books.today - max(days)).days > expected[1]
        assert row["is_silent"] is silent
        rhythms += expected is not None
    assert rhythms > 100


def test_delivery_receivables_and_what_the_crm_knows(company: Company) -> None:
    books, notes = company.books, company.notes
    since = year_before(books.today)
    due: dict[str | None, list[bool]] = {}
    for line, on_time, _ in books.deliveries:
        if line.promised and since <= line.promised < books.today:
            due.setdefault(line.customer, []).append(on_time)
    overdue: dict[str | None, float] = {}
    for customer, _, day, _, left in books.invoices:
        if day and day < books.today:
            overdue[customer] = overdue.get(customer, 0) + float(left)
    for customer, row in listed(company).items():
        if customer is None:
            continue
        kept = due.get(customer, [])
        assert row["lines_due"] == len(kept)
        assert row["on_time"] == (pytest.approx(sum(kept) / len(kept)) if kept else None)
        assert row["overdue_base"] == pytest.approx(overdue.get(customer, 0), abs=0.005)
        assert row["deals_base"] == pytest.approx(float(sum(notes.open_deals(customer))), abs=0.005)
        assert row["open_tickets"] == len(notes.open_cases(customer))
        assert row["last_contact_date"] == notes.last_contact(customer)


def test_every_reason_to_leave_is_found_again(company: Company) -> None:
    seen = set()
    for customer, row in listed(company).items():
        told = {one["code"]: one["figure"] for one in row["because"]} if customer else {}
        expected = company.notes.signals(customer) if customer else {}
        assert told == pytest.approx(expected, abs=0.006, rel=1e-4), customer
        assert row["risk"] == min(len(expected), 3)
        seen |= told.keys()
    assert seen == {
        "lost_deal", "late_orders", "ticket_open", "unhappy", "no_contact", "contract_ends", "overdue", "silent",
        "falling",
    }  # fmt: skip


def test_the_months_of_the_sparkline_add_up(company: Company) -> None:
    today = company.books.today
    expected, shipments = company.books.revenue(year_before(today, 2), today)
    exact, _ = company.books.revenue(year_before(today, 2), year_before(today, 2))
    for customer, row in listed(company).items():
        if customer and row["series"] is not None:
            assert len(row["series"]) == 24
            value = float(expected.get(customer, 0) - exact.get(customer, 0))
            assert sum(row["series"]) == pytest.approx(value, abs=ROOM * shipments[customer] + 1e-6)
        elif customer:
            assert expected.get(customer, 0) == exact.get(customer, 0)


def test_known_to_one_system_only(company: Company) -> None:
    result = customers.customers(company.reader)
    found = rows(result)
    erp = set(company.books.known.values())
    crm = set(company.notes.links.values())
    assert {r["customer_id"] for r in found if r["in_erp"] and r["customer_id"]} == erp
    assert {r["customer_id"] for r in found if r["in_crm"]} == crm
    assert (result.notes["erp_only"], result.notes["crm_only"]) == (len(erp - crm), len(crm - erp))
