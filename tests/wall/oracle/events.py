"""Orders as they were entered and deals as they were won, the newest first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.wall.oracle.books import Books, Line, total
from tests.wall.oracle.people import accounts

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Event:
    """`at`: in company time; an order without an instant counts from the start of its day."""

    at: datetime
    role: str
    name: str | None
    amount: Decimal | None


def newest(books: Books) -> list[Event]:
    return sorted([*_orders(books), *_won(books)], key=lambda event: event.at, reverse=True)


def _orders(books: Books) -> list[Event]:
    lines = defaultdict[int, list[Line]](list)
    for line in books.booked_lines:
        if books.today - timedelta(days=60) <= line.day <= books.today:
            lines[line.order].append(line)
    entered = dict(books.erp("SELECT sno, ent FROM so_h WHERE ent IS NOT NULL"))
    found = []
    for order, mine in lines.items():
        first = mine[0]
        at = _utc(entered[order]) if order in entered else datetime.combine(first.day, time(), ZONE)
        known = [line.base for line in mine if line.base is not None]
        name = None if first.customer is None else books.customer_names[first.customer]
        found.append(Event(at.astimezone(ZONE), "erp", name, total(known) if known else None))
    return found


def _won(books: Books) -> list[Event]:
    query = """
        SELECT o.closed_on, o.account_id, a.account_name, o.currency_code, o.estimated_value, o.opened_date
        FROM crm_opportunity o
        LEFT JOIN crm_account a ON a.account_id = o.account_id AND coalesce(a.deleted, 0) = 0
        WHERE coalesce(o.deleted, 0) = 0 AND o.sales_stage = 'Closed Won'"""
    who, found = accounts(books), []
    for closed, account, called, currency, value, opened in books.crm(query):
        at = _utc(closed).astimezone(ZONE)
        if books.today - timedelta(days=60) <= at.date() <= books.today:
            name = books.customer_names[who[account]] if account in who else called
            amount = books.base(
                None if value is None else Decimal(value), currency, datetime.fromisoformat(opened).date()
            )
            found.append(Event(at, "crm", name, amount))
    return found


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
