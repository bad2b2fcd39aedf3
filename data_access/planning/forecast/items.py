"""Every item by the method of its class, with the band that method earned at past origins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from data_access.planning.demand import Backtest, Bools, Floats
from data_access.planning.forecast import newcomers
from data_access.planning.forecast.campaigns import Campaigns, Uplift, add_back, cleanse, uplift
from data_access.planning.forecast.censored import impute, mask
from data_access.planning.forecast.classes import (
    DISCONTINUED,
    ERRATIC,
    INTERMITTENT,
    LUMPY,
    NEWCOMER,
    SMOOTH,
    Names,
    begun,
    classify,
)
from data_access.planning.forecast.ensemble import MODEL, ensemble
from data_access.planning.forecast.intermittent import METHODS, choose
from data_access.planning.forecast.intervals import SHARES, Method, origins, rolling, spread, widths
from data_access.planning.forecast.season import kept
from data_access.planning.weeks import Ints

POOL_ITEMS = 2000
ORIGINS = 12
NEIGHBOURS = 2
FEW = 50  # items of a class below which neighbouring horizons are pooled as well
NOTHING = "none"


@dataclass(frozen=True)
class History:
    """What is known of items, all with the same periods. sales: (items, periods); period: periods in a year;
    families: (items,); out_of_stock: (items, periods) or None; past, planned: campaigns in the history and ahead;
    ended: (items,) no longer sold, by decision, or None."""

    sales: Floats
    period: int
    families: Names
    out_of_stock: Bools | None = None
    past: Campaigns | None = None
    planned: Campaigns | None = None
    ended: Bools | None = None

    def visible(self) -> Floats:
        """(items, periods) sales, NaN where the item was out of stock."""
        return self.sales if self.out_of_stock is None else mask(self.sales, self.out_of_stock)

    @cached_property
    def everyday(self) -> Floats:
        """(items, periods) visible sales without campaigns."""
        return self.visible() if self.past is None else cleanse(self.visible(), self.past, self.period)

    @cached_property
    def whole(self) -> Floats:
        """(items, periods) everyday demand since the first sale, NaN before it; periods out of stock at max(sales, what
        is expected of them)."""
        sold = begun(self.everyday)
        if self.out_of_stock is not None:
            sold = impute(np.where(self.out_of_stock, self.sales, sold), self.out_of_stock, self.period)
        return np.where(np.isnan(begun(self.sales)), np.nan, sold)

    def kinds(self) -> Names:
        """(items,) classes; what is no longer sold is discontinued however well it sold."""
        found = classify(self.everyday)
        return found if self.ended is None else np.where(self.ended, DISCONTINUED, found)

    def effect(self) -> Uplift:
        """What past campaigns did to sales."""
        if self.past is None:
            return Uplift({}, {}, 1.0)
        return uplift(self.visible(), self.everyday, self.past, self.families)


@dataclass(frozen=True)
class Group:
    """Items forecast by one method. rows: (items,) their places; sample: (tested,) the places of those that `test`, its
    backtest, is about."""

    rows: Ints
    model: str
    method: Method
    sample: Ints
    test: Backtest

    def widths(self) -> Floats:
        """(shares, horizon) half-widths in units of scale."""
        few = self.test.forecast.shape[1] < FEW
        return widths(self.test, neighbours=NEIGHBOURS if few else 0)


@dataclass(frozen=True)
class Expected:
    """mean: (items, horizon) per period; half: (shares, items, horizon) half-widths of the 80 and the 95 % band, NaN
    where no error was measured; kind, model: (items,) class and method; scale: (items,) unit of the band's width;
    groups: the items that have a method, with its backtest."""

    mean: Floats
    half: Floats
    kind: Names
    model: Names
    scale: Floats
    groups: tuple[Group, ...] = ()

    @property
    def low(self) -> Floats:
        """(shares, items, horizon) lower ends."""
        return np.asarray(np.maximum(self.mean - self.half, 0.0))

    @property
    def high(self) -> Floats:
        """(shares, items, horizon) upper ends."""
        return np.asarray(self.mean + self.half)

    def times(self, factors: Floats) -> Expected:
        """Everything times (horizon,) factors."""
        return replace(self, mean=self.mean * factors, half=self.half * factors)

    def with_campaigns(self, history: History) -> Expected:
        """Times the uplift of past campaigns where one is planned; the band keeps its width."""
        if history.planned is None:
            return self
        planned = history.planned.before(self.mean.shape[1])
        effect = history.effect()
        return replace(self, mean=add_back(self.mean, planned, effect, history.families))


def groups(kind: Names, everyday: Floats, horizon: int, period: int) -> list[Group]:
    """Smooth and erratic items by the ensemble, each with a band of its own; intermittent and lumpy ones together by
    one method chosen for them all. New and discontinued items are in none."""
    by_ensemble = partial(ensemble, period=period)
    found = []
    step = -(-horizon // ORIGINS) + 1
    at = origins(everyday.shape[1], ORIGINS, step)
    for name in (SMOOTH, ERRATIC):
        rows = np.flatnonzero(kind == name)
        if len(rows):
            sample = _sample(rows)
            test = rolling(everyday[sample], by_ensemble, horizon, at, period)
            found.append(Group(rows, MODEL, by_ensemble, sample, test))
    rows = np.flatnonzero((kind == INTERMITTENT) | (kind == LUMPY))
    if len(rows):
        sample = _sample(rows)
        best, test, _ = choose(everyday[sample], horizon, period)
        found.append(Group(rows, best, METHODS[best], sample, test))
    return found


def expect(history: History, horizon: int) -> Expected:
    """Everyday demand of the next `horizon` periods: by the groups' methods, for new items by their family's ramp,
    nothing for discontinued ones."""
    everyday = history.everyday
    kind = history.kinds()
    sold = begun(everyday)
    mean = np.zeros((len(sold), horizon))
    width = np.full((len(SHARES), *mean.shape), np.nan)
    model = np.full(len(sold), NOTHING, dtype="<U20")
    scale = spread(kept(sold, history.period), history.period)
    by_method = groups(kind, sold, horizon, history.period)
    for group in by_method:
        mean[group.rows] = group.method(
            history.whole[group.rows] if group.model == MODEL else sold[group.rows], horizon
        )
        model[group.rows] = group.model
        width[:, group.rows] = group.widths()[:, None, :]

    young, others = np.flatnonzero(kind == NEWCOMER), np.flatnonzero(kind != NEWCOMER)
    if len(young):
        known, families = sold[others], history.families[others]
        mean[young] = newcomers.newcomers(sold[young], horizon, history.families[young], known, families)
        model[young] = newcomers.MODEL
        scale[young] = mean[young].mean(axis=1)
        width[:, young] = widths(newcomers.backtest(known, families, horizon))[:, None, :]

    return Expected(mean, scale[None, :, None] * width, kind, model, scale, tuple(by_method))


def _sample(rows: Ints) -> Ints:
    return rows[:: max(1, len(rows) // POOL_ITEMS)]
