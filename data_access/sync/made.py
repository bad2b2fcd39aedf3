"""What each model of work.duckdb was made from and what came out: equal inputs, and it is not made again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext

import duckdb

from data_access.sync.digest import digest
from data_access.sync.sqltext import quote


@dataclass(frozen=True)
class Made:
    """inputs: the fingerprint of all it was made from; content: the id of its columns and rows, in any order; sums: of
    its DECIMAL columns, as text; xor and total: of the hashes of its rows."""

    name: str
    kind: str
    inputs: str
    content: str
    rows: int = 0
    sums: Mapping[str, str] = field(default_factory=dict)
    xor: int = 0
    total: int = 0


def describe(con: duckdb.DuckDBPyConnection, name: str, kind: str = "table", inputs: str = "") -> Made:
    """The model as it stands."""
    columns = _columns(con, name)
    rows, xor, total, sums = _count(con, name, columns)
    return _made(name, kind, inputs, columns, rows, xor, total, sums)


def redescribe(con: duckdb.DuckDBPyConnection, before: Made, inputs: str, gone: str, came: str) -> Made:
    """The model that was `before`, less the rows of table `gone` and with those of `came`."""
    columns = _columns(con, before.name)
    less, more = _count(con, gone, columns), _count(con, came, columns)
    with localcontext(prec=80):
        sums = {
            name: f"{Decimal(text) - Decimal(less[3][name]) + Decimal(more[3][name]):f}"
            for name, text in before.sums.items()
        }
    rows, total = before.rows - less[0] + more[0], before.total - less[2] + more[2]
    return _made(before.name, before.kind, inputs, columns, rows, before.xor ^ less[1] ^ more[1], total, sums)


def _columns(con: duckdb.DuckDBPyConnection, name: str) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in con.execute(f"DESCRIBE {name}").fetchall()]


def _count(
    con: duckdb.DuckDBPyConnection, name: str, columns: Sequence[tuple[str, str]]
) -> tuple[int, int, int, dict[str, str]]:
    """Rows, the xor and the sum of their hashes, and the sums of DECIMAL columns."""
    decimals = [column for column, type_ in columns if type_.startswith("DECIMAL")]
    sums = "".join(f", coalesce(sum({quote(column)}), 0)::VARCHAR" for column in decimals)
    row = con.execute(
        f"SELECT count(*), coalesce(bit_xor(hash(t)), 0), coalesce(sum(hash(t)), 0)::VARCHAR{sums} FROM {name} t"
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1]), int(row[2]), dict(zip(decimals, row[3:], strict=True))


def _made(
    name: str, kind: str, inputs: str, columns: Sequence[tuple[str, str]], rows: int, xor: int, total: int,
    sums: Mapping[str, str],
) -> Made:  # fmt: skip
    return Made(name, kind, inputs, digest(list(columns), rows, xor, total), rows, sums, xor, total)


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
