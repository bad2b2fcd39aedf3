"""How good a forecast was. Arrays of any shape whose last axis is time; NaN is not judged, and an empty sum is NaN."""

from __future__ import annotations

import numpy as np

from data_access.planning.demand import Floats


def judged(forecast: Floats, actual: Floats) -> Floats:
    """Forecast - actual, NaN where either is unknown."""
    return np.asarray(forecast - actual)


def ratio(part: Floats, whole: Floats) -> Floats:
    """part / whole, NaN where whole is not positive."""
    return np.asarray(np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan))


def wape(forecast: Floats, actual: Floats) -> Floats:
    """Sum of absolute errors / sum of absolute demand, over the last axis."""
    error = judged(forecast, actual)
    volume = np.where(np.isnan(error), 0.0, np.abs(actual))
    return ratio(np.nansum(np.abs(error), axis=-1), volume.sum(axis=-1))


def bias(forecast: Floats, actual: Floats) -> Floats:
    """Sum of errors / sum of absolute demand: 0.05 says 5 % too much was expected."""
    error = judged(forecast, actual)
    volume = np.where(np.isnan(error), 0.0, np.abs(actual))
    return ratio(np.nansum(error, axis=-1), volume.sum(axis=-1))


def smape(forecast: Floats, actual: Floats) -> Floats:
    """Mean of 200 |error| / (|forecast| + |actual|), in percent; a period with both at zero counts as no error."""
    size = np.abs(forecast) + np.abs(actual)
    return mean(200 * np.abs(forecast - actual) / np.where(size == 0, 1.0, size))


def mean(values: Floats) -> Floats:
    """Mean over the last axis of what is known."""
    known = ~np.isnan(values)
    return ratio(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1).astype(float))


def naive_scale(history: Floats, period: int = 1) -> Floats:
    """(items,) mean absolute error of repeating the value of `period` periods before within the history."""
    return mean(np.abs(history[:, period:] - history[:, :-period]))


def step_scale(history: Floats) -> Floats:
    """(items,) mean squared change from one period to the next, from the first sale on."""
    sold = np.logical_or.accumulate(history > 0, axis=1)
    return mean(np.where(sold[:, :-1], np.diff(history, axis=1) ** 2, np.nan))


def mase(forecast: Floats, actual: Floats, scale: Floats) -> Floats:
    """(items,) mean absolute error / naive_scale of the history."""
    return ratio(mean(np.abs(judged(forecast, actual))), scale)


def rmsse(forecast: Floats, actual: Floats, scale: Floats) -> Floats:
    """(items,) root of mean squared error / step_scale of the history."""
    return np.asarray(np.sqrt(ratio(mean(judged(forecast, actual) ** 2), scale)))


def pooled_rmsse(forecast: Floats, actual: Floats, scale: Floats) -> float:
    """One figure for many items: root of the mean scaled squared error over (origins, items, horizon)."""
    square = judged(forecast, actual) ** 2
    scaled = ratio(square, np.broadcast_to(scale[None, :, None], square.shape))
    return float(np.sqrt(mean(scaled.reshape(-1))))


def owa(smape_: float, mase_: float, smape_naive2: float, mase_naive2: float) -> float:
    """Overall weighted average of the M4 competition: below 1 is better than Naive2."""
    return (smape_ / smape_naive2 + mase_ / mase_naive2) / 2


def tracking_signal(forecast: Floats, actual: Floats) -> Floats:
    """Sum of errors / mean absolute error over the last axis: beyond +-4 the forecast runs off to one side."""
    error = judged(forecast, actual)
    return ratio(np.nansum(error, axis=-1), mean(np.abs(error)))


def coverage(low: Floats, high: Floats, actual: Floats) -> Floats:
    """Share of the actuals inside the band, ends included."""
    known = ~np.isnan(low) & ~np.isnan(high) & ~np.isnan(actual)
    return mean(np.where(known, ((actual >= low) & (actual <= high)).astype(float), np.nan))


def value_added(forecast: Floats, reference: Floats, actual: Floats) -> Floats:
    """Forecast value added: WAPE of the reference - WAPE of the forecast, where both are known. Below 0: worse."""
    both = np.where(np.isnan(forecast) | np.isnan(reference), np.nan, actual)
    return np.asarray(wape(reference, both) - wape(forecast, both))
