"""Read functions of the sync pages: how feeds stand now (state), and what the published version says of their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

import pandas as pd

from data_access import sync_log
from data_access.access import EVERYONE, Scope
from data_access.attention import troubles
from data_access.clock import utc_now
from data_access.connectors.feeds import known_feeds
from data_access.control import COMPARE, PULL, last_asked
from data_access.feed_rows import agreeing, held, today_counts
from data_access.filters import NOTHING, Filters
from data_access.live import Live, Standing, as_rows
from data_access.reading import rows
from data_access.result import Result
from data_access.versions import version_numbers

if TYPE_CHECKING:
    from data_access.snapshot import Snapshot

Row = Mapping[str, Any]
DAYS_SHOWN = 28
USUAL_WEEKS = 8
SEVERITY = {"never": 0, "stale": 0, "failing": 1, "late": 2, "paused": 2, "fresh": 3}


def feeds(version: Snapshot, scope: Scope = EVERYONE) -> Result:
    """One row a feed: its standing, its last runs (JSON), what it read and changed today, and the rows held back;
    notes: which is opened where none is asked for (source.feed)."""
    live, now = version.live, utc_now()
    today, waiting = today_counts(live, now), held(version, scope)
    found, standings = [], live.standings(now)
    for one in as_rows(standings):
        counts = today.get((one["source"], one["feed"]), {"read": 0, "changed": 0})
        found.append(one | counts | {"held": waiting.get((one["source"], one["feed"]), 0)})
    first = chosen_feed(standings, None)
    return _result(version, found, now, notes={"first": f"{first.source}.{first.feed}" if first else None})


def sync_truth(version: Snapshot, scope: Scope = EVERYONE) -> Result:
    """One row: how many feeds are on time and agree with their source, match and rule rates, calm days, seconds from
    change to publish, the newest change, and how old the version is."""
    live, now = version.live, utc_now()
    standings = live.standings(now, runs=0)
    agree = agreeing(version, scope)
    matches = {row["kind"]: row for row in rows(version.query("feeds/matches", scope))}
    rules = rows(version.query("quality/rules_facts", scope))[0]
    days = rows(fresh_days(version, scope))
    calm, longest = _calm([row for row in days if row["seconds"]])
    delays = sync_log.delays(live.state, now - timedelta(days=1))
    newest = [one.newest_change_at for one in live.state.sources() if one.newest_change_at]
    total, fresh = (sum(float(row[name] or 0) for row in days) for name in ("seconds", "fresh_seconds"))
    row = {
        "feeds": len(standings), "on_time": sum(one.on_time for one in standings),
        "compared": len(agree), "agreed": sum(agree.values()),
        "rows_compared": sum(int(one["source_count"]) for one in rows(version.query("feeds/agreeing", scope))),
        "accounts": matches["customer"]["total"], "matched": matches["customer"]["matched"],
        "waiting": matches["customer"]["waiting"],
        "rules": rules["rules"], "rules_pass": rules["rules"] - rules["rules_failed"],
        "calm_days": calm, "longest_calm": longest, "fresh_share": fresh / total if total else None,
        "delay_seconds": median(delays) if delays else None, "newest_change_at": max(newest, default=None),
        "held": sum(held(version, scope).values()), "version": version.version,
        "published_at": version.manifest["published_at"], "previous_version": _before(live, version.version),
    }  # fmt: skip
    return _result(version, [row], now)


def attention(version: Snapshot, scope: Scope = EVERYONE) -> Result:
    """See `attention.troubles`."""
    now = utc_now()
    return _result(version, troubles(version, scope, version.live.standings(now, runs=0)), now)


def match_kinds(version: Snapshot, scope: Scope = EVERYONE) -> Result:
    """One row a kind (customer, contact, product, deal): total, matched, waiting, unmatched and the share matched."""
    found = []
    for row in rows(version.query("feeds/matches", scope)):
        total = int(row["total"])
        unmatched = total - int(row["matched"]) - int(row["waiting"])
        found.append(row | {"unmatched": unmatched, "share": int(row["matched"]) / total if total else None})
    return _result(version, found, utc_now())


def pipe_hours(version: Snapshot, scope: Scope = EVERYONE) -> Result:
    """One row an hour of today and role: rows changed, and the median of the same hour of this weekday in the eight
    weeks before (None before there is one)."""
    live, now = version.live, utc_now()
    today = now.astimezone(live.zone).date()
    roles = {source.name: source.role for source in live.config.sources}
    by_day: dict[tuple[date, int, str], int] = {}
    for row in sync_log.hours(live.state, now - timedelta(weeks=USUAL_WEEKS, days=1)):
        local = datetime.fromisoformat(f"{row['hour']}:00:00+00:00").astimezone(live.zone)
        key = local.date(), local.hour, roles.get(row["source"], "")
        by_day[key] = by_day.get(key, 0) + int(row["changed"])
    known = {day for day, _, _ in by_day}
    past = [day for week in range(1, USUAL_WEEKS + 1) if (day := today - timedelta(weeks=week)) in known]
    hour = now.astimezone(live.zone).hour
    found = [
        {"hour": at, "role": role, "changed": by_day.get((today, at, role), 0) if at <= hour else None,
         "usual": median([by_day.get((day, at, role), 0) for day in past]) if past else None}
        for role in ("erp", "crm") if role in roles.values()
        for at in range(24)
    ]  # fmt: skip
    return _result(version, found, now)


def fresh_days(version: Snapshot, scope: Scope = EVERYONE) -> Result:
    """One row a day of the last 28: seconds watched (all sources) and how many of them were fresh."""
    live, now = version.live, utc_now()
    today = now.astimezone(live.zone).date()
    known = {row["day"]: row for row in sync_log.fresh_days(live.state, today - timedelta(days=DAYS_SHOWN - 1))}
    found = []
    for back in range(DAYS_SHOWN - 1, -1, -1):
        day = today - timedelta(days=back)
        row = known.get(day.isoformat())
        seconds, fresh = (float(row["seconds"]), float(row["fresh_seconds"])) if row else (0.0, 0.0)
        found.append({"day": day, "seconds": seconds, "fresh_seconds": fresh})
    return _result(version, found, now)


def feed_runs(version: Snapshot, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """The last runs of one feed (filter feed=source.feed; the one that needs it most where none is named), the oldest
    first; notes: its standing."""
    live, now = version.live, utc_now()
    chosen = chosen_feed(live.standings(now), next(iter(filters.values("feed")), None))
    found = [dict(run) for run in chosen.runs] if chosen else []
    return _result(version, found, now, notes={"feed": chosen})


def feed_changes(version: Snapshot, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Column changes of that feed's streams in the last 28 days."""
    return _of_feed(version, scope, filters, "feeds/changes")


