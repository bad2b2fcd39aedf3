"""The weekly history of all items from a built warehouse, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from data_access.planning.demand import HORIZON, Bools, Floats
from data_access.planning.forecast.campaigns import Campaigns
from data_access.planning.forecast.classes import Names
from data_access.planning.forecast.items import History
from data_access.planning.forecast.protection import Bridged
from data_access.planning.forecast.season import WEEKS, WEEKS_KEPT
from data_access.planning.weeks import Ints, monday
from data_access.sqlfile import load_query

if TYPE_CHECKING:
    import duckdb

SQL = Path(__file__).with_name("sql")
EMPTY = 0.25  # share of a week without stock from which on its sales do not show demand


@dataclass(frozen=True)
class Known:
    """names: of the items of `history`; first: Monday of its first week; price: (items,) base currency a unit; total:
    (weeks,) all that was asked for in base currency; share: of the last year's total that known items were."""

    names: list[str]
    history: History
    first: date
    price: Floats
    total: Floats
    share: float

    @property
    def weeks(self) -> int:
        return len(self.total)

    @property
    def hidden(self) -> Bools:
        """(items, weeks) where demand could not be seen."""
        found = self.history.out_of_stock
        return np.zeros(self.history.sales.shape, dtype=np.bool_) if found is None else found

    def as_of(self, weeks: int) -> Known:
        """What was known when only the first `weeks` weeks were over: campaigns after that were planned ones, and
        everything was still sold."""
        held = self.history
        assert held.past is not None and held.planned is not None
        at_the_time = History(
            held.sales[:, :weeks],
            held.period,
            held.families,
            self.hidden[:, :weeks],
            held.past.before(weeks),
            held.past.since(weeks).and_then(held.planned, self.weeks - weeks),
        )
        total = self.total[:weeks]
        share = share_of_total(at_the_time.sales, self.price, total)
        return Known(self.names, at_the_time, self.first, self.price, total, share)


def load(con: duckdb.DuckDBPyConnection, first_order: date | None, today: date) -> Known:
    """Complete weeks up to last Sunday, at most 208 of them."""
    sold, total = query(con, "sold"), query(con, "total")
    first, weeks = _range(total, first_order, today)
    period = _places(sold, first)
    inside = (period >= 0) & (period < weeks)
    codes, uniques = pd.factorize(sold["product_id"][inside], sort=True)
    names = [str(name) for name in uniques]
    sales = np.zeros((len(names), weeks))
    np.add.at(sales, (codes, period[inside]), sold["y"].to_numpy(float)[inside])
    families = query(con, "families").set_index("product_id").reindex(names)
    price = families["price"].fillna(0.0).to_numpy(float)
    row = {name: number for number, name in enumerate(names)}
    out = np.zeros(sales.shape, dtype=np.bool_)
    empty = _known(query(con, "empty", least=EMPTY), row, first, 0, weeks)
    out[empty.item, empty.period] = True
    campaigns = query(con, "campaigns")
    history = History(
        sales,
        WEEKS,
        families["family"].fillna("").to_numpy(str),
        out,
        _known(campaigns, row, first, 0, weeks),
        _known(campaigns, row, first + timedelta(weeks=weeks), 0, HORIZON),
        ~families["is_active"].fillna(True).to_numpy(np.bool_),
    )
    value = np.zeros(weeks)
    place = _places(total, first)
    there = (place >= 0) & (place < weeks)
    np.add.at(value, place[there], total["y"].to_numpy(float)[there])
    return Known(names, history, first, price, value, share_of_total(sales, price, value))


@dataclass(frozen=True)
class Parts:
    """Value a week of the regions and of the warehouses; names: kind:part; weekly: (parts, weeks) base currency, the
    same weeks as the items' history."""

    names: list[str]
    weekly: Floats


def parts(con: duckdb.DuckDBPyConnection, known: Known) -> Parts:
    """The total by region and by warehouse."""
    found = query(con, "parts")
    place = _places(found, known.first)
    inside = (place >= 0) & (place < known.weeks)
    codes, uniques = pd.factorize(found["part"][inside], sort=True)
    weekly = np.zeros((len(uniques), known.weeks))
    np.add.at(weekly, (codes, place[inside]), found["y"].to_numpy(float)[inside])
    return Parts([str(name) for name in uniques], weekly)


def bridged(con: duckdb.DuckDBPyConnection, names: list[str]) -> Bridged:
    """What stock of each item has to bridge: lead time and review in whole weeks, and its service level."""
    found = query(con, "bridged").set_index("product_id").reindex(names)
    return Bridged(
        found["weeks"].to_numpy(np.int64), found["service_level"].to_numpy(float), found["deviation"].to_numpy(float)
    )


def share_of_total(sales: Floats, price: Floats, total: Floats) -> float:
    """The part of the last year's total that is of known items."""
    everything = float(total[-WEEKS:].sum())
    return float((sales[:, -WEEKS:].sum(axis=1) * price).sum()) / everything if everything > 0 else 1.0


def _range(total: pd.DataFrame, first_order: date | None, today: date) -> tuple[date, int]:
    """First Monday and number of complete weeks up to last Sunday; a first week begun midway is left out."""
    end = monday(today)
    if first_order is None or total.empty:
        return end, 0
    start = min(monday(first_order), pd.Timestamp(total["week_start"].min()).date())
    if start == monday(first_order) and first_order != start:
        start += timedelta(weeks=1)
    start = max(start, end - timedelta(weeks=WEEKS_KEPT))
    return start, max((end - start).days // 7, 0)


def _places(frame: pd.DataFrame, first: date) -> Ints:
    """(rows,) weeks from Monday `first` on."""
    days = (pd.to_datetime(frame["week_start"]) - pd.Timestamp(first)).dt.days
    return np.asarray(days.to_numpy(np.int64) // 7)


def _known(frame: pd.DataFrame, row: dict[str, int], first: date, start: int, stop: int) -> Campaigns:
    """The rows of known items in the weeks start .. stop - 1 from Monday `first` on."""
    kind: Names = frame["kind"].to_numpy(str) if "kind" in frame else np.full(len(frame), "")
    item = frame["product_id"].map(row).fillna(-1).to_numpy(np.int64)
    period = _places(frame, first)
    good = (item >= 0) & (period >= start) & (period < stop)
    return Campaigns(item[good], period[good], kind[good])


def query(con: duckdb.DuckDBPyConnection, name: str, **parameters: Any) -> pd.DataFrame:
    """The rows of one of this folder's queries."""
    return con.execute(load_query(name, SQL).sql, parameters or None).df()
