"""The ERP's master data: customers with their doubles, items, bills of material, work centers, prices of money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from data_access.demo import erp_schema as erp
from data_access.demo import faults, names
from data_access.demo.catalogue import COMPONENT, Ints
from data_access.demo.days import NEVER
from data_access.demo.nullable import where
from data_access.demo.supply import WAREHOUSES
from data_access.demo.world import CURRENCIES, World
from data_access.demo.write import Columns

DOUBLES = 16
Tables = dict[str, Columns]


@dataclass(frozen=True)
class ErpCustomers:
    """`number` is the ERP's key of each company; `double` another key of the same company (0 = none)."""

    number: Ints
    double: Ints


def master(world: World) -> tuple[Tables, ErpCustomers]:
    customers, link = _customers(world)
    calendar = world.calendar
    tables: Tables = {erp.CUST.name: customers}
    tables.update(_items(world))
    tables.update(_production(world))
    recent = world.sales.day >= calendar.today - 28
    orders_a_day = max(1, round(len(np.unique(world.sales.order[recent])) / 20))
    tables[erp.PAR.name] = {
        "k": ["seed", "lines", "last_day", "orders_a_day", "today"],
        "v": [
            str(world.seed),
            str(world.lines),
            str(world.calendar.day(world.calendar.today - 1)),
            str(orders_a_day),
            "{}",
        ],
    }
    tables[erp.CURR.name] = {
        "cur": list(CURRENCIES),
        "nam": list(CURRENCIES),
        "unit": ["1" if m == 1 else "0.01" for _, m in CURRENCIES.values()],
    }
    return tables, link


def _stamps(world: World, rng: np.random.Generator, size: int, oldest: int = 0) -> Any:
    """When master data was last touched: any day of history."""
    stamps = world.calendar.instants(rng.integers(oldest, world.calendar.today, size), rng.uniform(32400, 64800, size))
    return faults.spoil_stamps(rng, stamps)


