"""The mean of Theta and damped-trend smoothing on seasonally adjusted histories: the same for every item, no choice."""

from __future__ import annotations

import numpy as np

from data_access.planning.demand import Floats
from data_access.planning.forecast.censored import impute
from data_access.planning.forecast.damped import damped
from data_access.planning.forecast.season import adjust, kept
from data_access.planning.forecast.shape import exists
from data_access.planning.forecast.theta import theta

MODEL = "theta_damped"


def ensemble(history: Floats, horizon: int, period: int) -> Floats:
    """(items, horizon) expected demand per period; period: periods in a year (52, 12 or 4; 1 for no season).

    A gap in the history counts what `censored.expected` says of it.
    """
    recent = kept(history, period)
    gaps = np.isnan(recent) & exists(recent)
    adjusted = adjust(impute(recent, gaps, period) if gaps.any() else recent, period)
    mean = (theta(adjusted.values, horizon) + damped(adjusted.values, horizon)) / 2
    return np.asarray(np.maximum(mean * adjusted.ahead(horizon), 0.0))


def naive2(history: Floats, horizon: int, period: int) -> Floats:
    """(items, horizon) the competitions' benchmark: the last value without season, carried on with its season."""
    adjusted = adjust(kept(history, period), period)
    last = adjusted.values[:, -1:] if history.shape[1] else np.zeros((len(history), 1))
    return np.asarray(np.nan_to_num(last) * adjusted.ahead(horizon))
