"""What customers asked for week by week, from the sources alone. Plain Python lists."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from tests.wall.oracle.books import Books, Line

RECENT, AHEAD, LONGEST = 13, 26, 208


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def year_before(week: date) -> date:
    """The Monday of the same ISO week number a year before; the last week of that year where it had no such number."""
    year, number, _ = week.isocalendar()
    last = date(year - 1, 12, 28).isocalendar().week
    return date.fromisocalendar(year - 1, min(number, last), 1)


@dataclass(frozen=True)
class Weeks:
    """The whole weeks of history, oldest first, and for those and the ones ahead which week was a year before."""

    first: date
    known: int
    ago: list[int]

    def day(self, index: int) -> date:
        return self.first + timedelta(weeks=index)


def weeks(books: Books) -> Weeks:
    """From the first order (a week begun midway left out) up to last Sunday, four years at the most."""
    order = min(line.day for line in books.booked_lines)
    first = min(monday(order), min(monday(line.wanted) for line in books.booked_lines))
    if first == monday(order) != order:
        first += timedelta(weeks=1)
    now = monday(books.today)
    first = max(first, now - timedelta(weeks=LONGEST))
    known = (now - first).days // 7
    mondays = [first + timedelta(weeks=n) for n in range(known + AHEAD)]
    return Weeks(first, known, [(year_before(week) - first).days // 7 for week in mondays])


def weekly(lines: list[Line], span: Weeks, value: str) -> list[float]:
    """`value` ("quantity" or "base") of the lines in each whole week, by the day they are wanted."""
    found = [0.0] * span.known
    for line in lines:
        index = (line.wanted - span.first).days // 7
        if 0 <= index < span.known:
            found[index] += float(getattr(line, value) or 0)
    return found


def by_item(books: Books, span: Weeks) -> dict[int, list[float]]:
    """Item -> quantity wanted a week; only items that were wanted in those weeks at all."""
    lines = defaultdict[int, list[Line]](list)
    for line in books.booked_lines:
        if line.item is not None and 0 <= (line.wanted - span.first).days < 7 * span.known:
            lines[line.item].append(line)
    return {item: weekly(mine, span, "quantity") for item, mine in lines.items()}
