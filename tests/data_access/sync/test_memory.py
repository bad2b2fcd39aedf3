"""Reading keeps to little memory, building has more, and reading that could not do with it has as much from then on."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from data_access.sync.land import Landing
from data_access.sync.memory import LEAST, READING, SHED_ROWS, Memory
from tests.data_access.sync.conftest import Tiny


def limit(con: duckdb.DuckDBPyConnection) -> str:
    (found,) = con.execute("SELECT current_setting('memory_limit')").fetchall()[0]
    return str(found)


@pytest.fixture
def limits() -> list[str]:
    """Of reading, the lowest first; the last is that of building."""
    with duckdb.connect() as con:
        told = []
        for memory in READING:
            con.execute(f"SET memory_limit = '{memory}'")
            told.append(limit(con))
    return told


def test_building_has_more(limits: list[str]) -> None:
    with duckdb.connect() as con:
        memory = Memory(con)
        assert limit(con) == limits[0]
        with memory.while_building():
            assert limit(con.cursor()) == limits[-1]
        assert limit(con) == limits[0]
        with pytest.raises(ValueError), memory.while_building():
            raise ValueError
        assert limit(con) == limits[0]


def test_where_reading_had_too_little_it_has_more_ever_after(limits: list[str]) -> None:
    with duckdb.connect() as con:
        memory = Memory(con)
        for had, more in zip(READING, limits[1:], strict=False):
            assert memory.more(had) and limit(con) == more
            assert memory.more(had) and limit(con) == more, "another that failed with as little"
            with memory.while_building():
                pass
            assert limit(con) == more
        assert not memory.more(READING[-1]) and limit(con) == limits[-1]


def test_what_was_written_is_not_kept_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    set_to: list[str] = []
    monkeypatch.setattr(Memory, "_limit", lambda self, memory: set_to.append(memory))
    with duckdb.connect() as con:
        memory = Memory(con)
        for _ in range(5):
            memory.landed(SHED_ROWS // 2)
        assert set_to == [READING[0], *[LEAST, READING[0]] * 2]
        with memory.while_building():
            memory.landed(SHED_ROWS)
            assert set_to[-1] == READING[-1], "what builds beside it keeps what it has"


def test_rows_that_need_more_memory_are_read_again_with_more(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    land, failed = Landing.land, list[str]()

    def scarce(self: Landing, *given: Any, **more: Any) -> None:
        (has,) = self.con.execute("SELECT current_setting('memory_limit')").fetchall()[0]
        if len(failed) < len(READING) - 1:
            failed.append(has)
            raise duckdb.OutOfMemoryException("no room for a page")
        land(self, *given, **more)

    monkeypatch.setattr(Landing, "land", scarce)
    assert tiny.sync().status == "published" and len(set(failed)) == len(READING) - 1 > 0
    assert tiny.read("SELECT count(*) FROM core.customer") == [(30,)]
