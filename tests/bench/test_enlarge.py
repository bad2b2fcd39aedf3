"""A company that was spread over many items is still a sound one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from data_access import demo
from tests.bench.enlarge import enlarge

ITEMS = 1_003
MOVED = """
SELECT wno, ino, sum(qty) FROM (
    SELECT wto AS wno, ino, qty FROM mv WHERE st = 'D' AND wto IS NOT NULL
    UNION ALL SELECT wfrom, ino, -qty FROM mv WHERE st = 'D' AND wfrom IS NOT NULL)
GROUP BY wno, ino ORDER BY wno, ino"""
SOLD = "SELECT ino % 1000000, count(*), sum(qty), sum(amt_m) FROM so_l GROUP BY 1 ORDER BY 1"
APART = """
SELECT count(*) FROM mv JOIN so_l l ON l.lno = mv.lno WHERE mv.ino <> l.ino AND l.ino % 1000000 < 900000
UNION ALL SELECT count(*) FROM mv JOIN po_l l ON l.plno = mv.plno WHERE mv.ino <> l.ino
UNION ALL SELECT count(*) FROM mv JOIN wo ON wo.wono = mv.wono AND mv.typ = 'PIN' WHERE mv.ino <> wo.ino"""
NOWHERE = """
SELECT count(*) FROM mv WHERE ino NOT IN (SELECT ino FROM item)
UNION ALL SELECT count(*) FROM bom WHERE ino NOT IN (SELECT ino FROM item) OR comp NOT IN (SELECT ino FROM item)
UNION ALL SELECT count(*) FROM so_l WHERE ino NOT IN (SELECT ino FROM item) AND ino < 900000"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """The demo as it was made, and the same twice with many items."""
    made = tuple(tmp_path_factory.mktemp("enlarged") for _ in range(3))
    for folder in made:
        demo.make(folder, lines=2_000, seed=7)
    for folder in made[1:]:
        enlarge(folder, ITEMS)
    return made  # type: ignore[return-value]


def ask(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "erp.db")) as con:
        return con.execute(sql).fetchall()


def test_every_balance_is_the_sum_of_its_moves_and_none_is_negative(folders: tuple[Path, Path, Path]) -> None:
    stock = ask(folders[1], "SELECT wno, ino, qty FROM stk ORDER BY wno, ino")
    assert stock == ask(folders[1], MOVED)
    assert len({item for _, item, _ in stock}) == ITEMS and min(quantity for _, _, quantity in stock) >= 0


def test_the_clones_of_a_product_sold_together_what_it_sold(folders: tuple[Path, Path, Path]) -> None:
    assert ask(folders[1], SOLD) == ask(folders[0], SOLD)
    assert ask(folders[1], "SELECT count(*), count(DISTINCT code) FROM item") == [(ITEMS, ITEMS)]


def test_what_belongs_together_is_of_one_item_that_exists(folders: tuple[Path, Path, Path]) -> None:
    assert {count for (count,) in ask(folders[1], APART)} == {0}
    assert {count for (count,) in ask(folders[1], NOWHERE)} == {0}


def test_it_comes_out_the_same_every_time(folders: tuple[Path, Path, Path]) -> None:
    for table in ("so_l", "mv", "stk", "po_l", "wo", "item"):
        assert ask(folders[1], f"SELECT * FROM {table}") == ask(folders[2], f"SELECT * FROM {table}"), table
