"""Months as ticks of a time axis."""

from __future__ import annotations

from datetime import date

from components.format import MONTHS


def month_starts(first: date, last: date, most: int) -> list[date]:
    """First days of months after `first` and up to `last`; every second, third, sixth or twelfth where there are more
    than `most`."""
    months = range(first.year * 12 + first.month, last.year * 12 + last.month)
    for every in (1, 2, 3, 6, 12, 24):
        found = [date(m // 12, m % 12 + 1, 1) for m in months if m % every == 0]
        if len(found) <= most:
            return found
    return found


def month_text(day: date, lang: str) -> str:
    """'Sep', with the year in January: 'Jan 26'."""
    if lang == "zh":
        return f"{day.year}年{day.month}月" if day.month == 1 else f"{day.month}月"
    return f"{MONTHS[day.month - 1]} {day.year % 100:02}" if day.month == 1 else MONTHS[day.month - 1]


def month_and_year(day: date, lang: str) -> str:
    """'Jul 25' or '25年7月'."""
    return f"{day.year % 100:02}年{day.month}月" if lang == "zh" else f"{MONTHS[day.month - 1]} {day.year % 100:02}"
