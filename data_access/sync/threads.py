"""By how many threads the sync's DuckDB works on a statement: by one, as others run beside it (reading beside landing,
two models, the pages); by several while large tables are gone through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import duckdb

FEW, SEVERAL = 1, 2


class Threads:
    """The threads of an instance that was opened with few, set in the instance, whoever uses it."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con.cursor()
        self._guard = Lock()
        self._users = 0

    @contextmanager
    def several(self, wanted: bool = True) -> Iterator[None]:
        """Several until it ends, and until all who wanted them have ended; no change where they are not `wanted`."""
        self._add(int(wanted))
        try:
            yield
        finally:
            self._add(-int(wanted))

    def _add(self, users: int) -> None:
        with self._guard:
            had, self._users = self._users, self._users + users
            if bool(had) != bool(self._users):
                self._set(SEVERAL if self._users else FEW)

    def _set(self, count: int) -> None:
        self._con.execute(f"SET GLOBAL threads = {count}")
