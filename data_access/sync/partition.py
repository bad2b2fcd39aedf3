"""Models that are made anew only in part: rows fall into parts by a key, and a part depends on its own input rows.

A model or check declares `-- partition: column` (of its output) and `-- by: table key; ...` (the inputs whose rows
with that key decide the rows with that key; `key NOT NULL`: their rows without one decide nothing). A change in any
other input, or in the model, makes the whole anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass

import duckdb

from data_access.sync import meta
from data_access.sync.made import Made
from data_access.sync.sqltext import literal

PARTS = 16384
FEW = 100  # keys that stand in a condition itself, which a scan passes over quickly
MOST = 2000  # with more than these, one pass over everything is cheaper

Keys = frozenset[str | None]


@dataclass(frozen=True)
class Key:
    """What a table's rows fall into parts by, as SQL; `needed`: rows that have none are in no part."""

    sql: str
    needed: bool = False

    @property
    def part(self) -> str:
        """A number under PARTS, as SQL: what is compared of many keys at once."""
        return f"CAST(hash({self.sql}) % {PARTS} AS USMALLINT)"

    def in_parts(self, parts: Collection[int]) -> str:
        """The condition on rows of these parts."""
        return f"{self.part} IN ({', '.join(map(str, sorted(parts)))})" if parts else "false"

    def among(self, keys: Keys) -> str:
        """The condition on rows of these keys; of many, temp table touched (see put_keys) holds them."""
        told = sorted(key for key in keys if key is not None)
        plain = len(told) <= FEW and not any("\0" in key for key in told)  # which no text of SQL can hold
        known = ", ".join(map(literal, told)) if plain else "FROM touched"
        within = f"{self.sql} IN ({known})" if told else "false"
        return f"({within} OR {self.sql} IS NULL)" if None in keys and not self.needed else within


@dataclass(frozen=True)
class Partition:
    """`key` of the output; `by` gives the same key of each deciding input."""

    key: Key
    by: Mapping[str, Key]


@dataclass(frozen=True)
class Standing:
    """A model as it stands, and what it was made from: `others` is all besides the partitioned inputs, `inputs` the
    content ids of those."""

    made: Made
    others: str
    inputs: Mapping[str, str]


def declared(headers: Mapping[str, str]) -> Partition | None:
    """What the model's header says; None for a model that is always made whole."""
    if "partition" not in headers:
        return None
    pairs = (entry.strip().partition(" ") for entry in headers.get("by", "").split(";"))
    return Partition(Key(headers["partition"]), {table: _key(key.strip()) for table, _, key in pairs})


def _key(text: str) -> Key:
    bare = text.removesuffix(" NOT NULL")
    return Key(bare, needed=bare != text)


def standing(con: duckdb.DuckDBPyConnection, model: str) -> Standing | None:
    """What `remember` kept of the model."""
    text = meta.kept(con, _meta(model))
    if text is None:
        return None
    kept = json.loads(text)
    return Standing(Made(**kept["made"]), kept["others"], kept["inputs"])


def remember(con: duckdb.DuckDBPyConnection, kept: Standing) -> None:
    """To be called in the transaction that made the model."""
    meta.keep(con, _meta(kept.made.name), json.dumps(asdict(kept)))


def select_keys(con: duckdb.DuckDBPyConnection, query: str) -> Keys:
    """The distinct values of a SELECT of one column."""
    return frozenset(key for (key,) in con.execute(f"SELECT DISTINCT key::VARCHAR FROM ({query}) k (key)").fetchall())


def put_keys(con: duckdb.DuckDBPyConnection, keys: Keys) -> None:
    """Where `Key.among` looks for many."""
    con.execute("CREATE OR REPLACE TEMP TABLE touched AS SELECT unnest(?::VARCHAR[]) AS key", [[*(keys - {None})]])


def narrowed(
    con: duckdb.DuckDBPyConnection,
    sql: str,
    partition: Partition,
    keys: Keys,
    rows_of: Callable[[str, Key], str] = lambda table, key: table,
) -> str:
    """The SELECT with its deciding inputs narrowed to these keys; `rows_of`: where the rows of such an input are."""
    put_keys(con, keys)
    for place, (table, key) in enumerate(partition.by.items()):
        rows = f"SELECT * FROM {rows_of(table, key)} WHERE {key.among(keys)}"
        con.execute(f"CREATE OR REPLACE TEMP VIEW part_rows_{place} AS {rows}")
        sql = re.sub(rf"(?<![\w.]){re.escape(table)}(?!\w)", f"part_rows_{place}", sql)
    return sql


def _meta(model: str) -> str:
    return f"partition {model}"
