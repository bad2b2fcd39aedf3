"""Fault: the source's columns change. On SQLite; on PostgreSQL in tests/real/test_columns.py."""

from __future__ import annotations

import pytest

from data_access.connectors.change import changes, direction, needs
from tests.data_access.sync.faults import columns

POLICIES = ("evolve", "freeze", "discard")
NARROW = (  # SQLite cannot alter a type: the table is made again
    "ALTER TABLE product RENAME TO product_old",
    "CREATE TABLE product (id VARCHAR(20) PRIMARY KEY, sku VARCHAR(20), name VARCHAR(50), note VARCHAR(10),"
    " size INTEGER, changed TIMESTAMP)",
    "INSERT INTO product SELECT id, sku, name, note, size, changed FROM product_old",
    "DROP TABLE product_old",
)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("change", [columns.added, columns.removed, columns.removed_unread, columns.renamed])
def test_the_policy_is_applied_and_no_other_column_is_touched(shop, change, policy):
    change(shop, policy)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_narrowed_column(shop, policy):
    columns.narrowed(shop, policy, *NARROW)


def test_a_frozen_stream_goes_on_once_the_profile_reads_the_new_column(shop):
    columns.frozen_until_the_profile_reads_it(shop)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("VARCHAR(100)", "VARCHAR(10)", "narrowed"),
        ("TEXT", "VARCHAR(10)", "narrowed"),
        ("VARCHAR(10)", "TEXT", "widened"),
        ("BIGINT", "INTEGER", "narrowed"),
        ("SMALLINT", "BIGINT", "widened"),
        ("NUMERIC(18, 4)", "NUMERIC(18, 2)", "narrowed"),
        ("NUMERIC(10, 2)", "NUMERIC(18, 2)", "widened"),
        ("NUMERIC", "NUMERIC(18, 2)", "narrowed"),
        ("DOUBLE PRECISION", "REAL", "narrowed"),
        ("TIMESTAMP", "DATE", "narrowed"),
        ("INTEGER", "TEXT", "retyped"),
        ("JSONB", "TEXT", "retyped"),
    ],
)
def test_directions_of_types(old, new, said):
    assert direction(old, new) == said


def test_a_rename_is_told_only_where_it_is_the_only_reading():
    rows = [("t", "a", "TEXT", None), ("t", "b", None, "TEXT"), ("t", "c", None, "TEXT"), ("u", "d", None, "TEXT")]
    assert [(one.column, one.kind) for one in changes(rows)] == [
        ("a", "removed"), ("b", "added"), ("c", "added"), ("d", "added"),
    ]  # fmt: skip
    assert [(one.column, one.kind, one.detail) for one in changes(rows[:2])] == [("a", "renamed", "a -> b")]


def test_what_a_stream_needs(shop):
    spec = shop.with_engine(lambda engine: engine.sources[0].profile.stream["line"])
    assert needs(spec, "amount") and needs(spec, "changed") and not needs(spec, "amoun") and not needs(spec, "size")
