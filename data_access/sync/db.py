"""The sync process's DuckDB: one instance with landing, work and staging attached."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from data_access.errors import WarehouseError
from data_access.sync.sqltext import literal, render
from data_access.sync.threads import FEW

SCHEMA_VERSION = 3
LOG = "64MB"  # of what is committed before it goes to its place: seldom enough that pages commit cheaply
SLOW_TO_PACK = "fsst,dict_fsst"  # ways to pack texts that save space, and take a third of the time of writing
# What work.duckdb holds follows from landing: it is written when it is published, and a crash goes back to that.
NO_LOG = " (RECOVERY_MODE no_wal_writes)"
FULL = (errno.ENOSPC, errno.EDQUOT)  # what the system says of a disk without room


def connect() -> duckdb.DuckDBPyConnection:
    """An in-memory instance with the settings every Tandem connection has."""
    options: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "wal_autocheckpoint": LOG,
        "threads": FEW,
        "python_enable_replacements": "false",
    }
    con = duckdb.connect(":memory:", config=options)
    con.execute(f"SET GLOBAL TimeZone = 'UTC'; SET GLOBAL disabled_compression_methods = {literal(SLOW_TO_PACK)}")
    return con


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of it, or nothing where it fails."""
    con.execute("BEGIN")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


def store_error(error: duckdb.Error | OSError) -> WarehouseError:
    """What went wrong with the files of the warehouse, in one line with its remedy."""
    text = str(error).strip().split("\n")[0]
    if "space" in text.lower():
        return WarehouseError("no space left for the warehouse", "free disk space; the next run resumes")
    return WarehouseError(
        f"the warehouse could not be written: {text}", "the next run resumes; see disk and rights if it stays"
    )


@contextmanager
def store_errors() -> Iterator[None]:
    """A store that cannot be written is a WarehouseError."""
    try:
        yield
    except (duckdb.Error, OSError) as error:
        raise store_error(error) from error


def open_stores(folder: Path) -> tuple[duckdb.DuckDBPyConnection, list[str]]:
    """Landing and work, made or mended where needed; answers the connection and what had to be mended.

    A damaged or outdated work.duckdb is made again from landing; a damaged landing.duckdb is set aside and read again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    notes: list[str] = []
    con = connect()
    con.execute(f"SET temp_directory = {literal(str(folder / 'tmp'))}")
    _attach(con, folder / "landing.duckdb", "landing", notes)
    con.execute(render("landing_tables"))
    _attach(con, folder / "work.duckdb", "work", notes, NO_LOG)
    con.execute("ATTACH ':memory:' AS staging")
    con.execute("USE work")
    if _outdated(con):
        con.execute("USE memory; DETACH work")
        _remove(folder / "work.duckdb")
        _attach(con, folder / "work.duckdb", "work", notes, NO_LOG)
        con.execute("USE work")
    con.execute(render("work_tables", version=str(SCHEMA_VERSION)))
    return con, notes


def _outdated(con: duckdb.DuckDBPyConnection) -> bool:
    made = con.execute(
        "SELECT 1 FROM duckdb_tables() WHERE database_name = 'work' AND schema_name = 'build' AND table_name = 'meta'"
    ).fetchone()
    if made is None:
        return False
    found = con.execute("SELECT value FROM build.meta WHERE name = 'schema_version'").fetchone()
    return found is None or found[0] != str(SCHEMA_VERSION)


def _attach(con: duckdb.DuckDBPyConnection, path: Path, name: str, notes: list[str], options: str = "") -> None:
    statement = f"ATTACH {literal(str(path))} AS {name}{options}"
    try:
        con.execute(statement)
    except duckdb.Error as error:
        if "lock" in str(error).lower():
            raise WarehouseError(
                f"{path.name} is open in another program", "close it (a DuckDB client?) and sync again"
            ) from error
        if "space" in str(error).lower():
            raise WarehouseError(f"no space left for {path.name}", "free disk space") from error
        aside = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}")
        for old in path.parent.glob(f"{path.name}.damaged-*"):
            old.unlink()
        path.rename(aside)
        Path(f"{path}.wal").unlink(missing_ok=True)
        notes.append(f"{path.name} was damaged: set aside as {aside.name} and made again")
        con.execute(statement)


def _remove(path: Path) -> None:
    for each in (path, Path(f"{path}.wal")):
        each.unlink(missing_ok=True)
