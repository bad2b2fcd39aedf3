"""Campaigns while time passes: they begin, end, and the next ones are planned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from data_access.demo import crm_schema as crm
from data_access.demo.book import Book
from data_access.demo.tick_crm import common

PLANNED, RUNNING, COMPLETED = "Planned", "Running", "Completed"
KEPT = 4  # planned or running at any time


def turn_campaigns(book: Book) -> None:
    """Statuses follow the calendar; where few campaigns are left a new one is planned."""
    table = crm.CAMPAIGN
    alive = book.rows(select(table).where(table.c.campaign_status.in_((PLANNED, RUNNING)), table.c.deleted == 0))
    for row in alive:
        status = COMPLETED if row.end_date < book.day else RUNNING if row.start_date <= book.day else PLANNED
        if status != row.campaign_status:
            book.change(table, row.campaign_id, campaign_status=status)
    if sum(row.end_date >= book.day for row in alive) < KEPT:
        _plan(book)


def _plan(book: Book) -> None:
    """A campaign like an earlier one, in some weeks."""
    table, parts = crm.CAMPAIGN, crm.CAMPAIGN_PRODUCT
    over = select(table).where(table.c.campaign_status == COMPLETED).order_by(table.c.end_date.desc()).limit(12)
    like = book.pick(book.rows(over))
    if like is None:
        return
    start = book.day + timedelta(days=int(book.rng.integers(14, 45)))
    key = book.uuid()
    name = like.campaign_name.rsplit(" ", 1)[0] if like.campaign_name[-4:].isdigit() else like.campaign_name
    book.add(
        table,
        {
            "campaign_id": key,
            "campaign_name": f"{name} {start.year}",
            "start_date": start,
            "end_date": start + (like.end_date - like.start_date),
            "currency_code": like.currency_code,
            "budget": like.budget,
            "campaign_status": PLANNED,
            **common(book),
        },
    )
    sold = book.rows(select(parts).where(parts.c.campaign_id == like.campaign_id, parts.c.deleted == 0))
    book.add(parts, *({**_product(row), "row_id": book.uuid(), "campaign_id": key, **common(book)} for row in sold))


def _product(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("product_code", "planned_quantity", "discount_percent")}
