"""What the production scene and page say in words: messages, balances, loads, and how honest a forecast is."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from components.charts.balance import first_below, saw, state
from components.desk.view import View
from components.item.forecast import honest
from components.item.rules import planned_with
from components.production import heat, messages
from data_access.config import parse_config
from tests.wall import canned_production as canned

TODAY = date(2026, 11, 23)
COMPANY = {"name": "K", "currency": "CNY", "timezone": "Asia/Shanghai", "language": "en"}
ERP = {"name": "erp", "role": "erp", "system": "tryton", "url": "sqlite:///erp.db"}


def view(lang: str = "en") -> View:
    company = parse_config({"company": COMPANY, "source": [ERP]}, Path("/nowhere/tandem.toml")).company
    return View(lang, company, "/items/p", TODAY)


def texts(node: Any) -> str:
    if isinstance(node, str):
        return node
    if isinstance(node, list | tuple):
        return " ".join(texts(one) for one in node if one is not None)
    return texts(getattr(node, "children", None) or "")


def outlook(
    said: list[float], came: list[float], repeated: list[float], model: str = "theta_damped"
) -> list[dict[str, Any]]:
    return [
        {
            "week_start": TODAY - timedelta(weeks=8 - n), "model": model, "said": one, "came": came[n],
            "repeated": repeated[n],
            "said_lo80": one - 2, "said_hi80": one + 2,
        }
        for n, one in enumerate(said)
    ]  # fmt: skip


def test_a_forecast_better_than_last_year() -> None:
    line = texts(honest(outlook([10, 10, 10, 10], [11, 9, 10, 14], [20, 20, 5, 5]), view()))
    assert "4 weeks: forecast 40, sold 44," in line and "9.1% low." in line
    assert "Error 13.6% a week, last year repeated 77.3%." in line and "80% band held 3 of 4." in line
    assert "worse" not in line


def test_a_forecast_worse_than_last_year_says_so() -> None:
    node = honest(outlook([20, 20], [10, 10], [11, 9]), view())
    assert "worse than repeating last year" in texts(node) and "100.0% high." in texts(node)
    assert "不如照搬去年" in texts(honest(outlook([20, 20], [10, 10], [11, 9]), view("zh")))


def test_a_new_item_is_told_with_low_confidence() -> None:
    new = honest(outlook([5, 5], [5, 5], [0, 0], "family_ramp"), view())
    assert texts(new).startswith("How far off were we?") or "Low confidence" in texts(new)
    assert "Low confidence: a new item" in texts(new)


def test_an_item_nobody_wants_is_not_judged() -> None:
    assert "Not judged" in texts(honest(outlook([0], [0], [0], "none"), view()))


def groups() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in canned.schedule_rows():
        found.setdefault(row["sku"], []).append(row)
    return found


def test_the_saw_crosses_zero_where_stock_is_used_up() -> None:
    """SD-400: 910 at 700 a week is gone after 1.3 weeks, on the ninth day."""
    group = groups()["SD-400"]
    points = saw(group)
    assert points[0] == (0.0, 910.0) and points[1] == (1.0, 210.0)
    assert first_below(points, 0.0) == pytest.approx(1.3)
    assert state(group, "en") == ("out 2 Dec", "crit")


def test_an_item_under_its_safety_stock() -> None:
    group = [row | {"tightness": 1} for row in groups()["SD-750"]]
    text, ink = state(group, "en")
    assert text.startswith("under safety W") and ink == "warn"


@pytest.mark.parametrize(("share", "kind"), [(None, "none"), (0.0, "s0"), (0.999, "s6"), (1.0, "s6"), (1.004, "s6"),
                                             (1.01, "over"), (1.1, "over"), (1.11, "far")])  # fmt: skip
def test_frames_begin_over_a_hundred(share: float | None, kind: str) -> None:
    assert heat.shade(share) == kind


def test_messages_of_an_item_are_one_line_with_their_money() -> None:
    rows = [one | {"product_id": "p", "kind": "expedite", "value_at_risk": 10.0 * (n + 1)}
            for n, one in enumerate(canned.message_rows()[:3])]  # fmt: skip
    (line,) = messages.by_item(rows)
    assert line["count"] == 3 and messages.money(line) == 60.0
    assert messages.words(line, "en") == "3 orders, the first to 30 Nov"
    (alone,) = messages.by_item(rows[:1])
    assert messages.words(alone, "en") == "PO 45-1182, 14 Dec to 30 Nov"


RULES = {
    "lead_time_days": 35, "lead_time_from": "measured", "safety_stock": 400.0, "safety_from": "erp", "measured": 520.0,
    "service_level": 0.95, "min_order_qty": 100.0, "order_multiple": 50.0, "cover_weeks": 1, "reorder_point": 1240.0,
    "order_up_to": 2980.0,
}  # fmt: skip


def test_what_an_item_is_planned_with() -> None:
    line = texts(planned_with([RULES], view()))
    assert "35 days lead time (measured)" in line and "safety 400, its errors ask for 520 at 95%" in line
    assert "lots from 100 in steps of 50" in line and "order at 1,240, up to 2,980" in line
    own = RULES | {
        "safety_from": "set",
        "lead_time_from": "set",
        "measured": None,
        "order_multiple": 0.0,
        "cover_weeks": 4,
    }
    line = texts(planned_with([own], view()))
    assert "safety 400 (set)" in line and "its errors" not in line and "lots from 100 one order for 4 weeks" in line
    bare = RULES | {
        "safety_from": "none",
        "safety_stock": 0.0,
        "measured": None,
        "min_order_qty": 0.0,
        "order_multiple": 0.0,
    }
    line = texts(planned_with([bare], view("zh")))
    assert "无安全库存" in line and "批量" not in line
    assert planned_with([], view()) is None
