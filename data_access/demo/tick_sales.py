"""New orders, shipments from stock, invoices, payments, changed promises and cancelled or deleted orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from data_access.demo import erp_schema as erp
from data_access.demo.book import Book
from data_access.demo.tick_stock import move, on_hand


@dataclass(frozen=True)
class Line:
    ino: int
    wno: int
    qty: int
    prc_m: int


def next_workday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= 5 else day


def new_order(book: Book, entered: datetime, *, size: float = 1.0) -> int | None:
    """An order like one of the last year's; `size` scales its quantities. Answers its key."""
    last = int(book.one(select(func.max(erp.SO_H.c.sno)))[0])
    first = int(book.one(select(func.min(erp.SO_H.c.sno)))[0])
    span = max(1, (last - first) // 3)
    for _ in range(5):
        like = book.one(
            select(erp.SO_H)
            .where(
                erp.SO_H.c.sno >= last - int(book.rng.integers(0, span)),
                erp.SO_H.c.typ == "SO",
                erp.SO_H.c.cur.is_not(None),
            )
            .order_by(erp.SO_H.c.sno)
            .limit(1)
        )
        lines = [] if like is None else _template_lines(book, like.sno)
        if lines:
            return add_order(book, entered, like.cno, like.cur, like.rep, None, lines, size)
    return None


def spare_order(book: Book) -> int | None:
    """A small order for one cheap spare part, as from a web shop."""
    item, heads = erp.ITEM, erp.SO_H
    cheap = book.pick(
        book.rows(select(item.c.ino, item.c.price_f).where(item.c.act == 1, item.c.price_f.between(15_000, 90_000)))
    )
    newest = int(book.one(select(func.max(heads.c.sno)))[0])
    like = book.one(
        select(heads.c.cno, heads.c.rep)
        .where(heads.c.sno >= newest - int(book.rng.integers(0, 3000)), heads.c.cur == "CNY", heads.c.typ == "SO")
        .order_by(heads.c.sno)
        .limit(1)
    )
    if cheap is None or like is None:
        return None
    line = Line(cheap.ino, 1, int(book.rng.integers(1, 4)), int(cheap.price_f * 0.95))
    return add_order(book, book.now, like.cno, "CNY", like.rep, None, [line], 1.0, exact=True)


def _template_lines(book: Book, order: int) -> list[Any]:
    lines, item = erp.SO_L, erp.ITEM
    joined = lines.join(item, item.c.ino == lines.c.ino)
    wanted = (lines.c.sno == order) & (lines.c.qty > 0) & (item.c.act == 1)
    return book.rows(select(lines.c.ino, lines.c.wno, lines.c.qty, lines.c.prc_m).select_from(joined).where(wanted))


def add_order(
    book: Book,
    entered: datetime,
    customer: int,
    currency: str,
    owner: str,
    deal: str | None,
    lines: Sequence[Any],
    size: float,
    *,
    exact: bool = False,
) -> int:
    """Writes an open order with planned shipments; lines need ino, wno, qty, prc_m."""
    key = book.key(erp.SO_H)
    book.add(
        erp.SO_H,
        {
            "sno": key,
            "so_no": f"SO{book.day:%y}-{key:06d}",
            "cno": customer,
            "odat": book.day,
            "ent": entered,
            "cur": currency,
            "rep": owner,
            "oppref": deal,
            "typ": "SO",
            "chg": book.stamp(),
        },
    )
    for position, line in enumerate(lines, start=1):
        number = book.key(erp.SO_L)
        jitter = 1.0 if exact else size * float(book.rng.uniform(0.7, 1.3))
        quantity = max(1, round(line.qty * jitter))
        leaves = next_workday(book.day + timedelta(days=int(book.rng.integers(2, 15))))
        promised = leaves + timedelta(days=int(book.rng.integers(0, 3)))
        book.add(
            erp.SO_L,
            {
                "lno": number,
                "sno": key,
                "pos": position * 10,
                "ino": line.ino,
                "wno": line.wno,
                "qty": quantity,
                "shp": 0,
                "prc_m": line.prc_m,
                "amt_m": line.prc_m * quantity,
                "rdat": leaves,
                "pdat": promised,
                "st": "O",
                "chg": book.stamp(),
            },
        )
        move(book, "SHP", line.ino, quantity, source=line.wno, line=number, planned=leaves, done=False)
    return key


def ship_due(book: Book, limit: int) -> list[tuple[str, int, int]]:
    """Ships what is due and in stock, at most `limit` moves; answers (number, customer, days late) of late ones."""
    moves, lines, heads = erp.MV, erp.SO_L, erp.SO_H
    joined = moves.join(lines, lines.c.lno == moves.c.lno).join(heads, heads.c.sno == lines.c.sno)
    due = book.rows(
        select(
            moves.c.mno,
            moves.c.ino,
            moves.c.wfrom,
            moves.c.qty,
            lines.c.lno,
            lines.c.qty.label("asked"),
            lines.c.shp,
            lines.c.prc_m,
            lines.c.pdat,
            lines.c.sno,
            heads.c.so_no,
            heads.c.cno,
            heads.c.cur,
        )
        .select_from(joined)
        .where(moves.c.st == "P", moves.c.pldat <= book.day, lines.c.st.in_(("O", "P")))
        .order_by(moves.c.pldat, moves.c.mno)
        .limit(limit * 4)
    )
    late, left = [], limit
    for row in due:
        if left == 0:
            break
        if not _bring(book, row.ino, row.wfrom, row.qty):
            continue
        left -= 1
        cost = book.one(select(erp.ITEM.c.cost_f).where(erp.ITEM.c.ino == row.ino))[0]
        book.change(moves, row.mno, st="D", mdat=book.day, cost_f=cost)
        shipped = row.shp + row.qty
        book.change(lines, row.lno, shp=shipped, st="S" if shipped >= row.asked else "P")
        _invoice(book, row)
        if row.pdat is not None and book.day > row.pdat:
            late.append((row.so_no, row.cno, (book.day - row.pdat).days))
    return late


def _bring(book: Book, item: int, warehouse: int, quantity: int) -> bool:
    """Takes the goods from the warehouse, with a transfer from the plant if need be; False when there are none."""
    missing = quantity - on_hand(book, warehouse, item)
    if missing > 0:
        if warehouse == 1 or on_hand(book, 1, item) < missing:
            return False
        move(book, "TRF", item, missing, source=1, target=warehouse)
    move(book, "SHP", item, quantity, source=warehouse, write=False)
    return True


def _invoice(book: Book, row: Any) -> None:
    """Adds what left to the order's invoice of the day, or writes one."""
    invoices, amount = erp.INV, row.prc_m * row.qty
    found = book.one(
        select(invoices.c.ivno, invoices.c.amt_m, invoices.c.opn_m).where(
            invoices.c.sno == row.sno, invoices.c.idat == book.day
        )
    )
    if found is not None and found.opn_m == found.amt_m:
        book.change(invoices, found.ivno, amt_m=found.amt_m + amount, opn_m=found.opn_m + amount)
        return
    terms = book.one(select(erp.CUST.c.pdays).where(erp.CUST.c.cno == row.cno))
    book.add(
        invoices,
        {
            "ivno": book.key(invoices),
            "sno": row.sno,
            "cno": row.cno,
            "idat": book.day,
            "ddat": book.day + timedelta(days=terms[0] if terms else 30),
            "cur": row.cur,
            "amt_m": amount,
            "opn_m": amount,
            "st": "O",
            "chg": book.stamp(),
        },
    )


def collect(book: Book, limit: int) -> None:
    """Customers pay invoices that are due, most within a week, some late."""
    invoices = erp.INV
    due = book.rows(
        select(invoices.c.ivno, invoices.c.opn_m, invoices.c.cur)
        .where(
            invoices.c.st == "O",
            invoices.c.ddat <= book.day + timedelta(days=2),
            invoices.c.ddat >= book.day - timedelta(days=45),
        )
        .order_by(invoices.c.ddat.desc())
        .limit(200)
    )
    for row in due:
        if limit and book.chance(0.3):
            limit -= 1
            book.change(invoices, row.ivno, opn_m=0, st="P")
            book.add(
                erp.PAY,
                {
                    "payno": book.key(erp.PAY),
                    "ivno": row.ivno,
                    "pdat": book.day,
                    "cur": row.cur,
                    "amt_m": row.opn_m,
                    "chg": book.stamp(),
                },
            )


def move_promise(book: Book) -> None:
    """An open line gets another promised date."""
    lines = erp.SO_L
    found = book.pick(
        book.rows(select(lines.c.lno, lines.c.pdat).where(lines.c.st == "O", lines.c.pdat > book.day).limit(200))
    )
    if found is not None:
        book.change(lines, found.lno, pdat=next_workday(found.pdat + timedelta(days=int(book.rng.integers(-1, 5)))))


def drop_order(book: Book, *, hard: bool) -> str | None:
    """Cancels an open order nothing of which has left, or deletes it with its lines; answers its number."""
    heads, lines, moves = erp.SO_H, erp.SO_L, erp.MV
    newest = int(book.one(select(func.max(heads.c.sno)))[0])
    rows = book.rows(
        select(heads.c.sno, heads.c.so_no)
        .select_from(heads.join(lines, lines.c.sno == heads.c.sno))
        .where(heads.c.sno > newest - 400, heads.c.oppref.is_(None), heads.c.typ == "SO")
        .group_by(heads.c.sno, heads.c.so_no)
        .having(func.max(lines.c.shp) == 0, func.min(lines.c.st) == "O", func.max(lines.c.st) == "O")
    )
    order = book.pick(rows)
    if order is None:
        return None
    keys = [row.lno for row in book.rows(select(lines.c.lno).where(lines.c.sno == order.sno))]
    book.remove(moves, moves.c.lno.in_(keys) & (moves.c.st == "P"))
    if hard:
        book.remove(lines, lines.c.sno == order.sno)
        book.remove(heads, heads.c.sno == order.sno)
    else:
        for key in keys:
            book.change(lines, key, st="X")
    return str(order.so_no)
