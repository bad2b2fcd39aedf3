"""Exports are whole: as many rows as there are, in every format the same, whatever stands in them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from data_access import snapshot
from data_access.errors import QueryError, TandemError, WarehouseError
from data_access.export import FORMATS, Words, extract, write
from data_access.export.extracts import Extract, of_result
from data_access.export.formats import NO_MINOR_UNIT
from data_access.export.text import origin
from data_access.export.xlsx import CELL_CHARACTERS
from data_access.filters import Filters
from data_access.panels import PANELS, read_panel
from data_access.result import Result
from data_access.snapshot import Snapshot
from data_access.warehouse import Reader
from tests.manyitems import HOSTILE, published

RUNWAY, LANES = PANELS["runway"], PANELS["runway_lanes"]
WORDS = Words(
    title="What sells / 库存 [*]: against what we hold", company="Kaichuan", symbol="¥", columns={"sku": "货号"}
)


def snapshot_of(folder: Path) -> Snapshot:
    reader = Reader(folder)
    reader.refresh()
    return reader.pinned()


@dataclass(frozen=True)
class Many:
    """Published items, more of them than a page holds."""

    folder: Path
    rows: int
    page: int


@pytest.fixture(scope="module", params=[25_000, pytest.param(250_000, marks=pytest.mark.soak)])
def items(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Many:
    rows: int = request.param
    folder = published(tmp_path_factory.mktemp("many") / "wh", rows, rows * 2 // 5)
    return Many(folder, rows, min(snapshot.MAX_ROWS, rows * 4 // 5))


@pytest.fixture
def many(items: Many, monkeypatch: pytest.MonkeyPatch) -> Many:
    monkeypatch.setattr(snapshot, "MAX_ROWS", items.page)
    return items


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("hostile") / "wh", len(HOSTILE), 2, HOSTILE)


def written(given: Extract, folder: Path, extension: str) -> bytes:
    target = folder / f"{given.panel.name}.{extension}"
    write(given, target, WORDS)
    return target.read_bytes()


def csv_rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def sheet_rows(sheet: Worksheet) -> list[list[Any]]:
    return [[unescape(value) if isinstance(value, str) else value for value in row] for row in sheet.values]


def test_more_rows_than_a_page_are_exported_as_many_as_there_are(many: Many, tmp_path: Path) -> None:
    snapshot = snapshot_of(many.folder)
    assert snapshot.query("overview/runway").truncated, "a page would cut them"
    given = extract(RUNWAY, snapshot)
    told = origin(given)
    assert (given.total, told["row_count"], told["truncated"]) == (many.rows, many.rows, False)
    head, *rows = csv_rows(written(given, tmp_path, "csv"))
    at = head.index("product_id"), head.index("weekly_sales")
    found = [(row[at[0]], float(row[at[1]])) for row in rows]
    assert len(found) == many.rows == len({name for name, _ in found})
    assert sum(value for _, value in found) == many.rows * (many.rows - 1) / 2 + many.rows / 4
    assert found[: many.page] == [
        (row[0], float(row[1]))
        for row in snapshot.query("overview/runway").frame[["product_id", "weekly_sales"]].itertuples(index=False)
    ], "in the order of the page"


def test_what_a_read_function_changes_is_exported_changed(many: Many, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rows are no query's: all of them are read again and changed again."""
    from data_access import overview

    original = overview.runway

    def doubled(reader: Any, scope: Any) -> Any:
        result = original(reader, scope)
        return replace(result, frame=result.frame.assign(on_hand=result.frame["on_hand"] * 2))

    monkeypatch.setattr(overview, "runway", doubled)
    monkeypatch.setattr(snapshot, "MAX_ROWS", 1_000)
    given = extract(RUNWAY, snapshot_of(many.folder))
    at = given.names.index("on_hand")
    total = sum(row[at] for batch in given.batches() for row in batch)
    assert (given.total, total) == (many.rows, 2 * many.rows * 99 / 2), "on hand of item i is i modulo 100"


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pages cut at 20 rows, sheets at 50."""
    monkeypatch.setattr(snapshot, "MAX_ROWS", 20)
    monkeypatch.setattr("data_access.export.extracts.BATCH_ROWS", 7)
    monkeypatch.setattr("data_access.export.xlsx.SHEET_ROWS", 50)
    yield


def test_all_formats_hold_the_same_rows_streamed_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_limits: None
) -> None:
    folder = published(tmp_path / "wh", 120, 8, HOSTILE)
    files = {name: written(extract(RUNWAY, snapshot_of(folder)), tmp_path, name) for name in FORMATS}
    monkeypatch.setattr(snapshot, "MAX_ROWS", 1_000)
    assert files["csv"] == written(extract(RUNWAY, snapshot_of(folder)), tmp_path, "csv"), "streamed as read at once"
    body = json.loads(files["json"])
    head, *lines = csv_rows(files["csv"])
    assert head == [column["name"] for column in body["columns"]] and len(lines) == body["row_count"] == 120
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    sheets = book.worksheets[:-1]
    cells = [row for sheet in sheets for row in sheet_rows(sheet)[1:]]
    assert [len(sheet_rows(sheet)) - 1 for sheet in sheets] == [49, 49, 22], "continued, none lost"
    assert [sheet.title[-2:] for sheet in sheets[1:]] == [" 2", " 3"]
    for row, line, cell in zip(body["rows"], lines, cells, strict=True):
        values = list(row.values())
        assert [same(value) for value in cell] == values
        assert line == [shown(value) for value in values]


def same(cell: object) -> object:
    """A workbook's cell as JSON has it."""
    return cell.date().isoformat() if isinstance(cell, datetime) else cell


