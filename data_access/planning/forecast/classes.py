"""Which kind of demand an item has: how often (ADI) and how evenly (squared coefficient of variation) it sells.

Cut-offs 1.32 and 0.49 of Syntetos, Boylan and Croston (2005).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data_access.planning.demand import Bools, Floats
from data_access.planning.weeks import Ints

Names = NDArray[np.str_]

ADI_CUT = 1.32
CV2_CUT = 0.49
NEW = 6
SILENT_LEAST = 6
SILENT_INTERVALS = 3.0

SMOOTH, ERRATIC, INTERMITTENT, LUMPY = "smooth", "erratic", "intermittent", "lumpy"
NEWCOMER, DISCONTINUED = "new", "discontinued"


def since_first_sale(history: Floats) -> Bools:
    """(items, periods) known periods from the first positive one on."""
    sold = history > 0
    return np.asarray(np.logical_or.accumulate(sold, axis=1) & ~np.isnan(history))


def begun(history: Floats) -> Floats:
    """(items, periods) history with NaN before the first sale; all NaN when never sold."""
    return np.asarray(np.where(since_first_sale(history), history, np.nan))


def adi(history: Floats) -> Floats:
    """(items,) average demand interval: known periods since the first sale / periods with sales; NaN never sold."""
    sales = (history > 0).sum(axis=1)
    periods = since_first_sale(history).sum(axis=1)
    return np.asarray(np.where(sales > 0, periods / np.maximum(sales, 1), np.nan))


def cv2(history: Floats) -> Floats:
    """(items,) squared coefficient of variation of the periods with sales; NaN never sold."""
    sold = history > 0
    count = np.maximum(sold.sum(axis=1), 1)
    mean = np.where(sold, history, 0.0).sum(axis=1) / count
    base = np.where(mean > 0, mean, 1.0)[:, None]
    away = np.where(sold, history / base - 1.0, 0.0)
    return np.asarray(np.where(mean > 0, (away**2).sum(axis=1) / count, np.nan))


def silence(history: Floats) -> Ints:
    """(items,) known periods since the last sale; periods out of stock do not count. All of them when never sold."""
    return np.asarray((~_until_last_sale(history) & ~np.isnan(history)).sum(axis=1), dtype=np.int64)


def patience(history: Floats) -> Floats:
    """(items,) periods of silence after which an item is discontinued: six, or three times the mean interval between
    its sales up to the last one."""
    active = (since_first_sale(history) & _until_last_sale(history)).sum(axis=1)
    interval = active / np.maximum((history > 0).sum(axis=1), 1)
    return np.asarray(np.maximum(SILENT_LEAST, SILENT_INTERVALS * interval))


def classify(history: Floats) -> Names:
    """(items,) smooth, erratic, intermittent, lumpy; new: sold for fewer than six periods, or not known for six;
    discontinued: silent beyond its patience, or known for six periods and never sold."""
    interval, unevenness = adi(history), cv2(history)
    age = since_first_sale(history).sum(axis=1)
    sold = age > 0
    quiet = silence(history)
    often, even = ~(interval >= ADI_CUT), ~(unevenness >= CV2_CUT)
    return np.select(
        [
            np.where(sold, quiet > patience(history), quiet >= SILENT_LEAST),
            ~sold | (age < NEW),
            often & even,
            often,
            even,
        ],
        [DISCONTINUED, NEWCOMER, SMOOTH, ERRATIC, INTERMITTENT],
        LUMPY,
    )


def _until_last_sale(history: Floats) -> Bools:
    return np.asarray(np.logical_or.accumulate((history > 0)[:, ::-1], axis=1)[:, ::-1])
