"""Workbooks written by openpyxl and xlsxwriter: cells come out as they show in Excel."""

from __future__ import annotations

import struct
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from data_access.connectors.arrow import CELL_ERROR
from data_access.connectors.files import workbook
from data_access.errors import SourceError
from tests.data_access.connectors.folder import connect, places, profile, rows, values

ANY = {"id": "text", "cell": "text"}


def write(path: Path, *cells: object, sheet: str = "Orders", above: int = 0, left: int = 0, formats: str = "") -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row, values_ in enumerate([("id", "cell"), *((f"k{i}", cell) for i, cell in enumerate(cells))], above + 1):
        for column, value in enumerate(values_, left + 1):
            page.cell(row, column, value)
            if formats and row > above + 1 and column == left + 2:
                page.cell(row, column).number_format = formats
    book.save(path)


@pytest.mark.parametrize("cell, expected", [
    (1e15, "1000000000000000"), (12345678901234, "12345678901234"), (100, "100"), (-3, "-3"), (0, "0"),
    ("00123", "00123"), ("1e5", "1e5"), ("=A1", None), ("'=A1", "'=A1"),
    (0.1 + 0.2, "0.3"), (1234567.89, "1234567.89"), (0.07, "0.07"), (1e-7, "1e-07"),
    (date(2026, 2, 28), "2026-02-28"), (datetime(2026, 2, 28, 14, 30, 15), "2026-02-28 14:30:15"),
    (time(8, 5), "08:05:00"), (True, "true"), (False, "false"), ("  a\nb ", "  a\nb "), ("金蝶", "金蝶"),
])  # fmt: skip
def test_cells_as_they_show(tmp_path, cell, expected):
    write(tmp_path / "a.xlsx", cell)
    assert values(connect(tmp_path, profile("*.xlsx", ANY)), "cell") == [expected]


def test_decimal_comma_is_for_texts_only(tmp_path):
    write(tmp_path / "a.xlsx", 1234.5, "1.234,5", "1.5")
    made = profile("*.xlsx", {"id": "text", "cell": "double"}, decimal=",", thousands=".", dates=["%d.%m.%Y"])
    assert values(connect(tmp_path, made), "cell") == ["1234.5", "1234.5", '"1.5"']
    write(tmp_path / "a.xlsx", date(2026, 3, 1), "02.03.2026")
    made = profile("*.xlsx", {"id": "text", "cell": "date"}, dates=["%d.%m.%Y"])
    assert values(connect(tmp_path, made), "cell") == ["2026-03-01", "2026-03-02"]


def test_instants_are_of_the_files_time_zone(tmp_path):
    write(tmp_path / "a.xlsx", datetime(2026, 7, 1, 8, 0))
    made = profile("*.xlsx", {"id": "text", "cell": "timestamp"}, timezone="Europe/Berlin")
    assert values(connect(tmp_path, made), "cell") == ["2026-07-01 06:00:00+00"]


