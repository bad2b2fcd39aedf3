"""What people decide of who is who: two records are one customer, are not, or one stands alone; and taking that back.

Decisions live in state.db. They name records by source and the source's own id, so they hold through reloads and
rollbacks, and wait for a record that is gone to come back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from data_access.clock import iso, utc_now
from data_access.errors import QueryError
from data_access.state import State

KINDS = ("confirm", "reject", "split")
_COLUMNS = "id, kind, left_source, left_id, right_source, right_id, decided_by, decided_at, note, undone_at"


@dataclass(frozen=True)
class SourceRecord:
    """A source customer: the configured source's name, and the id it has there."""

    source: str
    source_id: str


@dataclass(frozen=True)
class IdentityDecision:
    """One decision; times are UTC ISO text. kind: one of KINDS, or undo (of decisions about the same records)."""

    id: int
    kind: str
    left: SourceRecord
    right: SourceRecord | None
    decided_by: str
    decided_at: str
    note: str
    undone_at: str | None

    def row(self) -> tuple[object, ...]:
        """Values of staging.identity_decision."""
        right = (self.right.source, self.right.source_id) if self.right else (None, None)
        left = (self.left.source, self.left.source_id)
        return (self.id, self.kind, *left, *right, self.decided_by, self.decided_at, self.note)


def confirm(state: State, left: SourceRecord, right: SourceRecord, who: str, note: str = "") -> IdentityDecision:
    """The two are one customer. QueryError: not two records, or nobody who says so."""
    return _add(state, "confirm", left, right, who, note)


def reject(state: State, left: SourceRecord, right: SourceRecord, who: str, note: str = "") -> IdentityDecision:
    """The two are not one customer, nor are those that either is joined to."""
    return _add(state, "reject", left, right, who, note)


def split(state: State, record: SourceRecord, who: str, note: str = "") -> IdentityDecision:
    """The record is a customer of its own, until a later decision joins it."""
    return _add(state, "split", record, None, who, note)


def undo(state: State, decision_id: int, who: str, note: str = "") -> IdentityDecision:
    """Takes a decision back, and says who did. QueryError where there is no such decision in force."""
    _check_name(who)
    now = iso(utc_now())
    taken = state.execute(
        "UPDATE identity_decision SET undone_at = ? WHERE id = ? AND undone_at IS NULL AND kind <> 'undo' RETURNING *",
        (now, decision_id),
    )
    if not taken:
        raise QueryError(f"there is no decision {decision_id} in force", "reload the page")
    old = _decision(taken[0])
    return _add(state, "undo", old.left, old.right, who, note or f"decision {decision_id}")


def decisions(state: State) -> list[IdentityDecision]:
    """All of them, the newest first, with what was taken back."""
    return [_decision(row) for row in state.execute(f"SELECT {_COLUMNS} FROM identity_decision ORDER BY id DESC")]


def in_force(state: State) -> list[IdentityDecision]:
    """Those that hold, the oldest first."""
    where = "undone_at IS NULL AND kind <> 'undo'"
    return [
        _decision(row) for row in state.execute(f"SELECT {_COLUMNS} FROM identity_decision WHERE {where} ORDER BY id")
    ]


def latest(state: State) -> tuple[int, int]:
    """Changes whenever something is decided or taken back: (the newest decision, how many were taken back)."""
    row = state.execute("SELECT coalesce(max(id), 0) AS newest, count(undone_at) AS undone FROM identity_decision")[0]
    return int(row["newest"]), int(row["undone"])


def _add(
    state: State, kind: str, left: SourceRecord, right: SourceRecord | None, who: str, note: str
) -> IdentityDecision:
    _check_name(who)
    if left == right or not all(each.source and each.source_id for each in (left, right) if each is not None):
        raise QueryError("a decision needs two different records", "choose another record")
    right_values = (right.source, right.source_id) if right else (None, None)
    columns = "kind, left_source, left_id, right_source, right_id, decided_by, decided_at, note"
    values = (kind, left.source, left.source_id, *right_values, who.strip()[:80], iso(utc_now()), note.strip()[:500])
    sql = f"INSERT INTO identity_decision ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING {_COLUMNS}"
    return _decision(state.execute(sql, values)[0])


def _check_name(who: str) -> None:
    if not who.strip():
        raise QueryError("a decision needs a name", "say who decides")


def _decision(row: dict[str, Any]) -> IdentityDecision:
    right = SourceRecord(row["right_source"], row["right_id"]) if row["right_id"] is not None else None
    left = SourceRecord(row["left_source"], row["left_id"])
    told = {name: row[name] for name in ("id", "kind", "decided_by", "decided_at", "note", "undone_at")}
    return IdentityDecision(left=left, right=right, **told)
