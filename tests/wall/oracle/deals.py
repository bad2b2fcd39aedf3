"""Open deals: their win rates, their weight, and what they would take from stock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from tests.wall.oracle.books import NOTHING, Books, day_or_none
from tests.wall.oracle.demand import monday
from tests.wall.oracle.people import accounts

CLOSED = {"Closed Won": True, "Closed Lost": False}


@dataclass(frozen=True)
class Deal:
    """A deal, or a lead (stage New); days are company days, those of a closed deal's end included."""

    number: str
    account: str
    stage: str
    amount: Decimal | None
    created: date
    closes: date | None
    closed: date | None
    own: Decimal  # what the CRM itself thinks of its chance


@lru_cache(4)
def deals(books: Books) -> list[Deal]:
    """Deals and qualified leads that are not deleted."""
    query = """
        SELECT opportunity_id, account_id, sales_stage, currency_code, estimated_value, opened_date, estimated_close,
               date(closed_on, '+8 hours'), win_probability
        FROM crm_opportunity WHERE coalesce(deleted, 0) = 0
        UNION ALL
        SELECT lead_id, account_id, 'New', currency_code, estimated_value, date(created_on, '+8 hours'), expected_close,
               NULL, NULL
        FROM crm_lead WHERE coalesce(deleted, 0) = 0 AND lead_status <> 'Disqualified'"""
    found = []
    for number, account, stage, currency, value, created, closes, closed, own in books.crm(query):
        day = date.fromisoformat(created)
        amount = books.base(None if value is None else Decimal(value), currency, day)
        found.append(
            Deal(number, account, stage, amount, day, day_or_none(closes), day_or_none(closed), Decimal(own or 0))
        )
    return found


@lru_cache(4)
def stages(books: Books) -> dict[str, list[tuple[str, str]]]:
    """Deal -> (instant in company time, stage entered), in order."""
    found = defaultdict[str, list[tuple[str, str]]](list)
    query = """
        SELECT opportunity_id, datetime(entered_on, '+8 hours'), to_stage FROM crm_stage_log
        WHERE coalesce(deleted, 0) = 0 AND entered_on IS NOT NULL ORDER BY entered_on"""
    for deal, entered, stage in books.crm(query):
        found[deal].append((entered, stage))
    return found


@lru_cache(4)
def win_rates(books: Books) -> tuple[dict[str, Decimal], Decimal]:
    """(stage -> share won of the closed deals that had reached it, shrunk by twenty average deals; share of all).
    No shares where fewer than twenty have closed."""
    log = stages(books)
    closed = {deal.number: CLOSED[deal.stage] for deal in deals(books) if deal.stage in CLOSED and deal.number in log}
    overall = Decimal(sum(closed.values())) / len(closed)
    reached = defaultdict[str, set[str]](set)
    for number in closed:
        for _, stage in log[number]:
            reached[stage].add(number)
    shrunk = {stage: (sum(closed[each] for each in found) + 20 * overall) / (len(found) + 20)
              for stage, found in reached.items() if stage not in CLOSED}  # fmt: skip
    return (shrunk if len(closed) >= 20 else {}), overall


def chance(books: Books, deal: Deal) -> Decimal:
    """Of an open deal: what its stage has come to, else what the CRM says."""
    return win_rates(books)[0].get(deal.stage, deal.own)


def open_deals(books: Books) -> list[Deal]:
    return [deal for deal in deals(books) if deal.stage not in CLOSED]


def pipeline(books: Books) -> Decimal:
    return sum(((deal.amount or NOTHING) * chance(books, deal) for deal in open_deals(books)), NOTHING)


def pipeline_then(books: Books, day: date) -> Decimal:
    """The deals that were open at the end of `day` at the stage they had; amounts are today's."""
    (rates, overall), log, found = win_rates(books), stages(books), NOTHING
    for deal in deals(books):
        over = deal.closed is not None and deal.closed <= day
        if over or deal.created > day or (deal.stage in CLOSED and deal.closed is None):
            continue
        entered = [stage for at, stage in log[deal.number] if at < str(day + timedelta(days=1))]
        stage = entered[-1] if entered else deal.stage
        unrated = deal.own if deal.stage not in CLOSED else overall if rates else NOTHING
        found += (deal.amount or NOTHING) * rates.get(stage, unrated)
    return found


def named_products(books: Books) -> dict[str, list[tuple[int, float]]]:
    """Deal -> (item, quantity) of its lines; a code the ERP does not know is none."""
    codes = {code: item for item, code in books.erp("SELECT ino, code FROM item")}
    found = defaultdict[str, list[tuple[int, float]]](list)
    query = "SELECT opportunity_id, product_code, quantity FROM crm_opportunity_product WHERE coalesce(deleted, 0) = 0"
    for deal, code, quantity in books.crm(query):
        if code in codes and float(quantity) > 0:
            found[deal].append((codes[code], float(quantity)))
    return found


def named_and_usual(books: Books) -> tuple[int, int]:
    """How many open deals name products, and how many are spread over what their customer usually buys."""
    named, usual, who = named_products(books), usual_mix(books), accounts(books)
    deals_now = open_deals(books)
    by_mix = [deal for deal in deals_now if deal.number not in named and deal.amount and who.get(deal.account) in usual]
    return sum(deal.number in named for deal in deals_now), len(by_mix)


def wanted(books: Books, prices: dict[int, Decimal]) -> dict[tuple[int, date], float]:
    """(item, Monday of the week the deal should close) -> quantity x win rate; a date that has passed is this week."""
    listed = named_products(books)
    usual, who = usual_mix(books), accounts(books)
    found = defaultdict[tuple[int, date], float](float)
    for deal in open_deals(books):
        week = monday(max(deal.closes or books.today, books.today))
        mix = usual.get(who.get(deal.account, -1), {})
        for item, quantity in listed.get(deal.number) or list(_by_mix(deal, mix, prices)):
            found[item, week] += quantity * float(chance(books, deal))
    return found


def _by_mix(deal: Deal, mix: dict[int, float], prices: dict[int, Decimal]) -> Iterator[tuple[int, float]]:
    """A deal that names no products buys what its customer usually does."""
    for item, share in mix.items():
        if deal.amount and prices[item] > 0:
            yield item, float(deal.amount) * share / float(prices[item])


def usual_mix(books: Books) -> dict[Any, dict[int, float]]:
    """Customer -> item -> share of what was ordered in 52 weeks."""
    amounts = defaultdict[tuple[int, int], Decimal](Decimal)
    for line in books.booked_lines:
        recent = books.today - timedelta(days=364) < line.day <= books.today
        if recent and line.item is not None and line.customer is not None and line.base is not None:
            amounts[line.customer, line.item] += line.base
    found = defaultdict[Any, dict[int, float]](dict)
    for (customer, item), amount in amounts.items():
        if amount > 0:
            found[customer][item] = float(amount)
    return {who: {item: part / sum(mine.values()) for item, part in mine.items()} for who, mine in found.items()}
