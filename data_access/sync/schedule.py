"""The watch loop: each lane's thread takes up changes by its own schedule, a thread for each source that pushes applies
its notices, one thread publishes what came."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from data_access import control, feed_state, inbox, sync_log
from data_access.clock import iso, parse_or_none, utc_now
from data_access.config import Config
from data_access.errors import WarehouseError
from data_access.sync.alarms import Alarms
from data_access.sync.engine import Engine
from data_access.sync.extract import Options
from data_access.sync.lanes import Lane, lanes_of
from data_access.sync.lineage import MODELS
from data_access.sync.lock import one_writer
from data_access.sync.notices import Notices
from data_access.sync.passes import Pass
from data_access.sync.publishing import Pending, Publisher
from data_access.sync.requests import Desk
from data_access.sync.runs import Tell, close_dead_runs, prune, silent
from data_access.sync.steps import PYTHON_STEPS

T = TypeVar("T")

log = logging.getLogger("tandem.sync")
POLL_SECONDS = 0.1
BEAT_SECONDS = 5.0
NOTED = "freshness_noted"
SWEEP_ROWS_PER_SECOND = 5_000.0
PRUNE_SECONDS = 3600.0


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
class Inbox:
    """The notices of a source, and what wakes the thread that applies them."""

    notices: Notices
    wake: threading.Event = field(default_factory=threading.Event)


class _Watch:
    def __init__(self, engine: Engine, stop: threading.Event, progress: Tell) -> None:
        self.engine, self.stop = engine, stop
        self.crashed: BaseException | None = None
        self.paused = control.pauses(engine.state)
        self.zone, clock = ZoneInfo(engine.config.company.timezone), engine.options.clock
        self.lanes = [lane for source in engine.sources for lane in lanes_of(source, self.zone, clock)]
        self.publisher = Publisher(engine, progress, self._still_reading)
        self.desk = Desk(engine.state, self.lanes)
        self.inboxes = {
            source.config.name: Inbox(Notices(engine, source, partial(self._hurry, source.config.name)))
            for source in engine.sources
            if source.config.hook_secret is not None
        }

    def run(self) -> None:
        threads = [self._thread(f"{lane.name}-{lane.streams[0]}", self._follow, lane) for lane in self.lanes]
        threads += [self._thread(f"{name}-notices", self._apply_notices, each) for name, each in self.inboxes.items()]
        alarms = Alarms(self.engine.config, self.engine.state, self.engine.options.clock, self.stop)
        threads += [self._thread("alerts", Alarms.run, alarms), self._thread("publish", self._publish, self.publisher)]
        for thread in threads:
            thread.start()
        try:
            self._loop()
        finally:
            self.stop.set()
            for event in self._events():
                event.set()
            for thread in threads:
                thread.join()
            self.publisher.give_up()
        if (crashed := self.crashed or self.publisher.crashed) is not None:
            raise crashed

    def _loop(self) -> None:
        beaten = pruned = 0.0
        while not self.stop.wait(POLL_SECONDS) and self.crashed is None and self.publisher.crashed is None:
            now = time.monotonic()
            if now - beaten >= BEAT_SECONDS:
                self.engine.state.beat("sync")
                self._note_freshness()
                beaten = now
            if now - pruned >= PRUNE_SECONDS:
                prune(self.engine.state)
                inbox.prune(self.engine.state)
                pruned = now
            self._look_at_pauses()
            self.desk.take(self.paused)
            for name in inbox.waiting(self.engine.state).keys() & self.inboxes.keys():
                self.inboxes[name].wake.set()

    def _note_freshness(self) -> None:
        """Since it was noted last, also by the process before this one."""
        state, now = self.engine.state, utc_now()
        since = parse_or_none(state.fact(NOTED))
        names = {lane.name for lane in self.lanes}
        for status in state.sources() if since else ():
            if status.source in names:
                sync_log.note_freshness(state, status, since or now, now, self.zone)
        state.set_fact(NOTED, iso(now))

    def _events(self) -> list[threading.Event]:
        wakes = [*(lane.wake for lane in self.lanes), *(each.wake for each in self.inboxes.values())]
        return [*wakes, self.publisher.wake]

    def _thread(self, name: str, work: Callable[[T], None], of: T) -> threading.Thread:
        def survive() -> None:
            try:
                work(of)
            except BaseException as error:
                # Not a source's fault (those are in the report): the store is gone. The supervisor starts us again.
                self.crashed = error

        return threading.Thread(target=survive, name=name)

    def _follow(self, lane: Lane) -> None:
        """One lane's life: wait until something is due, take it up, hand changes over."""
        while not self.stop.is_set():
            started = time.monotonic()
            if not lane.first and lane.due(self._held(lane)) and self.publisher.awaits_first():
                # The first version waits for slower lanes: reading this one again would only slow them.
                self.stop.wait(POLL_SECONDS)
                continue
            streams, asked = lane.begin(self._held(lane))
            if streams or asked:
                feed_state.reading(self.engine.state, lane.name, streams)
                done = Pass(self.engine, lane, self.publisher).run(streams, asked)
                if streams:
                    planned = lane.plan(streams, started, failed=done.again, unfinished=done.unfinished)
                    feed_state.planned(self.engine.state, lane.name, planned)
                if done.fatal:
                    raise WarehouseError(done.fatal, "only a new process can go on")
            lane.wait(self._held(lane))

    def _apply_notices(self, mine: Inbox) -> None:
        """The life of a source's inbox: what waits is applied as it comes."""
        while not self.stop.is_set():
            mine.wake.wait()
            mine.wake.clear()
            found = None if self.stop.is_set() else mine.notices.round(self.paused)
            if found is None:
                continue
            report = found.report
            if report.errors:
                log.warning("%s", "; ".join(report.errors))
            if report.fatal:
                raise WarehouseError(report.errors[-1], report.hint)
            if any(stream.counts.changed for stream in report.streams):
                self.publisher.add(Pending(found.ledger, report, partial(mine.notices.published, found.applied)))
            else:
                report.status = "failed" if report.errors else "nothing_new"
                found.ledger.finish(report)
                mine.notices.done(found.applied, "nothing new")

    def _publish(self, publisher: Publisher) -> None:
        while not self.stop.is_set():
            publisher.wake.wait(POLL_SECONDS)
            publisher.wake.clear()
            if not self.stop.is_set():
                publisher.publish_when_due()

    def _look_at_pauses(self) -> None:
        """A pause holds from the next read on; what was due meanwhile is read when it ends."""
        now = control.pauses(self.engine.state)
        if now != self.paused:
            self.paused = now
            for event in self._events():
                event.set()

    def _held(self, lane: Lane) -> list[str]:
        return [stream for stream in lane.streams if self.paused.of(lane.name, stream)]

    def _still_reading(self) -> bool:
        return any(lane.first and len(self._held(lane)) < len(lane.streams) for lane in self.lanes)

    def _hurry(self, source: str, streams: Sequence[str]) -> None:
        for lane in self.lanes:
            if lane.name == source:
                lane.hurry(streams)
