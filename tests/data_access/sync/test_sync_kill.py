"""kill -9 in every step: the next run completes, nothing is lost, nothing is doubled."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from data_access.sync import publish
from data_access.versions import check_file, read_pointer, read_version

ROOT = Path(__file__).resolve().parents[3]
ROWS = 30_000
SLOW_CHECK = "-- severity: gate\nSELECT count(*) AS n FROM range(400_000_000) HAVING n = 0"


def fill(tiny, rows: int, credit: str, at: str) -> None:
    """Many customers, so that every step takes long enough to be met."""
    each = ((i, f"N{i}", 1, credit, at, None) for i in range(100, 100 + rows))
    tiny.db.executemany("INSERT OR REPLACE INTO party VALUES (?, ?, ?, ?, ?, ?)", each)
    tiny.db.commit()


def kill_in(tiny, step: str, delay: float = 0.0) -> bool:
    """Starts a sync and kills it when the ledger says it is in `step`; whether it was met there."""
    command = [sys.executable, str(Path(__file__).with_name("killed.py")), str(tiny.folder)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    state = tiny.folder / "state.db"
    try:
        while process.poll() is None:
            if state.exists() and _step(state, process.pid) == step:
                time.sleep(delay)
                process.kill()
                break
            time.sleep(0.001)
    finally:
        process.kill()
        process.wait()
    return process.returncode == -9


def _step(state: Path, pid: int) -> str:
    with sqlite3.connect(f"file:{state}?mode=ro", uri=True) as db:
        try:
            row = db.execute("SELECT step FROM sync_run WHERE pid = ? AND status = 'running'", (pid,)).fetchone()
        except sqlite3.OperationalError:
            return ""
    return row[0] if row else ""


def missing_and_extra(tiny) -> tuple[list, list]:
    """Rows that only the source has, and that only the published version has, counting repeats."""
    version = read_pointer(tiny.warehouse)
    with duckdb.connect(str(tiny.warehouse / f"wh-{version}.duckdb"), read_only=True) as con:
        found = Counter(con.execute("SELECT name, segment FROM core.customer").fetchall())
    segment = {"1.00": "small", "100.00": "big"}
    rows = tiny.db.execute("SELECT name, credit FROM party WHERE active").fetchall()
    wanted = Counter((name, segment[credit]) for name, credit in rows)
    return sorted(wanted - found), sorted(found - wanted)


STEPS = ["extract", "land", "build", "check", "publish"]
LATER = [pytest.param(step, 0.1, marks=() if step in ("build", "check") else pytest.mark.soak) for step in STEPS]


@pytest.mark.parametrize(("step", "delay"), [*((step, 0.0) for step in STEPS), *LATER])
def test_next_run_completes(tiny, step, delay):
    tiny.sync()
    fill(tiny, ROWS, "1.00", "2026-02-01 00:00:00")
    tiny.sql("DELETE FROM party WHERE id = 3")
    if step == "check":
        (tiny.models / "checks").mkdir()
        (tiny.models / "checks" / "slow.sql").write_text(SLOW_CHECK, encoding="utf-8")
    met = kill_in(tiny, step, delay)
    if not met and delay == 0.0:
        pytest.fail(f"the run was never seen in step {step}")
    if met:
        before = read_version(tiny.warehouse, read_pointer(tiny.warehouse))
        assert check_file(before) == ""
    report = tiny.sync()
    assert report.exit_code == 0
    assert missing_and_extra(tiny) == ([], [])
    assert tiny.sync().status == "nothing_new"
    assert {run["status"] for run in tiny.runs()} <= {"published", "nothing_new", "failed"}
    assert not list(tiny.warehouse.glob("*.part"))
    if met and delay == 0.0:
        (dead,) = [run for run in tiny.runs() if run["status"] == "failed"]
        assert dead["error"].startswith("killed in step") and dead["finished_at"]


def test_first_load_resumes_where_its_last_page_was_committed(tiny):
    fill(tiny, 4 * ROWS, "1.00", "2026-02-01 00:00:00")
    tiny.db.execute("UPDATE party SET write_date = datetime('2026-01-01', '+' || id || ' minutes')")
    tiny.db.commit()
    if not kill_in(tiny, "land", 0.3):
        pytest.skip("the read was over before the kill came")
    tiny.sync()
    assert missing_and_extra(tiny) == ([], [])


def test_kill_between_the_writes_of_a_publish_leaves_old_or_new(tiny, monkeypatch):
    """Each rename of a publish fails once, as if the process had died there."""
    tiny.sync()
    real = os.rename
    for failing in range(4):
        tiny.party(1, f"Try {failing}", f"2026-03-0{failing + 1} 00:00:00")
        calls = iter(range(100))

        def rename(source, target, calls=calls, failing=failing):
            if next(calls) == failing:
                raise KeyboardInterrupt
            real(source, target)

        before = read_pointer(tiny.warehouse)
        monkeypatch.setattr(os, "rename", rename)
        if failing < 3:
            with pytest.raises(KeyboardInterrupt):
                tiny.sync()
            assert read_pointer(tiny.warehouse) == before
        monkeypatch.setattr(os, "rename", real)
        assert check_file(read_version(tiny.warehouse, read_pointer(tiny.warehouse))) == ""
        tiny.sync()
        assert f"Try {failing}" in tiny.names() and len(tiny.names()) == 30
    assert len(publish.versions(tiny.warehouse)) <= publish.KEPT_VERSIONS
