"""Action messages: what a planner should change on open orders, and which new orders to release, by money at risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from data_access.planning.mrp.arrays import TINY, Bools, Days, Floats, Ints
from data_access.planning.mrp.model import ONE_DAY, OVERDUE, Plan
from data_access.planning.mrp.needs import Need, needs
from data_access.planning.mrp.netting import late as late_receipts

KINDS = ("expedite", "past_due", "increase", "below_safety", "make", "buy", "decrease", "cancel", "de_expedite")
EXPEDITE, PAST_DUE, INCREASE, BELOW_SAFETY, MAKE, BUY, DECREASE, CANCEL, DE_EXPEDITE = range(len(KINDS))
REASONS = (
    "needed_earlier", "needed_later", "not_needed", "more_than_needed", "too_late_for_a_new_order", "due_day_passed",
    "start_day_passed", "below_safety_stock", "time_to_release",
)  # fmt: skip
EARLIER, LATER, NOT_NEEDED, TOO_MUCH, TOO_LATE, DUE_PASSED, START_PASSED, LOW, RELEASE = range(len(REASONS))
URGENT = (EXPEDITE, PAST_DUE, INCREASE)
NO_ORDER = -1


@dataclass(frozen=True)
class Damping:
    """What is too small to be said: a date that comes forward by no more than `days`, or goes back by no more than
    `days_later`; a quantity up to `share` of the order (for BELOW SAFETY: of the safety stock, or of a period's mean
    requirement where that is more); an order needed only to keep more than `1 - safety` of the safety stock.
    release_within: new orders whose release is at most so many periods away."""

    days: float = 6.0
    days_later: float = 13.0
    share: float = 0.05
    safety: float = 0.5
    release_within: int = 0


@dataclass(frozen=True)
class Messages:
    """All (messages,), the most money at risk first. kind, reason: numbers in KINDS and REASONS; item; order: row of
    the open order, NO_ORDER for a new one; due: its present day (NaT); date: the day it should be, or is wanted;
    quantity: what to move, add, take away or order; at_risk: base currency that is lost if nothing is done; tied: base
    currency at cost that comes free."""

    kind: Ints
    reason: Ints
    item: Ints
    order: Ints
    due: Days
    date: Days
    quantity: Floats
    at_risk: Floats
    tied: Floats


def action_messages(plan: Plan, damping: Damping | None = None) -> Messages:
    """Every message of a plan. An open order gets one; so do an item's new orders that come too late, and an item whose
    stock falls below safety for no other reason named. Of an order already overdue only that is said."""
    damping = damping or Damping()
    need = needs(plan, damping.share, damping.safety)
    urgent = _joined([*_of_open_orders(plan, need, damping), _of_late_orders(plan, need, damping)])
    told = np.zeros(plan.inputs.shape[0], dtype=np.bool_)
    told[urgent.item[np.isin(urgent.kind, URGENT)]] = True
    parts = [urgent, _below_safety(plan, told, damping), _of_released_orders(plan, damping)]
    return _ranked(_with_risk(_joined(parts), plan))


def _of_open_orders(plan: Plan, need: Need, damping: Damping) -> list[Messages]:
    orders, horizon = plan.inputs.open_orders, plan.inputs.horizon
    known = ~np.isnat(orders.due_day)
    ahead = known & (need.due_period != OVERDUE) & (need.due_period < plan.inputs.shape[1])
    moves = ahead & need.is_wanted
    surplus = orders.quantity - plan.inputs.items.lots.some(orders.item).size(need.quantity)
    earlier = moves & _apart(plan, need.day_with_less, orders.due_day, damping.days)
    later = moves & _apart(plan, orders.due_day, need.day, damping.days_later)
    cancel = ahead & ~need.is_wanted
    less = ahead & need.is_wanted & ~earlier & ~later & (surplus > damping.share * orders.quantity + TINY)
    overdue = (need.due_period == OVERDUE) & (orders.quantity > 0)
    unstarted = ahead & orders.is_made & ~orders.is_started & (orders.start_day < horizon.today)
    unstarted &= ~(earlier | later | cancel | less)
    cost = plan.inputs.items.unit_cost[orders.item]
    found = [
        (earlier, EXPEDITE, EARLIER, need.day, orders.quantity, 0.0),
        (overdue, PAST_DUE, DUE_PASSED, need.day, orders.quantity, 0.0),
        (unstarted, PAST_DUE, START_PASSED, orders.due_day, orders.quantity, 0.0),
        (less, DECREASE, TOO_MUCH, orders.due_day, surplus, surplus * cost),
        (cancel, CANCEL, NOT_NEEDED, need.day, orders.quantity, orders.quantity * cost),
        (later, DE_EXPEDITE, LATER, need.day, orders.quantity, orders.quantity * cost),
    ]
    return [
        _messages(kind, why, orders.item, np.arange(len(which)), orders.due_day, day, amount, which, tied)
        for which, kind, why, day, amount, tied in found
    ]


def _apart(plan: Plan, one: Days, other: Days, days: float) -> Bools:
    """Where a day lies more than `days` before another, and in an earlier period."""
    horizon = plan.inputs.horizon
    return (horizon.period(one) < horizon.period(other)) & ((other - one) / ONE_DAY > days)


def _of_late_orders(plan: Plan, need: Need, damping: Damping) -> Messages:
    """What comes too late, an item at a time: more of an open order that comes before a new one could, else a new order
    to hurry."""
    new, inputs = plan.orders, plan.inputs
    late = new.late > 0
    items, first = np.unique(new.item[late], return_index=True)
    quantity = late_receipts(plan.receipts[items], plan.lead_time[items]).sum(axis=1)
    wanted = inputs.horizon.first_days[new.due[late][first]]
    order = need.first_order[items]
    raised = order != NO_ORDER
    due, size = np.full(len(items), np.datetime64("NaT"), dtype="datetime64[D]"), np.zeros(len(items))
    nobody = due.copy()
    due[raised] = inputs.open_orders.due_day[order[raised]]
    size[raised] = inputs.open_orders.quantity[order[raised]]
    more = raised & (quantity > damping.share * size)
    return _joined(
        [
            _messages(INCREASE, TOO_LATE, items, order, due, due, quantity, more),
            _messages(EXPEDITE, TOO_LATE, items, order, nobody, wanted, quantity, ~raised),
        ]
    )


def _of_released_orders(plan: Plan, damping: Damping) -> Messages:
    """New orders in time, to be released now."""
    new = plan.orders
    now = (new.late == 0) & (new.release <= damping.release_within)
    lone, nothing = np.full(len(now), NO_ORDER), np.full(len(now), np.datetime64("NaT"), dtype="datetime64[D]")
    day = plan.inputs.horizon.first_days[new.due]
    return _joined(
        [
            _messages(kind, RELEASE, new.item, lone, nothing, day, new.quantity, now & which)
            for kind, which in ((MAKE, new.is_made), (BUY, ~new.is_made))
        ]
    )


def _below_safety(plan: Plan, told: Bools, damping: Damping) -> Messages:
    """Items that nothing else was said of, whose balance falls below their safety stock."""
    short = plan.safety_stock[:, None] - plan.unexpedited
    usual = np.maximum(plan.safety_stock, plan.gross.mean(axis=1))
    low = short > TINY + damping.share * usual[:, None]
    items = np.flatnonzero(low.any(axis=1) & ~told & ~plan.inputs.items.is_phantom)
    nobody = np.full(len(items), np.datetime64("NaT"), dtype="datetime64[D]")
    when = plan.inputs.horizon.first_days[low[items].argmax(axis=1)]
    lone = np.full(len(items), NO_ORDER)
    deepest = short[items].max(axis=1, initial=0.0)
    every = np.ones(len(items), dtype=np.bool_)
    return _messages(BELOW_SAFETY, LOW, items, lone, nobody, when, deepest, every)


def _messages(
    kind: int, reason: int, item: Ints, order: Ints, due: Days, date: Days, quantity: Floats, which: Bools,
    tied: Any = 0.0,
) -> Messages:  # fmt: skip
    rows = np.flatnonzero(which)
    bound = np.broadcast_to(np.asarray(tied, dtype=np.float64), (len(which),))[rows]
    kinds, reasons = (np.full(len(rows), one, dtype=np.int64) for one in (kind, reason))
    nothing = np.zeros(len(rows))
    return Messages(kinds, reasons, item[rows], order[rows], due[rows], date[rows], quantity[rows], nothing, bound)


def _with_risk(found: Messages, plan: Plan) -> Messages:
    """The money at risk of each item, laid on its messages so that they add up to it: on open orders by their day as
    far as their quantity fills what is missing, the rest on what hurries besides, else on the first of all."""
    after = np.where(found.order == NO_ORDER, 2, np.where(found.kind == INCREASE, 1, 0))
    never = np.datetime64("9999-12-31")
    due, date = (np.where(np.isnat(one), never, one) for one in (found.due, found.date))
    order = np.lexsort((date, due, found.kind, after, found.item))
    order = order[~np.isin(found.kind[order], (DECREASE, CANCEL, DE_EXPEDITE))]
    item = found.item[order]
    fills = np.where(after[order] == 0, found.quantity[order], np.inf)
    first = np.r_[True, item[1:] != item[:-1]] if len(item) else np.zeros(0, dtype=np.bool_)
    group = np.cumsum(first) - 1
    missing = plan.at_risk_quantity[item]
    capped = np.minimum(fills, missing)
    before = np.cumsum(capped) - capped
    before -= before[np.flatnonzero(first)][group]
    laid = np.clip(missing - before, 0.0, capped)
    laid[first] += plan.at_risk_quantity[item[first]] - np.bincount(group, laid, minlength=int(first.sum()))
    at_risk = np.zeros(len(found.item))
    at_risk[order] = np.maximum(laid, 0.0) * plan.unit_value[item]
    return replace(found, at_risk=at_risk)


def _joined(parts: Sequence[Messages]) -> Messages:
    names = Messages.__dataclass_fields__
    return Messages(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def _ranked(found: Messages) -> Messages:
    """Money at risk first; what risks nothing by kind, then by the money that comes free."""
    order = np.lexsort((found.order, found.item, -found.tied, found.kind, -found.at_risk))
    return Messages(**{name: getattr(found, name)[order] for name in Messages.__dataclass_fields__})
