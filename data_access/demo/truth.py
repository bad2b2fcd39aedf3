"""What is true of the demo company, written beside the databases for tests; Tandem itself never reads it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from data_access.demo import crm_schema as crm
from data_access.demo import erp_schema as erp
from data_access.demo import faults
from data_access.demo.crm_base import Accounts
from data_access.demo.crm_work import late_orders
from data_access.demo.deals import WON, Deals
from data_access.demo.erp_master import ErpCustomers, Tables
from data_access.demo.finance import monthly_revenue
from data_access.demo.orders import Orders
from data_access.demo.world import World


def make_truth(
    world: World, orders: Orders, deals: Deals, customers: ErpCustomers, accounts: Accounts, tables: Tables
) -> dict[str, Any]:
    who = world.customers
    both = [i for i in range(who.size) if who.in_erp[i] and accounts.id[i]]
    won = np.flatnonzero(deals.stage == WON)
    day = world.calendar.day
    return {
        "seed": world.seed,
        "today": day(world.calendar.today).isoformat(),
        "lines": len(orders.of),
        "customer_account": {str(customers.number[i]): accounts.id[i] for i in both}
        | {str(customers.double[i]): accounts.id[i] for i in both if customers.double[i]},
        "customer_double": {
            str(customers.double[i]): str(customers.number[i]) for i in range(who.size) if customers.double[i]
        },
        "erp_only": [str(customers.number[i]) for i in range(who.size) if who.in_erp[i] and not accounts.id[i]]
        + [str(customers.double[i]) for i in range(who.size) if customers.double[i] and not accounts.id[i]],
        "crm_only": [accounts.id[i] for i in range(who.size) if accounts.id[i] and not who.in_erp[i]],
        "unknown_skus": sorted(
            {c for c in tables[crm.OPPORTUNITY_LINE.name]["product_code"] if c in faults.UNKNOWN_SKUS}
        ),
        "unknown_items": sorted({int(i) for i in tables[erp.SO_L.name]["ino"] if i > 900_000}),
        "orders_without_currency": [orders.number[i] for i in orders.no_currency],
        "opportunity_order": {deals.id[i]: orders.number[deals.order[i]] for i in won},
        "late_orders_with_ticket": [orders.number[i] for i in late_orders(world, orders)],
        "stock_outs": [
            {
                "sku": world.catalogue.sku[s.product],
                "planned_run_out": day(s.run_out).isoformat(),
                "next_receipt": day(s.receipt).isoformat(),
            }
            for s in world.policy.shortages
        ],
        "customers_falling": [str(customers.number[i]) for i in (9, 14, 23)],
        "stamps_missing": {name: int(np.isnat(t["chg"]).sum()) for name, t in tables.items() if "chg" in t},
        "deleted_flag": {name: int(sum(t["deleted"])) for name, t in tables.items() if "deleted" in t},
    }


def write_truth(path: Path, truth: dict[str, Any]) -> None:
    path.write_text(json.dumps(truth, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def targets(world: World) -> list[tuple[str, date, str]]:
    """Plan figures by month: past ones near what happened, the next ones from what is expected."""
    rng, calendar = world.rng(70), world.calendar
    past = monthly_revenue(world)
    value = world.demand.expected * world.catalogue.price[None, :] / 100 * 0.888
    rows: list[tuple[str, date, str]] = []
    first = calendar.day(calendar.today).replace(day=1)
    window = slice(calendar.today - 21, calendar.today)
    lines = world.sales
    recent = (lines.shipped >= window.start) & (lines.shipped < window.stop)
    pace = float((lines.quantity * lines.price)[recent].sum() / 100 / value[window].sum())
    months = sorted({calendar.day(d).replace(day=1) for d in range(calendar.today + 330)})
    found: dict[date, float] = {}
    day = calendar.day(calendar.today).day
    for month in months:
        days = [
            d
            for d in range(max(0, calendar.index(month)), min(len(value), calendar.index(month) + 31))
            if calendar.day(d).replace(day=1) == month
        ]
        whole = calendar.index(month) + 31 <= len(value)
        planned = float(value[days].sum()) * pace if month >= first else past[month][0]
        planned = planned if whole else found[month.replace(year=month.year - 1)] * 1.06
        if month == first and day > 6:
            planned = past[month][0] / (day - 0.4) * len(days) * 0.98
        found[month] = planned
        planned = round(planned * rng.uniform(0.955, 1.005), -5 if world.lines > 20_000 else -4)
        rows += [
            ("revenue", month, f"{planned:.0f}"),
            ("booked", month, f"{planned * 1.02:.0f}"),
            ("gross_margin", month, "0.336"),
            ("on_time", month, "0.95"),
            ("pipeline_weighted", month, f"{planned * 1.0:.0f}"),
        ]
    return rows


def write_targets(path: Path, rows: list[tuple[str, date, str]]) -> None:
    lines = ["metric,period_start,value", *(f"{metric},{month.isoformat()},{value}" for metric, month, value in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
