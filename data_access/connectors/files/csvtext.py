"""CSV files: their dialect, their header, and their records into DuckDB as exact text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from data_access.connectors.files import encoding
from data_access.connectors.files.form import FileForm
from data_access.connectors.files.headers import plain
from data_access.connectors.files.values import literal
from data_access.errors import SourceError

DELIMITERS = (",", ";", "\t", "|")
LINE_BYTES = 2_000_000  # the longest record DuckDB is let read
_HEADER_RECORDS = 50
_KEPT = "nothing of it was taken, what was read before stays; export it again"


@dataclass(frozen=True)
class Dialect:
    """skip: lines before the header; lines: of the header itself."""

    encoding: str
    delimiter: str
    headers: tuple[str, ...]
    skip: int
    lines: int


def dialect(path: Path, form: FileForm, wanted: Sequence[str]) -> Dialect:
    """From the beginning of the file; delimiter and encoding, where not configured, are those that give most of the
    wanted headers (a few Chinese words in GB18030 can be UTF-8 by chance)."""
    encodings = ("auto", "gb18030") if form.encoding == "auto" else (form.encoding,)
    found = max((_read_header(path, form, one, wanted) for one in encodings), key=lambda one: _known(one, wanted))
    if not any(found.headers):
        raise SourceError(f"{path.name} has no header in line {form.header}", "set header to the row of column names")
    return found


def _read_header(path: Path, form: FileForm, encoded: str, wanted: Sequence[str]) -> Dialect:
    text = encoding.sample(path, encoded)
    skip, delimiter = form.header - 1, form.delimiter
    told = re.match(r"sep=(.)\r?\n", text)
    if told:
        skip, delimiter = skip + 1, delimiter or told[1]
    body = "".join(islice(io.StringIO(text, newline=""), skip, None))
    tried = [_header(body, encoded, one, skip) for one in ((delimiter,) if delimiter else DELIMITERS)]
    return max(tried, key=lambda one: _score(body, one, wanted))


def _known(made: Dialect, wanted: Sequence[str]) -> int:
    return len(set(made.headers) & set(wanted))


def _header(body: str, encoded: str, delimiter: str, skip: int) -> Dialect:
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
    headers = next(_tolerant(reader), [])
    return Dialect(encoded, delimiter, tuple(plain(header) for header in headers), skip, reader.line_num)


def _score(body: str, made: Dialect, wanted: Sequence[str]) -> tuple[int, bool, int]:
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=made.delimiter)
    widths = {len(record) for record in islice(_tolerant(reader), _HEADER_RECORDS) if record}
    return _known(made, wanted), len(widths) == 1, len(made.headers)


def _tolerant(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    """Records up to the first that is none (a sample may end in the middle of one)."""
    while True:
        try:
            yield next(reader)
        except (StopIteration, csv.Error):
            return


def load(
    con: duckdb.DuckDBPyConnection, table: str, text: encoding.Text, form: Dialect, chosen: Sequence[int], link: Path
) -> str:
    """`table` with c<place> of the chosen columns; answers the expression of a row's line. SourceError with the line
    where the file is damaged. link: a path DuckDB can be given without meaning a pattern or an address."""
    picked = ", ".join(f"c{place}" for place in sorted(set(chosen))) or "c0"
    statement = f"CREATE OR REPLACE TABLE {table} AS SELECT {picked} FROM {_source(link, form)}"
    link.unlink(missing_ok=True)
    link.symlink_to(text.path)
    told = "it has other records than it seems"
    try:
        con.execute(statement)
        if line := _lines(con, table, text, form):
            return line
    except duckdb.InvalidInputException as error:
        told = str(error).split("\n")[0].removeprefix("Invalid Input Error: ")
        _find_damage(str(error), text, form)
    _write_evenly(text, form, link)
    with suppress(duckdb.InvalidInputException):
        con.execute(statement)
        if line := _lines(con, table, text, form):
            return line
    hint = f"set delimiter, or save it anew: {_KEPT}"
    raise SourceError(f"{text.name} is not CSV as it should be: {told[:200]}", hint)


def _source(path: Path, form: Dialect) -> str:
    """The file as a table function."""
    names = [f"c{place}" for place in range(len(form.headers))]
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    return (
        f"read_csv({literal(str(path))}, auto_detect = false, columns = {{{columns}}}, header = true,"
        f" skip = {form.skip}, delim = {literal(form.delimiter)}, quote = '\"', escape = '\"', strict_mode = true,"
        f" null_padding = false, max_line_size = {LINE_BYTES})"
    )


def _write_evenly(text: encoding.Text, form: Dialect, target: Path) -> None:
    """A copy in which all records end alike: DuckDB fails on some files whose records do not, or loses their rows."""
    target.unlink()
    with open(target, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=form.delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerows([""] for _ in range(form.skip))
        writer.writerow(form.headers)
        writer.writerows(record for _, record in _records(text.path, form) if record)


def _lines(con: duckdb.DuckDBPyConnection, table: str, text: encoding.Text, form: Dialect) -> str | None:
    """A record's line is its place in the table, unless some records have several lines or stand between empty ones.
    None when the table has more or fewer records than the file."""
    row = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    records, before = (row[0] if row else 0), form.skip + form.lines
    if text.lines == before + records:
        return f"rowid + {before + 1}"
    numbers = pa.array((line for line, record in _records(text.path, form) if record), type=pa.int64())
    if len(numbers) != records:
        return None
    con.register("numbers", pa.table({"_line": numbers}))
    con.execute(f"ALTER TABLE {table} RENAME TO unnumbered")
    con.execute(f"CREATE TABLE {table} AS SELECT n._line, t.* FROM unnumbered t POSITIONAL JOIN numbers n")
    con.execute("DROP TABLE unnumbered")
    con.unregister("numbers")
    return "_line"


def _records(path: Path, form: Dialect, *, strict: bool = False) -> Iterator[tuple[int, list[str] | None]]:
    """(first line, fields) of every record after the header; None for the fields of one that does not end (strict)."""
    before = csv.field_size_limit(4 * LINE_BYTES)
    try:
        with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:
            for _ in range(form.skip):
                next(file, None)
            reader = csv.reader(file, delimiter=form.delimiter, strict=strict)
            next(reader, None)
            while True:
                line = form.skip + reader.line_num + 1
                try:
                    yield line, next(reader)
                except StopIteration:
                    return
                except csv.Error:
                    yield line, None
                    return
    finally:
        csv.field_size_limit(before)


def _find_damage(told: str, text: encoding.Text, form: Dialect) -> None:
    """SourceError for the first damaged record, by its line in the file."""
    width, remedy = len(form.headers), f"it is cut off or damaged: {_KEPT}"
    for line, record in _records(text.path, form, strict=True):
        where = f"{text.name} line {line}"
        if record is None:
            problem = f"opens a quote that never closes, or is longer than {LINE_BYTES:,} bytes"
            raise SourceError(f"{where} {problem}", remedy)
        if record and len(record) != width:
            raise SourceError(f"{where} has {len(record)} columns where the header has {width}", remedy)
        if sum(map(len, record)) * 4 > LINE_BYTES and "line size" in told.lower():
            raise SourceError(f"{where} is longer than {LINE_BYTES:,} bytes", f"shorten it: {_KEPT}")
