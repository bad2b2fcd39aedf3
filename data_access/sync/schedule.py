"""The watch loop: one thread a source takes up changes by its own schedule, one thread publishes what came."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from data_access import sync_log
from data_access.clock import iso, parse_or_none, utc_now
from data_access.config import Config
from data_access.errors import ConfigError, WarehouseError
from data_access.identity_decisions import latest
from data_access.sync.engine import Engine
from data_access.sync.extract import Options
from data_access.sync.lineage import MODELS
from data_access.sync.lock import one_writer
from data_access.sync.run import fail, failures, told
from data_access.sync.runs import Ledger, RunReport, Tell, close_dead_runs, prune, silent, to_state
from data_access.sync.sources import OpenSource
from data_access.sync.steps import PYTHON_STEPS
from data_access.timing import next_cron
from data_access.versions import read_pointer

log = logging.getLogger("tandem.sync")
POLL_SECONDS = 0.25
BEAT_SECONDS = 5.0
NOTED = "freshness_noted"
SWEEP_ROWS_PER_SECOND = 5_000.0
PRUNE_SECONDS = 3600.0
FAILED_PUBLISH_SECONDS = 60.0
MOST_BACKOFF_SECONDS = 600.0
FIRST_VERSION_SECONDS = 120.0
QUIET_SHARE = 10.0  # copying versions takes at most about a tenth of the time


def watch(
    config: Config,
    stop: threading.Event,
    *,
    options: Options | None = None,
    models: Path = MODELS,
    steps: Sequence[str] = PYTHON_STEPS,
    progress: Tell = silent,
) -> None:
    """Syncs until `stop` is set. Source errors are recorded and survived; ConfigError and LockedError are raised."""
    with one_writer(config.warehouse.path):
        chosen = options or Options(sweep_rows_per_second=SWEEP_ROWS_PER_SECOND)
        engine = Engine(config, options=chosen, models=models, steps=steps, stopping=stop)
        try:
            close_dead_runs(engine.state)
            _Watch(engine, stop, progress).run()
        finally:
            engine.close()


@dataclass
class _Pending:
    """A take-up that changed something and waits for its publish."""

    ledger: Ledger
    report: RunReport


@dataclass
class _Due:
    """When the streams of one source are next due, in seconds of the monotonic clock."""

    source: OpenSource
    zone: ZoneInfo
    at: dict[str, float] = field(default_factory=dict)
    failures: int = 0

    def streams(self, now: float) -> list[str]:
        return [name for name in self.source.profile.stream if self.at.get(name, 0.0) <= now]

    def plan(self, streams: Sequence[str], started: float, *, failed: bool) -> None:
        """Sets the next time of these streams; after failures the wait doubles up to ten minutes or the interval."""
        self.failures = self.failures + 1 if failed else 0
        now = time.monotonic()
        for name in streams:
            interval = self.source.config.interval_of(name)
            if isinstance(interval, str):
                moment = utc_now().astimezone(self.zone)
                self.at[name] = now + (next_cron(interval, moment) - moment).total_seconds()
                continue
            longest = max(interval, MOST_BACKOFF_SECONDS)
            wait = min(interval * 2 ** min(self.failures - 1, 16), longest) if failed else interval
            self.at[name] = max(started + wait, now)

    def next(self) -> float:
        return min((self.at.get(name, 0.0) for name in self.source.profile.stream), default=time.monotonic() + 60.0)

    def hurry(self) -> None:
        self.at.clear()


class _Watch:
    def __init__(self, engine: Engine, stop: threading.Event, progress: Tell) -> None:
        self.engine, self.stop = engine, stop
        self.tell = to_state(engine.state, progress) if read_pointer(engine.folder) is None else progress
        self.zone = ZoneInfo(engine.config.company.timezone)
        self.due = {source.config.name: _Due(source, self.zone) for source in engine.sources}
        self.wake = {name: threading.Event() for name in self.due}
        self.requests: dict[str, list[int]] = {name: [] for name in self.due}
        self.pending: list[_Pending] = []
        self.first_passes = set(self.due)
        self.guard = threading.Lock()
        self.crashed: BaseException | None = None
        self.published_day = ""
        self.decided = latest(engine.state)
        self.next_publish = 0.0
        self.patience = time.monotonic() + FIRST_VERSION_SECONDS

    def run(self) -> None:
        threads = [threading.Thread(target=self._source, args=(name,), name=f"source-{name}") for name in self.due]
        for thread in threads:
            thread.start()
        beaten = pruned = 0.0
        try:
            while not self.stop.wait(POLL_SECONDS) and self.crashed is None:
                now = time.monotonic()
                if now - beaten >= BEAT_SECONDS:
                    self.engine.state.beat("sync")
                    self._note_freshness()
                    beaten = now
                if now - pruned >= PRUNE_SECONDS:
                    prune(self.engine.state)
                    pruned = now
                self._take_requests()
                self._publish_when_due()
        finally:
            self.stop.set()
            for event in self.wake.values():
                event.set()
            for thread in threads:
                thread.join()
            self._give_up_pending()
        if self.crashed is not None:
            raise self.crashed

    def _note_freshness(self) -> None:
        """Since it was noted last, also by the process before this one."""
        state, now = self.engine.state, utc_now()
        since = parse_or_none(state.fact(NOTED))
        for status in state.sources() if since else ():
            if status.source in self.due:
                sync_log.note_freshness(state, status, since or now, now, self.zone)
        state.set_fact(NOTED, iso(now))

    def _source(self, name: str) -> None:
        """One source's life: wait until something is due, take it up, hand changes over."""
        due = self.due[name]
        try:
            while not self.stop.is_set():
                started = time.monotonic()
                streams = due.streams(started)
                if streams and self._is_waited_for(name):
                    # The first version waits for slower sources: reading this one again would only slow them.
                    self.stop.wait(POLL_SECONDS)
                    continue
                if streams:
                    failed = self._pass(due, streams)
                    due.plan(streams, started, failed=failed)
                self.wake[name].wait(max(0.0, min(due.next() - time.monotonic(), 60.0)))
                if self.wake[name].is_set() and not self.stop.is_set():
                    self.wake[name].clear()
                    due.hurry()
        except BaseException as error:
            # Not a source's fault (those are in the report): the store is gone. The supervisor starts us again.
            self.crashed = error

    def _pass(self, due: _Due, streams: list[str]) -> bool:
        name = due.source.config.name
        with self.guard:
            asked, self.requests[name] = self.requests[name], []
        ledger = Ledger(self.engine.state)
        report = RunReport(ledger.run_id)
        with told(report):
            report.streams = self.engine.take_up(due.source, streams, ledger, self.tell)
        report.errors += failures(report)
        changed = any(stream.counts.changed for stream in report.streams)
        failed = bool(report.errors)
        if report.fatal:
            self.crashed = WarehouseError(report.errors[-1], report.hint)
        if failed:
            log.warning("%s", "; ".join(report.errors))
        with self.guard:
            first = name in self.first_passes
            self.first_passes.discard(name)
            if changed or first:
                ledger.step("build")
                self.pending.append(_Pending(ledger, report))
        if not (changed or first):
            report.status = "failed" if failed else "nothing_new"
            ledger.finish(report)
        for request in asked:
            self.engine.state.finish_request(request, "failed" if failed else "done")
        return failed

    def _take_requests(self) -> None:
        """What the web asks for: read a source (or all) now."""
        for request in self.engine.state.take_requests():
            wanted = request["body"].get("source")
            names = [name for name in self.due if wanted in (None, name)]
            if not names:
                self.engine.state.finish_request(request["id"], "unknown source")
            with self.guard:
                for name in names[:1]:
                    self.requests[name].append(request["id"])
            for name in names:
                self.wake[name].set()

    def _publish_when_due(self) -> None:
        today, now, decided = self.engine.today().isoformat(), time.monotonic(), latest(self.engine.state)
        with self.guard:
            waiting = bool(self.pending) and not self._await_others(now)
            anew = bool(self.published_day) and (today, decided) != (self.published_day, self.decided)
        if now < self.next_publish or not (waiting or anew):
            return
        with self.guard:
            pending, self.pending = self.pending, []
        if not pending:
            ledger = Ledger(self.engine.state)
            pending = [_Pending(ledger, RunReport(ledger.run_id))]
        if self._publish(pending):
            self.published_day, self.decided = today, decided
        copied = pending[-1].report.seconds.get("copy", 0.0)
        self.next_publish = max(self.next_publish, time.monotonic() + QUIET_SHARE * copied)

    def _is_waited_for(self, name: str) -> bool:
        """Whether this source has done its part of the first version while others have not."""
        return name not in self.first_passes and self._await_others(time.monotonic())

    def _await_others(self, now: float) -> bool:
        """The very first version waits a while for every source's first pass."""
        return bool(self.first_passes) and now < self.patience and read_pointer(self.engine.folder) is None

    def _publish(self, pending: list[_Pending]) -> bool:
        """One publish for all that wait; the youngest run leads it and the others share its outcome."""
        lead = pending[-1]
        errors = list(lead.report.errors)
        try:
            with told(lead.report):
                self.engine.publish_news(lead.ledger, lead.report, self.tell)
        except ConfigError as error:
            fail(lead.report, error)
        if lead.report.fatal:
            self.crashed = WarehouseError(lead.report.errors[-1], lead.report.hint)
        published = lead.report.status in ("published", "nothing_new")
        if not published:
            log.error("%s", "; ".join(lead.report.errors))
            self.next_publish = time.monotonic() + FAILED_PUBLISH_SECONDS
        failed = [error for error in lead.report.errors if error not in errors]
        for each in pending:
            if each is not lead:
                each.report.status, each.report.version = lead.report.status, lead.report.version
                each.report.errors += failed
            if each.report.status == "nothing_new" and each.report.errors:
                each.report.status = "failed"
            each.ledger.finish(each.report)
        if lead.report.version is not None:
            log.info("published version %s", lead.report.version)
            self.tell = silent
            self.engine.state.clear_progress()
        return published

    def _give_up_pending(self) -> None:
        for each in self.pending:
            each.report.status = "failed"
            each.report.errors.append("stopped before its publish")
            each.report.hint = "the next start publishes it"
            each.ledger.finish(each.report)
