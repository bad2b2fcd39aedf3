"""Stock worked out again from the ERP's own database: what lies where, how old, at what pace, how long it lasts.

Plain SQL and Python, nothing of Tandem. Expected demand by week is taken as given, from the published file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from tests.wall.source_oracle import CENT, UNIT, Sources

BOOKED = "l.st NOT IN ('X', 'N', 'Q')"
AGES = ((30, "0-30"), (90, "31-90"), (180, "91-180"), (365, "181-365"), (10**6, "over_365"))
OLD = ("181-365", "over_365")
ITEMS = "ino IN (SELECT ino FROM item)"
Weekly = dict[str, dict[date, float]]
Line = tuple[str, str, int, Decimal | None, date, date | None]


class Stock(Sources):
    """Both databases on one day, with the weekly demand expected of each item."""

    def __init__(self, folder: Path, today: date, weekly: Weekly) -> None:
        super().__init__(folder, today)
        self.weekly = weekly
        named = self.erp.execute("SELECT i.ino, c.nam FROM item i JOIN itemcat c ON c.cat = i.cat")
        self.category = {str(item): name for item, name in named}
        self.cost = {str(item): cost / 100 for item, cost in self.erp.execute("SELECT ino, cost_f FROM item")}
        self.code: dict[int, str] = dict(self.erp.execute("SELECT wno, code FROM whs"))

    # what is sold

    def lines(self, since: date, until: date) -> Iterator[Line]:
        """(line, item, quantity, base amount, ordered, wanted) of booked lines. An order is converted once and handed
        out along its running sum."""
        query = f"""
            SELECT l.sno, l.lno, l.ino, l.qty, l.amt_m, h.cur, h.odat, l.rdat FROM so_l l JOIN so_h h ON h.sno = l.sno
            WHERE {BOOKED} AND h.odat BETWEEN ? AND ? ORDER BY l.sno, l.lno"""
        order, running, before = None, Decimal(0), Decimal(0)
        found = self.erp.execute(query, (str(since), str(until)))
        for number, line, item, quantity, amount, currency, day, wanted in found:
            if number != order:
                order, running, before = number, Decimal(0), Decimal(0)
            running += Decimal(amount) * UNIT.get(currency, CENT)
            total = self.base(running, currency, day)
            value = None if total is None else total - before
            before = before if total is None else total
            asked = date.fromisoformat(wanted) if wanted else None
            yield str(line), str(item), quantity, value, date.fromisoformat(day), asked

    def booked_days(self, days: int, until: date | None = None) -> dict[str, Decimal]:
        """Item -> booked in so many days."""
        last = until or self.today
        found: dict[str, Decimal] = defaultdict(Decimal)
        for _, item, _, value, _, _ in self.lines(last - timedelta(days=days - 1), last):
            found[item] += value or 0
        return found

    @cached_property
    def prices(self) -> dict[str, float]:
        """Item -> net price of 13 weeks, else of 52, else the list's."""
        found = {str(i): (price or 0) / 100 for i, price in self.erp.execute("SELECT ino, price_f FROM item")}
        for days in (364, 91):
            money, pieces = self.booked_days(days), defaultdict[str, int](int)
            for _, item, quantity, value, _, _ in self.lines(self.today - timedelta(days=days - 1), self.today):
                pieces[item] += quantity if value is not None else 0
            found |= {i: float(money[i]) / pieces[i] for i in money if money[i] > 0 and pieces[i] > 0}
        return found

    # what lies there

    def on_hand(self, day: date) -> dict[tuple[str, int], int]:
        """(item, warehouse) -> done moves into minus out of it."""
        query = f"""
            SELECT ino, w, sum(q) FROM (
                SELECT ino, wto AS w, qty AS q FROM mv WHERE st = 'D' AND wto IS NOT NULL AND mdat <= :day
                UNION ALL SELECT ino, wfrom, -qty FROM mv WHERE st = 'D' AND wfrom IS NOT NULL AND mdat <= :day)
            WHERE {ITEMS} GROUP BY ino, w"""
        return {(str(item), place): q for item, place, q in self.erp.execute(query, {"day": str(day)})}

    @cached_property
    def held(self) -> dict[tuple[str, int], int]:
        return self.on_hand(self.today)

    @cached_property
    def levels(self) -> dict[str, float]:
        """Item -> what is there in all, negative as none."""
        return self.stock()

    def stock_value(self, day: date) -> dict[str, float]:
        """Item -> at today's cost, what lay there on a day."""
        found: dict[str, float] = defaultdict(float)
        for (item, _), quantity in self.on_hand(day).items():
            found[item] += quantity * self.cost[item]
        return found

    @cached_property
    def ages(self) -> dict[tuple[str, int, str], float]:
        """(item, warehouse, age) -> value: the newest receipts from outside are what is left."""
        came: dict[str, list[tuple[date, int]]] = defaultdict(list)
        query = """
            SELECT ino, mdat, qty FROM mv WHERE st = 'D' AND wto IS NOT NULL AND wfrom IS NULL AND mdat <= ?
            ORDER BY mdat DESC"""
        for item, day, quantity in self.erp.execute(query, (str(self.today),)):
            came[str(item)].append((date.fromisoformat(day), quantity))
        total: dict[str, int] = defaultdict(int)
        for (item, _), quantity in self.held.items():
            total[item] += max(quantity, 0)
        found: dict[tuple[str, int, str], float] = defaultdict(float)
        for (item, place), quantity in self.held.items():
            left = float(total[item])
            for day, received in came[item] if quantity > 0 else []:
                part = min(left, received)
                left -= part
                age = next(name for limit, name in AGES if (self.today - day).days <= limit)
                found[item, place, age] += part / total[item] * quantity * self.cost[item]
            if quantity < 0:
                found[item, place, "below_zero"] += quantity * self.cost[item]
        return found

    @cached_property
    def old(self) -> dict[str, float]:
        """Item -> what came in over 180 days ago."""
        found: dict[str, float] = defaultdict(float)
        for (item, _, age), value in self.ages.items():
            found[item] += value if age in OLD else 0.0
        return found

    def gone(self, days: int) -> dict[str, int]:
        """Item -> shipped or used in so many days."""
        query = """
            SELECT ino, sum(qty) FROM mv WHERE st = 'D' AND wfrom IS NOT NULL AND wto IS NULL AND typ <> 'CNT'
                AND mdat > ? AND mdat <= ? GROUP BY ino"""
        found = self.erp.execute(query, (str(self.today - timedelta(days=days)), str(self.today)))
        return {str(item): quantity for item, quantity in found}

    def moves(self, since: date, until: date, place: int | None = None) -> dict[tuple[date, str, str], float]:
        """(Monday, in or out, type) -> at cost; over all warehouses without transfers."""
        found: dict[tuple[date, str, str], float] = defaultdict(float)
        query = f"SELECT ino, mdat, wfrom, wto, qty, typ FROM mv WHERE st = 'D' AND mdat BETWEEN ? AND ? AND {ITEMS}"
        for item, day, sender, receiver, quantity, kind in self.erp.execute(query, (str(since), str(until))):
            at = date.fromisoformat(day)
            week = at - timedelta(days=at.weekday())
            for here, other, way in ((receiver, sender, "in"), (sender, receiver, "out")):
                if here is not None and (here == place if place else other is None):
                    found[week, way, kind] += quantity * self.cost[str(item)]
        return found

    # how long it lasts

    def daily(self, item: str, days: int) -> list[float]:
        """Expected demand of each day from today; after the last forecast week the mean of its last 13."""
        weeks = self.weekly.get(item, {})
        tail = [weeks[week] for week in sorted(weeks)][-13:]
        out = []
        for n in range(days):
            day = self.today + timedelta(days=n)
            out.append(weeks.get(day - timedelta(days=day.weekday()), sum(tail) / len(tail) if tail else 0.0) / 7)
        return out

    def lasts(self, item: str, quantity: float, share: float = 1.0) -> float | None:
        """Days until `quantity` is used up by a share of the item's demand, 728 at the most; None without demand."""
        demand = self.daily(item, 728)
        if share <= 0 or sum(demand) <= 0:
            return None
        left = max(quantity, 0.0) / share
        for n, need in enumerate(demand):
            if need > 0 and left <= need + 1e-9:
                return n + min(left / need, 1.0)
            left -= need
        return 728.0

    @cached_property
    def shares(self) -> dict[tuple[str, int], float]:
        """(item, warehouse) -> its part of the lines of 13 weeks, else of 52."""
        found: dict[tuple[str, int], float] = {}
        sold: dict[int, dict[str, dict[int, int]]] = {}
        for days in (91, 364):
            query = f"""
                SELECT l.ino, l.wno, sum(l.qty) FROM so_l l JOIN so_h h ON h.sno = l.sno
                WHERE {BOOKED} AND h.odat > ? AND h.odat <= ? GROUP BY l.ino, l.wno"""
            sold[days] = defaultdict(dict)
            span = (str(self.today - timedelta(days=days)), str(self.today))
            for item, place, quantity in self.erp.execute(query, span):
                sold[days][str(item)][place] = max(quantity, 0)
        for item, year in sold[364].items():
            recent = sold[91].get(item, {})
            chosen = recent if sum(recent.values()) > 0 else year
            for place in year:
                if sum(chosen.values()) > 0:
                    found[item, place] = chosen.get(place, 0) / sum(chosen.values())
        return found
