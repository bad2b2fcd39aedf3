"""Money at risk: what is expected to be wanted between run-out and the next receipt, within six weeks, at net price."""

from __future__ import annotations

import numpy as np

from data_access.planning.mrp.arrays import Floats
from data_access.planning.mrp.structure import Structure

HORIZON_DAYS = 42.0


def demand_until(demand: Floats, day: Floats, period_days: Floats) -> Floats:
    """(rows,) demand (rows, periods) up to `day` (rows,) days from today, spread evenly over each period."""
    ends = np.cumsum(period_days)
    share = np.clip((day[:, None] - (ends - period_days)) / period_days, 0.0, 1.0)
    return np.asarray((demand * share).sum(axis=1))


def missing_until(stock: Floats, demand: Floats, receipt_day: Floats, period_days: Floats) -> Floats:
    """(rows,) what `demand` wants beyond `stock` (negative as none) before the next receipt, within six weeks.

    receipt_day: (rows,) days from today, infinite where nothing is to come."""
    wanted = demand_until(demand, np.clip(receipt_day, 0.0, HORIZON_DAYS), period_days)
    return np.maximum(wanted - np.maximum(stock, 0.0), 0.0)


def unit_values(bom: Structure, independent: Floats, releases: Floats, net_price: Floats) -> Floats:
    """(items,) sales value that waits for one unit: its own net price where it is sold; where it goes into others, the
    value of what they cannot be without it, in the proportion in which it is wanted.

    A component wanted by nobody has its net price. Releases and demand of the whole horizon are the proportions.
    """
    own = independent.sum(axis=1)
    wanted, value = own.copy(), own * net_price
    found = net_price.astype(np.float64)
    for level, items in enumerate(bom.items_at):
        some = wanted[items] > 0
        found[items[some]] = value[items[some]] / wanted[items[some]]
        rows = slice(int(bom.bounds[level]), int(bom.bounds[level + 1]))
        parent, component = bom.parent[rows], bom.component[rows]
        released = releases[parent]
        if bom.active is not None:
            released = released * bom.active[rows]
        total = released.sum(axis=1)
        wanted += np.bincount(component, total * bom.factor[rows], minlength=len(wanted))
        value += np.bincount(component, total * found[parent], minlength=len(wanted))
    return found
