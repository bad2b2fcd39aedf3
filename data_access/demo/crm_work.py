"""What people do in the CRM: opportunities with lines and stages, activities, and service cases with their scores."""

from __future__ import annotations

from typing import Any

import numpy as np

from data_access.demo import crm_schema as crm
from data_access.demo import faults
from data_access.demo.catalogue import Ints
from data_access.demo.crm_base import Accounts, audit
from data_access.demo.days import NEVER, work_seconds
from data_access.demo.deals import LOST, NEGOTIATION, PROBABILITY, STAGES, WON, Deals, uuids
from data_access.demo.erp_master import Tables
from data_access.demo.nullable import pick, where
from data_access.demo.orders import Orders
from data_access.demo.world import CURRENCIES, World

CASES_PER_LINE = 0.26
SUBJECTS = (
    "Question on delivery",
    "Wrong item",
    "Noise in operation",
    "Parameter setting",
    "Missing documents",
    "Seal leaks",
    "Invoice unclear",
)


def decimal_text(minor: Ints, currency: Any) -> list[str]:
    """Minor units -> decimal text with the currency's digits."""
    return [
        str(m) if CURRENCIES[c][1] == 1 else f"{m // 100}.{m % 100:02d}"
        for m, c in zip(minor.tolist(), currency, strict=True)
    ]


def deal_tables(world: World, deals: Deals, accounts: Accounts) -> Tables:
    rng, calendar, n = world.rng(61), world.calendar, deals.size
    currency = pick(world.customers.currency, deals.customer)
    first = np.clip(deals.created, 0, calendar.today)
    line_amount = world.foreign(deals.fen, currency[deals.of], first[deals.of])
    amount = np.bincount(deals.of, weights=line_amount, minlength=n).astype(np.int64)
    closed = np.isin(deals.stage, (WON, LOST))
    seconds = work_seconds(rng, n) + rng.random(n)
    last = deals.entered.max(axis=1)
    sku = np.array([*world.catalogue.sku, "?"], dtype=object)
    main = sku[deals.product[np.searchsorted(deals.of, np.arange(n))]]
    common = audit(world, rng, deals.created, last + rng.integers(0, 3, n), 0.0)
    common = {**common, "deleted": ((rng.random(n) < 0.01) & ~closed).astype(np.int64)}
    probability = np.round(PROBABILITY[deals.stage] + np.where(closed, 0, rng.choice([-0.05, 0, 0, 0.05], n)), 2)
    tables: Tables = {
        crm.OPPORTUNITY.name: {
            "opportunity_id": deals.id,
            "account_id": accounts.ids(deals.customer),
            "topic": [f"{m} project" if m != "?" else "Project" for m in main],
            "owner_name": pick(world.customers.owner, deals.customer),
            "sales_stage": pick(STAGES, deals.stage),
            "win_probability": [f"{p * 100:.0f}" for p in probability],
            "currency_code": currency,
            "estimated_value": decimal_text(amount, currency),
            "opened_date": calendar.dates(deals.created),
            "estimated_close": calendar.dates(deals.close),
            "closed_on": np.where(closed, calendar.instants(deals.close, seconds), np.datetime64("NaT")),
            **common,
        }
    }
    unknown = np.array(faults.UNKNOWN_SKUS, dtype=object)[rng.integers(0, len(faults.UNKNOWN_SKUS), len(deals.of))]
    tables[crm.OPPORTUNITY_LINE.name] = {
        "line_id": uuids(rng, len(deals.of)),
        "opportunity_id": pick(deals.id, deals.of),
        "product_code": np.where(deals.product < 0, unknown, sku[deals.product]),
        "quantity": [str(q) for q in deals.quantity.tolist()],
        "extended_amount": decimal_text(line_amount, currency[deals.of]),
        **audit(world, rng, deals.created[deals.of], deals.created[deals.of] + 2, 0.002),
    }
    of, stage = np.nonzero(deals.entered > NEVER)
    day = deals.entered[of, stage]
    moment = np.where(stage <= NEGOTIATION, work_seconds(rng, len(of)), seconds[of])
    tables[crm.STAGE_LOG.name] = {
        "log_id": uuids(rng, len(of)),
        "opportunity_id": pick(deals.id, of),
        "to_stage": pick(STAGES, stage),
        "entered_on": calendar.instants(day, moment),
        **audit(world, rng, day, day, 0.0),
    }
    return {**tables, **_activities(world, deals, accounts)}


