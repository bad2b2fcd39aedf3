"""What feeds, ages and rhythms are called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from components import format as fmt
from components.i18n import has, t
from data_access.clock import parse_or_none

Row = Mapping[str, Any]
UNITS = {"s": "s", "m": "min", "h": "h"}
BAD = {"stale", "failing", "never"}


def feed(name: str, lang: str) -> str:
    """Sales orders; a stream that is no known feed by its own name."""
    key = f"sync.feed.name.{name}"
    return t(lang, key) if has(lang, key) else thing(name, lang).capitalize()


def thing(name: str, lang: str) -> str:
    """Sales order line: what an entity or stream is called; one that nobody knows by its own name."""
    key = f"thing.{name}"
    return t(lang, key) if has(lang, key) else name.replace("_", " ")


def system_feed(row: Row, lang: str) -> str:
    """CRM tickets."""
    return t(lang, "sync.feed.of", system=t(lang, f"role.{row['role']}"), feed=feed(row["feed"], lang).lower())


def mark(status: str) -> str:
    """ok, warn or crit: late or paused is a warning, what failed or never was is not."""
    return "crit" if status in BAD else "warn" if status in ("late", "paused") else "ok"


def age(instant: str | None, lang: str, now: datetime) -> str:
    """As the browser writes it: <1 min, 5 min, 2 h 5 min, 3 d 4 h."""
    at = parse_or_none(instant)
    if at is None:
        return t(lang, "js.never")
    minutes = int(max(0.0, (now - at).total_seconds()) // 60)
    if minutes < 1:
        return t(lang, "js.age_now")
    if minutes < 60:
        return t(lang, "js.age_min", m=minutes)
    if minutes < 1440:
        return t(lang, "js.age_hour", h=minutes // 60, m=minutes % 60)
    return t(lang, "js.age_day", d=minutes // 1440, h=minutes % 1440 // 60)


def when(instant: str | None, lang: str, timezone: str, now: datetime) -> str:
    """14:29, with the day where it is not today."""
    at = parse_or_none(instant)
    if at is None:
        return fmt.MISSING
    zone = ZoneInfo(timezone)
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    time = fmt.clock(at, timezone)
    return time if local.date() == today else t(lang, "js.day_time", day=fmt.short_date(local.date(), lang), time=time)


def rhythm(every: str, lang: str) -> str:
    """every 60 s, every 5 min, or the cron line."""
    found = re.fullmatch(r"([\d.]+)([smh])", every)
    if found is None:
        return every or fmt.MISSING
    return t(lang, f"sync.every.{UNITS[found[2]]}", n=found[1])
