"""Tryton's tables as somebody in the office exports them: other file names, German and Chinese headers, comma decimals,
days as 31.12.2026, several encodings; and the profile that reads them."""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from data_access.connectors.profile import PROFILES, Column, load_profile
from tests.real.servers import Postgres

FILES = {
    "sales_order_line": "Verkaufspositionen", "sales_order": "Verkäufe", "stock_move": "库存移动", "product": "产品",
    "customer": "Geschäftspartner", "invoice": "Rechnungen", "purchase_order_line": "采购订单行",
}  # fmt: skip
HEADERS = {
    "id": "Nr.", "name": "Name der Firma", "code": "Kürzel", "product": "产品编号", "quantity": "Menge (Basis)",
    "unit_price": "Preis je\nEinheit", "state": "状态", "party": "Partner-Nr.", "currency": "Währung",
    "sale": "Verkauf", "type": "Typ",
    "date": "Datum", "amount": "Betrag", "company": "公司", "origin": "Herkunft; Beleg",
}  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")
DAYS, INSTANTS = "%d.%m.%Y", "%d.%m.%Y %H:%M:%S.%f"


def header(column: str) -> str:
    return HEADERS.get(column, f"Feld {column.replace('_', ' ')}")


def file_name(stream: str) -> str:
    return f"{FILES.get(stream, f'Auszug {stream}')}.csv"


def export(server: Postgres, database: str, folder: Path) -> dict[str, int]:
    """Every table the profile `tryton` reads, as a file; stream -> rows."""
    found = {}
    for place, (name, spec) in enumerate(load_profile("tryton").stream.items()):
        origin = f'"{spec.table}"' if spec.table else f"({spec.query})"
        columns = ", ".join(column.expression or f'"{key}"' for key, column in spec.columns.items())
        where = (spec.where or "true").replace("{company}", "1")
        rows = server.sql(database, "SET TIME ZONE 'UTC'", f"SELECT {columns} FROM {origin} s WHERE {where}")
        path = folder / file_name(name)
        with open(path, "w", encoding=ENCODINGS[place % len(ENCODINGS)], newline="") as file:
            writer = csv.writer(file, delimiter=";" if place % 2 else "\t")
            writer.writerow([header(column) for column in spec.columns])
            writer.writerows([_cell(value) for value in row] for row in rows)
        found[name] = len(rows)
    return found


def profile() -> str:
    """The streams by their files, and the entities as the profile `tryton` has them."""
    parts = [
        'system = "auszug"\ntitle = "Exported tables"\nkind = "files"\n\n[files]\ndecimal = ","\nthousands = "."\n'
        f'dates = ["{DAYS}", "{INSTANTS}"]\nnulls = ["", "–"]\n'
    ]
    for name, spec in load_profile("tryton").stream.items():
        keys = ", ".join(f'"{key}"' for key in spec.key)
        columns = "".join(f"{key} = {_column(key, column)}\n" for key, column in spec.columns.items())
        parts.append(
            f'[stream.{name}]\ntable = "{file_name(name)}"\nkey = [{keys}]\n[stream.{name}.columns]\n{columns}'
        )
    entities = (PROFILES / "tryton.toml").read_text(encoding="utf-8").partition("# --- Entities")[2]
    return "\n".join(parts) + "\n#" + entities


def _column(name: str, column: Column) -> str:
    shown = header(name).replace("\n", " ")
    return f'{{ type = "{column.type}", from = "{shown}" }}'


def _cell(value: Any) -> str:
    """As a German office program writes it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime(INSTANTS)
    if isinstance(value, date):
        return value.strftime(DAYS)
    if isinstance(value, Decimal | float):
        whole, _, rest = f"{Decimal(repr(value) if isinstance(value, float) else value):,f}".partition(".")
        return whole.replace(",", ".") + ("," + rest if rest else "")
    return str(value)
