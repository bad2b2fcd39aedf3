"""The SQL connector: PostgreSQL, MySQL/MariaDB and SQLite, read-only, as pages of Arrow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from data_access.connectors import arrow
from data_access.connectors.dialects import DRIVERS, dialect_of, plain_texts, sqlite_reader
from data_access.connectors.fast import FastError, FastPath, fast_path
from data_access.connectors.meaning import driver_errors, meaning_of
from data_access.connectors.profile import Profile
from data_access.connectors.statements import Statements, checked_settings
from data_access.connectors.transaction import Transaction
from data_access.errors import ConfigError, SourceError
from data_access.secrets import redact

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Engine

PAGE_ROWS, PAGE_BYTES = 20_000, 16 << 20  # of a page, at most; by bytes as the page before it was wide,
FIRST_ROWS = 2_000  # after one of so many
DAY_COLUMNS = ("day_", "rows_", "total_")
KEY_PAGES = 5  # pages of keys are narrow, so they may be longer


class SqlConnector:
    """Reads one SQL source through its profile. Not for use from several threads at a time."""

    def __init__(
        self, profile: Profile, url: str, settings: Mapping[str, object] | None = None, *, page_rows: int = PAGE_ROWS
    ) -> None:
        from sqlalchemy.exc import ArgumentError, NoSuchModuleError

        self.profile = profile
        self.page_rows = page_rows
        self._fast: FastPath | None = None
        try:
            self._url = _parse_url(url)
            self._dialect = dialect_of(self._url.get_backend_name())
            self._engine, self._statements = self._make_engine(checked_settings(profile, settings or {}))
            self._transaction = Transaction(self._engine, self._dialect, self._fast, lambda: self._errors(None))
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise ConfigError(
                f"url cannot be used: {redact(str(error).splitlines()[0])}",
                "write driver://user:password@host/database",
            ) from error

    def _make_engine(self, settings: Mapping[str, str]) -> tuple[Engine, Statements]:
        from sqlalchemy import create_engine, event

        options: dict[str, Any] = {"connect_args": self._dialect.connect_args()}
        if self._url.get_backend_name() == "sqlite":
            options["creator"] = sqlite_reader(self._url.database or "")
        engine = create_engine(
            self._url, pool_size=1, max_overflow=1, pool_pre_ping=True, hide_parameters=True, **options
        )
        preparer = engine.dialect.identifier_preparer
        made = Statements(self.profile, self._dialect, preparer.quote_identifier, settings)
        statements = [*self._dialect.session, *(made.fill(text) for text in self.profile.session)]

        @event.listens_for(engine, "connect")
        def prepare(raw: Any, _record: Any) -> None:
            if engine.dialect.driver == "psycopg":
                plain_texts(raw)
            cursor = raw.cursor()
            for statement in statements:
                cursor.execute(statement)
            cursor.close()
            raw.commit()

        if engine.dialect.driver == "psycopg":
            arguments = engine.dialect.create_connect_args(self._url)[1]
            self._fast = fast_path({**arguments, **options["connect_args"]}, statements)
        return engine, made

    def check(self) -> float:
        """Connect and answer the source clock minus ours in seconds (SQLite shares ours: 0)."""
        return (self.now() - datetime.now(UTC)).total_seconds()

    def now(self) -> datetime:
        """The source's clock, UTC."""
        from sqlalchemy import text

        with self._errors(None), self._engine.connect() as connection:
            found = connection.execute(text(self._dialect.clock or "SELECT 1")).scalar_one()
        if self._dialect.clock is None:
            return datetime.now(UTC)
        value = datetime.fromisoformat(found) if isinstance(found, str) else found
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)

    def discover(self) -> dict[str, dict[str, str]]:
        """Stream -> live column -> live type (of a query: type unknown); streams whose table is gone are left out."""
        found: dict[str, dict[str, str]] = {}
        for name in self.profile.stream:
            try:
                found[name] = self._live_columns(name)
            except SourceError as error:
                if error.transient:
                    raise
        return found

    def _live_columns(self, stream: str) -> dict[str, str]:
        from sqlalchemy import inspect, text

        spec = self.profile.stream[stream]
        with self._errors(stream), self._engine.connect() as connection:
            if spec.table is None:
                empty = connection.execute(text(f"SELECT * FROM {self._statements.origin(spec)} WHERE 1 = 0"))
                return dict.fromkeys(empty.keys(), "")
            *schema, table = spec.table.split(".")
            columns = inspect(connection).get_columns(table, schema=schema[0] if schema else None)
            return {column["name"]: str(column["type"]) for column in columns}

    def verify(self) -> list[SourceError]:
        """Every stream whose mapping the live schema does not answer; empty when all do."""
        wrong: list[SourceError] = []
        for name in self.profile.stream:
            try:
                with self.snapshot():
                    for _ in self._pages(name, self._statements.nothing(name), {}):
                        pass
            except SourceError as error:
                if error.transient:
                    raise
                wrong.append(error)
        return wrong

    @contextmanager
    def snapshot(self, *, shared: bool = False) -> Iterator[None]:
        """See `Transaction.snapshot`."""
        with self._transaction.snapshot(shared=shared):
            yield

    def read(self, stream: str, since: datetime | None, until: datetime | None) -> Iterator[pa.Table]:
        """Rows with since <= cursor <= until ordered by (cursor, key); without cursor the whole stream."""
        pages = self._quickest if since is None else self._pages  # a second connection is not worth a small window
        yield from pages(stream, *self._statements.window(stream, since, until))

    def read_keys(self, stream: str) -> Iterator[pa.Table]:
        """Key columns and `_cursor` of every row, in no order."""
        yield from self._quickest(stream, *self._statements.keys(stream), rows=KEY_PAGES * self.page_rows)

    def read_by_keys(self, stream: str, keys: Sequence[tuple[object, ...]]) -> Iterator[pa.Table]:
        """The rows of these keys (driver values as `read_keys` gave them)."""
        for statement, bounds in self._statements.by_keys(stream, keys):
            yield from self._pages(stream, statement, bounds)

    def count_by_day(self, stream: str, until: datetime | None) -> pa.Table:
        """day_, rows_ and total_ by the stream's [reconcile] columns, of rows with cursor <= until or none."""
        pages = list(self._pages(stream, *self._statements.count_by_day(stream, until)))
        return pa.concat_tables(pages, promote_options="permissive") if pages else arrow.to_table([], DAY_COLUMNS)

    def read_days(self, stream: str, days: Sequence[date | None]) -> Iterator[pa.Table]:
        """The rows of these days (None: rows without one)."""
        for statement, bounds in self._statements.days(stream, days):
            yield from self._pages(stream, statement, bounds)

    def close(self) -> None:
        if self._fast is not None:
            self._fast.close()
        self._engine.dispose()

    def _quickest(self, stream: str, statement: str, bounds: Mapping[str, object], rows: int = 0) -> Iterator[pa.Table]:
        """As `_pages`, through ADBC where that gives the same."""
        if self._fast is None:
            yield from self._pages(stream, statement, bounds, rows)
            return
        if (connection := self._transaction.current) is None:
            with self.snapshot():
                yield from self._quickest(stream, statement, bounds, rows)
            return
        with self._errors(stream):
            pages = self._fast.pages(connection, statement, bounds)
        if pages is None:
            yield from self._pages(stream, statement, bounds, rows)
            return
        while True:
            with self._errors(stream):
                page = next(pages, None)
            if page is None:
                return
            yield page

    def _pages(self, stream: str, statement: str, bounds: Mapping[str, object], rows: int = 0) -> Iterator[pa.Table]:
        from sqlalchemy import bindparam, text
        from sqlalchemy.types import NullType

        if (connection := self._transaction.current) is None:
            with self.snapshot():
                yield from self._pages(stream, statement, bounds, rows)
            return
        # Untyped parameters: the database compares them in the column's own type (a text key against a uuid column).
        query = text(statement).bindparams(
            *(bindparam(name, value, type_=NullType()) for name, value in bounds.items())
        )
        raw: Any = connection.connection.driver_connection
        with self._errors(stream):
            result = connection.execute(query)
            names, fetchmany = list(result.keys()), result.cursor.fetchmany  # the driver's own is much quicker
        with suppress_close(result):
            with self._errors(stream):
                held = result.fetchmany(1) if self._dialect.server_side else []  # SQLAlchemy's buffer of one row
            more = bool(held) or not self._dialect.server_side
            most = rows or self.page_rows
            size = min(most, FIRST_ROWS)
            while more:
                with arrow.uncollected():
                    with self._errors(stream), self._dialect.reading(raw):
                        page = [*held, *fetchmany(size - len(held))]
                    table = arrow.to_table(page, names, self._dialect.decode)
                if more := bool(page):
                    yield table
                    size = max(1, min(most, PAGE_BYTES * len(page) // max(1, table.nbytes)))
                page = held = []

    @contextmanager
    def _errors(self, stream: str | None) -> Iterator[None]:
        """Driver errors become a SourceError in one line, without secrets."""
        from sqlalchemy.exc import NoSuchTableError, SQLAlchemyError

        try:
            yield
        except NoSuchTableError as error:
            raise self._explain(RuntimeError(f"no such table: {error}"), stream) from error
        except SQLAlchemyError as error:
            raise self._explain(getattr(error, "orig", None) or error, stream) from error
        except FastError as error:
            raise self._explain(error, stream) from error
        except driver_errors() as error:
            raise self._explain(error, stream) from error

    def _explain(self, error: BaseException, stream: str | None) -> SourceError:
        meaning = meaning_of(error)
        args = [part for part in error.args if isinstance(part, str)]
        detail = self._scrub((args[-1] if args else str(error)).strip().split("\n")[0])
        where = f" ({self.profile.file.name}, stream {stream})" if stream else ""
        place = self._url.host or Path(self._url.database or "source").name  # walls show it: no folders
        text, fate = f"{place} {meaning.what}{where}: {detail[:300]}", (meaning.transient, meaning.credentials)
        return SourceError(text, meaning.hint, transient=fate[0], credentials=fate[1])

    def _scrub(self, text: str) -> str:
        password = self._url.password
        return redact(text.replace(str(password), "***") if password else text)


@contextmanager
def suppress_close(result: Any) -> Iterator[None]:
    """Closes a result; what goes wrong while closing hides nothing that went wrong before."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    finally:
        with suppress(SQLAlchemyError):
            result.close()


def _parse_url(text: str) -> URL:
    from sqlalchemy.engine import make_url

    url = make_url(text)
    driver = DRIVERS.get(url.drivername)
    return url.set(drivername=driver) if driver else url
