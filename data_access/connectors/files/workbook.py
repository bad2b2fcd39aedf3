"""Excel and OpenDocument workbooks: one sheet's rows into DuckDB as text that says exactly what the cells hold."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from data_access.connectors.arrow import CELL_ERROR
from data_access.connectors.files.form import FileForm
from data_access.connectors.files.headers import near, plain
from data_access.connectors.files.values import TYPED
from data_access.errors import SourceError

ENDINGS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
EXPANDED_BYTES = 1 << 29
INDEX_BYTES = 10 << 20
CELL_CHARACTERS = 1_000_000
BATCH_ROWS = 20_000
_SPLIT = "export it as CSV, or split it"
_CELL = re.compile(rb"<c\b[^>]*>")
_PLACE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_IS_ERROR = re.compile(rb"""\bt=["']e["']""")


class NoSheet(SourceError):
    """The workbook has no sheet of that name."""


class Sheet:
    """One sheet, opened: its headers, and the rows below them with their numbers."""

    def __init__(self, path: Path, form: FileForm) -> None:
        self.name = path.name
        _guard_size(path, path.stat().st_mtime_ns)
        with _errors(self.name):
            from python_calamine import CalamineWorkbook

            with CalamineWorkbook.from_path(str(path)) as book:
                self.title = _title(path.name, book.sheet_names, form.sheet)
                self._sheet = book.get_sheet_by_name(self.title)
                self.headers, self._first = self._read_header(form.header)
        self._wrong = _error_cells(path, self.title)

    def _read_header(self, row: int) -> tuple[tuple[str, ...], int]:
        start = self._sheet.start
        if start is None or row - 1 < start[0]:
            raise SourceError(f"{self.name}, sheet {self.title}: no column names in row {row}", "set header to theirs")
        found = next(islice(self._sheet.iter_rows(), row - 1, None), [])  # rows from the first, columns from start
        return ("",) * start[1] + tuple(plain(cell) for cell in found), row

    def rows(self, chosen: Sequence[int]) -> Iterator[tuple[int, list[str | None]]]:
        """(row number, texts of the chosen columns) of every row below the header that holds anything."""
        left = self._sheet.start[1] if self._sheet.start else 0
        with _errors(self.name):
            for row, cells in enumerate(self._sheet.iter_rows(), 1):
                if row <= self._first:
                    continue
                texts = [self._text(row, place, cells, left) for place in chosen]
                if any(text is not None for text in texts):
                    yield row, texts

    def _text(self, row: int, place: int, cells: list[Any], left: int) -> str | None:
        if (row, place) in self._wrong:
            return CELL_ERROR + self._wrong[row, place]
        text = shown(cells[place - left]) if left <= place < left + len(cells) else None
        if text is not None and len(text) > CELL_CHARACTERS:
            where = f"{self.name}, sheet {self.title}, row {row}"
            raise SourceError(f"{where}: a cell is longer than {CELL_CHARACTERS:,} characters", "shorten it")
        return text


def load(con: duckdb.DuckDBPyConnection, table: str, sheet: Sheet, chosen: Sequence[int]) -> str:
    """`table` with c<place> of the chosen columns; answers the expression of a row's number."""
    places = sorted(set(chosen))
    names = ["_line", *(f"c{place}" for place in places)]
    con.execute(f"CREATE TABLE {table} (_line BIGINT{''.join(f', c{place} VARCHAR' for place in places)})")
    rows = sheet.rows(places)
    while batch := list(islice(rows, BATCH_ROWS)):
        columns = list(zip(*((number, *texts) for number, texts in batch), strict=True))
        arrays = [pa.array(columns[0], pa.int64()), *(pa.array(column, pa.string()) for column in columns[1:])]
        con.register("batch", pa.table(arrays, names=names))
        con.execute(f"INSERT INTO {table} FROM batch")
        con.unregister("batch")
    return "_line"


def shown(cell: object) -> str | None:
    """A cell as text: whole numbers without point or exponent, others with the 15 digits Excel shows, days and instants
    by ISO 8601."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        whole = isinstance(cell, int) or cell.is_integer()
        return TYPED + (str(int(cell)) if whole else format(cell, ".15g"))
    if isinstance(cell, datetime):
        return TYPED + cell.isoformat(" ")
    if isinstance(cell, date | time):
        return TYPED + cell.isoformat()
    if isinstance(cell, timedelta):
        return TYPED + str(cell.total_seconds() / 86400)
    return str(cell)


def _title(name: str, titles: Sequence[str], wanted: str | None) -> str:
    if wanted is None:
        if not titles:
            raise SourceError(f"{name} has no sheets", "export it again")
        return titles[0]
    for title in titles:
        if plain(title) == plain(wanted):
            return title
    raise NoSheet(f'{name} has no sheet "{wanted}"', near(wanted, titles).replace("from in", "sheet in"))


@lru_cache(maxsize=64)
def _guard_size(path: Path, _written: int) -> None:
    """SourceError for a file that is too large, or becomes too large when it is unpacked."""
    if path.stat().st_size > EXPANDED_BYTES:
        raise SourceError(f"{path.name} is larger than {EXPANDED_BYTES >> 20} MB", _SPLIT)
    if not zipfile.is_zipfile(path):
        return
    with _errors(path.name), zipfile.ZipFile(path) as packed:
        left = EXPANDED_BYTES
        if sum(entry.file_size for entry in packed.infolist()) > left:
            raise SourceError(f"{path.name} unpacks to more than {EXPANDED_BYTES >> 20} MB", _SPLIT)
        for entry in packed.infolist():  # what the entries say of themselves need not be true: a false size is an error
            with packed.open(entry) as stream:
                while chunk := stream.read(1 << 20):
                    left -= len(chunk)


def _error_cells(path: Path, title: str) -> dict[tuple[int, int], str]:
    """(row, column from 0) -> error of the cells that hold one (of .xlsx and .xlsm: elsewhere they read as empty)."""
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return {}
    found: dict[tuple[int, int], str] = {}
    with _errors(path.name), zipfile.ZipFile(path) as packed, packed.open(_entry(packed, title)) as stream:
        rest = b""
        while chunk := stream.read(1 << 20):
            whole, mark, rest = (rest + chunk).rpartition(b"<c ")  # the last cell may go on in the next chunk
            found |= _errors_in(whole)
            rest = mark + rest
        found |= _errors_in(rest)
    return found


def _errors_in(xml: bytes) -> dict[tuple[int, int], str]:
    found = {}
    for cell in _CELL.finditer(xml):
        place = _PLACE.search(cell[0]) if _IS_ERROR.search(cell[0]) else None
        if place:
            value = re.search(rb"<v>([^<]*)</v>", xml[cell.end() : cell.end() + 10_000])
            found[int(place[2]), column_number(place[1].decode())] = value[1].decode() if value else "error"
    return found


def column_number(letters: str) -> int:
    """A -> 0, Z -> 25, AA -> 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _entry(packed: zipfile.ZipFile, title: str) -> str:
    """The archive's entry of a sheet."""
    from xml.etree import ElementTree

    if packed.getinfo("xl/workbook.xml").file_size > INDEX_BYTES:
        raise ValueError("its list of sheets is too long")
    book = ElementTree.fromstring(packed.read("xl/workbook.xml"))
    links = ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet") and sheet.get("name") == title:
            by = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
            target = targets.get(by, "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError(title)


@contextmanager
def _errors(name: str) -> Iterator[None]:
    """Whatever a damaged workbook does to its readers becomes a SourceError."""
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError as error:
        raise SourceError(f"{name} is protected by a password", "save it without one") from error
    except (CalamineError, zipfile.BadZipFile, KeyError, ValueError, EOFError, OSError, SyntaxError) as error:
        told = " ".join(str(error).split())[:200]
        raise SourceError(f"{name} cannot be read as a workbook: {told}", "it is damaged: save it again") from error
