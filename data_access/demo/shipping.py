"""Which line leaves when: first come, first served from each warehouse's stock, then small accidents of transport."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_access.demo.catalogue import Flags, Floats, Ints
from data_access.demo.days import NEVER, Calendar, work_seconds
from data_access.demo.demand import Demand
from data_access.demo.simulate import Flows

OPEN, SHIPPED, CANCELLED, DRAFT, QUOTATION = range(5)


@dataclass(frozen=True)
class Sales:
    """What became of the demand, one row an order line that was entered; `shipped` = NEVER while open. Money in fen of
    the base currency; `price` is net a unit. Return lines have negative quantity."""

    order: Ints
    day: Ints
    second: Floats
    product: Ints
    customer: Ints
    warehouse: Ints
    quantity: Ints
    price: Ints
    due: Ints
    promised: Ints
    shipped: Ints
    first_part: Ints  # units of a first, smaller delivery (0 = none)
    first_day: Ints  # its day
    state: Ints
    is_return: Flags


def ship(seed: int, calendar: Calendar, demand: Demand, flows: Flows, home: Ints, list_price: Ints) -> Sales:
    """Allocates stock to lines, drops the sales that were lost, adds returns, quotations and drafts."""
    rng = np.random.default_rng([seed, 7])
    n, today = len(demand.day), calendar.today
    ripe = demand.due < today
    lost = np.zeros(n, dtype=bool)
    lost[ripe] = flows.lost[demand.due[ripe], home[ripe], demand.product[ripe]] & demand.flexible[ripe]
    available = _available(demand, flows, home, ripe & ~lost, today)
    accident = np.where(rng.random(n) < 0.042, rng.integers(1, 8, n), 0)
    leaves = calendar.next_workday(available + accident)
    shipped = np.where((available > NEVER) & (leaves < today), leaves, NEVER)
    state = np.where(shipped > NEVER, SHIPPED, OPEN)
    state[lost] = CANCELLED
    state[(rng.random(n) < 0.008) & (demand.due > today - 400) & (shipped == NEVER)] = CANCELLED
    keep = ~(lost & (rng.random(n) < 0.65))
    recent = demand.day > today - 25
    state = np.where(recent & (state == OPEN) & (rng.random(n) < 0.03), QUOTATION, state)
    state = np.where(recent & (state == OPEN) & (rng.random(n) < 0.012), DRAFT, state)
    # A line's price follows the list, which rose 2 % a year.
    years = (demand.day - today) // 365
    price = np.maximum(np.round(list_price[demand.product] * 1.02**years * (1 - demand.discount)), 1).astype(np.int64)
    split = (demand.quantity >= 4) & (rng.random(n) < 0.03) & (shipped > NEVER)
    first = np.where(split, (demand.quantity * 0.6).astype(np.int64), 0)
    first_day = np.where(split, shipped, NEVER)
    rest = calendar.next_workday(shipped + rng.integers(1, 5, n))
    shipped = np.where(split, np.where(rest < today, rest, NEVER), shipped)
    state = np.where(split & (shipped == NEVER), OPEN, state)
    starts = np.flatnonzero(np.r_[True, np.diff(demand.order) > 0])
    second = work_seconds(rng, len(starts))[demand.order]
    sales = Sales(
        demand.order,
        demand.day,
        second,
        demand.product,
        demand.customer,
        home,
        demand.quantity,
        price,
        demand.due,
        demand.promised,
        shipped,
        first,
        first_day,
        state,
        np.zeros(n, dtype=bool),
    )
    return _with_returns(rng, calendar, _only(sales, keep))


def _available(demand: Demand, flows: Flows, home: Ints, chosen: Flags, today: int) -> Ints:
    """The day each line's goods are there.

    Shipped so far = running maximum of min(supplied, asked for): other outflows only take what nobody waits for.
    """
    groups = flows.net.shape[1] * flows.net.shape[2]
    cell = home * flows.net.shape[2] + demand.product
    index = np.flatnonzero(chosen)
    index = index[np.lexsort((index, demand.due[index], cell[index]))]
    group, quantity = cell[index], demand.quantity[index]
    total = np.cumsum(quantity)
    first = np.r_[True, np.diff(group) > 0]
    position = total - np.maximum.accumulate(np.where(first, total - quantity, 0))
    asked = np.bincount(demand.due[index] * groups + group, weights=quantity, minlength=today * groups)
    asked = np.cumsum(asked.reshape(today, groups).astype(np.int64), axis=0)
    shipped = np.maximum.accumulate(np.minimum(flows.net.reshape(today, groups) + asked, asked), axis=0)
    big = int(asked.max(initial=0)) + 2
    flat = (np.maximum(shipped, 0) + np.arange(groups)[None, :] * big).T.ravel()
    found = np.searchsorted(flat, position + group * big) - group * today
    result = np.full(len(demand.day), NEVER, dtype=np.int64)
    result[index] = np.where(found < today, np.maximum(found, demand.due[index]), NEVER)
    return result


def _only(sales: Sales, keep: Flags) -> Sales:
    return Sales(**{name: getattr(sales, name)[keep] for name in Sales.__dataclass_fields__})


def _with_returns(rng: np.random.Generator, calendar: Calendar, sales: Sales) -> Sales:
    """About 0.8 % of shipped lines come back in part, as lines of return orders with negative quantity."""
    shipped = np.flatnonzero((sales.state == SHIPPED) & (rng.random(len(sales.day)) < 0.008))
    back = calendar.next_workday(sales.shipped[shipped] + rng.integers(4, 30, len(shipped)))
    shipped, back = shipped[back < calendar.today], back[back < calendar.today]
    n, last = len(shipped), int(sales.order.max(initial=0))
    quantity = -np.maximum(1, (sales.quantity[shipped] * rng.choice([0.2, 0.5, 1.0], n)).astype(np.int64))
    never = np.full(n, NEVER, dtype=np.int64)
    rows = Sales(
        last + 1 + np.arange(n),
        back,
        rng.uniform(32400, 61200, n),
        sales.product[shipped],
        sales.customer[shipped],
        sales.warehouse[shipped],
        quantity,
        sales.price[shipped],
        never,
        never,
        back,
        np.zeros(n, dtype=np.int64),
        never,
        np.full(n, SHIPPED, dtype=np.int64),
        np.ones(n, dtype=bool),
    )
    names = Sales.__dataclass_fields__
    return Sales(**{name: np.concatenate([getattr(sales, name), getattr(rows, name)]) for name in names})
