"""Rows by feed: held back, as many as in the source, come today; from the version and the hours of state.db."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from data_access import sync_log
from data_access.access import Scope
from data_access.connectors.feeds import feed_of_entity
from data_access.live import Live
from data_access.reading import rows

if TYPE_CHECKING:
    from data_access.snapshot import Snapshot

Key = tuple[str, str]  # source, feed


def feed_name(live: Live, source: str, entity: str) -> str:
    """The feed of a stream or canonical entity of a source."""
    for feed in live.feeds:
        if feed.source.name == source and entity in feed.streams:
            return feed.name
    return feed_of_entity(entity)


def held(version: Snapshot, scope: Scope) -> dict[Key, int]:
    """Rows held back and not resolved."""
    found: dict[Key, int] = {}
    for row in rows(version.query("feeds/held", scope)):
        key = row["source"], feed_name(version.live, row["source"], row["entity"])
        found[key] = found.get(key, 0) + int(row["rows"])
    return found


def agreeing(version: Snapshot, scope: Scope) -> dict[Key, bool]:
    """(source, feed) -> whether all its streams held as many rows as the source when last compared."""
    found: dict[Key, bool] = {}
    for row in rows(version.query("feeds/agreeing", scope)):
        key = row["source"], feed_name(version.live, row["source"], row["entity"])
        found[key] = found.get(key, True) and bool(row["agrees"])
    return found


def today_counts(live: Live, now: datetime) -> dict[Key, dict[str, int]]:
    """(source, feed) -> rows read and changed since the company's midnight."""
    midnight = datetime.combine(now.astimezone(live.zone).date(), datetime.min.time(), live.zone)
    found: dict[Key, dict[str, int]] = {}
    for row in sync_log.hours(live.state, midnight):
        one = found.setdefault(
            (row["source"], feed_name(live, row["source"], row["entity"])), {"read": 0, "changed": 0}
        )
        one["read"] += row["read"]
        one["changed"] += row["changed"]
    return found
