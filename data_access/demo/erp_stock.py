"""Stock moves, balances, purchase and production orders as the ERP keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from data_access.demo import erp_schema as erp
from data_access.demo import faults
from data_access.demo.catalogue import Ints
from data_access.demo.days import NEVER
from data_access.demo.erp_master import Tables
from data_access.demo.nullable import where
from data_access.demo.orders import Orders
from data_access.demo.shipping import OPEN
from data_access.demo.simulate import Replenishment
from data_access.demo.supply import WAREHOUSES
from data_access.demo.world import World

OVERDUE_KEPT = 4  # open receipts that stay past their date; the others got a new date
PLANT = 1
SPARES = 6


@dataclass
class Moves:
    """Blocks of moves; 0 = outside or not linked, day NEVER = planned only."""

    blocks: list[dict[str, Ints | str]]

    def add(
        self,
        kind: str,
        day: Ints,
        item: Ints,
        quantity: Ints,
        *,
        source: Any = 0,
        target: Any = 0,
        line: Any = 0,
        purchase: Any = 0,
        production: Any = 0,
        planned: Any = None,
    ) -> None:
        n = len(day)
        wide = {
            name: np.broadcast_to(np.asarray(value, dtype=np.int64), n)
            for name, value in (
                ("source", source),
                ("target", target),
                ("line", line),
                ("purchase", purchase),
                ("production", production),
            )
        }
        self.blocks.append(
            {
                "kind": kind,
                "day": day,
                "item": item,
                "quantity": quantity,
                "planned": day if planned is None else planned,
                **wide,
            }
        )

    def column(self, name: str) -> Ints:
        return np.concatenate([np.asarray(block[name], dtype=np.int64) for block in self.blocks])

    def kinds(self) -> np.ndarray[tuple[int, ...], np.dtype[np.str_]]:
        return np.concatenate([np.full(len(np.asarray(block["day"])), block["kind"]) for block in self.blocks])


def stock_tables(world: World, orders: Orders) -> Tables:
    supply, keys = _supply(world)
    moves = Moves([])
    _flow_moves(world, moves, keys)
    _sales_moves(world, orders, moves)
    return {**supply, **_move_tables(world, moves)}


def _flow_moves(world: World, moves: Moves, keys: Ints) -> None:
    flows, goods = world.flows, world.catalogue
    house, item = np.nonzero(flows.opening)
    moves.add("CNT", np.zeros(len(item), dtype=np.int64), item + 1, flows.opening[house, item], target=house + 1)
    counts = _rows(flows.counts, 4)
    more, less = counts[counts[:, 3] > 0], counts[counts[:, 3] < 0]
    moves.add("CNT", more[:, 0], more[:, 2] + 1, more[:, 3], target=more[:, 1] + 1)
    moves.add("CNT", less[:, 0], less[:, 2] + 1, -less[:, 3], source=less[:, 1] + 1)
    receipts = _rows(flows.receipts, 3)
    product = np.array([order.product for order in flows.orders], dtype=np.int64)
    due = np.array([order.due for order in flows.orders], dtype=np.int64)
    for made, kind, link in ((False, "REC", "purchase"), (True, "PIN", "production")):
        here = receipts[goods.made[product[receipts[:, 0]]] == made]
        moves.add(
            kind,
            here[:, 1],
            product[here[:, 0]] + 1,
            here[:, 2],
            target=PLANT,
            planned=due[here[:, 0]],
            **{link: keys[here[:, 0]]},
        )
    used = _rows(flows.consumed, 4)
    moves.add("POT", used[:, 1], used[:, 2] + 1, used[:, 3], source=PLANT, production=keys[used[:, 0]])
    moved = _rows(flows.transfers, 4)
    moves.add("TRF", moved[:, 0], moved[:, 2] + 1, moved[:, 3], source=PLANT, target=moved[:, 1] + 1)


def _sales_moves(world: World, orders: Orders, moves: Moves) -> None:
    """Shipments (in two parts where a line was split), returns, the scrapping of most, and what is still to leave."""
    lines, key, rng = orders.lines, orders.line_key, world.rng(33)
    house = lines.warehouse + 1
    part = np.flatnonzero(lines.first_part > 0)
    moves.add(
        "SHP",
        lines.first_day[part],
        lines.product[part] + 1,
        lines.first_part[part],
        source=house[part],
        line=key[part],
        planned=lines.due[part],
    )
    gone = np.flatnonzero((lines.shipped > NEVER) & ~lines.is_return)
    moves.add(
        "SHP",
        lines.shipped[gone],
        lines.product[gone] + 1,
        lines.quantity[gone] - lines.first_part[gone],
        source=house[gone],
        line=key[gone],
        planned=lines.due[gone],
    )
    back = np.flatnonzero(lines.is_return)
    moves.add(
        "RET", lines.shipped[back], lines.product[back] + 1, -lines.quantity[back], target=house[back], line=key[back]
    )
    bad = back[rng.random(len(back)) < 0.9]
    moves.add("CNT", lines.shipped[bad], lines.product[bad] + 1, -lines.quantity[bad], source=house[bad])
    still = np.flatnonzero(lines.state == OPEN)
    moves.add(
        "SHP",
        np.full(len(still), NEVER),
        lines.product[still] + 1,
        lines.quantity[still] - lines.first_part[still],
        source=house[still],
        line=key[still],
        planned=lines.due[still],
    )


def _move_tables(world: World, moves: Moves) -> Tables:
    rng, calendar = world.rng(34), world.calendar
    day, item, quantity, kind = moves.column("day"), moves.column("item"), moves.column("quantity"), moves.kinds()
    source, target, planned = moves.column("source"), moves.column("target"), moves.column("planned")
    stock = np.zeros((WAREHOUSES + 1, world.catalogue.size + 1), dtype=np.int64)
    done = day > NEVER
    np.add.at(stock, (target[done], item[done]), quantity[done])
    np.subtract.at(stock, (source[done], item[done]), quantity[done])
    sequence = np.lexsort((np.arange(len(day)), np.where(done, day, planned + 10_000)))
    day, item, quantity, planned = day[sequence], item[sequence], quantity[sequence], planned[sequence]
    kind, done, source, target = kind[sequence], done[sequence], source[sequence], target[sequence]
    cost = np.round(world.catalogue.cost[item - 1] * 1.018 ** ((day - calendar.today) // 365)).astype(np.int64)
    touched = np.where(done, day, np.minimum(planned, calendar.today - 1))
    stamps = faults.spoil_stamps(rng, calendar.instants(touched, rng.uniform(30000, 66000, len(day))))

    def link(name: str) -> Any:
        values = moves.column(name)[sequence]
        return where(values > 0, values)

    house, product = np.nonzero(np.ones((WAREHOUSES, world.catalogue.size)))
    return {
        erp.MV.name: {
            "mno": faults.gapped(rng, len(day), 100_001, 0.002),
            "mdat": calendar.dates(day),
            "pldat": calendar.dates(planned),
            "ino": item,
            "wfrom": where(source > 0, source),
            "wto": where(target > 0, target),
            "qty": quantity,
            "typ": kind,
            "st": np.where(done, "D", "P"),
            "lno": link("line"),
            "plno": link("purchase"),
            "wono": link("production"),
            "cost_f": where(done, cost),
            "chg": stamps,
        },
        erp.STK.name: {"wno": house + 1, "ino": product + 1, "qty": stock[house + 1, product + 1]},
    }


def _supply(world: World) -> tuple[Tables, Ints]:
    """Purchase and production orders; the second value is each replenishment's key (purchase line or order)."""
    rng, calendar, flows = world.rng(35), world.calendar, world.flows
    # Receipts that are past their date, of items with stock for months: a supplier to call, not a shortage.
    spare = [
        o for o in flows.orders if o.done == NEVER and not o.made and world.catalogue.category[o.product] == SPARES
    ]
    kept = {id(o) for o in sorted(spare, key=lambda o: o.due)[:OVERDUE_KEPT]}
    expected = np.array([_expected(o, calendar.today, kept, rng) for o in flows.orders], dtype=np.int64)
    made = np.array([o.made for o in flows.orders])
    keys = np.zeros(len(flows.orders), dtype=np.int64)
    keys[made] = faults.gapped(rng, int(made.sum()), 3001)
    keys[~made] = faults.gapped(rng, int((~made).sum()), 20_001)
    return {**_purchases(world, keys, expected, rng), **_productions(world, keys, expected, rng)}, keys


