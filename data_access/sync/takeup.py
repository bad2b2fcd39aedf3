"""The streams of one source, read one after another or, where its connector can, several at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Event, RLock

import duckdb

from data_access.connectors.base import Connector
from data_access.errors import SourceError
from data_access.sync.by_keys import is_settled
from data_access.sync.extract import Options, StreamReport, extract_stream
from data_access.sync.land import Landing
from data_access.sync.runs import Ledger, Tell
from data_access.sync.sources import OpenSource


@dataclass(frozen=True)
class TakeUp:
    """One source's part of a run; `frozen`: streams that must not be read, and why. Each thread has its own way into
    landing; writing takes turns by `lock`."""

    con: duckdb.DuckDBPyConnection
    lock: RLock
    options: Options
    stopping: Event
    ledger: Ledger
    tell: Tell
    frozen: Mapping[str, SourceError]

    def streams(
        self, source: OpenSource, connector: Connector, streams: Sequence[str], until: datetime
    ) -> list[StreamReport]:
        """A report for each stream, in their order."""
        threads = min(int(getattr(connector, "parallel", 1)), len(streams))
        reports: dict[str, StreamReport] = {}
        waiting: SimpleQueue[str] = SimpleQueue()
        for stream in streams:
            waiting.put(stream)
        if threads <= 1:
            with connector.snapshot(shared=True) if self._is_short(source, streams) else nullcontext():
                self._work(source, connector, streams, until, waiting, reports)
        else:
            with ThreadPoolExecutor(max_workers=threads, thread_name_prefix=source.config.name) as pool:
                tasks = [
                    pool.submit(self._work, source, connector, streams, until, waiting, reports) for _ in range(threads)
                ]
            for task in tasks:
                task.result()
        return [reports[stream] for stream in streams]

    def _is_short(self, source: OpenSource, streams: Sequence[str]) -> bool:
        """Whether only what is new is read: then in one snapshot, so that an order comes with its lines. A long one
        would burden the source."""
        landing = Landing(self.con.cursor(), self.lock, self.ledger.run_id)
        try:
            return not self.options.full and all(is_settled(landing, source.target(name)) for name in streams)
        finally:
            landing.con.close()

    def _work(
        self, source: OpenSource, connector: Connector, streams: Sequence[str], until: datetime,
        waiting: SimpleQueue[str], reports: dict[str, StreamReport],
    ) -> None:  # fmt: skip
        """Takes streams until none waits."""
        landing = Landing(self.con.cursor(), self.lock, self.ledger.run_id)
        name, twice = source.config.name, False
        try:
            while True:
                stream = waiting.get_nowait()
                self.tell("extract", f"{name}: {stream}", len(reports), len(streams))
                target = source.target(stream)
                self.ledger.step("extract")
                why = self.frozen.get(stream)
                report = extract_stream(connector, landing, target, until, self.options, self._go_on, why)
                reports[stream] = report
                self.ledger.stream(report)
                if report.transient:
                    self._still_there(connector, name, report, waiting, reports, twice)
                twice = report.transient
        except Empty:
            return
        finally:
            landing.con.close()

    def _go_on(self, rows: int) -> None:
        """Before each page: a stop asked for ends the stream where its last page was committed."""
        self.ledger.step("land")
        if self.stopping.is_set():
            raise SourceError("stopped before it was read completely", "the next run resumes")

    def _still_there(
        self, connector: Connector, source: str, last: StreamReport, waiting: SimpleQueue[str],
        reports: dict[str, StreamReport], twice: bool,
    ) -> None:  # fmt: skip
        """When the source is gone (or answers but gives no rows, twice), the streams left fail at once instead of each
        after its own retries."""
        try:
            if twice:
                raise SourceError(last.error, last.hint, transient=True)
            connector.now()
        except SourceError as error:
            while not waiting.empty():
                stream = waiting.get_nowait()
                report = StreamReport(source, stream, self.options.clock(), self.options.clock())
                report.fail(error)
                report.transient = error.transient
                reports[stream] = report
                self.ledger.stream(report)
