"""How much memory the sync's DuckDB may take: reading needs little, and would fill more with what it has written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock

import duckdb

BUILDING = "2GB"
READING = ("128MB", "384MB", BUILDING)  # where one is too low, the next is taken from then on


class Memory:
    """The limit of an instance; it is set in the instance, whoever uses it. `reading`: what reading has."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con.cursor()
        self._guard = Lock()
        self.reading = READING[0]
        self._limit(self.reading)

    @contextmanager
    def while_building(self) -> Iterator[None]:
        self._limit(BUILDING)
        try:
            yield
        finally:
            with suppress(duckdb.OutOfMemoryException):  # what is being read beside it needs more just now
                self._limit(self.reading)

    def more(self, than: str) -> bool:
        """Whether reading has more than this now, which was too little."""
        with self._guard:
            if self.reading == than != READING[-1]:
                self.reading = READING[READING.index(than) + 1]
                self._limit(self.reading)
            return self.reading != than

    def _limit(self, memory: str) -> None:
        self._con.execute(f"SET GLOBAL memory_limit = '{memory}'")
