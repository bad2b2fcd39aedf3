"""Load by work centre and period: detailed from orders, rough-cut from the master schedule; what fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_access.planning.mrp.arrays import Bools, Floats, Ints, bucketed, rows_of
from data_access.planning.mrp.structure import Structure

WARN, OVERLOAD = 0.85, 1.0
FITS, WARNED, OVERLOADED = 0, 1, 2


@dataclass(frozen=True)
class Routing:
    """Operations, all (operations,): item and work_center numbers; setup: hours an order; run: hours a unit; offset:
    periods between an order's release and the operation."""

    item: Ints
    work_center: Ints
    setup: Floats
    run: Floats
    offset: Ints


@dataclass(frozen=True)
class Load:
    """All (work centers, periods). required, available: hours, available with efficiency; utilisation: required /
    available, infinite where there is work and no hour; status: FITS, WARNED over 85 %, OVERLOADED over 100 %."""

    required: Floats
    available: Floats
    utilisation: Floats
    status: Ints


def detailed(
    routing: Routing, item: Ints, period: Ints, quantity: Floats, is_set_up: Bools, shape: tuple[int, int]
) -> Floats:
    """(work centers, periods) hours of orders released in `period`: setup once an order + run x quantity.

    item, period, quantity, is_set_up (the setup is done): (orders,). A period before the first counts as the first,
    work after the last is left out.
    """
    by_item = np.argsort(routing.item, kind="stable")
    items = int(max(routing.item.max(initial=-1), item.max(initial=-1))) + 1
    count = np.bincount(routing.item, minlength=items)
    start = np.cumsum(count) - count
    order = np.repeat(np.arange(len(item)), count[item])
    operation = by_item[rows_of(start[item], count[item])]
    hours = np.where(is_set_up[order], 0.0, routing.setup[operation]) + routing.run[operation] * quantity[order]
    when = np.maximum(period[order] + routing.offset[operation], 0)
    return bucketed(routing.work_center[operation], when, hours, shape)


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
