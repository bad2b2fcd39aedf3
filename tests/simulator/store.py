"""Rows of one object in a source: the truth, and what a reader sees of it while a late commit is under way.

A row is never edited in place: a change puts a new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
ABSENT: Row = {}


@dataclass
class Unseen:
    before: Row  # what readers still see; ABSENT where the row did not exist
    requests: int  # answers to this system until the change shows


class Table:
    """Rows by key, in order of insertion. Whoever changes or reads it holds the simulator's lock."""

    def __init__(self) -> None:
        self._rows: dict[Any, Row] = {}
        self._unseen: dict[Any, Unseen] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __getitem__(self, key: Any) -> Row:
        return self._rows[key]

    def keys(self) -> list[Any]:
        return list(self._rows)

    def truth(self) -> Iterator[Row]:
        """Every row as it will be once all is committed; the rows themselves, not copies."""
        return iter(self._rows.values())

    def put(self, key: Any, row: Row, late: int = 0) -> None:
        self._delay(key, late)
        self._rows[key] = row

    def drop(self, key: Any, late: int = 0) -> Row:
        self._delay(key, late)
        return self._rows.pop(key)

    def visible(self) -> list[Row]:
        """What a reader sees now: rows with an uncommitted change as they were before it. Not copies: look only."""
        seen = [row for key, row in self._rows.items() if key not in self._unseen]
        return seen + [change.before for change in self._unseen.values() if change.before]

    def answered(self) -> None:
        """One more answer has gone out: changes whose time has come show from the next one on."""
        for change in self._unseen.values():
            change.requests -= 1
        self._unseen = {key: change for key, change in self._unseen.items() if change.requests > 0}

    def commit(self) -> None:
        self._unseen.clear()

    def _delay(self, key: Any, late: int) -> None:
        if key in self._unseen:
            self._unseen[key].requests = max(late, self._unseen[key].requests)
        elif late:
            self._unseen[key] = Unseen(self._rows.get(key, ABSENT), late)
