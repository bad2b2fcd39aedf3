"""`python -m tests.bench.mrp`: one plan of 20,000 items, 5 levels, 100,000 BOM lines, 26 weeks. Nothing is asserted."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from data_access.planning.mrp.capacity import Routing
from data_access.planning.mrp.engine import plan
from data_access.planning.mrp.lots import Lots
from data_access.planning.mrp.model import Horizon, Inputs, Items, OpenOrders, OrderLines
from data_access.planning.mrp.structure import Bom, structure

ITEMS, LINES, LEVELS, WEEKS, CENTERS = 20_000, 100_000, 5, 26, 12


def company(seed: int = 1) -> Inputs:
    """Made items on four levels over bought ones; one line in ten is valid for a part of the time."""
    rng = np.random.default_rng(seed)
    level = np.sort(rng.integers(0, LEVELS, ITEMS))
    below = np.searchsorted(level, np.arange(LEVELS + 1))
    parent = rng.integers(0, below[LEVELS - 1], LINES)
    first = below[level[parent] + 1]
    component = first + (rng.random(LINES) * (ITEMS - first)).astype(np.int64)
    horizon = Horizon.weeks(np.datetime64("2026-11-25"), WEEKS)
    always = np.full(LINES, np.datetime64("NaT"), dtype="datetime64[D]")
    until = always.copy()
    dated = rng.random(LINES) < 0.1
    until[dated] = horizon.starts[rng.integers(0, WEEKS, int(dated.sum()))]
    bom = Bom(parent, component, rng.integers(1, 5, LINES) * 1.0, rng.choice([0, 0.02], LINES), always, until)
    is_made, is_sold = level < LEVELS - 1, level == 0
    forecast = np.where(is_sold[:, None], rng.gamma(2.0, 20.0, (ITEMS, WEEKS)), 0.0)
    lead_time = rng.integers(0, 7, ITEMS)
    items = Items(
        on_hand=rng.gamma(1.0, 200.0, ITEMS),
        safety_stock=rng.gamma(1.0, 20.0, ITEMS),
        lead_time=lead_time,
        lead_time_days=lead_time * 7,
        lots=Lots.of(
            ITEMS, rng.choice([0, 50], ITEMS), rng.choice([0, 1, 10], ITEMS), periods=rng.choice([1, 4], ITEMS)
        ),
        is_phantom=(level == 2) & (rng.random(ITEMS) < 0.05),
        is_made=is_made,
        unit_cost=np.full(ITEMS, 10.0),
        net_price=np.where(is_sold, 100.0, 0.0),
        demand_fence=np.full(ITEMS, 1),
        frozen=rng.choice([0, 1], ITEMS),
    )
    sold, some = np.flatnonzero(is_sold), 30_000
    wanted = horizon.today + rng.integers(0, 60, some)
    lines = OrderLines(rng.choice(sold, some), wanted, rng.integers(1, 20, some) * 1.0)
    orders = 10_000
    due = horizon.today + rng.integers(-5, 60, orders)
    item = rng.integers(0, ITEMS, orders)
    under_way = OpenOrders(
        item, rng.integers(50, 300, orders) * 1.0, due, due - 14, rng.random(orders) < 0.3, is_made[item]
    )
    made = np.repeat(np.flatnonzero(is_made), 2)
    steps = len(made)
    setup, run = np.full(steps, 0.5), np.full(steps, 0.01)
    routing = Routing(made, rng.integers(0, CENTERS, steps), setup, run)
    return Inputs(
        horizon, items, bom, forecast, np.zeros((ITEMS, WEEKS)), lines, under_way, routing,
        np.full((CENTERS, WEEKS), 40_000.0), np.ones(CENTERS),
    )  # fmt: skip


def cpu_s(work: Callable[[], object], times: int = 5) -> float:
    """The least CPU seconds of several runs."""
    found = []
    for _ in range(times):
        before = time.process_time()
        work()
        found.append(time.process_time() - before)
    return min(found)


def main() -> None:
    inputs = company()
    found = plan(inputs)
    print(f"{ITEMS:,} items, {len(found.structure.items_at)} levels, {LINES:,} BOM lines, {WEEKS} weeks")
    print(f"{len(found.orders.item):,} planned orders, {int((found.orders.late > 0).sum()):,} of them to expedite")
    rows = [
        ("plan", lambda: plan(replace(inputs)), "<= 2 CPU s"),
        ("of which structure", lambda: structure(inputs.bom, ITEMS, inputs.horizon.first_days), ""),
    ]
    print("\n| work | CPU s | target |\n| --- | --- | --- |")
    for name, work, target in rows:
        print(f"| {name} | {cpu_s(work):.2f} | {target} |")
    tracemalloc.start()
    plan(replace(inputs))
    print(f"\nmost memory of one plan: {tracemalloc.get_traced_memory()[1] / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
