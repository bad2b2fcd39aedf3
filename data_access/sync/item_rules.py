"""Rules of single items that a planner sets over the ERP's: the CSV of [planning] items."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from data_access.connectors.profile import suggest
from data_access.errors import ConfigError
from data_access.sync.csvfile import text_of

HINT = (
    "columns are sku and any of lead_time_days, safety_stock, service_level, min_order_qty, order_multiple, cover_weeks"
)
MOST = Decimal(10) ** 11
LIMITS: dict[str, tuple[Decimal, Decimal]] = {  # column -> smallest and largest value
    "lead_time_days": (Decimal(0), Decimal(3650)),
    "safety_stock": (Decimal(0), MOST),
    "service_level": (Decimal("0.5"), Decimal("0.9999")),
    "min_order_qty": (Decimal(0), MOST),
    "order_multiple": (Decimal(0), MOST),
    "cover_weeks": (Decimal(1), Decimal(52)),
}
WHOLE = ("lead_time_days", "cover_weeks")


def read(path: Path) -> list[tuple[str | None, ...]]:
    """(sku, a value a column of LIMITS as text, None where the ERP's stays); ConfigError names the file and the first
    line or column that cannot be used."""
    rows = csv.DictReader(text_of(path, "item rules", "[planning] items").splitlines(), strict=True)
    try:
        columns, lines = rows.fieldnames or (), [(rows.line_num, row) for row in rows]
    except csv.Error as error:
        raise ConfigError(f"{path.name}: line {rows.line_num} cannot be read ({error})", "close its quotes") from error
    if "sku" not in columns or len(set(columns)) < len(columns):
        raise ConfigError(f"{path.name}: there is no column sku, or one column twice", HINT)
    for column in columns:
        if column != "sku" and column not in LIMITS:
            raise ConfigError(f'{path.name}: unknown column "{column}"', suggest(column, ("sku", *LIMITS)))
    found: dict[str, tuple[str | None, ...]] = {}
    for line, row in lines:
        sku = (row["sku"] or "").strip()
        if None in row or not sku:
            raise ConfigError(f"{path.name}: line {line} cannot be read", HINT)
        if sku in found:
            raise ConfigError(f"{path.name}: line {line}: {sku} has a rule already", "keep one line a SKU")
        found[sku] = (sku, *(_value(path, line, name, row.get(name)) for name in LIMITS))
    return list(found.values())


def _value(path: Path, line: int, column: str, text: str | None) -> str | None:
    if text is None or not text.strip():
        return None
    low, high = LIMITS[column]
    try:
        value = Decimal(text.strip())
        good = "_" not in text and value.is_finite() and low <= value <= high
        good = good and (column not in WHOLE or value == value.to_integral_value())
    except ArithmeticError:
        good = False
    if not good:
        kind = "a whole number" if column in WHOLE else "a number"
        limits = f"{low} to {high:,}"
        raise ConfigError(f'{path.name}: line {line}: "{text.strip()}" is no {column}', f"write {kind}, {limits}")
    return str(value)
