"""How much memory the sync's DuckDB may take: reading needs little, and would fill more with what it has written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb

BUILDING = "2GB"
READING = "384MB"


class Memory:
    """The limit of an instance; it is set in the instance, whoever uses it."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con.cursor()
        self._reading = READING
        self._limit(READING)

    @contextmanager
    def while_building(self) -> Iterator[None]:
        self._limit(BUILDING)
        try:
            yield
        finally:
            with suppress(duckdb.OutOfMemoryException):  # what is being read beside it needs more just now
                self._limit(self._reading)

    @contextmanager
    def while_reading(self) -> Iterator[None]:
        """Where the limit was too low once, the next try and all later ones have as much as building."""
        try:
            yield
        except duckdb.OutOfMemoryException:
            self._reading = BUILDING
            self._limit(BUILDING)
            raise

    def _limit(self, memory: str) -> None:
        self._con.execute(f"SET GLOBAL memory_limit = '{memory}'")
