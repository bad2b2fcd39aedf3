"""The inputs of a plan from a built warehouse, and which rows of the arrays are which record."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from data_access.planning.mrp.arrays import Days, Floats, Ints, bucketed
from data_access.planning.mrp.capacity import Routing
from data_access.planning.mrp.lots import Lots, rounded_up
from data_access.planning.mrp.model import Horizon, Inputs, Items, OpenOrders, OrderLines
from data_access.planning.mrp.structure import Bom
from data_access.sqlfile import load_query

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

SQL = Path(__file__).with_name("sql")
QUERIES = ("rule", "items", "bom", "forecast", "deals", "order_lines", "open_orders", "routing", "work_centers")
WEEKS = 26


@dataclass(frozen=True)
class Policy:
    """How to plan. weeks: the horizon; demand_fence, frozen: weeks, see Items; review: weeks between two looks at an
    item; the rest see Inputs."""

    weeks: int = WEEKS
    demand_fence: int = 0
    frozen: int = 0
    review: float = 1.0
    overdue: Literal["lead_time", "now", "ignore"] = "lead_time"
    reschedule: bool = True


@dataclass(frozen=True)
class Loaded:
    """inputs, and what their rows are: products, work_centers: ids; skus: what the products are called; documents:
    (open orders) kind, document_id, document_no, supplier; lines: (order lines) line_id, order_id, order_no,
    customer_id. lead_time_from: (items,) set, measured, product or assumed; safety_from: (items,) set, erp, measured,
    textbook or none; without_item: bill of material lines of products that are not planned."""

    inputs: Inputs
    products: tuple[str, ...]
    skus: tuple[str, ...]
    work_centers: tuple[str, ...]
    documents: pd.DataFrame
    lines: pd.DataFrame
    lead_time_from: tuple[str, ...]
    safety_from: tuple[str, ...]
    policy: Policy
    without_item: int


def load(con: duckdb.DuckDBPyConnection, policy: Policy | None = None) -> Loaded:
    """Reads a built warehouse as of its own day; the connection is only read from."""
    policy = policy or _policy(con)
    today = con.execute("SELECT today FROM core.company").fetchone()
    assert today is not None
    horizon = Horizon.weeks(np.datetime64(today[0], "D"), policy.weeks)
    goods, centers = _read(con, "items"), _read(con, "work_centers")
    number = {product: row for row, product in enumerate(goods["product_id"])}
    shape = (len(number), policy.weeks)
    forecast, deals = _known(_read(con, "forecast", weeks=policy.weeks), number), _known(_read(con, "deals"), number)
    lines, documents = _known(_read(con, "order_lines"), number), _known(_read(con, "open_orders"), number)
    bom = _read(con, "bom")
    usable = _known(_known(bom, number, "component_id"), number)
    expected = bucketed(_rows(forecast, number), forecast["week_no"].to_numpy(np.int64), _floats(forecast), shape)
    closing = horizon.period(np.maximum(_days(deals, "week_start"), horizon.today))
    inputs = Inputs(
        horizon=horizon,
        items=_items(goods, policy),
        bom=Bom(
            _rows(usable, number),
            _rows(usable, number, "component_id"),
            _floats(usable, "quantity_per"),
            _floats(usable, "scrap_rate"),
            _days(usable, "valid_from"),
            _days(usable, "valid_to"),
        ),
        forecast=expected,
        deals=bucketed(_rows(deals, number), closing, _floats(deals, "weighted_quantity"), shape),
        lines=OrderLines(_rows(lines, number), _days(lines, "wanted_date"), _floats(lines)),
        open_orders=OpenOrders(
            _rows(documents, number),
            _floats(documents),
            _days(documents, "due_date"),
            _days(documents, "start_date"),
            documents["is_started"].to_numpy(np.bool_),
            (documents["kind"] == "make").to_numpy(np.bool_),
        ),
        routing=_routing(_known(_read(con, "routing"), number), number, list(centers["work_center_id"])),
        hours=_floats(centers, "hours_per_day")[:, None] * horizon.working_days,
        efficiency=np.ones(len(centers)),
        overdue=policy.overdue,
        reschedule=policy.reschedule,
    )
    return Loaded(
        inputs=inputs,
        products=tuple(number),
        skus=tuple(goods["sku"].fillna(goods["product_id"])),
        work_centers=tuple(centers["work_center_id"]),
        documents=documents[["kind", "document_id", "document_no", "supplier"]],
        lines=lines[["line_id", "order_id", "order_no", "customer_id"]],
        lead_time_from=tuple(goods["lead_time_from"]),
        safety_from=tuple(goods["safety_from"]),
        policy=policy,
        without_item=len(bom) - len(usable),
    )


def _policy(con: duckdb.DuckDBPyConnection) -> Policy:
    found = con.execute(load_query("rule", SQL).sql).fetchone()
    assert found is not None
    fence, frozen, review = found
    return Policy(demand_fence=int(fence), frozen=int(frozen), review=float(review))


def tables_read() -> frozenset[str]:
    """The tables a plan is made from; a plan is as new as the newest of them."""
    return frozenset({"core.company"}).union(*(load_query(name, SQL).tables for name in QUERIES))


def _items(goods: pd.DataFrame, policy: Policy) -> Items:
    count, lead_days = len(goods), goods["lead_time_days"].to_numpy(np.int64)
    multiple = _floats(goods, "order_multiple")
    minimum = rounded_up(_floats(goods, "min_order_qty"), multiple)
    return Items(
        on_hand=_floats(goods, "on_hand"),
        safety_stock=_floats(goods, "safety_stock"),
        lead_time=-(-lead_days // 7),
        lead_time_days=lead_days,
        lots=Lots.of(count, minimum=minimum, multiple=multiple, periods=goods["cover_weeks"].to_numpy(np.int64)),
        is_phantom=goods["is_phantom"].to_numpy(np.bool_),
        is_made=goods["is_made"].to_numpy(np.bool_),
        unit_cost=_floats(goods, "unit_cost"),
        net_price=_floats(goods, "net_price"),
        demand_fence=np.full(count, policy.demand_fence),
        frozen=np.full(count, policy.frozen),
    )


def _routing(operations: pd.DataFrame, number: dict[str, int], centers: list[str]) -> Routing:
    place = {center: row for row, center in enumerate(centers)}
    return Routing(
        _rows(operations, number),
        _rows(operations, place, "work_center_id"),
        _floats(operations, "setup_hours"),
        _floats(operations, "hours_per_unit"),
    )


def _read(con: duckdb.DuckDBPyConnection, name: str, **parameters: Any) -> pd.DataFrame:
    return con.execute(load_query(name, SQL).sql, parameters or None).df()


def _known(frame: pd.DataFrame, number: dict[str, int], column: str = "product_id") -> pd.DataFrame:
    """The rows of products that are planned."""
    return frame[frame[column].isin(number.keys())].reset_index(drop=True)


def _rows(frame: pd.DataFrame, number: dict[str, int], column: str = "product_id") -> Ints:
    return np.asarray(frame[column].map(number).to_numpy(np.int64))


def _floats(frame: pd.DataFrame, column: str = "quantity") -> Floats:
    return np.asarray(frame[column].to_numpy(np.float64))


def _days(frame: pd.DataFrame, column: str) -> Days:
    return np.asarray(frame[column].to_numpy("datetime64[s]").astype("datetime64[D]"))
