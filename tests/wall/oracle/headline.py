"""The headline figures worked out again: the month, and what stands at the end of any day."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tests.wall.oracle.books import CENT, NOTHING, Books, Shipment, total


def revenue_and_cost(shipments: list[Shipment]) -> tuple[Decimal, Decimal]:
    """(revenue, cost) of those whose revenue is known."""
    known = [each for each in shipments if each.revenue is not None]
    return total([each.revenue for each in known]), total([each.cost for each in known])


def margin(shipments: list[Shipment]) -> float:
    """(Revenue - cost) / revenue where both are known."""
    revenue, cost = revenue_and_cost([each for each in shipments if each.cost is not None])
    return float((revenue - cost) / revenue)


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
    """Stock of that day at today's unit cost; negative stock counts as it stands."""
    return total([quantity * books.unit_costs[item] for (item, _), quantity in books.stock(day).items()])


def on_time(books: Books, day: date) -> float:
    """Of the lines promised in the thirty days before `day`: those whose last shipment was no later than promised."""
    gone = {line: (last, quantity) for line, last, quantity in books.erp("""
        SELECT lno, max(CASE typ WHEN 'SHP' THEN mdat END), sum(CASE typ WHEN 'SHP' THEN qty ELSE -qty END)
        FROM mv WHERE st = 'D' AND typ IN ('SHP', 'RET') GROUP BY lno""")}  # fmt: skip
    due = good = 0
    for line in books.booked_lines:
        if line.promised is None or not day - timedelta(days=30) <= line.promised < day:
            continue
        if line.quantity <= 0 or line.item is None:
            continue
        last, quantity = gone.get(line.number, (None, 0))
        complete = line.status in "SC" or quantity >= line.quantity
        if complete and last is None:
            continue
        due += 1
        good += complete and date.fromisoformat(last) <= line.promised
    return good / due


def receivables(books: Books, day: date) -> tuple[Decimal, Decimal]:
    """(open, overdue) at the end of `day`: open today and paid since; what was settled otherwise, on its due date."""
    paid_at: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for invoice, when, minor in books.erp("SELECT ivno, pdat, amt_m FROM pay"):
        paid_at[invoice].append((when, minor))
    owed = overdue = NOTHING
    query = "SELECT ivno, amt_m, opn_m, cur, idat, ddat FROM inv WHERE st IN ('O', 'P') AND idat <= ?"
    for invoice, minor, still, currency, issued, due in books.erp(query, day.isoformat()):

        def base(amount: int, currency: str | None = currency, issued: str = issued) -> Decimal | None:
            return books.base(books.money(amount, currency), currency, date.fromisoformat(issued))

        amount, open_now = base(minor), base(still)
        if amount is None or open_now is None:
            continue
        then = open_now
        if day < books.today:
            paid = [(when, base(part) or NOTHING) for when, part in paid_at[invoice]]
            then += total([part for when, part in paid if when > day.isoformat()])
            if due > day.isoformat():
                then += amount - open_now - total([part for _, part in paid])
        owed += then
        overdue += then if due < day.isoformat() else 0
    return owed, overdue


def satisfaction(books: Books, day: date) -> tuple[float, int]:
    """(mean score, replies) of the thirty company days up to `day` (the company lives at UTC+8)."""
    query = """
        SELECT satisfaction FROM crm_case WHERE coalesce(deleted, 0) = 0 AND satisfaction IS NOT NULL
            AND date(coalesce(closed_on, opened_on), '+8 hours') BETWEEN ? AND ?"""
    found = [score for (score,) in books.crm(query, str(day - timedelta(days=29)), str(day))]
    return sum(found) / len(found), len(found)


def newest_orders(books: Books) -> list[tuple[datetime, str, Decimal]]:
    """(instant, customer, amount) of booked orders entered with their time, the newest first."""
    amounts = defaultdict[int, Decimal](Decimal)
    who = {}
    for line in books.booked_lines:
        if line.base is not None and line.customer is not None and line.day <= books.today:
            amounts[line.order] += line.base
            who[line.order] = books.customer_names[line.customer]
    entered = books.erp("SELECT ent, sno FROM so_h WHERE ent IS NOT NULL")
    found = [(datetime.fromisoformat(at).replace(tzinfo=UTC), who[order], amounts[order].quantize(CENT))
             for at, order in entered if order in amounts]  # fmt: skip
    return sorted(found, reverse=True)
