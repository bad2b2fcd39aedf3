"""A panel's rows into a file: whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from data_access.errors import TandemError
from data_access.export.extracts import Extract
from data_access.export.text import csv_pieces, json_pieces
from data_access.export.words import Words
from data_access.export.xlsx import write_xlsx

Progress = Callable[[int, int], None]
_PIECES: Mapping[str, Callable[[Extract], Iterator[tuple[bytes, int]]]] = {"json": json_pieces, "csv": csv_pieces}
_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
}
FORMATS = ("json", "csv", "xlsx")


def media_type(extension: str) -> str:
    """The content type of an export."""
    return _TYPES[extension]


def pieces(given: Extract, extension: str) -> Iterator[tuple[bytes, int]]:
    """(bytes, rows in them) of the formats that are made of text."""
    return _PIECES[extension](given)


def write(given: Extract, target: Path, words: Words, progress: Progress = lambda done, total: None) -> None:
    """The file `target` in the format its name ends with; it appears when it is complete. TandemError: not writable."""
    extension = target.suffix.removeprefix(".").lower()
    part = target.with_name(f".{target.name}.part")
    try:
        if extension == "xlsx":
            write_xlsx(given, part, words, progress)
        else:
            done = 0
            with part.open("wb") as file:
                for piece, rows in pieces(given, extension):
                    file.write(piece)
                    done += rows
                    progress(done, given.total)
        part.replace(target)
    except OSError as error:
        raise TandemError(f"{target} cannot be written ({error.strerror})", "choose another -o FILE") from error
    finally:
        part.unlink(missing_ok=True)