def test_formulas_give_their_values_and_errors_are_marked(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    page = book.add_worksheet("Other")
    page = book.add_worksheet("Orders & more")
    page.write_row(0, 0, ["id", "cell"])
    for row, (formula, value) in enumerate(
        [("=1+1", 2), ("=1/0", "#DIV/0!"), ('="a"&"b"', "ab"), ("=NA()", "#N/A")], 1
    ):
        page.write(row, 0, f"k{row}")
        page.write_formula(row, 1, formula, None, value)
    page.write_row(5, 0, ["k5", "#N/A"])
    book.close()
    made = profile("*.xlsx", ANY, sheet="Orders & more")
    assert values(connect(tmp_path, made), "cell") == ["2", CELL_ERROR + "#DIV/0!", "ab", CELL_ERROR + "#N/A", "#N/A"]


def test_headers_anywhere_and_sheets_by_name(tmp_path):
    write(tmp_path / "a.xlsx", "x", "", "y", sheet="Bestellungen", above=3, left=2)
    made = profile("*.xlsx", ANY, header=4, sheet="Bestellungen")
    assert rows(connect(tmp_path, made)) == [{"id": f"k{i}", "cell": c} for i, c in enumerate(["x", None, "y"])]
    assert places(connect(tmp_path, made))[2] == "a.xlsx, sheet Bestellungen, row 7"
    with pytest.raises(SourceError, match='has no sheet "Bestellung"') as caught:
        rows(connect(tmp_path, profile("*.xlsx", ANY, header=4, sheet="Bestellung")))
    assert 'did you mean "Bestellungen"?' in caught.value.hint
    with pytest.raises(SourceError, match='no column "id"'):
        rows(connect(tmp_path, profile("*.xlsx", ANY, header=5)))
    with pytest.raises(SourceError, match="no column names in row 2"):
        rows(connect(tmp_path, profile("*.xlsx", ANY, header=2)))


def test_an_open_book_and_its_lock(tmp_path):
    write(tmp_path / "a.xlsx", "x")
    (tmp_path / "~$a.xlsx").write_bytes(b"\x05owner")
    assert values(connect(tmp_path, profile("*.xlsx", ANY)), "cell") == ["x"]


def _bomb(path: Path, claimed: int | None) -> None:
    """A book whose sheet unpacks to 40 MB; `claimed`: the size its directory says instead."""
    write(path, "x")
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["xl/worksheets/sheet1.xml"] += b" " * 40_000_000
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    if claimed is not None:
        size = struct.pack("<I", len(parts["xl/worksheets/sheet1.xml"]))
        path.write_bytes(path.read_bytes().replace(size, struct.pack("<I", claimed)))


@pytest.mark.parametrize("claimed", [None, 1000])
def test_a_book_that_unpacks_to_more_than_it_may(tmp_path, monkeypatch, claimed):
    monkeypatch.setattr(workbook, "EXPANDED_BYTES", 30_000_000)
    _bomb(tmp_path / "a.xlsx", claimed)
    with pytest.raises(SourceError, match=r"a\.xlsx (unpacks to more than|cannot be read as a workbook)") as caught:
        rows(connect(tmp_path, profile("*.xlsx", ANY)))
    assert caught.value.hint and "\n" not in caught.value.line()


@pytest.mark.parametrize(
    "content", [b"", b"id,cell\n1,2\n", b"PK\x03\x04 no archive", b"\xd0\xcf\x11\xe0" + b"\0" * 600]
)
def test_what_is_no_workbook(tmp_path, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(SourceError, match=r"a\.xlsx cannot be read as a workbook") as caught:
        rows(connect(tmp_path, profile("*.xlsx", ANY)))
    assert caught.value.hint


def test_a_damaged_book(tmp_path):
    write(tmp_path / "a.xlsx", *range(1000))
    data = (tmp_path / "a.xlsx").read_bytes()
    for cut in (len(data) // 3, len(data) - 30):
        (tmp_path / "a.xlsx").write_bytes(data[:cut])
        with pytest.raises(SourceError, match="cannot be read as a workbook"):
            rows(connect(tmp_path, profile("*.xlsx", ANY)))


def test_a_cell_that_is_too_long(tmp_path):
    book = zipfile.ZipFile
    write(tmp_path / "a.xlsx", "SHORT")
    with book(tmp_path / "a.xlsx") as old:
        parts = {name: old.read(name).replace(b"SHORT", b"x" * 2_000_000) for name in old.namelist()}
    with book(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    with pytest.raises(SourceError, match="row 2: a cell is longer than"):
        rows(connect(tmp_path, profile("*.xlsx", ANY)))


def test_many_rows_over_several_batches(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), {"constant_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, ["id", "cell"])
    for row in range(1, 45_001):
        page.write_row(row, 0, [row, row / 4])
    book.close()
    found = rows(connect(tmp_path, profile("*.xlsx", ANY)))
    assert [(int(row["id"]), float(row["cell"])) for row in found] == [(row, row / 4) for row in range(1, 45_001)]
