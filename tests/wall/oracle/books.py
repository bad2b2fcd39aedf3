"""What the two source databases say, read with plain SQL: exact money in the base currency, nothing of Tandem."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.exact import connect
from tests.links import published_links

CENT, NOTHING = Decimal("0.01"), Decimal(0)
UNIT = {"CNY": CENT, "EUR": CENT, "USD": CENT, "JPY": Decimal(1)}  # what one minor unit is worth
BOOKED = "OPSC"  # open, partly shipped, shipped, closed; not draft, quotation or cancelled


@dataclass(frozen=True)
class Line:
    """An order line. No `base`: its order has no currency or no rate; no `item`: the ERP knows no such item."""

    number: int
    order: int
    customer: int | None
    item: int | None
    day: date
    wanted: date
    promised: date | None
    status: str
    quantity: int
    base: Decimal | None

    @property
    def booked(self) -> bool:
        return self.status in BOOKED


@dataclass(frozen=True)
class Shipment:
    """A done shipment of a line, or a return of one (negative)."""

    line: Line
    day: date
    quantity: int
    revenue: Decimal | None
    cost: Decimal | None


def total(values: Sequence[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), NOTHING)


def day_or_none(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


class Database:
    """One source database; called with a query and its values it answers all rows."""

    def __init__(self, file: Path) -> None:
        self._connection = connect(file)
        self.execute = self._connection.execute

    def __call__(self, query: str, *values: Any, **named: Any) -> list[Any]:
        return self.execute(query, named or values).fetchall()


class Books:
    """Both databases, and the company's day the figures are for; everything is worked out once."""

    home = "CNY"  # the base currency

    def __init__(self, folder: Path, today: date) -> None:
        self.folder, self.today, self.month = folder, today, today.replace(day=1)
        self.erp, self.crm = Database(folder / "erp.db"), Database(folder / "crm.db")

    @cached_property
    def identities(self) -> dict[tuple[str, str], str]:
        """(source, own id) -> customer."""
        return published_links(self.folder)

    def _golden(self, number: int | None) -> int | None:
        """The ERP customer that another of its records is a double of; itself where it is none."""
        return None if number is None else int(self.identities["erp", str(number)].removeprefix("erp:"))

    @cached_property
    def rates(self) -> dict[str, tuple[list[str], list[Decimal]]]:
        """Currency -> (days, units of it for one of the base currency from that day on)."""
        found = defaultdict[str, tuple[list[str], list[Decimal]]](lambda: ([], []))
        for currency, day, rate in self.erp("SELECT cur, dat, rate FROM fx ORDER BY dat"):
            found[currency][0].append(day)
            found[currency][1].append(Decimal(rate))
        return dict(found)

    def base(self, amount: Decimal | None, currency: str | None, day: date | str) -> Decimal | None:
        """In the base currency, half-even to the cent; None without an amount, a currency or a rate."""
        if amount is None or currency == self.home:
            return amount
        days, rates = self.rates.get(currency or "", ([], []))
        known = bisect_right(days, str(day))
        return (amount / rates[known - 1]).quantize(CENT, ROUND_HALF_EVEN) if known else None

    @staticmethod
    def money(minor: int, currency: str | None) -> Decimal:
        """Minor units as an amount."""
        return minor * UNIT.get(currency or "", CENT)

    @cached_property
    def lines(self) -> list[Line]:
        """All order lines. An order is converted once; each line gets what the converted running sum grows by."""
        query = """
            SELECT l.sno, l.st = 'X', l.lno, k.cno, i.ino, h.odat, coalesce(l.rdat, h.odat), l.pdat, l.st, l.qty,
                   l.amt_m, h.cur
            FROM so_l l JOIN so_h h ON h.sno = l.sno
            LEFT JOIN item i ON i.ino = l.ino LEFT JOIN cust k ON k.cno = h.cno AND coalesce(k.del, 0) <> 1
            ORDER BY 1, 2, 3"""
        found = []
        for _, group in groupby(self.erp(query), key=lambda row: row[:2]):
            running, before = NOTHING, NOTHING
            for order, _, line, customer, item, day, wanted, promised, status, quantity, minor, currency in group:
                running += self.money(minor, currency)
                so_far = self.base(running, currency, date.fromisoformat(day))
                base = None if so_far is None else so_far - before
                before = so_far or NOTHING
                days = (date.fromisoformat(day), date.fromisoformat(wanted), day_or_none(promised))
                found.append(Line(line, order, self._golden(customer), item, *days, status, quantity, base))
        return found

    @cached_property
    def booked_lines(self) -> list[Line]:
        return [line for line in self.lines if line.booked]

    @cached_property
    def shipments(self) -> list[Shipment]:
        """Each gets what its line's shipped share of the amount grows by, to the cent; cost as noted at shipment."""
        lines = {line.number: line for line in self.lines}
        query = """
            SELECT m.lno, m.mdat, CASE m.typ WHEN 'RET' THEN -m.qty ELSE m.qty END, coalesce(m.cost_f, i.cost_f)
            FROM mv m JOIN so_l l ON l.lno = m.lno LEFT JOIN item i ON i.ino = m.ino
            WHERE m.st = 'D' AND m.typ IN ('SHP', 'RET') ORDER BY m.lno, m.mdat, m.mno"""
        found = []
        for number, moves in groupby(self.erp(query), key=lambda row: row[0]):
            line, gone, before = lines[number], 0, NOTHING
            for _, day, quantity, cost in moves:
                gone += quantity
                so_far = None if line.base is None else line.base * gone / line.quantity
                so_far = None if so_far is None else so_far.quantize(CENT, ROUND_HALF_EVEN)
                revenue = None if so_far is None else so_far - before
                before = so_far or NOTHING
                spent = None if cost is None else (quantity * cost * CENT).quantize(CENT, ROUND_HALF_EVEN)
                found.append(Shipment(line, date.fromisoformat(day), quantity, revenue, spent))
        return found

    @cached_property
    def delivered(self) -> dict[int, tuple[date | None, int]]:
        """Line -> (day of its last shipment, quantity that is with the customer)."""
        found: dict[int, tuple[date | None, int]] = {}
        for each in self.shipments:
            last, quantity = found.get(each.line.number, (None, 0))
            found[each.line.number] = (each.day if each.quantity > 0 else last, quantity + each.quantity)
        return found

    def shipped(self, first: date, last: date) -> list[Shipment]:
        return [shipment for shipment in self.shipments if first <= shipment.day <= last]

    def stock(self, day: date) -> dict[tuple[int, int], int]:
        """(item, warehouse) -> done moves into minus out of it up to the end of `day`, zero left out."""
        query = """
            SELECT ino, who, sum(qty) FROM (
                SELECT ino, wto AS who, qty, mdat FROM mv WHERE st = 'D' AND wto IS NOT NULL
                UNION ALL SELECT ino, wfrom, -qty, mdat FROM mv WHERE st = 'D' AND wfrom IS NOT NULL)
            WHERE mdat <= ? AND ino IN (SELECT ino FROM item) GROUP BY ino, who HAVING sum(qty) <> 0"""
        return {(item, place): quantity for item, place, quantity in self.erp(query, str(day))}

    @cached_property
    def unit_costs(self) -> dict[int, Decimal]:
        return {item: cost * CENT for item, cost in self.erp("SELECT ino, cost_f FROM item")}

    @cached_property
    def customer_names(self) -> dict[int, str]:
        return dict(self.erp("SELECT cno, nam FROM cust WHERE coalesce(del, 0) <> 1"))

    @cached_property
    def points(self) -> list[date]:
        """The fourteen weekly points of a sparkline, the last one today."""
        return [self.today - timedelta(weeks=back) for back in range(13, -1, -1)]
