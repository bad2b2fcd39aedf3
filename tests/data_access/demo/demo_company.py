"""The small demo company of these tests, opened."""

import json
import sqlite3
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

TODAY = date(2026, 11, 23)
LINES = 3000


class Company(SimpleNamespace):
    """The folder of a demo company with open databases."""

    folder: Path
    erp: sqlite3.Connection
    crm: sqlite3.Connection
    truth: dict[str, Any]


def open_company(folder: Path) -> Company:
    erp, crm = (sqlite3.connect(folder / f"{name}.db", timeout=10) for name in ("erp", "crm"))
    return Company(folder=folder, erp=erp, crm=crm, truth=json.loads((folder / "truth.json").read_text("utf-8")))
