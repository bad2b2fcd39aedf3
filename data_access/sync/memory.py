"""How much memory the sync's DuckDB may take: reading needs little, and would keep more of what it has written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock

import duckdb

BUILDING = "2GB"
READING = ("256MB", BUILDING)  # where it is too low, the next is taken from then on
LEAST = "128MB"  # what reading is brought down to now and then
SHED_ROWS = 200_000


class Memory:
    """The limit of an instance; it is set in the instance, whoever uses it. `reading`: what reading has."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con.cursor()
        self._guard = Lock()
        self._building = False
        self._rows = 0
        self.reading = READING[0]
        self._limit(self.reading)

    @contextmanager
    def while_building(self) -> Iterator[None]:
        with self._guard:
            self._building = True
            self._limit(BUILDING)
        try:
            yield
        finally:
            with self._guard, suppress(duckdb.OutOfMemoryException):  # what is being read beside it needs more just now
                self._building = False
                self._limit(self.reading)

    def landed(self, rows: int) -> None:
        """After so many rows what is only kept of those written is given back: else it grows with the table."""
        with self._guard:
            self._rows += rows
            if self._rows >= SHED_ROWS and not self._building:
                self._rows = 0
                with suppress(duckdb.OutOfMemoryException):  # others hold more just now
                    self._limit(LEAST)
                self._limit(self.reading)

    def more(self, than: str) -> bool:
        """Whether reading has more than this now, which was too little."""
        with self._guard:
            if self.reading == than != READING[-1]:
                self.reading = READING[READING.index(than) + 1]
                self._limit(BUILDING if self._building else self.reading)
            return self.reading != than

    def _limit(self, memory: str) -> None:
        self._con.execute(f"SET GLOBAL memory_limit = '{memory}'")
