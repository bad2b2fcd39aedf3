"""Stock worked out again from the ERP's own database: what lies where, how old, at what pace, how long it lasts."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from tests.wall.oracle.books import Books
from tests.wall.oracle.demand import monday
from tests.wall.oracle.published import forecasts
from tests.wall.oracle.runway import cover, daily, net_prices

AGES = ((30, "0-30"), (90, "31-90"), (180, "91-180"), (365, "181-365"), (10**6, "over_365"))
OLD = ("181-365", "over_365")


class Stock(Books):
    """Both databases on one day; items and warehouses by the ERP's numbers, money as plain floats."""

    def __init__(self, folder: Path, today: date) -> None:
        super().__init__(folder, today)
        self.category: dict[int, str] = dict(
            self.erp("SELECT i.ino, c.nam FROM item i JOIN itemcat c ON c.cat = i.cat")
        )
        self.code: dict[int, str] = dict(self.erp("SELECT wno, code FROM whs"))
        self.cost = {item: float(cost) for item, cost in self.unit_costs.items()}
        self._daily: dict[int, list[float]] = {}

    @cached_property
    def prices(self) -> dict[int, float]:
        return {item: float(price) for item, price in net_prices(self).items()}

    def booked_days(self, days: int, until: date | None = None) -> dict[int | None, float]:
        """Item (None: one the ERP does not know) -> booked in so many days."""
        last = until or self.today
        found: dict[int | None, float] = defaultdict(float)
        for line in self.booked_lines:
            if last - timedelta(days=days) < line.day <= last:
                found[line.item] += float(line.base or 0)
        return found

    # what lies there

    @cached_property
    def held(self) -> dict[tuple[int, int], int]:
        """(item, warehouse) -> quantity."""
        return self.stock(self.today)

    @cached_property
    def levels(self) -> dict[int, int]:
        """Item -> what is there in all, negative as none."""
        total: dict[int, int] = defaultdict(int)
        for (item, _), quantity in self.held.items():
            total[item] += quantity
        return {item: max(quantity, 0) for item, quantity in total.items()}

    def stock_value(self, day: date) -> dict[int, float]:
        """Item -> at today's cost, what lay there on a day."""
        found: dict[int, float] = defaultdict(float)
        for (item, _), quantity in self.stock(day).items():
            found[item] += quantity * self.cost[item]
        return found

    @cached_property
    def ages(self) -> dict[tuple[int, int, str], float]:
        """(item, warehouse, age) -> value: the newest receipts from outside are what is left."""
        came: dict[int, list[tuple[date, int]]] = defaultdict(list)
        query = """
            SELECT ino, mdat, qty FROM mv
            WHERE st = 'D' AND wto IS NOT NULL AND wfrom IS NULL AND typ <> 'TRF' AND mdat <= ? ORDER BY mdat DESC"""
        for item, day, quantity in self.erp(query, str(self.today)):
            came[item].append((date.fromisoformat(day), quantity))
        total: dict[int, int] = defaultdict(int)
        for (item, _), quantity in self.held.items():
            total[item] += max(quantity, 0)
        found: dict[tuple[int, int, str], float] = defaultdict(float)
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
    def old(self) -> dict[int, float]:
        """Item -> what came in over 180 days ago."""
        found: dict[int, float] = defaultdict(float)
        for (item, _, age), value in self.ages.items():
            found[item] += value if age in OLD else 0.0
        return found

    def gone(self, days: int) -> dict[int, int]:
        """Item -> shipped or used in so many days."""
        query = """
            SELECT ino, sum(qty) FROM mv
            WHERE st = 'D' AND wfrom IS NOT NULL AND wto IS NULL AND typ NOT IN ('CNT', 'TRF')
                AND mdat > ? AND mdat <= ? GROUP BY ino"""
        return dict(self.erp(query, str(self.today - timedelta(days=days)), str(self.today)))

    def moves(self, since: date, until: date, place: int | None = None) -> dict[tuple[date, str, str], float]:
        """(Monday, in or out, type) -> at cost; over all warehouses without transfers."""
        found: dict[tuple[date, str, str], float] = defaultdict(float)
        query = "SELECT ino, mdat, wfrom, wto, qty, typ FROM mv WHERE st = 'D' AND mdat BETWEEN ? AND ?"
        for item, day, sender, receiver, quantity, kind in self.erp(query, str(since), str(until)):
            for here, other, way in ((receiver, sender, "in"), (sender, receiver, "out")):
                outside = other is None and kind != "TRF"  # goods on the road between two warehouses are the company's
                counts = here is not None and (here == place if place else outside)
                if counts and item in self.cost:
                    found[monday(date.fromisoformat(day)), way, kind] += quantity * self.cost[item]
        return found

    # how long it lasts

    def daily(self, item: int) -> list[float]:
        """Expected demand of each of the next 728 days."""
        if item not in self._daily:
            weeks = forecasts(self).get(item)
            self._daily[item] = daily(self, weeks) if weeks else [0.0] * 728
        return self._daily[item]

    def lasts(self, item: int, quantity: float, share: float = 1.0) -> float | None:
        """Days until `quantity` is used up by a share of the item's demand; None without demand."""
        return cover(max(quantity, 0) / share, self.daily(item)) if share > 0 else None

    @cached_property
    def shares(self) -> dict[tuple[int, int], float]:
        """(item, warehouse) -> its part of the lines of 13 weeks, else of 52."""
        place: dict[int, int] = dict(self.erp("SELECT lno, wno FROM so_l"))
        sold: dict[int, dict[int, dict[int, int]]] = {}
        for days in (91, 364):
            sold[days] = defaultdict(lambda: defaultdict(int))
            for line in self.booked_lines:
                if line.item is not None and self.today - timedelta(days=days) < line.day <= self.today:
                    sold[days][line.item][place[line.number]] += line.quantity
        found: dict[tuple[int, int], float] = {}
        for item, year in sold[364].items():
            recent = {where: max(quantity, 0) for where, quantity in sold[91].get(item, {}).items()}
            chosen = recent if sum(recent.values()) > 0 else {where: max(q, 0) for where, q in year.items()}
            for where in year:
                if sum(chosen.values()) > 0:
                    found[item, where] = chosen.get(where, 0) / sum(chosen.values())
        return found
