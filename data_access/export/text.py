"""A panel's rows as text in pieces: JSON with provenance, CSV no spreadsheet will execute."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from data_access.clock import iso
from data_access.export.extracts import Extract
from data_access.export.values import csv_cell, plain

BOM = b"\xef\xbb\xbf"


def to_json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=str).encode()


def origin(given: Extract) -> dict[str, Any]:
    """{panel, columns[{name, unit}], as_of, sources, version, filters, row_count, truncated, notes}."""
    result = given.result
    return {
        "panel": given.panel.name,
        "columns": [{"name": name, "unit": unit} for name, unit in zip(given.names, given.units, strict=True)],
        "as_of": iso(result.as_of),
        "sources": list(result.sources),
        "version": result.version,
        "filters": given.filters.as_dict(),
        "row_count": given.total,
        "truncated": False,
        "notes": {str(key): plain(value) for key, value in dict(result.notes or {}).items()},
    }


def json_pieces(given: Extract) -> Iterator[tuple[bytes, int]]:
    """(bytes, rows in them): one document, `origin` with rows[{column: value}]."""
    yield to_json(origin(given))[:-1] + b',"rows":[', 0
    comma = b""
    for batch in given.batches():
        rows = [dict(zip(given.names, map(plain, row), strict=True)) for row in batch]
        yield comma + to_json(rows)[1:-1], len(batch)
        comma = b","
    yield b"]}", 0


def csv_pieces(given: Extract) -> Iterator[tuple[bytes, int]]:
    """(bytes, rows in them): UTF-8 with a byte order mark, a header of column names."""
    yield BOM + _lines([given.names]), 0
    for batch in given.batches():
        yield _lines(batch), len(batch)


def _lines(rows: Any) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows([csv_cell(value) for value in row] for row in rows)
    return buffer.getvalue().encode()