def shown(value: object) -> str:
    """A JSON value as CSV has it."""
    if value is None:
        return ""
    if isinstance(value, str) and value.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        return "'" + value
    return f"{value:g}" if isinstance(value, float) and value.is_integer() else str(value)


def test_hostile_text_stays_whole_and_stays_text(hostile: Path, tmp_path: Path) -> None:
    given = extract(RUNWAY, snapshot_of(hostile))
    at, names = given.names.index("name"), set(HOSTILE)
    assert {row["name"] for row in json.loads(written(given, tmp_path, "json"))["rows"]} == names
    lines = csv_rows(written(extract(RUNWAY, snapshot_of(hostile)), tmp_path, "csv"))[1:]
    assert {line[at].removeprefix("'") for line in lines} == names
    data = written(extract(RUNWAY, snapshot_of(hostile)), tmp_path, "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    cells = [row[at] for row in sheet.iter_rows(min_row=2)]
    assert {unescape(str(cell.value)).replace("\r\n", "\n") for cell in cells} == {
        name.replace("\r\n", "\n") for name in names
    }
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}, "no formula, no number, no link"
    assert not any(cell.hyperlink for cell in cells)
    risky = [cell for cell in cells if str(cell.value).strip().startswith(("=", "@"))]
    assert len(risky) == 3 and all(cell.quotePrefix for cell in risky), "stays text when somebody edits it"


def test_a_text_no_cell_can_hold_is_cut_and_told(tmp_path: Path) -> None:
    folder = published(tmp_path / "wh", 3, 1, ["y" * 40_000])
    book = openpyxl.load_workbook(io.BytesIO(written(extract(RUNWAY, snapshot_of(folder)), tmp_path, "xlsx")))
    assert len(book.worksheets[0]["D2"].value) == CELL_CHARACTERS
    assert ["Cut", "3", None] in [list(row) for row in book["Provenance"].values]
    assert "y" * 40_000 in written(extract(RUNWAY, snapshot_of(folder)), tmp_path, "csv").decode()


