"""When each open order is really needed: requirements against what is there and ordered before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_access.planning.mrp.arrays import TINY, Bools, Days, Floats, Ints
from data_access.planning.mrp.engine import counted_period
from data_access.planning.mrp.model import NEVER, ONE_DAY, OVERDUE, Plan

RECENT = 13


@dataclass(frozen=True)
class Need:
    """All (orders,) of the open orders. due_period: where its day lies; day: when its goods are needed, after the
    horizon by the mean demand of its last 13 periods (NaT: not within twice the horizon); day_with_less: the same if a
    small lack is put up with; is_wanted: it is needed at all but for a small lack; quantity: how much of it is needed.

    first_order: (items,) the first open order that comes before a new one could, -1 where there is none."""

    due_period: Ints
    day: Days
    day_with_less: Days
    is_wanted: Bools
    quantity: Floats
    first_order: Ints


def needs(plan: Plan, share: float, safety: float) -> Need:
    """The goods of an item are taken in the order they come. A lack of up to `share` of an order is small, and so is
    one of up to `safety` of the safety stock."""
    orders, horizon, items = plan.inputs.open_orders, plan.inputs.horizon, plan.inputs.items
    periods = plan.inputs.shape[1]
    counted, item = counted_period(plan.inputs), orders.item
    before = _before(item, counted, orders.due_day, np.where(counted < NEVER, orders.quantity, 0.0))
    before += items.on_hand[item]
    required = np.maximum.accumulate(np.cumsum(plan.gross, axis=1) + plan.safety_stock[:, None], axis=1)
    rate = plan.gross[:, -RECENT:].mean(axis=1)[item]
    last = required[item, -1]

    def needed(have: Floats) -> Days:
        period = (required[item] <= have[:, None] + TINY).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            beyond = np.where(rate > 0, (have - last) / rate, np.inf)
        inside = horizon.first_days[np.minimum(period, periods - 1)]
        after = horizon.end + np.floor(np.clip(beyond, 0, periods) * 7).astype(np.int64) * ONE_DAY
        day = np.where(period < periods, inside, after)
        return np.where((period < periods) | (beyond < periods), day, np.datetime64("NaT"))

    with_less = needed(before + share * orders.quantity)
    spared = safety * plan.safety_stock[item]
    return Need(
        due_period=horizon.period(orders.due_day),
        day=needed(before),
        day_with_less=needed(before + share * orders.quantity + spared),
        is_wanted=~np.isnat(with_less),
        quantity=np.clip(last + rate * periods - before, 0.0, orders.quantity),
        first_order=_first_order(plan, counted),
    )


def _before(item: Ints, counted: Ints, due: Days, quantity: Floats) -> Floats:
    """(orders,) quantity of the item's orders that come earlier."""
    order = np.lexsort((np.arange(len(item)), due, counted, item))
    running = np.cumsum(quantity[order]) - quantity[order]
    starts = np.r_[True, item[order][1:] != item[order][:-1]] if len(item) else np.zeros(0, dtype=np.bool_)
    first = np.maximum.accumulate(np.where(starts, np.arange(len(item)), 0)) if len(item) else np.zeros(0, np.int64)
    found = np.zeros(len(item))
    found[order] = running - running[first]
    return found


def _first_order(plan: Plan, counted: Ints) -> Ints:
    orders = plan.inputs.open_orders
    first = np.full(plan.inputs.shape[0], -1, dtype=np.int64)
    in_time = (counted <= plan.lead_time[orders.item]) & (plan.inputs.horizon.period(orders.due_day) != OVERDUE)
    rows = np.flatnonzero(in_time)
    rows = rows[np.argsort(orders.due_day[rows], kind="stable")][::-1]
    first[orders.item[rows]] = rows  # the earliest is written last
    return first
