"""The weekly plan of all items as frames: what is expected, and how good the same methods have been."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import numpy as np
import pandas as pd

from data_access.planning.accuracy import NEAR, scores
from data_access.planning.demand import HORIZON, Backtest
from data_access.planning.forecast.classes import begun
from data_access.planning.forecast.ensemble import MODEL, ensemble
from data_access.planning.forecast.intermittent import METHODS
from data_access.planning.forecast.intervals import Method, origins, rolling
from data_access.planning.forecast.items import Expected, History, expect
from data_access.planning.rows import ENDS, long_rows
from data_access.planning.weeks import year_ago

JUDGED = 13
APART = 4


def plan(names: list[str], history: History, first: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Forecast rows (item x 26 weeks) and accuracy rows (item) of a weekly history from Monday `first` on.

    names: of the items of the history. Accuracy is that of the next four weeks at 13 origins of the last year, against
    repeating the week of last year; unknown for items that are new or discontinued.
    """
    weeks = history.sales.shape[1]
    found = expect(history, HORIZON)
    ends = dict(zip(ENDS, (found.low[0], found.high[0], found.low[1], found.high[1]), strict=True))
    forecast = long_rows(names, found.mean, ends, found.model, first + timedelta(weeks=weeks))
    known = np.nan_to_num(history.visible())
    judged = scores(known, year_ago(first, weeks + HORIZON), near(history, found))
    return forecast, pd.DataFrame({"product_id": names, "model": found.model, **judged})


def near(history: History, found: Expected) -> Backtest:
    """What each item's method would have said of the next four weeks at past origins."""
    everyday = begun(history.everyday())
    at = origins(everyday.shape[1], JUDGED, APART)
    shape = (len(at), len(everyday), NEAR)
    test = Backtest(np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape[:2]), at)
    methods: dict[str, Method] = {**METHODS, MODEL: partial(ensemble, period=history.period)}
    for model in np.unique(found.model):
        if model in methods:
            rows = np.flatnonzero(found.model == model)
            one = rolling(everyday[rows], methods[model], NEAR, at, history.period)
            test.forecast[:, rows], test.actual[:, rows], test.scale[:, rows] = one.forecast, one.actual, one.scale
    return test
