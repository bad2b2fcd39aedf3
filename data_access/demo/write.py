"""Rows into the source databases, in bulk: SQLite executemany, PostgreSQL COPY, MariaDB multi-row inserts."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from sqlalchemy import Engine, MetaData, Table

CHUNK = 50_000
Columns = Mapping[str, Any]
DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}


def connect(url: str) -> Engine:
    """An engine for a demo database; SQLite waits for locks and keeps a write-ahead log: readers are never blocked."""
    from sqlalchemy import create_engine, event, make_url

    parsed = make_url(url)
    parsed = parsed.set(drivername=DRIVERS.get(parsed.drivername, parsed.drivername))
    engine = create_engine(parsed)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def prepare(raw: sqlite3.Connection, _record: object) -> None:
            raw.execute("PRAGMA busy_timeout = 10000")
            raw.execute("PRAGMA journal_mode = WAL")
            raw.execute("PRAGMA synchronous = NORMAL")

    elif engine.dialect.name in ("mysql", "mariadb"):

        @event.listens_for(engine, "connect")
        def utc(raw: Any, _record: object) -> None:
            with closing(raw.cursor()) as cursor:
                cursor.execute("SET time_zone = '+00:00'")

    return engine


def recreate(engine: Engine, meta: MetaData) -> None:
    """Drops and makes the tables, without their indexes (see `add_indexes`)."""
    from sqlalchemy.schema import CreateTable

    meta.drop_all(engine)
    with engine.begin() as connection:
        for table in meta.sorted_tables:
            connection.execute(CreateTable(table))


def add_indexes(engine: Engine, meta: MetaData) -> None:
    """Indexes, and the statistics that make them chosen well."""
    with engine.begin() as connection:
        for table in meta.sorted_tables:
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                index.create(connection)
        if engine.dialect.name in ("sqlite", "postgresql"):
            connection.exec_driver_sql("ANALYZE")


def insert(engine: Engine, table: Table, columns: Columns) -> int:
    """All rows of one table in one transaction; answers their number. Values: arrays or sequences by column."""
    names = [column.name for column in table.columns]
    missing = set(names) ^ set(columns)
    if missing:
        raise ValueError(f"{table.name}: columns do not match: {sorted(missing)}")
    size = len(columns[names[0]])
    writer: Callable[[Any, Table, list[str], Iterator[Sequence[Sequence[Any]]]], None]
    writer = _copy if engine.dialect.name == "postgresql" else _many
    with closing(engine.raw_connection()) as raw:
        writer(raw.driver_connection, table, names, _chunks(names, columns, size))
        raw.commit()
    return size


def _chunks(names: list[str], columns: Columns, size: int) -> Iterator[Sequence[Sequence[Any]]]:
    for start in range(0, size, CHUNK):
        values = [texts(columns[name][start : start + CHUNK]) for name in names]
        yield list(zip(*values, strict=True))


def texts(values: Any) -> list[Any]:
    """A column as driver values: dates and instants as ISO text, NaT as None, numpy numbers as Python's."""
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        days = values.dtype == np.dtype("datetime64[D]")
        found = np.datetime_as_string(values, unit="D" if days else "ms")
        if not days:
            found = np.ascontiguousarray(found)
            found.view("U1").reshape(len(found), -1)[:, 10] = " "
        listed = found.tolist()
        empty = np.isnat(values)
        return [None if nat else text for nat, text in zip(empty, listed, strict=True)] if empty.any() else listed
    return values.tolist() if isinstance(values, np.ndarray) else list(values)


def _many(raw: Any, table: Table, names: list[str], chunks: Iterator[Sequence[Sequence[Any]]]) -> None:
    lite = isinstance(raw, sqlite3.Connection)
    quote, mark = ('"', "?") if lite else ("`", "%s")
    listed = ", ".join(f"{quote}{name}{quote}" for name in names)
    statement = f"INSERT INTO {table.name} ({listed}) VALUES ({', '.join([mark] * len(names))})"
    with closing(raw.cursor()) as cursor:
        for rows in chunks:
            cursor.executemany(statement, rows)


def _copy(raw: Any, table: Table, names: list[str], chunks: Iterator[Sequence[Sequence[Any]]]) -> None:
    listed = ", ".join(f'"{name}"' for name in names)
    with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({listed}) FROM STDIN") as copy:
        for rows in chunks:
            for row in rows:
                copy.write_row(row)
