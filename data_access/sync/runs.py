"""The run ledger: every run and its streams in state.db, with the step it is in at all times."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from data_access import sync_log
from data_access.clock import iso, utc_now
from data_access.state import State, StreamRun
from data_access.sync.extract import StreamReport
from data_access.sync.marks import count_run

Tell = Callable[[str, str, int, int], None]  # step, label, done, total (0 = unknown)


def silent(step: str, label: str, done: int, total: int) -> None: ...


@dataclass
class RunReport:
    """What one sync run did. `status` is published, nothing_new, failed or refused; `version` the one it published."""

    run_id: int
    status: str = "running"
    version: int | None = None
    streams: list[StreamReport] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    hint: str = ""
    fatal: bool = False  # the store's instance is lost; only a new process can go on
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def rejected(self) -> int:
        return sum(stream.counts.rejected for stream in self.streams)

    @property
    def exit_code(self) -> int:
        """0 all well; 1 a source or a gate failed."""
        return 1 if self.errors else 0


def close_dead_runs(state: State) -> None:
    """Runs left running are marked failed. Call with the lock held: then nobody else can be running one."""
    state.execute(
        "UPDATE sync_run SET status = 'failed', finished_at = ?, error = 'killed in step ' || step,"
        " hint = 'the next run resumes where it stopped' WHERE status = 'running'",
        (iso(utc_now()),),
    )


class Ledger:
    """One run's entry; writing it never needs the warehouse."""

    def __init__(self, state: State) -> None:
        self.state = state
        rows = state.execute(
            "INSERT INTO sync_run (started_at, status, step, pid) VALUES (?, 'running', 'extract', ?) RETURNING run_id",
            (iso(utc_now()), os.getpid()),
        )
        self.run_id = int(rows[0]["run_id"])
        self._step = "extract"

    def step(self, step: str) -> None:
        """extract, land, build, check or publish: what a killed run was doing."""
        if step != self._step:
            self._step = step
            self.state.step(self.run_id, step)

    def stream(self, report: StreamReport) -> None:
        counts = report.counts
        run = StreamRun(
            report.source, report.entity, report.started_at, report.finished_at, report.status,
            counts.read, counts.inserted, counts.updated, counts.unchanged, counts.deleted, counts.rejected,
            iso(report.cursor) if report.cursor else None, report.attempts, report.error, report.hint,
        )  # fmt: skip
        self.state.record_stream(self.run_id, run)
        sync_log.note_run(self.state, run)

    def finish(self, report: RunReport) -> None:
        error = "; ".join(report.errors)[:2000]
        self.state.finish_run(self.run_id, report.status, report.version, error, report.hint)
        count_run(self.state, report.status, report.streams)


def prune(state: State) -> None:
    """Forgets quiet runs after a day, but for the last ones of each stream, and all others after a month."""
    now = utc_now()
    sync_log.forget_old(state, now)
    day, month = iso(now - timedelta(days=1)), iso(now - timedelta(days=30))
    nth = "row_number() OVER (PARTITION BY source, entity ORDER BY started_at DESC) AS nth"
    ranked = f"SELECT run_id, {nth} FROM sync_stream"
    kept = f"SELECT run_id FROM ({ranked}) WHERE nth <= {sync_log.RUNS_SHOWN}"
    quiet = f"status = 'nothing_new' AND started_at < ? AND run_id NOT IN ({kept})"
    old = f"SELECT run_id FROM sync_run WHERE ({quiet}) OR started_at < ?"
    state.execute(f"DELETE FROM sync_stream WHERE run_id IN ({old})", (day, month))
    state.execute(f"DELETE FROM sync_run WHERE run_id IN ({old})", (day, month))


def to_state(state: State, also: Tell) -> Tell:
    """Progress for the starting page, written at most twice a second, and told to `also`."""
    lock, last = threading.Lock(), [0.0]

    def tell(step: str, label: str, done: int, total: int) -> None:
        also(step, label, done, total)
        with lock:
            if time.monotonic() - last[0] < 0.5:
                return
            last[0] = time.monotonic()
        state.set_progress(step, label, done, total)

    return tell
