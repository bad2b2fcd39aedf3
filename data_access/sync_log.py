"""What the sync process notes beside its runs: what an hour brought, and how much of a day each source was fresh."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from data_access.clock import iso, iso_or_none, parse_or_none
from data_access.health import AMBER
from data_access.state import SourceStatus, State, StreamRun

HOURS_KEPT_DAYS = 70
RUNS_SHOWN = 32
ADD_TO_HOUR = Path(__file__).with_name("state_queries").joinpath("add_to_hour.sql").read_text(encoding="utf-8")


def note_run(state: State, run: StreamRun) -> None:
    """A stream's run, added to its hour's counts."""
    values: dict[str, object] = {
        "source": run.source, "entity": run.entity, "failed": int(run.status != "ok"),
        "hour": iso(run.started_at)[:13], "read": run.read, "changed": run.inserted + run.updated + run.deleted,
        "rejected": run.rejected, "attempts": run.attempts,
        "seconds": ((run.finished_at or run.started_at) - run.started_at).total_seconds(),
    }  # fmt: skip
    state.execute(ADD_TO_HOUR, values)


def note_freshness(state: State, status: SourceStatus, since: datetime, now: datetime, zone: ZoneInfo) -> None:
    """How much of the time from `since` to `now` the source was fresh, by the company's days."""
    checked = parse_or_none(status.checked_at)
    until = (
        since if checked is None or not status.last_ok else checked + timedelta(seconds=AMBER * status.fresh_within_s)
    )
    for day, start, end in _days(since, now, zone):
        fresh = max(0.0, (min(end, until) - start).total_seconds())
        state.execute(
            "INSERT INTO fresh_day VALUES (:source, :day, :seconds, :fresh) ON CONFLICT (source, day)"
            " DO UPDATE SET seconds = seconds + :seconds, fresh_seconds = fresh_seconds + :fresh",
            {"source": status.source, "day": day.isoformat(), "seconds": (end - start).total_seconds(), "fresh": fresh},
        )


def _days(since: datetime, now: datetime, zone: ZoneInfo) -> list[tuple[date, datetime, datetime]]:
    """(company day, from, to) of the pieces of a stretch of time."""
    pieces, start = [], since.astimezone(zone)
    end = now.astimezone(zone)
    while start < end:
        midnight = datetime.combine(start.date() + timedelta(days=1), datetime.min.time(), zone)
        stop = min(midnight, end)
        pieces.append((start.date(), start, stop))
        start = stop
    return pieces


def published(state: State, run_id: int, newest: datetime | None) -> None:
    """The newest change of a source that a publishing run brought."""
    state.execute("UPDATE sync_run SET newest_change_at = ? WHERE run_id = ?", (iso_or_none(newest), run_id))


def forget_old(state: State, now: datetime) -> None:
    """Hours are kept for ten weeks, days for good."""
    state.execute("DELETE FROM stream_hour WHERE hour < ?", (iso(now - timedelta(days=HOURS_KEPT_DAYS))[:13],))


def last_runs(state: State, source: str, entity: str, most: int = RUNS_SHOWN) -> list[dict[str, Any]]:
    """A stream's last runs, the newest first."""
    query = "SELECT * FROM sync_stream WHERE source = ? AND entity = ? ORDER BY started_at DESC LIMIT ?"
    return state.execute(query, (source, entity, most))


def hours(state: State, since: datetime) -> list[dict[str, Any]]:
    """stream_hour from an instant on."""
    return state.execute("SELECT * FROM stream_hour WHERE hour >= ? ORDER BY hour", (iso(since)[:13],))


def fresh_days(state: State, since: date) -> list[dict[str, Any]]:
    """fresh_day from a company's day on."""
    query = "SELECT day, sum(seconds) AS seconds, sum(fresh_seconds) AS fresh_seconds FROM fresh_day WHERE day >= ?"
    return state.execute(f"{query} GROUP BY day ORDER BY day", (since.isoformat(),))


def delays(state: State, since: datetime) -> list[float]:
    """Seconds from the newest change in a source to its publish, of every publish that brought one."""
    query = "SELECT finished_at, newest_change_at FROM sync_run WHERE status = 'published' AND finished_at >= ?"
    pairs = [
        (parse_or_none(row["finished_at"]), parse_or_none(row["newest_change_at"]))
        for row in state.execute(query, (iso(since),))
    ]
    return [(done - changed).total_seconds() for done, changed in pairs if done and changed]
