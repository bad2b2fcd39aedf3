"""One stream from its source into landing, with bounded retries."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import duckdb
import pyarrow as pa

from data_access.clock import utc_now
from data_access.connectors.base import Connector, Remembers, Resumable, ended, resume_token
from data_access.connectors.profile import Stream
from data_access.errors import SourceError, TandemError, UnfinishedError
from data_access.sync.ahead import Lander
from data_access.sync.land import Counts, Landing, Position, StreamEnd
from data_access.sync.memory import Memory
from data_access.sync.news import take_news
from data_access.sync.resume import Resume
from data_access.sync.sweep import SWEEP_ALWAYS_ROWS, SWEEP_SECONDS, after_whole_read, sweep
from data_access.sync.target import Target
from data_access.sync.threads import Threads
from data_access.sync.turns import Turns

T = TypeVar("T")

LARGE_ROWS = 1_000_000  # of a landing table: what is compared with more is worked on by several threads
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
    cause: str = ""  # of a failure: guard, credentials, unreachable or other
    transient: bool = False
    whole: bool = False  # all rows were read, so that what it brought need not be new
    waits: bool = False  # what it reads is still being written: neither failed nor looked at
    end: StreamEnd | None = None  # still to be recorded; a quiet source's streams are recorded together

    def fail(self, error: TandemError) -> None:
        self.status, self.error, self.hint = "failed", error.message, error.hint
        self.cause = error.cause if isinstance(error, SourceError) else "other"


@dataclass(frozen=True)
class Options:
    """How a run reads: everything again, and whether mass deletes (by all, or by the (source, stream) in `agreed`) and
    changes of frozen columns were agreed to.

    sweep_rows_per_second spaces the sweeps of a loop by size (5,000: a stream of 100,000 rows every 20 s), so that
    short intervals do not spend their time on sweeps; None sweeps in every run.
    """

    full: bool = False
    accept_deletes: bool = False
    agreed: set[tuple[str, str]] = field(default_factory=set)
    turns: Turns = field(default_factory=Turns)
    accept_schema: bool = False
    sweep_rows_per_second: float | None = None
    retry: Retry = field(default_factory=Retry)
    clock: Callable[[], datetime] = utc_now
    memory: Memory | None = None  # what is asked for more where rows need it
    threads: Threads | None = None

    def beside(self, rows: int) -> AbstractContextManager[None]:
        """While what is read is compared with so many rows."""
        return self.threads.several(rows > LARGE_ROWS) if self.threads else nullcontext()


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
        memory = options.memory
        had = memory.reading if memory else ""
        try:
            position = landing.position(target)
            with connector.snapshot(), options.beside(position.live):
                if isinstance(connector, Remembers):
                    _news(connector, landing, target, until, options, report, seen)
                else:
                    _pass(connector, landing, target, position, until, options, report, seen)
        except duckdb.OutOfMemoryException as error:
            if memory is None or not memory.more(had):
                raise
            told = f"the rows of {target.stream} need more memory"
            raise SourceError(told, "they are read again with more", transient=True) from error

    def count() -> None:
        report.attempts += 1

    try:
        with options.turns.of(target.source, target.stream):
            with_retries(attempt, options.retry, count)
        report.status, report.cursor = "ok", until
    except UnfinishedError as error:
        report.status, report.waits, report.error, report.hint = "ok", True, error.message, error.hint
    except SourceError as error:
        report.fail(error)
        report.transient = error.transient
    report.finished_at = options.clock()
    return report


def _pass(
    connector: Connector, landing: Landing, target: Target, position: Position, until: datetime, options: Options,
    report: StreamReport, seen: Callable[[int], None],
) -> None:  # fmt: skip
    full = options.full
    resume = _unfinished(connector, landing, position, target, options)
    if resume is not None and isinstance(connector, Resumable):
        _go_on(connector, landing, target, resume, options, report, seen)
        position, full = landing.position(target), False
    counts, spec = report.counts, target.spec
    since = _lower_bound(position, spec, full, options.clock())
    bound = until if spec.cursor else None
    all_seen = spec.cursor is None or (since is None and isinstance(connector, Resumable) and connector.reads_all)
    landing.begin_pass(None if all_seen else target)
    start = Resume("", since, until, landing.run_id)
    rows = _take(connector.read(target.stream, since, bound), landing, target, start, options, report, seen)
    source_count: int | None = None
    if spec.deletes == "sweep":
        agreed = options.accept_deletes or (target.source, target.stream) in options.agreed
        if all_seen:
            source_count = after_whole_read(landing, target, counts, rows, options.clock(), accept_deletes=agreed)
        elif options.full or _sweep_due(position, spec, options):
            source_count = sweep(connector, landing, target, position, counts, options.clock(), accept_deletes=agreed)
    report.whole = since is None
    whole = spec.cursor is not None and report.whole
    report.end = StreamEnd(target, until, source_count, whole)
    if position.cursor is None or counts.changed or whole or position.resume is not None:
        landing.done([report.end], options.clock())
        report.end = None


def _unfinished(
    connector: Connector, landing: Landing, position: Position, target: Target, options: Options
) -> Resume | None:
    """A read that is to be finished first. One of an older run is not, when all is to be read again."""
    resume = position.resume
    if resume is None or target.spec.cursor is None or not isinstance(connector, Resumable):
        return None
    stale = options.full and (resume.since is not None or resume.run_id != landing.run_id)
    return None if stale else resume


def _go_on(
    connector: Resumable, landing: Landing, target: Target, resume: Resume, options: Options, report: StreamReport,
    seen: Callable[[int], None],
) -> None:  # fmt: skip
    """Finishes a read where its last page was committed, up to its own bound."""
    landing.begin_pass()
    pages = connector.read_from(target.stream, resume.since, resume.until, resume.token)
    try:
        _take(pages, landing, target, resume, options, report, seen)
    except SourceError as error:
        if not error.transient:
            landing.begin_again(target)
        raise
    landing.done([StreamEnd(target, resume.until, None, resume.since is None)], options.clock())


def _take(
    pages: Iterator[pa.Table], landing: Landing, target: Target, start: Resume, options: Options, report: StreamReport,
    seen: Callable[[int], None],
) -> int:  # fmt: skip
    """Lands the pages; the number of their rows."""
    rows = 0

    def land(page: pa.Table, token: str | None) -> None:
        resume = replace(start, token=token, run_id=landing.run_id) if token else None
        landing.land(target, page, report.counts, options.clock(), resume)
        if options.memory is not None:
            options.memory.landed(page.num_rows)

    with ended(pages), Lander(land) as lander:
        for page in pages:
            seen(report.counts.read)
            lander.take(page, resume_token(page) if target.spec.cursor else None)
            rows += page.num_rows
    return rows


def _news(
    connector: Remembers, landing: Landing, target: Target, until: datetime, options: Options, report: StreamReport,
    seen: Callable[[int], None],
) -> None:  # fmt: skip
    report.end = take_news(
        connector, landing, target, until, report.counts, options.clock,
        full=options.full, accept_deletes=options.accept_deletes, seen=seen,
    )  # fmt: skip
    if report.counts.read or report.counts.changed:
        landing.done([report.end], options.clock())
        report.end = None


def _lower_bound(position: Position, spec: Stream, full: bool, now: datetime) -> datetime | None:
    """The last bound less the overlap; an unfinished first read resumes where its last page was committed. None: all
    rows are read."""
    reached = position.cursor or position.page_cursor
    if spec.cursor is None or full or reached is None:
        return None
    if spec.full_every is not None and position.cursor is not None:
        read_whole = position.full_at or datetime.min.replace(tzinfo=UTC)
        if now - read_whole >= timedelta(seconds=spec.full_every):
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
