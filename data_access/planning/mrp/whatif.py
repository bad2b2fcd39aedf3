"""Scenarios as people write them down: changes in a short text, made to a published plan, told beside it.

A text holds changes separated by ";", each a kind and its values separated by "~":
demand~10 (per cent more expected), delay~14 (days later from suppliers), shift~<work centre>~8 (hours a week more),
lost~<work centre>~33 (per cent of its hours), deal~<opportunity> (won for certain).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from data_access.errors import QueryError
from data_access.planning.mrp.engine import plan
from data_access.planning.mrp.inputs import SQL, Loaded, load
from data_access.planning.mrp.model import Inputs, Plan
from data_access.planning.mrp.scenario import Change, Demand, Hours, SupplierDelay, WonDeal, applied, compare
from data_access.sqlfile import load_query

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

SHOWN = 10  # weeks over which stock and load are told
MOST = 12  # changes in one scenario
SIDES = 8
DIGITS = 6  # as in the tables of the plan
LIMITS = {"demand": (-90.0, 300.0), "delay": (0.0, 180.0), "shift": (0.0, 10_000.0), "lost": (0.0, 100.0)}
KINDS = (*LIMITS, "deal")
HINT = "write for example demand~10;delay~14;shift~<work centre>~8;lost~<work centre>~33;deal~<opportunity>"
COLUMNS = (
    "scenario", "stock_outs", "below_safety", "revenue_at_risk", "utilisation", "work_center_id", "work_center",
    "peak_week", "weeks_overloaded", "stock_value", "new_stock_outs", "avoided_stock_outs",
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One change: subject is a work centre or an opportunity, amount what is said of it."""

    kind: str
    subject: str = ""
    amount: float = 0.0


def parse(text: str) -> tuple[Part, ...]:
    """The changes a text names; QueryError says what is wrong with it."""
    parts = [_part(piece.strip()) for piece in text.split(";") if piece.strip()]
    if not parts or len(parts) > MOST:
        raise QueryError(f"a scenario has 1 to {MOST} changes", HINT)
    return tuple(parts)


def _part(text: str) -> Part:
    kind, *values = text.split("~")
    if kind not in KINDS or len(values) != (2 if kind in ("shift", "lost") else 1):
        raise QueryError(f'"{text[:60]}" is no change of a plan', HINT)
    if kind == "deal":
        return Part(kind, values[0])
    low, high = LIMITS[kind]
    try:
        amount = float(values[-1])
    except ValueError:
        amount = float("nan")
    if not low <= amount <= high:
        raise QueryError(f'"{text[:60]}": {kind} takes a number from {low:g} to {high:g}', HINT)
    if kind == "delay" and amount != int(amount):
        raise QueryError(f'"{text[:60]}": a delay is whole days', HINT)
    return Part(kind, values[0] if len(values) == 2 else "", amount)


def side_by_side(con: duckdb.DuckDBPyConnection, texts: Sequence[str]) -> pd.DataFrame:
    """One row for the plan of record (scenario NULL) and one a text, in their order; columns COLUMNS. The stock value
    is the mean over ten weeks at cost, the load that of ten weeks."""
    import pandas as pd

    if len(texts) > SIDES:
        raise QueryError(f"at most {SIDES} scenarios stand side by side", "leave some out")
    wanted = [parse(text) for text in texts]
    loaded = load(con)
    base, names = plan(loaded.inputs), _names(con)
    rows = [_row(None, loaded, names, base, base)]
    for text, parts in zip(texts, wanted, strict=True):
        changes = [change for part in parts for change in _changes(part, loaded, con)]
        rows.append(_row(text, loaded, names, base, plan(applied(loaded.inputs, *changes))))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def record(con: duckdb.DuckDBPyConnection, loaded: Loaded, made: Plan) -> pd.DataFrame:
    """The row of the plan of record alone."""
    import pandas as pd

    return pd.DataFrame([_row(None, loaded, _names(con), made, made)], columns=list(COLUMNS))


def _names(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    centers = con.execute(load_query("work_centers", SQL).sql).fetchall()
    return {center: name for center, name, _ in centers}


def _changes(part: Part, loaded: Loaded, con: duckdb.DuckDBPyConnection) -> list[Change]:
    if part.kind == "demand":
        return [Demand(1 + part.amount / 100)]
    if part.kind == "delay":
        return [SupplierDelay(int(part.amount))]
    if part.kind == "deal":
        return _won(part.subject, loaded, con)
    if part.subject not in loaded.work_centers:
        known = ", ".join(loaded.work_centers[:6]) or "none"
        raise QueryError(f'there is no work centre "{part.subject[:60]}"', f"known are: {known}")
    center, last = loaded.work_centers.index(part.subject), loaded.inputs.shape[1] - 1
    if part.kind == "shift":
        return [Hours(center, 0, last, extra=part.amount)]
    return [Hours(center, 0, last, factor=1 - part.amount / 100)]


def _won(opportunity: str, loaded: Loaded, con: duckdb.DuckDBPyConnection) -> list[Change]:
    """Its products for certain; what a large one was expected to take already is not counted twice."""
    wanted = con.execute(load_query("whatif/won_deal", SQL).sql, {"opportunity": opportunity}).fetchall()
    if not wanted:
        raise QueryError(f'there is no open deal "{opportunity[:60]}" that wants a product', "see /table/open_deals")
    number = {product: row for row, product in enumerate(loaded.products)}
    found: list[Change] = []
    for product, quantity, counted, week in wanted:
        if product not in number:
            continue
        period = 0 if week is None else _period(loaded.inputs, week)
        if period < loaded.inputs.shape[1]:
            found.append(WonDeal(number[product], period, float(quantity), float(counted)))
    return found


def _period(inputs: Inputs, week: Any) -> int:
    day = np.maximum(np.datetime64(week, "D"), inputs.horizon.today)
    return int(inputs.horizon.period(np.array([day]))[0])


def _row(text: str | None, loaded: Loaded, names: dict[str, str], base: Plan, made: Plan) -> tuple[Any, ...]:
    told = compare(base, made)
    found = told.other
    usage = made.load.utilisation[:, :SHOWN]
    center, week = np.unravel_index(int(usage.argmax()), usage.shape) if usage.size else (None, None)
    return (
        text,
        found.stock_outs,
        found.below_safety,
        round(found.revenue_at_risk, DIGITS),
        round(float(usage[center, week]), DIGITS) if center is not None and np.isfinite(usage[center, week]) else None,
        loaded.work_centers[int(center)] if center is not None else None,
        names.get(loaded.work_centers[int(center)]) if center is not None else None,
        made.inputs.horizon.starts[int(week)].astype(object) if week is not None else None,
        int((usage > 1).any(axis=0).sum()),
        round(float(found.stock_value[:SHOWN].mean()), DIGITS),
        int(told.worse.size),
        int(told.better.size),
    )
