"""Counts that only grow, kept across restarts: runs, rows and notices by outcome."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from data_access.state import State

_ADD = (
    "INSERT INTO tally VALUES (?, ?, ?, ?)"
    " ON CONFLICT (name, source, label) DO UPDATE SET total = total + excluded.total"
)


@dataclass(frozen=True)
class Tally:
    """`name`: run, row or hook; `label` the outcome."""

    name: str
    source: str
    label: str
    total: int


def count_in(db: sqlite3.Connection, name: str, source: str, label: str, times: int = 1) -> None:
    """Adds within a transaction of `State.transaction`."""
    if times:
        db.execute(_ADD, (name, source, label, times))


def tallies(state: State) -> list[Tally]:
    return [Tally(**row) for row in state.execute("SELECT * FROM tally ORDER BY name, source, label")]
