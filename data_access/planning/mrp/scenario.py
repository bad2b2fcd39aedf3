"""What if: a scenario changes the inputs of a plan and nothing else; two plans compared by what executives ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from data_access.planning.mrp.arrays import TINY, Bools, Floats, Ints
from data_access.planning.mrp.capacity import OVERLOADED
from data_access.planning.mrp.engine import revenue_at_risk
from data_access.planning.mrp.model import ONE_DAY, Inputs, Plan


class Change(Protocol):
    """One thing that is different; pure: the inputs given stay as they are."""

    def applied(self, inputs: Inputs) -> Inputs: ...


@dataclass(frozen=True)
class Demand:
    """Expected demand times `factor` (1.1: 10 % more), of some items or of all; orders that stand are not touched."""

    factor: float
    items: Ints | None = None

    def applied(self, inputs: Inputs) -> Inputs:
        times = np.where(_chosen(self.items, inputs.shape[0]), self.factor, 1.0)[:, None]
        return replace(inputs, forecast=inputs.forecast * times, deals=inputs.deals * times)


@dataclass(frozen=True)
class SupplierDelay:
    """What is bought, of some items or of all, comes so many days later, purchase orders under way and new ones; one
    that is already overdue stays so."""

    days: int
    items: Ints | None = None

    def applied(self, inputs: Inputs) -> Inputs:
        items, orders = inputs.items, inputs.open_orders
        chosen = _chosen(self.items, inputs.shape[0])
        late = chosen & ~items.is_made & ~items.is_phantom
        moved = chosen[orders.item] & ~orders.is_made & (orders.due_day >= inputs.horizon.today)
        due = np.where(moved, orders.due_day + self.days * ONE_DAY, orders.due_day)
        more = -(-self.days // 7)
        longer = replace(
            items,
            lead_time=np.where(late, items.lead_time + more, items.lead_time),
            lead_time_days=np.where(late, items.lead_time_days + self.days, items.lead_time_days),
        )
        return replace(inputs, items=longer, open_orders=replace(orders, due_day=due))


@dataclass(frozen=True)
class Hours:
    """A work centre's hours of the periods first .. last, both included: times `factor`, plus `extra` a period. An
    extra shift adds, a lost machine of three leaves two thirds."""

    work_center: int
    first: int
    last: int
    extra: float = 0.0
    factor: float = 1.0

    def applied(self, inputs: Inputs) -> Inputs:
        hours = inputs.hours.copy()
        span = slice(self.first, self.last + 1)
        hours[self.work_center, span] = np.maximum(hours[self.work_center, span] * self.factor + self.extra, 0.0)
        return replace(inputs, hours=hours)


@dataclass(frozen=True)
class WonDeal:
    """A large deal is won: its quantity comes on top of forecast and orders; `expected` of it was counted on before."""

    item: int
    period: int
    quantity: float
    expected: float = 0.0

    def applied(self, inputs: Inputs) -> Inputs:
        deals = inputs.deals.copy()
        counted = min(self.expected, float(deals[self.item, self.period]))
        deals[self.item, self.period] += self.quantity - counted
        return replace(inputs, deals=deals)


def applied(inputs: Inputs, *changes: Change) -> Inputs:
    """The inputs with all changes made, in their order."""
    for change in changes:
        inputs = change.applied(inputs)
    return inputs


@dataclass(frozen=True)
class Summary:
    """A plan in figures. stock_outs: items that owe something in some period if nothing is expedited;
    stock_out_periods: item periods of that; below_safety: items that fall below their safety stock; revenue_at_risk:
    base currency, as the metric at_risk; stock_value: (periods,) base currency at cost; peak: highest utilisation, its
    work centre and period (-1 without any); overloaded: work centre periods over 100 %; to_expedite: new orders that
    come too late."""

    stock_outs: int
    stock_out_periods: int
    below_safety: int
    revenue_at_risk: float
    stock_value: Floats
    peak: float
    peak_work_center: int
    peak_period: int
    overloaded: int
    to_expedite: int


@dataclass(frozen=True)
class Comparison:
    """Two plans side by side. worse, better: (items,) rows that run out only in the other plan, only in the base; load:
    (work centers, periods) hours more."""

    base: Summary
    other: Summary
    worse: Ints
    better: Ints
    load: Floats

    @property
    def is_same(self) -> bool:
        """Whether the two cannot be told apart."""
        figures = [vars(one) | {"stock_value": one.stock_value.tolist()} for one in (self.base, self.other)]
        return figures[0] == figures[1] and not (self.worse.size or self.better.size or self.load.any())


def summary(plan: Plan) -> Summary:
    """The plan in figures."""
    owes, usage = plan.unexpedited < -TINY, plan.load.utilisation
    low = (plan.unexpedited < plan.safety_stock[:, None] - TINY).any(axis=1)
    center, period = np.unravel_index(int(usage.argmax()), usage.shape) if usage.size else (-1, -1)
    return Summary(
        stock_outs=int(owes.any(axis=1).sum()),
        stock_out_periods=int(owes.sum()),
        below_safety=int(low.sum()),
        revenue_at_risk=float(revenue_at_risk(plan.inputs).sum()),
        stock_value=np.asarray((np.maximum(plan.unexpedited, 0.0) * plan.inputs.items.unit_cost[:, None]).sum(axis=0)),
        peak=float(usage.max(initial=0.0)),
        peak_work_center=int(center),
        peak_period=int(period),
        overloaded=int((plan.load.status == OVERLOADED).sum()),
        to_expedite=int((plan.orders.late > 0).sum()),
    )


def compare(base: Plan, other: Plan) -> Comparison:
    """What is different in the other plan, which has the same items, periods and work centres."""
    before, after = ((one.unexpedited < -TINY).any(axis=1) for one in (base, other))
    return Comparison(
        base=summary(base),
        other=summary(other),
        worse=np.flatnonzero(after & ~before),
        better=np.flatnonzero(before & ~after),
        load=other.load.required - base.load.required,
    )


def _chosen(items: Ints | None, count: int) -> Bools:
    chosen = np.full(count, items is None)
    if items is not None:
        chosen[items] = True
    return chosen
