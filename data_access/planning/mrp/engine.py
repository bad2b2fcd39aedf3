"""The plan: demand, structure, netting level by level, promise and load, from one set of inputs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data_access.planning.mrp import capacity
from data_access.planning.mrp.arrays import Floats, Ints, bucketed
from data_access.planning.mrp.atp import available_to_promise
from data_access.planning.mrp.capacity import Load
from data_access.planning.mrp.consumption import independent_demand
from data_access.planning.mrp.lots import Lots
from data_access.planning.mrp.model import NEVER, ONE_DAY, OVERDUE, Inputs, Items, Plan, PlannedOrders
from data_access.planning.mrp.netting import net, unexpedited
from data_access.planning.mrp.risk import missing_until, unit_values
from data_access.planning.mrp.structure import structure


def plan(inputs: Inputs) -> Plan:
    """Plans every item in low-level-code order; pure, the same inputs give the same plan.

    ValueError when shapes disagree or a quantity is negative or not a number where it must not be.
    """
    _check(inputs)
    items, horizon = _without_phantom_rules(inputs.items), inputs.horizon
    bom = structure(inputs.bom, inputs.shape[0], horizon.first_days)
    independent = independent_demand(inputs.forecast, inputs.orders, items.demand_fence, inputs.deals)
    scheduled = scheduled_receipts(inputs)
    first = np.where(items.frozen > 0, items.frozen + items.lead_time, 0)
    until = np.maximum(first, items.lead_time) if inputs.reschedule else np.full(len(first), -1)
    until = np.where(items.is_phantom, -1, until)
    dependent, required, receipts, releases, available = (np.zeros(inputs.shape) for _ in range(5))
    for level, some in enumerate(bom.items_at):
        found = net(
            independent[some] + dependent[some], scheduled[some], items.on_hand[some], items.safety_stock[some],
            items.lots.some(some), items.lead_time[some], first[some], until[some],
        )  # fmt: skip
        required[some], receipts[some], releases[some] = found.net, found.receipts, found.releases
        available[some] = found.available
        bom.explode(level, releases, dependent)
    orders = _planned_orders(receipts, items)
    value = unit_values(bom, independent, releases, items.net_price)
    missing = missing_until(items.on_hand, inputs.forecast + dependent, next_receipt_day(inputs), horizon.lengths)
    return Plan(
        inputs=inputs,
        structure=bom,
        independent=independent,
        dependent=dependent,
        scheduled=scheduled,
        net=required,
        receipts=receipts,
        releases=releases,
        available=available,
        unexpedited=unexpedited(available, receipts, items.lead_time),
        atp=available_to_promise(items.on_hand, scheduled + receipts, inputs.orders + dependent),
        orders=orders,
        load=_load(inputs, orders),
        at_risk_quantity=missing,
        unit_value=value,
        at_risk=missing * value,
        lead_time=items.lead_time,
        safety_stock=items.safety_stock,
    )


def counted_period(inputs: Inputs) -> Ints:
    """(orders,) the period each open order counts in; NEVER for one that counts for nothing."""
    due = inputs.horizon.period(inputs.open_orders.due_day)
    fresh = np.minimum(inputs.items.lead_time[inputs.open_orders.item], inputs.shape[1] - 1)
    instead = {"lead_time": fresh, "now": np.zeros_like(fresh), "ignore": np.full_like(fresh, NEVER)}
    return np.where(due == OVERDUE, instead[inputs.overdue], due)


def scheduled_receipts(inputs: Inputs) -> Floats:
    """(items, periods) what open orders bring."""
    return bucketed(inputs.open_orders.item, counted_period(inputs), inputs.open_orders.quantity, inputs.shape)


def next_receipt_day(inputs: Inputs) -> Floats:
    """(items,) days from today to the next dated receipt that is not overdue; infinite where there is none."""
    orders, day = inputs.open_orders, np.full(inputs.shape[0], np.inf)
    counts = ~np.isnat(orders.due_day) & (orders.due_day >= inputs.horizon.today) & (orders.quantity > 0)
    np.minimum.at(day, orders.item[counts], (orders.due_day[counts] - inputs.horizon.today) / ONE_DAY)
    return day


def _without_phantom_rules(items: Items) -> Items:
    """Phantoms are passed through: what is there of them is used, nothing of them is kept, gathered or waited for."""
    ghost, rules = items.is_phantom, items.lots
    return replace(
        items,
        safety_stock=np.where(ghost, 0.0, items.safety_stock),
        lead_time=np.where(ghost, 0, items.lead_time),
        lots=Lots(
            np.where(ghost, 0.0, rules.minimum),
            np.where(ghost, 0.0, rules.multiple),
            np.where(ghost, np.inf, rules.maximum),
            np.where(ghost, 1, rules.periods),
        ),
        frozen=np.where(ghost, 0, items.frozen),
    )


def _planned_orders(receipts: Floats, items: Items) -> PlannedOrders:
    item, due = np.nonzero(np.where(items.is_phantom[:, None], 0.0, receipts))
    release = due - items.lead_time[item]
    return PlannedOrders(
        item=item,
        release=np.maximum(release, 0),
        due=due,
        quantity=receipts[item, due],
        late=np.maximum(-release, 0),
        is_made=items.is_made[item],
    )


def _load(inputs: Inputs, planned: PlannedOrders) -> Load:
    """Hours of planned and of open production orders, in the period they start."""
    under_way, new = inputs.open_orders, planned.is_made
    begun = under_way.is_made & (under_way.quantity > 0)
    start = inputs.horizon.period(np.where(under_way.is_started, inputs.horizon.today, under_way.start_day))[begun]
    undated = inputs.horizon.period(under_way.due_day)[begun] - inputs.items.lead_time[under_way.item[begun]]
    start = np.where(start == NEVER, undated, start)
    required = capacity.detailed(
        inputs.routing,
        np.concatenate([under_way.item[begun], planned.item[new]]),
        np.concatenate([start, planned.release[new]]),
        np.concatenate([under_way.quantity[begun], planned.quantity[new]]),
        np.concatenate([under_way.is_started[begun], np.zeros(int(new.sum()), dtype=np.bool_)]),
        (len(inputs.efficiency), inputs.shape[1]),
    )
    return capacity.load(required, inputs.hours, inputs.efficiency)


def _check(inputs: Inputs) -> None:
    items, orders = inputs.items, inputs.open_orders
    per_item = (items.safety_stock, items.lead_time, items.unit_cost, items.net_price, items.frozen, items.demand_fence)
    if any(len(one) != inputs.shape[0] for one in per_item) or len(items.lots.minimum) != inputs.shape[0]:
        raise ValueError("every array of the items holds one value an item")
    if inputs.forecast.shape != inputs.shape or inputs.deals.shape != inputs.shape:
        raise ValueError("forecast and deals hold one value an item and period")
    if inputs.hours.shape != (len(inputs.efficiency), inputs.shape[1]):
        raise ValueError("hours hold one value a work centre and period")
    never_negative = (inputs.forecast, inputs.deals, inputs.lines.quantity, orders.quantity, items.lead_time)
    if any(not (np.asarray(one) >= 0).all() for one in never_negative) or not np.isfinite(items.on_hand).all():
        raise ValueError("quantities and lead times are numbers, demand and receipts never below zero")
