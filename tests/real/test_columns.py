"""Changes of the source's columns on a real PostgreSQL: as tests/data_access/sync/faults/test_columns.py."""

from __future__ import annotations

import itertools

import pytest

from tests.data_access.sync.faults import columns
from tests.data_access.sync.shop import open_shop

pytestmark = pytest.mark.real
POLICIES = ("evolve", "freeze", "discard")
_number = itertools.count(1)


@pytest.fixture
def shop(postgres, tmp_path):
    name = postgres.create(f"shop_{next(_number)}")
    yield open_shop(tmp_path, postgres.url(name, "postgres"), lambda *statements: postgres.sql(name, *statements))
    postgres.drop(name)


NARROW = "ALTER TABLE product ALTER COLUMN note TYPE VARCHAR(10)"


def narrowed(shop, policy):
    columns.narrowed(shop, policy, NARROW)


CHANGES = [columns.added, columns.removed, columns.removed_unread, columns.renamed, narrowed]
PAIRS = [
    pytest.param(change, policy, marks=() if place == number % len(POLICIES) else pytest.mark.soak)
    for number, change in enumerate(CHANGES)
    for place, policy in enumerate(POLICIES)
]  # every change and every policy; on SQLite all of one with all of the other


@pytest.mark.parametrize(("change", "policy"), PAIRS)
def test_the_policy_is_applied_and_no_other_column_is_touched(shop, change, policy):
    change(shop, policy)
