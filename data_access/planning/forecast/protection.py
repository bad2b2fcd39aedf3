"""Safety stock from what forecasts got wrong: the error of the sum over the time that stock has to bridge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_access.planning import safety
from data_access.planning.demand import Floats
from data_access.planning.forecast.ensemble import MODEL
from data_access.planning.forecast.items import Expected, Group
from data_access.planning.weeks import Ints

LEAST = 6  # origins from which on an item's own error counts; fewer: that of its class


@dataclass(frozen=True)
class Bridged:
    """What stock has to bridge, all (items,). periods: lead time and review; service_level: share of replenishment
    cycles without a stock-out; deviation: of the lead time, in periods."""

    periods: Ints
    service_level: Floats
    deviation: Floats


@dataclass(frozen=True)
class Protection:
    """All (items,), NaN where no error was measured. error: root mean square of the cumulative error; measured: safety
    stock from it, of intermittent demand from its quantile; textbook: z x sigma x sqrt(periods)."""

    error: Floats
    measured: Floats
    textbook: Floats


def protection(found: Expected, bridged: Bridged) -> Protection:
    """What the items' methods got wrong over the periods to bridge, in each item's unit."""
    count = len(found.scale)
    error, buffer, single = (np.full(count, np.nan) for _ in range(3))
    z = np.array([safety.service_factor(level) for level in bridged.service_level.tolist()])
    demand = found.mean.mean(axis=1) if found.mean.shape[1] else np.zeros(count)
    for group in found.groups:
        rows = group.rows
        error[rows] = _spread(group, bridged.periods, found.scale)
        single[rows] = _spread(group, np.ones_like(bridged.periods), found.scale)
        if group.model == MODEL:
            buffer[rows] = safety.measured(error[rows], z[rows], demand[rows], bridged.deviation[rows])
        else:
            buffer[rows] = _quantile(group, bridged, found.scale)
    textbook = safety.textbook(z, single, bridged.periods, demand, bridged.deviation)
    return Protection(error, buffer, textbook)


def _sums(group: Group, periods: Ints) -> Floats:
    """(origins, tested) cumulative errors over each tested item's `periods` (tested,)."""
    return safety.cumulative_errors(group.test.actual - group.test.forecast, periods)


def _scaled(group: Group, periods: int) -> Floats:
    """The same over equal periods, in units of each item's scale, of all tested items."""
    scale = group.test.scale
    sums = _sums(group, np.full(len(group.sample), periods))
    return np.asarray(np.where(scale > 0, sums / np.where(scale > 0, scale, 1.0), np.nan))


def _spread(group: Group, periods: Ints, scale: Floats) -> Floats:
    """(rows,) root mean square cumulative error: the item's own where enough origins saw it, else its class's."""
    found = np.full(len(scale), np.nan)
    for length in np.unique(periods[group.rows]).tolist():
        pooled = safety.rmse(_scaled(group, length).reshape(-1, 1))[0]
        rows = group.rows[periods[group.rows] == length]
        found[rows] = pooled * scale[rows]
    sums = _sums(group, periods[group.sample])
    seen = (~np.isnan(sums)).sum(axis=0) >= LEAST
    found[group.sample[seen]] = safety.rmse(sums)[seen]
    return np.asarray(found[group.rows])


def _quantile(group: Group, bridged: Bridged, scale: Floats) -> Floats:
    """(rows,) quantile of the class's cumulative errors, in units of each item's scale, times its own."""
    found = np.full(len(scale), np.nan)
    wanted = np.column_stack([bridged.periods[group.rows], bridged.service_level[group.rows]])
    for length, level in np.unique(wanted, axis=0).tolist():
        rows = group.rows[(wanted[:, 0] == length) & (wanted[:, 1] == level)]
        found[rows] = safety.empirical(_scaled(group, int(length)), level) * scale[rows]
    return np.asarray(found[group.rows])
