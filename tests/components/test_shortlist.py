"""Charts of very many items: fewer marks, the same figures."""

from __future__ import annotations

import random
from typing import Any

import pytest

from components import wall
from components.charts import runway, shortlist, speed_cover
from components.charts.lanes import totals
from tests.wall import canned

COUNT = 6_000
Row = dict[str, Any]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Items of four categories; some at risk, some that do not sell, some nobody knows the cover of."""
    chance = random.Random(5)
    made = []
    for n in range(COUNT):
        sales = chance.choice([0.0, 10 ** chance.uniform(-4, 0)])
        risk = (round(chance.uniform(0.001, 2), 3), 0.5, 2.0, 1) if sales and chance.random() < 0.2 else ()
        row = canned.item(f"Category {n % 4}", n, f"Item {n}", sales, chance.uniform(0.1, 80), *risk)
        row["is_fast"] = sales > 0.3
        if not sales:
            row |= {"cover_weeks": None, "cover_weeks_deals": None, "stock_value": 50.0}
        made.append(row)
    return sorted(made, key=lambda row: -row["stock_value"])


def placed(rows: list[Row]) -> runway.Placed:
    found = runway.place(canned.result(rows), canned.result(totals(rows)), "en", canned.COMPANY)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_a_lane_of_many_items_is_as_large_as_all_of_them(rows: list[Row], monkeypatch: pytest.MonkeyPatch) -> None:
    few = placed(rows)
    monkeypatch.setattr(shortlist, "FEW", COUNT)
    every = placed(rows)
    assert (few.px, few.unit) == (every.px, every.unit)
    for mine, whole in zip(few.lanes, every.lanes, strict=True):
        assert len(mine.bars) < 80 < len(whole.bars)
        assert (mine.top, mine.height, mine.cover, mine.at_risk) == (
            whole.top,
            whole.height,
            whole.cover,
            whole.at_risk,
        )
        assert sum(bar.height for bar in mine.bars) == pytest.approx(mine.weekly_sales)
        area, stock = (sum(bar.height * bar.cover for bar in lane.bars) for lane in (mine, whole))
        assert area == pytest.approx(stock)
        assert [sum(bar.rest or 1 for bar in lane.bars) for lane in (mine, whole)] == [COUNT // 4] * 2
        assert {bar.height for bar in mine.bars if not bar.rest} <= {bar.height for bar in whole.bars}


def test_the_words_of_the_runway_count_all_items(rows: list[Row], monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"runway": canned.result(rows), "runway_lanes": canned.result(totals(rows))}
    few = wall.render("runway", given, "en", canned.COMPANY)["head"]  # type: ignore[arg-type]
    monkeypatch.setattr(shortlist, "FEW", COUNT)
    assert few == wall.render("runway", given, "en", canned.COMPANY)["head"]  # type: ignore[arg-type]


def test_marks_that_stand_on_each_other_are_drawn_once(rows: list[Row], monkeypatch: pytest.MonkeyPatch) -> None:
    few = speed_cover.seen(canned.result(rows))
    monkeypatch.setattr(shortlist, "FEW", COUNT)
    every = speed_cover.seen(canned.result(rows))
    told = ("count", "risks", "short", "long", "most")
    assert [getattr(few, name) for name in told] == [getattr(every, name) for name in told]
    assert every.count == len(every.rows) and len(few.rows) < 0.6 * every.count
    drawn = {row["product_id"] for row in few.rows}
    for edge in (min, max):
        assert edge(every.rows, key=lambda row: row["weekly_sales"])["product_id"] in drawn
        fast = [row for row in every.rows if row["is_fast"]]
        assert edge(fast, key=lambda row: row["weekly_sales"])["product_id"] in drawn
    assert max(every.rows, key=lambda row: row["stock_value"])["product_id"] in drawn
