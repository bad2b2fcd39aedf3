"""Several threads only while someone has much to do: a large table to compare with, all or large tables to make."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from data_access.sync import db, engine
from data_access.sync import threads as module
from data_access.sync.build import BuildResult
from data_access.sync.extract import LARGE_ROWS, Options
from data_access.sync.threads import FEW, Threads
from tests.data_access.sync.conftest import Tiny

SEVERAL = 3


@pytest.fixture(autouse=True)
def _several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SEVERAL", SEVERAL)


def threads(con: duckdb.DuckDBPyConnection) -> int:
    return int(con.execute("SELECT current_setting('threads')").fetchall()[0][0])


def test_several_until_the_last_who_wanted_them_has_ended() -> None:
    con = db.connect()
    given = Threads(con)
    assert threads(con) == FEW
    with given.several(), pytest.raises(ZeroDivisionError):
        with given.several(wanted=False):
            assert threads(con) == SEVERAL
        with given.several():
            raise ZeroDivisionError
    assert threads(con) == FEW
    first, second = given.several(), given.several()
    first.__enter__(), second.__enter__()
    first.__exit__(None, None, None)
    assert threads(con) == SEVERAL
    second.__exit__(None, None, None)
    assert threads(con) == FEW


def test_rows_are_compared_with_a_large_table_by_several() -> None:
    con = db.connect()
    options = Options(threads=Threads(con))
    for rows, count in ((LARGE_ROWS, FEW), (LARGE_ROWS + 1, SEVERAL)):
        with options.beside(rows):
            assert threads(con) == count
    with Options().beside(LARGE_ROWS + 1):
        assert threads(con) == FEW


def test_everything_is_made_by_several_and_a_small_change_by_one(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    made, found = engine.build, list[int]()

    def build(con: duckdb.DuckDBPyConnection, *given: Any, **options: Any) -> BuildResult:
        found.append(threads(con))
        return made(con, *given, **options)

    monkeypatch.setattr(engine, "build", build)
    tiny.sync()
    tiny.party(1, "Renamed", at="2026-01-02 00:00:00")
    assert tiny.sync().status == "published"
    assert found == [SEVERAL, FEW]
