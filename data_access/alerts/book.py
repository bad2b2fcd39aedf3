"""The book of alerts in state.db: one entry a cause from its beginning to its end, and what was told of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from data_access.alerts.causes import Cause
from data_access.clock import iso, parse_iso
from data_access.state import State

REPEAT = timedelta(hours=24)
KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Alert:
    """Times are UTC ISO text; `told_at` None: not told yet (it may pass by itself, or nobody could be reached);
    `recovery_told_at` likewise."""

    id: int
    kind: str
    subject: str
    since: str
    text: str
    told_at: str | None
    recovered_at: str | None
    recovery_told_at: str | None


@dataclass(frozen=True)
class Due:
    """A message to be sent: how = raised, repeated or recovered."""

    how: str
    alert: Alert


def alerts(state: State, *, open_only: bool = False, limit: int = 200) -> list[Alert]:
    """The newest first."""
    where = "WHERE recovered_at IS NULL " if open_only else ""
    return [Alert(**row) for row in state.execute(f"SELECT * FROM alert {where}ORDER BY id DESC LIMIT ?", (limit,))]


def note(state: State, causes: Sequence[Cause], text: Callable[[Cause], str], now: datetime) -> None:
    """Enters new causes, and ends entries whose cause is gone."""
    wanted = {(cause.kind, cause.subject): cause for cause in causes}
    known = {(alert.kind, alert.subject): alert for alert in alerts(state, open_only=True)}
    new = [cause for key, cause in wanted.items() if key not in known]
    lasting = [(text(cause), known[key]) for key, cause in wanted.items() if key in known]
    changed = [(words, alert.id) for words, alert in lasting if words != alert.text]
    over = [alert.id for key, alert in known.items() if key not in wanted]
    if not (new or over or changed):
        return
    with state.transaction() as db:
        for cause in new:
            values = (cause.kind, cause.subject, iso(now), text(cause))
            db.execute("INSERT INTO alert (kind, subject, since, text) VALUES (?, ?, ?, ?)", values)
        db.executemany("UPDATE alert SET text = ? WHERE id = ?", changed)
        db.executemany("UPDATE alert SET recovered_at = ? WHERE id = ?", [(iso(now), number) for number in over])


def due(state: State, causes: Sequence[Cause], now: datetime) -> list[Due]:
    """What is to be told now: causes that last, those told a day ago, and ends of what was told."""
    hold = {(cause.kind, cause.subject): timedelta(seconds=cause.hold_s) for cause in causes}
    found: list[Due] = []
    for alert in reversed(alerts(state)):
        if alert.recovered_at is not None:
            if alert.told_at is not None and alert.recovery_told_at is None:
                found.append(Due("recovered", alert))
        elif alert.told_at is None:
            if now - parse_iso(alert.since) >= hold.get((alert.kind, alert.subject), timedelta()):
                found.append(Due("raised", alert))
        elif now - parse_iso(alert.told_at) >= REPEAT:
            found.append(Due("repeated", alert))
    return found


def told(state: State, message: Due, now: datetime) -> None:
    column = "recovery_told_at" if message.how == "recovered" else "told_at"
    state.execute(f"UPDATE alert SET {column} = ? WHERE id = ?", (iso(now), message.alert.id))


def prune(state: State, now: datetime) -> None:
    """Forgets alerts three months after their end."""
    state.execute("DELETE FROM alert WHERE recovered_at < ?", (iso(now - KEPT),))
