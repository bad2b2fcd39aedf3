"""Files taken in whole into a DuckDB of their own before a row of them is given on: what is damaged is told first,
memory stays bounded, and a file that is written meanwhile changes nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa

from data_access.connectors.base import CURSOR_COLUMN
from data_access.connectors.files import csvtext, encoding, headers, workbook
from data_access.connectors.files.form import FileForm
from data_access.connectors.files.listing import File
from data_access.connectors.files.values import literal, value
from data_access.connectors.profile import Stream
from data_access.errors import SourceError

MEMORY = "512MB"
PREFIX = "tandem-files-"
PLACE_COLUMN = "_place"


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class Spool:
    """The files of one stream. Rows carry their place (file and line); where later files win, their file's stamp."""

    def __init__(self, spec: Stream, profile: str) -> None:
        self.spec, self.profile = spec, profile
        self.form = spec.files or FileForm()
        _clear_dead()
        self._folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self._remove = weakref.finalize(self, shutil.rmtree, self._folder, True)
        options: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY, "threads": 2, "temp_directory": str(self._folder / "tmp"),
            "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
            "python_enable_replacements": "false", "enable_external_file_cache": "false",  # one name, many files
        }  # fmt: skip
        self.con = duckdb.connect(str(self._folder / "spool.duckdb"), config=options)
        self.con.execute("SET TimeZone = 'UTC'")
        self._files: list[File] = []

    def close(self) -> None:
        self.con.close()
        self._remove()

    def add(self, folder: Path, file: File) -> None:
        """Takes in a file; later ones win. SourceError, naming file and line, for one that is damaged. A workbook
        without the sheet of a stream that may be empty has no rows of it."""
        try:
            self._add(folder, file)
        except workbook.NoSheet:
            if not self.form.optional:
                raise
        except duckdb.Error as error:
            told = str(error).split("\n")[0][:200]
            hint = "free space and memory where temporary files go, and check the file"
            raise SourceError(f"{file.name} cannot be taken in: {told}", hint) from error
        except OSError as error:
            hint = "check its permissions, who has it open, and the space for temporary files"
            raise SourceError(f"{file.name} cannot be read ({error.strerror})", hint) from error

    def _add(self, folder: Path, file: File) -> None:
        number = len(self._files)
        path, raw = folder / file.name, f"raw{number}"
        where = f"{file.name} ({self.profile})"
        if path.suffix.lower() in workbook.ENDINGS:
            sheet = workbook.Sheet(path, self.form)
            places = headers.places(f"{where}, sheet {sheet.title}", self.spec, sheet.headers)
            line = workbook.load(self.con, raw, sheet, _present(places))
            at = f"{file.name}, sheet {sheet.title}, row "
        else:
            dialect = csvtext.dialect(path, self.form, list(headers.wanted(self.spec).values()))
            text = encoding.as_utf8(path, dialect.encoding, self._folder / "text")
            places = headers.places(where, self.spec, dialect.headers)
            line = csvtext.load(self.con, raw, text, dialect, _present(places), self._folder / "file.csv")
            at = f"{file.name}, line "
        self.con.execute(f"CREATE VIEW file{number} AS {self._typed(raw, places, line, at, file, number)}")
        self._files.append(file)

    def _typed(self, raw: str, places: dict[str, int | None], line: str, at: str, file: File, number: int) -> str:
        columns = []
        for name, column in self.spec.columns.items():
            place = places[name]
            cell = "NULL::VARCHAR" if place is None else f"c{place}"
            columns.append(f"{value(cell, column, self.form)} AS {quote(name)}")
        stamp = "NULL::TIMESTAMPTZ"
        if self.form.mode == "append":
            stamp = f"TIMESTAMPTZ {literal(file.changed_at.isoformat())}"
        filled = ", ".join(f"nullif(trim(c{place}), '')" for place in _present(places)) or "NULL"
        return (
            f"SELECT {literal(at)} || ({line}) AS {PLACE_COLUMN}, {', '.join(columns)}, {stamp} AS {CURSOR_COLUMN},"
            f" {number} AS _file FROM {raw} WHERE coalesce({filled}) IS NOT NULL"
        )

    def rows(self, page_rows: int, only: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """The rows that count, of all files or of those with these names."""
        columns = ", ".join(quote(name) for name in self.spec.columns)
        numbers = [i for i, file in enumerate(self._files) if only is None or file.name in only]
        yield from self._pages(f"{PLACE_COLUMN}, {columns}, {CURSOR_COLUMN}", numbers, page_rows)

    def keys(self, page_rows: int) -> Iterator[pa.Table]:
        columns = ", ".join(quote(name) for name in self.spec.key)
        yield from self._pages(f"{columns}, {CURSOR_COLUMN}", range(len(self._files)), page_rows)

    def by_keys(self, keys: Sequence[tuple[object, ...]], page_rows: int) -> Iterator[pa.Table]:
        names = [f"k{i}" for i in range(len(self.spec.key))]
        columns = [pa.array([str(value) for value in column], pa.string()) for column in zip(*keys, strict=True)]
        self.con.execute("DROP TABLE IF EXISTS asked")
        self.con.register("asked_keys", pa.table(columns, names=names))
        self.con.execute("CREATE TABLE asked AS FROM asked_keys")
        self.con.unregister("asked_keys")
        match = " AND ".join(f"a.{k} = r.{quote(key)}" for k, key in zip(names, self.spec.key, strict=True))
        columns_ = ", ".join(quote(name) for name in self.spec.columns)
        chosen = f"{PLACE_COLUMN}, {columns_}, {CURSOR_COLUMN}"
        asked = f" AND EXISTS (FROM asked a WHERE {match})"
        yield from self._pages(chosen, range(len(self._files)), page_rows, asked)

    def _pages(self, columns: str, numbers: Sequence[int], page_rows: int, and_: str = "") -> Iterator[pa.Table]:
        for number in numbers:
            self._note_later(number)
            later = " AND ".join(f"l.{quote(key)} = r.{quote(key)}" for key in self.spec.key)
            where = f"NOT EXISTS (FROM later l WHERE {later})" if self._superseded(number) else "true"
            found = self.con.execute(f"SELECT {columns} FROM file{number} r WHERE {where}{and_}")
            for batch in found.to_arrow_reader(page_rows):
                if batch.num_rows:
                    yield pa.Table.from_batches([batch])

    def _superseded(self, number: int) -> bool:
        """Whether rows of this file may stand in later ones, which win."""
        return self.form.mode == "append" and number + 1 < len(self._files)

    def _note_later(self, number: int) -> None:
        """Table `later`: the keys of the files after this one."""
        if not self._superseded(number):
            return
        keys = ", ".join(quote(key) for key in self.spec.key)
        later = " UNION ".join(f"SELECT {keys} FROM file{i}" for i in range(number + 1, len(self._files)))
        self.con.execute(f"CREATE OR REPLACE TABLE later AS {later}")

    def wrong_cells(self) -> list[tuple[str, str, str, int]]:
        """(column, a cell, its place, how many) of the columns with cells that are not of their type."""
        found = []
        for name, column in self.spec.columns.items():
            cell, kind = quote(name), column.duckdb_type
            if column.type == "text":
                continue
            for number in range(len(self._files)):
                query = (
                    f"SELECT arg_min({cell}, rowid), arg_min({PLACE_COLUMN}, rowid), count(*) FROM"
                    f" (SELECT *, row_number() OVER () AS rowid FROM file{number})"
                    f" WHERE {cell} IS NOT NULL AND TRY_CAST({cell} AS {kind}) IS NULL"
                )
                row = self.con.execute(query).fetchone()
                if row is not None and row[2]:
                    found.append((name, str(row[0]), str(row[1]), int(row[2])))
        return found


@cache
def _clear_dead() -> None:
    """Removes what processes that were killed have left, once in the life of this one."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        number = left.name.removeprefix(PREFIX).partition("-")[0]
        try:
            os.kill(int(number), 0)
        except ProcessLookupError:
            shutil.rmtree(left, ignore_errors=True)
        except (OSError, ValueError):
            continue


def _present(places: dict[str, int | None]) -> list[int]:
    return [place for place in places.values() if place is not None]


def no_file(folder: Path, pattern: str, names: Sequence[str]) -> SourceError:
    near = headers.near(pattern, names).split("the file has")[0]
    return SourceError(f"{folder.name}: no file is called {pattern}", f"{near}put it there, or correct table")
