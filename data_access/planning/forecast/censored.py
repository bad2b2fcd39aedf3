"""What would have been sold in periods that were out of stock: sales there are a floor under demand, not demand."""

from __future__ import annotations

import numpy as np

from data_access.planning.demand import Bools, Floats
from data_access.planning.forecast.season import SMALLEST, adjust

WINDOW = 12


def mask(history: Floats, hidden: Bools) -> Floats:
    """(items, periods) history with NaN where demand could not be seen."""
    return np.asarray(np.where(hidden, np.nan, history))


def moving_level(values: Floats) -> Floats:
    """(items, periods) mean of the 12 known values around each place, as many before as after it where there are
    enough, else the nearest 12; of all of them where there are fewer, NaN where there is none."""
    known = ~np.isnan(values)
    every = known.sum(axis=1, keepdims=True)
    packed = np.take_along_axis(values, np.argsort(~known, axis=1, kind="stable"), axis=1)
    packed = np.where(np.arange(values.shape[1])[None, :] < every, packed, 0.0)
    sums = np.pad(np.cumsum(packed, axis=1), ((0, 0), (1, 0)))
    before = np.cumsum(known, axis=1)
    first = np.clip(before - WINDOW // 2, 0, np.maximum(every - WINDOW, 0))
    last = np.minimum(first + WINDOW, every)
    inside = np.take_along_axis(sums, last, axis=1) - np.take_along_axis(sums, first, axis=1)
    return np.asarray(np.where(every > 0, inside / np.maximum(last - first, 1), np.nan))


def expected(history: Floats, hidden: Bools, period: int) -> Floats:
    """(items, periods) moving level x seasonal ratio, both from the periods that are not hidden; never negative, NaN
    for an item of which no period can be seen."""
    seen = mask(history, hidden)
    factor = adjust(seen, period).past()
    tells = factor >= SMALLEST
    level = moving_level(np.where(tells, seen / np.where(tells, factor, 1.0), np.nan))
    return np.asarray(np.maximum(level * factor, 0.0))


def impute(history: Floats, out_of_stock: Bools, period: int) -> Floats:
    """(items, periods) history in which a period out of stock counts max(sales, what is expected of it).

    Of a period before the item existed (NaN, not out of stock) nothing is made up; a period out of stock of an item
    that was never seen in stock keeps its sales.
    """
    rows = np.flatnonzero(out_of_stock.any(axis=1))
    hidden, before = out_of_stock[rows], history[rows]
    imputed = history.copy()
    imputed[rows] = np.where(hidden, np.fmax(before, expected(before, hidden, period)), before)
    return imputed
