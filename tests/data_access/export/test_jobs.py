"""Exports in the background: progress, cancel, bounds, and nothing left behind."""

from __future__ import annotations

import csv
import io
import re
import threading
import time
import zipfile
from pathlib import Path

import pytest

from data_access.access import EVERYONE, Scope
from data_access.errors import BusyError, QueryError, TandemError
from data_access.export import Words
from data_access.export import jobs as module
from data_access.export.jobs import Job, Jobs, rows_work
from data_access.filters import NOTHING
from data_access.panels import PANELS
from tests.manyitems import HOSTILE, published

RUNWAY, LANES = PANELS["runway"], PANELS["runway_lanes"]
LONG_S = 300


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    return Jobs(tmp_path / "exports")


def waiting(go_on: threading.Event) -> module.Work:
    def work(job: Job) -> None:
        while not go_on.wait(0.02) and not job.stop.is_set():
            pass
        if not job.stop.is_set():
            job.file.write_text("made")

    return work


def test_a_hundred_thousand_rows_arrive_as_a_workbook_with_progress(tmp_path: Path, jobs: Jobs) -> None:
    folder = published(tmp_path / "wh", 100_000, 100_000)
    job = jobs.start("lanes.xlsx", EVERYONE, rows_work(folder, 1, LANES, NOTHING, Words(title="Lanes")))
    seen: list[tuple[int, int]] = []
    while not job.ended.wait(0.05):
        if job.total and (not seen or seen[-1][0] != job.done):
            seen.append((job.done, job.total))
    assert job.status == "done", (job.error, job.hint)
    assert len(seen) >= 3 and seen == sorted(seen) and {total for _, total in seen} == {100_000}
    assert seen[0][0] < 100_000
    with zipfile.ZipFile(job.file) as book:
        assert book.testzip() is None
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    categories = set(re.findall(r"<t>(Category \d+)</t>", sheet))
    assert sheet.count("<row ") == 100_001 and len(categories) == 100_000 and "<f>" not in sheet
    assert job.document() | {"id": ""} == {
        "id": "", "status": "done", "done": 100_000, "total": 100_000, "file": "lanes.xlsx",
        "bytes": job.file.stat().st_size,
    }  # fmt: skip


def test_rows_come_from_the_version_asked_for_whatever_serves_now(tmp_path: Path, jobs: Jobs) -> None:
    from tests.manyitems import items
    from tests.published import publish

    folder = published(tmp_path / "wh", 5, names=HOSTILE)
    publish(folder, 2, items(9, 1))
    job = jobs.start("r.csv", EVERYONE, rows_work(folder, 1, RUNWAY, NOTHING, Words()))
    assert job.ended.wait(LONG_S) and job.status == "done", job.error
    rows = list(csv.DictReader(io.StringIO(job.file.read_bytes().decode("utf-8-sig"), newline="")))
    assert len(rows) == 5 and {row["name"].removeprefix("'") for row in rows} == set(HOSTILE[:5])
    gone = jobs.start("r.csv", EVERYONE, rows_work(folder, 7, RUNWAY, NOTHING, Words()))
    assert gone.ended.wait(LONG_S) and gone.status == "failed" and "wh-7.json" in gone.document()["error"]
    assert not gone.file.parent.exists()


def test_a_running_export_is_stopped_and_leaves_nothing(tmp_path: Path, jobs: Jobs) -> None:
    folder = published(tmp_path / "wh", 200_000, 200_000)
    job = jobs.start("r.xlsx", EVERYONE, rows_work(folder, 1, RUNWAY, NOTHING, Words()))
    limit = time.monotonic() + LONG_S
    while not job.total and time.monotonic() < limit:
        time.sleep(0.02)
    assert job.status == "running" and job.done < job.total
    assert jobs.cancel(job.id, EVERYONE).status == "cancelled"
    assert job.ended.is_set() and not job.file.parent.exists()
    assert jobs.find(job.id, EVERYONE).document()["status"] == "cancelled"


def test_two_run_the_others_wait_and_too_many_are_refused(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAITING", 2)
    go_on = threading.Event()
    made = [jobs.start(f"{i}.csv", EVERYONE, waiting(go_on)) for i in range(4)]
    limit = time.monotonic() + 10
    while sum(job.status == "running" for job in made) < 2 and time.monotonic() < limit:
        time.sleep(0.01)
    assert sorted(job.status for job in made) == ["running", "running", "waiting", "waiting"]
    with pytest.raises(BusyError):
        jobs.start("5.csv", EVERYONE, waiting(go_on))
    late = next(job for job in made if job.status == "waiting")
    assert jobs.cancel(late.id, EVERYONE).status == "cancelled", "before its turn"
    go_on.set()
    assert all(job.ended.wait(10) for job in made)
    assert sorted(job.status for job in made) == ["cancelled", "done", "done", "done"]


def test_files_go_after_an_hour_and_when_they_are_too_large(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    go_on.set()
    first, second = (jobs.start("x.csv", EVERYONE, waiting(go_on)) for _ in range(2))
    assert first.ended.wait(10) and second.ended.wait(10) and first.file.exists()
    monkeypatch.setattr(module, "KEPT_BYTES", 5)
    older, newer = sorted((first, second), key=lambda job: job.ended_at)
    jobs.sweep()
    assert not older.file.exists() and newer.file.exists()
    newer.ended_at -= module.KEPT_S + 1
    jobs.sweep()
    assert not newer.file.exists()
    with pytest.raises(QueryError, match="no such export"):
        jobs.find(newer.id, EVERYONE)


def test_an_export_is_its_callers_alone(jobs: Jobs) -> None:
    go_on = threading.Event()
    go_on.set()
    job = jobs.start("x.csv", Scope(frozenset({"li"})), waiting(go_on))
    job.ended.wait(10)
    for other in (EVERYONE, Scope(frozenset({"wang"}))):
        with pytest.raises(QueryError, match="no such export"):
            jobs.find(job.id, other)
    assert jobs.find(job.id, Scope(frozenset({"li"}))) is job


def test_what_goes_wrong_is_told_and_the_unexpected_only_to_the_log(
    jobs: Jobs, caplog: pytest.LogCaptureFixture
) -> None:
    def expected(job: Job) -> None:
        raise TandemError("the disk is full", "make room")

    def unexpected(job: Job) -> None:
        raise ValueError("canary-5f3a")

    told = [jobs.start("x.csv", EVERYONE, work) for work in (expected, unexpected)]
    assert all(job.ended.wait(10) for job in told)
    assert (told[0].error, told[0].hint) == ("the disk is full", "make room")
    assert "canary" not in str(told[1].document()) and "canary" in caplog.text
    dies = rows_work(Path("/nonexistent"), 1, RUNWAY, NOTHING, Words(columns={"x": object()}))  # type: ignore[dict-item]
    job = jobs.start("x.csv", EVERYONE, dies)
    assert job.ended.wait(LONG_S) and job.status == "failed"
