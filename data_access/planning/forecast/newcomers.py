"""Items too young to forecast from themselves: the way their family's items began, drawn towards their own sales."""

from __future__ import annotations

import numpy as np

from data_access.planning.demand import Backtest, Floats
from data_access.planning.forecast.classes import Names, since_first_sale
from data_access.planning.weeks import Ints

MODEL = "family_ramp"
SHRINK = 6.0
LEAST_ANALOGUES = 3


def by_age(history: Floats, ages: int) -> Floats:
    """(items, ages) demand by periods since the first sale; NaN beyond what is known.

    An item that sold in the first column may be older than the history and tells nothing about beginnings.
    """
    sold = history > 0
    first = np.where(sold.any(axis=1), sold.argmax(axis=1) if history.shape[1] else 0, history.shape[1])
    column = first[:, None] + np.arange(ages)[None, :]
    inside = (column < history.shape[1]) & (first > 0)[:, None]
    if not history.shape[1]:
        return np.full((len(history), ages), np.nan)
    found = np.take_along_axis(history, np.minimum(column, history.shape[1] - 1), axis=1)
    return np.asarray(np.where(inside, found, np.nan))


def ramp(history: Floats, ages: int) -> Floats:
    """(ages,) mean demand at each age of the items given, NaN-free; an age that fewer than three of them have reached
    takes the one before; zeros where there is no such item at all."""
    values = by_age(history, ages)
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    mean = np.where(known, values, 0.0).sum(axis=0) / np.maximum(count, 1)
    enough = count >= min(LEAST_ANALOGUES, max(int(count.max(initial=0)), 1))
    last = np.maximum.accumulate(np.where(enough, np.arange(ages), -1))
    return np.asarray(np.where(last >= 0, np.maximum(mean[np.maximum(last, 0)], 0.0), 0.0))


def newcomers(history: Floats, horizon: int, families: Names, analogues: Floats, analogue_families: Names) -> Floats:
    """(items, horizon) the family's ramp x a level; analogues: (others, periods) histories of items to learn from.

    The level compares the item's own sales so far with the ramp at the same ages and is shrunk to 1 by n / (n + 6),
    n periods since the first sale. A family without analogues uses those of all families; without any ramp the item's
    own mean is carried on.
    """
    counted = since_first_sale(history)
    age = np.asarray(counted.sum(axis=1), dtype=np.int64)
    own = np.maximum(np.where(counted, history, 0.0).sum(axis=1), 0.0)
    reach = int(age.max(initial=0)) + horizon
    out = np.zeros((len(history), horizon))
    everyone = ramp(analogues, reach)
    for family in np.unique(families):
        rows = np.flatnonzero(families == family)
        same = analogues[analogue_families == family]
        line = ramp(same, reach)
        out[rows] = _shrunk(own[rows], age[rows], line if line.any() else everyone, horizon)
    return out


def _shrunk(own: Floats, age: Ints, line: Floats, horizon: int) -> Floats:
    if not line.any():
        return np.repeat((own / np.maximum(age, 1))[:, None], horizon, axis=1)
    so_far = np.concatenate([[0.0], np.cumsum(line)])[age]
    weight = np.where(so_far > 0, age / (age + SHRINK), 0.0)
    level = weight * np.where(so_far > 0, own / np.where(so_far > 0, so_far, 1.0), 0.0) + (1 - weight)
    return np.asarray(level[:, None] * line[age[:, None] + np.arange(horizon)[None, :]])


def backtest(analogues: Floats, families: Names, horizon: int, ages: tuple[int, ...] = (1, 3, 5)) -> Backtest:
    """What `newcomers` would have said of items that are no longer new when they had sold for 1, 3 and 5 periods;
    the scale is the forecast's own mean. Items that sold in the first column are left out: their age is unknown."""
    began = by_age(analogues, max(ages) + horizon)
    rows = np.flatnonzero(~np.isnan(began[:, 0])) if len(began) else np.zeros(0, dtype=np.int64)
    began = began[rows]
    shape = (len(ages), len(rows), horizon)
    forecast, actual, scale = np.zeros(shape), np.zeros(shape), np.zeros(shape[:2])
    for row, age in enumerate(ages):
        forecast[row] = newcomers(began[:, :age], horizon, families[rows], analogues, families)
        actual[row] = began[:, age : age + horizon]
        scale[row] = forecast[row].mean(axis=1)
    return Backtest(forecast, actual, scale, np.array(ages, dtype=np.int64))
