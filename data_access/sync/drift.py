"""Schema drift: live columns against those seen before; every difference is an event in ops.schema_change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import pyarrow as pa

from data_access.connectors.base import Connector
from data_access.errors import SourceError
from data_access.sync.land import Landing, instant
from data_access.sync.sqltext import literal, render

LOOK_SECONDS = 3600.0


def look(connector: Connector, landing: Landing, source: str, now: datetime, *, urgent: bool) -> None:
    """Compares at most once an hour, or at once when `urgent` (a stream failed); an unanswered question is no event."""
    if not urgent and _looked_lately(landing, source, now):
        return
    try:
        live = connector.discover()
    except SourceError:
        return
    record(landing, source, live, now)


def record(landing: Landing, source: str, live: Mapping[str, Mapping[str, str]], now: datetime) -> None:
    """Notes columns added, removed or of another type since the last look (the first look only learns them)."""
    rows = [(stream, column, kind) for stream, columns in live.items() for column, kind in columns.items()]
    names = ("entity", "column", "type")
    table = pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)}, _schema(names))
    landing.con.register("live_column", table)
    try:
        with landing.transaction():
            landing.con.execute(render("schema_drift", source=literal(source), now=instant(now)))
    finally:
        landing.con.unregister("live_column")


def _schema(names: tuple[str, ...]) -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in names])


def _looked_lately(landing: Landing, source: str, now: datetime) -> bool:
    query = "SELECT max(looked_at) FROM landing.source_column WHERE source = ?"
    row = landing.con.execute(query, [source]).fetchone()
    return row is not None and row[0] is not None and now - row[0] < timedelta(seconds=LOOK_SECONDS)
