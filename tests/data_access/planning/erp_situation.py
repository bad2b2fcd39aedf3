"""One item of the demo's ERP as its own tables tell it, to be tried out."""

from __future__ import annotations

import sqlite3
from datetime import date

from tests.data_access.planning.warehouse_walk import Situation

TRANSFER_DAYS = 3  # from one warehouse to another


def situation(erp: sqlite3.Connection, item: int, today: date) -> Situation:
    """One item as the ERP's tables tell it: done moves, open lines, receipts not past their date."""
    places = [place for (place,) in erp.execute("SELECT wno FROM whs ORDER BY wno")]
    number = {place: n for n, place in enumerate(places)}

    def days(text: str) -> int:
        return (date.fromisoformat(text) - today).days

    stock = [0] * len(places)
    moves = "SELECT wfrom, wto, qty FROM mv WHERE ino = ? AND st = 'D' AND mdat <= ?"
    for source, target, quantity in erp.execute(moves, (item, today.isoformat())):
        for place, sign in ((source, -1), (target, 1)):
            if place is not None:
                stock[number[place]] += sign * quantity
    lines = erp.execute(
        """SELECT l.lno, l.qty - coalesce((SELECT sum(CASE typ WHEN 'SHP' THEN qty ELSE -qty END) FROM mv m
                  WHERE m.lno = l.lno AND m.st = 'D' AND m.typ IN ('SHP', 'RET')), 0) AS remaining,
                  coalesce(l.pdat, l.rdat, h.odat), l.wno
           FROM so_l l JOIN so_h h ON h.sno = l.sno WHERE l.ino = ? AND l.st IN ('O', 'P')""",
        (item,),
    ).fetchall()
    receipts = erp.execute(
        """SELECT edat, qty - rcv, wno FROM po_l WHERE ino = :item AND st = 'O' AND qty > rcv AND edat IS NOT NULL
           UNION ALL SELECT ddat, qty, wno FROM wo WHERE ino = :item AND st IN ('P', 'L', 'R') AND qty > 0
               AND ddat IS NOT NULL""",
        {"item": item},
    ).fetchall()
    last = erp.execute(
        """SELECT wto FROM mv WHERE ino = ? AND st = 'D' AND typ IN ('REC', 'PIN') AND wto IS NOT NULL
           ORDER BY mdat DESC LIMIT 1""",
        (item,),
    ).fetchone()
    (lead,) = erp.execute("SELECT lt FROM item WHERE ino = ?", (item,)).fetchone()
    return Situation(
        stock,
        [(str(name), left, days(day), number[place]) for name, left, day, place in lines if left > 0],
        [(days(day), quantity, number[place]) for day, quantity, place in receipts],
        lead,
        TRANSFER_DAYS,
        number[last[0]] if last else stock.index(max(stock)) if max(stock) > 0 else -1,
    )
