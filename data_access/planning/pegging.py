"""Which goods serve which needs. A need that is met keeps its place and day; the goods behind it may change.

A maximum flow from goods to needs (place, day), grown one need at a time: a later need never moves an earlier one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

Place = str | None  # a warehouse; None is not known
ZERO = Decimal(0)


@dataclass(frozen=True)
class Goods:
    """Goods of one kind that are, or will be, in a warehouse from `day` on."""

    warehouse: Place
    day: date
    quantity: Decimal


@dataclass(frozen=True)
class Met:
    """Where and when a need is met. own: by goods of that warehouse only; now: it is the need being met just now."""

    warehouse: Place
    day: date
    own: bool = False
    now: bool = False


@dataclass(frozen=True)
class Part:
    """A part of a need that is met, and the goods that brought it."""

    goods: int
    day: date
    quantity: Decimal
    own: bool = False


class Pegging:
    """Takes goods for one need after the other; `transfer_days` pass between any two warehouses."""

    def __init__(self, goods: Sequence[Goods], transfer_days: int) -> None:
        self._goods = goods
        self._transfer = timedelta(days=transfer_days)
        self._spare = [max(one.quantity, ZERO) for one in goods]
        self._serves: list[dict[Met, Decimal]] = [{} for _ in goods]
        self._spent: set[int] = set()  # neither these nor what could stand in for them has anything left
        self._order: dict[tuple[Place, bool], list[tuple[date, int]]] = {}

    def arrival(self, index: int, warehouse: Place) -> date:
        """The first day these goods can be in `warehouse`."""
        goods = self._goods[index]
        return goods.day if warehouse is None or goods.warehouse == warehouse else goods.day + self._transfer

    def soonest(self, warehouse: Place, own: bool = False) -> list[tuple[date, int]]:
        """(first day in `warehouse`, goods) by day, the same day as they were given; own: goods of that warehouse."""
        if (warehouse, own) not in self._order:
            some = [n for n, one in enumerate(self._goods) if not own or one.warehouse == warehouse]
            self._order[warehouse, own] = sorted((self.arrival(n, warehouse), n) for n in some)
        return self._order[warehouse, own]

    def take(self, warehouse: Place, day: date, quantity: Decimal | None, own: bool = False) -> list[Part]:
        """Meets a need of `quantity` (None: of all there is) from `day` on, each part as early as it can be; the parts
        add up to less where known goods do not suffice. own: from goods of that warehouse only."""
        parts, left = [], quantity
        for arrival, index in self.soonest(warehouse, own):
            if left is not None and left <= 0:
                break
            when = max(day, arrival)
            gained = self._through(index, Met(warehouse, when, own, now=True), left)
            if gained:
                parts.append(Part(index, when, gained, own))
                left = None if left is None else left - gained
        return self._settled(warehouse, parts)

    def sooner(self, warehouse: Place, day: date, quantity: Decimal, parts: Sequence[Part]) -> list[Part]:
        """A need that was met by its own warehouse in `parts`: what of it is late or missing comes from anywhere
        instead, where that is sooner; the latest is replaced first and given back at the end."""
        kept = sorted(parts, key=lambda part: part.day)
        missing = quantity - sum((part.quantity for part in parts), ZERO)
        gained: list[Part] = []
        given_back: list[Part] = []
        for arrival, index in self.soonest(warehouse):
            when = max(day, arrival)
            wanted = missing + sum((part.quantity for part in kept if part.day > when), ZERO)
            got = self._through(index, Met(warehouse, when, now=True), wanted) if wanted > 0 else ZERO
            if not got:
                continue
            gained.append(Part(index, when, got))
            filled = min(missing, got)
            missing, got = missing - filled, got - filled
            while got > 0:
                last = kept.pop()
                used = min(last.quantity, got)
                given_back.append(Part(last.goods, last.day, used, last.own))
                if used < last.quantity:
                    kept.append(Part(last.goods, last.day, last.quantity - used, last.own))
                got -= used
        self._settled(warehouse, gained)
        for part in given_back:
            self._give_back(Met(warehouse, part.day, part.own), part.quantity)
        return [*kept, *gained]

    def _settled(self, warehouse: Place, parts: list[Part]) -> list[Part]:
        for part in parts:
            del self._serves[part.goods][Met(warehouse, part.day, part.own, now=True)]
            _add(self._serves[part.goods], Met(warehouse, part.day, part.own), part.quantity)
        return parts

    def _give_back(self, met: Met, quantity: Decimal) -> None:
        for index, serves in enumerate(self._serves):
            back = min(quantity, serves.get(met, ZERO))
            if back:
                _add(serves, met, -back)
                self._spare[index] += back
                quantity -= back
        self._spent.clear()

    def _through(self, first: int, need: Met, wanted: Decimal | None) -> Decimal:
        """As much of `wanted` as can come from these goods, others standing in for what they served before."""
        gained = ZERO
        while first not in self._spent and (wanted is None or gained < wanted):
            path = self._path(first)
            if path is None:
                break
            last = path[-1][2] if path else first
            amount = min([self._spare[last], *(self._serves[giver][met] for giver, met, _ in path)])
            amount = amount if wanted is None else min(amount, wanted - gained)
            for giver, met, stand_in in path:
                _add(self._serves[giver], met, -amount)
                _add(self._serves[stand_in], met, amount)
            _add(self._serves[first], need, amount)
            self._spare[last] -= amount
            gained += amount
        return gained

    def _path(self, first: int) -> list[tuple[int, Met, int]] | None:
        """(goods, the need they give up, the goods that stand in) from `first` to goods with something left. The need
        being met gives nothing up: each of its parts belongs to the goods that brought it."""
        came: dict[int, tuple[int, Met] | None] = {first: None}
        asked: dict[tuple[Place, bool], int] = {}  # how many of `soonest` are in `came` already
        waiting, whole = deque([first]), True
        while waiting:
            index = waiting.popleft()
            if self._spare[index] > 0:
                return _walk_back(came, index)
            for met in self._serves[index]:
                if met.now:
                    whole = False
                    continue
                place = met.warehouse, met.own
                order, start = self.soonest(*place), asked.get(place, 0)
                while start < len(order) and order[start][0] <= met.day:
                    other = order[start][1]
                    start += 1
                    if other not in came and other not in self._spent:
                        came[other] = (index, met)
                        waiting.append(other)
                asked[place] = start
        if whole:
            self._spent |= came.keys()
        return None


def _walk_back(came: dict[int, tuple[int, Met] | None], index: int) -> list[tuple[int, Met, int]]:
    path = []
    while (step := came[index]) is not None:
        path.append((step[0], step[1], index))
        index = step[0]
    return path[::-1]


def _add(serves: dict[Met, Decimal], met: Met, amount: Decimal) -> None:
    serves[met] = serves.get(met, ZERO) + amount
    if not serves[met]:
        del serves[met]