def test_a_workbook_is_one_a_person_can_work_with(hostile: Path, tmp_path: Path) -> None:
    data = written(extract(RUNWAY, snapshot_of(hostile)), tmp_path, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == sheet.dimensions
    head = {cell.value: cell for cell in sheet[1]}
    assert all(cell.font.bold for cell in sheet[1])
    assert "货号" in head and "Weekly sales (CNY)" in head and "On hand" in head
    formats = {cell.value: sheet.cell(4, cell.column).number_format for cell in sheet[1]}
    assert formats["Weekly sales (CNY)"] == "[$¥]#,##0.00;-[$¥]#,##0.00"
    assert formats["Cover weeks"] == "#,##0.0" and formats["Next receipt date"] == "yyyy-mm-dd"
    assert formats["Next receipt quantity"] == "#,##0.00" and formats["Orders waiting"] == "#,##0"
    assert isinstance(sheet.cell(4, head["Next receipt date"].column).value, datetime)
    assert 9 <= sheet.column_dimensions["D"].width <= 61
    assert len(sheet.title) <= 31 and not re.search(r"[\[\]:*?/\\]", sheet.title)


def test_the_provenance_sheet_says_what_when_and_how_much(hostile: Path, tmp_path: Path) -> None:
    panel = PANELS["items"]
    filters = Filters((("category", ("Category 1", "=evil()")),))
    snapshot = snapshot_of(hostile)
    made = of_result(panel, snapshot, filters, read_panel(RUNWAY, snapshot))
    sheet = openpyxl.load_workbook(io.BytesIO(written(made, tmp_path, "xlsx")))["Provenance"]
    told = {str(row[0]): row[1] for row in sheet.values if row[0]}
    assert told["Panel"] == "items" and told["Rows"] == str(len(HOSTILE)) and told["Version"] == "1"
    assert told["Filter: Filter category"] == "Category 1, =evil()"
    assert told["As of"] == "2026-01-31 16:00:00 Asia/Shanghai" == told["Source: erp"]
    assert told["Published at"] == "2026-01-31 16:01:00 Asia/Shanghai"
    columns = [list(row) for row in sheet.values]
    assert ["货号", "sku", None] in columns or ["货号", "sku", ""] in columns
    assert ["Weekly sales", "weekly_sales", "CNY"] in columns
    definitions = {row[0]: row[2] for row in columns if len(row) > 2}
    assert "run-out" in str(definitions["at_risk"])
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_instants_are_told_in_the_companys_zone(tmp_path: Path) -> None:
    snapshot = snapshot_of(published(tmp_path / "wh", 1))
    frame = pd.DataFrame(
        {
            "happened_at": [pd.Timestamp("2026-01-31T20:30:15Z"), pd.NaT],
            "week_start": [pd.Timestamp("2026-01-26"), pd.NaT],
            "big": [12345678901234567890, 5],
            "flag": [True, False],
            "series": [[1.5, None], []],
            "share": [float("nan"), 0.256],
        }
    )
    made = of_result(RUNWAY, snapshot, Filters(), Result(frame, datetime(2026, 1, 31, tzinfo=UTC), ("erp",), 1))
    sheet = openpyxl.load_workbook(io.BytesIO(written(made, tmp_path, "xlsx"))).worksheets[0]
    rows = sheet_rows(sheet)
    assert rows[0][0] == "Happened at (Asia/Shanghai)"
    assert rows[1] == [
        datetime(2026, 2, 1, 4, 30, 15),
        datetime(2026, 1, 26),
        "12345678901234567890",
        True,
        "[1.5, null]",
        None,
    ]
    assert rows[2] == [None, None, 5, False, "[]", 0.256]
    assert sheet["B2"].number_format == "yyyy-mm-dd" and sheet["F3"].number_format == "0.0%"


def test_rows_that_go_missing_are_noticed(hostile: Path, tmp_path: Path) -> None:
    given = extract(RUNWAY, snapshot_of(hostile))
    short = Extract(
        given.panel, given.filters, given.result, given.names, given.total + 1, given.manifest, None, given._read
    )
    with pytest.raises(WarehouseError, match=f"{len(HOSTILE)} rows were read where there are {len(HOSTILE) + 1}"):
        written(short, tmp_path, "csv")
    assert not list(tmp_path.iterdir()), "nothing half-made is left"


def test_no_rows_are_an_empty_table_with_its_head(tmp_path: Path) -> None:
    snapshot = snapshot_of(published(tmp_path / "wh", 0))
    assert json.loads(written(extract(RUNWAY, snapshot), tmp_path, "json"))["rows"] == []
    assert len(csv_rows(written(extract(RUNWAY, snapshot), tmp_path, "csv"))) == 1
    book = openpyxl.load_workbook(io.BytesIO(written(extract(RUNWAY, snapshot), tmp_path, "xlsx")))
    assert len(sheet_rows(book.worksheets[0])) == 1 and len(book.worksheets) == 2


def test_a_file_that_cannot_be_written_is_told(hostile: Path, tmp_path: Path) -> None:
    with pytest.raises(TandemError, match="cannot be written"):
        write(extract(RUNWAY, snapshot_of(hostile)), tmp_path / "nowhere" / "x.csv", WORDS)


def test_currencies_without_cents_are_those_of_the_models() -> None:
    text = (Path(snapshot.__file__).parent / "sync/sql/currency_digits.sql").read_text()
    assert set(re.search(r"'([A-Z ]+)'", text)[1].split()) == NO_MINOR_UNIT  # type: ignore[index]


def test_a_version_that_is_gone_is_told(hostile: Path) -> None:
    with pytest.raises(WarehouseError, match="wh-9.json is missing"):
        Reader(hostile).open(9)
    with pytest.raises(QueryError):
        Reader(hostile).open(1).stream("overview/nothing", snapshot.EVERYONE, 10)