def _expected(order: Replenishment, today: int, kept: set[int], rng: np.random.Generator) -> int:
    date, moved = (order.due if order.done > NEVER else max(order.due, order.expected)), int(rng.integers(1, 6))
    if id(order) in kept:
        return min(date, today - 2 * moved)
    return date if order.done > NEVER or date >= today else today + moved


def _purchases(world: World, keys: Ints, expected: Ints, rng: np.random.Generator) -> Tables:
    calendar, flows, goods = world.calendar, world.flows, world.catalogue
    rows = [(i, o) for i, o in enumerate(flows.orders) if not o.made]
    heads: dict[tuple[int, int], int] = {}
    for _, o in rows:
        heads.setdefault((o.created, int(goods.supplier[o.product])), 0)
    for number, head in enumerate(sorted(heads), start=7001):
        heads[head] = number
    index = np.array([i for i, _ in rows])
    product = np.array([o.product for _, o in rows])
    done = np.array([o.done for _, o in rows])
    created = np.array([o.created for _, o in rows])
    listed = sorted(heads)
    days = np.array([day for day, _ in listed])
    return {
        erp.PO_H.name: {
            "pno": np.array([heads[head] for head in listed]),
            "po_no": [f"PO{heads[head]:06d}" for head in listed],
            "vno": np.array([supplier + 1 for _, supplier in listed]),
            "odat": calendar.dates(days),
            "chg": calendar.instants(days, rng.uniform(32400, 64800, len(days))),
        },
        erp.PO_L.name: {
            "plno": keys[index],
            "pno": np.array([heads[o.created, int(goods.supplier[o.product])] for _, o in rows]),
            "ino": product + 1,
            "wno": np.full(len(rows), PLANT),
            "qty": np.array([o.quantity for _, o in rows]),
            "rcv": np.array([o.received for _, o in rows]),
            "prc_f": np.maximum(1, np.round(goods.cost[product] * rng.uniform(0.97, 1.03, len(rows)))).astype(np.int64),
            "edat": calendar.dates(expected[index]),
            "st": np.where(done > NEVER, "D", "O"),
            "chg": faults.spoil_stamps(
                rng, calendar.instants(np.maximum(created, done), rng.uniform(32400, 64800, len(rows)))
            ),
        },
    }


