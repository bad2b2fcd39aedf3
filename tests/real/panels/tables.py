"""Two small databases shaped like what the oracles read, filled from a real ERP's and CRM's tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

Row = Sequence[Any]
ERP = {
    "itemcat": "cat, nam",
    "item": "ino, code, nam, cat, uom, src, cost_f, price_f, lt",
    "whs": "wno, code, nam",
    "cust": "cno, nam, taxno, prov, del",
    "fx": "cur, dat, rate",
    "so_h": "sno, so_no, cno, odat, ent, cur, oppref",
    "so_l": "lno, sno, ino, wno, qty, amt_m, rdat, pdat, st",
    "mv": "mno, mdat, ino, wfrom, wto, qty, typ, st, lno, cost_f",
    "po_l": "plno, ino, wno, qty, rcv, edat, st",
    "wo": "wono, ino, wno, qty, ddat, st",
    "inv": "ivno, sno, cno, idat, ddat, cur, amt_m, opn_m, st",
    "gl_cost": "per, kind, amt_f",
    "pay": "ivno, pdat, cur, amt_m",
}
NUMBERS = {"cat", "cno", "ino", "ivno", "lno", "mno", "plno", "sno", "wfrom", "wno", "wono", "wto"}
CRM = {
    "crm_account": "account_id, account_name, tax_identifier, segment, deleted",
    "crm_opportunity": "opportunity_id, account_id, topic, sales_stage, win_probability, currency_code, "
    "estimated_value, opened_date, estimated_close, closed_on, deleted",
    "crm_stage_log": "opportunity_id, to_stage, entered_on, deleted",
    "crm_case": "case_id, account_id, order_reference, product_code, opened_on, closed_on, priority, case_status, "
    "subject, satisfaction, deleted",
    "crm_lead": "lead_id, account_id, topic, lead_status, currency_code, estimated_value, expected_close, created_on, "
    "deleted",
    "crm_opportunity_product": "opportunity_id, product_code, quantity, deleted",
    "crm_activity": "account_id, opportunity_id, activity_type, happened_on, subject, deleted",
    "crm_contract": "contract_id, account_id, start_date, end_date, currency_code, contract_value, contract_status, "
    "deleted",
    "crm_campaign": "campaign_id, campaign_name, start_date, end_date, campaign_status, deleted",
    "crm_campaign_product": "campaign_id, product_code, planned_quantity, discount_percent, deleted",
}


def write(file: Path, tables: dict[str, str], rows: dict[str, Iterable[Row]]) -> None:
    """All tables; those without rows stay empty."""
    with closing(sqlite3.connect(file)) as connection, connection:
        for name, columns in tables.items():
            names = columns.split(", ")
            typed = (f"{column} NUMERIC" if column in NUMBERS else column for column in names)
            connection.execute(f"CREATE TABLE {name} ({', '.join(typed)})")
            given = ([_plain(value) for value in row] for row in rows.get(name, []))
            connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(names))})", given)


def _plain(value: Any) -> Any:
    """Whole numbers as such, others as floats (read back as exact ones), days as text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if value is None or isinstance(value, int | str | float) else str(value)


def minor(amount: Decimal | None, digits: int) -> int | None:
    """An amount in its currency's smallest unit, half-even."""
    if amount is None:
        return None
    return int(amount.scaleb(digits).quantize(Decimal(1), ROUND_HALF_EVEN))
