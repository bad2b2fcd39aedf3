"""The condition by which rows of some keys are made anew holds for those, and for no other."""

from __future__ import annotations

import duckdb
import pytest

from data_access.sync.partition import FEW, Key, Keys, put_keys, select_keys

SETS: list[Keys] = [
    frozenset(),
    frozenset({"x"}),
    frozenset({None}),
    frozenset({"it's", 'a "b"', "", "凯川", None}),
    frozenset({"a\0b", "a"}),
    frozenset({*map(str, range(FEW + 1)), None}),
]


@pytest.mark.parametrize("needed", [False, True])
@pytest.mark.parametrize("keys", SETS, ids=len)
def test_just_these_keys(keys: Keys, needed: bool) -> None:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE made AS SELECT unnest(?::VARCHAR[]) AS key", [[*keys, "other", "a\0", None]])
        put_keys(con, keys)
        found = select_keys(con, f"SELECT key FROM made WHERE {Key('key', needed).among(keys)}")
    assert found == (keys - {None} if needed else keys)
