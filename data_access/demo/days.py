"""Days as numbers (0 = first day of history) and their texts; the company's clock is Asia/Shanghai (UTC+8, no DST)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from data_access.demo.catalogue import Floats, Ints

OFFSET_SECONDS = 8 * 3600
NEVER = -1_000_000  # the day number of what did not happen
AHEAD = 120  # days after today that plans reach


@dataclass(frozen=True)
class Calendar:
    """History covers days 0 .. today-1 whole; `today` is the index of the company's current day."""

    start: date
    today: int

    @classmethod
    def until(cls, today: date, months: int) -> Calendar:
        year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
        start = date(year, month + 1, 1)
        return cls(start, (today - start).days)

    def day(self, index: int) -> date:
        return self.start + timedelta(days=int(index))

    def index(self, day: date) -> int:
        return (day - self.start).days

    def dates(self, days: Ints) -> npt.NDArray[np.datetime64]:
        """Day numbers -> datetime64[D]; -1000000 and below -> NaT."""
        found: npt.NDArray[np.datetime64] = np.datetime64(self.start) + days.astype("timedelta64[D]")
        found[np.asarray(days) <= NEVER] = np.datetime64("NaT")
        return found

    def instants(self, days: Ints, seconds: Floats | Ints) -> npt.NDArray[np.datetime64]:
        """Local day number and second of that day -> UTC datetime64[ms]; NaT as in `dates`."""
        milliseconds = np.round((np.asarray(seconds, dtype=np.float64) - OFFSET_SECONDS) * 1000).astype(
            "timedelta64[ms]"
        )
        moments: npt.NDArray[np.datetime64] = self.dates(days).astype("datetime64[ms]") + milliseconds
        return moments

    def weekday(self, days: Ints) -> Ints:
        """0 = Monday."""
        return (days + self.start.weekday()) % 7

    def next_workday(self, days: Ints) -> Ints:
        weekday = self.weekday(days)
        return days + np.where(weekday >= 5, 7 - weekday, 0)


def work_seconds(rng: np.random.Generator, size: int) -> Floats:
    """Seconds of the day at which people work: 08:30 to 18:30, most before lunch and mid-afternoon."""
    hours = np.where(rng.random(size) < 0.5, rng.normal(10.4, 0.9, size), rng.normal(15.3, 1.2, size))
    return np.asarray(np.clip(hours, 8.5, 18.5) * 3600 + rng.integers(0, 60, size), dtype=np.float64)
