"""Money at risk: what is expected to be wanted between run-out and the next receipt, within six weeks, at net price."""

from __future__ import annotations

import numpy as np

from data_access.planning.mrp.arrays import Floats, Ints
from data_access.planning.mrp.structure import Structure

HORIZON_DAYS = 42.0
AT_ONCE = 128


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


def wanted_soon(demand: Floats, period_days: Floats) -> Floats:
    """(rows,) demand (rows, periods) of the next six weeks."""
    return demand_until(demand, np.full(len(demand), HORIZON_DAYS), period_days)


def unit_values(bom: Structure, own: Floats, wanted: Floats, missing: Floats, at_risk: Floats, price: Floats) -> Floats:
    """(items,) base currency that one missing unit puts at risk: (value of its own sales + value that waits above it) /
    wanted, where wanted and own are of six weeks; the net price where nothing is wanted.

    own: sales value of its own expected demand; wanted: units of that and of what parents take; missing: units of
    those; at_risk: money at risk of each item as it is sold; price: net price a unit. What waits above a component is
    the money at risk of everything it goes into, each item once whichever way up, times the share that is missing of
    every part in between: a part of which enough is there holds nobody up.
    """
    share = np.divide(missing, wanted, out=np.zeros_like(wanted), where=wanted > 0)
    above = np.zeros(len(wanted))
    sold = np.flatnonzero(at_risk > 0)
    for first in range(0, len(sold), AT_ONCE):
        above += _above(bom, np.minimum(share, 1.0), sold[first : first + AT_ONCE], at_risk)
    return np.divide(own + above, wanted, out=price.astype(np.float64), where=wanted > 0)


def _above(bom: Structure, share: Floats, sold: Ints, at_risk: Floats) -> Floats:
    """(items,) money at risk of `sold` items that waits above each item of which something is missing."""
    scarce = share > 0
    scarce[sold] = True
    rows = np.flatnonzero(scarce)  # nothing waits above the others, and they hold nobody up
    place = np.full(len(share), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    held = np.zeros((len(rows), len(sold)))  # the share of each sold item that waits above, then that an item holds up
    waits, holds = np.zeros(len(rows)), np.zeros(len(rows), dtype=np.bool_)
    level, column = bom.level[rows], np.full(len(rows), -1, dtype=np.int64)
    column[place[sold]] = np.arange(len(sold))
    lines = np.flatnonzero(scarce[bom.parent] & (share[bom.component] > 0))
    parent, component = place[bom.parent[lines]], place[bom.component[lines]]
    bounds = np.searchsorted(lines, bom.bounds)
    for depth in range(len(bom.items_at)):
        some = np.flatnonzero(level == depth)
        waits[some] = held[some] @ at_risk[sold]
        held[some] *= share[rows[some], None]
        own = some[column[some] >= 0]
        held[own, column[own]] = 1.0
        inside = slice(int(bounds[depth]), int(bounds[depth + 1]))
        upper, lower = parent[inside], component[inside]
        holds[some] = held[some].any(axis=1)
        upper, lower = upper[holds[upper]], lower[holds[upper]]
        if len(lower):
            starts = np.flatnonzero(np.r_[True, lower[1:] != lower[:-1]])
            most = np.maximum.reduceat(held[upper], starts, axis=0)
            held[lower[starts]] = np.maximum(held[lower[starts]], most)
    above = np.zeros(len(share))
    above[rows] = waits
    return above
