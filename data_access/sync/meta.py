"""One text a name, kept in work.duckdb: what is to be known of the build before."""

from __future__ import annotations

import duckdb


def kept(con: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """What `keep` kept last."""
    row = con.execute("SELECT value FROM build.meta WHERE name = ?", [name]).fetchone()
    return None if row is None else row[0]


def keep(con: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    con.execute("DELETE FROM build.meta WHERE name = ?", [name])
    con.execute("INSERT INTO build.meta VALUES (?, ?)", [name, value])
