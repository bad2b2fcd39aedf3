"""A panel's rows as a workbook: typed cells under a frozen header, continued on further sheets, then the provenance."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from data_access.export import provenance
from data_access.export.extracts import Batch, Extract
from data_access.export.formats import column_units, money_format, number_format
from data_access.export.values import flat, is_formula
from data_access.export.words import Words

SHEET_ROWS = 1_048_576
CELL_CHARACTERS = 32_767
EXACT_INTEGER = 10**15
FIRST_YEAR = 1900
WIDTH, PROVENANCE_WIDTH = (9, 60), (30, 24, 100)
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_OPTIONS = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}


def write_xlsx(given: Extract, target: Path, words: Words, progress: Callable[[int, int], None]) -> None:
    """Writes the workbook; memory does not grow with the rows."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(target), {**_OPTIONS, "tmpdir": str(target.parent)})
    try:
        book.set_properties({"title": words.title, "company": words.company, "author": "Tandem"})
        sheets = _Rows(book, given, words)
        done = 0
        progress(0, given.total)
        for batch in given.batches():
            sheets.write(batch)
            done += len(batch)
            progress(done, given.total)
        sheets.finish()
        _provenance(book, given, words, sheets)
    finally:
        book.close()


class _Rows:
    """The sheets that hold the rows, in batches."""

    def __init__(self, book: Any, given: Extract, words: Words) -> None:
        self.count, self.cut = 0, 0
        self._book, self._given, self._words = book, given, words
        self._zone = ZoneInfo(str(given.manifest["timezone"]))
        self._units = column_units(given.names, given.units, given.currency)
        self._row_unit = given.names.index("unit") if "row" in self._units else None
        self._money = money_format(given.currency, words.symbol)
        self._formats: dict[str, Any] = {}
        self._head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._quoted = book.add_format({"quote_prefix": True})
        self._title = _FORBIDDEN.sub(" ", words.title or given.panel.name).strip(" '") or given.panel.name
        self._sheet: Any = None
        self._row = 0
        self._widths = [0] * len(given.names)
        self._zoned: set[int] = set()

    def write(self, batch: Batch) -> None:
        if self._sheet is None:
            self._measure(batch)
        for row in batch:
            if self._sheet is None or self._row == SHEET_ROWS:
                self._next_sheet()
            money_row = None if self._row_unit is None else str(row[self._row_unit])
            for column, value in enumerate(row):
                unit = self._units[column]
                self._cell(column, value, money_row if unit == "row" else unit)
            self._row += 1

    def finish(self) -> None:
        if self._sheet is None:
            self._next_sheet()
        self._close_sheet()

    def _cell(self, column: int, value: Any, unit: str | None) -> None:
        value = _typed(value, self._zone)
        if isinstance(value, str):
            if len(value) > CELL_CHARACTERS:
                value, self.cut = value[:CELL_CHARACTERS], self.cut + 1
            self._sheet.write_string(self._row, column, value, self._quoted if is_formula(value) else None)
        elif isinstance(value, bool):
            self._sheet.write_boolean(self._row, column, value)
        elif value is not None:
            kind = self._format(number_format(value, unit, self._money))
            put = self._sheet.write_datetime if isinstance(value, date) else self._sheet.write_number
            put(self._row, column, value, kind)

    def _format(self, code: str) -> Any:
        if code not in self._formats:
            self._formats[code] = self._book.add_format({"num_format": code})
        return self._formats[code]

    def _measure(self, batch: Batch) -> None:
        """Widths by the first rows, and the columns that hold instants."""
        for column in range(len(self._given.names)):
            values = [row[column] for row in batch[:500]]
            self._widths[column] = max((_width(_typed(value, self._zone)) for value in values), default=0)
            if any(isinstance(value, datetime) and value.tzinfo is not None for value in values):
                self._zoned.add(column)

    def _next_sheet(self) -> None:
        self._close_sheet()
        self.count += 1
        number = f" {self.count}" if self.count > 1 else ""
        sheet = self._sheet = self._book.add_worksheet(self._title[: 31 - len(number)] + number)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        for column, name in enumerate(self._given.names):
            sheet.write_string(0, column, self._heading(column, name), self._head)
        self._row = 1

    def _heading(self, column: int, name: str) -> str:
        title, unit = self._words.column(name), self._units[column]
        more = self._given.currency if unit == "money" else self._zone.key if column in self._zoned else ""
        return f"{title} ({more})" if more else title

    def _close_sheet(self) -> None:
        if self._sheet is None or not self._given.names:
            return
        for column, name in enumerate(self._given.names):
            longest_word = max(map(_width, self._heading(column, name).split()), default=0) + 3
            width = max(WIDTH[0], min(WIDTH[1], max(self._widths[column] + 2, longest_word)))
            self._sheet.set_column(column, column, width)
        self._sheet.autofilter(0, 0, self._row - 1, len(self._given.names) - 1)


def _typed(value: Any, zone: ZoneInfo) -> Any:
    """What a cell can hold: text, truth, a number, a day or a local instant; None where there is nothing. Whole numbers
    of more digits than a cell keeps become text."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, (float, Decimal)):
        number = float(value)
        if -EXACT_INTEGER < number < EXACT_INTEGER:
            return number
        whole = isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value()
        return str(int(value)) if whole else number if math.isfinite(number) else None
    if isinstance(value, date):
        if value != value:
            return None
        day = _local(value, zone) if isinstance(value, datetime) else value
        return day if day.year >= FIRST_YEAR else day.isoformat()
    found = flat(value)
    return str(found) if isinstance(found, int) and abs(found) >= EXACT_INTEGER else found


def _local(moment: datetime, zone: ZoneInfo) -> date:
    """Without a zone, as a spreadsheet wants it; a midnight that never had one is a day."""
    if moment.tzinfo is None:
        plain = moment.replace(microsecond=0)
        return plain.date() if plain.time() == time.min else plain
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0)


def _width(value: Any) -> int:
    """Characters a cell needs; a Chinese one counts for two."""
    if value is None:
        return 0
    if isinstance(value, datetime):
        return 19
    if isinstance(value, str):
        line = max(value[:200].splitlines(), key=len, default="")
        return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)
    return 10 if isinstance(value, (bool, date)) else len(f"{value:,.2f}") + 2


def _provenance(book: Any, given: Extract, words: Words, rows: _Rows) -> None:
    sheet = book.add_worksheet(_FORBIDDEN.sub(" ", words.label("provenance"))[:31])
    bold = book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for column, width in enumerate(PROVENANCE_WIDTH):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    number = itertools.count()

    def put(lines: Iterable[Sequence[str]], head: Sequence[str]) -> None:
        for i, line in enumerate([[words.label(name) for name in head], *lines]):
            row = next(number)
            for column, text in enumerate(line):
                kind = bold if i == 0 or column == 0 else wrapped
                sheet.write_string(row, column, text[:CELL_CHARACTERS], kind)
        next(number)

    put(provenance.facts(given, words, rows.count, rows.cut), ["provenance"])
    put(provenance.columns(given, words), ["columns", "field", "unit"])
    if given.panel.metrics:
        put(provenance.definitions(given, words), ["metrics", "unit", "definition"])
