"""Expected demand from its definition: the same ISO weeks of last year scaled to the last thirteen, else their mean;
the band from what the same method missed at every one of the last 52 weeks. Plain Python lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from tests.wall.oracle.books import Books, Line

RECENT, YEAR, AHEAD, LONGEST = 13, 52, 26, 208


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


def since_first_sale(sold: Sequence[float]) -> int:
    """How many weeks ago it first sold, that week included."""
    return next((len(sold) - i for i, value in enumerate(sold) if value > 0), 0)


def expected(sold: Sequence[float], ago: list[int]) -> list[float]:
    """The 26 weeks after those in `sold`."""
    known = len(sold)
    before, same = ago[max(known - RECENT, 0) : known], ago[known : known + AHEAD]
    if known >= RECENT and min(before) >= 0 and min(same) >= 0:
        lately, then = sum(sold[-RECENT:]), sum(sold[week] for week in before)
        if lately > 0 and then > 0 and sum(value > 0 for value in sold[-YEAR:]) >= YEAR // 2:
            return [max(sold[week] * lately / then, 0.0) for week in same]
    since = min(max(since_first_sale(sold), 1), RECENT)
    return [max(sum(sold[-RECENT:]) / since, 0.0)] * AHEAD


def level(sold: Sequence[float]) -> float:
    """Mean absolute demand a week over the last year, or since it first sold."""
    since = min(max(since_first_sale(sold), 1), YEAR)
    return sum(abs(value) for value in sold[-YEAR:]) / since


def missed(sold: Sequence[float], ago: list[int]) -> list[list[float]]:
    """Weeks ahead -> by how many levels the method was wrong, said at each of the last 52 weeks from what was known."""
    found: list[list[float]] = [[] for _ in range(AHEAD)]
    for origin in range(max(RECENT, len(sold) - YEAR), len(sold)):
        known = sold[:origin]
        size = level(known)
        if size > 0:
            for ahead, (said, came) in enumerate(zip(expected(known, ago), sold[origin:], strict=False)):
                found[ahead].append(abs(said - came) / size)
    return found


def half_widths(errors: list[list[float]], share: float, neighbours: int) -> list[float]:
    """Weeks ahead -> the error that a further one stays under with probability `share` (split conformal: the
    ceil((n + 1) share)-th smallest of n), pooled with that of the neighbouring weeks; under 20: as the week before."""
    found: list[float] = []
    for ahead in range(AHEAD):
        pool = sorted(e for near in errors[max(ahead - neighbours, 0) : ahead + neighbours + 1] for e in near)
        if len(pool) >= 20:
            found.append(pool[min(ceil(round((len(pool) + 1) * share, 9)), len(pool)) - 1])
        else:
            found.append(found[-1])
    return found


def band(sold: Sequence[float], ago: list[int], share: float = 0.8) -> list[tuple[float, float]]:
    """(lower, upper) of each of the 26 weeks of a single series, neighbours within two weeks pooled."""
    reach, size = half_widths(missed(sold, ago), share, 2), level(sold)
    said = expected(sold, ago)
    return [(max(mean - half * size, 0.0), mean + half * size) for mean, half in zip(said, reach, strict=True)]