def feed_days(version: Snapshot, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Days of that feed's streams that do not agree with the source. notes: compared, what the last comparison of each
    stream came to, each with `asked`, the last comparison or pull of it that somebody asked for."""
    days, compared = (_of_feed(version, scope, filters, f"feeds/{name}") for name in ("days", "compared"))
    told = [
        row | {"asked": last_asked(version.live.state, row["source"], row["entity"], (COMPARE, PULL))}
        for row in rows(compared)
    ]
    return replace(days, notes={**days.notes, "compared": told})


def feed_rejects(version: Snapshot, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Rows of that feed that are held back, with reason and payload."""
    return _of_feed(version, scope, filters, "feeds/rejects")


def _of_feed(version: Snapshot, scope: Scope, filters: Filters, query: str) -> Result:
    live = version.live
    chosen = chosen_feed(live.standings(), next(iter(filters.values("feed")), None))
    if chosen is None:
        return version.query(query, scope, source="", streams=[""])
    names = [*chosen.streams, *known_feeds().get(chosen.feed, ())]
    return version.query(query, scope, source=chosen.source, streams=names)


def chosen_feed(standings: Sequence[Standing], asked: str | None) -> Standing | None:
    """source.feed, else the worst, else the busiest."""
    for one in standings:
        if asked == f"{one.source}.{one.feed}":
            return one
    busy = {id(one): sum(run["inserted"] + run["updated"] for run in one.runs) for one in standings}
    return min(standings, key=lambda one: (SEVERITY[one.status], -busy[id(one)]), default=None)


def _calm(days: Sequence[Row]) -> tuple[int, int]:
    """(days in a row up to today without a late second, the longest such row among those shown)."""
    run = longest = 0
    for row in days:
        run = run + 1 if row["fresh_seconds"] >= row["seconds"] - 1 else 0
        longest = max(longest, run)
    return run, longest


def _before(live: Live, version: int) -> int | None:
    return max((number for number in version_numbers(live.config.warehouse.path) if number < version), default=None)


def _result(version: Snapshot, found: list[dict[str, Any]], now: datetime, notes: Row | None = None) -> Result:
    """Rows as they stand now. They name no sources: what tells of lateness is never late itself."""
    return Result(pd.DataFrame(found), now, (), version.version, notes=notes or {}, etag=version.live.stamp())
