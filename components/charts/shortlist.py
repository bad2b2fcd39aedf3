"""Of very many items those a chart can show: what an eye could not tell apart is summed or drawn once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from components.charts.lanes import LEAST_CALM, MAX_BARS
from components.rows import records

if TYPE_CHECKING:
    import pandas as pd

    from data_access.result import Result

FEW = 2_000  # so many items are all drawn
RISKS = 60  # of a lane, the largest by money
GRID = {True: (60, 24), False: (110, 44)}  # fields of the plot of speed and cover, for risks and for other marks


def of_lanes(items: Result) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(items that may have a bar of their own, what the others of each category are together: their number, those
    that sell, weekly sales and stock of these)."""
    frame = items.frame
    if len(frame) <= FEW:
        return records(items), []
    sales, risk = known(frame["weekly_sales"]), known(frame["at_risk"])
    lane, sells = frame["category"].fillna(""), sales > 0
    calm = _first(sales[sells & (risk <= 0)], lane, max(LEAST_CALM, MAX_BARS) + 1)
    alone = calm.union(_first(risk[sells & (risk > 0)], lane, RISKS))
    kept = frame.index.isin(alone)
    others = frame.assign(sales=sales, stock=known(frame["stock_value"]).clip(lower=0), category=lane)[~kept]
    summed = [
        {"category": category, "items": len(part), "selling": len(part[part["sales"] > 0]),
         "weekly_sales": float(part["sales"].sum()), "stock_value": float(part["stock"][part["sales"] > 0].sum())}
        for category, part in others.groupby("category")
    ]  # fmt: skip
    return records(replace(items, frame=frame[kept])), summed


def of_plot(frame: pd.DataFrame, x: pd.Series, y: pd.Series, risky: pd.Series) -> pd.DataFrame:
    """Rows whose marks can be told apart: of those that would stand on each other the first, and what is at an end of
    an axis. x, y: 0..1 over the plot, y less below it."""
    if len(frame) <= FEW:
        return frame
    kept = set(y.groupby(frame["is_fast"].astype(bool)).agg(["idxmin", "idxmax"]).to_numpy().ravel())
    for kind, (columns, lines) in GRID.items():
        mine = risky == kind
        fields = (x[mine] * columns).astype(int) * lines + (y[mine].clip(0, 1) * lines).astype(int)
        kept |= set(fields.index[~fields.duplicated()])
    return frame[frame.index.isin(list(kept))]


def at_risk(items: Result) -> Result:
    """Only the items with money at risk."""
    return replace(items, frame=items.frame[known(items.frame["at_risk"]) > 0])


def known(values: pd.Series) -> pd.Series:
    """Figures for drawing; unknown ones count as nothing."""
    return values.astype("float64").fillna(0.0)


def _first(values: pd.Series, lane: pd.Series, count: int) -> pd.Index:
    """The rows with the largest values, so many of each lane."""
    ranked = values.sort_values(ascending=False, kind="stable")
    return ranked.index[ranked.groupby(lane[ranked.index]).cumcount() < count]