def _productions(world: World, keys: Ints, expected: Ints, rng: np.random.Generator) -> Tables:
    calendar, goods = world.calendar, world.catalogue
    rows = [(i, o) for i, o in enumerate(world.flows.orders) if o.made]
    index = np.array([i for i, _ in rows])
    product = np.array([o.product for _, o in rows])
    started, done = np.array([o.started for _, o in rows]), np.array([o.done for _, o in rows])
    created = np.array([o.created for _, o in rows])
    start = np.where(started > NEVER, started, np.maximum(expected[index] - goods.makespan[product], calendar.today))
    soon = start < calendar.today + 8
    status = np.where(done > NEVER, "D", np.where(started > NEVER, "R", np.where(soon, "L", "P")))
    touched = np.maximum(np.maximum(created, started), done)
    return {
        erp.WO.name: {
            "wono": keys[index],
            "ino": product + 1,
            "wno": np.full(len(rows), PLANT),
            "qty": np.array([o.quantity for _, o in rows]),
            "sdat": calendar.dates(start),
            "ddat": calendar.dates(expected[index]),
            "fdat": calendar.dates(done),
            "st": status,
            "chg": faults.spoil_stamps(rng, calendar.instants(touched, rng.uniform(32400, 64800, len(rows)))),
        }
    }


def _rows(rows: Sequence[tuple[int, ...]], width: int) -> Ints:
    return np.array(rows, dtype=np.int64).reshape(-1, width)
