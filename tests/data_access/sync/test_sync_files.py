"""A folder of files through the real engine: only what changed is read, and what is strange changes nothing."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from data_access.config import load_config
from data_access.connectors.files.connector import FilesConnector
from data_access.state import State
from tests.data_access.sync.conftest import CUSTOMER
from tests.data_access.sync.filefolder import PROFILE, Folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.setattr("data_access.connectors.files.connector.SETTLE_SECONDS", 0)
    (tmp_path / "in").mkdir()
    (tmp_path / "models" / "core").mkdir(parents=True)
    (tmp_path / "models" / "core" / "customer.sql").write_text(CUSTOMER, encoding="utf-8")
    (tmp_path / "tandem.toml").write_text(
        '[company]\nname = "F"\ncurrency = "EUR"\ntimezone = "Europe/Berlin"\n[warehouse]\npath = "warehouse"\n'
        '[[source]]\nname = "erp"\nrole = "erp"\nprofile = "folder.toml"\nfolder = "in"\n',
        encoding="utf-8",
    )
    (tmp_path / "folder.toml").write_text(PROFILE.format(form=""), encoding="utf-8")
    made = Folder(tmp_path, sqlite3.connect(":memory:"), load_config(tmp_path / "tandem.toml"))
    made.form()
    return made


def numbered(first: int, last: int, mark: str = "") -> dict[int, str]:
    return {number: f"P{number:02d}{mark}" for number in range(first, last + 1)}


def test_a_second_run_reads_nothing(folder):
    folder.put("party.csv", numbered(1, 30))
    assert folder.counts() == (30, 30, 0, 0, 0)
    report, stream = folder.run()
    assert (report.status, stream.counts.read) == ("nothing_new", 0)
    os.utime(folder.files / "party.csv")  # touched, but not changed
    assert folder.counts() == (0, 0, 0, 0, 0)
    assert folder.counts(full=True) == (30, 0, 0, 0, 0)
    assert folder.names() == list(numbered(1, 30).values())


def test_same_size_and_time_but_other_content_is_seen(folder):
    folder.put("party.csv", numbered(1, 30))
    folder.counts()
    folder.put("party.csv", numbered(1, 30) | {7: "P0X"})
    assert folder.counts() == (30, 0, 1, 0, 0)


def test_a_snapshot_is_the_whole_truth(folder):
    folder.put("party.csv", numbered(1, 30))
    folder.counts()
    folder.put("party.csv", numbered(3, 30) | {5: "new", 31: "P31"})
    assert folder.counts() == (29, 1, 1, 2, 0)
    assert folder.landed() == numbered(3, 30) | {5: "new", 31: "P31"}


def test_mass_deletes_and_empty_folders_change_nothing(folder):
    folder.put("party.csv", numbered(1, 30))
    folder.counts()
    folder.put("party.csv", numbered(1, 20))
    report, stream = folder.run()
    assert report.exit_code == 1 and "would delete 10 of 30 rows" in stream.error
    assert folder.landed() == numbered(1, 30)
    folder.put("party.csv", {})
    assert "answered no rows where 30 were" in folder.run()[1].error
    (folder.files / "party.csv").unlink()
    assert "holds no file of the profile" in folder.run()[1].error
    folder.form("optional = true")
    (folder.files / "parties.txt").write_text("x", encoding="utf-8")
    assert "holds no file of the profile" in folder.run()[1].error
    assert folder.landed() == numbered(1, 30)
    folder.form()
    folder.put("party.csv", numbered(1, 20))
    assert folder.counts(accept_deletes=True)[3] == 10
    assert folder.counts() == (0, 0, 0, 0, 0)


def test_the_newest_of_many_wins(folder):
    folder.form("latest = true")
    folder.put("party_2026-01-31.csv", numbered(1, 30), at=1)
    folder.put("party_2026-02-28.csv", numbered(2, 30, "b"), at=5)  # newer by its name, not by its time
    assert folder.counts() == (29, 29, 0, 0, 0)
    folder.put("party_2026-03-31.csv", numbered(2, 31, "b"), at=9)
    assert folder.counts() == (30, 1, 0, 0, 0)
    folder.put("party_2026-01-31.csv", numbered(1, 3), at=0)
    assert folder.counts() == (0, 0, 0, 0, 0)


def test_snapshot_of_several_files_refuses_a_key_that_two_have(folder):
    folder.put("party_de.csv", numbered(1, 15), at=2)
    folder.put("party_fr.csv", numbered(15, 30, "fr"), at=1)
    assert folder.counts() == (31, 30, 0, 0, 1)
    ((reason, payload),) = folder.read("SELECT reason, payload FROM ops.rejected_row")
    assert reason.startswith("duplicate key") and json.loads(payload)["_place"] in (
        "party_de.csv, line 16", "party_fr.csv, line 2",
    )  # fmt: skip


def test_appended_files_add_up_and_later_ones_win(folder):
    folder.form('mode = "append"')
    folder.put("party_2026-01.csv", numbered(1, 20), at=1)
    folder.put("party_2026-02.csv", numbered(19, 30, "b"), at=5)
    truth = numbered(1, 18) | numbered(19, 30, "b")
    assert folder.counts() == (30, 30, 0, 0, 0) and folder.landed() == truth
    folder.put("party_2026-03.csv", numbered(29, 32, "c"), at=3)
    assert folder.counts() == (4, 2, 2, 0, 0), "only the file that was added is read"
    truth |= numbered(29, 32, "c")
    assert folder.landed() == truth
    folder.put("party_2026-01.csv", numbered(2, 20) | {3: "corrected", 19: "too late"}, at=0)
    assert folder.counts() == (17, 0, 1, 1, 0), "only the file that changed is read; the row it lost is gone"
    del truth[1]
    truth[3] = "corrected"
    assert folder.landed() == truth
    folder.put("party_2026-03.csv", numbered(31, 32, "c"), at=0)
    counts = folder.counts()
    assert counts[3] == 0 and folder.landed() == truth | {29: "P29b", 30: "P30b"}, "what it hid is back"
    folder.counts(full=True)
    assert folder.landed() == truth | {29: "P29b", 30: "P30b"}
    assert folder.counts() == (0, 0, 0, 0, 0)


def test_an_appended_file_that_was_taken_away(folder):
    folder.form('mode = "append"')
    folder.put("party_1.csv", numbered(1, 28), at=3)
    folder.put("party_2.csv", numbered(28, 30, "b"), at=2)
    folder.counts()
    (folder.files / "party_2.csv").unlink()
    assert folder.counts()[3] == 2 and folder.landed() == numbered(1, 28)


def test_a_bad_cell_costs_its_row_and_names_its_place(folder):
    folder.put("party.csv", numbered(1, 5), ending="6;six;much\n7;seven;2,5\nx;eight;1\n;nobody;1\n5;again;1\n")
    assert folder.counts() == (10, 6, 0, 0, 4)
    found = {source_id: (reason, json.loads(payload)["_place"]) for source_id, reason, payload in
             folder.read("SELECT source_id, reason, payload FROM ops.rejected_row")}  # fmt: skip
    assert found["6"] == ('credit: "much" is not decimal(18,2)', "party.csv, line 7")
    assert found["5"][0].startswith("duplicate key") and found["5"][1] in ("party.csv, line 6", "party.csv, line 11")
    assert sorted(place for _, place in found.values() if place[-1] in "90") == [
        "party.csv, line 10",
        "party.csv, line 9",
    ]
    folder.put("party.csv", numbered(1, 7))
    assert folder.counts()[4] == 0
    assert folder.read("SELECT count(*) FROM ops.rejected_row WHERE resolved_at IS NULL") == [(0,)]


def test_a_cut_off_file_keeps_what_was_there(folder):
    folder.put("party.csv", numbered(1, 30))
    folder.counts()
    folder.put("party.csv", numbered(1, 30, "new"), ending='31;"cut o')
    report, stream = folder.run()
    assert report.exit_code == 1 and "party.csv line 32 opens a quote that never closes" in stream.error and stream.hint
    assert folder.landed() == numbered(1, 30)
    folder.put("party.csv", numbered(1, 31, "new"))
    assert folder.counts() == (31, 1, 30, 0, 0)


def test_a_file_that_is_being_written_waits(folder, monkeypatch):
    folder.put("party.csv", numbered(1, 30))
    folder.counts()
    folder.put("party.csv", numbered(1, 31))
    now = FilesConnector.now

    def grows(self: FilesConnector) -> Any:
        moment = now(self)
        with open(folder.files / "party.csv", "a", encoding="utf-8") as file:
            file.write(f"{file.tell()};late;1\n")
        return moment

    monkeypatch.setattr(FilesConnector, "now", grows)
    before = checked(folder)
    for _ in range(3):
        report, stream = folder.run()
        assert (report.exit_code, report.status, stream.counts.read) == (0, "nothing_new", 0)
        assert stream.error == "party.csv is being written" and "rename it" in stream.hint
    assert checked(folder) == before, "what could not be looked at has aged"
    monkeypatch.setattr(FilesConnector, "now", now)
    assert folder.counts() == (34, 4, 0, 0, 0)
    assert all(was < now for was, now in zip(before, checked(folder), strict=True))


def test_a_file_that_is_being_written_waits_whatever_the_clocks_say(folder, monkeypatch):
    folder.put("party.csv", numbered(1, 30))
    folder.counts()
    for ahead in (-300.0, 3600.0):  # a file server's clock that is behind or ahead of ours
        monkeypatch.setattr(FilesConnector, "_files", _written_to(folder, ahead))
        assert folder.run()[1].error == "party.csv is being written"
        monkeypatch.undo()
        moment = time.time() + ahead
        os.utime(folder.files / "party.csv", (moment, moment))
        assert folder.run()[1].error == ""


def _written_to(folder: Folder, ahead: float) -> Any:
    """Each look finds one row more than the last."""
    files = FilesConnector._files

    def grown(self: FilesConnector, spec: Any) -> Any:
        with open(folder.files / "party.csv", "a", encoding="utf-8") as file:
            file.write(f"{file.tell()};late;1\n")
        moment = time.time() + ahead
        os.utime(folder.files / "party.csv", (moment, moment))
        return files(self, spec)

    return grown


def checked(folder: Folder) -> tuple[str, str]:
    """When the source, and its feed, were looked at last."""
    (feed,) = folder.state("SELECT checked_at FROM feed")
    (source,) = folder.state("SELECT checked_at FROM source_status")
    return source["checked_at"], feed["checked_at"]


def test_drift_is_an_event(folder):
    folder.put("party.csv", numbered(1, 3))
    folder.counts()
    text = (folder.files / "party.csv").read_text(encoding="utf-8").replace("id;Firma", "id;Ort;Firma")
    lines = text.splitlines()
    (folder.files / "party.csv").write_text(
        "\n".join([lines[0], *(line.replace(";", ";Bonn;", 1) for line in lines[1:]), "4;Köln;P04;1"]), encoding="utf-8"
    )
    assert folder.counts() == (4, 1, 0, 0, 0)
    assert folder.read('SELECT "column", change FROM ops.schema_change') == [("Ort", "source: added")]
    (folder.files / "party.csv").write_text("id;Ort;Kunde;Kredit\n1;Bonn;P01;1\n", encoding="utf-8")
    report, stream = folder.run()
    assert 'there is no column "Firma"' in stream.error and folder.landed() == numbered(1, 4)
    folder.put("party.csv", numbered(1, 5))
    folder.counts()
    found = {tuple(row) for row in folder.read('SELECT "column", change FROM ops.schema_change')}
    assert {("Ort", "source: added"), ("Firma", "source: renamed"), ("Kunde", "source: removed")} <= found, found


def test_newest_change_is_the_newest_file(folder):
    folder.put("party.csv", numbered(1, 3), at=2)
    folder.counts()
    (status,) = State(folder.folder / "state.db").sources()
    assert status.newest_change_at.startswith("2026-09-21T12:13:20")


def test_a_profile_that_reads_cells_otherwise_reads_the_file_again(folder):
    folder.put("party.csv", numbered(1, 3))
    folder.counts()
    folder.form('thousands = "."')
    assert folder.counts() == (3, 0, 0, 0, 0)


def test_an_error_cell_rejects_its_row(folder):
    profile = PROFILE.replace("party*.csv", "party*.xlsx")
    folder.form(profile=profile)
    book = openpyxl.Workbook()
    for row in (
        ["id", "Firma", "Kredit"],
        [1e15, "A", 1.5],
        [2, "#REF!", 2],
        [3, "=C1", "#DIV/0!"],
        [4, "00123", "1,5"],
    ):
        book.active.append(row)
    book.save(folder.files / "party.xlsx")
    assert folder.counts() == (4, 2, 0, 0, 2)
    assert folder.landed() == {10**15: "A", 4: "00123"}
    found = dict(folder.read("SELECT source_id, reason FROM ops.rejected_row"))
    assert found == {"2": "name: #REF! is not a value", "3": "credit: #DIV/0! is not decimal(18,2)"}
