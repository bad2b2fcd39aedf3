"""Folders of files for the acceptance suite: one CSV file, one workbook, each written anew when a row changes."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

from data_access.connectors.base import Connector
from data_access.connectors.files.connector import FilesConnector
from data_access.connectors.profile import Profile, load_profile
from tests.data_access.connectors.acceptance.subjects import PAGE, Subject

ROWS = 80
HEAD = ["activity_id", "subject"]
Write = Callable[[Path, list[list[str]]], None]
CANNOT = {
    "login": "a folder has no login",
    "since": "a file has no change instants: what changed is found by comparing files, through the engine",
    "wait": "a folder never asks to wait",
}


@dataclass
class Folder:
    """Activities in one file of the folder."""

    profile: Profile
    folder: Path
    write: Write
    stream: str = "activity"
    column: str = "subject"
    settings: dict[str, str] = field(default_factory=dict)
    cannot: Mapping[str, str] = field(default_factory=lambda: CANNOT)
    lacks: str = ""
    rows: dict[str, str] = field(default_factory=lambda: {f"A{n:03d}": f"Call 来电 {n}" for n in range(ROWS)})

    def __post_init__(self) -> None:
        self._save()

    def open(self, *, wrong: str = "") -> Connector:
        folder = self.folder / "nowhere" if wrong else self.folder
        return FilesConnector(self.profile, str(folder), self.settings, page_rows=PAGE, sleep=lambda seconds: None)

    def truth(self) -> dict[str, str]:
        return dict(self.rows)

    def change(self, key: str, text: str) -> None:
        self.rows[key] = text
        self._save()

    def remove(self, key: str) -> None:
        del self.rows[key]
        self._save()

    def pass_time(self, seconds: float) -> None:
        """Its clock is ours."""

    def busy(self) -> None:
        """A folder never asks to wait."""

    def _save(self) -> None:
        self.write(self.folder, [HEAD, *map(list, self.rows.items())])


def write_csv(folder: Path, rows: list[list[str]]) -> None:
    with open(folder / "activities.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def write_excel(folder: Path, rows: list[list[str]]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "activities"
    for row in rows:
        sheet.append(row)
    book.save(folder / "company.xlsx")


@contextmanager
def csv_files(folder: Path) -> Iterator[Subject]:
    folder.mkdir()
    yield Folder(load_profile("csv"), folder, write_csv)


@contextmanager
def workbooks(folder: Path) -> Iterator[Subject]:
    folder.mkdir()
    yield Folder(load_profile("excel"), folder, write_excel)


FILES = {"csv": csv_files, "excel": workbooks}
