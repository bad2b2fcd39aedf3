"""What narrows a panel: the words of the URL, checked, and turned into the parameters of its queries.

A list filter (region, category, warehouse by its code, owner, ...) takes several values and arrives in SQL as a
VARCHAR[] or NULL, which means all: `$region IS NULL OR list_contains($region, region)`. `period` arrives as the days
$since and $until, both included. `customer`, `order` and `item` name one thing by its id.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from data_access.errors import QueryError

LISTS = (
    "region", "category", "warehouse", "owner", "segment", "stage", "status", "sku", "rfm", "risk", "source", "entity",
)  # fmt: skip
KEPT = ("scenario", "propose", "feed", "pair")  # lists that one panel shows and no other is narrowed by
ONE = ("customer", "order", "item", "search")
NAMES = ("period", *LISTS, *KEPT, *ONE)
PERIODS = ("7d", "30d", "90d", "12m", "24m", "mtd", "qtd", "ytd", "next8w")
ANY_DAY = date(2000, 1, 31)  # whether a name is a period does not depend on the day
MAX_VALUES, MAX_LENGTH = 200, 300
_LAST, _NEXT = re.compile(r"(\d{1,4})([dwm])"), re.compile(r"next(\d{1,3})w")
_MONTH, _RANGE = re.compile(r"(\d{4})-(\d{2})"), re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True)
class Filters:
    """Checked filters; what is not given does not narrow. `default_period` holds where the URL names none."""

    given: tuple[tuple[str, tuple[str, ...]], ...] = ()
    default_period: str = "mtd"

    def values(self, name: str) -> tuple[str, ...]:
        """The values of one filter; empty when it is not given."""
        return dict(self.given).get(name, ())

    @property
    def period(self) -> str:
        """The period's name as the URL says it."""
        return next(iter(self.values("period")), self.default_period)

    def days(self, today: date) -> tuple[date, date]:
        """First and last day of the period."""
        return period_days(self.period, today)

    def parameters(self, wanted: Iterable[str], today: date) -> dict[str, object]:
        """The SQL parameters among `wanted` that filters give; QueryError when a query needs an id nobody gave."""
        found: dict[str, object] = {}
        for name in wanted:
            if name in ("since", "until"):
                found[name] = self.days(today)[name == "until"]
            elif name in LISTS or name in KEPT:
                found[name] = list(self.values(name)) or None
            elif name == "search":
                found[name] = next(iter(self.values(name)), "")
            elif name in ONE:
                values = self.values(name)
                if not values:
                    raise QueryError(f'"{name}" is missing', f"say which {name}: ?{name}=...")
                found[name] = values[0]
        return found

    def as_dict(self) -> dict[str, str | list[str]]:
        """As the URL says it: one text, or a list where several were given."""
        return {name: values[0] if len(values) == 1 else list(values) for name, values in self.given}


NOTHING = Filters()


def parse(given: Mapping[str, str | Iterable[str]], allowed: Iterable[str], default: str = "mtd") -> Filters:
    """Checked filters in a fixed order, repeated values once. QueryError: unknown name, wrong period, too much."""
    known, found = tuple(allowed), []
    for name in given:
        if name not in known:
            raise QueryError(f'there is no filter "{name[:60]}" here', f"its filters: {', '.join(known) or 'none'}")
    for name in sorted(given, key=NAMES.index):
        raw = given[name]
        values = tuple(dict.fromkeys([raw] if isinstance(raw, str) else raw))
        values = tuple(value for value in values if value)
        if len(values) > (MAX_VALUES if name in LISTS or name in KEPT else 1):
            raise QueryError(f'filter "{name}" is given {len(values)} times', "give it once")
        if any(len(value) > MAX_LENGTH for value in values):
            raise QueryError(f'filter "{name}" is too long', f"at most {MAX_LENGTH} characters")
        if name == "period" and values:
            period_days(values[0], ANY_DAY)
        if values:
            found.append((name, values))
    return Filters(tuple(found), default)


def period_days(name: str, today: date) -> tuple[date, date]:
    """First and last day: 30d 13w 12m back from today, mtd qtd ytd, next8w, 2026-11, 2026-01-01..2026-03-31."""
    if name in ("mtd", "qtd", "ytd"):
        month = {"mtd": today.month, "qtd": 3 * ((today.month - 1) // 3) + 1, "ytd": 1}[name]
        return today.replace(month=month, day=1), today
    if (found := _LAST.fullmatch(name)) and 0 < int(found[1]) <= 600:
        count, unit = int(found[1]), found[2]
        days = timedelta(days=count * (7 if unit == "w" else 1) - 1)
        return (_back(today, count) if unit == "m" else today - days), today
    if found := _NEXT.fullmatch(name):
        return today, today + timedelta(weeks=int(found[1]))
    try:
        if found := _MONTH.fullmatch(name):
            first = date(int(found[1]), int(found[2]), 1)
            return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
        if found := _RANGE.fullmatch(name):
            first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2])
            if first <= last:
                return first, last
    except ValueError:
        pass
    hint = "use 30d, 13w, 12m, mtd, qtd, ytd, next8w, 2026-11 or 2026-01-01..2026-03-31"
    raise QueryError(f'"{name[:40]}" is no period', hint)


def _back(today: date, months: int) -> date:
    """The day after the same day `months` earlier: 12m ends today and begins a year and a day ago."""
    years, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    last = calendar.monthrange(years, month + 1)[1]
    return date(years, month + 1, min(today.day, last)) + timedelta(days=1)
