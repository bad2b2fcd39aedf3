"""Publishing in the watch loop: all that waits goes into one version, with pauses once copies have used up what
was saved."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from data_access.clock import iso, utc_now
from data_access.errors import ConfigError, WarehouseError
from data_access.feed_state import WAITING_PUBLISH
from data_access.identity_decisions import latest
from data_access.sync.allowance import Allowance
from data_access.sync.engine import Engine
from data_access.sync.run import fail, told
from data_access.sync.runs import Ledger, RunReport, Tell, silent, to_state
from data_access.versions import read_pointer

log = logging.getLogger("tandem.sync")
FAILED_PUBLISH_SECONDS = 60.0
MOST_FAILED_SECONDS = 600.0
FIRST_VERSION_SECONDS = 120.0


@dataclass
class Pending:
    """A take-up that changed something and waits for its publish; `then` is told whether that went well."""

    ledger: Ledger
    report: RunReport
    then: Callable[[bool], None] | None = None


class Publisher:
    """Takes what changed from any thread, publishes in one. `first_version` says whether lanes are still to be waited
    for before there is any version."""

    def __init__(self, engine: Engine, progress: Tell, still_reading: Callable[[], bool]) -> None:
        self.engine = engine
        self.tell = to_state(engine.state, progress) if self._none_yet(engine) else progress
        self.crashed: BaseException | None = None
        self._still_reading = still_reading
        self._pending: list[Pending] = []
        self._guard = threading.Lock()
        self._day = ""
        self._decided = latest(engine.state)
        self._next = 0.0
        self._allowance = Allowance(time.monotonic())
        self.wake = threading.Event()
        self._failures = 0
        self._patience = time.monotonic() + FIRST_VERSION_SECONDS
        engine.state.set_fact(WAITING_PUBLISH, None)

    def add(self, pending: Pending) -> None:
        pending.ledger.step("build")
        with self._guard:
            first, self._pending = not self._pending, [*self._pending, pending]
        if first:
            self.engine.state.set_fact(WAITING_PUBLISH, iso(utc_now()))
        self.wake.set()

    def awaits_first(self) -> bool:
        """The very first version waits a while for every lane's first pass."""
        return time.monotonic() < self._patience and self._still_reading() and self._none_yet(self.engine)

    def publish_when_due(self) -> None:
        """Publishes what waits, what failed before, what people decided, and the new business day."""
        today = self.engine.today().isoformat()
        with self._guard:
            waiting = bool(self._pending or self._failures)
        new_day = bool(self._day) and today != self._day
        decided = latest(self.engine.state)
        if decided != self._decided:
            waiting = True
        if time.monotonic() < self._next or not (waiting or new_day) or self.awaits_first():
            return
        self._decided = decided
        with self._guard:
            pending, self._pending = self._pending, []
        if not pending:
            ledger = Ledger(self.engine.state)
            pending = [Pending(ledger, RunReport(ledger.run_id))]
        if self._publish(pending):
            self._day = today
        copied = pending[-1].report.seconds.get("copy", 0.0)
        self._allowance = self._allowance.after(copied, time.monotonic())
        self._next = max(self._next, self._allowance.free_at())
        with self._guard:
            if not self._pending:
                self.engine.state.set_fact(WAITING_PUBLISH, None)

    def give_up(self) -> None:
        """What still waits when the process ends."""
        for each in self._pending:
            each.report.status = "failed"
            each.report.errors.append("stopped before its publish")
            each.report.hint = "the next start publishes it"
            each.ledger.finish(each.report)

    def _publish(self, pending: list[Pending]) -> bool:
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
        failed = [error for error in lead.report.errors if error not in errors]
        self._failures = self._failures + 1 if failed else 0
        if not published:
            log.error("%s", "; ".join(lead.report.errors))
            wait = FAILED_PUBLISH_SECONDS * 2 ** min(max(self._failures - 1, 0), 10)
            self._next = time.monotonic() + min(wait, MOST_FAILED_SECONDS)
        for each in pending:
            if each is not lead:
                each.report.status, each.report.version = lead.report.status, lead.report.version
                each.report.errors += failed
            if each.report.status == "nothing_new" and each.report.errors:
                each.report.status = "failed"
            each.ledger.finish(each.report)
            if each.then is not None:
                each.then(published)
        if lead.report.version is not None:
            log.info("published version %s", lead.report.version)
            self.tell = silent
            self.engine.state.clear_progress()
        return published

    @staticmethod
    def _none_yet(engine: Engine) -> bool:
        return read_pointer(engine.folder) is None
