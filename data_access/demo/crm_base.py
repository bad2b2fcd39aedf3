"""The CRM's accounts, contacts, leads, contracts and campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from data_access.demo import crm_schema as crm
from data_access.demo import faults, names
from data_access.demo.campaigns import coming
from data_access.demo.catalogue import Ints
from data_access.demo.days import work_seconds
from data_access.demo.deals import uuids
from data_access.demo.erp_master import Tables
from data_access.demo.world import World
from data_access.demo.write import Columns

Instants = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Accounts:
    """`id` by company ("" = unknown to the CRM); `name` as the CRM spells it."""

    id: list[str]
    name: list[str]

    def ids(self, companies: Ints) -> Any:
        return np.array([i or None for i in self.id], dtype=object)[companies]


def audit(world: World, rng: np.random.Generator, created: Ints, modified: Ints, deleted: float = 0.004) -> Columns:
    """The CRM's three common columns; stamps have milliseconds, some are out of order, a few missing."""
    n = len(created)
    born = world.calendar.instants(created, work_seconds(rng, n) + rng.random(n))
    last = world.calendar.instants(
        np.minimum(np.maximum(modified, created), world.calendar.today - 1), work_seconds(rng, n) + rng.random(n)
    )
    return {
        "deleted": (rng.random(n) < deleted).astype(np.int64),
        "created_on": born,
        "modified_on": faults.spoil_stamps(rng, np.maximum(born, last)),
    }


def base_tables(world: World) -> tuple[Tables, Accounts]:
    rng, who = world.rng(60), world.customers
    index = np.flatnonzero(who.in_crm)
    ids = uuids(rng, len(index))
    account = Accounts([""] * who.size, [""] * who.size)
    for i, identifier in zip(index, ids, strict=True):
        account.id[i], account.name[i] = identifier, faults.crm_name(rng, who, int(i))
    today, n = world.calendar.today, len(index)
    created = rng.integers(-900, max(1, today - 200), n)
    prefix = np.array(["Herr", "Ms", "Mr", "Dr"])
    table: Columns = {
        "account_id": ids,
        "account_name": [account.name[i] for i in index],
        "tax_identifier": [faults.written_tax(rng, who.tax[i]) for i in index],
        "country_code": [who.country[i] for i in index],
        "state_province": [who.region[i] for i in index],
        "city": [who.city_zh[i] or who.city[i] if rng.random() < 0.3 else who.city[i] for i in index],
        "industry": [who.segment[i] for i in index],
        "owner_name": [who.owner[i] for i in index],
        "email_address": [f"info@{who.domain[i]}" if rng.random() < 0.8 else None for i in index],
        "main_phone": [f"+{int(p)}" for p in rng.integers(86_100_000_000, 86_999_999_999, n)],
        "is_active": (rng.random(n) > 0.02).astype(np.int64),
        **audit(world, rng, created, rng.integers(0, today, n), 0.0),
    }
    return {
        crm.ACCOUNT.name: table,
        **_contacts(world, rng, index, account, prefix),
        **_leads(world, rng, index, account),
        **_contracts(world, rng, index, account),
        **_campaigns(world, rng),
    }, account


def _contacts(world: World, rng: np.random.Generator, index: Ints, account: Accounts, titles: Any) -> Tables:
    company = np.repeat(index, rng.integers(1, 5, len(index)))
    n, today = len(company), world.calendar.today
    given, family = rng.choice(names.GIVEN, n), rng.choice(names.FAMILY, n)
    title = np.where(rng.random(n) < 0.15, titles[rng.integers(0, 4, n)], "")
    return {
        crm.CONTACT.name: {
            "contact_id": uuids(rng, n),
            "account_id": account.ids(company),
            "full_name": [f"{t} {g} {f}".strip() for t, g, f in zip(title, given, family, strict=True)],
            "email_address": [
                f"{g.lower()}.{f.lower()}@{world.customers.domain[c]}"
                for g, f, c in zip(given, family, company, strict=True)
            ],
            "mobile_phone": [f"+{int(p)}" for p in rng.integers(86_130_0000_0000, 86_189_9999_9999, n)],
            **audit(world, rng, rng.integers(-600, today, n), rng.integers(0, today, n), 0.01),
        }
    }


