"""The page of one item against plain SQL on the ERP's and the CRM's database."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.served import Served
from tests.wall.oracle.books import Books

COUNTED = ("on_hand", "ordered_quantity", "receipt_quantity", "overdue_quantity")
WAITING = """
    SELECT l.lno, l.sno, l.wno, l.pdat, l.qty - coalesce((
           SELECT sum(CASE typ WHEN 'SHP' THEN qty ELSE -qty END) FROM mv m
           WHERE m.lno = l.lno AND m.st = 'D' AND m.typ IN ('SHP', 'RET')), 0) AS remaining
    FROM so_l l WHERE l.ino = ? AND l.st IN ('O', 'P') AND remaining > 0"""
COMING = """
    SELECT edat AS day, qty - rcv AS quantity, wno FROM po_l
    WHERE ino = :item AND st = 'O' AND qty > rcv
    UNION ALL SELECT ddat, qty, wno FROM wo WHERE ino = :item AND st IN ('P', 'L', 'R') AND qty > 0"""


def erp(books: Books, query: str, *values: object) -> list[Any]:
    return books.erp.execute(query, values).fetchall()


def crm(books: Books, query: str, *values: object) -> list[Any]:
    return books.crm.execute(query, values).fetchall()


@pytest.fixture(scope="module")
def books(served: Served) -> Books:
    return Books(served.folder, served.today)


@pytest.fixture(scope="module")
def items(books: Books) -> list[int]:
    """Items of every kind: waited for, with overdue receipts, bought, made, never sold."""
    queries = (
        "SELECT DISTINCT ino FROM so_l WHERE st = 'O' AND ino IS NOT NULL ORDER BY ino LIMIT 8",
        f"SELECT ino FROM po_l WHERE st = 'O' AND edat < '{books.today}' ORDER BY ino LIMIT 3",
        "SELECT ino FROM item WHERE src = 'M' ORDER BY ino DESC LIMIT 3",
        "SELECT ino FROM item WHERE ino NOT IN (SELECT ino FROM so_l WHERE ino IS NOT NULL) ORDER BY ino LIMIT 2",
    )
    return sorted({item for query in queries for (item,) in erp(books, query)})


def coming(books: Books, item: int) -> list[tuple[str | None, int, int]]:
    found: list[tuple[str | None, int, int]] = books.erp.execute(COMING, {"item": item}).fetchall()
    return found


def test_where_it_lies_and_what_is_ordered(served: Served, books: Books, items: list[int]) -> None:
    codes = dict(erp(books, "SELECT wno, code FROM whs"))
    held = books.stock(books.today)
    for item in items:
        shown = {row["warehouse"]: row for row in served.rows("item_warehouses", item=f"erp:{item}")}
        ordered, arriving, overdue = (defaultdict[int, int](int) for _ in range(3))
        for _, _, place, _, left in erp(books, WAITING, item):
            ordered[place] += left
        for day, quantity, place in coming(books, item):
            counts = day and date.fromisoformat(day) >= books.today
            (arriving if counts else overdue)[place] += quantity
        for place, code in codes.items():
            known = (held.get((item, place), 0), ordered[place], arriving[place], overdue[place])
            row = shown.get(code) or dict.fromkeys((*COUNTED, "free_quantity"), 0)
            assert tuple(row[name] for name in COUNTED) == known, (item, code)
            assert 0 <= row["free_quantity"] <= max(row["on_hand"], 0)
        header = served.rows("item", item=f"erp:{item}")[0]
        assert header["on_hand"] == pytest.approx(sum(row["on_hand"] for row in shown.values()))


def test_who_waits_and_what_comes(served: Served, books: Books, items: list[int]) -> None:
    for item in items:
        rows = served.rows("item_waiting", item=f"erp:{item}")
        orders = {row["line_id"]: row for row in rows if row["system"] == "erp"}
        waiting = {
            f"erp:{line}": (f"erp:{order}", left, promised)
            for line, order, _, promised, left in erp(books, WAITING, item)
        }
        assert {key: (row["entity_id"], row["quantity"], row["wanted_date"]) for key, row in orders.items()} == waiting
        for row in orders.values():
            wanted = max(row["wanted_date"] or "", books.today.isoformat())
            assert row["likely_date"] is None or row["likely_date"] >= wanted
            assert row["likely_known"] or row["likely_days_late"] is None or row["likely_days_late"] >= 0
        (sku,) = erp(books, "SELECT code FROM item WHERE ino = ?", item)[0]
        deals = crm(
            books,
            """SELECT o.opportunity_id, sum(p.quantity) FROM crm_opportunity_product p
               JOIN crm_opportunity o ON o.opportunity_id = p.opportunity_id
               WHERE p.product_code = ? AND o.sales_stage NOT LIKE 'Closed%' AND coalesce(o.deleted, 0) = 0
                 AND coalesce(p.deleted, 0) = 0 GROUP BY o.opportunity_id""",
            sku,
        )
        assert {row["entity_id"]: row["quantity"] for row in rows if row["system"] == "crm"} == {
            f"crm:{deal}": float(quantity) for deal, quantity in deals
        }
        receipts = served.rows("item_receipts", item=f"erp:{item}")
        assert sorted((row["expected_date"] or "", row["quantity"]) for row in receipts) == sorted(
            (day or "", quantity) for day, quantity, _ in coming(books, item)
        )
        late = [row for row in receipts if row["is_overdue"]]
        assert all((row["expected_date"] or "") < books.today.isoformat() for row in late)
        assert receipts[len(receipts) - len(late) :] == late, "those that are not counted on come last"


def test_the_balance_walks_from_what_is_on_hand(served: Served, books: Books, items: list[int]) -> None:
    held = books.stock(books.today)
    for item in items:
        level = sum(quantity for (one, _), quantity in held.items() if one == item)
        change = defaultdict[str, int](int)
        for _, _, _, promised, left in erp(books, WAITING, item):
            change[max(promised or "", books.today.isoformat())] -= left
        for day, quantity, _ in coming(books, item):
            if day and day >= books.today.isoformat():
                change[day] += quantity
        walked = {}
        for day in sorted(change):
            level += change[day]
            walked[day] = level
        shown = {row["day"]: row["balance"] for row in served.rows("item_ahead", item=f"erp:{item}")}
        assert {day: shown[day] for day in walked} == walked
        assert min(shown) == books.today.isoformat()


def test_weeks_and_moves(served: Served, books: Books, items: list[int]) -> None:
    monday = books.today - timedelta(days=books.today.weekday())
    for item in items:
        asked = defaultdict[date, Decimal](Decimal)
        query = """SELECT coalesce(l.rdat, h.odat), l.qty FROM so_l l JOIN so_h h ON h.sno = l.sno
                   WHERE l.ino = ? AND l.st NOT IN ('X', 'N', 'Q')"""
        for day, quantity in erp(books, query, item):
            wanted = date.fromisoformat(day)
            asked[wanted - timedelta(days=wanted.weekday())] += quantity
        weeks = served.rows("item_sold", item=f"erp:{item}")
        assert [row["week_start"] for row in weeks] == [
            (monday - timedelta(weeks=n)).isoformat() for n in range(52, -1, -1)
        ]
        for row in weeks:
            week = date.fromisoformat(row["week_start"])
            assert row["quantity"] == asked[week]
        for row in (weeks[0], weeks[30], weeks[-2]):
            end = date.fromisoformat(row["week_start"]) + timedelta(days=6)
            assert row["on_hand"] == sum(n for (one, _), n in books.stock(end).items() if one == item)
        moves = served.rows("item_moves", item=f"erp:{item}")
        newest = erp(
            books,
            "SELECT mno FROM mv WHERE ino = ? AND st = 'D' AND mdat <= ? LIMIT 500",
            item,
            books.today.isoformat(),
        )
        assert len(moves) == len(newest)
        if moves:
            header: dict[str, Any] = served.rows("item", item=f"erp:{item}")[0]
            assert moves[0]["on_hand"] == header["on_hand"]
