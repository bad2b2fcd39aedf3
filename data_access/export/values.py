"""One value on its way out: plain for JSON, harmless for a spreadsheet."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from data_access.clock import iso

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_FIRST = frozenset((" ", *_FORMULA))
_EXACT = 2.0**53


def plain(value: Any) -> Any:
    """A JSON value: not-a-number and missing become None, instants and dates ISO text, decimals numbers."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, (float, Decimal)):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return None if value != value else iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return None if type(value).__name__ in ("NaTType", "NAType") or value != value else str(value)


def flat(value: Any) -> str | int | float | bool | None:
    """A plain value for one cell: lists and mappings become their JSON text."""
    found = plain(value)
    if isinstance(found, (list, dict)):
        return json.dumps(found, ensure_ascii=False)
    return found  # type: ignore[no-any-return]


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would reckon with this text."""
    return text[:1] in _FIRST and text.lstrip(" ").startswith(_FORMULA)


def csv_cell(value: Any) -> object:
    """A cell of a CSV file: text that looks like a formula gets a leading apostrophe, whole numbers have no point."""
    kind = type(value)
    if kind is float and math.isfinite(value):
        return int(value) if value.is_integer() and abs(value) < _EXACT else value
    found = value if kind in (str, int) else flat(value)
    if isinstance(found, str):
        return "'" + found if is_formula(found) else found
    if isinstance(found, float) and found.is_integer() and abs(found) < _EXACT:
        return int(found)
    return "" if found is None else found
