"""Durations and cron lines as people write them in tandem.toml."""

from __future__ import annotations

import re
from datetime import datetime

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
    """The first instant of the cron line after `after`, in its time zone."""
    from croniter import croniter

    found: datetime = croniter(text, after).get_next(datetime)
    return found
