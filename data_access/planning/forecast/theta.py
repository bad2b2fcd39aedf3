"""The Theta method: half the straight line through the history, half simple exponential smoothing of the line that
bends twice as much (Assimakopoulos and Nikolopoulos, 2000)."""

from __future__ import annotations

import numpy as np

from data_access.planning.demand import Floats
from data_access.planning.forecast.shape import Block, blocks
from data_access.planning.weeks import Ints

ALPHAS = np.concatenate([np.arange(0.02, 0.2, 0.02), np.arange(0.2, 1.0, 0.05), [0.99]])


def line(block: Block) -> tuple[Floats, Floats]:
    """(items,) intercept at the first value and slope of the least-squares line; slope 0 for a single value."""
    there = np.arange(len(block.values))[:, None] < block.length[None, :]
    count = block.length.astype(float)
    values = np.where(there, block.values, 0.0)
    middle = (count - 1) / 2
    away = np.where(there, np.arange(len(values))[:, None] - middle[None, :], 0.0)
    square = count * (count**2 - 1) / 12
    slope = (away * values).sum(axis=0) / np.where(square > 0, square, 1.0)
    return values.sum(axis=0) / count - slope * middle, slope


def smooth(values: Floats, running: Ints, alphas: Floats = ALPHAS) -> tuple[Floats, Floats]:
    """(alphas, items) last level and sum of squared one-step errors of simple exponential smoothing from the first
    value; values: (periods, items), of which the first running[t] are smoothed in period t."""
    level = np.repeat(values[:1], len(alphas), axis=0)
    errors = np.zeros_like(level)
    rate = alphas[:, None]
    step = np.empty_like(level)
    square = np.empty_like(level)
    for t in range(1, len(values)):
        k = running[t]
        np.subtract(values[t, :k], level[:, :k], out=step[:, :k])
        np.multiply(step[:, :k], step[:, :k], out=square[:, :k])
        errors[:, :k] += square[:, :k]
        step[:, :k] *= rate
        level[:, :k] += step[:, :k]
    return level, errors


def theta(history: Floats, horizon: int) -> Floats:
    """(items, horizon) forecast of histories without gaps and without season; 0 for an item without a value."""
    out = np.zeros((len(history), horizon))
    ahead = np.arange(horizon)
    for block in blocks(history):
        intercept, slope = line(block)
        straight = intercept[None, :] + slope[None, :] * np.arange(len(block.values))[:, None]
        level, errors = smooth(2 * block.values - straight, block.running)
        best = errors.argmin(axis=0)
        last = level[best, np.arange(len(best))]
        line_ahead = intercept[:, None] + slope[:, None] * (block.length[:, None] + ahead[None, :])
        out[block.rows] = (line_ahead + last[:, None]) / 2
    return out
