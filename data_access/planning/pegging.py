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
Met = tuple[bool, Place, date]  # whether it is the need being met now, where, and when


@dataclass(frozen=True)
class Goods:
    """Goods of one kind that are, or will be, in a warehouse from `day` on."""

    warehouse: Place
    day: date
    quantity: Decimal


class Pegging:
    """Takes goods for one need after the other; `transfer_days` pass between any two warehouses."""

    def __init__(self, goods: Sequence[Goods], transfer_days: int) -> None:
        self._goods = goods
        self._transfer = timedelta(days=transfer_days)
        self._spare = [max(one.quantity, Decimal(0)) for one in goods]
        self._serves: list[dict[Met, Decimal]] = [{} for _ in goods]
        self._spent: set[int] = set()  # neither these nor what could stand in for them has anything left
        self._order: dict[Place, list[tuple[date, int]]] = {}

    def arrival(self, index: int, warehouse: Place) -> date:
        """The first day these goods can be in `warehouse`."""
        goods = self._goods[index]
        return goods.day if warehouse is None or goods.warehouse == warehouse else goods.day + self._transfer

    def soonest(self, warehouse: Place) -> list[tuple[date, int]]:
        """(first day in `warehouse`, goods) by day; the same day: as they were given."""
        if warehouse not in self._order:
            self._order[warehouse] = sorted((self.arrival(n, warehouse), n) for n in range(len(self._goods)))
        return self._order[warehouse]

    def take(self, warehouse: Place, day: date, quantity: Decimal | None) -> list[tuple[int, date, Decimal]]:
        """Meets a need of `quantity` (None: of all there is) from `day` on, each part as early as it can be.

        (goods, day, quantity) of each part; they add up to less where known goods do not suffice."""
        parts, left = [], quantity
        for arrival, index in self.soonest(warehouse):
            if left is not None and left <= 0:
                break
            when = max(day, arrival)
            gained = self._through(index, (True, warehouse, when), left)
            if gained:
                parts.append((index, when, gained))
                left = None if left is None else left - gained
        for index, when, gained in parts:
            del self._serves[index][True, warehouse, when]
            _add(self._serves[index], (False, warehouse, when), gained)
        return parts

    def _through(self, first: int, need: Met, wanted: Decimal | None) -> Decimal:
        """As much of `wanted` as can come from these goods, others standing in for what they served before."""
        gained = Decimal(0)
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
        asked: dict[Place, int] = {}  # how many of `soonest` are in `came` already
        waiting, whole = deque([first]), True
        while waiting:
            index = waiting.popleft()
            if self._spare[index] > 0:
                return _walk_back(came, index)
            for met in self._serves[index]:
                being_met, warehouse, day = met
                if being_met:
                    whole = False
                    continue
                order, start = self.soonest(warehouse), asked.get(warehouse, 0)
                while start < len(order) and order[start][0] <= day:
                    other = order[start][1]
                    start += 1
                    if other not in came and other not in self._spent:
                        came[other] = (index, met)
                        waiting.append(other)
                asked[warehouse] = start
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
    serves[met] = serves.get(met, Decimal(0)) + amount
    if not serves[met]:
        del serves[met]
