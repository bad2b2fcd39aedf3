"""A full disk: the run fails in one clear line, what was published goes on serving, nothing is lost, and the run after
space was freed makes good by itself.

The disk is a tmpfs of a few megabytes that somebody else fills: with nothing left the pages cannot be landed, with
more the tables, which are in memory until then, cannot be written, or the new version cannot be copied.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data_access.config import load_config
from data_access.errors import TandemError
from data_access.state import State
from data_access.sync.runs import RunReport
from data_access.versions import check_file, read_pointer, read_version
from data_access.warehouse import Reader
from tests.data_access.sync.conftest import Tiny
from tests.data_access.sync.faults.smalldisk import SmallDisk, small_disk
from tests.data_access.sync.test_sync_kill import ROOT, fill, missing_and_extra

Row = tuple[str, str]

DISK_MB = 48
ROWS = 20_000
FIRST = 100  # the number of the first row that `fill` makes
STEP = 2 << 20
BALLAST = """-- materialize: table
SELECT customer_id, md5(customer_id || segment) AS first, md5(segment || customer_id) AS second FROM core.customer"""
QUERY = "-- doc: test\n-- grain: one row\nSELECT count(*) AS n, count(segment) AS told FROM core.customer"
KILLED = Path(__file__).parents[1] / "killed.py"


@pytest.fixture
def disk(tiny: Tiny) -> Iterator[SmallDisk]:
    """The warehouse's own disk."""
    with small_disk(tiny.warehouse, DISK_MB) as made:
        yield made


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "customers.sql").write_text(QUERY, encoding="utf-8")
    return tmp_path / "queries"


def opened(tiny: Tiny, queries: Path) -> Reader:
    reader = Reader(tiny.warehouse, queries=queries)
    assert reader.refresh()
    return reader


def committed(tiny: Tiny) -> set[Row]:
    """(name, credit) of the landed rows, which are those of whole committed transactions."""
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{tiny.warehouse / 'landing.duckdb'}' AS landing (READ_ONLY)")
        rows = con.execute("SELECT name, CAST(credit AS VARCHAR) FROM landing.erp__party WHERE _deleted_at IS NULL")
        return set(rows.fetchall())


def in_source(tiny: Tiny) -> set[Row]:
    return set(tiny.db.execute("SELECT name, credit FROM party WHERE active").fetchall())


def assert_whole_pages(landed: set[Row], old: set[Row], new: set[Row]) -> None:
    """The first pages of the news over what was there before: no row is missing, none is there twice."""
    fresh = sorted(int(name[1:]) for name, _ in landed - old)
    assert fresh == list(range(FIRST, FIRST + len(fresh))) and landed <= old | new
    assert {name for name, _ in landed} >= {name for name, _ in old} and len(landed) == len(dict(landed))


def is_told(report: RunReport) -> bool:
    """One clear line, with its remedy."""
    (line,) = report.errors
    return report.exit_code == 1 and line.startswith("no space left") and "\n" not in line and "free" in report.hint


def another_process(tiny: Tiny) -> int:
    command = [sys.executable, str(KILLED), str(tiny.folder)]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False).returncode


def test_boards_keep_serving_and_space_that_comes_back_is_enough(tiny: Tiny, disk: SmallDisk, queries: Path) -> None:
    (tiny.models / "marts" / "ballast.sql").write_text(BALLAST, encoding="utf-8")
    fill(tiny, ROWS, "1.00", "2026-01-05 00:00:00")
    assert tiny.sync().status == "published"
    before = opened(tiny, queries)
    old = in_source(tiny)
    fill(tiny, 2 * ROWS, "100.00", "2026-02-01 00:00:00")
    new = in_source(tiny)
    disk.fill()
    failed_in, report = set(), tiny.sync()
    while report.status != "published":
        assert is_told(report)
        (failed, *_) = tiny.runs()
        assert failed["status"] == "failed" and failed["error"] == report.errors[0]
        failed_in.add(failed["step"])
        assert read_pointer(tiny.warehouse) == 1 and check_file(read_version(tiny.warehouse, 1)) == ""
        for reader in (before, opened(tiny, queries)):
            assert reader.query("customers").frame.values.tolist() == [[len(old), len(old)]]
        disk.give_back(STEP)
        assert_whole_pages(committed(tiny), old, new)
        report = tiny.sync()
    assert failed_in == {"extract", "publish"}
    assert missing_and_extra(tiny) == ([], [])
    assert before.refresh() and before.query("customers").frame.values.tolist() == [[len(new), len(new)]]
    assert tiny.sync().status == "nothing_new"


@pytest.mark.parametrize("room", [0, 4 << 20])
def test_another_process_makes_good_once_all_space_is_back(tiny: Tiny, disk: SmallDisk, room: int) -> None:
    fill(tiny, ROWS, "1.00", "2026-01-05 00:00:00")
    tiny.sync()
    fill(tiny, 2 * ROWS, "100.00", "2026-02-01 00:00:00")
    tiny.sql("DELETE FROM party WHERE id = 3")
    disk.fill(leave=room)
    assert another_process(tiny) == 1
    disk.empty()
    assert another_process(tiny) == 0
    assert missing_and_extra(tiny) == ([], []) and committed(tiny) == in_source(tiny)
    assert not list(tiny.warehouse.glob("*.part"))


@pytest.mark.parametrize("room", [0, 4096, 16_384, 300_000])
def test_the_very_first_run_of_a_company_too(tiny: Tiny, disk: SmallDisk, room: int) -> None:
    disk.fill(leave=room)
    try:
        told = is_told(tiny.sync())
    except TandemError as error:
        told = error.message.startswith("no space left") and "free" in error.hint
    assert told and read_pointer(tiny.warehouse) is None
    disk.empty()
    assert tiny.sync().status == "published" and missing_and_extra(tiny) == ([], [])


def test_state_on_the_same_disk(tiny: Tiny, queries: Path) -> None:
    """Everything but the source lies on the full disk; a run that cannot even be written down says so."""
    with small_disk(tiny.folder / "var", DISK_MB) as disk:
        text = (tiny.folder / "tandem.toml").read_text(encoding="utf-8")
        (tiny.folder / "tandem.toml").write_text(text.replace('"warehouse"', '"var/warehouse"'), encoding="utf-8")
        moved = OnDisk(tiny.folder, tiny.db, load_config(tiny.folder / "tandem.toml"))
        fill(moved, ROWS, "1.00", "2026-01-05 00:00:00")
        moved.sync()
        before = opened(moved, queries)
        fill(moved, 2 * ROWS, "100.00", "2026-02-01 00:00:00")
        disk.fill()
        try:
            assert is_told(moved.sync())
        except TandemError as error:
            assert "disk" in f"{error.message} {error.hint}" and "\n" not in error.line()
        for reader in (before, opened(moved, queries)):
            assert reader.query("customers").frame["n"].tolist() == [30 + ROWS]
        disk.empty()
        assert moved.sync().status == "published" and missing_and_extra(moved) == ([], [])
        assert {run["status"] for run in moved.runs()} <= {"published", "failed"}


class OnDisk(Tiny):
    """The company whose warehouse and state lie in var/."""

    @property
    def warehouse(self) -> Path:
        return self.folder / "var" / "warehouse"

    def runs(self) -> list[dict[str, Any]]:
        return State(self.folder / "var" / "state.db").runs()
