"""The headline figures worked out again: the month, and what stands at the end of any day."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

from tests.wall.oracle.books import CENT, NOTHING, Books, Shipment, total


def revenue_and_cost(shipments: list[Shipment]) -> tuple[Decimal, Decimal]:
    """(revenue, cost) of those whose revenue is known."""
    known = [each for each in shipments if each.revenue is not None]
    return total([each.revenue for each in known]), total([each.cost for each in known])


def margin(shipments: list[Shipment]) -> float | None:
    """(Revenue - cost) / revenue where both are known; None before anything was shipped."""
    revenue, cost = revenue_and_cost([each for each in shipments if each.cost is not None])
    return float((revenue - cost) / revenue) if revenue > 0 else None


def this_month(books: Books) -> list[Shipment]:
    return books.shipped(books.month, books.today)


def same_days_last_year(books: Books) -> tuple[date, date]:
    """The days of this month a year ago up to today's day of the month."""
    first = books.month.replace(year=books.month.year - 1)
    return first, first.replace(day=min(books.today.day, monthrange(first.year, first.month)[1]))


def booked(books: Books, first: date, last: date) -> Decimal:
    return total([line.base for line in books.booked_lines if first <= line.day <= last])


def plan(books: Books, metric: str, month: date) -> Decimal | None:
    """The plan figure of a month in targets.csv."""
    with open(books.folder / "targets.csv", encoding="utf-8") as file:
        found = [row["value"] for row in csv.DictReader(file)
                 if (row["metric"], row["period_start"]) == (metric, month.isoformat())]  # fmt: skip
    return Decimal(found[0]) if found else None


def plan_to_date(books: Books) -> Decimal:
    """Its share by calendar days."""
    whole = plan(books, "revenue", books.month)
    assert whole is not None
    return whole * books.today.day / monthrange(books.today.year, books.today.month)[1]


def plan_ahead(books: Books) -> Decimal:
    """What is planned to be booked (else shipped) in the three months after this one."""
    found, month = NOTHING, books.month
    for _ in range(3):
        month = (month + timedelta(days=31)).replace(day=1)
        value = plan(books, "booked", month) or plan(books, "revenue", month)
        assert value is not None
        found += value
    return found


def by_customer(shipments: list[Shipment]) -> dict[int, Decimal]:
    found = defaultdict[int, Decimal](Decimal)
    for each in shipments:
        if each.line.customer is not None:
            found[each.line.customer] += each.revenue or NOTHING
    return found


def top_customers(books: Books) -> list[tuple[str, Decimal, Decimal]]:
    """(name in the ERP, revenue, that of the same days last year) of the six largest of the month."""
    now, before = by_customer(this_month(books)), by_customer(books.shipped(*same_days_last_year(books)))
    ranked = sorted((item for item in now.items() if item[1] > 0), key=lambda item: (-item[1], str(item[0])))
    return [(books.customer_names[who], value, before.get(who, NOTHING)) for who, value in ranked[:6]]


def inventory(books: Books, day: date) -> Decimal:
    """Stock of that day at today's unit cost, each place to the cent; negative stock counts as it stands."""
    values = (quantity * books.unit_costs[item] for (item, _), quantity in books.stock(day).items())
    return total([value.quantize(CENT, ROUND_HALF_EVEN) for value in values])


def on_time(books: Books, day: date) -> float:
    """Of the lines promised in the thirty days before `day`: those whose last shipment was no later than promised."""
    due = good = 0
    for line in books.booked_lines:
        if line.promised is None or not day - timedelta(days=30) <= line.promised < day:
            continue
        if line.quantity <= 0 or line.item is None:
            continue
        last, quantity = books.delivered.get(line.number, (None, 0))
        complete = line.status in "SC" or quantity >= line.quantity
        if complete and last is None:
            continue
        due += 1
        good += complete and last is not None and last <= line.promised
    return good / due


@dataclass(frozen=True)
class Invoice:
    """Issued, not cancelled; all amounts at the rate of the day it was issued."""

    issued: date
    due: date
    amount: Decimal
    open_now: Decimal
    payments: tuple[tuple[date, Decimal], ...]


@lru_cache(4)
def invoices(books: Books) -> list[Invoice]:
    paid = defaultdict[int, list[tuple[date, int]]](list)
    for invoice, when, minor in books.erp("SELECT ivno, pdat, amt_m FROM pay"):
        paid[invoice].append((date.fromisoformat(when), minor))
    found = []
    query = "SELECT ivno, amt_m, opn_m, cur, idat, ddat FROM inv WHERE st IN ('O', 'P')"
    for number, minor, still, currency, day, due in books.erp(query):
        issued = date.fromisoformat(day)
        parts = [books.base(books.money(part, currency), currency, issued) for _, part in paid[number]]
        amounts = (books.base(books.money(part, currency), currency, issued) for part in (minor, still))
        amount, open_now = amounts
        if amount is not None and open_now is not None:
            dated = tuple((when, part or NOTHING) for (when, _), part in zip(paid[number], parts, strict=True))
            found.append(Invoice(issued, date.fromisoformat(due), amount, open_now, dated))
    return found


def receivables(books: Books, day: date) -> tuple[Decimal, Decimal]:
    """(open, overdue) at the end of `day`: open today and paid since; what was settled otherwise, on its due date."""
    owed = overdue = NOTHING
    for each in invoices(books):
        if each.issued > day:
            continue
        then = each.open_now
        if day < books.today:
            then += total([part for when, part in each.payments if when > day])
            if each.due > day:
                then += each.amount - each.open_now - total([part for _, part in each.payments])
        owed += then
        overdue += then if each.due < day else 0
    return owed, overdue


def satisfaction(books: Books, day: date) -> tuple[float, int]:
    """(mean score, replies) of the thirty company days up to `day` (the company lives at UTC+8)."""
    query = """
        SELECT satisfaction FROM crm_case WHERE coalesce(deleted, 0) = 0 AND satisfaction IS NOT NULL
            AND date(coalesce(closed_on, opened_on), '+8 hours') BETWEEN ? AND ?"""
    found = [score for (score,) in books.crm(query, str(day - timedelta(days=29)), str(day))]
    return sum(found) / len(found), len(found)
