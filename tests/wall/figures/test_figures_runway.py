"""What sells against what is held: every lane and item walked again, day by day, from the source databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.wall.figures.reading import Wall, as_shown, rounded, short
from tests.wall.oracle.books import Books
from tests.wall.oracle.deals import named_and_usual
from tests.wall.oracle.runway import Lane, at_risk, items, lanes

pytestmark = pytest.mark.browser
SUB = "height = weekly sales · length = cover · area = stock"


def test_what_is_at_risk_and_what_is_held_too_long(wall: Wall, books: Books) -> None:
    found = lanes(books)
    total, held = sum(lane.at_risk for lane in found), sum(lane.over_10_weeks for lane in found)
    for text, words, value in (
        (wall.text("#runway-note .crit"), " at risk", total),
        (wall.text("#runway-note .finding > .t2"), " held over 10 wk", held),
    ):
        assert text == as_shown(value, text.split(" ")[0], least=2) + words
    lowest = min(found, key=lambda lane: lane.cover_weeks)
    hero = wall.text("#runway-note .crit").split(" ")[0]
    assert wall.spoken("#runway-plot") == (
        f"{hero} of expected sales at risk in {len(at_risk(books))} items before their next receipt."
        f" Lowest cover: {lowest.name}, {rounded(lowest.cover_weeks, 1)} weeks."
    )


def test_every_word_of_every_lane(wall: Wall, books: Books) -> None:
    """Name, sales a week, cover, cover if the deals close, money at risk, and how many items share the last bar."""
    shown = iter(wall.texts("#runway-plot .annotation-text"))
    for lane in lanes(books):
        name, sells, cover, deals, risk = (next(shown) for _ in range(5))
        assert name == lane.name
        assert (sells, risk) == (as_shown(lane.weekly_sales, sells, least=2), told(lane.at_risk, risk)), name
        assert (cover, deals) == (rounded(lane.cover_weeks, 1), rounded(lane.cover_weeks_deals, 1)), name
        if lane.rest:
            assert next(shown) == ("+1 item" if lane.rest == 1 else f"+{lane.rest} items"), name
    dates = [short(books.today + timedelta(weeks=week)) for week in (3, 6, 9)]
    assert list(shown) == ["Today", *dates, "sells / wk", "cover wk", "◆ if deals", "at risk"]


def told(value: float, text: str) -> str:
    return as_shown(value, text) if value >= 0.005 else "–"


def test_the_target_is_where_it_is_said_to_be(wall: Wall, books: Books) -> None:
    named, usual = named_and_usual(books)
    mix = "hatch = gap · ◆ by each customer's usual mix"
    expected = f"{SUB} · {mix}" if usual > named else f"{SUB} · grey = 4–8 wk target · hatch = gap to receipt"
    assert wall.text("#runway-sub") == expected
    _, layout = wall.figure("runway")
    assert (layout["shapes"][0]["x0"], layout["shapes"][0]["x1"]) == (4, 8)
    assert layout["xaxis"]["tickvals"] == [0, 3, 6, 9, 12]


def test_gaps_averages_and_diamonds_are_drawn_where_they_are(wall: Wall, books: Books) -> None:
    """In weeks, to a thousandth."""
    data, layout = wall.figure("runway")
    drawn = sorted(zip(data[3]["base"], (x + width for x, width in zip(data[3]["base"], data[3]["x"], strict=True)),
                       strict=True))  # fmt: skip
    gaps = sorted((round((item.cover or 0) / 7, 3), item.edge / 7) for item in at_risk(books))
    assert [list(pair) for pair in drawn] == [pytest.approx(list(gap), abs=0.0011) for gap in gaps]
    found = lanes(books)
    assert len(data[0]["x"]) == sum(own_bars(lane) for lane in found)
    diamonds = [lane.cover_weeks_deals for lane in found if lane.cover_weeks_deals <= 12]
    assert data[5]["x"] == pytest.approx(diamonds, abs=0.0006)
    ticks = {shape["x0"] for shape in layout["shapes"][1:]}
    for lane in found:
        if lane.cover_weeks <= 12:
            assert any(abs(x - lane.cover_weeks) < 0.0006 for x in ticks), lane.name


def own_bars(lane: Lane) -> int:
    silent = sum(item.weekly_sales <= 0 for item in lane.items)
    return len(lane.items) - (lane.rest or silent)


def test_the_api_has_every_item(wall: Wall, books: Books) -> None:
    rows = {int(row["product_id"].removeprefix("erp:")): row for row in wall.rows("runway")}
    expected = items(books)
    assert rows.keys() == expected.keys()
    for number, item in expected.items():
        row = rows[number]
        assert (row["name"], row["category"]) == (item.name, item.category)
        for column, value in (
            ("weekly_sales", item.weekly_sales),
            ("stock_value", item.stock_value),
            ("at_risk", item.at_risk),
            ("over_10_weeks_value", item.over_10_weeks),
        ):
            assert float(row[column]) == pytest.approx(value, abs=0.03), (number, column)
        for column, days in (("cover_weeks", item.cover), ("cover_weeks_deals", item.cover_deals)):
            weeks = None if days is None else pytest.approx(days / 7, rel=1e-5)
            assert row[column] == weeks, (number, column)
        dates = tuple(day and day.isoformat() for day in (item.run_out, item.receipt))
        assert (row["run_out_date"], row["next_receipt_date"]) == dates, number
        assert row["orders_waiting"] == item.waiting, number


def test_the_api_has_every_lane(wall: Wall, books: Books) -> None:
    rows = wall.rows("runway_lanes")
    expected = lanes(books)
    assert [row["category"] for row in rows] == [lane.name for lane in expected]
    for row, lane in zip(rows, expected, strict=True):
        assert row["items"] == len(lane.items)
        for column in ("weekly_sales", "at_risk"):
            assert float(row[column]) == pytest.approx(getattr(lane, column), abs=0.1), (lane.name, column)
        for column in ("cover_weeks", "cover_weeks_deals"):
            assert row[column] == pytest.approx(getattr(lane, column), rel=1e-5), (lane.name, column)
