"""The read transaction that a SQL source is read in: of one stream, or shared by several."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import TYPE_CHECKING

from data_access.connectors.dialects import Dialect
from data_access.connectors.fast import FastPath
from data_access.errors import GuardError, SourceError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine


class Transaction:
    """At most one at a time; `current` is its connection. `errors` tells what drivers raise."""

    def __init__(
        self,
        engine: Engine,
        dialect: Dialect,
        fast: FastPath | None,
        errors: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._engine, self._dialect, self._fast, self._errors = engine, dialect, fast, errors
        self.current: Connection | None = None

    @contextmanager
    def snapshot(self, *, shared: bool = False) -> Iterator[None]:
        """Within another one it is that one. What fails in it ends it, but for a result that is not believed. None at
        all when it is to be shared and that would stand in the way of those who write."""
        if self.current is not None:
            with self._ended_by_errors(self.current, but=GuardError):
                yield
            return
        if shared and not self._may_be_shared():
            yield
            return
        with self._errors():
            connection = self._engine.connect()
        try:
            with self._ended_by_errors(connection):
                with self._errors():
                    self._begin(connection, shared)
                yield
        finally:
            self._end(connection)
            connection.close()

    def _may_be_shared(self) -> bool:
        """Not where it cannot be reached: each stream then tries again and says so."""
        with suppress(SourceError), self._errors(), self._engine.connect() as connection:
            return self._dialect.shares(connection)
        return False

    def _begin(self, connection: Connection, shared: bool) -> None:
        hurry = self._dialect.hurry if shared else None
        if self._dialect.isolation:
            connection.execution_options(isolation_level=self._dialect.isolation)
        connection.execution_options(stream_results=self._dialect.server_side, max_row_buffer=1)
        if self._dialect.begin:
            connection.exec_driver_sql(self._dialect.begin)
        if self._fast is not None:
            self._fast.export(connection, hurry)
        if hurry:
            connection.exec_driver_sql(hurry, execution_options={"stream_results": False})
        self.current = connection

    @contextmanager
    def _ended_by_errors(self, connection: Connection, but: type[Exception] | tuple[()] = ()) -> Iterator[None]:
        try:
            yield
        except but:
            raise
        except BaseException:
            # An unread server-side result would have to be drained first; the connection is dropped instead.
            connection.invalidate()
            self._end(connection)
            raise

    def _end(self, connection: Connection) -> None:
        """Nothing is read in it any more."""
        if self.current is connection:
            self.current = None
            if self._fast is not None:
                self._fast.end()
