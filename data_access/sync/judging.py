"""Rules judged on the rows that changed, where those decide: a rule that looks at each row alone, and a check that
declares its parts as models do (see partition.py)."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from data_access.rules import AnyRule, NotNull, Range, Reference, Regex, SqlFile
from data_access.sync.changes import Changes
from data_access.sync.lineage import tables_read
from data_access.sync.partition import Partition, declared, narrowed
from data_access.sync.rule_sql import checked, failing
from data_access.sync.sqltext import headers

BY_ROW = NotNull | Range | Reference | Regex


@dataclass(frozen=True)
class Counted:
    """Rows that a rule looked at (None: cannot be known), rows that fail, and a sample of these as JSON."""

    checked: int | None
    failed: int
    sample: str


def on_changes(con: duckdb.DuckDBPyConnection, rule: AnyRule, last: Counted, changes: Changes) -> Counted | None:
    """What the rule finds now that `changes` are all that happened to its inputs since `last`; None where only all
    rows tell. Rows that fail are looked at among all: their sample may be another."""
    touched = tables_read(con, failing(rule)) & changes.models.keys()
    parts = declared(headers(rule.text)) if isinstance(rule, SqlFile) else None
    try:
        if isinstance(rule, BY_ROW) and touched == {rule.table}:
            return _by_row(con, rule, last, changes)
        if isinstance(rule, SqlFile) and parts and touched and touched <= parts.by.keys() and not last.failed:
            return _by_key(con, rule, parts, touched, changes)
    except duckdb.Error:  # a rule may name its table in ways that only the whole of it answers to
        return None
    return None


def _by_row(con: duckdb.DuckDBPyConnection, rule: BY_ROW, last: Counted, changes: Changes) -> Counted | None:
    looked_at, bare = last.checked, rule.table.partition(".")[2]
    for rows, sign in ((changes.models[rule.table].gone, -1), (changes.models[rule.table].came, 1)):
        among = rule.model_copy(update={"table": f"{rows} AS {bare}", "id": rule.key})
        if looked_at is None or rule.table in tables_read(con, failing(among)):
            return None  # its conditions look at other rows, too
        row = con.execute(f"SELECT ({checked(among)}), (SELECT count(*) FROM ({failing(among)}))").fetchone()
        assert row is not None
        if row[1]:
            return None
        looked_at += sign * row[0]
    return Counted(looked_at, last.failed, last.sample)


def _by_key(
    con: duckdb.DuckDBPyConnection, rule: SqlFile, parts: Partition, touched: frozenset[str], changes: Changes
) -> Counted | None:
    keys = changes.keys(con, {table: parts.by[table] for table in touched})
    if keys is None:
        return None
    failed = f"SELECT 1 FROM ({narrowed(con, failing(rule), parts, keys)}) LIMIT 1"
    if con.execute(failed).fetchone() is not None:
        return None
    row = con.execute(checked(rule) or "SELECT NULL").fetchone()
    assert row is not None
    return Counted(row[0], 0, "[]")
