"""What each model of work.duckdb was made from and what came out: equal inputs, and it is not made again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from data_access.sync.sqltext import quote
from data_access.sync.staging import digest


@dataclass(frozen=True)
class Made:
    """inputs: the fingerprint of all it was made from; content: the id of its columns and rows, in any order; sums: of
    its DECIMAL columns, as text."""

    name: str
    kind: str
    inputs: str
    content: str
    rows: int = 0
    sums: Mapping[str, str] = field(default_factory=dict)


def describe(con: duckdb.DuckDBPyConnection, name: str, kind: str = "table", inputs: str = "") -> Made:
    """The model as it stands."""
    columns = [(row[0], row[1]) for row in con.execute(f"DESCRIBE {name}").fetchall()]
    decimals = [column for column, type_ in columns if type_.startswith("DECIMAL")]
    sums = "".join(f", coalesce(sum({quote(column)}), 0)::VARCHAR" for column in decimals)
    row = con.execute(
        f"SELECT count(*), coalesce(bit_xor(hash(t)), 0), coalesce(sum(hash(t)), 0)::VARCHAR{sums} FROM {name} t"
    ).fetchone()
    assert row is not None
    content = digest(columns, *row[:3])
    return Made(name, kind, inputs, content, int(row[0]), dict(zip(decimals, row[3:], strict=True)))


def known(con: duckdb.DuckDBPyConnection) -> dict[str, Made]:
    """Every model that was made, by name."""
    found = con.execute("SELECT name, kind, inputs, content, rows, sums FROM build.model").fetchall()
    return {
        name: Made(name, kind, inputs, content, rows, json.loads(sums))
        for name, kind, inputs, content, rows, sums in found
    }


def keep(con: duckdb.DuckDBPyConnection, made: Sequence[Made]) -> None:
    """Remembers these."""
    forget(con, [each.name for each in made])
    rows = [(each.name, each.kind, each.inputs, each.content, each.rows, json.dumps(each.sums)) for each in made]
    if rows:
        values = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(rows))
        con.execute(f"INSERT INTO build.model VALUES {values}", [value for row in rows for value in row])


def forget(con: duckdb.DuckDBPyConnection, names: Sequence[str]) -> None:
    con.execute("DELETE FROM build.model WHERE list_contains(?, name)", [list(names)])


def kinds(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Whether each name in work.duckdb is a table or a view."""
    query = "SELECT table_schema || '.' || table_name, table_type FROM information_schema.tables"
    rows = con.execute(f"{query} WHERE table_catalog = 'work'").fetchall()
    return {name: "view" if type_ == "VIEW" else "table" for name, type_ in rows}
