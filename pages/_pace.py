"""How often somebody may knock: a bucket of requests for each address, refilled steadily."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

MOST_ADDRESSES = 10_000


class Pace:
    """`rate` requests a second on average, `burst` at once."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._guard = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}

    def allows(self, who: str) -> bool:
        """Takes one from the bucket of `who`; False when it is empty."""
        now = self._clock()
        with self._guard:
            if len(self._left) >= MOST_ADDRESSES and who not in self._left:
                self._left = {name: each for name, each in self._left.items() if self._filled(each, now) < self._burst}
                if len(self._left) >= MOST_ADDRESSES:
                    return False
            left = self._filled(self._left.get(who, (self._burst, now)), now)
            self._left[who] = (left - 1 if left >= 1 else left, now)
            return left >= 1

    def _filled(self, known: tuple[float, float], now: float) -> float:
        left, at = known
        return min(self._burst, left + (now - at) * self._rate)
