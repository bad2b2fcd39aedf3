"""Inputs of a plan in a few words, for tests: items with defaults, periods that are weeks from a Monday on."""

from __future__ import annotations

from typing import Any

import numpy as np

from data_access.planning.mrp.capacity import Routing
from data_access.planning.mrp.lots import Lots
from data_access.planning.mrp.model import Horizon, Inputs, Items, OpenOrders, OrderLines
from data_access.planning.mrp.structure import Bom

MONDAY = np.datetime64("2026-11-23")
WEEK = np.timedelta64(7, "D")


def day(period: int) -> np.datetime64:
    return MONDAY + period * WEEK


def days(periods: Any) -> Any:
    return MONDAY + np.asarray(periods, dtype=np.int64) * WEEK


def items(count: int, **given: Any) -> Items:
    """`count` items: nothing on hand, no safety stock, lot-for-lot, no lead time, unless given."""
    lots = given.pop("lots", Lots.of(count))
    values: dict[str, Any] = dict(
        on_hand=0.0, safety_stock=0.0, unit_cost=1.0, net_price=0.0, lead_time=0, demand_fence=0, frozen=0,
        is_phantom=False, is_made=False,
    ) | given  # fmt: skip
    values.setdefault("lead_time_days", 7 * np.asarray(values["lead_time"]))
    kinds = dict.fromkeys(("lead_time", "lead_time_days", "demand_fence", "frozen"), np.int64)
    kinds |= dict.fromkeys(("is_phantom", "is_made"), np.bool_)
    arrays = {
        name: np.array(np.broadcast_to(np.asarray(value, dtype=kinds.get(name, np.float64)), (count,)))
        for name, value in values.items()
    }
    return Items(lots=lots, **arrays)


def lines(orders: list[tuple[int, int, float]]) -> OrderLines:
    """(item, period, quantity) of customers' orders."""
    table = np.array(orders, dtype=float).reshape(-1, 3)
    return OrderLines(table[:, 0].astype(np.int64), days(table[:, 1]), table[:, 2])


def open_orders(orders: list[tuple[int, int, float]], is_made: bool = False, start: int | None = None) -> OpenOrders:
    """(item, due period, quantity); they start in period `start`."""
    table = np.array(orders, dtype=float).reshape(-1, 3)
    never = np.full(len(table), np.datetime64("NaT"), dtype="datetime64[D]")
    flags = np.zeros(len(table), dtype=np.bool_)
    starts = never if start is None else np.full(len(table), day(start))
    return OpenOrders(table[:, 0].astype(np.int64), table[:, 2], days(table[:, 1]), starts, flags, flags | is_made)


def routing(operations: list[tuple[int, int, float, float]]) -> Routing:
    """(item, work center, setup, run)."""
    table = np.array(operations, dtype=float).reshape(-1, 4)
    item, center = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
    return Routing(item, center, table[:, 2], table[:, 3])


def inputs(given: Items, periods: int, **other: Any) -> Inputs:
    """Inputs of these items; forecast, deals: (items, periods) lists; orders, receipts, bom: lists of tuples."""
    shape = (len(given.on_hand), periods)
    bom = other.pop("bom", [])
    hours = np.array(other.pop("hours", np.zeros((0, periods))), dtype=float)
    return Inputs(
        horizon=other.pop("horizon", Horizon.weeks(MONDAY, periods)),
        items=given,
        bom=bom if isinstance(bom, Bom) else Bom.of(bom),
        forecast=np.array(other.pop("forecast", np.zeros(shape)), dtype=float),
        deals=np.array(other.pop("deals", np.zeros(shape)), dtype=float),
        lines=lines(other.pop("orders", [])),
        open_orders=other.pop("open_orders", None) or open_orders(other.pop("receipts", [])),
        routing=routing(other.pop("operations", [])),
        hours=hours,
        efficiency=np.array(other.pop("efficiency", np.ones(len(hours))), dtype=float),
        **other,
    )
