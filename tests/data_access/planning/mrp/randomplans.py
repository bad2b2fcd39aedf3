"""Random inputs for property tests: small companies with every rule mixed, whole numbers where sums are compared."""

from __future__ import annotations

from typing import Any

import numpy as np

from data_access.planning.mrp.lots import Lots
from data_access.planning.mrp.model import Horizon, Inputs, OpenOrders
from data_access.planning.mrp.structure import Bom
from tests.data_access.planning.mrp.someitems import MONDAY, days, inputs, items


def some_inputs(seed: int, **given: Any) -> Inputs:
    """Up to 12 items and 14 weeks from any weekday on; loops only if asked for; plain: no lots, stock, receipts."""
    rng = np.random.default_rng(seed)
    plain, loops = given.pop("plain", False), given.pop("loops", False)
    count, periods = int(rng.integers(1, 13)), int(rng.integers(1, 15))
    rows = int(rng.integers(0, 3 * count))
    first, second = rng.integers(0, count, rows), rng.integers(0, count, rows)
    parent, component = (first, second) if loops else (np.minimum(first, second), np.maximum(first, second))
    kept = np.ones(rows, dtype=bool) if loops else parent < component
    never = np.full(rows, np.datetime64("NaT"), dtype="datetime64[D]")
    valid_from, valid_to = never.copy(), never.copy()
    dated = rng.random(rows) < 0.3
    valid_from[dated] = days(rng.integers(-2, periods + 2, rows))[dated]
    valid_to[dated] = valid_from[dated] + rng.integers(0, 60, int(dated.sum()))
    per, scrap = rng.integers(1, 4, rows) * 1.0, rng.choice([0.0, 0.5], rows)
    bom = Bom(*(one[kept] for one in (parent, component, per, scrap, valid_from, valid_to)))
    multiple = rng.choice([0, 0, 5, 12], count)
    minimum = rng.choice([0, 0, 20], count)
    lots = Lots.of(count, minimum, multiple, rng.choice([np.inf, np.inf, 60], count), rng.choice([1, 1, 3], count))
    stock = rng.integers(-20, 120, count)
    rules: dict[str, Any] = {} if plain else dict(
        on_hand=stock, safety_stock=rng.choice([0, 15], count), lots=lots, frozen=rng.choice([0, 0, 2], count)
    )  # fmt: skip
    goods = items(
        count, lead_time=rng.integers(0, 5, count), is_phantom=rng.random(count) < 0.15,
        demand_fence=rng.integers(0, 3, count), is_made=rng.random(count) < 0.5,
        net_price=rng.integers(0, 50, count), **rules,
    )  # fmt: skip
    many = 0 if plain else int(rng.integers(0, 10))
    due = days(rng.integers(-1, periods + 2, many)) + rng.integers(0, 7, many)
    item, open_quantity = rng.integers(0, count, many), rng.integers(1, 90, many) * 1.0
    begun, made = rng.random(many) < 0.3, goods.is_made[item]
    shape = (count, periods)
    customer_orders = [
        (int(rng.integers(0, count)), int(rng.integers(-1, periods)), int(rng.integers(1, 30))) for _ in range(10)
    ]
    return inputs(
        goods, periods, bom=bom, forecast=rng.integers(0, 25, shape) * (rng.random(shape) < 0.6),
        deals=rng.integers(0, 40, shape) * (rng.random(shape) < 0.05), orders=customer_orders,
        open_orders=OpenOrders(item, open_quantity, due, due - 14, begun, made),
        operations=[(i, i % 2, 1.0, 0.1) for i in range(count)], hours=np.full((2, periods), 40.0),
        horizon=Horizon.weeks(MONDAY + rng.integers(0, 7), periods),
        overdue=str(rng.choice(["lead_time", "now", "ignore"])), reschedule=bool(rng.random() < 0.5), **given,
    )  # fmt: skip
