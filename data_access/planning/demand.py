"""Seasonal-naive demand: the same week of last year scaled to the last 13, else their mean. No fitting, no choice."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from data_access.planning.weeks import Ints

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MODEL = "seasonal_naive"
HORIZON = 26
RECENT = 13
YEAR = 52
SOLD_AT_LEAST = 26
ORIGINS = 52
MIN_ERRORS = 20


def seasonal_naive(history: Floats, ago: Ints, origin: int, horizon: int = HORIZON) -> tuple[Floats, Bools]:
    """Expected demand of weeks origin .. origin+horizon-1 from weeks before `origin` alone; which items had a season.

    history: (items, weeks) net demand; ago: index of the same week last year, for origin+horizon weeks at least.
    The season needs 13 recent weeks and the same 13 a year before, both positive, and sales in 26 of the last 52 weeks.
    """
    known = history[:, :origin]
    mean = np.repeat(recent_mean(known)[:, None], horizon, axis=1)
    before = ago[max(origin - RECENT, 0) : origin]
    ahead = ago[origin : origin + horizon]
    if origin < RECENT or (before < 0).any() or (ahead < 0).any():
        return mean, np.zeros(len(history), dtype=np.bool_)
    recent, base = known[:, -RECENT:].sum(axis=1), known[:, before].sum(axis=1)
    sold = (known[:, -YEAR:] > 0).sum(axis=1)
    season = (recent > 0) & (base > 0) & (sold >= SOLD_AT_LEAST)
    scaled = known[:, ahead] * (recent / np.where(season, base, 1.0))[:, None]
    return np.maximum(np.where(season[:, None], scaled, mean), 0.0), season


def recent_mean(known: Floats) -> Floats:
    """(items,) mean of the last 13 weeks, of fewer for an item that first sold within them; never negative."""
    if known.shape[1] == 0:
        return np.zeros(len(known))
    weeks = np.clip(age(known), 1, RECENT)
    total = known[:, -RECENT:].sum(axis=1)
    return np.asarray(np.maximum(total / weeks, 0.0))


def age(known: Floats) -> Ints:
    """(items,) weeks since the first sale, that week included; 0 when never sold."""
    sold = known > 0
    first = np.where(sold.any(axis=1), sold.argmax(axis=1), known.shape[1])
    return np.asarray(known.shape[1] - first, dtype=np.int64)


def level(known: Floats) -> Floats:
    """(items,) mean absolute weekly demand of the last 52 weeks since the first sale; 0 when there was none."""
    weeks = np.clip(age(known), 1, YEAR)
    return np.asarray(np.abs(known[:, -YEAR:]).sum(axis=1) / weeks)


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


def backtest(history: Floats, ago: Ints, horizon: int = HORIZON, origins: int = ORIGINS) -> Backtest:
    """Rolling origins over the last `origins` weeks, none before 13 weeks are known."""
    items, weeks = history.shape
    starts = np.arange(max(RECENT, weeks - origins), weeks, dtype=np.int64)
    shape = (len(starts), items, horizon)
    forecast, actual = np.full(shape, np.nan), np.full(shape, np.nan)
    scale = np.zeros((len(starts), items))
    for row, origin in enumerate(starts):
        forecast[row], _ = seasonal_naive(history, ago, int(origin), horizon)
        over = history[:, origin : origin + horizon]
        actual[row, :, : over.shape[1]] = over
        scale[row] = level(history[:, :origin])
    return Backtest(forecast, actual, scale, starts)


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
