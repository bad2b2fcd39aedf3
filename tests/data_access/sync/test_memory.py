"""Reading keeps to little memory, building has more, and reading that could not do with it has as much from then on."""

from __future__ import annotations

import duckdb
import pytest

from data_access.sync.memory import BUILDING, READING, Memory


def limit(con: duckdb.DuckDBPyConnection) -> str:
    (found,) = con.execute("SELECT current_setting('memory_limit')").fetchall()[0]
    return str(found)


@pytest.fixture
def low_and_high() -> tuple[str, str]:
    with duckdb.connect() as con:
        told = []
        for memory in (READING, BUILDING):
            con.execute(f"SET memory_limit = '{memory}'")
            told.append(limit(con))
    return told[0], told[1]


def test_building_has_more(low_and_high: tuple[str, str]) -> None:
    low, high = low_and_high
    with duckdb.connect() as con:
        memory = Memory(con)
        assert limit(con) == low
        with memory.while_building():
            assert limit(con.cursor()) == high
        assert limit(con) == low
        with pytest.raises(ValueError), memory.while_building():
            raise ValueError
        assert limit(con) == low


def test_reading_that_had_too_little_has_enough_ever_after(low_and_high: tuple[str, str]) -> None:
    low, high = low_and_high
    with duckdb.connect() as con:
        memory = Memory(con)
        with pytest.raises(duckdb.OutOfMemoryException), memory.while_reading():
            con.execute("SET temp_directory = ''")
            con.execute("SELECT list(range::VARCHAR || repeat('x', 100)) FROM range(20_000_000)")
        assert limit(con) == high
        with memory.while_building():
            pass
        assert limit(con) == high
