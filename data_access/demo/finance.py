"""Invoices, payments, monthly costs and exchange rates."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from data_access.demo import erp_schema as erp
from data_access.demo import faults
from data_access.demo.days import NEVER
from data_access.demo.erp_master import ErpCustomers, Tables
from data_access.demo.erp_sales import line_prices
from data_access.demo.orders import Orders
from data_access.demo.world import World

DISPUTED = 0.012
FORGOTTEN = 0.08  # of the last weeks' deliveries that nobody has invoiced yet
OPERATING_SHARE = 0.19


def finance_tables(world: World, orders: Orders, customers: ErpCustomers) -> Tables:
    return {**_invoices(world, orders, customers), erp.COST.name: _costs(world), erp.FX.name: _rates(world)}


def _invoices(world: World, orders: Orders, customers: ErpCustomers) -> Tables:
    """One invoice for what left of an order on one day (a credit for what came back), paid around its due date."""
    rng, calendar, lines = world.rng(40), world.calendar, orders.lines
    price = line_prices(world, orders)
    part, gone = np.flatnonzero(lines.first_part > 0), np.flatnonzero(lines.shipped > NEVER)
    line = np.concatenate([part, gone])
    day = np.concatenate([lines.first_day[part], lines.shipped[gone]])
    quantity = np.concatenate([lines.first_part[part], lines.quantity[gone] - lines.first_part[gone]])
    group, of = np.unique(day * (orders.size + 1) + orders.of[line], return_inverse=True)
    issued, order = np.divmod(group, orders.size + 1)
    amount = np.bincount(of, weights=quantity * price[line], minlength=len(group)).astype(np.int64)
    n, who = len(group), orders.customer[order]
    due = issued + world.customers.terms[who]
    paid = calendar.next_workday(
        np.maximum(due + np.round(rng.normal(world.customers.punctual[who], 3.0)).astype(np.int64), issued + 1)
    )
    disputed = (rng.random(n) < DISPUTED) & (issued > calendar.today - 150) & (amount > 0)
    credit = amount < 0
    paid = np.where(credit, issued, np.where(disputed, NEVER, paid))
    settled = (paid > NEVER) & (paid < calendar.today)
    partial = settled & ~credit & (rng.random(n) < 0.03)
    second = np.where(partial, paid + rng.integers(5, 30, n), NEVER)
    first_amount = np.where(partial, (amount * 0.5).astype(np.int64), amount)
    still = np.where(settled, np.where(partial & (second >= calendar.today), amount - first_amount, 0), amount)
    keys = faults.gapped(rng, n, 60_001)
    touched = np.maximum(
        issued, np.where(settled, np.where(second < calendar.today, np.maximum(paid, second), paid), NEVER)
    )
    seconds = rng.uniform(32400, 66000, n)
    currency = orders.currency[order]
    invoice = {
        "ivno": keys,
        "sno": orders.key[order],
        "cno": customers.number[who],
        "idat": calendar.dates(issued),
        "ddat": calendar.dates(due),
        "cur": currency,
        "amt_m": amount,
        "opn_m": still,
        "st": np.where(still != 0, "O", "P"),
        "chg": faults.spoil_stamps(rng, calendar.instants(touched, seconds)),
    }
    written = settled | (amount < 0) | (issued < calendar.today - 25) | (world.rng(42).random(n) >= FORGOTTEN)
    invoice = {name: np.asarray(column)[written] for name, column in invoice.items()}
    once, twice = np.flatnonzero(settled), np.flatnonzero(partial & (second < calendar.today))
    what = np.concatenate([once, twice])
    paid_day = np.concatenate([paid[once], second[twice]])
    value = np.concatenate([first_amount[once], (amount - first_amount)[twice]])
    sequence = np.argsort(paid_day, kind="stable")
    what, paid_day, value = what[sequence], paid_day[sequence], value[sequence]
    payment = {
        "payno": faults.gapped(rng, len(what), 80_001),
        "ivno": keys[what],
        "pdat": calendar.dates(paid_day),
        "cur": currency[what],
        "amt_m": value,
        "chg": faults.spoil_stamps(rng, calendar.instants(paid_day, rng.uniform(32400, 66000, len(what)))),
    }
    return {erp.INV.name: invoice, erp.PAY.name: payment}


def monthly_revenue(world: World) -> dict[date, tuple[float, float, float]]:
    """Month -> revenue, cost of it, and bookings, in CNY; the last month is incomplete."""
    lines, calendar = world.sales, world.calendar
    months = np.array([calendar.day(d).replace(day=1) for d in range(calendar.today)], dtype="datetime64[D]")
    found: dict[date, tuple[float, float, float]] = {}
    gone = lines.shipped > NEVER
    revenue, cost = lines.quantity * lines.price / 100, lines.quantity * world.catalogue.cost[lines.product] / 100
    booked = ~np.isin(lines.state, (2, 3, 4))
    for month in np.unique(months):
        left = gone & (months[np.maximum(lines.shipped, 0)] == month)
        entered = booked & (months[lines.day] == month)
        found[month.astype(object)] = (
            float(revenue[left].sum()),
            float(cost[left].sum()),
            float(revenue[entered].sum()),
        )
    return found


def _costs(world: World) -> dict[str, Any]:
    rng = world.rng(41)
    rows: list[tuple[date, str, int]] = []
    for month, (revenue, cost, _) in monthly_revenue(world).items():
        rows.append((month, "material", round(cost * 0.74 * rng.uniform(0.98, 1.02) * 100)))
        rows.append((month, "operating", round(revenue * OPERATING_SHARE * rng.uniform(0.95, 1.05) * 100)))
        rows.append((month, "logistics", round(revenue * 0.031 * rng.uniform(0.92, 1.08) * 100)))
    days = np.array([world.calendar.index(month) + 27 for month, _, _ in rows])
    return {
        "gno": np.arange(len(rows)) + 1,
        "per": [month.isoformat() for month, _, _ in rows],
        "kind": [kind for _, kind, _ in rows],
        "amt_f": [amount for _, _, amount in rows],
        "chg": world.calendar.instants(np.minimum(days, world.calendar.today - 1), np.full(len(rows), 61200.0)),
    }


def _rates(world: World) -> dict[str, Any]:
    """A rate for every day of history and today."""
    calendar, codes = world.calendar, [code for code in world.rates if code != "CNY"]
    days = np.repeat(np.arange(calendar.today + 1), len(codes))
    rates = np.column_stack([world.rates[code] for code in codes]).ravel()
    return {
        "fxno": np.arange(len(days)) + 1,
        "cur": codes * (calendar.today + 1),
        "dat": calendar.dates(days),
        "rate": [f"{rate:.6f}" for rate in rates],
        "chg": calendar.instants(days, np.full(len(days), 300.0)),
    }
