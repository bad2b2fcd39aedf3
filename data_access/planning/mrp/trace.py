"""From a shortage up through parents to the customers' orders it hits.

Units of an item are counted through: the n-th unit there is serves the n-th unit that is wanted. So a shortage is a
stretch of that count, and so is what it hits, at every level; nothing is lost or told twice on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from data_access.planning.mrp.arrays import TINY, Ints
from data_access.planning.mrp.engine import counted_period, start_period
from data_access.planning.mrp.model import Plan

ORDER, EXPECTED, STOCK = "order", "expected", "stock"


@dataclass(frozen=True)
class Hit:
    """Where a shortage ends. kind: a customer's order (line: its row in the inputs), expected demand without an order
    yet, or stock: lots and safety stock that nobody asked for, and what was below zero before (line -1). item, period:
    whose demand; quantity: of that item; blocked: units of the short item behind it; path: items from the short one up
    to `item`."""

    kind: str
    line: int
    item: int
    period: int
    quantity: float
    blocked: float
    path: tuple[int, ...]


class Tracer:
    """Traces any shortages of one plan. Within a period orders are served first, then parents, then what is only
    expected; of a period's orders the earliest day first. orders_only: of the hits only customers' orders are told."""

    def __init__(self, plan: Plan, *, orders_only: bool = False) -> None:
        self._plan = plan
        asked = np.asarray(plan.inputs.orders > 0).any(axis=1).reshape(-1)
        self._looked_at = plan.structure.with_parts(asked) if orders_only else np.ones(len(asked), dtype=np.bool_)
        self._orders_only = orders_only
        self._wanted = np.cumsum(plan.gross, axis=1)
        bom, inputs = plan.structure, plan.inputs
        self._rows = np.argsort(bom.component, kind="stable")
        self._uses = np.searchsorted(bom.component[self._rows], np.arange(inputs.shape[0] + 1))
        key = inputs.lines.item * inputs.shape[1] + inputs.line_period
        inside = np.flatnonzero(inputs.line_period < inputs.shape[1])
        order = np.lexsort((inside, inputs.lines.day[inside], key[inside]))
        self._start, self._due = start_period(inputs), counted_period(inputs)
        self._open_rows = np.argsort(inputs.open_orders.item, kind="stable")
        by_item = inputs.open_orders.item[self._open_rows]
        self._open_items = np.searchsorted(by_item, np.arange(inputs.shape[0] + 1))
        self._lines: Ints = inside[order]
        self._keys: Ints = key[self._lines]

    def shortage(self, item: int, period: int) -> float:
        """What is owed at the end of a period if nothing is expedited."""
        return max(-float(self._plan.unexpedited[item, period]), 0.0)

    def hits(self, item: int, period: int, quantity: float | None = None) -> list[Hit]:
        """What waits because `quantity` of an item (default: its shortage) is missing at the end of a period: the
        demand that came last, up to there."""
        missing = self.shortage(item, period) if quantity is None else quantity
        if missing <= TINY or not self._looked_at[item]:
            return []
        end = float(self._wanted[item, period])
        found = self._up(item, end - missing, end, 1.0, (item,))
        return [hit for hit in found if hit.kind == ORDER] if self._orders_only else list(found)

    def _up(self, item: int, start: float, end: float, units: float, path: tuple[int, ...]) -> Iterator[Hit]:
        """Who wants the units start .. end of an item; units: of the short item in one of these."""
        wanted = self._wanted[item]
        first, periods = max(start, 0.0), len(wanted)
        if min(end, 0.0) - start > TINY:
            hole = min(end, 0.0) - start
            yield Hit(STOCK, -1, item, 0, hole, hole * units, path)
        t = int(np.searchsorted(wanted, first, side="right"))
        while t < periods and first < end - TINY:
            upto = min(end, float(wanted[t]))
            if upto > first:
                offset = float(wanted[t - 1]) if t else 0.0
                yield from self._in_period(item, t, first - offset, upto - offset, units, path)
                first = upto
            t += 1
        if end - first > TINY:
            yield Hit(STOCK, -1, item, periods - 1, end - first, (end - first) * units, path)

    def _in_period(
        self, item: int, t: int, start: float, end: float, units: float, path: tuple[int, ...]
    ) -> Iterator[Hit]:
        """The same within one period; start, end: counted from the period's first wanted unit."""
        inputs, bom = self._plan.inputs, self._plan.structure
        place = 0.0
        low, high = np.searchsorted(self._keys, [item * inputs.shape[1] + t, item * inputs.shape[1] + t + 1])
        for line in self._lines[low:high].tolist():
            size = float(inputs.lines.quantity[line])
            part = min(end, place + size) - max(start, place)
            if part > TINY:
                yield Hit(ORDER, line, item, t, part, part * units, path)
            place += size
        for row in self._rows[self._uses[item] : self._uses[item + 1]].tolist():
            parent, factor = int(bom.parent[row]), float(bom.factor[row])
            if bom.active is not None and not bom.active[row, t]:
                continue
            size = float(self._plan.releases[parent, t] + self._plan.starting[parent, t]) * factor
            low_end, high_end = max(start, place) - place, min(end, place + size) - place
            if high_end - low_end > TINY and self._looked_at[parent]:
                for a, b in self._received(parent, t, low_end / factor, high_end / factor):
                    yield from self._up(parent, a, b, units * factor, (*path, parent))
            place += size
        rest = end - max(start, place)
        if rest > TINY:
            yield Hit(EXPECTED, -1, item, t, rest, rest * units, path)

    def _received(self, item: int, release: int, start: float, end: float) -> Iterator[tuple[float, float]]:
        """Which units of an item the stretch start .. end of what starts in a period becomes: open orders that start
        then come first, then new ones by due period."""
        place = 0.0
        for size, first in chain(self._open(item, release), self._new(item, release)):
            low, high = max(start, place) - place, min(end, place + size) - place
            if high - low > TINY:
                yield first + low, first + high
            place += size

    def _open(self, item: int, start: int) -> Iterator[tuple[float, float]]:
        """(quantity, first unit) of the open production orders of an item that start in a period."""
        orders = self._plan.inputs.open_orders
        mine = self._open_rows[self._open_items[item] : self._open_items[item + 1]]
        for row in mine.tolist():
            if self._start[row] == start and orders.is_made[row] and not orders.is_started[row]:
                due = int(min(self._due[row], self._plan.inputs.shape[1]))
                earlier = (
                    mine[(self._due[mine] == due) & (mine < row)] if due < self._plan.inputs.shape[1] else mine[:0]
                )
                yield float(orders.quantity[row]), self._had(item, due) + float(orders.quantity[earlier].sum())

    def _new(self, item: int, release: int) -> Iterator[tuple[float, float]]:
        """(quantity, first unit) of the planned orders of an item that are released in a period."""
        plan, lead = self._plan, int(self._plan.lead_time[item])
        for due in range(0 if release == 0 else release + lead, min(release + lead + 1, plan.inputs.shape[1])):
            if plan.receipts[item, due] > 0:
                yield float(plan.receipts[item, due]), self._had(item, due) + float(plan.scheduled[item, due])

    def _had(self, item: int, period: int) -> float:
        """Units of an item there have been when a period begins."""
        plan = self._plan
        came = plan.scheduled[item, :period].sum() + plan.receipts[item, :period].sum()
        return float(plan.inputs.items.on_hand[item] + came)
