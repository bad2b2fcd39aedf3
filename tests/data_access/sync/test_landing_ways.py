"""A page of nothing but new rows takes a shorter way into landing; what comes out is the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import RLock
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.connectors.arrow import to_table
from data_access.connectors.profile import load_profile
from data_access.sync import land
from data_access.sync.db import open_stores
from data_access.sync.land import Counts, Landing
from data_access.sync.target import Target

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PROFILE = """
system = "pages"
title = "Pages"
kind = "sql"
[stream.row]
table = "row"
key = ["id", "part"]
cursor = "at"
soft_delete = "gone"
[stream.row.columns]
id = "integer"
part = "text"
amount = "decimal(9,2)"
rate = "double"
day = "date"
at = "timestamp"
gone = "boolean"
"""
NAMES = ("id", "part", "amount", "rate", "day", "at", "gone", "_cursor")
LANDED = "SELECT * EXCLUDE (_run_id) FROM landing.it__row ORDER BY ALL"
REFUSED = "SELECT source_id, reason, payload, resolved_at FROM landing.rejected_row ORDER BY ALL"

INSTANTS = st.sampled_from(
    [datetime(2026, 1, 1, 8), datetime(2026, 1, 1, 8, 0, 0, 1), "2026-01-02 10:00:00+02", "infinity", "soon", None]
)
ROWS = st.tuples(
    st.sampled_from([1, 2, 3, "4", "5.0", 3.7, None]),
    st.sampled_from(["a", "b|c", "\\", "凯川"]),
    st.sampled_from([Decimal("1.50"), "2.25", 3, "12345678.9", "NaN", None]),
    st.sampled_from([0.5, "1e3", float("inf"), None]),
    st.sampled_from([date(2026, 2, 28), "2026-02-30", "0044-03-15 BC", None]),
    INSTANTS,
    st.sampled_from([False, False, True, None]),
    INSTANTS,
)


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Target:
    path = tmp_path_factory.mktemp("profile") / "pages.toml"
    path.write_text(PROFILE, encoding="utf-8")
    return Target("it", "row", load_profile(str(path)).stream["row"])


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    con, _ = open_stores(tmp_path_factory.mktemp("warehouse"))
    yield con
    con.close()


def landed(
    con: duckdb.DuckDBPyConnection, target: Target, pages: list[pa.Table], *, keep_seen: bool = True
) -> tuple[Any, ...]:
    """What a pass of these pages makes of an empty landing table."""
    landing, counts = Landing(con.cursor(), RLock(), 1), Counts()
    con.execute(f"DROP TABLE IF EXISTS {target.table}; DELETE FROM landing.cursor; DELETE FROM landing.rejected_row")
    landing.ensure(target, NOW)
    landing.begin_pass(None if keep_seen else target)
    for page in pages:
        landing.land(target, page, counts, NOW)
    where = con.execute("SELECT cursor, page_cursor, newest FROM landing.cursor").fetchall()
    return counts, con.execute(LANDED).fetchall(), con.execute(REFUSED).fetchall(), where


@given(st.lists(st.lists(ROWS, min_size=1, max_size=4), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_both_ways_come_to_the_same(stores, target, pages) -> None:
    tables = [to_table(rows, NAMES) for rows in pages]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(land, "MANY", 1_000_000)
        found = landed(stores, target, tables)
        patch.setattr(land, "MANY", 1)
        for keep_seen in (True, False):
            assert landed(stores, target, tables, keep_seen=keep_seen) == found
    counts = found[0]
    assert counts.read == sum(len(rows) for rows in pages)
    assert counts.read == counts.inserted + counts.updated + counts.unchanged + counts.rejected


def test_a_value_is_the_same_however_exactly_its_page_says_it(stores, target) -> None:
    """Python's values and the texts a server writes for them land as equal rows of equal hash."""
    values = (-7, "x", Decimal("1.50"), 0.5, date(2026, 2, 28), datetime(2026, 1, 1, 8, 0, 0, 1), False)
    texts = ("-7", "x", "1.50", "0.5", "2026-02-28", "2026-01-01 08:00:00.000001", "f")
    pages = [to_table([(*row, datetime(2026, 1, 1, 8))], NAMES) for row in (values, texts)]
    assert pages[0].schema.types[:1] == [pa.int64()] and pages[1].schema.types[:1] == [pa.string()]
    narrow = pages[0].set_column(0, "id", pages[0].column("id").cast(pa.int32()))
    coarse = pages[0].set_column(7, "_cursor", pages[0].column("_cursor").cast(pa.timestamp("s")))
    _, told, _, _ = landed(stores, target, pages[1:])
    for page in (pages[0], narrow, coarse):
        _, exact, _, _ = landed(stores, target, [page])
        assert exact == told and len(exact) == 1
