"""What differs between the databases Tandem reads: sessions, clocks, and cursor bounds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from data_access.connectors.arrow import Decode, text_or_mark
from data_access.errors import ConfigError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CONNECT_SECONDS = 10
STATEMENT_SECONDS = 300


@dataclass(frozen=True)
class Dialect:
    """One kind of database. `comparable` wraps a cursor or bound; `bound` makes a UTC instant a parameter."""

    connect_args: Callable[[], dict[str, Any]]
    session: tuple[str, ...]
    clock: str | None
    begin: str | None
    isolation: str | None
    comparable: Callable[[str], str]
    bound: Callable[[datetime], object]
    day: Callable[[str], str] = "CAST({} AS DATE)".format  # the UTC day of a date or instant
    number: Callable[[str, int], str] = "CAST({} AS DECIMAL(38, {}))".format  # with so many digits
    server_side: bool = True  # results stay on the server and are fetched page by page
    reading: Callable[[Any], AbstractContextManager[None]] = nullcontext  # around each fetch from a connection
    decode: Decode | None = None  # how bytes that are no UTF-8 are said
    shares: Callable[[Connection], bool] = lambda connection: True  # whether a transaction that reads lets others write
    hurry: str | None = None  # said first in a transaction that reads several tables: see _POSTGRES


def _sqlite_text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.") + f"{moment.microsecond // 1000:03d}"


def plain_texts(connection: Any) -> None:
    """psycopg: these come as the server writes them: quicker, and a day that Python cannot hold (year 20261, infinity,
    BC) does not fail its whole page."""
    from psycopg.types.string import TextLoader

    for name in ("numeric", "date", "timestamp", "timestamptz", "uuid", "json", "jsonb"):
        connection.adapters.register_loader(name, TextLoader)


def _mysql_texts() -> dict[Any, Any]:
    """PyMySQL's conversions without those of decimals, dates and instants: they come as the server writes them."""
    from pymysql.constants import FIELD_TYPE as TYPE
    from pymysql.converters import conversions

    plain = {TYPE.DECIMAL, TYPE.NEWDECIMAL, TYPE.DATE, TYPE.DATETIME, TYPE.TIMESTAMP}
    return {kind: convert for kind, convert in conversions.items() if kind not in plain}


@contextmanager
def _bytes_for_texts(connection: sqlite3.Connection) -> Iterator[None]:
    """SQLite keeps any bytes as text, and what is no UTF-8 would fail its whole page."""
    connection.text_factory = bytes
    try:
        yield
    finally:
        connection.text_factory = str


def _as_is(text: str) -> str:
    return text


_POSTGRES = Dialect(
    connect_args=lambda: {"connect_timeout": CONNECT_SECONDS},
    session=(
        "SET TIME ZONE 'UTC'",
        "SET default_transaction_read_only = on",
        f"SET statement_timeout = '{STATEMENT_SECONDS}s'",
        "SET idle_in_transaction_session_timeout = '15min'",
    ),
    clock="SELECT clock_timestamp()",
    begin=None,
    isolation="REPEATABLE READ",
    comparable=_as_is,
    bound=lambda moment: moment.astimezone(UTC),
    # Whoever changes tables that were read, and waits for that, is not to be held up by a reader that waits for others:
    # it gives up long before the server looks for deadlocks (after a second), and would end either.
    hurry="SET LOCAL lock_timeout = '200ms'",
)
_MYSQL = Dialect(
    connect_args=lambda: {
        "connect_timeout": CONNECT_SECONDS,
        "read_timeout": STATEMENT_SECONDS,
        "conv": _mysql_texts(),
    },  # fmt: skip
    session=("SET time_zone = '+00:00'", "SET SESSION TRANSACTION READ ONLY"),
    clock="SELECT utc_timestamp(6)",
    begin="START TRANSACTION WITH CONSISTENT SNAPSHOT",
    isolation=None,
    comparable=_as_is,
    bound=lambda moment: moment.astimezone(UTC).replace(tzinfo=None),
)
_SQLITE = Dialect(
    connect_args=dict,
    session=(),
    clock=None,
    begin="BEGIN",
    isolation=None,
    # SQLite keeps timestamps as free text in several forms; as numbers they compare (to the millisecond).
    comparable=lambda text: f"julianday({text})",
    bound=_sqlite_text,
    day="date({})".format,
    number=lambda text, digits: f"round(CAST({text} AS NUMERIC), {digits})",
    server_side=False,
    reading=_bytes_for_texts,
    decode=text_or_mark,
    shares=lambda connection: connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal",
)
DIALECTS = {"postgresql": _POSTGRES, "mysql": _MYSQL, "mariadb": _MYSQL, "sqlite": _SQLITE}
DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}


def dialect_of(backend: str) -> Dialect:
    if backend not in DIALECTS:
        known = "postgresql+psycopg, mysql+pymysql, mariadb+pymysql, sqlite"
        raise ConfigError(
            f'databases of kind "{backend}" are not supported', f"use a url that starts with one of: {known}"
        )
    return DIALECTS[backend]


def sqlite_reader(path: str) -> Callable[[], sqlite3.Connection]:
    """Opens the file read-only (a missing one is an error, not a new database); WAL files stay readable."""

    def connect() -> sqlite3.Connection:
        target = f"file:{quote(path)}?mode=ro"
        return sqlite3.connect(target, uri=True, timeout=CONNECT_SECONDS, check_same_thread=False, isolation_level=None)

    return connect
