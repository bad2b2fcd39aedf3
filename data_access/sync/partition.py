"""Models that are made anew only in part: rows fall into parts by a key, and a part depends on its own input rows.

A model declares `-- partition: column` (of its output) and `-- by: table key-expression; ...` (the inputs whose rows
with that key decide the rows with that key). A change in any other input, or in the model, makes the whole anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from data_access.sync.sqltext import literal, render

PARTS = 1024
MOST_TOUCHED = PARTS // 4  # with more than these, one pass over everything is cheaper


@dataclass(frozen=True)
class Partition:
    """`column` of the output holds the key; `by` gives the same key of each deciding input."""

    column: str
    by: Mapping[str, str]


def declared(headers: Mapping[str, str]) -> Partition | None:
    """What the model's header says; None for a model that is always made whole."""
    if "partition" not in headers:
        return None
    pairs = (entry.strip().partition(" ") for entry in headers.get("by", "").split(";"))
    return Partition(headers["partition"], {table: key.strip() for table, _, key in pairs})


def refresh(con: duckdb.DuckDBPyConnection, model: str, sql: str, partition: Partition, others: str) -> bool:
    """Makes the touched parts of `model` anew. False when the whole has to be made: nothing was done then.

    `others` stands for everything besides the partitioned inputs; call `remember` once the model is made.
    """
    _fingerprints(con, model, partition)
    known = con.execute("SELECT value FROM build.meta WHERE name = ?", [_meta(model)]).fetchone()
    if known != (others,):
        return False
    con.execute(render("parts_touched", model=literal(model)))
    row = con.execute("SELECT count(*) FROM touched").fetchone()
    if row is None or row[0] > MOST_TOUCHED:
        return False
    for place, (table, key) in enumerate(partition.by.items()):
        con.execute(f"CREATE OR REPLACE TEMP TABLE part_rows_{place} AS SELECT * FROM {table} WHERE {_touched(key)}")
        sql = re.sub(rf"(?<![\w.]){re.escape(table)}(?!\w)", f"part_rows_{place}", sql)
    con.execute(f"DELETE FROM {model} WHERE {_touched(partition.column)}")
    con.execute(f"INSERT INTO {model} {sql}")
    return True


def remember(con: duckdb.DuckDBPyConnection, model: str, others: str) -> None:
    """Keeps the fingerprints that `refresh` has just taken."""
    con.execute("DELETE FROM build.part WHERE model = ?", [model])
    con.execute("INSERT INTO build.part SELECT ?, input, part, hash FROM part_now", [model])
    con.execute("DELETE FROM build.meta WHERE name = ?", [_meta(model)])
    con.execute("INSERT INTO build.meta VALUES (?, ?)", [_meta(model), others])


def _fingerprints(con: duckdb.DuckDBPyConnection, model: str, partition: Partition) -> None:
    selects = [
        f"SELECT '{table}' AS input, {_part(key)} AS part, hash(count(*), bit_xor(hash(t)), sum(hash(t))) AS hash"
        f" FROM {table} t GROUP BY part"
        for table, key in partition.by.items()
    ]
    con.execute(f"CREATE OR REPLACE TEMP TABLE part_now AS {' UNION ALL '.join(selects)}")


def _part(key: str) -> str:
    return f"CAST(hash({key}) % {PARTS} AS USMALLINT)"


def _touched(key: str) -> str:
    return f"{_part(key)} IN (SELECT part FROM touched)"


def _meta(model: str) -> str:
    return f"partition {model}"
