"""Every stream of a source as it stands: written by the sync process, graded when it is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from data_access import inbox
from data_access.clock import iso, parse_iso, parse_or_none, utc_now
from data_access.config import Config
from data_access.control import Pauses, pauses
from data_access.health import grade
from data_access.secrets import redact
from data_access.state import State

SOON_SECONDS = 15.0  # as long what has just come is looked out for: it may have to wait for longer
WAITING_PUBLISH = "waiting_publish"  # fact: since when landed changes wait for their publish


@dataclass(frozen=True)
class Feed:
    """Times are UTC ISO text. `status`: fresh, late, failing, stale, never or paused; `promise_s` is the source's
    promise, or the feed's own rhythm where that is slower; `lag_seconds` the age of its last successful check;
    `overdue_seconds` how long it has been due without being read (0: it is not due); `cause` of an error: guard (a
    mass delete was stopped), credentials, unreachable or other; `failures` in a row, the first at `failing_since`;
    `notices` how many of its source wait."""

    source: str
    stream: str
    role: str
    status: str
    rhythm: str
    promise_s: float
    due_at: str | None
    reading_since: str | None
    attempted_at: str | None
    checked_at: str | None
    lag_seconds: int | None
    overdue_seconds: int
    cursor: str | None
    newest_change_at: str | None
    seconds: float | None
    rejects_open: int
    error: str
    hint: str
    cause: str
    failures: int
    failing_since: str | None
    paused_at: str | None
    paused_by: str | None
    notices: int

    def document(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Backlog:
    """What is due and not done yet, without names or figures of the business. Times are UTC ISO text."""

    streams_due: int
    oldest_due_at: str | None
    streams_reading: int
    notices_waiting: int
    oldest_notice_at: str | None
    publish_waiting_since: str | None
    streams_paused: int

    def document(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Read:
    """What a read of one stream came to. `ok` False keeps what the last good read told."""

    source: str
    stream: str
    ok: bool
    at: datetime
    seconds: float
    cursor: datetime | None = None
    newest: datetime | None = None
    rejects_open: int = 0
    error: str = ""
    hint: str = ""
    cause: str = ""


def feeds(config: Config, state: State, now: datetime | None = None) -> list[Feed]:
    """The feeds of every configured source in the file's order; none before the sync process first started."""
    moment, held, waiting = now or utc_now(), pauses(state), inbox.waiting(state)
    rows = state.execute("SELECT * FROM feed")
    found = []
    for source in config.sources:
        mine = [row for row in rows if row["source"] == source.name]
        for row in sorted(mine, key=lambda row: str(row["stream"])):
            found.append(_feed(row, source.role, held, waiting.get(source.name, (0, ""))[0], moment))
    return found


def backlog(config: Config, state: State, now: datetime | None = None) -> Backlog:
    """How much waits. A stream that is paused or being read is not counted as due."""
    known = feeds(config, state, now)
    due = [feed for feed in known if feed.overdue_seconds and feed.due_at]
    names = {source.name for source in config.sources}
    waiting = [found for source, found in inbox.waiting(state).items() if source in names]
    return Backlog(
        len(due),
        min((feed.due_at for feed in due if feed.due_at), default=None),
        sum(feed.reading_since is not None for feed in known),
        sum(count for count, _ in waiting),
        min((since for _, since in waiting), default=None),
        state.fact(WAITING_PUBLISH),
        sum(feed.status == "paused" for feed in known),
    )


def is_news_due(state: State, now: datetime) -> bool:
    """Whether a notice or a change has just come that is not published yet."""
    came = [state.fact(WAITING_PUBLISH), *(since for _, since in inbox.waiting(state).values())]
    return any((now - parse_iso(since)).total_seconds() < SOON_SECONDS for since in came if since)


def _feed(row: Mapping[str, Any], role: str, held: Pauses, notices: int, now: datetime) -> Feed:
    pause = held.of(row["source"], row["stream"])
    checked, due = parse_or_none(row["checked_at"]), parse_or_none(row["due_at"])
    status = "paused" if pause else grade(checked, row["promise_s"], ok=not row["error"], now=now)
    idle = pause is None and row["reading_since"] is None
    overdue = max(0, round((now - due).total_seconds())) if due and idle else 0
    told = {name: " ".join(redact(row[name]).split())[:300] for name in ("error", "hint")}
    return Feed(
        **{**row, **told},
        role=role,
        status=status,
        lag_seconds=None if checked is None else max(0, round((now - checked).total_seconds())),
        overdue_seconds=overdue,
        paused_at=pause.paused_at if pause else None,
        paused_by=pause.paused_by if pause else None,
        notices=notices,
    )


def register(state: State, known: Sequence[tuple[str, str, str, float]]) -> None:
    """The feeds there are, as (source, stream, rhythm in words, promise in seconds); others are forgotten, and none is
    being read."""
    with state.transaction() as db:
        db.execute("UPDATE feed SET reading_since = NULL")
        gone = {(row["source"], row["stream"]) for row in db.execute("SELECT source, stream FROM feed")}
        gone -= {(source, stream) for source, stream, _, _ in known}
        db.executemany("DELETE FROM feed WHERE source = ? AND stream = ?", sorted(gone))
        db.executemany(
            "INSERT INTO feed (source, stream, rhythm, promise_s) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET rhythm = excluded.rhythm, promise_s = excluded.promise_s",
            known,
        )


def reading(state: State, source: str, streams: Iterable[str]) -> None:
    """These streams are being read from now on."""
    now = iso(utc_now())
    with state.transaction() as db:
        rows = [(now, source, stream) for stream in streams]
        db.executemany("UPDATE feed SET reading_since = ? WHERE source = ? AND stream = ?", rows)


def planned(state: State, source: str, due: Mapping[str, tuple[datetime, float]]) -> None:
    """stream -> when it is due next, and its promise in seconds; it is no longer being read."""
    with state.transaction() as db:
        rows = [(iso(at), promise, source, stream) for stream, (at, promise) in due.items()]
        sql = "UPDATE feed SET due_at = ?, promise_s = ?, reading_since = NULL WHERE source = ? AND stream = ?"
        db.executemany(sql, rows)


def read(state: State, reads: Iterable[Read]) -> None:
    """Records what reads of streams came to."""
    good = (
        "UPDATE feed SET attempted_at = :at, checked_at = :at, seconds = :seconds, rejects_open = :rejects,"
        " cursor = coalesce(:cursor, cursor), newest_change_at = coalesce(:newest, newest_change_at),"
        " error = '', hint = '', cause = '', failures = 0, failing_since = NULL, reading_since = NULL"
        " WHERE source = :source AND stream = :stream"
    )
    bad = (
        "UPDATE feed SET attempted_at = :at, error = :error, hint = :hint, cause = :cause, rejects_open = :rejects,"
        " failures = failures + 1, failing_since = coalesce(failing_since, :at), reading_since = NULL"
        " WHERE source = :source AND stream = :stream"
    )
    with state.transaction() as db:
        for each in reads:
            cursor, newest = (iso(moment) if moment else None for moment in (each.cursor, each.newest))
            values = {
                "source": each.source, "stream": each.stream, "at": iso(each.at), "seconds": each.seconds,
                "cursor": cursor, "newest": newest, "rejects": each.rejects_open,
                "error": each.error or "it failed", "hint": each.hint, "cause": each.cause,
            }  # fmt: skip
            db.execute(good if each.ok else bad, values)
