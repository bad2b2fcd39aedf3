"""The fast path of PostgreSQL: Arrow batches through ADBC, in the snapshot that SQLAlchemy's connection exported.

Whatever ADBC cannot do is left to SQLAlchemy; why is told to the debug log.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import chain
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from data_access.connectors.fast_columns import Plan, inline, plan
from data_access.connectors.meaning import meaning_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

BATCH_BYTES = 8 << 20
_AROUND = re.compile(r"^.*?(ERROR|FATAL): +", re.DOTALL)
_UTF8 = "SET client_encoding = 'UTF8'"

log = logging.getLogger(__name__)


def available() -> bool:
    """Whether the extra `fast` is installed."""
    return find_spec("adbc_driver_postgresql") is not None


def fast_path(arguments: Mapping[str, Any], session: Sequence[str]) -> FastPath | None:
    """For psycopg's connection arguments and the statements each connection begins with; None where ADBC is not
    installed or the arguments are not all libpq's."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import make_conninfo

    if not available():
        return None
    plain = {name: value for name, value in arguments.items() if name != "context"}  # SQLAlchemy's own
    try:
        return FastPath(make_conninfo(**plain), session)
    except ProgrammingError:
        log.debug("no fast path: an option of the url is not libpq's")
        return None


class FastError(Exception):
    """What the server said to ADBC, without ADBC's own words around it."""

    def __init__(self, message: str, sqlstate: str | None) -> None:
        super().__init__(message)
        self.sqlstate = sqlstate


class FastPath:
    """One more connection to the source, opened when first needed. Not for use from several threads at a time."""

    def __init__(self, conninfo: str, session: Sequence[str]) -> None:
        self._conninfo = conninfo
        self._session = (_UTF8, *session)
        self._connection: Any = None
        self._snapshot: str | None = None
        self._first: str | None = None
        self._joined = self._off = False

    def export(self, connection: Connection, first: str | None = None) -> None:
        """What is read from here on is what `connection` sees; its transaction has just begun. `first`: a statement
        that stands before what is read."""
        from sqlalchemy.exc import DBAPIError

        self._snapshot, self._first, self._joined = None, first, False
        if self._off:
            return
        raw: Any = connection.connection.driver_connection
        if raw.info.parameter_status("server_encoding") == "SQL_ASCII":
            self._give_up("the database's texts may be any bytes")
            return
        try:
            self._snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        except DBAPIError as error:
            if error.connection_invalidated or meaning_of(error.orig or error).transient:
                raise
            self._give_up("the server exports no snapshots")
            connection.rollback()

    def pages(self, connection: Connection, statement: str, bounds: Mapping[str, object]) -> Iterator[pa.Table] | None:
        """The statement's rows; None where SQLAlchemy must read them. `connection` is the one that exported."""
        query = inline(statement, bounds)
        if self._snapshot is None or query is None:
            return None
        planned = _planned(connection, query)
        if planned is None or not self._join():
            return None
        pages = self._run(connection, planned)
        try:
            return chain([next(pages)], pages)
        except StopIteration:
            return iter(())
        except FastError as error:
            if meaning_of(error).transient:
                raise
            log.debug("no fast path: %s", error)
            return None

    def _run(self, connection: Connection, planned: Plan) -> Iterator[pa.Table]:
        done = False
        try:
            with self._cursor(copy=True) as cursor:
                with _told():
                    cursor.execute(planned.query)
                    reader = cursor.fetch_record_batch()
                while (batch := _next(reader)) is not None:
                    yield planned.table(batch)
                    # The exporting connection would be ended as idle during a long read.
                    connection.exec_driver_sql("SELECT 1").close()
            done = True
        finally:
            if not done:  # the rest of an unread result would have to be drained
                self.close()

    def _join(self) -> bool:
        """Takes part in the exported snapshot; False where that is not possible."""
        import adbc_driver_manager

        for last in (False, True):
            if self._joined:
                return True
            try:
                if self._connection is None:
                    self._connect()
                self._execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                self._execute(f"SET TRANSACTION SNAPSHOT '{self._snapshot}'")
                if self._first:
                    self._execute(self._first)
                self._joined = True
            except adbc_driver_manager.Error as error:
                self.close()  # a connection kept from before may be lost: once more with a new one
                if last and not meaning_of(error).transient:
                    self._give_up("ADBC cannot connect or join the snapshot")
        return self._joined

    def _connect(self) -> None:
        from adbc_driver_postgresql import dbapi

        self._connection = dbapi.connect(self._conninfo, autocommit=True)
        for statement in self._session:
            self._execute(statement)

    def _execute(self, statement: str) -> None:
        with self._cursor(copy=False) as cursor:
            cursor.execute(statement)

    def _cursor(self, *, copy: bool) -> Any:
        from adbc_driver_postgresql import StatementOptions

        cursor = self._connection.cursor()
        options = {StatementOptions.USE_COPY: str(copy).lower(), StatementOptions.BATCH_SIZE_HINT_BYTES: BATCH_BYTES}
        cursor.adbc_statement.set_options(**{option.value: str(value) for option, value in options.items()})
        return cursor

    def end(self) -> None:
        """The snapshot ends."""
        import adbc_driver_manager

        joined, self._snapshot, self._joined = self._joined, None, False
        if joined and self._connection is not None:
            try:
                self._execute("ROLLBACK")
            except adbc_driver_manager.Error:
                self.close()

    def close(self) -> None:
        import adbc_driver_manager

        connection, self._connection, self._joined = self._connection, None, False
        if connection is not None:
            with suppress(adbc_driver_manager.Error):
                connection.close()

    def _give_up(self, why: str) -> None:
        self._off, self._snapshot = True, None
        log.debug("no fast path: %s", why)


def _planned(connection: Connection, query: str) -> Plan | None:
    """By the types of the query's columns, which the server tells without running it."""
    from psycopg import adapters

    result = connection.exec_driver_sql(f"SELECT * FROM ({query}) q WHERE false")
    described: Any = result.cursor.description
    result.close()
    known = [adapters.types.get(item.type_code) for item in described]
    kinds = [
        info and (info.name if info.oid == item.type_code else "array")
        for info, item in zip(known, described, strict=True)
    ]
    made = plan(query, [item.name for item in described], kinds)
    if made is None:
        log.debug("no fast path: column types %s", kinds)
    return made


def _next(reader: Any) -> pa.RecordBatch | None:
    with _told():
        return next(reader, None)


@contextmanager
def _told() -> Iterator[None]:
    """ADBC's errors as FastError; those of a result under way come from Arrow and have no SQLSTATE."""
    import adbc_driver_manager

    try:
        yield
    except (adbc_driver_manager.Error, pa.ArrowException, OSError) as error:
        text = _AROUND.sub("", str(error)).strip().split("\n")[0]
        raise FastError(text, getattr(error, "sqlstate", None)) from error
