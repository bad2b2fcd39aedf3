"""What somebody should do something about: feeds, rows held back, rules, changed columns, totals, versions, disk."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from data_access.access import Scope
from data_access.clock import iso
from data_access.feed_rows import agreeing, feed_name
from data_access.live import Standing
from data_access.reading import rows
from data_access.state import DAMAGED

if TYPE_CHECKING:
    from data_access.snapshot import Snapshot

LOW_DISK = 1 << 30


def troubles(version: Snapshot, scope: Scope, standings: Sequence[Standing]) -> list[dict[str, Any]]:
    """The worst first: kind (feed, held, rule, drift, totals, damaged, disk), severity (crit, warn), subject, count,
    since, detail, remedy, source, role, feed."""
    live = version.live
    found = [*_late(standings), *_held(version, scope), *_rules(version, scope), *_drift(version, scope)]
    found += [
        _trouble("totals", "warn", f"{source}.{feed}", source=source, feed=feed)
        for (source, feed), agrees in agreeing(version, scope).items()
        if not agrees
    ]
    if damaged := live.state.fact(DAMAGED):
        number, _, problem = damaged.partition(": ")
        found.append(_trouble("damaged", "crit", number, detail=problem))
    free = shutil.disk_usage(live.config.warehouse.path).free
    if free < LOW_DISK:
        found.append(_trouble("disk", "warn", str(live.config.warehouse.path), count=free >> 20))
    roles = {source.name: source.role for source in live.config.sources}
    told = [one | {"role": roles.get(one["source"], "")} for one in found]
    return sorted(told, key=lambda one: one["severity"] != "crit")


def _late(standings: Sequence[Standing]) -> list[dict[str, Any]]:
    """Feeds of one source that stand alike, for the same reason, are one trouble (feed is empty then)."""
    alike: dict[tuple[str, str, str], list[Standing]] = {}
    for one in standings:
        if not one.on_time:
            alike.setdefault((one.source, one.status, one.error), []).append(one)
    return [
        _trouble("feed", "warn" if one.status == "late" else "crit", one.source, source=one.source,
                 feed=one.feed if not others else "", feeds=1 + len(others), count=one.failures,
                 since=one.failing_since or one.checked_at, detail=one.error, remedy=one.hint)
        for one, *others in alike.values()
    ]  # fmt: skip


def _held(version: Snapshot, scope: Scope) -> list[dict[str, Any]]:
    return [
        _trouble("held", "warn", row["entity"], source=row["source"], count=row["rows"], since=iso(row["since"]),
                 feed=feed_name(version.live, row["source"], row["entity"]))
        for row in rows(version.query("feeds/held", scope))
    ]  # fmt: skip


def _rules(version: Snapshot, scope: Scope) -> list[dict[str, Any]]:
    return [
        _trouble("rule", "crit" if row["severity"] in ("gate", "high") else "warn", row["rule"],
                 count=row["rows_failed"], title=row["title"], title_zh=row["title_zh"], owner=row["owner"])
        for row in rows(version.query("feeds/rules", scope))
    ]  # fmt: skip


def _drift(version: Snapshot, scope: Scope) -> list[dict[str, Any]]:
    return [
        _trouble("drift", "warn", row["entity"], since=iso(row["seen_at"]), source=row["source"],
                 feed=feed_name(version.live, row["source"], row["entity"]),
                 detail=f"{row['column']}: {row['change']}" + (f" ({row['detail']})" if row["detail"] else ""))
        for row in rows(version.query("feeds/drift", scope))
    ]  # fmt: skip


def _trouble(kind: str, severity: str, subject: str, **more: Any) -> dict[str, Any]:
    empty = {"count": None, "since": None, "detail": "", "remedy": "", "source": "", "feed": "", "feeds": 1,
             "title": "", "title_zh": "", "owner": ""}  # fmt: skip
    return {"kind": kind, "severity": severity, "subject": subject} | empty | more