def _activities(world: World, deals: Deals, accounts: Accounts) -> Tables:
    rng, today = world.rng(62), world.calendar.today
    of = np.repeat(np.arange(deals.size), rng.integers(1, 6, deals.size))
    end = np.where(np.isin(deals.stage, (WON, LOST)), deals.close, today - 1)
    day = deals.created[of] + (rng.random(len(of)) * np.maximum(end - deals.created, 1)[of]).astype(np.int64)
    known = np.flatnonzero(world.customers.in_crm)
    extra = max(50, world.lines // 20)
    who = np.concatenate([deals.customer[of], rng.choice(known, extra)])
    day = world.calendar.next_workday(np.concatenate([day, rng.integers(0, today, extra)]))
    day = np.minimum(day, today - 1)
    n = len(day)
    linked = np.arange(n) < len(of)
    ids = np.array(deals.id, dtype=object)[np.concatenate([of, np.zeros(extra, dtype=np.int64)])]
    kind = rng.choice(["Call", "Email", "Meeting", "Demo"], n, p=(0.4, 0.35, 0.2, 0.05))
    return {
        crm.ACTIVITY.name: {
            "activity_id": uuids(rng, n),
            "account_id": accounts.ids(who),
            "opportunity_id": where(linked, ids),
            "activity_type": kind,
            "happened_on": world.calendar.instants(day, work_seconds(rng, n)),
            "owner_name": pick(world.customers.owner, who),
            "subject": [f"{k} with {c}" for k, c in zip(kind, pick(world.customers.name, who), strict=True)],
            **audit(world, rng, day, day),
        }
    }


def late_orders(world: World, orders: Orders) -> Ints:
    """Orders whose lateness the customer complained about: five days and more always, two to four now and then."""
    rng = world.rng(63)
    known = world.customers.in_crm[orders.customer] & ~orders.is_return
    return np.flatnonzero(known & ((orders.late >= 5) | ((orders.late >= 2) & (rng.random(orders.size) < 0.4))))


def case_tables(world: World, orders: Orders, accounts: Accounts) -> Tables:
    rng, today = world.rng(64), world.calendar.today
    late = late_orders(world, orders)
    ordinary = np.flatnonzero(world.customers.in_crm[orders.customer] & ~orders.is_return)
    about = np.concatenate([late, rng.choice(ordinary, max(20, int(world.lines * CASES_PER_LINE) - len(late)))])
    is_late = np.arange(len(about)) < len(late)
    worst = orders.lines.promised[np.searchsorted(orders.of, about)] + np.minimum(orders.late[about], 5)
    complained = np.minimum(np.maximum(worst, orders.day[about] + 1), today - 1)
    opened = np.where(is_late, complained, orders.day[about] + rng.integers(1, 61, len(about)))
    about, is_late, opened = about[opened < today], is_late[opened < today], opened[opened < today]
    n, start = len(about), np.searchsorted(orders.of, about)
    closed = opened + np.round(rng.gamma(1.6, 2.2, n)).astype(np.int64)
    closed = np.where(closed < today, closed, NEVER)
    seconds = work_seconds(rng, n)
    score = np.where(
        is_late,
        rng.choice([1, 2, 3, 4, 5], n, p=(0.12, 0.2, 0.28, 0.27, 0.13)),
        rng.choice([2, 3, 4, 5], n, p=(0.02, 0.05, 0.26, 0.67)),
    )
    answered = (closed > NEVER) & (rng.random(n) < 0.47)
    subject = np.where(is_late, "Late delivery", np.array(SUBJECTS)[rng.integers(0, len(SUBJECTS), n)])
    sku = pick(world.catalogue.sku, orders.lines.product[start])
    return {
        crm.CASE.name: {
            "case_id": uuids(rng, n),
            "account_id": accounts.ids(orders.customer[about]),
            "order_reference": where(is_late | (rng.random(n) < 0.7), pick(orders.number, about)),
            "product_code": where(is_late | (rng.random(n) < 0.6), sku),
            "opened_on": world.calendar.instants(opened, seconds),
            "closed_on": world.calendar.instants(closed, np.minimum(seconds + 1800, 68000)),
            "priority": np.where(
                is_late,
                rng.choice(["High", "Normal"], n),
                rng.choice(["High", "Normal", "Low"], n, p=(0.1, 0.65, 0.25)),
            ),
            "case_status": np.where(closed > NEVER, "Resolved", rng.choice(["Active", "Waiting"], n)),
            "subject": subject,
            "satisfaction": where(answered, score),
            **audit(world, rng, opened, closed, 0.002),
        }
    }
