"""Which number format a value gets in a spreadsheet: by the unit of its column, its type and its size."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

# As in data_access/sync/sql/currency_digits.sql; a test compares them.
NO_MINOR_UNIT = frozenset({
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
    "XPF",
})  # fmt: skip
DATE, INSTANT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
WHOLE, FRACTION = "#,##0", "#,##0.00"
_FIXED = {"ratio": "0.0%", "percent": "0.0%", "weeks": "#,##0.0", "score": FRACTION, "count": WHOLE}
MONEY, ROW = "money", "row"


def money_format(currency: str, symbol: str) -> str:
    """Grouped, with the currency's own digits and its sign in front."""
    digits = WHOLE if currency in NO_MINOR_UNIT else FRACTION
    sign = f"[${symbol or currency + ' '}]"
    return f"{sign}{digits};-{sign}{digits}"


def column_units(names: Sequence[str], units: Sequence[str | None], currency: str) -> list[str | None]:
    """Units as formats need them: `money` for the base currency, `row` for a `value` whose unit stands beside it."""
    told = "unit" in names
    return [
        MONEY if unit == currency else ROW if unit is None and told and name == "value" else unit
        for name, unit in zip(names, units, strict=True)
    ]


def number_format(value: Any, unit: str | None, money: str) -> str:
    """The format code of one number, date or instant."""
    if isinstance(value, date):
        return INSTANT if isinstance(value, datetime) else DATE
    if unit in _FIXED:
        return _FIXED[unit]
    if unit == MONEY:
        return money
    return "General" if unit is None else WHOLE if float(value).is_integer() else FRACTION
