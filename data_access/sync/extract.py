"""One stream from its source into landing, with bounded retries."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from data_access.clock import utc_now
from data_access.connectors.base import Connector
from data_access.connectors.profile import Stream
from data_access.errors import SourceError, TandemError
from data_access.sync.land import Counts, Landing, Position, StreamEnd, Target
from data_access.sync.sweep import SWEEP_ALWAYS_ROWS, SWEEP_SECONDS, after_whole_read, sweep

T = TypeVar("T")

ATTEMPTS = 3
BACKOFF_SECONDS = 0.5
BACKOFF_CAP_SECONDS = 30.0


@dataclass(frozen=True)
class Retry:
    """Exponential backoff with full jitter; clock and chance can be replaced."""

    attempts: int = ATTEMPTS
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random

    def pause(self, attempt: int) -> None:
        self.sleep(self.chance() * min(BACKOFF_CAP_SECONDS, BACKOFF_SECONDS * 2**attempt))


@dataclass
class StreamReport:
    """What became of one stream in one run."""

    source: str
    entity: str
    started_at: datetime
    finished_at: datetime | None = None
    status: str = "running"
    counts: Counts = field(default_factory=Counts)
    cursor: datetime | None = None
    attempts: int = 0
    error: str = ""
    hint: str = ""
    transient: bool = False
    end: StreamEnd | None = None  # still to be recorded; a quiet source's streams are recorded together

    def fail(self, error: TandemError) -> None:
        self.status, self.error, self.hint = "failed", error.message, error.hint


@dataclass(frozen=True)
class Options:
    """How a run reads: everything again, and whether mass deletes and changes of frozen columns were agreed to.

    sweep_rows_per_second spaces the sweeps of a loop by size (5,000: a stream of 100,000 rows every 20 s), so that
    short intervals do not spend their time on sweeps; None sweeps in every run.
    """

    full: bool = False
    accept_deletes: bool = False
    accept_schema: bool = False
    sweep_rows_per_second: float | None = None
    retry: Retry = field(default_factory=Retry)
    clock: Callable[[], datetime] = utc_now


def with_retries(action: Callable[[], T], retry: Retry, count: Callable[[], None] = lambda: None) -> T:
    """Runs `action`, again after transient SourceErrors; the last one is raised."""
    attempt = 0
    while True:
        count()
        try:
            return action()
        except SourceError as error:
            attempt += 1
            if not error.transient or attempt >= retry.attempts:
                raise
        retry.pause(attempt - 1)


def extract_stream(
    connector: Connector, landing: Landing, target: Target, until: datetime, options: Options,
    seen: Callable[[int], None] = lambda rows: None, refused: SourceError | None = None,
) -> StreamReport:  # fmt: skip
    """Reads and lands one stream up to the fixed bound `until`; failures are in the report, not raised. `refused`: why
    it must not be read."""
    report = StreamReport(target.source, target.stream, options.clock())

    def attempt() -> None:
        if refused is not None:
            raise refused
        with connector.snapshot():
            _pass(connector, landing, target, until, options, report, seen)

    def count() -> None:
        report.attempts += 1

    try:
        with_retries(attempt, options.retry, count)
        report.status, report.cursor = "ok", until
    except SourceError as error:
        report.fail(error)
        report.transient = error.transient
    report.finished_at = options.clock()
    return report


def _pass(
    connector: Connector, landing: Landing, target: Target, until: datetime, options: Options, report: StreamReport,
    seen: Callable[[int], None],
) -> None:  # fmt: skip
    position, counts, spec = landing.position(target), report.counts, target.spec
    rows = 0
    landing.begin_pass()
    for page in connector.read(
        target.stream, _lower_bound(position, spec, options.full), until if spec.cursor else None
    ):
        seen(counts.read)
        landing.land(target, page, counts, options.clock())
        rows += page.num_rows
    source_count: int | None = None
    if spec.deletes == "sweep":
        agreed = options.accept_deletes
        if spec.cursor is None:
            source_count = after_whole_read(landing, target, counts, rows, options.clock(), accept_deletes=agreed)
        elif options.full or _sweep_due(position, spec, options):
            source_count = sweep(connector, landing, target, position, counts, options.clock(), accept_deletes=agreed)
    report.end = StreamEnd(target, until, source_count)
    if position.cursor is None or counts.changed:
        landing.done([report.end], options.clock())
        report.end = None


def _lower_bound(position: Position, spec: Stream, full: bool) -> datetime | None:
    """The last bound less the overlap; an unfinished first read resumes where its last page was committed."""
    reached = position.cursor or position.page_cursor
    if spec.cursor is None or full or reached is None:
        return None
    return reached - timedelta(seconds=spec.overlap)


def _sweep_due(position: Position, spec: Stream, options: Options) -> bool:
    if position.cursor is None or position.swept_at is None:
        return True
    wait = spec.sweep_every
    if wait is None and position.live > SWEEP_ALWAYS_ROWS:
        wait = SWEEP_SECONDS
    if wait is None:
        wait = position.live / options.sweep_rows_per_second if options.sweep_rows_per_second else 0.0
    return options.clock() - position.swept_at >= timedelta(seconds=wait)
