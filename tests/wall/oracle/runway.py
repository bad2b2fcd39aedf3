"""What sells against what is held, item by item, walked forward day by day from the sources alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

from tests.wall.oracle.books import CENT, Books
from tests.wall.oracle.deals import wanted
from tests.wall.oracle.demand import AHEAD, RECENT
from tests.wall.oracle.published import forecasts

TWO_YEARS, SIX_WEEKS, TEN_WEEKS = 728, 42, 70  # days
MILLIONTH = Decimal("0.000001")


@dataclass(frozen=True)
class Item:
    """Covers and gaps in days from the start of today; a cover of None: no demand, of 728: two years or more."""

    number: int
    name: str
    category: str
    weekly_sales: float
    stock_value: float
    cover: float | None
    cover_deals: float | None
    run_out: date | None
    receipt: date | None
    edge: int
    at_risk: float
    over_10_weeks: float
    waiting: int


@dataclass(frozen=True)
class Lane:
    """A category: its items, and how many of them share the last bar."""

    name: str
    items: tuple[Item, ...]
    rest: int

    @property
    def weekly_sales(self) -> float:
        return sum(item.weekly_sales for item in self.items)

    @property
    def at_risk(self) -> float:
        return sum(item.at_risk for item in self.items)

    @property
    def over_10_weeks(self) -> float:
        return sum(item.over_10_weeks for item in self.items)

    @property
    def cover_weeks(self) -> float:
        """The mean length of its bars, weighted by their height."""
        return self._mean((item.cover, item.weekly_sales) for item in self.items)

    @property
    def cover_weeks_deals(self) -> float:
        return self._mean(
            (item.cover if item.cover_deals is None else item.cover_deals, item.weekly_sales) for item in self.items
        )

    def _mean(self, found: Iterable[tuple[float | None, float]]) -> float:
        return sum((days or 0) * height for days, height in found) / self.weekly_sales / 7


@lru_cache(4)
def net_prices(books: Books) -> dict[int, Decimal]:
    """Item -> amount over quantity of the booked lines of the last 13 weeks, else of 52, else its list price."""
    found: dict[int, Decimal] = {}
    for span in (91, 364):
        amounts, quantities = defaultdict[int, Decimal](Decimal), defaultdict[int, int](int)
        for line in books.booked_lines:
            recent = books.today - timedelta(days=span) < line.day <= books.today
            if recent and line.item is not None and line.base is not None:
                amounts[line.item] += line.base
                quantities[line.item] += line.quantity
        for item, amount in amounts.items():
            if item not in found and amount > 0 and quantities[item] > 0:
                found[item] = (amount / quantities[item]).quantize(MILLIONTH, ROUND_HALF_EVEN)
    listed = {item: (price or 0) * CENT for item, price in books.erp("SELECT ino, price_f FROM item")}
    return listed | found


def receipts(books: Books) -> list[tuple[int, date, int]]:
    """(item, day it is due, quantity) of everything still to come, bought or made."""
    query = """
        SELECT ino, edat, qty - coalesce(rcv, 0) FROM po_l WHERE st = 'O' AND qty > coalesce(rcv, 0)
        UNION ALL SELECT ino, ddat, qty FROM wo WHERE st IN ('P', 'L', 'R') AND qty > 0"""
    known = set(books.unit_costs)
    return [(item, date.fromisoformat(day), quantity) for item, day, quantity in books.erp(query)
            if day is not None and item in known]  # fmt: skip


def next_receipts(books: Books) -> dict[int, date]:
    """Item -> the first day from today on; what is overdue counts for nothing until it has a new date."""
    found: dict[int, date] = {}
    for item, day, _ in receipts(books):
        if day >= books.today:
            found[item] = min(day, found.get(item, day))
    return found


def orders_waiting(books: Books) -> dict[int, int]:
    """Item -> orders with an open line that is not shipped in full."""
    query = """
        SELECT l.ino, count(DISTINCT l.sno) FROM so_l l
        WHERE l.st IN ('O', 'P') AND l.qty > coalesce((
            SELECT sum(CASE typ WHEN 'SHP' THEN qty ELSE -qty END) FROM mv m
            WHERE m.lno = l.lno AND m.st = 'D' AND m.typ IN ('SHP', 'RET')), 0)
        GROUP BY l.ino"""
    return dict(books.erp(query))


def daily(books: Books, by_week: list[float]) -> list[float]:
    """Demand of each of the next 728 days: a seventh of its week's, after 26 weeks the mean of the last 13 of them."""
    later = sum(by_week[-RECENT:]) / RECENT
    begun = books.today.weekday()
    weekly = [by_week[n] if n < AHEAD else later for n in range(TWO_YEARS // 7 + 1)]
    return [weekly[(begun + day) // 7] / 7 for day in range(TWO_YEARS)]


def with_deals(books: Books, daily_demand: list[float], closing: dict[date, float]) -> list[float]:
    """A deal's quantity is wanted over its closing week, or what is left of it."""
    found = list(daily_demand)
    for week, quantity in closing.items():
        start = max((week - books.today).days, 0)
        days = range(start, min((week - books.today).days + 7, TWO_YEARS))
        for day in days:
            found[day] += quantity / len(days)
    return found


def cover(stock: float, need: list[float]) -> float | None:
    """Days, a part of one included, until the stock is used up."""
    if not sum(need):
        return None
    if stock <= 0:
        return 0
    for day, wanted_today in enumerate(need):
        if wanted_today > 0 and wanted_today >= stock:
            return day + stock / wanted_today
        stock -= wanted_today
    return TWO_YEARS


def run_out(books: Books, lasts: float | None) -> date | None:
    """The day on which the stock ends; a hair's breadth before midnight is the next one."""
    whole = None if lasts is None else int(lasts + 1e-6)
    return None if whole is None or whole >= TWO_YEARS else books.today + timedelta(days=whole)


@lru_cache(4)
def items(books: Books) -> dict[int, Item]:
    """Every item with expected demand or stock; a service is neither made, bought nor moved."""
    demand, prices, waiting, due = forecasts(books), net_prices(books), orders_waiting(books), next_receipts(books)
    on_hand, closing = defaultdict[int, int](int), defaultdict[int, dict[date, float]](dict)
    for (item, _), quantity in books.stock(books.today).items():
        on_hand[item] += quantity
    for (item, week), amount in wanted(books, prices).items():
        closing[item][week] = amount
    found = {}
    query = """
        SELECT i.ino, i.nam, c.nam FROM item i JOIN itemcat c ON c.cat = i.cat
        WHERE i.src IN ('M', 'B') OR i.ino IN (SELECT ino FROM mv)"""
    for number, name, category in books.erp(query):
        if number not in demand and number not in on_hand:
            continue
        stock, price = max(on_hand[number], 0), float(prices[number])
        need = daily(books, demand.get(number, [0.0] * AHEAD))
        lasts, receipt = cover(stock, need), due.get(number)
        edge = min((receipt - books.today).days if receipt else SIX_WEEKS, SIX_WEEKS)
        if lasts is None:
            height = 0.0
        elif lasts == 0:
            height = sum(need[:SIX_WEEKS]) / 6
        else:
            height = sum(need) / 104 if lasts >= TWO_YEARS else stock / lasts * 7
        missing = round(max(sum(need[:edge]) - stock, 0), 6)
        found[number] = Item(
            number, name, category, height * price, stock * price, lasts,
            cover(stock, with_deals(books, need, closing[number])),
            run_out(books, lasts),
            receipt, edge, missing * price, max(stock - sum(need[:TEN_WEEKS]), 0) * price, waiting.get(number, 0),
        )  # fmt: skip
    return found


def lanes(books: Books) -> list[Lane]:
    """Categories by weekly sales, the largest first. Every item at risk has its own bar, then the largest others: five
    bars in all, but at least two that are not at risk; the others share the last bar (one alone keeps its own)."""
    groups = defaultdict[str, list[Item]](list)
    for item in items(books).values():
        groups[item.category].append(item)
    found = []
    for name, mine in groups.items():
        risky = sum(item.at_risk >= 0.005 for item in mine)
        calm = sum(item.at_risk < 0.005 and item.weekly_sales > 0 for item in mine)
        alone = max(2, 5 - risky)
        shared = 0 if calm <= alone + 1 else calm - alone
        silent = sum(item.weekly_sales <= 0 for item in mine)
        found.append(Lane(name, tuple(mine), shared + silent if shared else 0))
    return sorted((lane for lane in found if lane.weekly_sales > 0), key=lambda lane: -lane.weekly_sales)


def stock_cover_days(books: Books) -> int:
    """How long the stock lasts when stock and expected demand are both counted at cost; whole days."""
    costs = {item: float(cost) for item, cost in books.unit_costs.items()}
    need = [0.0] * TWO_YEARS
    for item, by_week in forecasts(books).items():
        need = [so_far + more * costs[item] for so_far, more in zip(need, daily(books, by_week), strict=True)]
    held = sum(max(quantity, 0) * costs[item] for (item, _), quantity in books.stock(books.today).items())
    lasts = cover(held, need)
    assert lasts is not None
    return int(lasts + 0.5)


def at_risk(books: Books) -> list[Item]:
    """Those that run out before their next receipt, most money first."""
    found = [item for item in items(books).values() if item.at_risk >= 0.005]
    return sorted(found, key=lambda item: (-round(item.at_risk, 2), str(item.number)))


def lowest_covers(books: Books) -> list[Item]:
    """The others that sell, the shortest cover first."""
    found = [(item.cover, -item.weekly_sales, item) for item in items(books).values()
             if item.cover is not None and item.weekly_sales > 0 and item.at_risk < 0.005]  # fmt: skip
    return [item for _, _, item in sorted(found, key=lambda each: each[:2])]
