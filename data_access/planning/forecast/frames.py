"""The weekly forecast of all items and of their total as frames: what is expected, how good the methods have been."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from data_access.planning.accuracy import NEAR, naive, scores
from data_access.planning.demand import HORIZON, Backtest, Floats
from data_access.planning.forecast.classes import begun
from data_access.planning.forecast.ensemble import MODEL, ensemble
from data_access.planning.forecast.history import Known, Parts
from data_access.planning.forecast.intermittent import METHODS
from data_access.planning.forecast.intervals import Method, origins, rolling
from data_access.planning.forecast.items import NEIGHBOURS, Expected, History, expect
from data_access.planning.forecast.protection import Bridged, protection
from data_access.planning.forecast.season import WEEKS
from data_access.planning.forecast.totals import factors
from data_access.planning.rows import ENDS, long_rows
from data_access.planning.weeks import Ints, week_starts, year_ago

JUDGED = 13
APART = 4
RECALLED = 8  # weeks back of the forecast that is shown beside what came


@dataclass(frozen=True)
class Forecast:
    """known: what it was made from; items, total: expected demand, in units and in base currency (one row)."""

    known: Known
    items: Expected
    total: Expected


def expected(known: Known, horizon: int = HORIZON) -> Forecast:
    """Every item by the method of its class, scaled so that all of them add up to the total, which is forecast by
    itself; then times what campaigns did where one is planned."""
    items = expect(known.history, horizon)
    total = expect(whole(known), horizon)
    per_item = items.times(factors(total.mean[0] * known.share, items.mean, known.price))
    with_campaigns = per_item.with_campaigns(known.history)
    more = ((with_campaigns.mean - per_item.mean) * known.price[:, None]).sum(axis=0)
    return Forecast(known, with_campaigns, _plus(total, more))


def whole(known: Known) -> History:
    """The total as a history of one row: what was asked for, without campaigns, with what empty shelves hid."""
    change = (np.nan_to_num(known.history.whole) - known.history.sales) * known.price[:, None]
    line = np.maximum(known.total + change.sum(axis=0), 0.0)
    return History(line[None, :], known.history.period, np.array(["total"]))


def _plus(total: Expected, more: Floats) -> Expected:
    return replace(total, mean=total.mean + more)


def forecast_rows(found: Forecast) -> pd.DataFrame:
    """product_id, period_start, mean, the ends and model: item x week."""
    start = found.known.first + timedelta(weeks=found.known.weeks)
    return long_rows(found.known.names, found.items.mean, ends(found.items), found.items.model, start)


def total_rows(found: Forecast) -> pd.DataFrame:
    """The same of the total, without product_id."""
    start = found.known.first + timedelta(weeks=found.known.weeks)
    rows = long_rows(["total"], found.total.mean, ends(found.total), found.total.model, start)
    return rows.drop(columns=["product_id"])


def ends(found: Expected) -> dict[str, Floats]:
    """The ends of both bands by name."""
    low, high = found.low, found.high
    return dict(zip(ENDS, (low[0], high[0], low[1], high[1]), strict=True))


def accuracy(found: Forecast) -> pd.DataFrame:
    """One row an item and one of the total (product_id NULL): the next four weeks at 13 origins of the last year,
    against repeating the week of last year; unknown for items that are new or discontinued."""
    known = found.known
    ago = year_ago(known.first, known.weeks + HORIZON)
    items = _judged(known.names, known.history, found.items, ago)
    total = _judged([None], whole(known), found.total, ago, alone=True)
    return pd.concat([items, total], ignore_index=True)


def _judged(
    names: list[str] | list[None], history: History, found: Expected, ago: Ints, *, alone: bool = False
) -> pd.DataFrame:
    """alone: nothing to pool with, so every week of the last year is an origin and near horizons count together."""
    seen = np.nan_to_num(history.visible())
    test = near(history, found, WEEKS if alone else JUDGED, 1 if alone else APART)
    judged = scores(seen, ago, test, NEIGHBOURS if alone else 0)
    return pd.DataFrame({"product_id": names, "model": found.model, "kind": found.kind, **judged})


def near(history: History, found: Expected, judged: int = JUDGED, apart: int = APART) -> Backtest:
    """What each item's method would have said of the next four weeks at so many past origins."""
    everyday = begun(history.everyday)
    at = origins(everyday.shape[1], judged, apart)
    shape = (len(at), len(everyday), NEAR)
    test = Backtest(np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape[:2]), at)
    methods: dict[str, Method] = {**METHODS, MODEL: partial(ensemble, period=history.period)}
    for model in np.unique(found.model):
        if model in methods:
            rows = np.flatnonzero(found.model == model)
            one = rolling(everyday[rows], methods[model], NEAR, at, history.period)
            test.forecast[:, rows], test.actual[:, rows], test.scale[:, rows] = one.forecast, one.actual, one.scale
    return test


