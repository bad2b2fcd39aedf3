"""A panel's rows as documents that leave the house: JSON with provenance, CSV no spreadsheet will execute."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from data_access.clock import iso
from data_access.filters import Filters
from data_access.panels import Panel, column_unit
from data_access.result import Result

FORMATS = ("json", "csv")
LATER = ("xlsx", "png", "svg", "pdf")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def document(panel: Panel, result: Result, filters: Filters, currency: str) -> dict[str, Any]:
    """{panel, columns[{name, unit}], rows, as_of, sources, version, filters, row_count, truncated, notes}."""
    columns = [{"name": str(name), "unit": column_unit(str(name), currency)} for name in result.frame.columns]
    rows = [dict(zip(result.frame.columns, map(plain, row), strict=True)) for row in _rows(result)]
    return {
        "panel": panel.name,
        "columns": columns,
        "rows": rows,
        "as_of": iso(result.as_of),
        "sources": list(result.sources),
        "version": result.version,
        "filters": filters.as_dict(),
        "row_count": len(rows),
        "truncated": result.truncated,
        "notes": {str(key): plain(value) for key, value in dict(result.notes or {}).items()},
    }


def to_json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=str).encode()


def to_csv(result: Result) -> bytes:
    """UTF-8 with a byte order mark; text that a spreadsheet would take for a formula gets a leading apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([_cell(str(name)) for name in result.frame.columns])
    for row in _rows(result):
        writer.writerow([_cell(plain(value)) for value in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def plain(value: Any) -> Any:
    """A JSON value: not-a-number and missing become None, instants and dates ISO text, decimals numbers."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if hasattr(value, "tolist") and not isinstance(value, (datetime, date)):
        return plain(value.tolist())
    if isinstance(value, Decimal):
        return plain(float(value))
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        return None if value != value else iso(value)
    if isinstance(value, date):
        return value.isoformat()
    return None if type(value).__name__ in ("NaTType", "NAType") or value != value else str(value)


def _rows(result: Result) -> Any:
    return result.frame.itertuples(index=False, name=None)


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, (list, dict)):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return "'" + value
    return value
