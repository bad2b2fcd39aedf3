"""Prediction intervals measured, not modelled: how far off the same method was at past origins, pooled over a class.

A band's half-width is the conformal quantile of |error| / scale at each horizon over all items of the class, times the
item's own scale.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from data_access.planning.demand import Backtest, Floats, quantiles
from data_access.planning.forecast.shape import exists, fill, lengths, starts
from data_access.planning.weeks import Ints

Method = Callable[[Floats, int], Floats]

SHARES = (0.8, 0.95)
LEAST = 12  # known periods before an origin counts


def spread(history: Floats, period: int) -> Floats:
    """(items,) mean absolute change over a year, over half of its history for an item younger than two; 0 where
    nothing changes or is known."""
    values = fill(history)
    lag = np.clip(lengths(values) // 2, 1, max(period, 1))
    before = np.arange(values.shape[1])[None, :] - lag[:, None]
    there = exists(values) & (before >= starts(values)[:, None])
    change = np.where(there, np.abs(values - np.take_along_axis(values, np.maximum(before, 0), axis=1)), 0.0)
    return np.asarray(change.sum(axis=1) / np.maximum(there.sum(axis=1), 1))


def origins(periods: int, count: int, step: int, last: int = 1) -> Ints:
    """Up to `count` origins, `step` periods apart, the latest with `last` periods after it; ascending."""
    found = periods - last - step * np.arange(count)
    return np.asarray(found[found > 0][::-1], dtype=np.int64)


def rolling(
    history: Floats, method: Method, horizon: int, at: Ints, period: int, actual: Floats | None = None
) -> Backtest:
    """What `method(history, horizon)` would have said at each of `at` (periods known), from those periods alone.

    actual: (items, periods) what it is judged by, where that is not the history itself; NaN is not judged. Items with
    fewer than 12 periods at an origin are not judged there.
    """
    truth = history if actual is None else actual
    shape = (len(at), len(history), horizon)
    forecast, over = np.full(shape, np.nan), np.full(shape, np.nan)
    scale = np.zeros(shape[:2])
    for row, origin in enumerate(at):
        known = history[:, :origin]
        old = lengths(known) >= LEAST
        if not old.any():
            continue
        forecast[row, old] = method(known[old], horizon)
        happened = truth[old, origin : origin + horizon]
        over[row, old, : happened.shape[1]] = happened
        scale[row, old] = spread(known[old], period)
    return Backtest(forecast, over, scale, at)


def widths(test: Backtest, shares: tuple[float, ...] = SHARES, neighbours: int = 0) -> Floats:
    """(shares, horizon) half-width in units of scale, never narrower for a larger share; NaN below 20 errors."""
    errors = test.errors()
    return np.maximum.accumulate([quantiles(errors, share, neighbours) for share in sorted(shares)], axis=0)
