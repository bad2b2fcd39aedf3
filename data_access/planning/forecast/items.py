"""Every item by the method of its class, with the band that method earned at past origins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_access.planning.demand import Backtest, Bools, Floats, band
from data_access.planning.forecast import newcomers
from data_access.planning.forecast.campaigns import Campaigns, Uplift, add_back, cleanse, uplift
from data_access.planning.forecast.censored import impute, mask
from data_access.planning.forecast.classes import (
    ERRATIC,
    INTERMITTENT,
    LUMPY,
    NEWCOMER,
    SMOOTH,
    Names,
    classify,
)
from data_access.planning.forecast.ensemble import MODEL, ensemble
from data_access.planning.forecast.intermittent import METHODS, choose
from data_access.planning.forecast.intervals import Method, origins, rolling, spread, widths
from data_access.planning.forecast.season import kept
from data_access.planning.weeks import Ints

POOL_ITEMS = 2000
ORIGINS = 12
NEIGHBOURS = 2
FEW = 50  # items of a class below which neighbouring horizons are pooled as well


@dataclass(frozen=True)
class Expected:
    """mean, low, high: (items, horizon) and (shares, items, horizon) per period, low and high NaN where no error was
    measured; kind, model: (items,) class and method; scale: (items,) the unit of the band's width."""

    mean: Floats
    low: Floats
    high: Floats
    kind: Names
    model: Names
    scale: Floats


@dataclass(frozen=True)
class History:
    """What is known of items, all with the same periods. sales: (items, periods); period: periods in a year;
    families: (items,); out_of_stock: (items, periods) or None; past, planned: campaigns in the history and ahead."""

    sales: Floats
    period: int
    families: Names
    out_of_stock: Bools | None = None
    past: Campaigns | None = None
    planned: Campaigns | None = None

    def seen(self) -> Floats:
        """(items, periods) everyday demand, NaN where it could not be seen."""
        seen = self.sales if self.out_of_stock is None else mask(self.sales, self.out_of_stock)
        return seen if self.past is None else cleanse(seen, self.past, self.period)

    def whole(self, rows: Ints, seen: Floats) -> Floats:
        """The items of `rows` with periods out of stock at max(sales, what is expected of them)."""
        if self.out_of_stock is None:
            return seen[rows]
        hidden = self.out_of_stock[rows]
        return impute(np.where(hidden, self.sales[rows], seen[rows]), hidden, self.period)

    def effect(self, seen: Floats) -> Uplift:
        """What past campaigns did to sales."""
        if self.past is None:
            return Uplift({}, {}, 1.0)
        actual = self.sales if self.out_of_stock is None else mask(self.sales, self.out_of_stock)
        return uplift(actual, seen, self.past, self.families)


def expect(history: History, horizon: int) -> Expected:
    """Demand of the next `horizon` periods: the ensemble for smooth and erratic items, one method chosen for all
    intermittent and lumpy ones, the family's ramp for new ones, nothing for discontinued ones."""
    seen = history.seen()
    kind = classify(seen)
    shape = (len(seen), horizon)
    mean, width = np.zeros(shape), np.full((2, *shape), np.nan)
    model = np.full(len(seen), "none", dtype="<U20")
    scale = spread(kept(seen, history.period), history.period)

    def ensemble_of(known: Floats, ahead: int) -> Floats:
        return ensemble(known, ahead, history.period)

    regular = np.flatnonzero((kind == SMOOTH) | (kind == ERRATIC))
    mean[regular] = ensemble_of(history.whole(regular, seen), horizon)
    model[regular] = MODEL
    for name in (SMOOTH, ERRATIC):
        rows = np.flatnonzero(kind == name)
        width[:, rows] = _widths(judge(seen[rows], ensemble_of, horizon, history.period))[:, None, :]

    sparse = np.flatnonzero((kind == INTERMITTENT) | (kind == LUMPY))
    if len(sparse):
        pool = seen[sparse[:: stride(len(sparse))]]
        best, test, _ = choose(pool, horizon, history.period)
        mean[sparse] = METHODS[best](seen[sparse], horizon)
        model[sparse] = best
        width[:, sparse] = _widths(test)[:, None, :]

    young = np.flatnonzero(kind == NEWCOMER)
    if len(young):
        others = np.flatnonzero(kind != NEWCOMER)
        mean[young] = newcomers.newcomers(
            seen[young], horizon, history.families[young], seen[others], history.families[others]
        )
        model[young] = newcomers.MODEL
        scale[young] = mean[young].mean(axis=1)
        test = newcomers.backtest(seen[others], history.families[others], horizon)
        width[:, young] = _widths(test)[:, None, :]

    if history.planned is not None:
        mean = add_back(mean, history.planned, history.effect(seen), history.families)
    ends = [band(mean, scale, one) for one in width]
    return Expected(mean, np.array([low for low, _ in ends]), np.array([high for _, high in ends]), kind, model, scale)


def stride(items: int) -> int:
    """Every how many-th item stands for its class."""
    return max(1, items // POOL_ITEMS)


def judge(seen: Floats, method: Method, horizon: int, period: int) -> Backtest:
    """The method's backtest over a sample of the items, its origins spread over the last `horizon` periods and more."""
    step = max(1, -(-horizon // ORIGINS)) + 1
    return rolling(seen[:: stride(len(seen))], method, horizon, origins(seen.shape[1], ORIGINS, step), period)


def _widths(test: Backtest) -> Floats:
    few = test.forecast.shape[1] < FEW
    return widths(test, neighbours=NEIGHBOURS if few else 0)
