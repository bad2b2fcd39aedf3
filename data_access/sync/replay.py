"""Rows read again outside the schedule: those a notice names, rejected ones, and whole streams from their start."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from data_access.errors import ConfigError, SourceError
from data_access.sync.by_keys import Key, read_again, rejected_keys
from data_access.sync.engine import Engine
from data_access.sync.extract import StreamReport
from data_access.sync.land import Landing
from data_access.sync.runs import Ledger
from data_access.sync.sources import OpenSource
from data_access.sync.target import Target


def pull_again(
    engine: Engine, source: OpenSource, wanted: Mapping[str, Sequence[Key]], ledger: Ledger
) -> list[StreamReport]:
    """Reads stream -> keys again, a report for each stream; failures are in the reports."""
    name, reports = source.config.name, list[StreamReport]()
    landing = Landing(engine.con.cursor(), engine.lock, ledger.run_id)
    try:
        connector = source.connect()
        try:
            for stream, keys in wanted.items():
                target = Target(name, stream, source.profile.stream[stream])
                reports.append(read_again(connector, landing, target, keys, engine.options))
        finally:
            connector.close()
    except (SourceError, ConfigError) as error:
        for stream in list(wanted)[len(reports) :]:
            now = engine.options.clock()
            report = StreamReport(name, stream, now, now)
            report.fail(error)
            report.transient = isinstance(error, SourceError) and error.transient
            reports.append(report)
    finally:
        landing.con.close()
    for report in reports:
        ledger.stream(report)
    return reports


def replay(engine: Engine, source: OpenSource, streams: Collection[str], ledger: Ledger) -> list[StreamReport]:
    """Tries the rejected rows of these streams again: those of landing are read by their keys, those of staging are
    judged anew by the next build."""
    landing = Landing(engine.con.cursor(), engine.lock, ledger.run_id)
    try:
        targets = [Target(source.config.name, stream, source.profile.stream[stream]) for stream in streams]
        wanted = {target.stream: keys for target in targets if (keys := rejected_keys(landing, target))}
        landing.touch(targets)
    finally:
        landing.con.close()
    return pull_again(engine, source, wanted, ledger) if wanted else []


def forget(engine: Engine, source: OpenSource, streams: Collection[str]) -> None:
    """The next read of these streams begins at their start and sweeps; what is landed stays."""
    landing = Landing(engine.con.cursor(), engine.lock, 0)
    try:
        landing.forget([Target(source.config.name, stream, source.profile.stream[stream]) for stream in streams])
    finally:
        landing.con.close()
