"""How much of the time goes into copying versions: seconds for it are saved up in quiet times, and spent in bursts."""

from __future__ import annotations

from dataclasses import dataclass

SHARE = 0.1  # of the time, at most, under a load that does not end
MOST_SAVED = 20.0  # seconds of copying, what 200 quiet seconds save


@dataclass(frozen=True)
class Allowance:
    """`saved` seconds of copying as of `at` (seconds of a clock that never goes back); below 0 it is a debt."""

    at: float
    saved: float = MOST_SAVED

    def after(self, copied: float, now: float) -> Allowance:
        """What is left once a copy that took `copied` seconds has ended at `now`."""
        earned = max(0.0, now - self.at) * SHARE
        return Allowance(now, min(MOST_SAVED, self.saved + earned) - copied)

    def free_at(self) -> float:
        """From when on the next copy may begin: at once while anything is saved, else when the debt is paid off."""
        return self.at + max(0.0, -self.saved) / SHARE
