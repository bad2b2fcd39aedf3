"""The page of one order against plain SQL on the two source databases, for orders of every kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.desk.conftest import Opened
from tests.served import Served
from tests.wall.oracle.books import Books

KINDS = {
    "from a deal": "h.oppref IS NOT NULL AND h.oppref <> ''",
    "without a deal": """(h.oppref IS NULL OR h.oppref = '')
                         AND EXISTS (SELECT 1 FROM so_l l WHERE l.sno = h.sno AND l.st = 'C')""",
    "cancelled": "NOT EXISTS (SELECT 1 FROM so_l l WHERE l.sno = h.sno AND l.st <> 'X')",
    "a return": "EXISTS (SELECT 1 FROM so_l l WHERE l.sno = h.sno AND l.qty < 0)",
    "partly shipped": """EXISTS (SELECT 1 FROM so_l l JOIN mv m ON m.lno = l.lno AND m.st = 'D' WHERE l.sno = h.sno)
                         AND EXISTS (SELECT 1 FROM so_l l WHERE l.sno = h.sno AND l.st = 'O')""",
    "paid": "EXISTS (SELECT 1 FROM inv i WHERE i.sno = h.sno AND i.st = 'P') AND h.cur = 'EUR'",
    "quoted": "NOT EXISTS (SELECT 1 FROM so_l l WHERE l.sno = h.sno AND l.st NOT IN ('N', 'Q', 'X'))",
    "complained about": "",
}


def erp(books: Books, query: str, *values: object) -> list[Any]:
    return books.erp.execute(query, values).fetchall()


def crm(books: Books, query: str, *values: object) -> list[Any]:
    return books.crm.execute(query, values).fetchall()


@pytest.fixture(scope="module")
def books(served: Served) -> Books:
    return Books(served.folder, served.today)


def orders(books: Books, kind: str, count: int = 4) -> list[str]:
    """The newest orders of a kind."""
    if kind == "complained about":
        query = """SELECT order_reference FROM crm_case WHERE coalesce(deleted, 0) = 0 AND order_reference IS NOT NULL
                   GROUP BY order_reference ORDER BY count(*) DESC, order_reference DESC LIMIT 40"""
        numbers = [number for (number,) in crm(books, query)]
        named = [erp(books, "SELECT sno FROM so_h WHERE so_no = ?", number) for number in numbers]
        return [f"erp:{found[0][0]}" for found in named if found][:count]
    query = f"SELECT h.sno FROM so_h h WHERE {KINDS[kind]} ORDER BY h.odat DESC, h.sno DESC LIMIT {count}"
    return [f"erp:{order}" for (order,) in erp(books, query)]


def own_id(record: str) -> str:
    return record.partition(":")[2]


def one(served: Served, panel: str, order: str) -> dict[str, Any]:
    return served.rows(panel, order=order)[0]


@pytest.mark.parametrize("kind", KINDS)
def test_an_order_is_what_the_erp_says(served: Served, books: Books, kind: str) -> None:
    found = orders(books, kind)
    assert found, "the demo company has such orders"
    for order in found:
        own = own_id(order)
        header = one(served, "order", order)
        number, day, currency, customer = erp(books, "SELECT so_no, odat, cur, cno FROM so_h WHERE sno = ?", own)[0]
        assert (header["order_no"], header["order_date"], header["currency"]) == (number, day, currency)
        assert header["customer_id"] in (f"erp:{customer}", None)
        booked, quoted = erp(
            books,
            """SELECT sum(CASE WHEN st NOT IN ('X', 'N', 'Q') THEN amt_m END),
                      sum(CASE WHEN st IN ('N', 'Q') THEN amt_m END) FROM so_l WHERE sno = ?""",
            own,
        )[0]
        cents = quoted or 0 if booked is None else booked
        value = books.base(books.money(cents, currency), currency, date.fromisoformat(day))
        assert header["value"] == pytest.approx(float(value or 0), abs=0.005)
        check_lines(served, books, order, own)
        check_money(served, books, order, own)


def check_lines(served: Served, books: Books, order: str, own: str) -> None:
    shown = {row["line_id"]: row for row in served.rows("order_lines", order=order)}
    query = """
        SELECT l.lno, l.qty, l.pdat, l.st, i.code, w.code,
               coalesce((SELECT sum(CASE typ WHEN 'SHP' THEN qty ELSE -qty END) FROM mv m
                         WHERE m.lno = l.lno AND m.st = 'D' AND m.typ IN ('SHP', 'RET')), 0),
               (SELECT max(mdat) FROM mv m WHERE m.lno = l.lno AND m.st = 'D' AND m.typ = 'SHP')
        FROM so_l l LEFT JOIN item i ON i.ino = l.ino LEFT JOIN whs w ON w.wno = l.wno WHERE l.sno = ?"""
    lines = erp(books, query, own)
    assert len(shown) == len(lines)
    for line, quantity, promised, status, sku, warehouse, gone, last in lines:
        row = shown[f"erp:{line}"]
        assert (row["quantity"], row["promised_date"], row["sku"]) == (quantity, promised, sku)
        assert (row["warehouse"], row["shipped_quantity"]) == (warehouse, gone)
        if quantity > 0:
            assert row["shipped_date"] == last
        if status == "X":
            assert row["status"] == "cancelled"
        late = row["days_late"]
        if status == "O" and promised and gone < quantity and sku:
            assert late == max((books.today - date.fromisoformat(promised)).days, 0)


def check_money(served: Served, books: Books, order: str, own: str) -> None:
    """Invoices and payments one by one, and what the track makes of them."""
    shown = {row["invoice_id"]: row for row in served.rows("order_invoices", order=order)}
    invoices = erp(books, "SELECT ivno, idat, ddat, cur, amt_m, opn_m, st FROM inv WHERE sno = ?", own)
    assert len(shown) == len(invoices)
    billed = paid = Decimal(0)
    for number, issued, due, currency, amount, still_open, status in invoices:
        row = shown[f"erp:{number}"]
        if issued is None:  # a draft has no rate yet
            known = float(books.money(amount, currency)) if currency == books.home else None
            assert (row["issue_date"], row["amount"], status) == (None, known, "N")
            continue
        day = date.fromisoformat(issued)
        base = books.base(books.money(amount, currency), currency, day) or Decimal(0)
        left = books.base(books.money(still_open, currency), currency, day) or Decimal(0)
        assert (row["issue_date"], row["due_date"]) == (issued, due)
        assert (row["amount"], row["open_amount"]) == pytest.approx((float(base), float(left)), abs=0.005)
        received = erp(books, "SELECT coalesce(sum(amt_m), 0) FROM pay WHERE ivno = ?", number)[0][0]
        money = books.base(books.money(received, currency), currency, day) or Decimal(0)
        assert (row["paid"] or 0) == pytest.approx(float(money), abs=0.02)
        if status not in ("X", "N"):
            billed, paid = billed + base, paid + money
    track = {row["step"]: row for row in served.rows("order_track", order=order)}
    assert list(track) == ["quoted", "ordered", "promised", "shipped", "invoiced", "paid"]
    assert track["invoiced"]["value_done"] == pytest.approx(float(billed), abs=0.02)
    assert track["paid"]["value_done"] == pytest.approx(float(paid), abs=0.05)
    assert track["paid"]["value_total"] == pytest.approx(float(billed), abs=0.02)


def test_the_track_of_each_kind(served: Served, books: Books) -> None:
    def track(order: str) -> dict[str, dict[str, Any]]:
        return {row["step"]: row for row in served.rows("order_track", order=order)}

    for order in orders(books, "from a deal"):
        steps = track(order)
        deal = erp(books, "SELECT oppref FROM so_h WHERE sno = ?", own_id(order))[0][0]
        entered = crm(
            books,
            """SELECT min(date(entered_on, '+8 hours')) FROM crm_stage_log
               WHERE opportunity_id = ? AND to_stage IN ('Proposal', 'Negotiation') AND coalesce(deleted, 0) = 0""",
            deal,
        )[0][0]
        opened = crm(books, "SELECT opened_date FROM crm_opportunity WHERE opportunity_id = ?", deal)[0]
        assert steps["quoted"]["state"] == "done" and steps["quoted"]["first_date"] == (entered or opened[0])
    assert {track(order)["quoted"]["state"] for order in orders(books, "without a deal")} == {"unknown"}
    for order in orders(books, "cancelled"):
        assert {row["state"] for step, row in track(order).items() if step != "quoted"} == {"none"}
    for order in orders(books, "partly shipped"):
        steps = track(order)
        assert steps["ordered"]["state"] == "done" and steps["shipped"]["state"] == "part"
        moved = erp(
            books,
            """SELECT min(m.mdat), max(m.mdat) FROM mv m JOIN so_l l ON l.lno = m.lno
               WHERE l.sno = ? AND m.st = 'D' AND m.typ = 'SHP'""",
            own_id(order),
        )[0]
        assert (steps["shipped"]["first_date"], steps["shipped"]["last_date"]) == moved
    for order in orders(books, "paid", 8):
        steps = track(order)
        ordered = erp(books, "SELECT sum(amt_m) FROM so_l WHERE sno = ? AND st NOT IN ('X', 'N', 'Q')", own_id(order))[
            0
        ][0]
        billed = erp(
            books, "SELECT sum(amt_m), sum(opn_m) FROM inv WHERE sno = ? AND st NOT IN ('X', 'N')", own_id(order)
        )[0]
        settled = abs(ordered - billed[0]) <= 2 and not billed[1]
        assert (steps["paid"]["state"] == "done") == settled, "rates of other days do not make an order unpaid"


def test_the_deal_and_what_was_said_are_the_crms(served: Served, books: Books) -> None:
    for order in orders(books, "from a deal"):
        own = own_id(order)
        (deal,) = erp(books, "SELECT oppref FROM so_h WHERE sno = ?", own)[0]
        name, value, currency, day = crm(
            books,
            "SELECT topic, estimated_value, currency_code, opened_date FROM crm_opportunity WHERE opportunity_id = ?",
            deal,
        )[0]
        row = one(served, "order_deal", order)
        assert (row["opportunity_id"], row["name"]) == (f"crm:{deal}", name)
        assert row["amount"] == pytest.approx(
            float(books.base(Decimal(value), currency, date.fromisoformat(day)) or 0), abs=0.005
        )
    assert served.rows("order_deal", order=orders(books, "without a deal")[0]) == []
    for order in orders(books, "complained about"):
        (number,) = erp(books, "SELECT so_no FROM so_h WHERE sno = ?", own_id(order))[0]
        query = "SELECT subject FROM crm_case WHERE order_reference = ? AND coalesce(deleted, 0) = 0"
        subjects = sorted(subject for (subject,) in crm(books, query, number))
        events = served.rows("order_events", order=order)
        assert sorted(row["subject"] for row in events if row["kind"] == "ticket") == subjects
        assert [row["day"] for row in events] == sorted((row["day"] for row in events), reverse=True)


def test_a_panel_of_an_order_needs_its_id(served: Served) -> None:
    import urllib.error

    with pytest.raises(urllib.error.HTTPError) as refused:
        served.rows("order_lines")
    assert refused.value.code == 400 and "order" in refused.value.read().decode()


@pytest.mark.browser
def test_an_order_links_to_its_customer_and_items(desk: Callable[..., Opened], books: Books, served: Served) -> None:
    order = orders(books, "partly shipped")[0]
    opened = desk(f"/orders/{order.replace(':', '%3A')}?lang=en")
    page, header = opened.page, one(served, "order", order)
    assert page.inner_text("#panel-order h2") == header["order_no"]
    links = page.eval_on_selector_all("#content a", "nodes => nodes.map(n => n.getAttribute('href'))")
    assert f"/customers/{header['customer_id'].replace(':', '%3A')}?lang=en" in links
    products = {row["product_id"] for row in served.rows("order_lines", order=order) if row["product_id"]}
    assert {f"/items/{product.replace(':', '%3A')}?lang=en" for product in products} <= set(links)
    page.click("#panel-order_lines .explain summary")
    href = page.get_attribute("#panel-order_lines .explain a[download]", "href") or ""
    assert f"order={order.replace(':', '%3A')}" in href, "what is exported is this order's"
    page.click("#panel-order_lines td.sku a")
    page.wait_for_selector("#panel-item")
    assert not opened.problems


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/orders/erp%3A0", "/orders/%3Cscript%3E", "/items/erp%3A0"])
def test_an_unknown_id_is_told_calmly(desk: Callable[..., Opened], path: str) -> None:
    opened = desk(f"{path}?lang=en")
    assert "There is no such" in opened.page.inner_text("#content")
    assert not opened.problems
