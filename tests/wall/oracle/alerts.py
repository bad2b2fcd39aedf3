"""What needs somebody: the facts of each alert, worked out from the sources."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.wall.oracle.books import NOTHING, Books
from tests.wall.oracle.headline import by_customer
from tests.wall.oracle.people import accounts
from tests.wall.oracle.runway import items, net_prices, receipts

SEVERITY = {"stockout": 0, "overdue_receipt": 1, "ticket_surge": 1, "customer_falling": 1, "unconverted": 1}
MOST = 5  # of a kind


@dataclass(frozen=True)
class Alert:
    """`weight`: the money that orders alerts of one severity."""

    code: str
    subject: str
    figure: float | None = None
    date1: date | None = None
    date2: date | None = None
    count: int = 0
    weight: float = 0


def alerts(books: Books) -> list[Alert]:
    """Five of a kind at most, the worst first, then by money."""
    kinds = (stock_outs, overdue_receipts, ticket_surges, falling_customers, ending_contracts, unconverted)
    found = []
    for kind in kinds:
        found += sorted(kind(books), key=lambda alert: -alert.weight)[:MOST]
    return sorted(found, key=lambda alert: (SEVERITY.get(alert.code, 2), -alert.weight, alert.code))


def stock_outs(books: Books) -> list[Alert]:
    return [
        Alert("stockout", item.name, item.at_risk, item.run_out, item.receipt, item.waiting, item.at_risk)
        for item in items(books).values()
        if item.at_risk >= 0.005
    ]


def overdue_receipts(books: Books) -> list[Alert]:
    """Per item: what should have come by now, at what it sells for."""
    late = defaultdict[int, list[tuple[date, int]]](list)
    for item, day, quantity in receipts(books):
        if day < books.today:
            late[item].append((day, quantity))
    names, prices = item_names(books), net_prices(books)
    found = []
    for item, mine in late.items():
        value = float(prices[item] * sum(quantity for _, quantity in mine))
        oldest = min(day for day, _ in mine)
        found.append(Alert("overdue_receipt", names[item], value, oldest, None, len(mine), value))
    return found


def item_names(books: Books) -> dict[int, str]:
    return dict(books.erp("SELECT ino, nam FROM item"))


def ticket_surges(books: Books) -> list[Alert]:
    """At least three cases in seven company days, and three times the weekly number of the eight weeks before."""
    query = """
        SELECT product_code, sum(day > :week), sum(day <= :week) FROM (
            SELECT product_code, date(opened_on, '+8 hours') AS day FROM crm_case WHERE coalesce(deleted, 0) = 0)
        WHERE day > :start AND day <= :today GROUP BY product_code"""
    week, start = (str(books.today - timedelta(days=days)) for days in (7, 63))
    names = dict(books.erp("SELECT code, nam FROM item"))
    return [
        Alert("ticket_surge", names[code], cases / max(before / 8, 1), count=cases)
        for code, cases, before in books.crm(query, week=week, start=start, today=str(books.today))
        if code in names and cases >= 3 and cases >= 3 * before / 8
    ]


def falling_customers(books: Books) -> list[Alert]:
    """A quarter less revenue in 13 weeks than in the same weeks of last year, and a quarter per cent of all with it."""
    today, year = books.today, timedelta(days=364)
    quarter = timedelta(days=90)
    shipments = books.shipped(today - quarter, today)
    now, before = by_customer(shipments), by_customer(books.shipped(today - year - quarter, today - year))
    everything = sum((each.revenue or NOTHING for each in shipments), NOTHING)
    if min(each.day for each in books.shipments) > today - timedelta(days=454):
        return []
    renewals = defaultdict[Any, list[date]](list)
    for who, _, _, ends in contracts(books, 90):
        renewals[who].append(ends)
    found = []
    for who, then in before.items():
        lost = then - now.get(who, NOTHING)
        if then > 0 and lost > then / 4 and lost >= everything * Decimal("0.0025"):
            due = min(renewals[who]) if renewals[who] else None
            found.append(
                Alert("customer_falling", books.customer_names[who], -float(lost / then), due, weight=float(lost))
            )
    return found


def contracts(books: Books, days: int) -> list[tuple[int | str, str, Decimal | None, date]]:
    """(customer or account, its name, value, last day) of the running contracts that end in the coming days."""
    who = accounts(books)
    query = """
        SELECT c.account_id, a.account_name, c.currency_code, c.contract_value, c.start_date, c.end_date
        FROM crm_contract c LEFT JOIN crm_account a ON a.account_id = c.account_id
        WHERE coalesce(c.deleted, 0) = 0 AND c.end_date BETWEEN ? AND ?
            AND lower(coalesce(c.contract_status, '')) NOT IN ('cancelled', 'draft', 'ended')"""
    found, until = [], books.today + timedelta(days=days)
    for account, name, currency, value, start, end in books.crm(query, str(books.today), str(until)):
        day = books.today if start is None else date.fromisoformat(start)
        amount = books.base(None if value is None else Decimal(value), currency, day)
        customer = who.get(account)
        named = name if customer is None else books.customer_names[customer]
        found.append((account if customer is None else customer, named, amount, date.fromisoformat(end)))
    return found


def ending_contracts(books: Books) -> list[Alert]:
    return [
        Alert("contract_due", name, None if amount is None else float(amount), ends, weight=float(amount or 0))
        for _, name, amount, ends in contracts(books, 30)
    ]


def unconverted(books: Books) -> list[Alert]:
    """Booked lines whose amount could not be converted, all in one alert."""
    lines = [line for line in books.booked_lines if line.base is None]
    if not lines:
        return []
    currency = books.erp("""
        SELECT min(h.cur) FROM so_l l JOIN so_h h ON h.sno = l.sno LEFT JOIN fx ON fx.cur = h.cur
        WHERE l.st IN ('O', 'P', 'S', 'C') AND h.cur IS NOT 'CNY' AND fx.cur IS NULL""")[0][0]  # fmt: skip
    return [Alert("unconverted", currency or "", count=len(lines))]
