"""Campaigns apart from everyday demand: taken out of the history, measured, and added back where one is planned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_access.planning.demand import Bools, Floats
from data_access.planning.forecast.censored import expected
from data_access.planning.forecast.classes import Names
from data_access.planning.weeks import Ints

LEAST = 3  # campaign periods that make a median


@dataclass(frozen=True)
class Campaigns:
    """One row an item, a period and a campaign. item, period: (rows,) places in the history or in the horizon;
    kind: (rows,) type of campaign; one that meets another in the same period counts with the larger effect."""

    item: Ints
    period: Ints
    kind: Names

    def before(self, period: int) -> Campaigns:
        """Those in periods before `period`."""
        return self._some(self.period < period)

    def since(self, period: int) -> Campaigns:
        """Those from `period` on, counted from there."""
        later = self._some(self.period >= period)
        return Campaigns(later.item, later.period - period, later.kind)

    def and_then(self, others: Campaigns, periods: int) -> Campaigns:
        """These, and `others`, which are counted from `periods` on."""
        return Campaigns(
            np.concatenate([self.item, others.item]),
            np.concatenate([self.period, others.period + periods]),
            np.concatenate([self.kind, others.kind]),
        )

    def _some(self, which: Bools) -> Campaigns:
        return Campaigns(self.item[which], self.period[which], self.kind[which])

    def cells(self, shape: tuple[int, ...]) -> Bools:
        """(items, periods) whether a campaign ran."""
        found = np.zeros(shape, dtype=np.bool_)
        found[self.item, self.period] = True
        return found


def cleanse(history: Floats, campaigns: Campaigns, period: int) -> Floats:
    """(items, periods) history with campaign periods at the level and season of the periods around them."""
    rows = np.unique(campaigns.item)
    ran, before = campaigns.cells(history.shape)[rows], history[rows]
    base = expected(before, ran, period)
    cleansed = history.copy()
    cleansed[rows] = np.where(ran & ~np.isnan(base) & ~np.isnan(before), base, before)
    return cleansed


@dataclass(frozen=True)
class Uplift:
    """Median actual / baseline. both: by (family, kind); kinds: by kind; overall: of all campaigns, 1 without any."""

    both: dict[tuple[str, str], float]
    kinds: dict[str, float]
    overall: float

    def of(self, family: Names, kind: Names) -> Floats:
        """(rows,) that of the family and kind, else of the kind in all families, else of all campaigns."""
        pairs = zip(family.tolist(), kind.tolist(), strict=True)
        return np.array([self.both.get((f, k), self.kinds.get(k, self.overall)) for f, k in pairs], dtype=float)


def uplift(history: Floats, baseline: Floats, campaigns: Campaigns, families: Names) -> Uplift:
    """What campaigns did so far; families: (items,). A median needs three campaign periods with a baseline."""
    actual = history[campaigns.item, campaigns.period]
    base = baseline[campaigns.item, campaigns.period]
    judged = (base > 0) & ~np.isnan(actual)
    rows = pd.DataFrame(
        {
            "family": families[campaigns.item[judged]],
            "kind": campaigns.kind[judged],
            "ratio": np.maximum(actual[judged] / base[judged], 0.0),
        }
    )
    return Uplift(
        {(str(key[0]), str(key[1])): value for key, value in _medians(rows, ["family", "kind"])},
        {str(key[0]): value for key, value in _medians(rows, ["kind"])},
        float(rows["ratio"].median()) if len(rows) >= LEAST else 1.0,
    )


def add_back(mean: Floats, planned: Campaigns, effect: Uplift, families: Names) -> Floats:
    """(items, horizon) baseline forecast x uplift in the periods in which a campaign is planned."""
    factor = effect.of(families[planned.item], planned.kind)
    strongest = np.full(mean.shape, -np.inf)
    np.maximum.at(strongest, (planned.item, planned.period), factor)
    return np.asarray(mean * np.where(np.isfinite(strongest), strongest, 1.0))


def _medians(rows: pd.DataFrame, by: list[str]) -> list[tuple[tuple[object, ...], float]]:
    found = rows.groupby(by)["ratio"].agg(["median", "size"])
    enough = found[found["size"] >= LEAST]["median"]
    return [(key if isinstance(key, tuple) else (key,), float(value)) for key, value in enough.items()]
