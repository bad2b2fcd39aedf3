"""How fresh each source is, worked out when read and never stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data_access.clock import parse_or_none, utc_now
from data_access.config import Config
from data_access.control import pauses
from data_access.secrets import redact
from data_access.state import SourceStatus, State

AMBER, RED = 1.5, 3.0  # times the promise
_PROMISES = "SELECT source, min(promise_s) AS promise FROM feed GROUP BY source"
SEVERITY = ("fresh", "late", "failing", "stale", "never")


@dataclass(frozen=True)
class SourceHealth:
    """A source's freshness. `lag_seconds` is the age of its last successful check (None before the first);
    `newest_change_at` tells separately how new its data is, for a quiet source is not stale. While it or some of its
    streams are paused (`paused_since`: all of it; `paused_streams`: those) it is late at the best."""

    name: str
    role: str
    status: str
    checked_at: str | None
    newest_change_at: str | None
    lag_seconds: int | None
    last_error: str
    fresh_within_s: float
    paused_since: str | None = None
    paused_streams: tuple[str, ...] = ()

    def document(self, *, with_error: bool) -> dict[str, Any]:
        """The JSON form; errors come without secrets and in one short line."""
        names = ("name", "role", "status", "checked_at", "newest_change_at", "lag_seconds")
        document = {name: getattr(self, name) for name in names}
        document["fresh_within_seconds"] = self.fresh_within_s
        document["paused_since"], document["paused_streams"] = self.paused_since, list(self.paused_streams)
        if with_error:
            document["last_error"] = self.last_error
        return document


def freshness(status: SourceStatus, now: datetime) -> str:
    """fresh, late, failing, stale or never, by the age of the last successful check against the promise."""
    return grade(parse_or_none(status.checked_at), status.fresh_within_s, ok=status.last_ok, now=now)


def grade(checked: datetime | None, promise_s: float, *, ok: bool, now: datetime) -> str:
    """The same of anything that is checked; `ok`: whether its last run went well."""
    if checked is None:
        return "never"
    age = (now - checked).total_seconds()
    if age > RED * promise_s:
        return "stale"
    if not ok:
        return "failing"
    return "late" if age > AMBER * promise_s else "fresh"


def sources(config: Config, state: State, now: datetime | None = None) -> list[SourceHealth]:
    """Every configured source in the file's order, `never` when it has not been tried. While changes cannot be
    published, no source is newer than that. It promises what the quickest of its feeds does."""
    quickest = {row["source"]: row["promise"] for row in state.execute(_PROMISES)}
    moment, held, paused = now or utc_now(), state.unpublished(), pauses(state)
    known = {status.source: status for status in state.sources()}
    found = []
    for source in config.sources:
        status = known.get(source.name) or SourceStatus(source.name, source.role, None, None, "", True, None, 0.0)
        promise = max(source.fresh_within, quickest.get(source.name, 0.0))
        status = SourceStatus(**{**status.__dict__, "fresh_within_s": promise, "role": source.role})
        if held and status.checked_at:
            stuck = {"checked_at": min(held[0], status.checked_at), "last_ok": False, "last_error": held[1]}
            status = SourceStatus(**{**status.__dict__, **stuck})
        checked = parse_or_none(status.checked_at)
        lag = None if checked is None else max(0, round((moment - checked).total_seconds()))
        error = " ".join(redact(status.last_error).split())[:300]
        name, role, newest = source.name, source.role, status.newest_change_at
        whole, streams = paused.whole(name), paused.streams(name)
        state_word = freshness(status, moment)
        if state_word == "fresh" and (whole or streams):
            state_word = "late"
        since = whole.paused_at if whole else None
        found.append(
            SourceHealth(name, role, state_word, status.checked_at, newest, lag, error, promise, since, streams)
        )
    return found


def worst(found: Iterable[SourceHealth], names: Iterable[str] | None = None) -> str:
    """The worst status among `found` (those named, when given); fresh when there is none."""
    wanted = None if names is None else set(names)
    statuses = [item.status for item in found if wanted is None or item.name in wanted]
    return max(statuses, key=SEVERITY.index, default="fresh")
