"""An order entered in the demo's ERP, as its own clients would."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FIRST_ORDER, FIRST_LINE = 900_000, 9_000_000


def order(folder: Path, number: int, cents: int) -> dict[str, Any]:
    """Enters a one-line order of today; the notice a client that pushes would send of it."""
    now = datetime.now(UTC)
    today = now.astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
    stamp = now.strftime("%Y-%m-%d %H:%M:%S")
    head, line, text = FIRST_ORDER + number, FIRST_LINE + number, f"SO-TEST-{number}"
    with sqlite3.connect(folder / "erp.db", timeout=30) as erp:
        (customer,) = erp.execute("SELECT min(cno) FROM cust WHERE del = 0").fetchone()
        (item,) = erp.execute("SELECT min(ino) FROM item").fetchone()
        (warehouse,) = erp.execute("SELECT min(wno) FROM whs").fetchone()
        _insert(erp, "so_h", sno=head, so_no=text, cno=customer, odat=today, ent=stamp, cur="CNY", rep="", chg=stamp)
        _insert(
            erp, "so_l", lno=line, sno=head, ino=item, wno=warehouse, qty=1, prc_m=cents, amt_m=cents, rdat=today,
            pdat=today, st="O", chg=stamp,
        )  # fmt: skip
    return {"entity": "sales_order_line", "key": str(line)}


def _insert(erp: sqlite3.Connection, table: str, **values: object) -> None:
    """One row; columns not given take a plain value of their type where NULL is not allowed."""
    for _, name, kind, required, default, _ in erp.execute(f"PRAGMA table_info({table})"):
        if required and default is None and name not in values:
            values[name] = 0 if "INT" in kind.upper() else ""
    marks = ", ".join("?" * len(values))
    erp.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values()))
