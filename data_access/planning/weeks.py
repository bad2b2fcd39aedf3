"""ISO weeks as rows of an array: which week is the same one a year before."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def same_week_last_year(start: date) -> date:
    """Monday of the same ISO week number a year before; week 53 falls back to week 52 where there is none."""
    year, week, _ = start.isocalendar()
    try:
        return date.fromisocalendar(year - 1, week, 1)
    except ValueError:
        return date.fromisocalendar(year - 1, 52, 1)


def week_starts(first: date, count: int) -> list[date]:
    return [first + timedelta(weeks=k) for k in range(count)]


def year_ago(first: date, count: int) -> Ints:
    """For each of `count` weeks from Monday `first`: the index of the same week a year before, -1 before `first`."""
    found = [(same_week_last_year(week) - first).days // 7 for week in week_starts(first, count)]
    return np.array([index if index >= 0 else -1 for index in found], dtype=np.int64)
