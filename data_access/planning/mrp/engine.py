"""The plan: demand, structure, netting level by level, promise and load, from one set of inputs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data_access.planning.mrp import capacity
from data_access.planning.mrp.arrays import Days, Floats, Ints, bucketed
from data_access.planning.mrp.atp import available_to_promise
from data_access.planning.mrp.capacity import Load
from data_access.planning.mrp.consumption import independent_demand
from data_access.planning.mrp.lots import Lots
from data_access.planning.mrp.model import NEVER, ONE_DAY, OVERDUE, Inputs, Items, Plan, PlannedOrders
from data_access.planning.mrp.netting import net, unexpedited
from data_access.planning.mrp.risk import missing_until, unit_values, wanted_soon
from data_access.planning.mrp.structure import structure


def plan(inputs: Inputs) -> Plan:
    """Plans every item in low-level-code order; pure, the same inputs give the same plan.

    ValueError when shapes disagree or a quantity is negative or not a number where it must not be.
    """
    _check(inputs)
    items, horizon = _without_phantom_rules(inputs.items), inputs.horizon
    bom = structure(inputs.bom, inputs.shape[0], horizon.first_days)
    independent = independent_demand(inputs.forecast, inputs.orders, items.demand_fence, inputs.deals)
    scheduled, starting = scheduled_receipts(inputs), starting_orders(inputs)
    first = np.where(items.frozen > 0, items.frozen + items.lead_time, 0)
    until = np.maximum(first, items.lead_time) if inputs.reschedule else np.full(len(first), -1)
    until = np.where(items.is_phantom, -1, until)
    dependent, required, receipts, releases, taking, available = (np.zeros(inputs.shape) for _ in range(6))
    for level, some in enumerate(bom.items_at):
        found = net(
            independent[some] + dependent[some], scheduled[some], items.on_hand[some], items.safety_stock[some],
            items.lots.some(some), items.lead_time[some], first[some], until[some],
        )  # fmt: skip
        required[some], receipts[some], releases[some] = found.net, found.receipts, found.releases
        available[some] = found.available
        taking[some] = releases[some] + starting[some]
        bom.explode(level, taking, dependent)
    orders = _planned_orders(receipts, items)
    expected, receipt = inputs.forecast + dependent, next_receipt_day(inputs)
    missing = missing_until(items.on_hand, expected, receipt, horizon.lengths)
    own = wanted_soon(inputs.forecast, horizon.lengths) * items.net_price
    wanted = wanted_soon(expected, horizon.lengths)
    value = unit_values(bom, own, wanted, missing, revenue_at_risk(inputs), items.net_price)
    return Plan(
        inputs=inputs,
        structure=bom,
        independent=independent,
        dependent=dependent,
        scheduled=scheduled,
        starting=starting,
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


def start_period(inputs: Inputs) -> Ints:
    """(orders,) the period each open order starts in, the first where it should have started before; without a day a
    lead time before it is due."""
    orders, lead_time = inputs.open_orders, inputs.items.lead_time
    start = inputs.horizon.period(np.where(orders.is_started, inputs.horizon.today, orders.start_day))
    start = np.where(start == NEVER, inputs.horizon.period(orders.due_day) - lead_time[orders.item], start)
    return np.maximum(start, 0)


def starting_orders(inputs: Inputs) -> Floats:
    """(items, periods) production orders that have still to start, and to take their components when they do."""
    orders = inputs.open_orders
    waits = orders.is_made & ~orders.is_started
    return bucketed(orders.item[waits], start_period(inputs)[waits], orders.quantity[waits], inputs.shape)


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


def revenue_at_risk(inputs: Inputs) -> Floats:
    """(items,) base currency: expected demand from outside between run-out and next receipt, within six weeks."""
    day, days = next_receipt_day(inputs), inputs.horizon.lengths
    return missing_until(inputs.items.on_hand, inputs.forecast, day, days) * inputs.items.net_price


def _load(inputs: Inputs, planned: PlannedOrders) -> Load:
    """Hours of planned and of open production orders over the working days of their lead time; of what is begun the
    rest, by its days."""
    orders, new, horizon, today = inputs.open_orders, planned.is_made, inputs.horizon, inputs.horizon.today
    made = orders.is_made & (orders.quantity > 0) & (start_period(inputs) < inputs.shape[1])
    item, begun, due = orders.item[made], orders.is_started[made], orders.due_day[made]
    usual = inputs.items.lead_time_days
    start: Days = np.where(np.isnat(orders.start_day[made]), due - usual[item] * ONE_DAY, orders.start_day[made])
    start = np.where(np.isnat(start), today, start)
    days = np.where(np.isnat(due), usual[item], np.maximum((due - start) / ONE_DAY, 0.0))
    left = np.where(np.isnat(due), usual[item], np.maximum((due - today) / ONE_DAY, 1.0))
    rest = np.where(begun, np.minimum(left / np.maximum(days, 1.0), 1.0), 1.0)
    release = inputs.horizon.first_days[planned.due[new]] - usual[planned.item[new]] * ONE_DAY
    first = np.maximum(np.concatenate([np.where(begun, today, start), release]).astype("datetime64[D]"), today)
    span = np.concatenate([np.where(begun, np.minimum(left, np.maximum(days, 1.0)), days), usual[planned.item[new]]])
    begins = horizon.working_days_until(first)
    work = capacity.Work(
        item=np.concatenate([item, planned.item[new]]),
        start=begins,
        days=horizon.working_days_until(first + span.astype(np.int64) * ONE_DAY) - begins,
        quantity=np.concatenate([orders.quantity[made] * rest, planned.quantity[new]]),
        is_set_up=np.concatenate([begun, np.zeros(int(new.sum()), dtype=np.bool_)]),
    )
    required = capacity.detailed(inputs.routing, work, horizon.working_days, len(inputs.efficiency))
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
