"""Lanes: which streams of a source are read together, and when they are due. A stream with a rhythm of its own has a
lane of its own, so that nothing slow holds it back."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from data_access.config import Config
from data_access.control import COMPARE, PULL
from data_access.sync.sources import OpenSource
from data_access.timing import cron_gap, next_cron

MOST_BACKOFF_SECONDS = 300.0
IDLE_SECONDS = 60.0
AGAIN_SECONDS = 15.0

Planned = dict[str, tuple[datetime, float]]  # stream -> when it is due, and its promise in seconds


@dataclass
class Asked:
    """A request of a person, worked on by each lane it concerns; `keys` of rows to pull, as their streams are landed;
    `lanes` how many have not answered yet."""

    id: int
    kind: str
    streams: frozenset[str] | None
    accept_deletes: bool = False
    keys: tuple[str, ...] = ()
    lanes: int = 0
    failed: bool = False

    def wants(self, streams: Sequence[str]) -> list[str]:
        return [name for name in streams if self.streams is None or name in self.streams]


@dataclass
class Lane:
    """Streams of one source that one thread reads; `at`: when each is due, in seconds of the monotonic clock;
    `hurried` are due at once, whatever was planned."""

    source: OpenSource
    streams: tuple[str, ...]
    zone: ZoneInfo
    clock: Callable[[], datetime]
    at: dict[str, float] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)  # in a row, of each stream
    wake: threading.Event = field(default_factory=threading.Event)
    hurried: set[str] = field(default_factory=set)
    asked: list[Asked] = field(default_factory=list)  # what its next pass answers
    answer: Callable[[Asked, bool], None] = lambda asked, failed: None
    first: bool = True  # its first pass is still to come
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def name(self) -> str:
        return self.source.config.name

    def due(self, paused: Collection[str] = ()) -> list[str]:
        now = time.monotonic()
        return [name for name in self._open(paused) if name in self.hurried or self.at.get(name, 0.0) <= now]

    def _open(self, paused: Collection[str]) -> list[str]:
        return [name for name in self.streams if name not in paused]

    def plan(
        self, streams: Sequence[str], started: float, *, failed: Collection[str], unfinished: Collection[str] = ()
    ) -> Planned:
        """Sets the next time of these streams. Those that failed are tried again soon, then after twice as long each
        time, up to five minutes; what was being written when it was to be read is looked at soon, too."""
        now, moment = time.monotonic(), self.clock()
        planned: Planned = {}
        for name in streams:
            rule = self.source.interval_of(name)
            interval = seconds_between(rule, moment, self.zone)
            self.at[name] = now + interval if isinstance(rule, str) else max(started + interval, now)
            self.failures[name] = self.failures.get(name, 0) + 1 if name in failed else 0
            if name in failed:
                first, times = min(interval, AGAIN_SECONDS), min(self.failures[name] - 1, 16)
                self.at[name] = now + min(first * 2**times, MOST_BACKOFF_SECONDS)
            elif name in unfinished:
                self.at[name] = min(self.at[name], now + AGAIN_SECONDS)
            promise = max(self.source.config.fresh_within, interval)
            planned[name] = (moment + timedelta(seconds=self.at[name] - now), promise)
        return planned

    def wait(self, paused: Collection[str] = ()) -> None:
        """Until something is due or somebody wakes it."""
        times = (self.at.get(name, 0.0) for name in self._open(paused))
        self.wake.wait(max(0.0, min(min(times, default=math.inf) - time.monotonic(), IDLE_SECONDS)))
        self.wake.clear()

    def ask(self, asked: Asked) -> None:
        """Hands a request over; the lane's next pass answers it, after a read where that is what it wants."""
        with self._guard:
            self.asked.append(asked)
            if asked.kind not in (PULL, COMPARE):
                self.hurried.update(asked.wants(self.streams))
        self.wake.set()

    def begin(self, paused: Collection[str] = ()) -> tuple[list[str], list[Asked]]:
        """The streams that the pass that begins now reads, and the requests it answers."""
        with self._guard:
            streams, asked = self.due(paused), self.asked
            self.asked = []
            self.hurried.difference_update(streams)
        return streams, asked

    def hurry(self, streams: Collection[str]) -> None:
        """These of its streams are due now, also when a pass is under way."""
        with self._guard:
            self.hurried.update(set(streams) & set(self.streams))
        self.wake.set()


def seconds_between(interval: float | str, moment: datetime, zone: ZoneInfo) -> float:
    """Seconds from `moment` to the next run; a cron line is read by the clocks of `zone`."""
    if isinstance(interval, str):
        return (next_cron(interval, moment.astimezone(zone)) - moment).total_seconds()
    return interval


def lanes_of(source: OpenSource, zone: ZoneInfo, clock: Callable[[], datetime]) -> list[Lane]:
    """The lane of the source's own rhythm, and one for each stream with another."""
    own = [name for name in source.profile.stream if source.has_own_rhythm(name)]
    rest = tuple(name for name in source.profile.stream if name not in own)
    groups = [*([rest] if rest else []), *((name,) for name in own)]
    return [Lane(source, streams, zone, clock) for streams in groups]


def rhythm(interval: float | str) -> str:
    """How often a stream is read, in words of the configuration."""
    if isinstance(interval, str):
        return interval
    for size, unit in ((3600, "h"), (60, "m")):
        if interval >= size and interval % size == 0:
            return f"{interval / size:g}{unit}"
    return f"{interval:g}s"


def _period(interval: float | str, moment: datetime, zone: ZoneInfo) -> float:
    """Seconds between the runs on both sides of `moment`."""
    return cron_gap(interval, moment.astimezone(zone)) if isinstance(interval, str) else interval


def registered(config: Config, sources: Sequence[OpenSource], now: datetime) -> list[tuple[str, str, str, float]]:
    """Every feed with its rhythm and promise, as feeds.register takes them."""
    zone = ZoneInfo(config.company.timezone)
    return [
        (
            source.config.name,
            stream,
            rhythm(source.interval_of(stream)),
            max(source.config.fresh_within, _period(source.interval_of(stream), now, zone)),
        )
        for source in sources
        for stream in source.profile.stream
    ]
