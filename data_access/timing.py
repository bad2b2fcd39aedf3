"""Durations, cron lines and spans of months as people write them in tandem.toml."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

_DURATION = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)\s*$")
_UNIT_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def parse_duration(text: str) -> float:
    """Seconds of "60s", "5m", "2h", "1d"; ValueError says what is accepted."""
    match = _DURATION.match(text)
    if match is None:
        raise ValueError(f'"{text}" is not a duration; write a number and a unit like "60s", "5m", "2h"')
    seconds = float(match.group(1)) * _UNIT_SECONDS[match.group(2)]
    if seconds <= 0:
        raise ValueError(f'"{text}" must be longer than zero')
    return seconds


def check_cron(text: str) -> str:
    """The five-field cron line itself; ValueError when it cannot be read."""
    from croniter import croniter

    if len(text.split()) != 5 or not croniter.is_valid(text):
        raise ValueError(f'"{text}" is not a cron line; write minute hour day month weekday, like "0 */2 * * *"')
    return text


def next_cron(text: str, after: datetime) -> datetime:
    """The first instant (UTC) of the cron line after `after`, read in the time zone of `after`. An hour that a clock
    change leaves out is made up for at once, one that comes twice is met twice."""
    from croniter import croniter

    found: datetime = croniter(text, after).get_next(datetime)
    return found.astimezone(UTC)


def cron_gap(text: str, moment: datetime) -> float:
    """Seconds from the last instant of the cron line before `moment` to the first after it, in its time zone."""
    from croniter import croniter

    before: datetime = croniter(text, moment).get_prev(datetime)
    return (next_cron(text, moment) - before).total_seconds()


def parse_months(text: str) -> tuple[date, date]:
    """First days of the first and the last month of "2025-01..2025-06"; ValueError with the remedy after "; "."""
    remedy = 'write the first and the last month; like "2025-01..2025-06"'
    found = re.fullmatch(r"(\d{4})-(\d{2})\.\.(\d{4})-(\d{2})", text.strip())
    if not found:
        raise ValueError(f'"{text}" is not a span of months; {remedy}')
    try:
        first, last = date(int(found[1]), int(found[2]), 1), date(int(found[3]), int(found[4]), 1)
    except ValueError:
        raise ValueError(f'"{text}" names a month there is not; {remedy}') from None
    if not 0 <= (last.year - first.year) * 12 + last.month - first.month < 12:
        raise ValueError(f'"{text}" must be one to twelve months, the first one first; {remedy}')
    return first, last
