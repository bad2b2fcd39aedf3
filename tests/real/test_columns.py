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
    yield open_shop(tmp_path, postgres.url(name, "postgres"), lambda statement: postgres.sql(name, statement))
    postgres.drop(name)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("change", [columns.added, columns.removed, columns.removed_unread, columns.renamed])
def test_the_policy_is_applied_and_no_other_column_is_touched(shop, change, policy):
    change(shop, policy)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_narrowed_column(shop, policy):
    columns.narrowed(shop, policy, "ALTER TABLE product ALTER COLUMN note TYPE VARCHAR(10)")
