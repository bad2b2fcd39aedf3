"""Stock, day by day: receipts, sales, transfers between warehouses, production that consumes components, reordering."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from data_access.demo.catalogue import Catalogue, Flags, Ints
from data_access.demo.days import NEVER, Calendar
from data_access.demo.demand import Demand
from data_access.demo.supply import WAREHOUSES, Policy

CONTROLLED_DAYS = 75  # before today in which planned shortages are steered


@dataclass
class Replenishment:
    """One purchase line or production order; days are day numbers, `done` = NEVER while open."""

    product: int
    made: bool
    created: int
    due: int
    expected: int
    quantity: int
    received: int = 0
    started: int = NEVER
    done: int = NEVER
    arrives: int = NEVER  # day it will come if nothing more happens (made: NEVER until started)


@dataclass
class Flows:
    """Everything that moved, rows with a day. `net` is days x warehouses x products, negative = owed to customers."""

    opening: Ints
    net: Ints
    lost: Flags
    orders: list[Replenishment] = field(default_factory=list)
    receipts: list[tuple[int, int, int]] = field(default_factory=list)  # order, day, quantity
    consumed: list[tuple[int, int, int, int]] = field(default_factory=list)  # order, day, component, quantity
    transfers: list[tuple[int, int, int, int]] = field(default_factory=list)  # day, to, product, quantity
    counts: list[tuple[int, int, int, int]] = field(default_factory=list)  # day, warehouse, product, quantity


class Simulation:
    """Runs once over the history; the result is in `flows`."""

    def __init__(
        self, seed: int, calendar: Calendar, catalogue: Catalogue, demand: Demand, policy: Policy, home: Ints
    ) -> None:
        self.rng = np.random.default_rng([seed, 6])
        self.calendar, self.catalogue, self.policy = calendar, catalogue, policy
        self.days, self.n = calendar.today, catalogue.size
        self.wanted = self._by_day(demand, home, np.ones(len(demand.day), dtype=bool))
        self.loyal = self._by_day(demand, home, ~demand.flexible)
        self.cumulative = np.vstack([np.zeros((1, self.n)), np.cumsum(policy.needed, axis=0)])
        self.arriving: list[list[int]] = [[] for _ in range(self.days + 400)]
        self.starting: list[list[int]] = [[] for _ in range(self.days + 400)]
        self.on_order = np.zeros(self.n, dtype=np.int64)
        self.short = {shortage.product: shortage for shortage in policy.shortages}
        self.open: list[list[int]] = [[] for _ in range(self.n)]
        self.components = {p: catalogue.components(p) for p in range(self.n) if catalogue.made[p]}

    def _by_day(self, demand: Demand, home: Ints, chosen: Flags) -> Ints:
        here = chosen & (demand.due < self.days)
        cell = (demand.due[here] * WAREHOUSES + home[here]) * self.n + demand.product[here]
        total = np.bincount(cell, weights=demand.quantity[here], minlength=self.days * WAREHOUSES * self.n)
        return total.reshape(self.days, WAREHOUSES, self.n).astype(np.int64)

    def run(self) -> Flows:
        self._open()
        level = (self.policy.safety * 1.1 + self.policy.lot * 0.6)[None, :] * self.policy.share
        weekday = self.calendar.weekday(np.arange(self.days))
        for day in range(self.days):
            self._receive(day)
            self._produce(day)
            empty = self.stock < 0
            self.flows.lost[day] = empty
            self.stock -= np.where(empty, self.loyal[day], self.wanted[day])
            self._transfer(day, level, full=weekday[day] == 0)
            for mistake in self.policy.mistakes:
                if mistake.day == day:
                    self._order(mistake.product, day, day + 7, mistake.quantity)
            if weekday[day] < 5:
                self._reorder(day, int(weekday[day]))
                self._expedite(day)
            if day % 91 == 45:
                self._count(day)
            self.flows.net[day] = self.stock
        for order in self.flows.orders:
            shortage = self.short.get(order.product)
            if shortage is not None and order.done == NEVER:
                order.due = order.expected = max(order.due, order.expected, shortage.receipt)
        return self.flows

    def _open(self) -> None:
        """Opening stock, and the orders that were under way on the first day."""
        policy = self.policy
        total = policy.safety + policy.lot * self.rng.uniform(0.3, 0.9, self.n)
        scale = policy.needed[:28].mean(axis=0) / np.maximum(
            policy.needed[self.days - 28 : self.days].mean(axis=0), 1e-9
        )
        total = np.maximum(np.minimum(total * np.clip(scale, 0.4, 1.2), total), 2)
        stock = np.ceil(total[None, :] * np.where(policy.share.sum(axis=0) > 0, policy.share, 0.0)).astype(np.int64)
        stock[0] += np.where(stock.sum(axis=0) == 0, np.ceil(total), 0).astype(np.int64)
        self.stock = stock
        shape = (self.days, WAREHOUSES, self.n)
        self.flows = Flows(stock.copy(), np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=bool))
        for product in range(self.n):
            lead, rate = int(self.catalogue.lead[product]), self.policy.needed[:60, product].mean()
            if rate <= 0:
                continue
            step = max(3, int(self.policy.lot[product] / rate))
            for due in range(int(self.rng.integers(2, step + 2)), lead + 1, step):
                self._order(product, due - lead, due, int(self.policy.lot[product]))

    def _order(self, product: int, created: int, due: int, quantity: int) -> None:
        made = bool(self.catalogue.made[product])
        index = len(self.flows.orders)
        late = self.rng.choice([-1, 0, 0, 1, 3, 9], p=(0.15, 0.4, 0.25, 0.12, 0.06, 0.02))
        shortage = self.short.get(product)
        if shortage is not None and due >= self.days - 3 and due < shortage.receipt:
            due = shortage.receipt
        due = int(self.calendar.next_workday(np.array([due]))[0])
        self.flows.orders.append(Replenishment(product, made, created, due, due, quantity))
        self.on_order[product] += quantity
        if made:
            self.starting[max(0, due - int(self.catalogue.makespan[product]))].append(index)
        else:
            self._arrive(index, max(0, due + int(late)))
        self.open[product].append(index)

    def _arrive(self, index: int, day: int) -> None:
        self.flows.orders[index].arrives = day
        self.arriving[day].append(index)

    def _receive(self, day: int) -> None:
        for index in self.arriving[day]:
            order = self.flows.orders[index]
            if order.arrives != day:
                continue  # brought forward since
            quantity = self._allowed(day, order)
            rest = order.quantity - order.received - quantity
            if quantity:
                self.flows.receipts.append((index, day, quantity))
                order.received += quantity
                self.stock[0, order.product] += quantity
                self.on_order[order.product] -= quantity
            if rest:
                order.expected = self.short[order.product].receipt
                self._arrive(index, order.expected)
            else:
                order.done = day
                self.open[order.product].remove(index)

    def _allowed(self, day: int, order: Replenishment) -> int:
        """What of a delivery comes: all of it, or for an item that is to run short no more than lasts till then."""
        open_quantity = order.quantity - order.received
        shortage = self.short.get(order.product)
        if shortage is None or day < self.days - CONTROLLED_DAYS:
            return open_quantity
        p = order.product
        until = self.cumulative[shortage.run_out, p] - self.cumulative[day, p]
        allowed = int(until - self.stock[:, p].sum())
        if allowed >= open_quantity or (order.made and allowed >= 0.5 * open_quantity):
            return open_quantity
        return allowed if allowed > 0.1 * open_quantity and not order.made else 0

    def _produce(self, day: int) -> None:
        """Starts what is due and has its components; the others wait for the next day."""
        for index in self.starting[day]:
            order = self.flows.orders[index]
            if order.started > NEVER:
                continue  # brought forward since
            lines = self.components[order.product]
            needs = [-(-order.quantity * c.per_mille * (1000 + c.scrap_mille) // 1_000_000) for c in lines]
            if any(self.stock[0, c.component] < need for c, need in zip(lines, needs, strict=True)):
                self.starting[day + 1].append(index)
                order.expected = max(order.expected, day + 1 + int(self.catalogue.makespan[order.product]))
                continue
            for c, need in zip(lines, needs, strict=True):
                self.stock[0, c.component] -= need
                self.flows.consumed.append((index, day, c.component, need))
            order.started = day
            late = int(self.rng.choice([0, 0, 0, 1, 2]))
            self._arrive(index, day + int(self.catalogue.makespan[order.product]) + late)

    def _transfer(self, day: int, level: np.ndarray[tuple[int, ...], np.dtype[np.float64]], *, full: bool) -> None:
        for warehouse in range(1, WAREHOUSES):
            here, target = self.stock[warehouse], level[warehouse]
            wanted = np.where(here < target * (0.75 if full else 0.3), target - here, 0.0)
            wanted = np.where(here < 0, np.maximum(wanted, -here), wanted)
            quantity = np.minimum(np.ceil(wanted), np.maximum(self.stock[0], 0)).astype(np.int64)
            quantity = np.where(self.policy.held[warehouse], quantity, 0)
            for product in np.flatnonzero(quantity):
                self.flows.transfers.append((day, warehouse, int(product), int(quantity[product])))
            self.stock[0] -= quantity
            self.stock[warehouse] += quantity

    def _reorder(self, day: int, weekday: int) -> None:
        """Each item is looked at once a week, those of one supplier on the same day."""
        policy, until = self.policy, day + self.catalogue.lead + 7
        ahead = self.cumulative[np.minimum(until, len(self.cumulative) - 1), np.arange(self.n)] - self.cumulative[day]
        missing = ahead + policy.safety - self.stock.sum(axis=0) - self.on_order
        for product in np.flatnonzero((missing > 0) & (self.catalogue.supplier % 5 == weekday)):
            lot = int(policy.lot[product])
            quantity = lot * max(1, -(-int(missing[product]) // lot))
            self._order(int(product), day, day + int(self.catalogue.lead[product]), quantity)

    def _expedite(self, day: int) -> None:
        """Items that would run out within sixteen days: their next order is brought forward, as far as that goes."""
        ahead = self.cumulative[day + 16] - self.cumulative[day]
        for product in np.flatnonzero(self.stock.sum(axis=0) < ahead):
            if int(product) in self.short or not self.open[product]:
                continue
            index = min(self.open[product], key=lambda i: self.flows.orders[i].due)
            order = self.flows.orders[index]
            soon = day + int(self.rng.integers(3, 7))
            if order.made and order.started == NEVER:
                if order.due > day + self.catalogue.makespan[product] + 2:
                    order.due = order.expected = soon + int(self.catalogue.makespan[product])
                    self.starting[day + 1].append(index)
            elif not order.made and order.arrives > soon:
                order.due = order.expected = soon
                self._arrive(index, soon)

    def _count(self, day: int) -> None:
        """A stock count finds small differences."""
        for product in self.rng.choice(self.n, 24, replace=False):
            difference = int(self.rng.choice([-2, -1, 1, 2]))
            if self.stock[0, product] + difference >= 0:
                self.stock[0, product] += difference
                self.flows.counts.append((day, 0, int(product), difference))