def _customers(world: World) -> tuple[Columns, ErpCustomers]:
    rng, who = world.rng(20), world.customers
    buyers = np.flatnonzero(who.in_erp)
    doubles = np.sort(rng.choice(buyers[4:260], min(DOUBLES, len(buyers) // 4), replace=False))
    index = np.concatenate([buyers, doubles])
    n, second = len(index), np.arange(len(index)) >= len(buyers)
    keys = faults.gapped(rng, n, 1001, 0.02)
    number, double = np.zeros(who.size, dtype=np.int64), np.zeros(who.size, dtype=np.int64)
    number[buyers], double[doubles] = keys[: len(buyers)], keys[len(buyers) :]
    tax = [faults.written_tax(rng, who.tax[i]) for i in index]
    name = [
        faults.crm_name(rng, who, i) if twice else faults.erp_name(who, i)
        for i, twice in zip(index, second, strict=True)
    ]
    phone = rng.integers(10_000_000, 99_999_999, n)
    columns: Columns = {
        "cno": keys,
        "nam": name,
        "nam_zh": [faults.erp_name_zh(who, i) for i in index],
        "taxno": tax,
        "ctry": [who.country[i] for i in index],
        "prov": [who.region[i] for i in index],
        "city": [who.city[i] for i in index],
        "cls": [who.segment[i] for i in index],
        "rep": [who.owner[i] for i in index],
        "mail": [f"purchasing@{who.domain[i]}" if rng.random() < 0.85 else None for i in index],
        "tel": [f"+86 21 {p}" if who.country[i] == "CN" else f"+49 {p}" for i, p in zip(index, phone, strict=True)],
        "cur": [who.currency[i] for i in index],
        "pdays": who.terms[index],
        "act": (rng.random(n) > 0.03).astype(np.int64),
        "del": np.where(second & (rng.random(n) < 0.2), 1, 0),
        "chg": _stamps(world, rng, n),
    }
    return columns, ErpCustomers(number, double)


def _items(world: World) -> Tables:
    rng, goods = world.rng(21), world.catalogue
    n, numbers = goods.size, np.arange(goods.size) + 1
    categories = [(c.name, c.name_zh) for c in names.CATEGORIES] + [names.COMPONENTS[1:]]
    rate = world.policy.needed[world.calendar.today - 28 : world.calendar.today].mean(axis=0)
    inactive = (goods.rank > 30) & (rng.random(n) < 0.1) & (rate < 0.3)
    item: Columns = {
        "ino": numbers,
        "code": goods.sku,
        "nam": goods.name,
        "nam_zh": goods.name_zh,
        "cat": goods.category + 1,
        "uom": goods.uom,
        "src": np.where(goods.made, "M", "P"),
        "cost_f": goods.cost,
        "price_f": where(goods.sold, goods.price),
        "lt": goods.lead,
        "ss": np.ceil(world.policy.safety * 0.5).astype(np.int64),
        "moq": world.policy.lot,
        "mult": np.where(world.policy.lot > 200, 50, np.where(world.policy.lot > 20, 5, 1)),
        "vno": where(~goods.made, goods.supplier + 1),
        "act": np.where(inactive, 0, 1),
        "chg": _stamps(world, rng, n),
    }
    return {
        erp.ITEM.name: item,
        erp.CAT.name: {
            "cat": np.arange(COMPONENT + 1) + 1,
            "nam": [c[0] for c in categories],
            "nam_zh": [c[1] for c in categories],
            "chg": _stamps(world, rng, COMPONENT + 1),
        },
        erp.WHS.name: {
            "wno": np.arange(WAREHOUSES) + 1,
            "code": [w[0] for w in names.WAREHOUSES],
            "nam": [w[1] for w in names.WAREHOUSES],
            "nam_zh": [w[2] for w in names.WAREHOUSES],
            "chg": _stamps(world, rng, WAREHOUSES),
        },
        erp.VEND.name: {
            "vno": np.arange(len(names.SUPPLIERS)) + 1,
            "nam": list(names.SUPPLIERS),
            "chg": _stamps(world, rng, len(names.SUPPLIERS)),
        },
    }


def _production(world: World) -> Tables:
    """Bills of material, routings, and work centers whose capacity carries about 70 % load in an average week."""
    rng, goods, calendar = world.rng(22), world.catalogue, world.calendar
    bom, routing = goods.bom, np.array(goods.routing, dtype=np.int64)
    started = [o for o in world.flows.orders if o.made and calendar.today - 182 <= o.started]
    minutes = np.zeros(len(names.WORK_CENTERS))
    for order in started:
        for _, center, setup, seconds in routing[routing[:, 0] == order.product]:
            minutes[center] += setup + order.quantity * seconds / 60
    capacity = np.ceil(np.maximum(minutes / 26 / 5 / 0.70, 60) / 30).astype(np.int64) * 30
    until = np.array([NEVER if b.valid_to is None else calendar.today + b.valid_to for b in bom])
    since = np.array([NEVER if b.valid_from is None else calendar.today + b.valid_from for b in bom])
    return {
        erp.BOM.name: {
            "bno": np.arange(len(bom)) + 1,
            "ino": np.array([b.parent + 1 for b in bom]),
            "comp": np.array([b.component + 1 for b in bom]),
            "per_mille": np.array([b.per_mille for b in bom]),
            "scrap_mille": np.array([b.scrap_mille for b in bom]),
            "vfrom": calendar.dates(since),
            "vto": calendar.dates(until),
            "chg": _stamps(world, rng, len(bom)),
        },
        erp.WC.name: {
            "wcno": np.arange(len(capacity)) + 1,
            "nam": [w[0] for w in names.WORK_CENTERS],
            "nam_zh": [w[1] for w in names.WORK_CENTERS],
            "cap_min": capacity,
            "chg": _stamps(world, rng, len(capacity)),
        },
        erp.RT.name: {
            "rtno": np.arange(len(routing)) + 1,
            "ino": routing[:, 0] + 1,
            "wcno": routing[:, 1] + 1,
            "setup_min": routing[:, 2],
            "unit_sec": routing[:, 3],
            "chg": _stamps(world, rng, len(routing)),
        },
    }
