"""The customers' figures worked out again from the two source databases: plain SQL and Python, nothing of Tandem.

Who is who is given (`known`: the ERP's number -> customer; `links`: CRM account -> customer); identity has tests of its
own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from tests.exact import connect
from tests.links import published_links

CENT = Decimal("0.01")
AGES = ("not_due", "days_1_30", "days_31_60", "over_60")
UNIT = {"CNY": CENT, "EUR": CENT, "USD": CENT, "JPY": Decimal(1)}
BOOKED = "st NOT IN ('X', 'N', 'Q')"


def day(text: str) -> date:
    return date.fromisoformat(text[:10])


def year_before(of: date, years: int = 1) -> date:
    return of.replace(year=of.year - years)


def lower_quantile(values: list[int], share: float) -> int:
    """The smallest value that at least `share` of all do not exceed."""
    ordered = sorted(values)
    return next(v for k, v in enumerate(ordered, 1) if k >= share * len(ordered) - 1e-9)


class Line(NamedTuple):
    """A booked order line; base: the order's part of it, not yet rounded."""

    order: str
    number: str
    line: int
    customer: str | None
    item: int | None
    ordered: date
    promised: date | None
    quantity: int
    status: str
    base: Decimal | None


class Books:
    """The ERP's side."""

    home = "CNY"  # the base currency

    def __init__(self, folder: Path, today: date) -> None:
        self.erp = connect(folder / "erp.db")
        self.today = today
        self.rates = defaultdict[str, list[tuple[str, Decimal]]](list)
        for currency, start, rate in self.erp.execute("SELECT cur, dat, rate FROM fx ORDER BY dat"):
            self.rates[currency].append((start, Decimal(rate)))
        links = published_links(folder)
        alive = self.erp.execute("SELECT cno FROM cust WHERE coalesce(del, 0) = 0")
        self.known = {cno: links["erp", str(cno)] for (cno,) in alive}
        self.category = {
            item: name or "–"
            for item, name in self.erp.execute("SELECT ino, c.nam FROM item i LEFT JOIN itemcat c ON c.cat = i.cat")
        }

    def base(self, amount: Decimal, currency: str | None, on: str) -> Decimal | None:
        """Base currency, half-even to the cent; None without a currency or a rate."""
        if currency == self.home:
            return amount
        known = [rate for start, rate in self.rates[currency or ""] if start <= on]
        return (amount / known[-1]).quantize(CENT, ROUND_HALF_EVEN) if known else None

    def name(self, cno: int | None) -> str | None:
        return None if cno is None else self.known.get(cno)

    @cached_property
    def lines(self) -> list[Line]:
        query = f"""
            SELECT h.sno, h.so_no, l.lno, h.cno, l.ino, h.odat, l.pdat, l.qty, l.st, l.amt_m, h.cur
            FROM so_l l JOIN so_h h ON h.sno = l.sno WHERE l.{BOOKED}"""
        return [
            Line(f"erp:{s}", no, line, self.name(c), i, day(o), day(p) if p else None, q, st,
                 self.base(Decimal(a) * UNIT.get(cur, CENT), cur, o))
            for s, no, line, c, i, o, p, q, st, a, cur in self.erp.execute(query)
        ]  # fmt: skip

    @cached_property
    def cents(self) -> dict[int, Decimal | None]:
        """What each order line is of its order: all but the cancelled lines share its total, converted once, in the
        order of their numbers; the cancelled ones theirs."""
        query = """
            SELECT l.sno, l.st = 'X', l.lno, l.amt_m, h.cur, h.odat FROM so_l l JOIN so_h h ON h.sno = l.sno
            ORDER BY l.sno, l.st = 'X', l.lno"""
        found: dict[int, Decimal | None] = {}
        upto, before = defaultdict[tuple[int, int], Decimal](Decimal), defaultdict[tuple[int, int], Decimal](Decimal)
        for sno, cancelled, line, amount, currency, on in self.erp.execute(query):
            group = sno, cancelled
            upto[group] += Decimal(amount or 0) * UNIT.get(currency, CENT)
            value = self.base(upto[group], currency, on)
            found[line] = None if value is None or amount is None else value - before[group]
            before[group] = value or before[group]
        return found

    @cached_property
    def orders(self) -> list[tuple[str, str | None, date, Decimal]]:
        """(order, customer, day, amount) of booked orders that can be converted."""
        query = f"""
            SELECT h.sno, h.cno, h.odat, l.lno FROM so_h h JOIN so_l l ON l.sno = h.sno WHERE l.{BOOKED}
            ORDER BY h.sno, l.lno"""
        found: dict[int, tuple[int | None, str, list[Decimal]]] = {}
        for sno, cno, on, line in self.erp.execute(query):
            value = self.cents[line]
            if value is not None:
                found.setdefault(sno, (cno, on, []))[2].append(value)
        return [(f"erp:{s}", self.name(c), day(on), sum(values, Decimal())) for s, (c, on, values) in found.items()]

    def booked(self, first: date, last: date) -> dict[str | None, Decimal]:
        totals = defaultdict[str | None, Decimal](Decimal)
        for _, customer, on, value in self.orders:
            if first <= on <= last:
                totals[customer] += value
        return totals

    @cached_property
    def shipments(self) -> list[tuple[str | None, int, date, Decimal, str]]:
        """(customer, item, day, revenue, kind): quantity x the line's net price of each done shipment or return."""
        query = """
            SELECT h.cno, l.ino, m.typ, m.qty, m.mdat, l.qty, l.amt_m, h.cur, h.odat
            FROM mv m JOIN so_l l ON l.lno = m.lno JOIN so_h h ON h.sno = l.sno
            WHERE m.st = 'D' AND m.typ IN ('SHP', 'RET')"""
        found = []
        for cno, item, kind, quantity, on, ordered, amount, currency, start in self.erp.execute(query):
            line = self.base(Decimal(amount) * UNIT.get(currency, CENT), currency, start)
            if line is not None:
                moved = Decimal(quantity if kind == "SHP" else -quantity)
                found.append((self.name(cno), item, day(on), line * moved / Decimal(ordered), kind))
        return found

    def revenue(self, first: date, last: date) -> tuple[dict[str | None, Decimal], dict[str | None, int]]:
        """(revenue, shipments) by customer. Tandem hands out an order's total in whole cents, line by line and shipment
        by shipment, so that each may differ by a cent and a half."""
        totals, count = defaultdict[str | None, Decimal](Decimal), defaultdict[str | None, int](int)
        for customer, _, on, value, _ in self.shipments:
            if first <= on <= last:
                totals[customer] += value
                count[customer] += 1
        return totals, count

    @cached_property
    def order_days(self) -> dict[str, dict[date, set[str]]]:
        """Customer -> day -> orders with a line that is no return."""
        found = defaultdict[str, dict[date, set[str]]](lambda: defaultdict(set))
        for line in self.lines:
            if line.customer and line.quantity > 0 and line.ordered <= self.today:
                found[line.customer][line.ordered].add(line.order)
        return found

    def rhythm(self, customer: str) -> tuple[int, int, date] | None:
        """(median gap, late after, next order day) of the last two years; None under three order days."""
        days = sorted(self.order_days[customer])
        after = year_before(self.today, 2)
        gaps = [(b - a).days for a, b in zip(days, days[1:], strict=False) if b > after]
        if len(gaps) < 2:
            return None
        median = lower_quantile(gaps, 0.5)
        return median, max(lower_quantile(gaps, 0.8), median + 7), days[-1] + timedelta(days=median)

    def segments(self, days_ago: int = 0) -> dict[str, tuple[str, int, int, int]]:
        """Customer -> (segment, R, F, M) as they stood `days_ago`."""
        now = self.today - timedelta(days=days_ago)
        after = year_before(now, 2)
        money = defaultdict[str, Decimal](Decimal)
        for _, customer, on, value in self.orders:
            if customer and after < on <= now:
                money[customer] += value
        facts = {}
        for customer, days in self.order_days.items():
            past = [on for on in days if on <= now]
            if past:
                count = sum(len(days[on]) for on in past if on > after)
                facts[customer] = (min(past), max(past), count, money[customer])
        active = [fact for fact in facts.values() if fact[2]]
        found = {}
        for customer, (first, last, count, value) in facts.items():
            f = _fifth(count, [fact[2] for fact in active]) if count else 0
            m = _fifth(value, [fact[3] for fact in active]) if count else 0
            recency = (now - last).days
            r = next((5 - k for k, limit in enumerate((30, 91, 182, 365)) if recency <= limit), 1)
            found[customer] = (_segment(recency, f + m, (now - first).days <= 91), r, f, m)
        return found

    @cached_property
    def deliveries(self) -> list[tuple[Line, bool, int]]:
        """(line, on time, days late or late so far) of lines due."""
        shipped: Mapping[int, tuple[int, str | None]] = {
            line: (gone, last)
            for line, gone, last in self.erp.execute(
                "SELECT lno, sum(CASE typ WHEN 'SHP' THEN qty ELSE -qty END), max(CASE typ WHEN 'SHP' THEN mdat END)"
                " FROM mv WHERE st = 'D' AND typ IN ('SHP', 'RET') GROUP BY lno"
            )
        }
        found = []
        for line in self.lines:
            if line.promised is None or line.quantity <= 0 or line.item not in self.category:
                continue
            gone, last = shipped.get(line.line, (0, None))
            complete = line.status in ("C", "S") or gone >= line.quantity
            if complete and last is None:
                continue
            came = day(last) if complete and last else None
            late = max(((came or self.today) - line.promised).days, 0)
            found.append((line, came is not None and came <= line.promised, late))
        return found

    @cached_property
    def invoices(self) -> list[tuple[str | None, date, date | None, Decimal, Decimal]]:
        """(customer, issued, due, amount, open) in base currency."""
        found = []
        query = "SELECT cno, idat, ddat, amt_m, opn_m, cur FROM inv WHERE st NOT IN ('X', 'N')"
        for cno, issued, due, amount, left, currency in self.erp.execute(query):
            unit = UNIT.get(currency, CENT)
            whole, value = (self.base(Decimal(one) * unit, currency, issued) for one in (amount, left))
            if whole is not None and value is not None:
                found.append((self.name(cno), day(issued), day(due) if due else None, whole, value))
        return found

    @cached_property
    def receivables(self) -> dict[str | None, dict[str, Decimal]]:
        """Customer -> age -> what is open."""
        found = defaultdict[str | None, dict[str, Decimal]](lambda: dict.fromkeys(AGES, Decimal(0)))
        for owner, _, due, _, left in self.invoices:
            late = (self.today - due).days if due else 0
            found[owner][AGES[0] if late <= 0 else AGES[1] if late <= 30 else AGES[2] if late <= 60 else AGES[3]] += (
                left
            )
        return found


def _fifth(value: Decimal | int, everyone: list[int] | list[Decimal]) -> int:
    """1 to 5 by how many of the others are smaller."""
    if len(everyone) == 1:
        return 1
    return min(5, 1 + int(5 * sum(1 for other in everyone if other < value) / (len(everyone) - 1)))


def _segment(recency: int, often_and_much: int, is_new: bool) -> str:
    if recency > 182:
        return "do_not_lose" if often_and_much >= 8 else "asleep" if often_and_much >= 5 else "lost"
    if recency > 91:
        return "slipping" if often_and_much >= 6 else "occasional"
    if is_new:
        return "new"
    return "best" if often_and_much >= 9 else "loyal" if often_and_much >= 6 else "promising"
