"""The build step that makes the plan tables from the marts: frames in, frames out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data_access.planning import demand
from data_access.planning.accuracy import NEAR, scores
from data_access.planning.demand import HORIZON, Floats
from data_access.planning.rows import ENDS, long_rows
from data_access.planning.weeks import monday, same_week_last_year, week_starts, year_ago

if TYPE_CHECKING:
    import duckdb

INPUTS = frozenset({"marts.item_week", "marts.booked_week", "marts.span", "marts.item_so_far"})
OUTPUTS = ("plan.demand_forecast", "plan.forecast_accuracy", "plan.demand_total")
HISTORY = 208
EARLY_DAYS = 14
POOL_ITEMS = 2000
NEIGHBOURS = 2
DIGITS = 9  # fewer would move a run-out two years ahead by a day


def build(con: duckdb.DuckDBPyConnection) -> None:
    """Makes the three plan tables: ISO weeks, 26 of them ahead from the current one."""
    row = con.execute("SELECT today, first_order_date, days_of_orders FROM marts.span").fetchone()
    assert row is not None
    today, first_order, days = row
    items = con.execute("SELECT product_id, week_start, quantity::DOUBLE AS y FROM marts.item_week ORDER BY ALL").df()
    total = con.execute("SELECT week_start, amount_base::DOUBLE AS y FROM marts.booked_week ORDER BY ALL").df()
    total = total.fillna({"y": 0.0}).assign(product_id="total")
    first, weeks = _range(total, first_order, today)
    if days < EARLY_DAYS:
        query = "SELECT product_id, quantity::DOUBLE AS quantity, amount_base::DOUBLE AS amount FROM marts.item_so_far"
        so_far = con.execute(query).df()
        rate = 7.0 / max(days, 1)
        known = so_far[so_far["product_id"].notna()].sort_values("product_id")
        forecast = _early(list(known["product_id"]), known["quantity"].to_numpy(float) * rate, today)
        so_far_total = [so_far["amount"].sum() * rate] if days else []
        overall = _early(["total"][: len(so_far_total)], np.array(so_far_total, dtype=float), today)
        accuracy = [_no_scores()]
    else:
        names, history = _matrix(items, first, weeks)
        forecast, measured = plan(names, history, first)
        line, value = _matrix(total, first, weeks)
        overall, measured_total = plan(line, value, first, NEIGHBOURS)
        accuracy = [measured, measured_total.assign(product_id=None)]
    _write(con, "plan.demand_forecast", forecast[["product_id", "period_start", "mean", *ENDS, "model"]])
    _write(con, "plan.forecast_accuracy", pd.concat(accuracy, ignore_index=True))
    _write(con, "plan.demand_total", _total_line(total, overall, first, weeks))


def plan(names: list[str], history: Floats, first: date, neighbours: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Forecast rows (item x 26 weeks) and accuracy rows (item) from (items, weeks) history from Monday `first` on."""
    weeks = history.shape[1]
    ago = year_ago(first, weeks + HORIZON)
    mean, season = demand.seasonal_naive(history, ago, weeks)
    scale = demand.level(history)
    stride = max(1, len(names) // POOL_ITEMS)
    errors = demand.backtest(history[::stride], ago).errors()
    ends: dict[str, Floats] = {}
    for share, low, high in ((0.8, "lo80", "hi80"), (0.95, "lo95", "hi95")):
        ends[low], ends[high] = demand.band(mean, scale, demand.quantiles(errors, share, neighbours))
    model = np.where(season, demand.MODEL, "recent_mean")
    forecast = long_rows(names, mean, ends, model, first + timedelta(weeks=weeks))
    near = demand.backtest(history, ago, horizon=NEAR)
    measured = pd.DataFrame({"product_id": names, "model": model, **scores(history, ago, near, neighbours)})
    return forecast, measured


def _early(names: list[str], weekly: Floats, today: date) -> pd.DataFrame:
    """The daily rate so far, carried on: no season, no trend, no measured band."""
    mean = np.repeat(np.maximum(weekly, 0.0)[:, None], HORIZON, axis=1)
    unknown = dict.fromkeys(ENDS, np.full(mean.shape, np.nan))
    return long_rows(names, mean, unknown, np.full(len(names), "early_rate"), monday(today))


def _range(total: pd.DataFrame, first_order: date | None, today: date) -> tuple[date, int]:
    """First Monday and number of complete weeks up to last Sunday; a first week begun midway is left out."""
    end = monday(today)
    if first_order is None or total.empty:
        return end, 0
    start = min(monday(first_order), pd.Timestamp(total["week_start"].min()).date())
    if start == monday(first_order) and first_order != start:
        start += timedelta(weeks=1)
    start = max(start, end - timedelta(weeks=HISTORY))
    return start, max((end - start).days // 7, 0)


def _matrix(frame: pd.DataFrame, first: date, weeks: int) -> tuple[list[str], Floats]:
    """(names, (items, weeks) array) of the weeks in range; items that never sold in it are left out."""
    index = ((pd.to_datetime(frame["week_start"]) - pd.Timestamp(first)).dt.days // 7).to_numpy()
    inside = (index >= 0) & (index < weeks)
    codes, names = pd.factorize(frame["product_id"][inside], sort=True)
    matrix = np.zeros((len(names), weeks))
    np.add.at(matrix, (codes, index[inside]), frame["y"].to_numpy(float)[inside])
    return [str(name) for name in names], matrix


def _total_line(total: pd.DataFrame, overall: pd.DataFrame, first: date, weeks: int) -> pd.DataFrame:
    """Past weeks with what happened, future ones with what is expected; last_year is the same ISO week."""
    past = week_starts(first, weeks)
    values = dict(zip(pd.to_datetime(total["week_start"]).dt.date, total["y"], strict=True))
    known = {week: float(values.get(week, 0.0)) for week in past}
    before = pd.DataFrame({"period_start": past, "actual": [known[week] for week in past]})
    ahead = overall.drop(columns=["product_id"])
    line = pd.concat([before, ahead], ignore_index=True)
    line["last_year"] = [known.get(same_week_last_year(week)) for week in line["period_start"]]
    columns = ["period_start", "actual", "mean", *ENDS, "last_year", "model"]
    return line.reindex(columns=columns).astype(dict.fromkeys(["actual", "mean", *ENDS, "last_year"], float))


def _no_scores() -> pd.DataFrame:
    names = ["product_id", "model", "wape", "rmsse", "bias", "coverage80", "beats_naive"]
    return pd.DataFrame({name: pd.Series(dtype="object" if name in names[:2] else "float") for name in names})


def _write(con: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    """The frame as a table: NaN is NULL, figures are rounded so that equal inputs give equal rows."""
    kinds = {"product_id": "VARCHAR", "model": "VARCHAR", "period_start": "DATE", "beats_naive": "BOOLEAN"}
    picked = ", ".join(
        f"CAST({name} AS {kinds[name]}) AS {name}" if name in kinds
        else f"round(CASE WHEN isnan({name}) THEN NULL ELSE {name} END, {DIGITS}) AS {name}"
        for name in frame.columns
    )  # fmt: skip
    con.register("step_rows", frame)
    con.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT {picked} FROM step_rows")
    con.unregister("step_rows")
