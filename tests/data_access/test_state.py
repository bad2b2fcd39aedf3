"""The store both processes share."""

import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data_access.errors import TandemError
from data_access.state import State, StreamRun

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "var" / "state.db")


def test_a_run_is_told_step_by_step(state: State) -> None:
    run = state.start_run("extract")
    state.step(run, "build")
    state.record_stream(run, StreamRun("erp", "sales_order_line", AT, AT, "ok", read=3, inserted=2, rejected=1))
    state.finish_run(run, "published", version=7)
    (row,) = state.runs()
    assert (row["status"], row["step"], row["version"]) == ("published", "build", 7)
    assert row["finished_at"].endswith("Z")
    (stream,) = state.streams(run)
    assert (stream["read"], stream["inserted"], stream["rejected"], stream["entity"]) == (3, 2, 1, "sales_order_line")


def test_a_run_whose_process_died_is_closed_by_the_next(state: State) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    first = state.start_run()
    state.execute("UPDATE sync_run SET pid = ?", (gone.pid,))
    state.start_run()
    found = {row["run_id"]: row["status"] for row in state.runs()}
    assert found[first] == "failed" and list(found.values()).count("running") == 1


def test_a_failed_check_keeps_the_last_good_one(state: State) -> None:
    newest = datetime(2026, 1, 2, 3, 0, tzinfo=UTC)
    state.source_checked("erp", "erp", ok=True, fresh_within_s=60, at=AT, newest_change_at=newest)
    state.source_checked("erp", "erp", ok=False, fresh_within_s=60, error="refused")
    (erp,) = state.sources()
    assert erp.checked_at == "2026-01-02T03:04:05.000Z" and erp.attempted_at != erp.checked_at
    assert (erp.last_ok, erp.last_error, erp.newest_change_at) == (False, "refused", "2026-01-02T03:00:00.000Z")
    state.source_checked("erp", "erp", ok=True, fresh_within_s=60, newest_change_at=datetime(2025, 1, 1, tzinfo=UTC))
    (erp,) = state.sources()
    assert (erp.last_ok, erp.last_error, erp.newest_change_at) == (True, "", "2026-01-02T03:00:00.000Z")


def test_progress_facts_and_heartbeats(state: State) -> None:
    assert state.progress() is None
    state.set_progress("extract", "sales orders", 10, 40)
    progress = state.progress()
    assert progress is not None and (progress.step, progress.done, progress.total) == ("extract", 10, 40)
    state.clear_progress()
    assert state.progress() is None
    state.set_fact("damaged", "wh-3.duckdb")
    assert state.fact("damaged") == "wh-3.duckdb"
    state.set_fact("damaged", None)
    assert state.fact("damaged") is None
    state.beat("sync")
    assert set(state.heartbeats()) == {"sync"}


def test_a_request_is_taken_once(state: State) -> None:
    asked = state.add_request("resync", {"source": "erp"})
    other = State(state.path)
    (taken,) = other.take_requests()
    assert (taken["id"], taken["kind"], taken["body"]) == (asked, "resync", {"source": "erp"})
    assert state.take_requests() == []
    other.finish_request(asked, "done")
    assert state.execute("SELECT result FROM request")[0]["result"] == "done"


def test_many_threads_write_without_losing_any(state: State) -> None:
    def work() -> None:
        for _ in range(10):
            state.add_request("ping")

    threads = [threading.Thread(target=work) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(state.take_requests()) == 60


def test_a_newer_or_broken_store_is_refused_in_one_line(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "new.db") as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(TandemError, match="newer Tandem"):
        State(tmp_path / "new.db")
    (tmp_path / "bad.db").write_bytes(b"not a database" * 100)
    with pytest.raises(TandemError, match="state store") as caught:
        State(tmp_path / "bad.db")
    assert caught.value.hint


def test_a_failed_transaction_leaves_nothing_behind(state: State) -> None:
    with pytest.raises(TandemError):
        state.finish_run(state.start_run(), "no such status")
    assert state.runs()[0]["status"] == "running"
    state.set_fact("after", "still writable")
