"""Read again on request: rejected rows, rows a comparison found missing, and comparisons themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from data_access.connectors.base import Connector
from data_access.connectors.profile import suggest
from data_access.errors import ConfigError
from data_access.sync.engine import Engine
from data_access.sync.keys import to_source
from data_access.sync.land import Counts, Landing, instant
from data_access.sync.reconcile import Outcome, compare
from data_access.sync.sources import OpenSource
from data_access.sync.sqltext import literal, render
from data_access.sync.sweep import guard_missing
from data_access.sync.target import Target

Key = tuple[object, ...]


@dataclass(frozen=True)
class Pulled:
    """What reading rows of one stream again came to. tried: rows asked for; taken: of them landed now; gone: no longer
    in the source, so no longer here either; left: still rejected."""

    source: str
    entity: str
    tried: int = 0
    taken: int = 0
    gone: int = 0
    left: int = 0


def replay(engine: Engine, source: str, stream: str | None = None) -> list[Pulled]:
    """Tries the open rejects of a source's stream (all of them, without one) now. A row that can be taken, or is gone
    from the source, resolves its reject; the next publish shows it. ConfigError for an unknown name; SourceError when
    the source cannot be read."""
    found = []
    with _open(engine, source) as (opened, connector, landing):
        for name in [stream] if stream else list(opened.profile.stream):
            target = _target(opened, name)
            with engine.options.turns.of(source, name):
                keys = _open_rejects(landing, target)
                if keys:
                    found.append(_pull(engine, connector, landing, target, keys))
    return found


def pull_again(engine: Engine, source: str, stream: str, keys: Sequence[str] | None = None) -> Pulled:
    """Reads these rows (landed keys as ops.reconciliation tells them; None: all that a comparison made now finds) and
    lands them as they are; those the source no longer has are taken out. The stream is then compared anew. Raises as
    `replay`; GuardError when too many would go."""
    with _open(engine, source) as (opened, connector, landing):
        target = _target(opened, stream)
        with engine.options.turns.of(source, stream):
            if keys is None:
                compare(connector, landing, target, engine.options.clock())
                listed = landing.con.execute("SELECT DISTINCT _key FROM day_found ORDER BY _key").fetchall()
                keys = [key for (key,) in listed]
            pulled = _pull(engine, connector, landing, target, keys)
            compare(connector, landing, target, engine.options.clock())
    return pulled


def reconcile_now(engine: Engine, source: str, stream: str | None = None) -> list[Outcome]:
    """Compares a stream (all that declare a day, without one) with its source, due or not."""
    with _open(engine, source) as (opened, connector, landing):
        names = [stream] if stream else [name for name, spec in opened.profile.stream.items() if spec.reconcile]
        return [compare(connector, landing, _target(opened, name), engine.options.clock()) for name in names]


@contextmanager
def _open(engine: Engine, source: str) -> Iterator[tuple[OpenSource, Connector, Landing]]:
    """The source, a connector and a way into landing."""
    opened = next((each for each in engine.sources if each.config.name == source), None)
    if opened is None:
        known = [each.config.name for each in engine.sources]
        raise ConfigError(f"no source is named {source}", suggest(source, known))
    connector, landing = opened.connect(), Landing(engine.con.cursor(), engine.lock, 0)
    try:
        yield opened, connector, landing
    finally:
        landing.con.close()
        connector.close()


def _target(opened: OpenSource, stream: str) -> Target:
    spec = opened.profile.stream.get(stream)
    if spec is None:
        raise ConfigError(f"{opened.config.name} has no stream {stream}", suggest(stream, opened.profile.stream))
    return Target(opened.config.name, stream, spec)


def _open_rejects(landing: Landing, target: Target) -> list[str]:
    """Keys of rejected rows; rows without a key (?...) cannot be asked for."""
    query = (
        "SELECT DISTINCT source_id FROM landing.rejected_row WHERE source = ? AND entity = ? AND resolved_at IS NULL "
        "AND NOT starts_with(source_id, '?') ORDER BY source_id"
    )
    return [key for (key,) in landing.con.execute(query, [target.source, target.stream]).fetchall()]


def _pull(engine: Engine, connector: Connector, landing: Landing, target: Target, keys: Sequence[str]) -> Pulled:
    con, now, counts = landing.con, engine.options.clock(), Counts()
    asked: dict[str, Key] = {key: to_source(target.spec, key) for key in keys}
    con.execute("CREATE OR REPLACE TEMP TABLE asked (_key VARCHAR)")
    if asked:
        con.executemany("INSERT INTO asked VALUES (?)", [[key] for key in asked])
        landing.begin_pass()
        with connector.snapshot():
            for page in connector.read_by_keys(target.stream, list(asked.values())):
                landing.land(target, page, counts, now)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE absent AS SELECT _key FROM asked WHERE _key NOT IN (SELECT _key FROM seen)"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE missing AS SELECT _key FROM {target.table} "
        "WHERE _deleted_at IS NULL AND _key IN (FROM absent)"
    )
    landed = guard_missing(landing, target, accept_deletes=False)
    names = {"source": literal(target.source), "stream": literal(target.stream)}
    with landing.transaction():
        con.execute(render("pull_gone", table=target.table, now=instant(now), changed=str(int(landed > 0)), **names))
    (gone,) = con.execute("SELECT count(*) FROM absent").fetchall()[0]
    left = len(set(_open_rejects(landing, target)) & asked.keys())
    return Pulled(target.source, target.stream, len(asked), counts.inserted + counts.updated, gone, left)
