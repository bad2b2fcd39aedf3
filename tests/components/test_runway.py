"""The runway's identity: bar height is weekly sales, length is cover, area is stock; its parts add up."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components import wall
from components.charts import lanes as geometry
from components.charts.lanes import MAX_BARS, MAX_LANES, Lane
from components.format import plotly_text
from components.theme import colour
from tests.wall import canned


def drawn(results: dict[str, Any] | None = None, lang: str = "en") -> dict[str, Any]:
    found = results or canned.results()
    return wall.render("runway", {k: found[k] for k in ("runway", "runway_lanes")}, lang, canned.COMPANY)  # type: ignore[arg-type]


def placed(rows: list[dict[str, Any]]) -> tuple[list[Lane], float]:
    lanes, shown = geometry.fold(geometry.totals(rows), "{n} more")
    return geometry.layout(rows, lanes, shown, {})


def words(payload: dict[str, Any]) -> list[str]:
    return [mark["text"] for mark in payload["figure"]["layout"]["annotations"]]


def test_bars_of_a_lane_fill_it_from_top_to_bottom() -> None:
    for lane in placed(canned.runway_rows())[0]:
        edge = lane.top
        for bar in lane.bars:
            assert bar.top == pytest.approx(edge)
            edge += bar.height
        assert edge == pytest.approx(lane.bottom)
        assert sum(bar.height for bar in lane.bars) == pytest.approx(lane.weekly_sales)


def test_height_times_length_is_the_stock() -> None:
    rows = canned.runway_rows()
    for lane in placed(rows)[0]:
        area = sum(bar.height * bar.cover for bar in lane.bars)
        stock = sum(row["stock_value"] for row in rows if row["category"] == lane.name)
        assert area == pytest.approx(stock)


def test_drawn_bars_are_where_the_geometry_says() -> None:
    bars = [bar for lane in placed(canned.runway_rows())[0] for bar in lane.bars if not bar.rest]
    trace = drawn()["figure"]["data"][0]
    assert trace["y"] == pytest.approx([bar.top + bar.height / 2 for bar in bars], abs=0.01)
    assert trace["x"] == pytest.approx([min(bar.cover, 10) for bar in bars], abs=0.001)
    assert all(width < bar.height for width, bar in zip(trace["width"], bars, strict=True))


def test_every_item_at_risk_has_its_own_bar_and_the_rest_is_one() -> None:
    rows = canned.runway_rows()
    for lane in placed(rows)[0]:
        mine = [row for row in rows if row["category"] == lane.name]
        risky = [row for row in mine if row["at_risk"] > 0]
        alone = [bar for bar in lane.bars if not bar.rest]
        assert sum(1 for bar in alone if bar.gap) == len(risky)
        assert len(alone) <= max(MAX_BARS, len(risky)) + 1
        assert len(alone) + sum(bar.rest for bar in lane.bars) == len(mine)
        assert [bar.cover for bar in alone] == sorted(bar.cover for bar in alone)
        assert all(bar.rest == 0 for bar in lane.bars[:-1])


def test_many_items_at_risk_are_all_shown() -> None:
    rows = [canned.item("A", i, f"Item {i}", 1.0, 2.0, 0.5, 2.0, 3.0, 1) for i in range(9)] + [
        canned.item("A", 99, "Calm", 5.0, 9.0)
    ]
    (lane,), _ = placed(rows)
    assert [bar.gap is not None for bar in lane.bars].count(True) == 9
    assert sum(bar.height for bar in lane.bars) == pytest.approx(lane.weekly_sales)


def test_items_without_demand_take_no_height_but_are_counted() -> None:
    rows = [canned.item("A", i, f"Item {i}", 1.0 + i, 4.0) for i in range(8)]
    rows.append(canned.item("A", 50, "Silent", 0.0, 0.0) | {"cover_weeks": None, "stock_value": 5e5})
    (lane,), _ = placed(rows)
    assert sum(bar.rest for bar in lane.bars) == 4


def test_at_risk_title_column_and_list_are_one_figure() -> None:
    payload, risk = drawn(), wall.render("risk", canned.results()["stockout_risk"], "en", canned.COMPANY)  # type: ignore[arg-type]
    total = sum(row["at_risk"] for row in canned.lane_rows())
    assert total == pytest.approx(sum(row["at_risk"] for row in canned.risk_rows()))
    column = [text for text in words(payload) if text.startswith("<b>¥") and text.endswith("M</b>")]
    assert sum(float(text[4:-5]) for text in column) == pytest.approx(total / 1e6, abs=0.005 * len(column))
    assert "¥5.7M at risk" in json.dumps(payload["head"], ensure_ascii=False)
    assert risk["head"]["note"] == "¥5.7M · 6 items"


def test_hatches_end_where_receipts_arrive() -> None:
    figure = drawn()["figure"]
    gaps = figure["data"][3]
    ends = sorted(base + x for base, x in zip(gaps["base"], gaps["x"], strict=True))
    ticks = sorted(shape["x0"] for shape in figure["layout"]["shapes"] if shape["type"] == "line")
    assert len(ends) == 6
    assert all(any(abs(end - tick) < 0.1 for tick in ticks) for end in ends)
    assert gaps["marker"]["pattern"]["fgcolor"] == colour("crit-fill")


def test_the_diamond_never_touches_a_bar() -> None:
    lanes, _ = placed(canned.runway_rows())
    for y in drawn()["figure"]["data"][5]["y"]:
        assert all(not (lane.top <= y <= lane.bottom) for lane in lanes)


def test_few_lanes_and_many_lanes_keep_their_labels_apart() -> None:
    for count in (1, 3, 8, 15):
        rows = [canned.item(f"Group {i}", i, f"Item {i}", 10.0 / (1 + i) ** 2, 5.0) for i in range(count)]
        lanes, px = placed(rows)
        assert len(lanes) == min(count, MAX_LANES)
        middle = [lane.top + lane.height / 2 for lane in lanes]
        assert all(b - a >= 26 * px for a, b in zip(middle, middle[1:], strict=False)), count
        assert sum(lane.weekly_sales for lane in lanes) == pytest.approx(sum(row["weekly_sales"] for row in rows))
    assert lanes[-1].name == "8 more"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("ABC"), st.floats(0, 9), st.floats(0, 30), st.booleans()), min_size=1, max_size=40
    )
)
def test_identity_holds_for_any_stock(items: list[tuple[str, float, float, bool]]) -> None:
    rows = [
        canned.item(category, i, f"Item {i}", sales, cover, *((0.1, 1.0, 2.0, 1) if risk else ()))
        for i, (category, sales, cover, risk) in enumerate(items)
    ]
    lanes, _ = placed(rows)
    assert sum(bar.height for lane in lanes for bar in lane.bars) == pytest.approx(
        sum(row["weekly_sales"] for row in rows), abs=1
    )
    area = sum(bar.height * bar.cover for lane in lanes for bar in lane.bars)
    assert area == pytest.approx(sum(row["stock_value"] for row in rows), rel=1e-6, abs=10)


def test_hostile_names_stay_text() -> None:
    payload = drawn(canned.hostile())
    texts = words(payload)
    assert not any("<img" in text or "<a " in text for text in texts)
    assert any(text.startswith("<b>" + plotly_text("<img")) for text in texts)


def test_early_estimate_shows_no_money_at_risk() -> None:
    payload = drawn(canned.first_run())
    assert payload["figure"]["data"][3]["marker"]["pattern"]["shape"] == "."
    assert "~4" in "".join(words(payload)) and colour("crit") not in json.dumps(payload["figure"])
    assert "early estimate, 3 days of orders" in json.dumps(payload["head"])


def test_nothing_at_risk_shows_no_red() -> None:
    payload = drawn(canned.empty())
    assert colour("crit") not in json.dumps(payload["figure"])
    assert "nothing at risk" in json.dumps(payload["head"])


def test_no_stock_and_no_demand_is_a_sentence() -> None:
    payload = drawn(canned.results() | {"runway": canned.result([]), "runway_lanes": canned.result([])})
    assert "figure" not in payload and "No stock and no demand yet" in json.dumps(payload["tree"])


def test_risk_too_small_to_show_is_not_shown_as_nothing() -> None:
    rows = [
        canned.item("A", 1, "Big", 3.0, 2.0, 1.0, 2.0, 3.0, 1),
        canned.item("B", 2, "Small", 0.2, 2.0, 0.001, 2.0, 3.0, 1),
    ]
    found = canned.results() | {"runway": canned.result(rows), "runway_lanes": canned.result(geometry.totals(rows))}
    assert "<b>&lt;¥0.01M</b>" in words(drawn(found))


def test_title_and_rows_of_the_risk_list_have_one_unit() -> None:
    rows = [canned.item("A", i, f"Item {i}", 0.5, 2.0, 0.4, 2.0, 3.0, 1) for i in range(5)]
    payload = wall.render("risk", canned.result(rows), "en", canned.COMPANY)  # type: ignore[arg-type]
    assert payload["head"]["note"] == "¥2.0M · 5 items"
    assert json.dumps(payload["tree"], ensure_ascii=False).count('"0.40"') == 5


def test_what_is_held_is_told_in_a_unit_of_its_own() -> None:
    """Seven million held beside eight hundred thousand at risk is not 7,000K."""
    results = canned.results()
    for name, columns in (("runway", ("weekly_sales", "at_risk")), ("runway_lanes", ("weekly_sales", "at_risk"))):
        for column in columns:
            results[name].frame[column] *= 0.01
    note = json.dumps(drawn(results)["head"]["note"], ensure_ascii=False)
    assert "K at risk" in note and "M held over 10 wk" in note
