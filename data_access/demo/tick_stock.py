"""Stock moves, receipts, production and reordering while time passes; a balance changes only together with a move."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select, update

from data_access.demo import erp_schema as erp
from data_access.demo.book import Book

PLANT = 1


def on_hand(book: Book, warehouse: int, item: int) -> int:
    found = book.one(select(erp.STK.c.qty).where(erp.STK.c.wno == warehouse, erp.STK.c.ino == item))
    return int(found[0]) if found else 0


def _balance(book: Book, warehouse: int, item: int, difference: int) -> None:
    stock = erp.STK
    changed = book.connection.execute(
        update(stock).where(stock.c.wno == warehouse, stock.c.ino == item).values(qty=stock.c.qty + difference)
    )
    if changed.rowcount == 0:
        book.add(stock, {"wno": warehouse, "ino": item, "qty": difference})


def move(
    book: Book,
    kind: str,
    item: int,
    quantity: int,
    *,
    source: int | None = None,
    target: int | None = None,
    line: int | None = None,
    purchase: int | None = None,
    production: int | None = None,
    planned: date | None = None,
    done: bool = True,
    write: bool = True,
) -> None:
    """Writes a move (unless it is there already: `write`) and, when it is done, what it does to the balances."""
    if done:
        if source is not None:
            _balance(book, source, item, -quantity)
        if target is not None:
            _balance(book, target, item, quantity)
    if write:
        cost = book.one(select(erp.ITEM.c.cost_f).where(erp.ITEM.c.ino == item))[0] if done else None
        book.add(
            erp.MV,
            {
                "mno": book.key(erp.MV),
                "mdat": book.day if done else None,
                "pldat": planned or book.day,
                "ino": item,
                "wfrom": source,
                "wto": target,
                "qty": quantity,
                "typ": kind,
                "st": "D" if done else "P",
                "lno": line,
                "plno": purchase,
                "wono": production,
                "cost_f": cost,
                "chg": book.stamp(),
            },
        )


def receive(book: Book, limit: int, overdue: float = 0.08) -> None:
    """Purchases that are due come in; what is overdue comes with probability `overdue`."""
    lines = erp.PO_L
    due = book.rows(
        select(lines).where(lines.c.st == "O", lines.c.edat <= book.day).order_by(lines.c.edat.desc()).limit(limit * 3)
    )
    for row in due:
        if limit and book.chance(0.9 if (book.day - row.edat).days < 2 else overdue):
            limit -= 1
            move(book, "REC", row.ino, row.qty - row.rcv, target=row.wno, purchase=row.plno, planned=row.edat)
            book.change(lines, row.plno, rcv=row.qty, st="D")


def produce(book: Book, limit: int) -> None:
    """Finishes what is due, starts what has its components (the rest waits), releases what starts next week."""
    orders = erp.WO
    for row in book.rows(select(orders).where(orders.c.st == "R", orders.c.ddat <= book.day).limit(limit)):
        move(book, "PIN", row.ino, row.qty, target=PLANT, production=row.wono, planned=row.ddat)
        book.change(orders, row.wono, st="D", fdat=book.day)
    ready = (
        select(orders)
        .where(orders.c.st.in_(("L", "P")), orders.c.sdat <= book.day)
        .order_by(orders.c.sdat)
        .limit(limit)
    )
    for row in book.rows(ready):
        if _consume(book, row):
            book.change(orders, row.wono, st="R", sdat=book.day)
        else:
            wait = timedelta(days=int(book.rng.integers(1, 3)))
            book.change(orders, row.wono, sdat=row.sdat + wait, ddat=row.ddat + wait)
    soon = select(orders.c.wono).where(orders.c.st == "P", orders.c.sdat <= book.day + timedelta(days=7)).limit(limit)
    for row in book.rows(soon):
        book.change(orders, row.wono, st="L")


def _consume(book: Book, order: Any) -> bool:
    parts = book.rows(select(erp.BOM).where(erp.BOM.c.ino == order.ino, erp.BOM.c.vto.is_(None)))
    needs = [(part.comp, -(-order.qty * part.per_mille * (1000 + part.scrap_mille) // 1_000_000)) for part in parts]
    if any(on_hand(book, PLANT, item) < need for item, need in needs):
        return False
    for item, need in needs:
        move(book, "POT", item, need, source=PLANT, production=order.wono)
    return True


def reorder(book: Book) -> None:
    """Once a day: items whose stock and open orders do not last their lead time are ordered again."""
    since = book.day - timedelta(days=91)
    moves, items = erp.MV, erp.ITEM
    used = (
        select(moves.c.ino, func.sum(moves.c.qty))
        .where(moves.c.mdat >= since, moves.c.typ.in_(("SHP", "POT")))
        .group_by(moves.c.ino)
    )
    rate = {ino: float(quantity) / 91 for ino, quantity in book.rows(used)}
    have = {
        ino: int(quantity)
        for ino, quantity in book.rows(select(erp.STK.c.ino, func.sum(erp.STK.c.qty)).group_by(erp.STK.c.ino))
    }
    lines, orders = erp.PO_L, erp.WO
    for statement in (
        select(lines.c.ino, func.sum(lines.c.qty - lines.c.rcv)).where(lines.c.st == "O").group_by(lines.c.ino),
        select(orders.c.ino, func.sum(orders.c.qty)).where(orders.c.st.in_(("P", "L", "R"))).group_by(orders.c.ino),
    ):
        for ino, quantity in book.rows(statement):
            have[ino] = have.get(ino, 0) + int(quantity)
    heads: dict[int, int] = {}
    for item in book.rows(select(items).where(items.c.act == 1)):
        missing = rate.get(item.ino, 0.0) * (item.lt + 7) + 2 * item.ss - have.get(item.ino, 0)
        if missing > 0:
            quantity = item.moq * max(1, math.ceil(missing / item.moq))
            _order(book, item, quantity, heads)


def _order(book: Book, item: Any, quantity: int, heads: dict[int, int]) -> None:
    due = book.day + timedelta(days=item.lt)
    due += timedelta(days=max(0, 7 - due.weekday()) if due.weekday() >= 5 else 0)
    if item.src == "M":
        start = due - timedelta(days=int(book.rng.integers(4, 12)))
        book.add(
            erp.WO,
            {
                "wono": book.key(erp.WO),
                "ino": item.ino,
                "wno": PLANT,
                "qty": quantity,
                "sdat": start,
                "ddat": due,
                "fdat": None,
                "st": "P",
                "chg": book.stamp(),
            },
        )
        return
    if item.vno not in heads:
        heads[item.vno] = book.key(erp.PO_H)
        book.add(
            erp.PO_H,
            {
                "pno": heads[item.vno],
                "po_no": f"PO{heads[item.vno]:06d}",
                "vno": item.vno,
                "odat": book.day,
                "chg": book.stamp(),
            },
        )
    book.add(
        erp.PO_L,
        {
            "plno": book.key(erp.PO_L),
            "pno": heads[item.vno],
            "ino": item.ino,
            "wno": PLANT,
            "qty": quantity,
            "rcv": 0,
            "prc_f": item.cost_f,
            "edat": due,
            "st": "O",
            "chg": book.stamp(),
        },
    )


def delay_receipt(book: Book) -> None:
    """A supplier moves the date of an open purchase line."""
    lines = erp.PO_L
    found = book.pick(
        book.rows(select(lines.c.plno, lines.c.edat).where(lines.c.st == "O", lines.c.edat > book.day).limit(300))
    )
    if found is not None:
        book.change(lines, found.plno, edat=found.edat + timedelta(days=int(book.rng.choice([-2, -1, 1, 2, 3]))))


def new_rates(book: Book) -> None:
    """Today's exchange rates, a little off yesterday's."""
    fx = erp.FX
    if book.one(select(fx.c.fxno).where(fx.c.dat == book.day).limit(1)) is not None:
        return
    last = book.one(select(func.max(fx.c.dat)))[0]
    for row in book.rows(select(fx.c.cur, fx.c.rate).where(fx.c.dat == last).order_by(fx.c.cur)):
        rate = float(row.rate) * math.exp(float(book.rng.normal(0, 0.0025)))
        book.add(
            fx, {"fxno": book.key(fx), "cur": row.cur, "dat": book.day, "rate": f"{rate:.6f}", "chg": book.stamp()}
        )
