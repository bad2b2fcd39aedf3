"""One short write transaction on a demo database while time passes in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np

from data_access.demo.days import OFFSET_SECONDS
from data_access.demo.deals import uuids
from data_access.demo.write import connect

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

LATE_STAMPS, NO_STAMPS = 0.012, 0.003


class Book:
    """Writes rows as the system would: next keys, change stamps (some too old or missing). `day` is the company's."""

    def __init__(
        self, connection: Connection, rng: np.random.Generator, now: datetime, day: date, *, live: bool = True
    ) -> None:
        self.connection, self.rng, self.day, self.live = connection, rng, day, live
        self.now = now.replace(tzinfo=None, microsecond=now.microsecond // 1000 * 1000)
        self.changed = 0
        self._next: dict[str, int] = {}

    def key(self, table: Table) -> int:
        """The next integer key."""
        from sqlalchemy import func, select

        column = next(iter(table.primary_key))
        if table.name not in self._next:
            self._next[table.name] = int(self.connection.execute(select(func.max(column))).scalar() or 0)
        self._next[table.name] += 1
        return self._next[table.name]

    def uuid(self) -> str:
        """A new identifier; never from `rng`, whose seed may come round again."""
        return str(uuid4())

    def somewhere(self) -> str:
        """A place among identifiers, to pick a row at random."""
        return uuids(self.rng, 1)[0]

    def stamp(self) -> datetime | None:
        """Now, to the millisecond; now and then some hours ago or nothing."""
        roll = self.rng.random()
        if roll < NO_STAMPS:
            return None
        return self.now - timedelta(minutes=float(self.rng.integers(20, 2000))) if roll < LATE_STAMPS else self.now

    def moment(self) -> datetime:
        """When something happens: now, or some time of a day that has passed."""
        return self.now if self.live else self.work_time()

    def work_time(self, until: datetime | None = None) -> datetime:
        """A moment of the book's day at which people work, UTC, not after `until` (default now)."""
        opening = datetime(self.day.year, self.day.month, self.day.day) - timedelta(seconds=OFFSET_SECONDS - 30_600)
        span = min((until or self.now) - opening, timedelta(hours=9.5)).total_seconds()
        if span <= 0:
            return min(self.now, opening)
        moment = opening + timedelta(seconds=float(self.rng.uniform(0, span)))
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def rows(self, statement: Any, **values: Any) -> list[Any]:
        return list(self.connection.execute(statement, values).fetchall())

    def one(self, statement: Any, **values: Any) -> Any:
        return self.connection.execute(statement, values).first()

    def add(self, table: Table, *rows: dict[str, Any]) -> None:
        from sqlalchemy import insert

        if rows:
            self.connection.execute(insert(table), list(rows))
            self.changed += len(rows)

    def change(self, table: Table, key: Any, **values: Any) -> None:
        """Updates one row and stamps it."""
        from sqlalchemy import update

        stamp = "chg" if "chg" in table.c else "modified_on"
        column = next(iter(table.primary_key))
        self.connection.execute(update(table).where(column == key).values({stamp: self.stamp(), **values}))
        self.changed += 1

    def remove(self, table: Table, condition: Any) -> None:
        """A hard delete: nothing is left to tell of it."""
        from sqlalchemy import delete

        self.changed += self.connection.execute(delete(table).where(condition)).rowcount

    def pick(self, rows: list[Any]) -> Any:
        return rows[int(self.rng.integers(0, len(rows)))] if rows else None

    def chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)


@contextmanager
def opened(url: str) -> Iterator[Any]:
    """A connection in one transaction: committed at the end, rolled back on any error."""
    engine = connect(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
