"""`/api/v1/promise` and the panel: dates found by trying on the ERP's own database, errors that say what to do, the
question asked with the keyboard."""

from __future__ import annotations

import json
import random
import sqlite3
import urllib.error
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.data_access.planning.erp_situation import situation
from tests.data_access.planning.warehouse_walk import first_day_in_network
from tests.desk.conftest import Opened
from tests.served import Served
from tests.wall.oracle.published import published


def ask(served: Served, **given: object) -> tuple[int, dict[str, Any]]:
    """(status, document) of the route."""
    try:
        with urllib.request.urlopen(
            f"{served.address}/api/v1/promise?{urlencode(given, doseq=True)}", timeout=60
        ) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@pytest.fixture(scope="module")
def erp(served: Served) -> sqlite3.Connection:
    return sqlite3.connect(served.folder / "erp.db")


def test_the_days_are_those_found_by_trying(served: Served, erp: sqlite3.Connection) -> None:
    today, rng = served.today, random.Random(3)
    warehouses = [code for (code,) in erp.execute("SELECT code FROM whs ORDER BY wno")]
    bought = "SELECT ino FROM item WHERE act = 1 AND src = 'P'"
    query = f"SELECT DISTINCT ino FROM so_l WHERE st IN ('O', 'P') AND ino IN ({bought}) ORDER BY ino"
    waiting = [item for (item,) in erp.execute(query)]
    others = [item for (item,) in erp.execute(f"{bought} ORDER BY ino")]
    seen = {"now": 0, "known": 0, "new": 0}
    for item in [*rng.sample(waiting, min(30, len(waiting))), *rng.sample(others, 20)]:
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


def begins(parts: list[Any], ahead: dict[str, list[tuple[date, float]]], today: date, quantity: float) -> date:
    """The first day from which on the plan leaves enough of every part over, or new ones of it are there."""
    ready = [today]
    for part, per, days in parts:
        weeks = ahead.get(part, [])
        left = [
            max(week, today)
            for n, (week, _) in enumerate(weeks)
            if min(over for _, over in weeks[n:]) >= quantity * per - 1e-6
        ]
        ready.append(min([*left[:1], today + timedelta(days=days)]))
    return max(ready)


def test_what_is_made_comes_with_planned_work_or_when_its_parts_are_there(served: Served) -> None:
    """Items nobody waits for and nothing comes of: what is asked beyond their stock, against the published plan."""
    today = served.today

    def ask_plan(query: str) -> list[Any]:
        return published(served.folder, query)

    idle = ask_plan(
        """SELECT p.product_id, p.sku, coalesce(p.min_order_qty, 0), coalesce(p.order_multiple, 0), q.lead_time_days,
                  (SELECT coalesce(sum(quantity), 0) FROM core.stock_on_hand s WHERE s.product_id = p.product_id)
           FROM core.product p JOIN plan.item_parameter q ON q.product_id = p.product_id
           WHERE p.supply = 'make' AND p.is_active
             AND p.product_id NOT IN (SELECT product_id FROM marts.receipt WHERE NOT is_overdue)
             AND p.product_id NOT IN (SELECT product_id FROM core.sales_order_line WHERE status = 'open')
           ORDER BY p.product_id"""
    )
    ahead: dict[str, list[tuple[date, float]]] = defaultdict(list)
    for part, week, over in ask_plan("SELECT product_id, period_start, unexpedited FROM plan.mps ORDER BY 1, 2"):
        ahead[part].append((week, over))
    seen = Counter[str]()
    for product, sku, least, step, lead, held in idle:
        parts = ask_plan(
            f"""SELECT component_id, quantity_per / (1 - scrap_rate), cumulative_lead_time_days
                FROM core.bom_line JOIN plan.item_parameter q ON q.product_id = component_id
                WHERE core.bom_line.product_id = '{product}'"""
        )
        planned = ask_plan(
            f"SELECT due_date, quantity FROM plan.planned_order WHERE product_id = '{product}' AND days_late = 0"
            " ORDER BY 1"
        )
        for beyond in (1, 60, 4000):
            lot = max(float(least), beyond)
            lot = -(-lot // float(step)) * float(step) if step else lot
            fresh = begins([(part, float(per), days) for part, per, days in parts], ahead, today, lot)
            days = [fresh + timedelta(days=lead)]
            total = 0.0
            for due, quantity in planned:
                total += quantity
                if total >= beyond:
                    days.append(due)
                    break
            _, found = ask(served, sku=sku, quantity=float(max(held, 0)) + beyond, warehouse="KS")
            assert date.fromisoformat(found["earliest"]) <= min(days) + timedelta(days=3), (sku, beyond, found)
            if found["decides"]["kind"] == "new" and found["decides"]["used"] == beyond and found["decides"]["begins"]:
                assert date.fromisoformat(found["decides"]["begins"]) == fresh, (sku, beyond, found)
            seen[found["decides"]["kind"]] += 1
    assert seen["new"] >= 20, seen  # whether any waits for planned work depends on the day


def test_the_answer_is_a_document(served: Served, erp: sqlite3.Connection) -> None:
    (sku,) = erp.execute("SELECT code FROM item WHERE src = 'M' AND act = 1 ORDER BY ino LIMIT 1").fetchone()
    _, found = ask(served, sku=sku.lower(), quantity="2.5", warehouse=" sh ")
    assert (found["sku"], found["quantity"], found["warehouse"]["code"]) == (sku, 2.5, "SH")
    assert sum(one["used"] for one in found["supplies"]) == 2.5
    assert [one["date"] for one in found["supplies"]] == sorted(one["date"] for one in found["supplies"])
    assert found["sources"] == ["erp"] and found["version"] >= 1 and found["as_of"].endswith("Z")


def test_what_is_no_longer_sold_comes_from_what_is_there(served: Served, erp: sqlite3.Connection) -> None:
    """No new order of it is thought of: what its stock and open orders do not cover is not in sight."""
    query = "SELECT code, src FROM item WHERE act = 0 AND src IN ('M', 'P') ORDER BY ino"
    found = [(sku, ask(served, sku=sku, quantity=90_000, warehouse="KS")[1]) for sku, _ in erp.execute(query)]
    assert found
    for sku, told in found:
        there = sum(one["used"] for one in told["supplies"])
        assert told["earliest"] is None and told["missing"] == 90_000 - there, sku
        assert "new" not in {one["kind"] for one in told["supplies"]}, sku


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
        ({"sku": "GM-60", "quantity": "1_0", "warehouse": "KS"}, 400, "no quantity", "300"),
        (
            {"sku": ["GM-60", "GM-70"], "quantity": 3, "warehouse": "KS"},
            400,
            '"sku" is given more than once',
            "one item",
        ),
        ({"sku": "GM-60", "quantity": 3, "warehouse": "KS", "line": "nine"}, 404, 'line "nine"', "leave line out"),
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
