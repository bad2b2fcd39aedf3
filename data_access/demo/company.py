"""The demo company as rows of its two systems."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from data_access.demo import crm_schema, erp_schema
from data_access.demo.crm_base import base_tables
from data_access.demo.crm_work import case_tables, deal_tables
from data_access.demo.deals import WON, make_deals, orders_of_lost_deals
from data_access.demo.erp_master import Tables, master
from data_access.demo.erp_sales import order_tables
from data_access.demo.erp_stock import stock_tables
from data_access.demo.finance import finance_tables
from data_access.demo.orders import make_orders
from data_access.demo.truth import make_truth
from data_access.demo.world import World, make_world
from data_access.demo.write import add_indexes, connect, insert, recreate

KNOWS_THE_DEAL = 0.7  # of orders born of a deal that carry its number


@dataclass(frozen=True)
class Company:
    world: World
    erp: Tables
    crm: Tables
    truth: dict[str, Any]


def build(seed: int, lines: int, months: int, today: date) -> Company:
    """The same rows for the same arguments."""
    world = make_world(seed, lines, months, today)
    orders = make_orders(world)
    deals = make_deals(world, orders)
    rng = world.rng(80)
    references = orders_of_lost_deals(world, orders, deals) | {
        int(order): deal
        for deal, order, stage in zip(deals.id, deals.order, deals.stage, strict=True)
        if stage == WON and rng.random() < KNOWS_THE_DEAL
    }
    erp, customers = master(world)
    erp.update(order_tables(world, orders, customers, references))
    erp.update(stock_tables(world, orders))
    erp.update(finance_tables(world, orders, customers))
    crm, accounts = base_tables(world)
    crm.update(deal_tables(world, deals, accounts))
    crm.update(case_tables(world, orders, accounts))
    return Company(world, erp, crm, make_truth(world, orders, deals, customers, accounts, {**erp, **crm}))


def store(company: Company, erp_url: str, crm_url: str, tell: Callable[[str, int, int], None]) -> dict[str, int]:
    """Writes both databases; answers rows by table."""
    rows: dict[str, int] = {}
    jobs = ((erp_url, erp_schema.META, company.erp), (crm_url, crm_schema.META, company.crm))
    total = sum(len(meta.tables) for _, meta, _ in jobs)
    for url, meta, tables in jobs:
        engine = connect(url)
        try:
            recreate(engine, meta)
            for table in meta.sorted_tables:
                rows[table.name] = insert(engine, table, tables[table.name])
                tell("tables", len(rows), total)
            add_indexes(engine, meta)
        finally:
            engine.dispose()
    return rows
