"""What the customers page reads: every customer, and the same rows by segment, the largest, and those who buy less.

A customer's segment (`rfm`) is one of SEGMENTS. The points below are F + M: orders and booked money of the last 24
months, each 1 to 5 by fifths among all who ordered in them (0 for the others).

- best (9 or 10), loyal (6 to 8), promising (5 and less): ordered in the last 91 days; new: for the first time in them.
- slipping (6 and more), occasional (5 and less): last ordered 92 to 182 days ago.
- do_not_lose (8 and more), asleep (5 to 7), lost (4 and less): last ordered over 182 days ago.

no_orders: known, but never ordered (most of them to the CRM only); – is what was sold to nobody known.
`risk` counts warning signals, three at most; `because` tells them, the weightiest first (marts.customer_signal).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from data_access.access import EVERYONE, Scope
from data_access.filters import Filters
from data_access.reading import read, rows
from data_access.result import Result

if TYPE_CHECKING:
    from data_access.warehouse import Reader

YEAR = Filters(default_period="12m")
SEGMENTS = ("best", "loyal", "promising", "new", "slipping", "occasional", "do_not_lose", "asleep", "lost")
OTHERS = ("no_orders", "–")
SHOWN = 5
ABOUT = ("customer_id", "name", "revenue", "revenue_before", "change")
REASON = ("code", "system", "figure", "day", "subject")
OF_THE_FALL_ITSELF = ("silent", "falling")
Row = dict[str, Any]


def customers(reader: Reader, scope: Scope = EVERYONE, filters: Filters = YEAR) -> Result:
    """One row per customer, those at risk first; `series`: revenue of the last 24 months. notes: customers, erp_only,
    crm_only; revenue, booked of all rows; has_before: whether the same days a year before are known."""
    result, months = read(reader, scope, "customers/customers", "customers/months", filters=filters)
    frame = result.frame
    series = dict(zip(months.frame["customer_id"], months.frame["series"], strict=True))
    known = frame[frame["customer_id"].notna()]
    notes = {
        "customers": len(known),
        "erp_only": int((known["in_erp"] & ~known["in_crm"]).sum()),
        "crm_only": int((known["in_crm"] & ~known["in_erp"]).sum()),
        "revenue": float(frame["revenue"].sum()),
        "booked": float(frame["booked"].sum()),
        "has_before": bool(frame["revenue_before"].notna().any()),
    }
    drawn = frame.assign(series=[series.get(one) for one in frame["customer_id"]])
    return replace(result, frame=drawn, notes={**result.notes, **notes})


def segments(reader: Reader, scope: Scope = EVERYONE, filters: Filters = YEAR) -> Result:
    """One row per segment in the order of SEGMENTS, then OTHERS where there are any: customers now and 91 days ago,
    revenue of the period. notes: as `customers`."""
    result = customers(reader, scope, filters)
    frame, total = result.frame, _total(result)
    known = frame[frame["customer_id"].notna()]
    now, before = known["rfm"].value_counts(), known["rfm_before"].value_counts()
    revenue = frame.groupby("rfm")["revenue"].sum()
    made = [
        {
            "rfm": name,
            "customers": int(now.get(name, 0)),
            "customers_before": int(before.get(name, 0)),
            "revenue": float(revenue.get(name, 0)),
            "share": float(revenue.get(name, 0)) / total if total else None,
        }
        for name in (*SEGMENTS, *OTHERS)
        if name in SEGMENTS or name in revenue
    ]
    return _with_rows(result, made, ("rfm", "customers", "customers_before", "revenue", "share"))


def largest(reader: Reader, scope: Scope = EVERYONE, filters: Filters = YEAR) -> Result:
    """The five with most revenue, and their share of all. notes: as `customers`."""
    result = customers(reader, scope, filters)
    buying = result.frame[result.frame["customer_id"].notna() & (result.frame["revenue"] > 0)]
    first = buying.sort_values(["revenue", "customer_id"], ascending=[False, True]).head(SHOWN)
    made = [_about(row) | {"share": row["revenue"] / _total(result)} for row in rows(replace(result, frame=first))]
    return _with_rows(result, made, (*ABOUT, "share"))


def falling(reader: Reader, scope: Scope = EVERYONE, filters: Filters = YEAR) -> Result:
    """The five that were shipped less than on the same days a year before, by the money, with what else is known of
    them. notes: as `customers`, lost (by all that fall) and fallen (how many)."""
    result = customers(reader, scope, filters)
    frame = result.frame.assign(lost=result.frame["revenue_before"] - result.frame["revenue"])
    fell = frame[frame["customer_id"].notna() & (frame["lost"] > 0)]
    fell = fell.sort_values(["lost", "customer_id"], ascending=[False, True])
    told = replace(result, notes={**result.notes, "lost": float(fell["lost"].sum()), "fallen": len(fell)})
    first = rows(replace(result, frame=fell.head(SHOWN)))
    made = [_about(row) | {"lost": row["lost"]} | _reason(row, told.notes) for row in first]
    return _with_rows(told, made, (*ABOUT, "lost", *REASON))


def _total(result: Result) -> float:
    return float(result.frame["revenue"].sum())


def _about(row: Row) -> Row:
    return {name: row[name] for name in ABOUT}


def _reason(row: Row, notes: Mapping[str, Any]) -> Row:
    """The weightiest signal that is not the fall itself; else how long ago the last contact was."""
    told = [one for one in row["because"] if one["code"] not in OF_THE_FALL_ITSELF]
    if told:
        return {key: told[0][key] for key in REASON}
    if not row["in_crm"]:
        return {"code": "not_in_crm", "system": "erp", "figure": None, "day": None, "subject": None}
    contact: date | None = row["last_contact_date"]
    days = None if contact is None else (notes["today"] - contact).days
    code = "never_contacted" if contact is None else "last_contact"
    return {"code": code, "system": "crm", "figure": days, "day": contact, "subject": None}


def _with_rows(result: Result, made: list[Row], columns: tuple[str, ...]) -> Result:
    """Columns that are there without a row too."""
    import pandas as pd

    return replace(result, frame=pd.DataFrame(made, columns=list(columns)))
