"""Safety stock from measured forecast errors, with the textbook formulas as options; reorder point, order-up-to."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np

from data_access.planning.demand import Floats
from data_access.planning.weeks import Ints


def service_factor(service_level: float, digits: int | None = None) -> float:
    """z of a cycle service level in (0, 1): how many deviations cover that share of cycles; digits as printed tables
    have two. ValueError outside (0, 1)."""
    if not 0 < service_level < 1:
        raise ValueError("a service level lies between 0 and 1")
    z = NormalDist().inv_cdf(service_level)
    return z if digits is None else round(z, digits)


def cumulative_errors(errors: Floats, protection: Ints) -> Floats:
    """(origins, items) error of the sum over each item's protection interval (lead time and review, in periods).

    errors: (origins, items, horizon) actual - forecast of rolling origins, NaN where not known; an interval that is not
    wholly known is NaN. An interval longer than the horizon is scaled by its root from the horizon's.
    """
    horizon = errors.shape[2]
    inside = np.clip(protection, 1, horizon)
    sums = np.cumsum(errors, axis=2)
    reached = np.take_along_axis(sums, (inside - 1)[None, :, None], axis=2)[:, :, 0]
    return np.asarray(reached * np.sqrt(np.maximum(protection, 1) / inside))


def rmse(errors: Floats) -> Floats:
    """(items,) root of the mean square over origins; NaN where nothing is known."""
    known = ~np.isnan(errors)
    count = known.sum(axis=0)
    squares = np.where(known, errors, 0.0) ** 2
    return np.where(count > 0, np.sqrt(squares.sum(axis=0) / np.maximum(count, 1)), np.nan)


def measured(spread: Floats, z: Any, demand: Any = 0.0, lead_time_deviation: Any = 0.0) -> Floats:
    """(items,) z x RMSE of the cumulative error; where lead times vary, demand^2 x deviation^2 is added to its square.

    demand: mean a period; lead_time_deviation: in periods. NaN where no error is known."""
    varying = np.asarray(demand, dtype=np.float64) * np.asarray(lead_time_deviation, dtype=np.float64)
    return np.asarray(np.maximum(z, 0.0) * np.sqrt(spread**2 + varying**2))


def empirical(errors: Floats, service_level: float) -> float:
    """The conformal quantile of cumulative errors, for intermittent demand; not below zero, NaN where none is known."""
    known = np.sort(errors[~np.isnan(errors)])
    if not len(known):
        return float("nan")
    rank = min(math.ceil(round((len(known) + 1) * service_level, 9)), len(known))
    return max(float(known[rank - 1]), 0.0)


def textbook(z: Any, deviation: Any, lead_time: Any = 1.0, demand: Any = 0.0, lead_time_deviation: Any = 0.0) -> Floats:
    """z x sqrt(L sigma^2 + d^2 sigma_L^2): sigma and d a period, L and sigma_L in periods; with L = 1 sigma is that of
    the whole lead time."""
    square = np.asarray(lead_time, dtype=np.float64) * np.asarray(deviation, dtype=np.float64) ** 2
    varying = np.asarray(demand, dtype=np.float64) * np.asarray(lead_time_deviation, dtype=np.float64)
    return np.asarray(z * np.sqrt(square + varying**2))


def demand_over(forecast: Floats, span: Any) -> Floats:
    """(items,) forecast (items, periods) of the first `span` periods, a part of a period in proportion; beyond the
    horizon at its mean rate."""
    horizon = forecast.shape[1]
    wanted = np.asarray(span, dtype=np.float64).reshape(-1, 1)
    share = np.clip(wanted - np.arange(horizon), 0.0, 1.0)
    beyond = np.maximum(wanted[:, 0] - horizon, 0.0) * forecast.mean(axis=1)
    return np.asarray((forecast * share).sum(axis=1) + beyond)


def reorder_point(forecast: Floats, lead_time: Any, safety: Any) -> Floats:
    """(items,) forecast over the lead time (periods) + safety stock."""
    return demand_over(forecast, lead_time) + np.asarray(safety, dtype=np.float64)


def order_up_to(forecast: Floats, lead_time: Any, review: Any, safety: Any) -> Floats:
    """(items,) forecast over lead time and review interval (periods) + safety stock."""
    span = np.asarray(lead_time, dtype=np.float64) + np.asarray(review, dtype=np.float64)
    return demand_over(forecast, span) + np.asarray(safety, dtype=np.float64)
