"""What is true now, beside the published version: how every feed stands, worked out when asked from state.db."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from data_access import sync_log
from data_access.clock import parse_or_none, utc_now
from data_access.connectors.feeds import feeds_of
from data_access.connectors.profile import load_profile
from data_access.errors import ConfigError
from data_access.feed_state import Feed as StreamNow
from data_access.feed_state import feeds as streams_now
from data_access.health import grade
from data_access.secrets import redact
from data_access.state import DAMAGED

if TYPE_CHECKING:
    from data_access.config import Config, Source
    from data_access.state import State

STAMP_KEPT_S = 0.5
SLOW, SLOW_LEAST = 2.0, 14  # a run over twice the median of so many is slow,
SLOW_SHARE = 0.05  # where it also took so much of the promise


@dataclass(frozen=True)
class Feed:
    """Streams of one source under one name."""

    source: Source
    name: str
    streams: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """How a feed stands. status: fresh, late, failing, stale, never, paused; checked_at: when all its streams were
    last read well; every: their rhythm as configured; runs: the last ones, the oldest first: ok, changed, rejected,
    slow or failed, with what they did."""

    source: str
    role: str
    feed: str
    streams: tuple[str, ...]
    status: str
    checked_at: str | None
    limit_seconds: float
    every: str
    failing_since: str | None
    failures: int
    error: str
    hint: str
    paused_by: str = ""
    due_at: str | None = None
    runs: tuple[dict[str, Any], ...] = field(default=())

    @property
    def on_time(self) -> bool:
        return self.status == "fresh"


class Live:
    """The configuration and state behind the version that serves."""

    def __init__(self, config: Config, state: State) -> None:
        self.config, self.state = config, state
        self.zone = ZoneInfo(config.company.timezone)
        self._stamp = (-STAMP_KEPT_S, "")

    @cached_property
    def feeds(self) -> tuple[Feed, ...]:
        """Every feed in the order of the configuration, ERPs first; none of a source whose profile cannot be read (the
        sync says so)."""
        found = []
        for source in self.config.sources:
            where = str(self.config.folder / source.profile) if source.profile else source.system or ""
            try:
                profile = load_profile(where)
            except ConfigError:
                continue
            found += [Feed(source, name, streams) for name, streams in feeds_of(profile).items()]
        return tuple(sorted(found, key=lambda feed: feed.source.role != "erp"))

    def stamp(self) -> str:
        """Changes whenever what the sync panels show may have changed; at most half a second old."""
        at, kept = self._stamp
        if time.monotonic() - at > STAMP_KEPT_S:
            kept = self._worked_out()
            self._stamp = (time.monotonic(), kept)
        return kept

    def _worked_out(self) -> str:
        newest = self.state.execute(
            "SELECT (SELECT max(run_id) FROM sync_run), (SELECT max(finished_at) FROM sync_run),"
            " (SELECT count(*) FROM request WHERE finished_at IS NOT NULL),"
            " (SELECT max(id) FROM identity_decision), (SELECT count(undone_at) FROM identity_decision)"
        )
        told = [(one.source, one.feed, one.status) for one in self.standings(runs=0)]
        stands = (newest, told, self.state.fact(DAMAGED))
        return hashlib.blake2b(repr(stands).encode(), digest_size=8).hexdigest()

    def standings(self, now: datetime | None = None, *, runs: int = sync_log.RUNS_SHOWN) -> list[Standing]:
        """Every feed with its last `runs` runs."""
        moment = now or utc_now()
        known = {(one.source, one.stream): one for one in streams_now(self.config, self.state, moment)}
        held = self.state.unpublished()
        return [self._standing(feed, known, held, moment, runs) for feed in self.feeds]

    def _standing(
        self, feed: Feed, known: Mapping[tuple[str, str], StreamNow], held: tuple[str, str] | None,
        now: datetime, runs: int,
    ) -> Standing:  # fmt: skip
        found = [known.get((feed.source.name, stream)) for stream in feed.streams]
        rows = [row for row in found if row is not None]
        paused = bool(rows) and all(row.paused_at for row in rows)
        times = [row.checked_at for row in rows]
        checked = None if None in times or len(rows) < len(found) else min(time for time in times if time)
        worst = max((row for row in rows if row.failures), key=lambda row: row.failures, default=None)
        limit = max((row.promise_s for row in rows), default=feed.source.fresh_within)
        since, error, hint = (worst.failing_since, worst.error, worst.hint) if worst else (None, "", "")
        if held and checked:
            checked, since, error, hint = min(checked, held[0]), held[0], held[1], ""
        failing = worst is not None or held is not None
        by = next((row.paused_by for row in rows if row.paused_by), None)
        return Standing(
            source=feed.source.name, role=feed.source.role, feed=feed.name, streams=feed.streams,
            status="paused" if paused else grade(parse_or_none(checked), limit, ok=not failing, now=now),
            checked_at=checked, limit_seconds=limit, every=" ".join(sorted({row.rhythm for row in rows})[:1]),
            failing_since=since, failures=worst.failures if worst else 0,
            error=" ".join(redact(error).split())[:300], hint=" ".join(redact(hint).split())[:300], paused_by=by or "",
            due_at=min((row.due_at for row in rows if row.due_at), default=None),
            runs=tuple(self.runs(feed, runs)) if runs else (),
        )  # fmt: skip

    def runs(self, feed: Feed, most: int) -> list[dict[str, Any]]:
        """The feed's last runs, the oldest first: its streams' counts and time of each run together."""
        together: dict[int, dict[str, Any]] = {}
        for stream in feed.streams:
            for row in sync_log.last_runs(self.state, feed.source.name, stream, most):
                _add(together.setdefault(row["run_id"], _empty(row)), row)
        found = [together[run] for run in sorted(together)][-most:]
        usual = median(run["seconds"] for run in found) if len(found) >= SLOW_LEAST else None
        for run in found:
            run["kind"] = _kind(run, usual, SLOW_SHARE * feed.source.fresh_within)
        return found


def _empty(row: dict[str, Any]) -> dict[str, Any]:
    counts = ("read", "inserted", "updated", "unchanged", "deleted", "rejected")
    return {"run_id": row["run_id"], "started_at": row["started_at"], "seconds": 0.0, "attempts": 1, "failed": 0,
            "error": ""} | dict.fromkeys(counts, 0)  # fmt: skip


def _add(run: dict[str, Any], row: dict[str, Any]) -> None:
    for name in ("read", "inserted", "updated", "unchanged", "deleted", "rejected"):
        run[name] += row[name]
    start, end = parse_or_none(row["started_at"]), parse_or_none(row["finished_at"])
    run["seconds"] += (end - start).total_seconds() if start and end else 0.0
    run["started_at"] = min(run["started_at"], row["started_at"])
    run["attempts"] = max(run["attempts"], row["attempts"])
    if row["status"] != "ok":
        run["failed"], run["error"] = run["failed"] + 1, run["error"] or row["error"]


def _kind(run: dict[str, Any], usual: float | None, least: float) -> str:
    if run["failed"]:
        return "failed"
    if usual is not None and run["seconds"] > max(SLOW * usual, least):
        return "slow"
    return "changed" if run["inserted"] + run["updated"] + run["deleted"] else "ok"


def as_rows(standings: Sequence[Standing]) -> list[dict[str, Any]]:
    """Rows of a frame: lists as JSON text."""
    return [
        asdict(one) | {"streams": " ".join(one.streams), "runs": json.dumps(one.runs, ensure_ascii=False)}
        for one in standings
    ]
