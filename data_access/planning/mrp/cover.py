"""Days of cover: walk forward over the forecast until the stock is used up, the last part of a period included."""

from __future__ import annotations

import numpy as np

from data_access.planning.mrp.arrays import TINY, Floats


def days_of_cover(stock: Floats, forecast: Floats, period_days: Floats, tail: int = 13) -> Floats:
    """(items,) days until `stock` (items,) is used up by forecast (items, periods); nothing or less covers 0 days.

    period_days: (periods,) days of each period. Beyond the horizon demand goes on at the mean rate of its last `tail`
    periods; NaN where no demand is expected at all, infinite where demand ends before the stock does.
    """
    used = np.cumsum(forecast, axis=1)
    have = np.maximum(stock, 0.0)[:, None]
    whole = (used < have - TINY).sum(axis=1)  # periods the stock outlasts
    inside = np.minimum(whole, forecast.shape[1] - 1)[:, None]
    ends = np.cumsum(period_days)
    starts = ends - period_days
    step = np.take_along_axis(forecast, inside, axis=1)
    before = np.take_along_axis(used, inside, axis=1) - step
    days, rate = period_days[-tail:].sum(), forecast[:, -tail:].sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        within = starts[inside] + np.clip((have - before) / step, 0.0, 1.0) * period_days[inside]
        beyond = ends[-1] + (have[:, 0] - used[:, -1]) / (rate / days)
    found = np.where(whole < forecast.shape[1], within[:, 0], np.where(rate > 0, beyond, np.inf))
    found = np.where(have[:, 0] > 0, found, 0.0)
    return np.where(used[:, -1] > 0, found, np.nan)


def cover_ahead(available: Floats, demand: Floats, period_days: Floats, tail: int = 13) -> Floats:
    """(items, periods) days of cover at the end of every period: its balance against the demand of those after it."""
    periods = demand.shape[1]
    days, rate = period_days[-tail:].sum(), demand[:, -tail:].sum(axis=1, keepdims=True)
    after = np.concatenate([demand, rate / days * 7.0], axis=1)
    lengths = np.append(period_days, 7.0)
    found = [days_of_cover(available[:, t], after[:, t + 1 :], lengths[t + 1 :], tail) for t in range(periods)]
    return np.stack(found, axis=1)
