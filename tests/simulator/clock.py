"""A clock that stands still until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Give it to `Simulator(clock=...)`; set `now`, or let seconds pass."""

    def __init__(self, now: datetime = datetime(2026, 3, 1, 8, 0, 0, 123000, UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
