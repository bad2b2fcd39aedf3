"""Reads outside the schedule: rows that a notice names, rejected ones, what a comparison found, streams from their
start; and comparisons made now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from data_access.connectors.base import Connector
from data_access.errors import ConfigError, SourceError
from data_access.sync.by_keys import Key, fits, in_turn, is_settled, read_again, rejected_keys, split_key
from data_access.sync.engine import Engine
from data_access.sync.extract import StreamReport
from data_access.sync.land import Landing
from data_access.sync.reconcile import compare, found_keys
from data_access.sync.runs import Ledger
from data_access.sync.sources import OpenSource
from data_access.sync.target import Target

REMEDIES = {
    "undeclared": "name one there: reconcile = { day = ... }",
    "unsupported": "its keys are compared whenever it is swept",
    "unread": "read it first",
}
Work = Callable[[Connector, Landing, Target, StreamReport], None]


def pull_again(
    engine: Engine, source: OpenSource, wanted: Mapping[str, Sequence[Key]], ledger: Ledger
) -> list[StreamReport]:
    """Reads stream -> keys again, a report for each stream; failures are in the reports."""

    def work(connector: Connector, landing: Landing, target: Target, report: StreamReport) -> None:
        read_again(connector, landing, target, wanted[target.stream], engine.options, report)

    return _told(_each(engine, source, list(wanted), ledger.run_id, work), ledger)


def replay(engine: Engine, source: OpenSource, streams: Collection[str], ledger: Ledger) -> list[StreamReport]:
    """Tries the rejected rows of these streams again: those of landing are read by their keys, those of staging are
    judged anew by the next build."""
    landing = Landing(engine.con.cursor(), engine.lock, ledger.run_id)
    try:
        targets = [source.target(stream) for stream in streams]
        wanted = {target.stream: keys for target in targets if (keys := rejected_keys(landing, target))}
        landing.touch(targets)
    finally:
        landing.con.close()
    return pull_again(engine, source, wanted, ledger) if wanted else []


def pull_found(
    engine: Engine, source: OpenSource, streams: Sequence[str], keys: Sequence[str] | None, ledger: Ledger
) -> list[StreamReport]:
    """Reads again the rows of these landed keys (None: all that a comparison made now finds), and compares the streams
    anew. Failures are in the reports: a stream that cannot be compared, keys that are none of it, too many rows that
    are gone."""

    def work(connector: Connector, landing: Landing, target: Target, report: StreamReport) -> None:
        if keys is None:
            _compare(engine, connector, landing, target)
            wanted = found_keys(landing, target)
        else:
            wanted = _keys(landing, target, keys)
        if wanted:
            read_again(connector, landing, target, wanted, engine.options, report)
            compare(connector, landing, target, engine.options.clock())

    return _told(_each(engine, source, streams, ledger.run_id, work), ledger)


def compare_now(engine: Engine, source: OpenSource, streams: Sequence[str], ledger: Ledger) -> list[StreamReport]:
    """Compares these streams with their source, due or not. The reports say what failed; as they read no rows, the
    ledger's runs of streams do not have them."""

    def work(connector: Connector, landing: Landing, target: Target, report: StreamReport) -> None:
        _compare(engine, connector, landing, target)

    return _each(engine, source, streams, ledger.run_id, work)


def forget(engine: Engine, source: OpenSource, streams: Collection[str]) -> None:
    """The next read of these streams begins at their start and sweeps; what is landed stays."""
    landing = Landing(engine.con.cursor(), engine.lock, 0)
    try:
        landing.forget([source.target(stream) for stream in streams])
    finally:
        landing.con.close()


def _each(engine: Engine, source: OpenSource, streams: Sequence[str], run_id: int, work: Work) -> list[StreamReport]:
    """`work` on each stream in its turn; when the source cannot be reached, the streams left fail alike."""
    name, reports = source.config.name, list[StreamReport]()
    landing = Landing(engine.con.cursor(), engine.lock, run_id)
    try:
        connector = source.connect()
        try:
            for stream in streams:
                target = source.target(stream)
                reports.append(in_turn(target, engine.options, partial(work, connector, landing, target)))
        finally:
            connector.close()
    except (SourceError, ConfigError) as error:
        for stream in streams[len(reports) :]:
            now = engine.options.clock()
            report = StreamReport(name, stream, now, now)
            report.fail(error)
            report.transient = isinstance(error, SourceError) and error.transient
            reports.append(report)
    finally:
        landing.con.close()
    return reports


def _told(reports: list[StreamReport], ledger: Ledger) -> list[StreamReport]:
    for report in reports:
        ledger.stream(report)
    return reports


def _compare(engine: Engine, connector: Connector, landing: Landing, target: Target) -> None:
    outcome = compare(connector, landing, target, engine.options.clock())
    if outcome.status not in ("agrees", "differs"):
        raise SourceError(
            f"{target.source}: stream {target.stream} cannot be compared: {outcome.detail}", REMEDIES[outcome.status]
        )


def _keys(landing: Landing, target: Target, texts: Sequence[str]) -> list[Key]:
    if not is_settled(landing, target):
        raise SourceError(f"{target.source}: stream {target.stream} was never read completely", "read it first")
    keys = [split_key(text, len(target.spec.key)) for text in dict.fromkeys(texts)]
    for text, key in zip(dict.fromkeys(texts), keys, strict=True):
        if not fits(target, key):
            raise SourceError(f'"{text[:80]}" is no key of {target.stream}', "take keys as /sync shows them")
    return keys
