"""What the deals in the CRM add to the forecast: only large ones, weighted by how often such deals were won before.

Small deals are what the baseline already consists of; counting them again would double them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_access.planning.demand import Bools, Floats
from data_access.planning.forecast.classes import Names
from data_access.planning.weeks import Ints

PRIOR = 20.0
LARGE = 2.0


def win_rates(stage: Names, won: Bools, prior: dict[str, float]) -> dict[str, float]:
    """By stage: (wins + 20 p0) / (n + 20) of the n closed deals that went through it.

    stage, won: (rows,) one row a closed deal and a stage it went through; prior: p0 of every stage, for example the
    CRM's own probability.
    """
    rates = {}
    for name, p0 in prior.items():
        here = stage == name
        rates[name] = float((won[here].sum() + PRIOR * p0) / (here.sum() + PRIOR))
    return rates


def lags(stage: Names, days: Floats, otherwise: float) -> dict[str, float]:
    """By stage: median days from entering it to winning, of deals won; `otherwise` for "" stands for other stages.

    stage, days: (rows,) one row a won deal and a stage it went through.
    """
    known = ~np.isnan(days)
    found = {str(name): float(np.median(days[known & (stage == name)])) for name in np.unique(stage[known])}
    return {**found, "": otherwise if not known.any() else float(np.median(days[known]))}


def weekly_spread(history: Floats) -> Floats:
    """(items,) standard deviation of known periods; 0 where fewer than two are known."""
    known = ~np.isnan(history)
    count = known.sum(axis=1)
    mean = np.where(known, history, 0.0).sum(axis=1) / np.maximum(count, 1)
    away = np.where(known, history - mean[:, None], 0.0)
    return np.asarray(np.sqrt((away**2).sum(axis=1) / np.maximum(count - 1, 1)))


@dataclass(frozen=True)
class Deals:
    """Open deals by item, one row each. item: (rows,) place of the item; quantity: (rows,) in its unit; stage: (rows,);
    in_stage: (rows,) days since it entered that stage."""

    item: Ints
    quantity: Floats
    stage: Names
    in_stage: Floats


@dataclass(frozen=True)
class Term:
    """(items, horizon) each: large open deals at their full quantity, and weighted by their chance."""

    unweighted: Floats
    weighted: Floats


def term(
    deals: Deals, spread: Floats, rates: dict[str, float], lag: dict[str, float], horizon: int, days: float = 7.0
) -> Term:
    """What large deals add by period; spread: (items,) standard deviation of a period; days: length of a period.

    A deal counts when its quantity exceeds two standard deviations of its item, in the period in which deals of its
    stage close by the measured lag; one that is overdue counts in the first, one beyond the horizon in none.
    """
    unweighted, weighted = np.zeros((len(spread), horizon)), np.zeros((len(spread), horizon))
    wait = np.array([lag.get(name, lag[""]) for name in deals.stage.tolist()], dtype=float)
    chance = np.array([rates.get(name, 0.0) for name in deals.stage.tolist()], dtype=float)
    left = np.maximum(np.nan_to_num(wait - deals.in_stage), 0.0)
    period = np.floor(left / days)
    counts = (deals.quantity > LARGE * spread[deals.item]) & (period < horizon)
    place = (deals.item[counts], period[counts].astype(np.int64))
    np.add.at(unweighted, place, deals.quantity[counts])
    np.add.at(weighted, place, deals.quantity[counts] * chance[counts])
    return Term(unweighted, weighted)


def demand(baseline: Floats, confirmed: Floats, weighted: Floats) -> Floats:
    """(items, horizon) max(baseline, confirmed orders) + weighted large deals."""
    return np.asarray(np.maximum(np.maximum(baseline, confirmed), 0.0) + weighted)
