"""What all of planning shares: arrays of demand, what a method would have said before, and how wide its band is."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from data_access.planning.weeks import Ints

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

HORIZON = 26
MIN_ERRORS = 20


@dataclass(frozen=True)
class Backtest:
    """What the same method would have said at past origins. forecast, actual: (origins, items, horizon), NaN where
    the target is not over yet; scale: (origins, items); origins: (origins,) number of weeks known at each."""

    forecast: Floats
    actual: Floats
    scale: Floats
    origins: Ints

    def errors(self) -> Floats:
        """(origins, items, horizon) absolute error in units of the item's own level; NaN where unknown."""
        scale = np.where(self.scale > 0, self.scale, np.nan)
        return np.asarray(np.abs(self.actual - self.forecast) / scale[:, :, None])


def quantiles(errors: Floats, share: float, neighbours: int = 0) -> Floats:
    """(horizon,) conformal quantile of scaled errors pooled over origins and items, and over +-`neighbours` horizons:
    of n errors the ceil((n + 1) share)-th smallest.

    A horizon with fewer than 20 errors takes that of the horizon before; NaN when there is none.
    """
    horizon = errors.shape[2]
    found = np.full(horizon, np.nan)
    for h in range(horizon):
        pool = errors[:, :, max(h - neighbours, 0) : h + neighbours + 1]
        pool = pool[~np.isnan(pool)]
        if len(pool) >= MIN_ERRORS:
            rank = min(ceil(round((len(pool) + 1) * share, 9)), len(pool))
            found[h] = np.partition(pool, rank - 1)[rank - 1]
        elif h:
            found[h] = found[h - 1]
    return found


def band(mean: Floats, scale: Floats, width: Floats) -> tuple[Floats, Floats]:
    """(items, horizon) lower and upper ends: mean -+ width of the horizon x level of the item, never below zero."""
    half = scale[:, None] * width[None, :]
    return np.maximum(mean - half, 0.0), mean + half
