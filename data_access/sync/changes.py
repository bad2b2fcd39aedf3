"""What a build changes in the tables that others are made from in part: the rows that went and those that came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb

from data_access.sync import meta
from data_access.sync.db import transaction
from data_access.sync.partition import MOST, Key, Keys, Partition, Standing, select_keys
from data_access.sync.sqltext import literal, quote, render


@dataclass(frozen=True)
class Change:
    """From content id `before` to `after`; `gone` and `came` are tables of the changed one's columns."""

    before: str
    after: str
    gone: str
    came: str


@dataclass(frozen=True)
class Staged:
    """The parts of a staging table, by one key, whose rows changed from content id `before` to `after`. rows: a table
    that has all rows of these parts; None where they are too many."""

    before: str | None
    after: str
    parts: frozenset[int]
    rows: str | None


@dataclass
class Changes:
    """All of one build: of its models so far, and of the staging tables by (table, key)."""

    models: dict[str, Change] = field(default_factory=dict)
    staged: dict[tuple[str, str], Staged] = field(default_factory=dict)

    def touched(
        self, con: duckdb.DuckDBPyConnection, model: str, by: Partition, known: Standing, content: Mapping[str, str]
    ) -> Keys | None:
        """The keys of a model's rows that its partitioned inputs change; None where that is not known, or too many."""
        found: Keys = frozenset()
        for table, key in by.by.items():
            before, after = known.inputs.get(table), content[table]
            if before != after:
                keys = self._keys(con, table, key, (before, after), model, by.key)
                if keys is None:
                    return None
                found |= keys
        return found if len(found) <= MOST else None

    def _keys(
        self, con: duckdb.DuckDBPyConnection, table: str, key: Key, step: tuple[str | None, str], model: str, own: Key
    ) -> Keys | None:
        """`own`: the same key of the model."""
        if (change := self.models.get(table)) and (change.before, change.after) == step:
            return self.keys(con, {table: key})
        if (staged := self.staged.get((table, key.sql))) and (staged.before, staged.after) == step:
            if staged.rows is None:
                return None
            now, made = (
                f"SELECT {each.sql} FROM {rows} WHERE {each.in_parts(staged.parts)}"
                for each, rows in ((key, staged.rows), (own, model))
            )
            return select_keys(con, f"{now} UNION ALL {made}")
        return None

    def rows_of(self, con: duckdb.DuckDBPyConnection, table: str, key: Key, keys: Keys) -> str:
        """Where an input's rows of these keys are: in what is kept of its changed parts, if all are, else in itself."""
        staged = self.staged.get((table, key.sql))
        if staged is None or staged.rows is None:
            return table
        inside = Key("key").in_parts(staged.parts)
        outside = f"SELECT 1 FROM (SELECT unnest(?::VARCHAR[])) k (key) WHERE NOT {inside} LIMIT 1"
        return table if con.execute(outside, [[*keys]]).fetchone() else staged.rows

    def keys(self, con: duckdb.DuckDBPyConnection, of: Mapping[str, Key]) -> Keys | None:
        """The keys of what changed in these models; None where they are too many."""
        found: Keys = frozenset()
        for table, key in of.items():
            change = self.models[table]
            found |= select_keys(con, f"SELECT {key.sql} FROM (FROM {change.gone} UNION ALL FROM {change.came})")
        return found if len(found) <= MOST else None

    def drop(self, con: duckdb.DuckDBPyConnection) -> None:
        """Their tables are of this build only."""
        for change in self.models.values():
            con.execute(f"DROP TABLE IF EXISTS {change.gone}; DROP TABLE IF EXISTS {change.came}")
        for rows in {staged.rows for staged in self.staged.values()} - {None}:
            con.execute(f"DROP TABLE IF EXISTS {rows}")


@contextmanager
def noted(con: duckdb.DuckDBPyConnection) -> Iterator[Changes]:
    """For one build and what looks at it."""
    changes = Changes()
    try:
        yield changes
    finally:
        changes.drop(con)


def apply(con: duckdb.DuckDBPyConnection, table: str, where: str = "true") -> tuple[str, str]:
    """Makes the rows of `table` under `where` those of temp table new_row, writing only what differs; the names of the
    tables that hold what went and what came."""
    gone, came = (f"build.{quote(f'{what} {table}')}" for what in ("gone", "came"))
    con.execute(render("change_apply", table=table, where=where, gone=gone, came=came))
    return gone, came


def same_columns(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether temp table new_row has the columns of `table`."""
    columns = "SELECT column_name, column_type FROM (DESCRIBE {})"
    one, other = (con.execute(columns.format(name)).fetchall() for name in (table, "new_row"))
    return one == other


def look_at_parts(
    con: duckdb.DuckDBPyConnection, wanted: Mapping[str, Sequence[Key]], content: Mapping[str, str]
) -> dict[tuple[str, str], Staged]:
    """What changed in these staging tables since `keep_parts`; temp table part_now holds their parts as they are."""
    con.execute("CREATE OR REPLACE TEMP TABLE part_now AS FROM build.part LIMIT 0")
    found = {}
    for table, keys in wanted.items():
        before = meta.kept(con, _meta(table))
        if before == content[table]:
            continue
        parts = ", ".join(f"{key.part} AS part_{place}" for place, key in enumerate(keys))
        con.execute(f"CREATE OR REPLACE TEMP TABLE part_row AS SELECT {parts}, hash(t) AS row_hash FROM {table} t")
        touched = {}
        for place, key in enumerate(keys):
            names = {"input": literal(table), "key": literal(key.sql)}
            changed = con.execute(render("parts_touched", **names, part=f"part_{place}")).fetchall()
            touched[key] = frozenset(part for (part,) in changed)
        rows = _rows_of_parts(con, table, touched)
        for key, those in touched.items():
            found[table, key.sql] = Staged(before, content[table], those, rows)
    return found


def _rows_of_parts(con: duckdb.DuckDBPyConnection, table: str, touched: Mapping[Key, frozenset[int]]) -> str | None:
    """The name of a table of the rows in these parts; None where they are too many."""
    if any(len(parts) > MOST for parts in touched.values()):
        return None
    name = f"staging.{quote(f'changed {table}')}"
    within = " OR ".join(key.in_parts(parts) for key, parts in touched.items())
    con.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM {table} WHERE {within}")
    return name


def keep_parts(con: duckdb.DuckDBPyConnection, staged: Mapping[tuple[str, str], Staged]) -> None:
    """What `look_at_parts` saw is what later builds compare with: all models were made from it."""
    looked = {table: one.after for (table, _), one in staged.items()}
    if not looked:
        return
    with transaction(con):
        con.execute("DELETE FROM build.part WHERE list_contains(?, input)", [list(looked)])
        con.execute("INSERT INTO build.part FROM part_now")
        for table, content in looked.items():
            meta.keep(con, _meta(table), content)


def _meta(table: str) -> str:
    return f"parts {table}"
