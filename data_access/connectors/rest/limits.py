"""Pace: how many requests go out, so that a system's limits are met without running into them."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from data_access.connectors.rest.spec import Rate
from data_access.errors import SourceError

MOST_WAIT_SECONDS = 120.0
POLL_SECONDS = 0.005
OWN_WORK_SECONDS = 0.01
SPREAD = 0.9  # of the even distance between two requests


@dataclass
class _Window:
    """Requests of one rate. Where between sending and answer a system counts a request is not known: it counts here
    from when it is sent until `per` after its answer began, less half of what the quickest one took but for the
    system's own work: for so long at the least requests and answers are on their way. So no span of `per` on the
    system's side holds more than `requests`."""

    rate: Rate
    flying: int = 0
    done: deque[float] = field(default_factory=deque)
    next_at: float = 0.0
    quickest: float = math.inf

    def wait(self, now: float) -> float:
        """Seconds until one more may be sent; 0 when it may be now."""
        while self.done and self.done[0] + self.rate.per <= now:
            self.done.popleft()
        if self.flying + len(self.done) < self.rate.requests:
            return max(0.0, self.next_at - now)
        turns = self.done[0] + self.rate.per - now if self.done else 0.0
        return max(turns, self.next_at - now, POLL_SECONDS)

    def take(self, now: float) -> None:
        self.flying += 1
        self.next_at = now + SPREAD * self.rate.per / self.rate.requests if self.rate.per <= 60 else 0.0

    def give_back(self, now: float, took: float) -> None:
        self.flying -= 1
        self.quickest = min(self.quickest, took)
        self.done.append(now - max(0.0, self.quickest / 2 - OWN_WORK_SECONDS))


class Pacer:
    """All requests of one account go through its pacer, whatever thread or connector they come from."""

    def __init__(
        self,
        rates: Sequence[Rate],
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rates, self._clock, self._sleep = rates, clock, sleep
        self._windows: dict[tuple[int, str], _Window] = {}
        self._lock = threading.Lock()
        self._held, self._why = 0.0, ""

    @contextmanager
    def turn(self, path: str) -> Iterator[None]:
        """Waits for this path's turn; SourceError where the wait is longer than two minutes (a quota is used up)."""
        windows, sent = self._wait_for_turn(path)
        try:
            yield
        finally:
            with self._lock:
                now = self._clock()
                for window in windows:
                    window.give_back(now, now - sent)

    def hold(self, seconds: float, why: str) -> None:
        """Nothing is sent for so long: the system has asked for it."""
        with self._lock:
            until = self._clock() + seconds
            if until > self._held:
                self._held, self._why = until, why

    def left(self) -> tuple[int, float] | None:
        """Requests left of the scarcest rate of an hour or longer, and seconds until it has turned."""
        with self._lock:
            now = self._clock()
            long = [(window, window.wait(now)) for window in self._windows.values() if window.rate.per >= 3600]
            found = [
                (window.rate.requests - window.flying - len(window.done), window.done[0] + window.rate.per - now)
                for window, _ in long
                if window.done
            ]
            return min(found, default=None)

    def _wait_for_turn(self, path: str) -> tuple[list[_Window], float]:
        while True:
            with self._lock:
                now = self._clock()
                windows = self._of(path)
                wait = max([self._held - now, 0.0, *(window.wait(now) for window in windows)])
                if wait <= 0:
                    for window in windows:
                        window.take(now)
                    return windows, now
                why = self._why if self._held - now >= wait else "the limit of requests is used up"
            if wait > MOST_WAIT_SECONDS:
                raise SourceError(f"{why}; requests are possible again in {wait:.0f} s", "it is read again then")
            self._sleep(wait)

    def _of(self, path: str) -> list[_Window]:
        places = [(i, path if rate.each_path else "") for i, rate in enumerate(self._rates)]
        return [self._windows.setdefault(place, _Window(self._rates[place[0]])) for place in places]
