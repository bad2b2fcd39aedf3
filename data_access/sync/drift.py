"""Schema changes of the source: live columns against those seen before, and what each stream's policy makes of it.

evolve notes a change and goes on; discard goes on and tells nobody but the list; freeze stops the stream until the
change is agreed to. A column that the profile needs stops its stream by itself when it is gone: what was landed stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyarrow as pa

from data_access.connectors.base import Connector
from data_access.connectors.change import Change, changes, needs
from data_access.connectors.profile import Stream
from data_access.errors import SourceError
from data_access.sync.extract import StreamReport
from data_access.sync.land import Landing, instant
from data_access.sync.sqltext import literal, render

LOOK_SECONDS = 3600.0
OUTCOMES = {"evolve": "noted", "freeze": "stopped", "discard": "ignored"}


@dataclass(frozen=True)
class Watched:
    """A source's streams and the policy of each."""

    source: str
    streams: Mapping[str, Stream]
    policies: Mapping[str, str]


def look(connector: Connector, landing: Landing, watched: Watched, now: datetime, *, urgent: bool) -> None:
    """Compares at most once an hour, or at once when `urgent` (a stream failed); an unanswered question is no event."""
    if not urgent and _looked_lately(landing, watched.source, now):
        return
    try:
        live = connector.discover()
    except SourceError:
        return
    record(landing, watched, live, now)


def record(landing: Landing, watched: Watched, live: Mapping[str, Mapping[str, str]], now: datetime) -> None:
    """Notes what changed since the last look (the first look only learns the columns)."""
    rows = [(stream, column, kind) for stream, columns in live.items() for column, kind in columns.items()]
    names = ("entity", "column", "type")
    table = pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)}, _schema(names))
    source = literal(watched.source)
    landing.con.register("live_column", table)
    try:
        with landing.transaction():
            found = landing.con.execute(render("schema_drift", source=source)).fetchall()
            for change in changes(found):
                _note(landing, watched, change, now)
            landing.con.execute(render("schema_learn", source=source, now=instant(now)))
    finally:
        landing.con.unregister("live_column")


def _note(landing: Landing, watched: Watched, change: Change, now: datetime) -> None:
    policy, spec = watched.policies.get(change.stream, "evolve"), watched.streams.get(change.stream)
    lost = change.kind in ("removed", "renamed") and spec is not None and needs(spec, change.column)
    outcome = "stopped" if lost else OUTCOMES[policy]
    event = [
        watched.source,
        change.stream,
        change.column,
        f"source: {change.kind}",
        change.detail,
        now,
        policy,
        outcome,
    ]
    columns = 'source, entity, "column", change, detail, seen_at, policy, outcome'
    landing.con.execute(f"INSERT INTO landing.schema_change ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", event)


def frozen(landing: Landing, watched: Watched, now: datetime, *, agreed: bool) -> dict[str, SourceError]:
    """Streams that their policy stops, and the word for it. A change is agreed to by `agreed`, by another policy, or by
    a profile that reads the new column."""
    rows = landing.con.execute(render("schema_stopped"), [watched.source]).fetchall()
    stopped: dict[str, list[str]] = {}
    for stream, column, change, detail in rows:
        spec = watched.streams.get(stream)
        taken = change == "source: added" and spec is not None and needs(spec, column)
        if agreed or taken or watched.policies.get(stream) != "freeze":
            _agree(landing, watched.source, stream, column, now)
        else:
            stopped.setdefault(stream, []).append(f"{column} {change.removeprefix('source: ')} ({detail})")
    return {
        stream: SourceError(
            f"stream {stream} is frozen, its source changed: {', '.join(told)}",
            "agree with sync --accept-schema, or read the change in its profile; what was landed stays",
        )
        for stream, told in stopped.items()
    }


def _agree(landing: Landing, source: str, stream: str, column: str, now: datetime) -> None:
    with landing.transaction():
        landing.con.execute(
            "UPDATE landing.schema_change SET agreed_at = ?, outcome = 'agreed' "
            "WHERE source = ? AND entity = ? AND \"column\" = ? AND outcome = 'stopped' AND policy = 'freeze'",
            [now, source, stream, column],
        )


def explain(landing: Landing, failed: Sequence[StreamReport]) -> None:
    """Where a column that a failed stream needs was renamed, its hint says so."""
    for report in failed:
        rows = landing.con.execute(render("schema_renamed"), [report.source, report.entity]).fetchall()
        if rows:
            told = "; ".join(f'{old} looks renamed: from = "{detail.rpartition(" ")[2]}"' for old, detail in rows)
            report.hint = f"in its profile, {told}"


def _schema(names: tuple[str, ...]) -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in names])


def _looked_lately(landing: Landing, source: str, now: datetime) -> bool:
    query = "SELECT max(looked_at) FROM landing.source_column WHERE source = ?"
    row = landing.con.execute(query, [source]).fetchone()
    return row is not None and row[0] is not None and now - row[0] < timedelta(seconds=LOOK_SECONDS)
