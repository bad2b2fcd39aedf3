"""How good the forecast has been: measured on weeks it had not seen."""

from __future__ import annotations

import numpy as np

from data_access.planning.demand import Backtest, Floats, band, quantiles
from data_access.planning.weeks import Ints

NEAR = 4


def held_out(test: Backtest, share: float, neighbours: int = 0) -> Floats:
    """(origins, items, horizon) 1 inside the band, 0 outside, NaN not judged.

    The band's width comes from errors known at the middle origin; only origins from there on are judged.
    """
    if len(test.origins) < 2:
        return np.full(test.actual.shape, np.nan)
    middle = len(test.origins) // 2
    errors = test.errors()
    targets = test.origins[:, None] + np.arange(errors.shape[2])[None, :]
    seen = np.where((targets < test.origins[middle])[:, None, :], errors, np.nan)
    width = quantiles(seen, share, neighbours)
    inside = np.full(test.actual.shape, np.nan)
    for row in range(middle, len(test.origins)):
        low, high = band(test.forecast[row], test.scale[row], width)
        hit = (test.actual[row] >= low) & (test.actual[row] <= high)
        judged = ~np.isnan(test.actual[row]) & ~np.isnan(high)
        inside[row] = np.where(judged, hit.astype(float), np.nan)
    return inside


def naive(history: Floats, ago: Ints, test: Backtest) -> Floats:
    """(origins, items, horizon) repeating the same week of last year, or the last week where there is no last year."""
    out = np.full(test.actual.shape, np.nan)
    horizon = test.actual.shape[2]
    for row, origin in enumerate(test.origins):
        back = ago[origin : origin + horizon]
        out[row] = np.where(back >= 0, history[:, np.maximum(back, 0)], history[:, [origin - 1]])
    return out


def scores(history: Floats, ago: Ints, test: Backtest, neighbours: int = 0) -> dict[str, Floats]:
    """(items,) wape, rmsse, bias, coverage80, beats_naive (1/0), naive_wape and tracking_signal four weeks ahead;
    NaN = not measurable."""
    near = Backtest(test.forecast[:, :, :NEAR], test.actual[:, :, :NEAR], test.scale, test.origins)
    error = near.forecast - near.actual
    volume = _sum(np.abs(near.actual))
    missed = _sum(np.abs(error))
    naive_missed = _sum(np.abs(naive(history, ago, near) - near.actual))
    step = np.diff(history, axis=1)
    naive_square = np.mean(step**2, axis=1) if step.shape[1] else np.zeros(len(history))
    inside = held_out(near, 0.8, neighbours)
    judged = _sum(np.where(np.isnan(inside), np.nan, 1.0))
    count = _sum(np.where(np.isnan(error), np.nan, 1.0))
    return {
        "wape": _ratio(missed, volume),
        "rmsse": np.sqrt(_ratio(_ratio(_sum(error**2), count), naive_square)),
        "bias": _ratio(_sum(error), volume),
        "coverage80": _ratio(_sum(inside), judged),
        "beats_naive": np.where(volume > 0, (missed < naive_missed).astype(float), np.nan),
        "naive_wape": _ratio(naive_missed, volume),
        "tracking_signal": _ratio(_sum(error), _ratio(missed, count)),
    }


def _sum(values: Floats) -> Floats:
    return np.asarray(np.nansum(values, axis=(0, 2)))


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.asarray(np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan))
