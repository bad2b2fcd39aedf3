"""The pace: never more than a system allows however it counts, and hardly less than it allows."""

from __future__ import annotations

import heapq
import random
from collections import deque

import pytest

from data_access.connectors.rest.limits import Pacer, _Window
from data_access.connectors.rest.spec import Rate
from data_access.errors import SourceError
from tests.data_access.connectors.rest.tiny import Naps

LATENCY = 0.08
SECONDS = 60.0


class Server:
    """Counts a request at `share` of its way there and back; refuses the 31st within any second."""

    def __init__(self) -> None:
        self.counted: deque[float] = deque()
        self.refused = self.answered = 0

    def count(self, at: float) -> None:
        while self.counted and self.counted[0] <= at - 1.0:
            self.counted.popleft()
        if len(self.counted) >= 30:
            self.refused += 1
        self.counted.append(at)
        self.answered += 1


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0, None])
@pytest.mark.parametrize("clients", [1, 4, 8])
def test_meets_a_limit_without_running_into_it(share: float | None, clients: int) -> None:
    """Four readers with 80 ms to the system use nine tenths of 30 requests a second; virtual time, no threads. share:
    where on its way the system counts a request; None: anywhere but in the first and last
    fifth, each time anew."""
    chance = random.Random(7)
    window, server = _Window(Rate(requests=30, per="1s")), Server()
    events = [(0.0, number, "send") for number in range(clients)]
    arrivals: list[float] = []
    while events:
        now, client, what = heapq.heappop(events)
        if now > SECONDS:
            continue
        if what == "answer":
            window.give_back(now, LATENCY)
            heapq.heappush(events, (now, client, "send"))
            continue
        wait = window.wait(now)
        if wait > 0:
            heapq.heappush(events, (now + wait, client, "send"))
            continue
        window.take(now)
        arrivals.append(now + (chance.uniform(0.2, 0.8) if share is None else share) * LATENCY)
        heapq.heappush(events, (now + LATENCY, client, "answer"))
    for at in sorted(arrivals):
        server.count(at)
    assert server.refused == 0
    if clients >= 4:
        assert server.answered / SECONDS >= 0.9 * 30


def test_each_path_and_the_whole_have_their_own_limit() -> None:
    naps = Naps()
    rates = (Rate(requests=2, per="1s", each_path=True), Rate(requests=3, per="1s"))
    pacer = Pacer(rates, clock=naps.seconds, sleep=naps.sleep)
    at: list[tuple[str, float]] = []
    for path in ("a", "a", "b", "b", "a"):
        with pacer.turn(path):
            at.append((path, naps.now - 1000))
    for path in ("a", "b", None):
        times = [moment for name, moment in at if path in (None, name)]
        most = 3 if path is None else 2
        assert all(sum(start <= moment < start + 1 for moment in times) <= most for start in times)


def test_a_daily_quota_is_told_and_stops() -> None:
    naps = Naps()
    pacer = Pacer((Rate(requests=3, per="24h"),), clock=naps.seconds, sleep=naps.sleep)
    for _ in range(3):
        with pacer.turn("a"):
            naps.now += 1
    assert pacer.left() == (0, pytest.approx(86400 - 2.5, abs=1))
    with pytest.raises(SourceError, match="used up; requests are possible again in 86"), pacer.turn("a"):
        pass
    naps.now += 86400
    with pacer.turn("a"):
        pass


def test_a_hold_holds_every_path_and_ends() -> None:
    naps = Naps()
    pacer = Pacer((), clock=naps.seconds, sleep=naps.sleep)
    pacer.hold(5, "asked to wait")
    with pacer.turn("a"):
        assert naps.slept == [5]
    pacer.hold(500, "come back tomorrow")
    with pytest.raises(SourceError, match="come back tomorrow; requests are possible again in 500 s"), pacer.turn("b"):
        pass


def test_a_failed_request_counts_too() -> None:
    naps = Naps()
    pacer = Pacer((Rate(requests=1, per="10s"),), clock=naps.seconds, sleep=naps.sleep)
    with pytest.raises(OSError), pacer.turn("a"):
        raise OSError
    with pacer.turn("a"):
        assert sum(naps.slept) >= 9
