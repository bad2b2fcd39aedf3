"""Load by work centre and period: detailed from orders, rough-cut from the master schedule; what fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_access.planning.mrp.arrays import TINY, Bools, Floats, Ints, bucketed, rows_of
from data_access.planning.mrp.structure import Structure

WARN, OVERLOAD = 0.85, 1.0
FITS, WARNED, OVERLOADED = 0, 1, 2


@dataclass(frozen=True)
class Routing:
    """Operations, all (operations,): item and work_center numbers; setup: hours an order; run: hours a unit."""

    item: Ints
    work_center: Ints
    setup: Floats
    run: Floats


@dataclass(frozen=True)
class Work:
    """Orders to be worked on, all (orders,). start, days: days from today and days it takes; quantity: still to be
    made; is_set_up: the setup is done."""

    item: Ints
    start: Floats
    days: Floats
    quantity: Floats
    is_set_up: Bools


@dataclass(frozen=True)
class Load:
    """All (work centers, periods). required, available: hours, available with efficiency; utilisation: required /
    available, infinite where there is work and no hour; status: FITS, WARNED over 85 %, OVERLOADED over 100 %."""

    required: Floats
    available: Floats
    utilisation: Floats
    status: Ints


def detailed(routing: Routing, work: Work, period_days: Floats, work_centers: int) -> Floats:
    """(work centers, periods) hours: the setup, once an order, in the period it starts, run x quantity spread evenly
    over the days it takes. What should have started before today starts today; work after the horizon is left out."""
    by_item = np.argsort(routing.item, kind="stable")
    items = int(max(routing.item.max(initial=-1), work.item.max(initial=-1))) + 1
    count = np.bincount(routing.item, minlength=items)
    first = np.cumsum(count) - count
    order = np.repeat(np.arange(len(work.item)), count[work.item])
    operation = by_item[rows_of(first[work.item], count[work.item])]
    place, shape = routing.work_center[operation], (work_centers, len(period_days))
    start, days = np.maximum(work.start[order], 0.0), work.days[order]
    at_start = np.where(work.is_set_up[order], 0.0, routing.setup[operation])
    run = routing.run[operation] * work.quantity[order]
    spread = days > 0
    ends = np.cumsum(period_days)
    now = at_start + np.where(spread, 0.0, run)
    hours = bucketed(place, np.searchsorted(ends, start, side="right"), now, shape)
    rate = run[spread] / days[spread]
    begin, end = start[spread], start[spread] + days[spread]
    upto = _since(place[spread], begin, rate, ends, shape) - _since(place[spread], end, rate, ends, shape)
    return hours + np.diff(upto, axis=1, prepend=0.0)


def _since(place: Ints, day: Floats, rate: Floats, ends: Floats, shape: tuple[int, int]) -> Floats:
    """(work centers, periods) what hours a day from each `day` on make by the end of every period."""
    period = np.searchsorted(ends, day, side="right")
    rates = np.cumsum(bucketed(place, period, rate, shape), axis=1)
    return np.asarray(rates * ends - np.cumsum(bucketed(place, period, rate * day, shape), axis=1))


def hours_per_unit(bom: Structure, routing: Routing, work_centers: int) -> Floats:
    """(items, work centers) bill of capacity: run hours of one unit with all that goes into it, in the first period's
    bill of material; setups, stock and lead times are left out."""
    own = bucketed(routing.item, routing.work_center, routing.run, (len(bom.level), work_centers))
    for level in range(len(bom.items_at) - 2, -1, -1):
        rows = slice(int(bom.bounds[level]), int(bom.bounds[level + 1]))
        factor = bom.factor[rows] if bom.active is None else bom.factor[rows] * bom.active[rows, 0]
        np.add.at(own, bom.parent[rows], own[bom.component[rows]] * factor[:, None])
    return own


def rough_cut(per_unit: Floats, master: Floats) -> Floats:
    """(work centers, periods) hours of master scheduled receipts (items, periods) by the bill of capacity (items, work
    centers), all in the period of the receipt."""
    return np.asarray(per_unit.T @ master)


def load(required: Floats, hours: Floats, efficiency: Floats) -> Load:
    """Required hours against hours x efficiency; hours: (work centers, periods), efficiency: (work centers,) share."""
    available = hours * efficiency[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(required > 0, required / available, 0.0)
    rounded = np.round(share, 9)  # 100 % made of tenths of an hour is not over 100 %
    status = np.where(rounded > OVERLOAD, OVERLOADED, np.where(rounded > WARN, WARNED, FITS))
    return Load(required, available, share, status.astype(np.int64))


def capacity_value(value: Floats, found: Load) -> Floats:
    """(periods,) the planned orders' sales value (periods,) scaled by the largest factor that keeps every work centre
    within its hours; NaN in a period without work, where hours limit nothing."""
    busiest = found.utilisation.max(axis=0, initial=0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(busiest > 0, value / busiest, np.nan)


@dataclass(frozen=True)
class Move:
    """Hours that fit better elsewhere: of a work centre, from an overloaded period to one with room."""

    work_center: int
    period: int
    to_period: int
    hours: float


def levelled(found: Load) -> list[Move]:
    """What to move so that no work centre is over its hours: the excess of each period, the first first, to the nearest
    periods with room, an earlier one where two are as near. What fits nowhere is not moved. Whether parts are there
    earlier, or dates allow for later, is not looked at."""
    moves = []
    room = found.available - found.required
    for center, period in zip(*np.nonzero(found.status == OVERLOADED), strict=True):
        others = np.arange(room.shape[1])
        for other in others[np.lexsort((others, np.abs(others - period)))]:
            hours = min(-room[center, period], room[center, other])
            if hours > TINY:
                moves.append(Move(int(center), int(period), int(other), float(hours)))
                room[center, period] += hours
                room[center, other] -= hours
    return moves
