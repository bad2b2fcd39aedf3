"""Demand that comes now and then: one method for a whole class, whichever was least wrong over all of its items.

Candidates: simple exponential smoothing, moving average of 12, TSB (Teunter, Syntetos and Babai, 2011) and ADIDA
(Nikolopoulos et al., 2011). All of them fade when demand stays away, unlike Croston's.
"""

from __future__ import annotations

import numpy as np

from data_access.planning.demand import Backtest, Floats
from data_access.planning.forecast.classes import adi, begun
from data_access.planning.forecast.intervals import Method, origins, rolling
from data_access.planning.forecast.scores import pooled_rmsse, step_scale
from data_access.planning.forecast.shape import blocks
from data_access.planning.forecast.theta import smooth

ALPHAS = np.array([0.02, 0.05, 0.1, 0.15, 0.2, 0.3])
WINDOW = 12
RATE = 0.1
ORIGINS, STEP = 8, 4


def since(history: Floats) -> Floats:
    """(items, periods) the known periods since the first sale, moved to the right end; NaN before them."""
    sold = begun(history)
    return np.take_along_axis(sold, np.argsort(~np.isnan(sold), axis=1, kind="stable"), axis=1)


def flat(level: Floats, horizon: int) -> Floats:
    """(items, horizon) the level carried on, never below zero."""
    return np.repeat(np.maximum(level, 0.0)[:, None], horizon, axis=1)


def best_level(values: Floats) -> Floats:
    """(items,) last level of simple exponential smoothing with the rate that fitted best; 0 without a value."""
    out = np.zeros(len(values))
    for block in blocks(values):
        level, errors = smooth(block.values, block.running, ALPHAS)
        out[block.rows] = level[errors.argmin(axis=0), np.arange(len(block.rows))]
    return out


def ses(history: Floats, horizon: int) -> Floats:
    """(items, horizon) simple exponential smoothing over known periods since the first sale."""
    return flat(best_level(since(history)), horizon)


def moving_average(history: Floats, horizon: int) -> Floats:
    """(items, horizon) mean of the last 12 known periods, of fewer for an item that first sold within them."""
    last = since(history)[:, -WINDOW:]
    there = ~np.isnan(last)
    return flat(np.where(there, last, 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1), horizon)


def tsb(history: Floats, horizon: int, rate: float = RATE) -> Floats:
    """(items, horizon) probability of a sale x size of a sale, the first smoothed every period, the second at sales;
    they start at the item's mean probability and first size."""
    out = np.zeros(len(history))
    for block in blocks(since(history)):
        sold = block.values > 0
        there = np.arange(len(sold))[:, None] < block.length[None, :]
        chance = (sold & there).sum(axis=0) / block.length
        size = block.values[0].copy()
        for t in range(1, len(sold)):
            k = block.running[t]
            hit = sold[t, :k]
            chance[:k] += rate * (hit - chance[:k])
            size[:k] += np.where(hit, rate * (block.values[t, :k] - size[:k]), 0.0)
        out[block.rows] = chance * size
    return flat(out, horizon)


def adida(history: Floats, horizon: int) -> Floats:
    """(items, horizon) sums over buckets as long as the mean interval, smoothed, shared out evenly again."""
    values = since(history)
    bucket = np.maximum(np.nan_to_num(np.rint(adi(history)), nan=1.0), 1).astype(np.int64)
    level = np.zeros(len(values))
    for length in np.unique(bucket):
        rows = np.flatnonzero(bucket == length)
        whole = values[rows][:, values.shape[1] % length :]
        sums = whole.reshape(len(rows), -1, length).sum(axis=2)
        level[rows] = best_level(sums) / length
    return flat(level, horizon)


METHODS: dict[str, Method] = {"ses": ses, "moving_average": moving_average, "tsb": tsb, "adida": adida}


def choose(history: Floats, horizon: int, period: int) -> tuple[str, Backtest, dict[str, float]]:
    """The method with the smallest pooled RMSSE at rolling origins, its backtest, and the RMSSE of each.

    Simple exponential smoothing where nothing can be judged.
    """
    at = origins(history.shape[1], ORIGINS, STEP)
    tests = {name: rolling(history, method, horizon, at, period) for name, method in METHODS.items()}
    scale = step_scale(history)
    score = {name: pooled_rmsse(test.forecast, test.actual, scale) for name, test in tests.items()}
    best = min(METHODS, key=lambda name: np.inf if np.isnan(score[name]) else score[name])
    return best, tests[best], score
