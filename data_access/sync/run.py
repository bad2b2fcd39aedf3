"""One sync run as a whole: extract, land, build, check, publish."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data_access.config import Config
from data_access.connectors.profile import suggest
from data_access.control import pauses
from data_access.errors import ConfigError, TandemError
from data_access.sync.db import FULL, store_error
from data_access.sync.engine import Engine
from data_access.sync.extract import Options
from data_access.sync.lineage import MODELS
from data_access.sync.lock import one_writer
from data_access.sync.runs import Ledger, RunReport, Tell, close_dead_runs, silent
from data_access.sync.sources import OpenSource
from data_access.sync.steps import PYTHON_STEPS

log = logging.getLogger("tandem.sync")

SOURCES_AT_ONCE = 4


def run_sync(
    config: Config,
    *,
    sources: Collection[str] | None = None,
    entities: Collection[str] | None = None,
    full: bool = False,
    accept_deletes: bool = False,
    accept_schema: bool = False,
    progress: Tell = silent,
    options: Options | None = None,
    models: Path = MODELS,
    steps: Sequence[str] = PYTHON_STEPS,
) -> RunReport:  # fmt: skip
    """One run. Failing sources and gates are in the report (exit_code 1); ConfigError and LockedError are raised."""
    for name in sources or ():
        config.find_source(name)
    chosen = options or Options(full=full, accept_deletes=accept_deletes, accept_schema=accept_schema)
    with one_writer(config.warehouse.path):
        engine = Engine(config, options=chosen, models=models, steps=steps)
        try:
            return _run(engine, sources, entities, progress)
        finally:
            engine.close()


def _run(
    engine: Engine, sources: Collection[str] | None, entities: Collection[str] | None, progress: Tell
) -> RunReport:
    wanted, notes = _without_paused(engine, _wanted_streams(engine, sources, entities))
    close_dead_runs(engine.state)
    ledger = Ledger(engine.state)
    report = RunReport(ledger.run_id, warnings=[*engine.notes, *notes])
    try:
        with told(report):
            with timed(report, "extract"), ThreadPoolExecutor(max_workers=SOURCES_AT_ONCE) as pool:
                tasks = [pool.submit(engine.take_up, source, streams, ledger, progress) for source, streams in wanted]
                report.streams = [stream for task in tasks for stream in task.result()]
            report.errors += failures(report)
            with timed(report, "publish"):
                engine.publish_news(ledger, report, progress)
    finally:
        if report.status == "running":
            report.status = "failed"
        ledger.finish(report)
    return report


@contextmanager
def told(report: RunReport) -> Iterator[None]:
    """What stops a run is told in its report; a full disk and the like become one clear line. ConfigError passes."""
    try:
        yield
    except ConfigError:
        raise
    except TandemError as error:
        fail(report, error)
    except duckdb.Error as error:
        fail(report, store_error(error))
        report.fatal = isinstance(error, duckdb.FatalException)
    except Exception as error:  # a mistake of ours in one run must not end the runs after it
        if isinstance(error, OSError) and error.errno in FULL:
            fail(report, store_error(error))
            return
        if log.hasHandlers():
            log.exception("the run failed")
        fail(report, TandemError(f"the run failed: {type(error).__name__}: {error}", "the log says where"))


def fail(report: RunReport, error: TandemError) -> None:
    report.status, report.hint = "failed", error.hint
    report.errors.append(error.message)


@contextmanager
def timed(report: RunReport, step: str) -> Iterator[None]:
    started = time.monotonic()
    try:
        yield
    finally:
        report.seconds[step] = round(time.monotonic() - started, 3)


def failures(report: RunReport) -> list[str]:
    """One line per different failure, naming the streams it struck."""
    by_error: dict[tuple[str, str], list[str]] = {}
    for stream in report.streams:
        if stream.status != "ok":
            by_error.setdefault((stream.source, f"{stream.error} - {stream.hint}"), []).append(stream.entity)
    return [
        f"source {source}: {error}" if len(entities) > 1 else f"source {source}, {entities[0]}: {error}"
        for (source, error), entities in by_error.items()
    ]


def _without_paused(
    engine: Engine, wanted: list[tuple[OpenSource, list[str]]]
) -> tuple[list[tuple[OpenSource, list[str]]], list[str]]:
    """What is not paused, and a remark on each pause that takes something away."""
    held, left, notes = pauses(engine.state), [], dict[str, None]()
    for source, streams in wanted:
        open_streams = []
        for stream in streams:
            pause = held.of(source.config.name, stream)
            if pause is None:
                open_streams.append(stream)
            else:
                what = ".".join(filter(None, (pause.source, pause.stream)))
                notes[f"{what} is paused since {pause.paused_at} by {pause.paused_by}: not read"] = None
        if open_streams:
            left.append((source, open_streams))
    return left, list(notes)


def _wanted_streams(
    engine: Engine, sources: Collection[str] | None, entities: Collection[str] | None
) -> list[tuple[OpenSource, list[str]]]:
    chosen = [source for source in engine.sources if not sources or source.config.name in sources]
    if not entities:
        return [(source, source.streams(None)) for source in chosen]
    known = sorted({name for source in chosen for name in (*source.profile.stream, *source.profile.entity)})
    for name in entities:
        if name not in known:
            raise ConfigError(f"no source has an entity {name}", suggest(name, known))
    found = [(source, source.streams(source.streams_of(entities))) for source in chosen]
    return [(source, streams) for source, streams in found if streams]