def recalled(known: Known) -> pd.DataFrame:
    """What was said eight weeks ago of the eight weeks since, from what was known then, beside what came and what
    repeating last year would have said: product_id (NULL: the total), period_start, mean, lo80, hi80, naive, actual."""
    origin = known.weeks - RECALLED
    if origin < RECALLED:
        return pd.DataFrame()
    then = expected(known.as_of(origin), RECALLED)
    start = known.first + timedelta(weeks=origin)
    ago = year_ago(known.first, known.weeks)
    parts: list[tuple[list[Any], Expected, Floats]] = [
        (list(known.names), then.items, known.history.sales),
        ([None], then.total, known.total[None, :]),
    ]
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "product_id": np.repeat(np.array(names, dtype=object), RECALLED),
                    "period_start": week_starts(start, RECALLED) * len(names),
                    "mean": found.mean.reshape(-1),
                    "lo80": found.low[0].reshape(-1),
                    "hi80": found.high[0].reshape(-1),
                    "naive": _repeated(actual, ago, origin).reshape(-1),
                    "actual": actual[:, origin:].reshape(-1),
                }
            )
            for names, found, actual in parts
        ],
        ignore_index=True,
    )


def _repeated(sales: Floats, ago: Ints, origin: int) -> Floats:
    """(items, weeks since origin) the same week of last year, else the last one known at the origin."""
    empty = np.full((1, len(sales), sales.shape[1] - origin), np.nan)
    test = Backtest(empty, empty, np.zeros((1, len(sales))), np.array([origin], dtype=np.int64))
    return np.asarray(naive(sales, ago, test)[0])


def protection_rows(found: Forecast, over: Bridged) -> pd.DataFrame:
    """What safety stock the items' errors ask for: product_id, weeks, service_level, error, measured, textbook."""
    held = protection(found.items, over)
    return pd.DataFrame(
        {
            "product_id": np.array(found.known.names, dtype=object),
            "weeks": over.periods,
            "service_level": over.service_level,
            "error": held.error,
            "measured": held.measured,
            "textbook": held.textbook,
        }
    )


def part_rows(found: Forecast, parts: Parts) -> pd.DataFrame:
    """Regions and warehouses, each forecast by itself and scaled to the total: kind, part, period_start, actual (weeks
    that are over), mean, the ends and model (weeks ahead)."""
    known, kinds = found.known, np.array([name.partition(":")[0] for name in parts.names])
    made = []
    for kind in np.unique(kinds).tolist():
        rows = np.flatnonzero(kinds == kind)
        names = [parts.names[row].partition(":")[2] for row in rows]
        one = expect(History(parts.weekly[rows], known.history.period, np.full(len(rows), kind)), HORIZON)
        one = one.times(factors(found.total.mean[0], one.mean))
        ahead = long_rows(names, one.mean, ends(one), one.model, known.first + timedelta(weeks=known.weeks))
        before = pd.DataFrame(
            {
                "product_id": np.repeat(np.array(names, dtype=object), known.weeks),
                "period_start": week_starts(known.first, known.weeks) * len(names),
                "actual": parts.weekly[rows].reshape(-1),
            }
        )
        made.append(pd.concat([before, ahead], ignore_index=True).assign(kind=kind))
    whole = pd.concat(made, ignore_index=True) if made else pd.DataFrame()
    return whole.rename(columns={"product_id": "part"})


def hidden_rows(known: Known) -> pd.DataFrame:
    """Weeks in which demand could not be seen: product_id, period_start, sold, demand (what would have been sold)."""
    demand = known.history.whole
    item, week = np.nonzero(known.hidden)
    starts = np.array(week_starts(known.first, known.weeks), dtype=object)
    return pd.DataFrame(
        {
            "product_id": np.array(known.names, dtype=object)[item],
            "period_start": starts[week] if len(week) else np.array([], dtype=object),
            "sold": known.history.sales[item, week],
            "demand": np.fmax(demand[item, week], known.history.sales[item, week]),
        }
    )
