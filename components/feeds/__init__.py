"""How feeds stand, on a desk: which module draws which panel of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from components.feeds import desk, one

PANELS: Mapping[str, Callable[..., Any]] = {
    "sync_truth": desk.statement,
    "feeds": desk.feeds,
    "feed_runs": one.feed,
    "attention": desk.todo,
    "match_kinds": desk.matches,
    "pipe_hours": desk.hours,
    "fresh_days": desk.days,
}