def _leads(world: World, rng: np.random.Generator, index: Ints, account: Accounts) -> Tables:
    n, today = max(15, world.lines // 600), world.calendar.today
    created = today - 1 - np.round(rng.exponential(30, n)).astype(np.int64)
    company = rng.choice(index, n)
    owner = [world.customers.owner[c] for c in company]
    category = rng.choice([c.name for c in names.CATEGORIES], n)
    money = np.round(rng.lognormal(11.6, 0.8, n), -3)
    return {
        crm.LEAD.name: {
            "lead_id": uuids(rng, n),
            "account_id": account.ids(company),
            "topic": [f"Interest in {c.lower()}" for c in category],
            "owner_name": owner,
            "lead_status": rng.choice(["Open", "Contacted", "Disqualified"], n, p=(0.5, 0.35, 0.15)),
            "currency_code": ["CNY"] * n,
            "estimated_value": [f"{m:.2f}" for m in money],
            "expected_close": world.calendar.dates(np.maximum(created, today - 60) + rng.integers(60, 150, n)),
            **audit(world, rng, created, created + rng.integers(0, 20, n)),
        }
    }


def _contracts(world: World, rng: np.random.Generator, index: Ints, account: Accounts) -> Tables:
    """Yearly frame contracts of the larger customers; two large ones end within the next weeks."""
    company = np.repeat(index[:70], 3)
    n, today = len(company), world.calendar.today
    end = today - rng.integers(0, 365, n) + np.tile([365, 0, -365], n // 3)
    end[[0, 3]] = today + 16, today + 24
    value = world.customers.weight[company] * 700e6 * world.lines / 60_000 * rng.uniform(0.4, 0.8, n)
    status = np.where(end >= today, "Active", "Expired")
    return {
        crm.CONTRACT.name: {
            "contract_id": uuids(rng, n),
            "account_id": account.ids(company),
            "start_date": world.calendar.dates(end - 364),
            "end_date": world.calendar.dates(end),
            "currency_code": ["CNY"] * n,
            "contract_value": [f"{v:.2f}" for v in np.round(value, -3)],
            "contract_status": status,
            **audit(world, rng, end - 380, np.minimum(end, today - 1)),
        }
    }


def _campaigns(world: World, rng: np.random.Generator) -> Tables:
    calendar, past = world.calendar, world.demand.campaigns
    campaigns = [*past, *coming(world)]
    n, today = len(campaigns), calendar.today
    ids = uuids(rng, n)
    first, last = np.array([c.first for c in campaigns]), np.array([c.last for c in campaigns])
    status = np.where(last < today, "Completed", np.where(first <= today, "Running", "Planned"))
    rows = [(ids[i], p, c) for i, c in enumerate(campaigns) for p in c.products]
    start = np.array([c.first for _, _, c in rows])
    # What happened already has its uplift in what was expected; what is to come has not.
    uplift = [1.0 if any(c is one for one in past) else c.uplift for _, _, c in rows]
    quantity = [
        u * world.demand.expected[c.first : c.last + 1, p].sum() for u, (_, p, c) in zip(uplift, rows, strict=True)
    ]
    return {
        crm.CAMPAIGN.name: {
            "campaign_id": ids,
            "campaign_name": [c.name for c in campaigns],
            "start_date": calendar.dates(first),
            "end_date": calendar.dates(last),
            "currency_code": ["CNY"] * n,
            "budget": [f"{b:.2f}" for b in np.round(rng.uniform(60e3, 400e3, n), -3)],
            "campaign_status": status,
            **audit(world, rng, np.minimum(first - 30, today - 1), np.minimum(last, today - 1), 0.0),
        },
        crm.CAMPAIGN_PRODUCT.name: {
            "row_id": uuids(rng, len(rows)),
            "campaign_id": [r[0] for r in rows],
            "product_code": [world.catalogue.sku[p] for _, p, _ in rows],
            "planned_quantity": [f"{max(1, round(q))}" for q in quantity],
            "discount_percent": [f"{c.discount * 100:.1f}" for _, _, c in rows],
            **audit(world, rng, np.minimum(start - 30, today - 2), np.minimum(start - 20, today - 1), 0.0),
        },
    }
