"""The inbox of pushed notices in state.db: each delivery once, on the disk before its sender is told so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from data_access.clock import iso, utc_now
from data_access.hooks import Notice
from data_access.state import State
from data_access.tally import count_in

KEPT_DAYS, UNTAKEN_DAYS = 7, 30


@dataclass(frozen=True)
class Waiting:
    """A notice that is not applied yet; `id` in the order of arrival."""

    id: int
    source: str
    notice: Notice
    received_at: str


def receive(state: State, source: str, delivery: str, body: str, notices: Sequence[Notice]) -> bool:
    """Keeps a delivery durably; False when it was here before: the same body under the same id."""
    now = iso(utc_now())
    insert = (
        "INSERT INTO hook_notice (source, delivery, part, received_at, body, op, entity, key)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    )
    with state.transaction(flushed=True) as db:
        ids = (delivery, f"{delivery}#{hashlib.blake2b(body.encode(), digest_size=8).hexdigest()}")
        query = "SELECT delivery, body FROM hook_notice WHERE source = ? AND delivery IN (?, ?) AND part = 0"
        here = dict(db.execute(query, (source, *ids)).fetchall())
        known = body in here.values()
        delivery = ids[bool(here)]  # the sender gave an id away twice
        count_in(db, "hook", source, "duplicate" if known else "received")
        for part, each in enumerate(() if known else notices):
            key = json.dumps(each.key) if each.key else None
            text = body if part == 0 else ""
            db.execute(insert, (source, delivery, part, now, text, each.op, each.entity, key))
    return not known


def take(state: State, source: str) -> list[Waiting]:
    """Everything of a source that waits, oldest first, also what a process took that ended before it applied it."""
    state.execute(
        "UPDATE hook_notice SET taken_at = ? WHERE source = ? AND applied_at IS NULL AND taken_at IS NULL",
        (iso(utc_now()), source),
    )
    sql = (
        "SELECT id, op, entity, key, received_at FROM hook_notice"
        " WHERE source = ? AND applied_at IS NULL AND taken_at IS NOT NULL ORDER BY id"
    )
    rows = state.execute(sql, (source,))
    return [
        Waiting(row["id"], source, Notice(row["op"], row["entity"], _key(row["key"])), row["received_at"])
        for row in rows
    ]


def waiting(state: State) -> dict[str, tuple[int, str]]:
    """Source -> how many notices wait, and since when the oldest does."""
    sql = "SELECT source, count(*) AS n, min(received_at) AS since FROM hook_notice WHERE applied_at IS NULL GROUP BY 1"
    return {row["source"]: (int(row["n"]), row["since"]) for row in state.execute(sql)}


def applied(state: State, notices: Sequence[Waiting], result: str, label: str = "applied") -> None:
    """These are done; `result` says how."""
    if not notices:
        return
    with state.transaction() as db:
        now = iso(utc_now())
        rows = [(now, result, each.id) for each in notices]
        db.executemany("UPDATE hook_notice SET applied_at = ?, result = ? WHERE id = ?", rows)
        count_in(db, "hook", notices[0].source, label, len(notices))


def prune(state: State) -> None:
    """Forgets notices a week after they were applied (far longer than a signature is accepted), and those that nobody
    ever took after a month."""
    now = utc_now()
    week, month = iso(now - timedelta(days=KEPT_DAYS)), iso(now - timedelta(days=UNTAKEN_DAYS))
    state.execute("DELETE FROM hook_notice WHERE applied_at < ? OR received_at < ?", (week, month))


def _key(text: str | None) -> tuple[str, ...] | None:
    return tuple(json.loads(text)) if text else None
