"""Order heads and lines as the ERP keeps them."""

from __future__ import annotations

import numpy as np

from data_access.demo import erp_schema as erp
from data_access.demo import faults
from data_access.demo.catalogue import Ints
from data_access.demo.days import NEVER
from data_access.demo.erp_master import ErpCustomers, Tables
from data_access.demo.nullable import pick
from data_access.demo.orders import Orders
from data_access.demo.shipping import CANCELLED, DRAFT, QUOTATION, SHIPPED
from data_access.demo.world import World

MISSING_ITEM = 900_001  # keys of items that are not in the item table


def order_tables(world: World, orders: Orders, customers: ErpCustomers, references: dict[int, str]) -> Tables:
    """`references`: order index -> the CRM's id of the deal."""
    rng, calendar = world.rng(31), world.calendar
    n, who = orders.size, orders.customer
    twin = (customers.double[who] > 0) & (rng.random(n) < 0.3)
    currency = orders.currency.copy()
    currency[orders.no_currency] = None
    entered = calendar.instants(orders.day, orders.second)
    head = {
        "sno": orders.key,
        "so_no": orders.number,
        "cno": np.where(twin, customers.double[who], customers.number[who]),
        "odat": calendar.dates(orders.day),
        "ent": entered,
        "cur": currency,
        "rep": pick(world.customers.owner, who),
        "oppref": [references.get(i) for i in range(n)],
        "typ": np.where(orders.is_return, "RE", "SO"),
        "chg": faults.spoil_stamps(rng, entered),
    }
    return {erp.SO_H.name: head, erp.SO_L.name: _lines(world, orders, rng)}


def line_prices(world: World, orders: Orders) -> Ints:
    """Net unit price in minor units of the order's currency."""
    return world.foreign(orders.lines.price, orders.currency[orders.of], orders.lines.day)


def _lines(world: World, orders: Orders, rng: np.random.Generator) -> dict[str, object]:
    lines, calendar, of = orders.lines, world.calendar, orders.of
    n = len(of)
    first = np.r_[True, of[1:] != of[:-1]]
    position = np.arange(n) - np.maximum.accumulate(np.where(first, np.arange(n), 0)) + 1
    item = lines.product + 1
    for place, index in enumerate(orders.unknown):
        item[index] = MISSING_ITEM + place
    partly = (lines.first_part > 0) & (lines.shipped == NEVER)
    shipped = np.where(lines.shipped > NEVER, lines.quantity, np.where(partly, lines.first_part, 0))
    old = lines.shipped < calendar.today - 75
    status = np.where(lines.state == SHIPPED, np.where(old, "C", "S"), np.where(partly, "P", "O"))
    for state, code in ((CANCELLED, "X"), (DRAFT, "N"), (QUOTATION, "Q")):
        status = np.where(lines.state == state, code, status)
    price = line_prices(world, orders)
    touched = np.maximum(np.maximum(lines.day, lines.shipped), lines.first_day)
    second = np.where(touched > lines.day, rng.uniform(36000, 64000, n), lines.second)
    return {
        "lno": orders.line_key,
        "sno": orders.key[of],
        "pos": position * 10,
        "ino": item,
        "wno": lines.warehouse + 1,
        "qty": lines.quantity,
        "shp": np.where(lines.is_return, lines.quantity, shipped),
        "prc_m": price,
        "amt_m": price * lines.quantity,
        "rdat": calendar.dates(np.where(lines.promised > NEVER, lines.promised - rng.integers(0, 3, n), NEVER)),
        "pdat": calendar.dates(lines.promised),
        "st": status,
        "chg": faults.spoil_stamps(rng, calendar.instants(touched, second)),
    }
