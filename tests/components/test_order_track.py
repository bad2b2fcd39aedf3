"""How an order stands, in one sentence, from what its track and lines tell."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from components.order.track import finding
from tests.components.test_promise_words import view

DAY = date(2026, 12, 17)


def steps(**changes: dict[str, Any]) -> list[dict[str, Any]]:
    made = []
    for name in ("quoted", "ordered", "promised", "shipped", "invoiced", "paid"):
        one = {"step": name, "state": "done", "share": 1.0, "days_late": 0, "due_date": None, "value_total": 100.0}
        made.append(one | changes.get(name, {}))
    return made


def line(**changes: Any) -> dict[str, Any]:
    one = {"status": "open", "quantity": 5, "days_late": 0, "likely_days_late": 0, "likely_known": True}
    return one | {"likely_date": DAY} | changes


@pytest.mark.parametrize(
    ("lines", "track", "told"),
    [
        ([line(), line()], {}, "2 lines to ship, all in time"),
        ([line(days_late=3, likely_days_late=9)], {}, "One line is past its promise; it can leave by 17 Dec"),
        ([line(likely_days_late=4), line()], {}, "One line will miss its promise by 4 days"),
        ([line(likely_known=False)], {}, "One line waits for goods nobody has ordered yet"),
        ([], {}, "Shipped in time, invoiced and paid"),
        ([], {"shipped": {"days_late": 12}}, "Shipped, up to 12 days late, invoiced and paid"),
        ([], {"paid": {"state": "part", "due_date": DAY}}, "Shipped in time; payment due 17 Dec"),
        ([], {"paid": {"state": "open", "due_date": DAY, "days_late": 5}}, "Shipped in time; payment 5 days overdue"),
        ([], {"paid": {"state": "open"}}, "Shipped in time; not invoiced yet"),
        ([], {"ordered": {"state": "open"}}, "Quoted, not ordered yet"),
        ([], {"ordered": {"state": "none"}}, "Cancelled: nothing is to be delivered"),
        ([], {"ordered": {"value_total": -5.0}}, "Goods came back, credited and paid out"),
    ],
)
def test_the_finding(lines: list[dict[str, Any]], track: dict[str, dict[str, Any]], told: str) -> None:
    assert finding(steps(**track), lines, view()) == told
    assert finding(steps(**track), lines, view("zh"))


def test_nothing_is_said_of_nothing() -> None:
    assert finding([], [], view()) is None
