"""The CRM while time passes: deals move on, are won and lost; tickets open and close; people call."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from sqlalchemy import func, select

from data_access.demo import crm_schema as crm
from data_access.demo.book import Book
from data_access.demo.crm_work import SUBJECTS
from data_access.demo.deals import PROBABILITY, STAGES

OPEN_STAGES = STAGES[:4]


@dataclass(frozen=True)
class Won:
    """A deal that was won just now; lines are (sku, quantity, amount)."""

    deal: str
    account: str
    name: str
    currency: str
    owner: str
    lines: list[tuple[str, int, Decimal]]


@dataclass
class CrmReport:
    won: list[Won] = field(default_factory=list)


def common(book: Book) -> dict[str, Any]:
    """The columns every table of the CRM has, of a new row."""
    return {"deleted": 0, "created_on": book.now, "modified_on": book.stamp()}


def _any(book: Book, table: Any, *conditions: Any) -> Any:
    """A random row: the first at or after a random id."""
    key = next(iter(table.primary_key))
    for where in ((key >= book.somewhere(),), ()):
        found = book.one(select(table).where(*where, *conditions).order_by(key).limit(1))
        if found is not None:
            return found
    return None


def _enter(book: Book, deal: str, stage: str) -> None:
    book.add(
        crm.STAGE_LOG,
        {
            "log_id": book.uuid(),
            "opportunity_id": deal,
            "to_stage": stage,
            "entered_on": book.moment(),
            **common(book),
        },
    )


def new_deal(book: Book) -> None:
    """An opportunity like an earlier one, at its beginning."""
    deals, lines = crm.OPPORTUNITY, crm.OPPORTUNITY_LINE
    like = _any(book, deals, deals.c.deleted == 0)
    parts = (
        []
        if like is None
        else book.rows(select(lines).where(lines.c.opportunity_id == like.opportunity_id, lines.c.deleted == 0))
    )
    if not parts:
        return
    key, total = book.uuid(), Decimal(0)
    rows = []
    for part in parts:
        quantity = max(1, round(int(part.quantity) * float(book.rng.uniform(0.6, 1.5))))
        digits = Decimal(1) if like.currency_code == "JPY" else Decimal("0.01")
        amount = (Decimal(part.extended_amount) / int(part.quantity) * quantity).quantize(digits, ROUND_HALF_EVEN)
        total += amount
        rows.append(
            {
                "line_id": book.uuid(),
                "opportunity_id": key,
                "product_code": part.product_code,
                "quantity": str(quantity),
                "extended_amount": str(amount),
                **common(book),
            }
        )
    book.add(
        deals,
        {
            "opportunity_id": key,
            "account_id": like.account_id,
            "topic": like.topic,
            "owner_name": like.owner_name,
            "sales_stage": STAGES[0],
            "win_probability": "10",
            "currency_code": like.currency_code,
            "estimated_value": str(total),
            "opened_date": book.day,
            "estimated_close": book.day + timedelta(days=int(book.rng.integers(20, 110))),
            "closed_on": None,
            **common(book),
        },
    )
    book.add(lines, *rows)
    _enter(book, key, STAGES[0])


def advance_deal(book: Book, report: CrmReport) -> None:
    """An open opportunity goes one stage on, is won, or is lost."""
    deals = crm.OPPORTUNITY
    rows = book.rows(
        select(deals.c.opportunity_id, deals.c.sales_stage, deals.c.estimated_close)
        .where(deals.c.sales_stage.in_(OPEN_STAGES), deals.c.deleted == 0)
        .order_by(deals.c.estimated_close)
        .limit(80)
    )
    deal = book.pick(rows)
    if deal is None:
        return
    stage = STAGES.index(deal.sales_stage)
    lost = book.chance((0.3, 0.3, 0.25, 0.25)[stage])
    to = 5 if lost else stage + 1
    if to < 4:
        book.change(
            deals,
            deal.opportunity_id,
            sales_stage=STAGES[to],
            win_probability=f"{PROBABILITY[to] * 100:.0f}",
            estimated_close=max(deal.estimated_close, book.day + timedelta(days=int(book.rng.integers(5, 45)))),
        )
    else:
        book.change(
            deals,
            deal.opportunity_id,
            sales_stage=STAGES[to],
            win_probability="100" if to == 4 else "0",
            closed_on=book.moment(),
            estimated_close=book.day,
        )
        if to == 4:
            report.won.append(_won(book, deal.opportunity_id))
    _enter(book, deal.opportunity_id, STAGES[to])


def _won(book: Book, key: str) -> Won:
    deal = book.one(select(crm.OPPORTUNITY).where(crm.OPPORTUNITY.c.opportunity_id == key))
    lines, accounts = crm.OPPORTUNITY_LINE, crm.ACCOUNT
    parts = book.rows(select(lines).where(lines.c.opportunity_id == key, lines.c.deleted == 0))
    account = book.one(select(accounts.c.account_name).where(accounts.c.account_id == deal.account_id))
    return Won(
        key,
        deal.account_id,
        account.account_name if account else "?",
        deal.currency_code,
        deal.owner_name,
        [(part.product_code, int(part.quantity), Decimal(part.extended_amount)) for part in parts],
    )


def move_close(book: Book) -> None:
    deals = crm.OPPORTUNITY
    deal = book.pick(
        book.rows(
            select(deals.c.opportunity_id, deals.c.estimated_close)
            .where(deals.c.sales_stage.in_(OPEN_STAGES), deals.c.deleted == 0)
            .order_by(deals.c.estimated_close)
            .limit(60)
        )
    )
    if deal is not None:
        later = max(deal.estimated_close, book.day) + timedelta(days=int(book.rng.integers(3, 30)))
        book.change(deals, deal.opportunity_id, estimated_close=later)


def new_activity(book: Book) -> None:
    deal = _any(book, crm.OPPORTUNITY, crm.OPPORTUNITY.c.sales_stage.in_(OPEN_STAGES), crm.OPPORTUNITY.c.deleted == 0)
    if deal is None:
        return
    kind = str(book.rng.choice(["Call", "Email", "Meeting"]))
    book.add(
        crm.ACTIVITY,
        {
            "activity_id": book.uuid(),
            "account_id": deal.account_id,
            "opportunity_id": deal.opportunity_id,
            "activity_type": kind,
            "happened_on": book.moment(),
            "owner_name": deal.owner_name,
            "subject": f"{kind}: {deal.topic}"[:120],
            **common(book),
        },
    )


def new_ticket(book: Book, account: str | None = None, order: str | None = None) -> None:
    """A service case; with an order's number it is about its late delivery."""
    if account is None:
        like = _any(book, crm.CASE, crm.CASE.c.subject != "Late delivery")
        if like is None:
            return
        account, reference, product = like.account_id, like.order_reference, like.product_code
        subject, priority = str(book.rng.choice(SUBJECTS)), "Normal"
    else:
        reference, product, subject, priority = order, None, "Late delivery", "High"
    book.add(
        crm.CASE,
        {
            "case_id": book.uuid(),
            "account_id": account,
            "order_reference": reference,
            "product_code": product,
            "opened_on": book.moment(),
            "closed_on": None,
            "priority": priority,
            "case_status": "Active",
            "subject": subject,
            "satisfaction": None,
            **common(book),
        },
    )


