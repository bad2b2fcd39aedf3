"""What the page of one order reads: the order, its track, its lines against stock, invoices, deal and events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from data_access.access import EVERYONE, Scope
from data_access.filters import NOTHING, Filters
from data_access.reading import read, rows
from data_access.result import Result

if TYPE_CHECKING:
    from data_access.warehouse import Reader

Row = Mapping[str, Any]
STEPS = ("quoted", "ordered", "promised", "shipped", "invoiced", "paid")
TRACK = (
    "step", "state", "share", "first_date", "last_date", "due_date", "value_done", "value_total", "lines",
    "days_since_last_step", "days_late",
)  # fmt: skip
WHOLE = 0.9995  # invoices are rounded one by one: this much of an order is all of it


def order(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """The order in one row; none where there is no such order."""
    return read(reader, scope, "order/header", filters=filters)[0]


def lines(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per line. likely_date: when all of it can be there (shipped lines: when it left), first wanted first
    served; likely_known: known supply does it; likely_days_late: past the promised day, negative when before it."""
    return read(reader, scope, "order/lines", filters=filters)[0]


def track(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Six rows, quoted to paid. state: done, part, open, skipped, unknown (quoted only: no deal is known), none (the
    order is cancelled); share: of the order's value, 0..1, in the order's own currency where that is the only one."""
    import pandas as pd

    names = ("header", "lines", "invoices", "deal")
    result, *others = read(reader, scope, *(f"order/{name}" for name in names), filters=filters)
    header = rows(result)
    made = steps(header[0], *(rows(one) for one in others), today=reader.today) if header else []
    return replace(result, frame=pd.DataFrame(made, columns=list(TRACK), dtype="object"))


def invoices(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per invoice or credit note."""
    return read(reader, scope, "order/invoices", filters=filters)[0]


def deal(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """The deal in one row, none where none is known. notes: lines = where deal and order differ in quantity."""
    result, differing = read(reader, scope, "order/deal", "order/deal_lines", filters=filters)
    return replace(result, notes={**result.notes, "lines": rows(differing)})


def events(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per event of both systems, the newest first."""
    return read(reader, scope, "order/events", filters=filters)[0]


def steps(
    header: Row, lines: Sequence[Row], invoices: Sequence[Row], deal: Sequence[Row], *, today: date
) -> list[dict[str, Any]]:
    """The six rows of the track."""
    standing = [one for one in lines if one["status"] not in ("cancelled", "draft", "quotation")]
    promised = [one for one in standing if one["promised_date"]]
    billed = [one for one in invoices if one["counts"]]
    value = float(header["value"])
    made = [
        _quoted(header, lines, deal),
        _step("ordered", float(bool(standing)), [header["order_date"]] * bool(standing),
              value if standing else 0.0, value, len(standing)),
        _step("promised", _part(promised, standing), [one["promised_date"] for one in promised],
              _sum(promised, "amount"), value, len(promised)),
        _shipped(header, standing, value),
        _step("invoiced", _billed_share(header, billed, "amount"), [one["issue_date"] for one in billed],
              _sum(billed, "amount"), value, len(billed)),
        _paid(header, billed, today),
    ]  # fmt: skip
    _settle(made, header, standing)
    return made


def _quoted(header: Row, lines: Sequence[Row], deal: Sequence[Row]) -> dict[str, Any]:
    if deal:
        value = float(deal[0]["amount"] or 0)
        return _step("quoted", 1.0, [deal[0]["quoted_date"] or deal[0]["created_date"]], value, value, 0)
    quoted = [one for one in lines if one["status"] in ("draft", "quotation")]
    if quoted:
        value = _sum(quoted, "amount")
        return _step("quoted", 1.0, [header["order_date"]], value, value, len(quoted))
    return _step("quoted", 0.0, [], 0.0, 0.0, 0) | {"state": "unknown"}


def _shipped(header: Row, standing: Sequence[Row], value: float) -> dict[str, Any]:
    moved = [one for one in standing if one["first_shipment"]]
    days = [day for one in moved for day in (one["first_shipment"], one["shipped_date"]) if day]
    whole = sum(abs(float(one["quantity"])) for one in standing)
    gone = sum(min(abs(float(one["shipped_quantity"])), abs(float(one["quantity"]))) for one in standing)
    share = float(header["shipped"]) / value if value else gone / whole if whole else 0.0
    found = _step("shipped", share, days, float(header["shipped"]), value, len(moved))
    return found | {"days_late": int(header["days_late"] or 0)}


def _paid(header: Row, billed: Sequence[Row], today: date) -> dict[str, Any]:
    paid = [one for one in billed if one["paid"]]
    found = _step("paid", _billed_share(header, billed, "paid"), [one["paid_date"] for one in paid],
                  _sum(billed, "paid"), _sum(billed, "amount"), len(paid))  # fmt: skip
    waiting = [one["due_date"] for one in billed if one["open_amount"] and one["due_date"]]
    late = max([(today - due).days for due in waiting] or [0])
    return found | {"due_date": min(waiting, default=None), "days_late": max(late, 0)}


def _settle(made: list[dict[str, Any]], header: Row, standing: Sequence[Row]) -> None:
    """States that depend on the other steps, and the days from step to step."""
    last: date | None = None
    for n, step in enumerate(made):
        later = any(one["share"] > 0 for one in made[n + 1 :])
        if not standing and not header["lines_quoted"] and step["step"] != "quoted":
            step["state"] = "none"
        elif step["state"] == "open" and step["step"] != "paid" and later:
            step["state"] = "skipped"
        if step["first_date"] and last:
            step["days_since_last_step"] = (step["first_date"] - last).days
        last = step["first_date"] or last


def _step(
    name: str, share: float, days: Sequence[date | None], done: float, total: float, lines: int
) -> dict[str, Any]:
    known = sorted(day for day in days if day)
    share = 1.0 if share >= WHOLE else max(0.0, share)
    found = dict.fromkeys(TRACK, None) | {"step": name, "share": share, "lines": int(lines), "days_late": 0}
    found |= {
        "state": "done" if share == 1 else "part" if share > 0 else "open",
        "value_done": done,
        "value_total": total,
    }
    return found | {"first_date": known[0] if known else None, "last_date": known[-1] if known else None}


def _part(some: Sequence[Row], whole: Sequence[Row]) -> float:
    """The share of `whole` that is in `some`, by value, by number where the value is nothing."""
    total = _sum(whole, "amount")
    return _sum(some, "amount") / total if total else len(some) / len(whole) if whole else 0.0


def _billed_share(header: Row, billed: Sequence[Row], name: str) -> float:
    """Invoices are converted at their own day's rate: the share is told in the currency they were written in."""
    if all(one["currency"] == header["currency"] and one["rate"] for one in billed) and header["value_in_currency"]:
        total = sum(float(one[name] or 0) * float(one["rate"]) for one in billed)
        return total / float(header["value_in_currency"])
    return _sum(billed, name) / float(header["value"]) if header["value"] else 0.0


def _sum(some: Sequence[Row], name: str) -> float:
    return float(sum(one[name] or 0 for one in some))
