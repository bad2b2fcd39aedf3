"""Damped-trend exponential smoothing (Gardner and McKenzie, 1985); its parameters by one grid search for all items."""

from __future__ import annotations

import numpy as np

from data_access.planning.demand import Floats
from data_access.planning.forecast.shape import Block, blocks

ALPHAS = (0.02, 0.05, 0.1, 0.2, 0.35, 0.6, 0.9)
BETAS = (0.0, 0.05, 0.2)  # share of the level's correction that reaches the trend
PHIS = (0.8, 0.9, 0.98)
GRID = np.array([(a, a * b, phi) for a in ALPHAS for b in BETAS for phi in PHIS])
FIRST = 8


def smooth(block: Block, grid: Floats = GRID) -> tuple[Floats, Floats, Floats]:
    """Last level and trend and the sum of squared one-step errors, each (grid, items).

    grid: (grid, 3) rates of level and trend, damping. The recursion starts from the straight line through the first
    eight values.
    """
    alpha, beta, phi = (column[:, None] for column in grid.T)
    values = block.values
    level0, trend0 = begin(block)
    level = np.repeat(level0[None, :], len(grid), axis=0)
    trend = np.repeat(trend0[None, :], len(grid), axis=0)
    errors, error, part = np.zeros_like(level), np.empty_like(level), np.empty_like(level)
    for t in range(len(values)):
        k = block.running[t]
        now, slope, miss, piece = level[:, :k], trend[:, :k], error[:, :k], part[:, :k]
        slope *= phi
        now += slope
        np.subtract(values[t, :k], now, out=miss)
        np.multiply(miss, miss, out=piece)
        errors[:, :k] += piece
        np.multiply(miss, alpha, out=piece)
        now += piece
        miss *= beta
        slope += miss
    return level, trend, errors


def begin(block: Block) -> tuple[Floats, Floats]:
    """(items,) level before the first value and trend: the straight line through the first eight values."""
    first = block.values[:FIRST]
    there = np.arange(len(first))[:, None] < block.length[None, :]
    count = there.sum(axis=0).astype(float)
    mean = np.where(there, first, 0.0).sum(axis=0) / count
    away = np.where(there, np.arange(len(first))[:, None] - (count - 1) / 2, 0.0)
    square = (away**2).sum(axis=0)
    trend = (away * np.where(there, first, 0.0)).sum(axis=0) / np.where(square > 0, square, 1.0)
    return mean - trend * (count + 1) / 2, trend


def damped(history: Floats, horizon: int) -> Floats:
    """(items, horizon) forecast of histories without gaps and without season; 0 for an item without a value."""
    out = np.zeros((len(history), horizon))
    steps = np.arange(1, horizon + 1)
    for block in blocks(history):
        level, trend, errors = smooth(block)
        best = errors.argmin(axis=0)
        each = np.arange(len(best))
        phi = GRID[best, 2][:, None]
        reach = np.cumsum(phi ** steps[None, :], axis=1)
        out[block.rows] = level[best, each][:, None] + trend[best, each][:, None] * reach
    return out
