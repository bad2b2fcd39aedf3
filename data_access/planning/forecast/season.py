"""Classical multiplicative seasonality, used only where the autocorrelation at one year says there is one.

The test and the decomposition are those of the M3 and M4 competitions' Naive2 benchmark.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_access.planning.demand import Bools, Floats
from data_access.planning.forecast.shape import exists, fill, lengths

Z90 = 1.645
YEARS = 3
WEEKS = 52
WEEKS_KEPT = 208
SMALLEST = 0.05  # a season below this share of the level tells nothing about the level


def kept(history: Floats, period: int) -> Floats:
    """The columns forecasts are made from: of a weekly history the last 208."""
    return history[:, -WEEKS_KEPT:] if period == WEEKS else history


def autocorrelation(values: Floats, lags: int) -> Floats:
    """(items, lags) autocorrelation at lags 1 .. lags over each item's own length (its mean and its variance are
    those of all its values); 0 where the values are constant or the item is shorter than the lag."""
    there = exists(values)
    count = np.maximum(there.sum(axis=1), 1)
    mean = np.where(there, values, 0.0).sum(axis=1) / count
    away = np.where(there, values - mean[:, None], 0.0)
    size = np.abs(away).max(axis=1, initial=0.0)
    flat = size <= 1e-9 * np.abs(mean)
    away /= np.where(flat, 1.0, size)[:, None]
    variance = (away**2).sum(axis=1)
    found = np.zeros((len(values), lags))
    for lag in range(1, min(lags, values.shape[1] - 1) + 1):
        found[:, lag - 1] = np.einsum("ij,ij->i", away[:, lag:], away[:, :-lag])
    return np.asarray(np.where(flat[:, None], 0.0, found / np.where(flat, 1.0, variance)[:, None]))


def is_seasonal(history: Floats, period: int) -> Bools:
    """(items,) whether the autocorrelation at lag `period` is significant at 90 %, from three full seasons on."""
    length = lengths(history)
    none = np.zeros(len(history), dtype=np.bool_)
    if period < 2 or not (length >= YEARS * period).any():
        return none
    found = autocorrelation(fill(history), period)
    spread = np.sqrt((1 + 2 * (found[:, :-1] ** 2).sum(axis=1)) / np.maximum(length, 1))
    return np.asarray((np.abs(found[:, -1]) > Z90 * spread) & (length >= YEARS * period))


def centred(values: Floats, period: int) -> Floats:
    """(items, periods) moving average over one full season around each period (2 x period for an even one); NaN at
    the ends, half a season each."""
    items, columns = values.shape
    half = period // 2
    out = np.full((items, columns), np.nan)
    if columns < 2 * half + 1:
        return out
    weights = np.full(2 * half + 1, 1.0 / period)
    if period % 2 == 0:
        weights[[0, -1]] /= 2
    inner = np.zeros((items, columns - 2 * half))
    for k, weight in enumerate(weights):
        inner += weight * values[:, k : k + inner.shape[1]]
    out[:, half : columns - half] = inner
    return out


def fill_by_season(history: Floats, period: int) -> Floats:
    """(items, periods) gaps closed with the mean of the same period a year before and after, with the one there is,
    and along the straight line where there is neither."""
    if not (np.isnan(history) & exists(history)).any():
        return history
    away = np.full((len(history), period), np.nan)
    before = np.hstack([away, history])[:, : history.shape[1]]
    after = np.hstack([history, away])[:, period:]
    either = np.where(np.isnan(before), after, np.where(np.isnan(after), before, (before + after) / 2))
    return fill(np.where(np.isnan(history) & exists(history), either, history))


def indices(history: Floats, period: int) -> Floats:
    """(items, period) seasonal index of each phase (column modulo period), with mean 1 for an item.

    The index is the mean ratio of known values to the centred moving average; phases without one get 1. An index of
    weeks is averaged with its two neighbours: three or four ratios are few, and a date moves by a week between years.
    """
    level = centred(fill_by_season(history, period), period)
    ratio = np.where(level > 0, history / np.where(level > 0, level, 1.0), np.nan)
    pad = -history.shape[1] % period
    ratio = np.pad(ratio, ((0, 0), (0, pad)), constant_values=np.nan).reshape(len(history), -1, period)
    seen = ~np.isnan(ratio)
    count = seen.sum(axis=1)
    mean = np.where(seen, ratio, 0.0).sum(axis=1) / np.maximum(count, 1)
    mean = np.where(count > 0, np.maximum(mean, 0.0), 1.0)
    if period == WEEKS:
        mean = (np.roll(mean, 1, axis=1) + mean + np.roll(mean, -1, axis=1)) / 3
    overall = mean.mean(axis=1, keepdims=True)
    return np.asarray(np.where(overall > 0, mean / np.where(overall > 0, overall, 1.0), 1.0))


@dataclass(frozen=True)
class Adjusted:
    """values: (items, periods) without season and without gaps; index: (items, period) by column modulo period, all
    ones for an item without a season; seasonal: (items,)."""

    values: Floats
    index: Floats
    seasonal: Bools

    def ahead(self, horizon: int) -> Floats:
        """(items, horizon) factors of the periods after the last column."""
        period = self.index.shape[1]
        return self.index[:, (self.values.shape[1] + np.arange(horizon)) % period]

    def past(self) -> Floats:
        """(items, periods) factors of the history's own columns."""
        return self.index[:, np.arange(self.values.shape[1]) % self.index.shape[1]]


def adjust(history: Floats, period: int) -> Adjusted:
    """Takes the season out of the items that have one; gaps are closed on the way."""
    seasonal = is_seasonal(history, period)
    index = np.ones((len(history), max(period, 1)))
    if not seasonal.any():
        return Adjusted(fill(history), index, seasonal)
    index[seasonal] = indices(history[seasonal], period)
    factor = index[:, np.arange(history.shape[1]) % index.shape[1]]
    tells = factor >= SMALLEST
    values = fill(np.where(tells, history / np.where(tells, factor, 1.0), np.nan))
    return Adjusted(np.where(exists(history) & np.isnan(values), 0.0, values), index, seasonal)
