"""`/api/v1/promise` and the panel: dates found by trying on the ERP's own database, errors that say what to do, the
question asked with the keyboard."""

from __future__ import annotations

import json
import random
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from data_access.planning.promise import TRANSFER_DAYS
from tests.data_access.planning.warehouse_walk import Situation, first_day_in_network
from tests.desk.conftest import Opened
from tests.served import Served


def ask(served: Served, **given: object) -> tuple[int, dict[str, Any]]:
    """(status, document) of the route."""
    try:
        with urllib.request.urlopen(f"{served.address}/api/v1/promise?{urlencode(given)}", timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@pytest.fixture(scope="module")
def erp(served: Served) -> sqlite3.Connection:
    return sqlite3.connect(served.folder / "erp.db")


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
        """SELECT edat, qty - rcv, wno FROM po_l WHERE ino = :item AND st = 'O' AND qty > rcv
           UNION ALL SELECT ddat, qty, wno FROM wo WHERE ino = :item AND st IN ('P', 'L', 'R') AND qty > 0""",
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


def test_the_days_are_those_found_by_trying(served: Served, erp: sqlite3.Connection) -> None:
    today, rng = served.today, random.Random(3)
    warehouses = [code for (code,) in erp.execute("SELECT code FROM whs ORDER BY wno")]
    waiting = [item for (item,) in erp.execute("SELECT DISTINCT ino FROM so_l WHERE st IN ('O', 'P') ORDER BY ino")]
    others = [item for (item,) in erp.execute("SELECT ino FROM item WHERE act = 1 ORDER BY ino")]
    seen = {"now": 0, "known": 0, "new": 0}
    for item in [*rng.sample(waiting, 30), *rng.sample(others, 20)]:
        case = situation(erp, item, today)
        if len(case.lines) > 6:
            continue
        (sku,) = erp.execute("SELECT code FROM item WHERE ino = ?", (item,)).fetchone()
        place = rng.randrange(len(warehouses))
        quantity = rng.choice((1, rng.randint(2, 40), rng.randint(40, 900)))
        expected = first_day_in_network(case, quantity, place)
        status, found = ask(served, sku=sku, quantity=quantity, warehouse=warehouses[place])
        told = None if expected is None else (today + timedelta(days=expected)).isoformat()
        assert (status, found["earliest"]) == (200, told), (sku, quantity, warehouses[place], case)
        assert found["missing"] == 0 and found["decides"]["decides"] and found["decides"]["date"] == told
        seen["now" if not expected else "new" if found["decides"]["kind"] == "new" else "known"] += 1
    assert min(seen.values()) >= 3, seen


def test_the_answer_is_a_document(served: Served, erp: sqlite3.Connection) -> None:
    (sku,) = erp.execute("SELECT code FROM item WHERE src = 'M' AND act = 1 ORDER BY ino LIMIT 1").fetchone()
    _, found = ask(served, sku=sku.lower(), quantity="2.5", warehouse=" sh ")
    assert (found["sku"], found["quantity"], found["warehouse"]["code"]) == (sku, 2.5, "SH")
    assert sum(one["used"] for one in found["supplies"]) == 2.5
    assert [one["date"] for one in found["supplies"]] == sorted(one["date"] for one in found["supplies"])
    assert found["sources"] == ["erp"] and found["version"] >= 1 and found["as_of"].endswith("Z")


@pytest.mark.parametrize(
    ("given", "status", "error", "hint"),
    [
        ({"quantity": 3, "warehouse": "KS"}, 400, '"sku" is missing', "sku=..."),
        ({"sku": "GM-60", "warehouse": "KS"}, 400, '"quantity" is missing', "quantity=300"),
        ({"sku": "GM-60", "quantity": 3}, 400, '"warehouse" is missing', "KS"),
        ({"sku": "GM-60", "quantity": "many", "warehouse": "KS"}, 400, "no quantity", "300"),
        ({"sku": "GM-60", "quantity": "0", "warehouse": "KS"}, 400, "cannot be asked for", "more than 0"),
        ({"sku": "GM-60", "quantity": "-5", "warehouse": "KS"}, 400, "cannot be asked for", "more than 0"),
        ({"sku": "GM-60", "quantity": "nan", "warehouse": "KS"}, 400, "cannot be asked for", "more than 0"),
        ({"sku": "GM-60", "quantity": "1e99", "warehouse": "KS"}, 400, "cannot be asked for", "more than 0"),
        ({"sku": "GM-60", "quantity": "0.0000001", "warehouse": "KS"}, 400, "too fine", "six digits"),
        ({"sku": "GM-6O", "quantity": 3, "warehouse": "KS"}, 404, 'no item "GM-6O"', "GM-60"),
        ({"sku": "GM-60", "quantity": 3, "warehouse": "Mars"}, 404, 'no warehouse "Mars"', "KS"),
        (
            {"sku": "GM-60", "quantity": 3, "warehouse": "KS", "colour": "red"},
            400,
            'no parameter "colour"',
            "warehouse",
        ),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    served: Served, given: dict[str, object], status: int, error: str, hint: str
) -> None:
    code, body = ask(served, **given)
    assert code == status and set(body) == {"error", "hint"}
    assert error in body["error"] and hint in body["hint"]


@pytest.mark.browser
def test_it_is_asked_with_the_keyboard_and_without_a_reload(
    desk: Callable[..., Opened], served: Served, erp: sqlite3.Connection
) -> None:
    (item, sku) = erp.execute("SELECT ino, code FROM item WHERE src = 'M' AND act = 1 ORDER BY ino LIMIT 1").fetchone()
    opened = desk(f"/items/erp%3A{item}?lang=en&promise_qty=1&promise_wh=SH")
    page = opened.page
    page.evaluate("window.here = 'still'")
    page.focus("#promise-qty")
    page.keyboard.press("Control+A")
    page.keyboard.type("900")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.rung .asked').textContent === '900'")
    _, told = ask(served, sku=sku, quantity=900, warehouse="SH")
    day = date.fromisoformat(told["earliest"])
    assert page.inner_text(".told .day").endswith(f"{day.day} {day:%b}")
    assert "promise_qty=900" in page.url and page.evaluate("window.here") == "still"
    page.select_option("#promise-wh", "KS")
    page.wait_for_function("() => new URL(location.href).searchParams.get('promise_wh') === 'KS'")
    page.wait_for_function("() => document.querySelector('.rung[data-kind=stock]').textContent.includes('Kunshan')")
    page.fill("#promise-qty", "lots")
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel-promise [role=alert]")
    assert "lots" in page.inner_text("#panel-promise [role=alert]")
    page.click("#panel-promise .close")
    page.wait_for_selector("#panel-promise", state="detached")
    assert not opened.problems
