"""Words, marks and scales of the customer pages: pure functions on plain rows."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from components import customer
from components.charts import stems, timeline
from components.charts.months import month_starts
from components.customer import events, signals
from components.desk.view import View
from components.format import unit_for
from components.i18n import has
from data_access.customers import OTHERS, SEGMENTS

TODAY = date(2026, 11, 26)
CODES = (
    "lost_deal", "late_orders", "ticket_open", "unhappy", "no_contact", "contract_ends", "overdue", "silent", "falling",
    "last_contact", "never_contacted", "not_in_crm", "not_in_erp",
)  # fmt: skip


def view(lang: str = "en") -> View:
    company: Any = SimpleNamespace(currency="CNY", timezone="Asia/Shanghai", name="Kaichuan")
    return View(lang, company, "/customers/x", TODAY)


def event(kind: str, days_ago: int, **more: Any) -> dict[str, Any]:
    system = "erp" if kind in ("order", "late", "shipped", "payment") else "crm"
    blank: dict[str, Any] = dict.fromkeys(("amount", "days", "score", "subject", "cause_id"))
    return (
        blank
        | {"day": TODAY - timedelta(days=days_ago), "system": system, "kind": kind, "entity_id": f"{kind}{days_ago}"}
        | more
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_code_and_segment_has_words(lang: str) -> None:
    assert all(has(lang, f"signal.{code}") for code in CODES)
    assert all(has(lang, f"filter.value.rfm.{name}") for name in (*SEGMENTS, OTHERS[0]))
    assert all(has(lang, f"filter.value.risk.{name}") for name in signals.LEVELS)
    assert all(has(lang, f"customer.event.{kind}") for kind in events.WEIGHT)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("code", [*CODES, "of tomorrow"])
def test_a_signal_is_a_phrase_whatever_it_lacks(lang: str, code: str) -> None:
    full = {"code": code, "figure": -0.4 if code == "falling" else 41.0, "day": TODAY, "subject": "SO-1"}
    for signal in (full, {"code": code}):
        text = signals.phrase(signal, view(lang))
        assert text and "{" not in text and "None" not in text


def test_signals_say_their_figures() -> None:
    told = [
        signals.phrase({"code": "lost_deal", "figure": 1_234_000.0}, view()),
        signals.phrase({"code": "late_orders", "figure": 1.0, "subject": "SO-7"}, view()),
        signals.phrase({"code": "falling", "figure": -0.416}, view()),
    ]
    assert told == ["lost ¥1.23M in deals", "1 late order, SO-7", "▼ 42% in 13 weeks"]
    assert [signals.level(n) for n in (0, 1, 2, 3, 9)] == ["none", "low", "medium", "high", "high"]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Halden Robotics GmbH", "HR"), ("Kite", "Ki"), ("杭州北辰制药有限公司", "杭州"),
        ("=cmd|' /C calc'!A0", "ca"), ("", "?"), ("<script>alert(1)</script>", "<"), ("GmbH", "Gm"),
    ],
)  # fmt: skip
def test_initials(name: str, letters: str) -> None:
    assert customer.initials(name) == letters


def test_a_delay_and_its_case_are_a_pair() -> None:
    found = [
        event("late", 20, entity_id="o1", days=4, subject="SO-1"),
        event("late", 30, entity_id="o2", days=9, subject="SO-2"),
        event("ticket", 18, cause_id="o1"),
        event("ticket", 10, cause_id="o1"),
        event("ticket", 5, cause_id="elsewhere"),
        event("order", 3, amount=100.0),
    ]
    assert [(late["entity_id"], case["entity_id"]) for late, case in events.pairs(found)] == [("o1", "ticket18")]
    assert events.alarms(found) == {("late", "o1"), ("ticket", "ticket18")}
    placed = events.marks(found, TODAY - timedelta(days=83), TODAY)
    assert [mark.day for mark in placed if mark.alarmed] == [TODAY - timedelta(days=18), TODAY - timedelta(days=20)]
    shown = events.main_events(found)
    assert shown[0]["kind"] == "order" and {"o1", "ticket18"} <= {one["entity_id"] for one in shown}


@pytest.mark.parametrize("days", [84, 366, 1096])
def test_marks_stay_few_and_lose_no_event(days: int) -> None:
    since = TODAY - timedelta(days=days - 1)
    found = [event("order", n, amount=float(n)) for n in range(days)] + [event("call", n) for n in range(days)]
    placed = events.marks(found, since, TODAY)
    for role in events.ROLES:
        mine = [mark for mark in placed if mark.role == role]
        assert len(mine) <= 90 and sum(len(mark.events) for mark in mine) == days
        assert all(since <= mark.day <= TODAY for mark in mine)
        assert [mark.day for mark in mine] == sorted(mark.day for mark in mine)


def test_labels_of_a_lane_do_not_touch() -> None:
    found = [event("order", n, amount=1000.0 * (n % 7)) for n in range(84)] + [event("meeting", n) for n in range(84)]
    made = timeline.figure(found, TODAY - timedelta(days=83), TODAY, view())
    labels = [one for one in made["layout"]["annotations"] if one["xref"] == "x"]
    assert len(labels) > 10
    span = 83
    for row in {(one["y"], one["yshift"]) for one in labels}:
        places = sorted(
            (one["x"] / span * timeline.WIDTH + one["xshift"], timeline.fmt.text_width(one["text"], timeline.SIZE))
            for one in labels if (one["y"], one["yshift"]) == row
        )  # fmt: skip
        for (x, wide), (next_x, next_wide) in zip(places, places[1:], strict=False):
            assert x + wide / 2 < next_x - next_wide / 2


def test_text_of_people_is_never_markup_in_a_chart() -> None:
    evil = "<b>x</b><script>alert(1)</script>"
    found = [event("ticket", 3, subject=evil), event("order", 2, amount=5.0, subject=evil)]
    made = timeline.figure(found, TODAY - timedelta(days=83), TODAY, view())
    assert "<script" not in repr(made) and "<b>x" not in repr(made)


@pytest.mark.parametrize(
    ("high", "expected"),
    [
        (0.0, []), (3.68, [1, 2, 3]), (27.2, [10, 20]), (247.0, [50, 100, 150, 200]), (1.0, [0.25, 0.5, 0.75, 1.0]),
        (0.049, [0.01, 0.02, 0.03, 0.04]),
    ],
)  # fmt: skip
def test_round_ticks(high: float, expected: list[float]) -> None:
    assert stems.round_ticks(high) == pytest.approx(expected)


def test_stems_of_returns_and_silence() -> None:
    weeks = [{"week_start": date(2024, 12, 2) + timedelta(weeks=n), "booked": 0.0, "orders": 0} for n in range(104)]
    weeks[0] |= {"booked": 100.0, "orders": 1}
    weeks[60] |= {"booked": -40.0, "orders": 0}
    made = stems.figure(weeks, [(1, 103)], unit_for([100.0], "en"), view())
    assert made["data"][1]["x"] == [0, 60] and made["data"][1]["y"] == [100.0, -40.0]
    low, high = made["layout"]["yaxis"]["range"]
    assert low < -40 and high > 100
    assert any("103 wk quiet" in one["text"] for one in made["layout"]["annotations"])


def test_month_ticks_are_few() -> None:
    assert month_starts(date(2026, 9, 3), date(2026, 11, 26), 6) == [date(2026, 10, 1), date(2026, 11, 1)]
    assert len(month_starts(date(2023, 11, 26), date(2026, 11, 26), 6)) <= 6
