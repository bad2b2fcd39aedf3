"""A deal the CRM has won, entered into the ERP."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from data_access.demo import erp_schema as erp
from data_access.demo.book import Book
from data_access.demo.company import KNOWS_THE_DEAL
from data_access.demo.tick_crm import Won
from data_access.demo.tick_sales import Line, add_order
from data_access.demo.world import CURRENCIES


def order_of(book: Book, won: Won, truth: dict[str, Any]) -> str | None:
    """Writes the order and answers its number; None when none of the deal's codes is an item's."""
    minor = CURRENCIES[won.currency][1]
    lines = []
    for sku, quantity, amount in won.lines:
        item = book.one(select(erp.ITEM.c.ino).where(erp.ITEM.c.code == sku))
        if item is not None:
            lines.append(Line(item.ino, 1, quantity, max(1, int(amount * minor) // quantity)))
    if not lines:
        return None
    customer = _customer(book, won, truth)
    deal = won.deal if book.chance(KNOWS_THE_DEAL) else None
    key = add_order(book, book.moment(), customer, won.currency, won.owner, deal, lines, 1.0, exact=True)
    return str(book.one(select(erp.SO_H.c.so_no).where(erp.SO_H.c.sno == key))[0])


def _customer(book: Book, won: Won, truth: dict[str, Any]) -> int:
    """The ERP's number of the account; a prospect gets one."""
    known = [number for number, account in truth["customer_account"].items() if account == won.account]
    if known:
        return int(min(known, key=int))
    number = book.key(erp.CUST)
    book.add(
        erp.CUST,
        {
            "cno": number,
            "nam": won.name,
            "nam_zh": won.name,
            "taxno": None,
            "ctry": "CN",
            "prov": None,
            "city": None,
            "cls": "OEM",
            "rep": won.owner,
            "mail": None,
            "tel": None,
            "cur": won.currency,
            "pdays": 30,
            "act": 1,
            "del": 0,
            "chg": book.stamp(),
        },
    )
    truth["customer_account"][str(number)] = won.account
    truth["crm_only"] = [account for account in truth["crm_only"] if account != won.account]
    return number
