"""One pass of a lane: what was asked of it, then what is due, and what becomes of the changes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from data_access.control import COMPARE, PULL, READ, RELOAD, REPLAY, pauses
from data_access.sync.engine import Engine
from data_access.sync.extract import StreamReport
from data_access.sync.lanes import Asked, Lane
from data_access.sync.publishing import Pending, Publisher
from data_access.sync.replay import compare_now, forget, pull_found, replay
from data_access.sync.run import failures, told
from data_access.sync.runs import Ledger, RunReport

log = logging.getLogger("tandem.sync")


@dataclass(frozen=True)
class Done:
    """`fatal`: what says that the store's instance is lost; `again`: the streams that failed; `unfinished`: those that
    could not be looked at yet."""

    failed: bool
    fatal: str = ""
    again: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()


@dataclass
class Pass:
    """Reads for one lane; failures are in the ledger and in the requests' results."""

    engine: Engine
    lane: Lane
    publisher: Publisher

    def run(self, streams: Sequence[str], asked: Sequence[Asked]) -> Done:
        """Reads the streams, if any, and answers what was asked: reads by how that went, others by their own run."""
        agreed = self._prepare(asked)
        done = self._read(streams) if streams else Done(False)
        self.engine.options.agreed.difference_update(agreed)
        for each in asked:
            self.lane.answer(each, self._again(each) if each.kind in (REPLAY, PULL, COMPARE) else done.failed)
        return done

    def _read(self, streams: Sequence[str]) -> Done:
        ledger = Ledger(self.engine.state)
        report = RunReport(ledger.run_id)
        with told(report):
            report.streams = self.engine.take_up(self.lane.source, streams, ledger, self.publisher.tell)
        failed = self._hand_over(ledger, report, first=self.lane.first)
        self.lane.first = False
        good = {stream.entity for stream in report.streams if stream.status == "ok"}
        again = tuple(name for name in streams if name not in good)
        unfinished = tuple(stream.entity for stream in report.streams if stream.waits)
        return Done(failed, report.errors[-1] if report.fatal else "", again, unfinished)

    def _prepare(self, asked: Sequence[Asked]) -> set[tuple[str, str]]:
        """Forgets where streams to be reloaded stood; the deletes that were agreed to for this pass."""
        agreed: set[tuple[str, str]] = set()
        for each in asked:
            mine = each.wants(self.lane.streams)
            if each.kind == RELOAD:
                forget(self.engine, self.lane.source, mine)
            if each.accept_deletes and each.kind in (READ, RELOAD):
                agreed |= {(self.lane.name, name) for name in mine}
        self.engine.options.agreed.update(agreed)
        return agreed

    def _again(self, asked: Asked) -> bool:
        """Rejects tried again, rows pulled or streams compared, in a run of its own; whether that failed."""
        ledger = Ledger(self.engine.state)
        report = RunReport(ledger.run_id)
        held = pauses(self.engine.state)
        mine = [name for name in asked.wants(self.lane.streams) if not held.of(self.lane.name, name)]
        with told(report):
            report.streams = self._done_again(asked, mine, ledger)
        return self._hand_over(ledger, report, first=True)

    def _done_again(self, asked: Asked, streams: Sequence[str], ledger: Ledger) -> list[StreamReport]:
        if asked.kind == REPLAY:
            return replay(self.engine, self.lane.source, streams, ledger)
        if asked.kind == PULL:
            return pull_found(self.engine, self.lane.source, streams, asked.keys or None, ledger)
        return compare_now(self.engine, self.lane.source, streams, ledger)

    def _hand_over(self, ledger: Ledger, report: RunReport, *, first: bool) -> bool:
        """To the publisher when something changed (or must be looked at in any case), else the run ends here."""
        report.errors += failures(report)
        failed = bool(report.errors)
        if failed:
            log.warning("%s", "; ".join(report.errors))
        if first or any(stream.counts.changed for stream in report.streams):
            self.publisher.add(Pending(ledger, report))
        else:
            report.status = "failed" if failed else "nothing_new"
            ledger.finish(report)
        return failed
