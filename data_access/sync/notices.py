"""Pushed notices, applied: many become one read by keys for each stream and one publish. What cannot be read by key is
left to the schedule, at once; what is lost is found by it anyway."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from data_access import inbox
from data_access.connectors.placeholders import fill
from data_access.control import WHOLE, Pauses
from data_access.hooks import Notice
from data_access.inbox import Waiting
from data_access.sync.by_keys import Key, fits, is_settled
from data_access.sync.engine import Engine
from data_access.sync.extract import StreamReport
from data_access.sync.land import Landing
from data_access.sync.replay import pull_again
from data_access.sync.run import failures, told
from data_access.sync.runs import Ledger, RunReport
from data_access.sync.sources import OpenSource

MOST_KEYS = 20_000  # of one stream; more are left to a read of the whole window
FIRST_BACKOFF_SECONDS, MOST_BACKOFF_SECONDS = 2.0, 60.0
BY_SCHEDULE = "read with its stream"


@dataclass
class Round:
    """What one round of applying came to: reports of what was read, and the notices that wait for the publish of it."""

    ledger: Ledger
    report: RunReport
    applied: list[Waiting]


@dataclass
class Notices:
    """The notices of one source. `hurry` has streams read soon by their lanes."""

    engine: Engine
    source: OpenSource
    hurry: Callable[[Collection[str]], None]
    _flying: set[int] = field(default_factory=set)  # read, and waiting for their publish
    _failures: int = 0
    _not_before: float = 0.0

    def round(self, paused: Pauses) -> Round | None:
        """Applies what waits now; None when nothing was read."""
        if time.monotonic() < self._not_before:
            return None
        waiting = [
            each for each in inbox.take(self.engine.state, self.source.config.name) if each.id not in self._flying
        ]
        by_stream, soon = self._sorted(waiting, paused)
        if soon:
            for names, _ in soon:
                self.hurry(names)
            inbox.applied(self.engine.state, [each for _, each in soon], BY_SCHEDULE, "scheduled")
        if not by_stream:
            return None
        ledger = Ledger(self.engine.state)
        wanted = {stream: list(dict.fromkeys(key for key, _ in found)) for stream, found in by_stream.items()}
        report = RunReport(ledger.run_id)
        with told(report):
            report.streams = pull_again(self.engine, self.source, wanted, ledger)
        report.errors += failures(report)
        if report.errors and not report.streams and not report.fatal:
            self._set_aside(by_stream, report.errors[-1])
            return Round(ledger, report, [])
        return Round(ledger, report, self._told(report.streams, by_stream))

    def _set_aside(self, by_stream: Mapping[str, Sequence[tuple[Key, Waiting]]], error: str) -> None:
        """Reading by key failed by itself: the streams are read soon, and these notices hold up no others."""
        self.hurry(by_stream)
        for found in by_stream.values():
            inbox.applied(self.engine.state, [each for _, each in found], f"by schedule: {error}"[:500], "scheduled")

    def published(self, applied: Sequence[Waiting], ok: bool) -> None:
        self.done(applied, "published" if ok else "read; the next publish that succeeds has it")

    def done(self, applied: Sequence[Waiting], result: str) -> None:
        """What these waited for has come: their publish (if it failed, the next one has them), or nothing was new."""
        inbox.applied(self.engine.state, applied, result)
        self._flying -= {each.id for each in applied}

    def _told(self, reports: Sequence[StreamReport], by_stream: dict[str, list[tuple[Key, Waiting]]]) -> list[Waiting]:
        """Notices to be told of the publish; others are done, or wait for another try when the source is away."""
        applied: list[Waiting] = []
        away = not reports
        for report in reports:
            mine = [each for _, each in by_stream[report.entity]]
            if report.transient:
                away = True
            elif report.status != "ok":
                self.hurry([report.entity])
                inbox.applied(self.engine.state, mine, f"failed: {report.error}"[:500], "failed")
            else:
                applied += mine
        self._failures = self._failures + 1 if away else 0
        if away:
            wait = min(FIRST_BACKOFF_SECONDS * 2 ** min(self._failures - 1, 10), MOST_BACKOFF_SECONDS)
            self._not_before = time.monotonic() + wait
        self._flying |= {each.id for each in applied}
        return applied

    def _sorted(
        self, waiting: Sequence[Waiting], paused: Pauses
    ) -> tuple[dict[str, list[tuple[Key, Waiting]]], list[tuple[list[str], Waiting]]]:
        """Stream -> keys with their notices, and notices whose streams are to be read soon. Those of paused streams are
        in neither: they wait."""
        by_stream: dict[str, list[tuple[Key, Waiting]]] = {}
        soon: list[tuple[list[str], Waiting]] = []
        if not waiting:
            return by_stream, soon
        name = self.source.config.name
        landing = Landing(self.engine.con.cursor(), self.engine.lock, 0)
        try:
            every = self.source.profile.stream
            settled = {stream for stream in every if is_settled(landing, self.source.target(stream))}
        finally:
            landing.con.close()
        for each in waiting:
            streams = streams_named(self.source, each.notice)
            if paused.of(name, streams[0] if len(streams) == 1 else WHOLE):
                continue
            key = each.notice.key
            if len(streams) == 1 and key is not None and streams[0] in settled:
                target = self.source.target(streams[0])
                if fits(target, key):
                    by_stream.setdefault(streams[0], []).append((key, each))
                    continue
            soon.append((streams, each))
        for stream in [stream for stream, found in by_stream.items() if len(found) > MOST_KEYS]:
            soon += [([stream], each) for _, each in by_stream.pop(stream)]
        return by_stream, soon


def streams_named(source: OpenSource, notice: Notice) -> list[str]:
    """The streams a notice means, by the name of a stream, an entity or the source's own object; all when it does not
    say, or says what nobody knows."""
    every = list(source.profile.stream)
    if notice.entity is None:
        return every
    if found := source.streams(source.streams_of([notice.entity])):
        return found
    settings = {name: spec.default or "" for name, spec in source.profile.settings.items()}
    settings |= {name: value for name in source.config.settings if isinstance(value := source.setting(name), str)}
    tables = {name: fill(spec.table or "", settings) for name, spec in source.profile.stream.items()}
    return [name for name, table in tables.items() if table == notice.entity] or every