def close_ticket(book: Book) -> None:
    cases = crm.CASE
    open_cases = (
        select(cases.c.case_id, cases.c.subject, cases.c.opened_on)
        .where(cases.c.case_status.in_(("Active", "Waiting")))
        .limit(200)
    )
    case = book.pick(book.rows(open_cases))
    if case is not None:
        late = case.subject == "Late delivery"
        score = int(book.rng.choice([2, 3, 4, 5], p=(0.2, 0.3, 0.3, 0.2) if late else (0.02, 0.05, 0.26, 0.67)))
        moment = max(book.moment(), case.opened_on + timedelta(minutes=30))
        book.change(
            cases,
            case.case_id,
            case_status="Resolved",
            closed_on=min(moment, max(book.now, case.opened_on)),
            satisfaction=score if book.chance(0.5) else None,
        )


def delete_something(book: Book) -> None:
    """A lost deal's activity or a contact is gone for good; an early deal is only flagged."""
    if book.chance(0.5):
        row = _any(book, crm.ACTIVITY, crm.ACTIVITY.c.opportunity_id.is_(None))
        if row is not None:
            book.remove(crm.ACTIVITY, crm.ACTIVITY.c.activity_id == row.activity_id)
    elif book.chance(0.5):
        row = _any(book, crm.CONTACT)
        if row is not None:
            book.remove(crm.CONTACT, crm.CONTACT.c.contact_id == row.contact_id)
    else:
        row = _any(book, crm.OPPORTUNITY, crm.OPPORTUNITY.c.sales_stage == STAGES[0], crm.OPPORTUNITY.c.deleted == 0)
        if row is not None:
            book.change(crm.OPPORTUNITY, row.opportunity_id, deleted=1)


def open_deals(book: Book) -> int:
    return int(
        book.one(
            select(func.count()).select_from(crm.OPPORTUNITY).where(crm.OPPORTUNITY.c.sales_stage.in_(OPEN_STAGES))
        )[0]
    )
