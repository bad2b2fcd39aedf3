"""Weekly sales: what was, what work centres can make, what is expected and how sure that is, and that it adds up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.wall.figures.reading import Wall, as_shown
from tests.wall.oracle.books import Books
from tests.wall.oracle.demand import AHEAD, by_item, monday, weekly, weeks, year_before
from tests.wall.oracle.published import forecasts, published

pytestmark = pytest.mark.browser
BACK, SHOWN = 12, 10  # whole weeks back, weeks ahead from this one


def total(books: Books) -> list[tuple[float, float, float]]:
    """(mean, lower, upper end of the 80 % band) of the 26 weeks from this one on."""
    query = "SELECT mean, lo80, hi80 FROM plan.demand_total WHERE mean IS NOT NULL ORDER BY period_start"
    return published(books.folder, query)


def capacity(books: Books) -> list[float]:
    """Expected demand over the load of the fullest work centre, week by week."""
    query = """SELECT max(required_hours / available_hours) FROM plan.capacity_load
        GROUP BY period_start ORDER BY period_start"""
    return [
        mean / used
        for (mean, *_), (used,) in zip(total(books), published(books.folder, query), strict=True)
        if used > 0
    ]


def last_year(books: Books, week: date) -> float:
    span = weeks(books)
    return weekly(books.booked_lines, span, "base")[(year_before(week) - span.first).days // 7]


def days(books: Books) -> list[date]:
    return [monday(books.today) + timedelta(weeks=n) for n in range(-BACK, SHOWN)]


def test_the_lines_and_the_band(wall: Wall, books: Books) -> None:
    note = wall.text("#forecast-note")
    assert note in [f"¥{unit} a week · band = 80% likely · trend and season" for unit in "KM"]
    unit = {"K": 1e3, "M": 1e6}[note[1]]
    past = weekly(books.booked_lines, weeks(books), "base")[-BACK:]
    ahead = total(books)[:SHOWN]
    mean, low, high = ([row[place] for row in ahead] for place in range(3))
    traces, layout = wall.figure("forecast")
    area, made, was, said = traces[:4]
    drawn = [
        (was, range(BACK), past),
        (said, range(BACK - 1, BACK + SHOWN), past[-1:] + mean),
        (area, [11, *range(BACK, 22), *range(21, BACK - 1, -1), 11], past[-1:] + high + low[::-1] + past[-1:]),
    ]
    for trace, xs, ys in drawn:
        assert trace["x"] == list(xs)
        assert trace["y"] == pytest.approx([y / unit for y in ys], abs=6e-5)
    top, fits = layout["yaxis"]["range"][1], capacity(books)[:SHOWN]
    assert made["y"][:-1] == pytest.approx([min(y / unit, top) for y in fits], abs=6e-5)
    assert layout["shapes"][0]["x0"] == BACK - 1


def test_weeks_that_pass_capacity_are_marked_and_summed(wall: Wall, books: Books) -> None:
    """A triangle on each, the first in the title, the sum above them."""
    over = [(n, mean - fits) for n, ((mean, *_), fits) in enumerate(zip(total(books), capacity(books), strict=False))
            if n < SHOWN and mean > fits]  # fmt: skip
    traces, _ = wall.figure("forecast")
    marked = [trace["x"] for trace in traces if trace["mode"] == "markers"]
    assert marked == ([[BACK + n for n, _ in over]] if over else [])
    named = (
        f"Demand passes capacity in W{days(books)[BACK + over[0][0]].isocalendar().week}"
        if over
        else "Forecast and actual"
    )
    assert wall.text("#forecast-title") == named
    if over:
        (told,) = [text for text in wall.texts("#forecast-plot .annotation-text") if "over, W" in text]
        shown = told.removeprefix("▲ ").split(" ")[0]
        assert shown == as_shown(sum(money for _, money in over), shown)


def test_the_axes(wall: Wall, books: Books) -> None:
    _, layout = wall.figure("forecast")
    names = [f"W{week.isocalendar().week}" for week in days(books)]
    assert wall.texts("#forecast-plot .xtick text") == names[::3]
    marks = [float(text) for text in wall.texts("#forecast-plot .ytick text")]
    assert marks == pytest.approx(layout["yaxis"]["tickvals"]) and len(marks) >= 2


def test_what_is_said_of_it(wall: Wall, books: Books) -> None:
    shown = [mean for mean, *_ in total(books)[:SHOWN]]
    said = wall.spoken("#forecast-plot")
    words = said.replace(".\N{NO-BREAK SPACE}", ". ").split(" ")
    following, low, high = (word for word in words if word.startswith("¥"))
    assert said == (
        f"Expected {as_shown(shown[1], following)} next week; over {SHOWN} weeks between"
        f" {as_shown(min(shown), low)} and {as_shown(max(shown), high)} a week."
    )


def test_the_api_says_the_same(wall: Wall, books: Books) -> None:
    sold = weekly(books.booked_lines, weeks(books), "base")
    rows = wall.rows("forecast")
    assert [row["week_start"] for row in rows] == [week.isoformat() for week in days(books)]
    assert [row["actual"] for row in rows[:BACK]] == pytest.approx(sold[-BACK:])
    assert [row["last_year"] for row in rows] == pytest.approx([last_year(books, week) for week in days(books)])
    for row, (mean, low, high) in zip(rows[BACK:], total(books), strict=False):
        assert row["actual"] is None
        assert [row["mean"], row["lo80"], row["hi80"]] == pytest.approx([mean, low, high])


def test_what_was_said_eight_weeks_ago_is_judged_by_the_sources(books: Books) -> None:
    """What came and what repeating last year would have said, item by item; over all items that is further off."""
    span = weeks(books)
    sold = by_item(books, span) | {None: weekly(books.booked_lines, span, "base")}
    query = "SELECT product_id, period_start, mean, lo80, hi80, naive, actual FROM plan.forecast_recalled ORDER BY ALL"
    rows, inside, missed, repeated = published(books.folder, query), [], 0.0, 0.0
    for product, week, mean, low, high, naive, came in rows:
        item = None if product is None else int(product.removeprefix("erp:"))
        index = (week - span.first).days // 7
        before = span.ago[index] if span.ago[index] >= 0 else span.known - 9
        assert came == pytest.approx(sold[item][index]) and naive == pytest.approx(sold[item][before])
        if low is not None and item is not None:
            inside.append(low <= came <= high)
        if item is not None:
            missed, repeated = missed + abs(mean - came), repeated + abs(naive - came)
    assert len(rows) == 8 * len(sold) and missed < repeated
    assert 0.7 < sum(inside) / len(inside) < 0.92


def test_all_items_add_up_to_the_total(books: Books) -> None:
    """At what a unit brought over the last 52 weeks; the total knows lines without an item as well."""
    span = weeks(books)
    money, units, everything = {}, {}, weekly(books.booked_lines, span, "base")
    for item in by_item(books, span):
        mine = [line for line in books.booked_lines if line.item == item]
        money[item] = sum(weekly(mine, span, "base")[-52:])
        units[item] = sum(weekly(mine, span, "quantity")[-52:])
    price = {item: max(money[item] / units[item], 0.0) if units[item] else 0.0 for item in units}
    share = sum(price[item] * units[item] for item in units) / sum(everything[-52:])
    said = forecasts(books)
    for week, (mean, *_) in enumerate(total(books)):
        added = sum(said[item][week] * price.get(item, 0.0) for item in said)
        assert added == pytest.approx(mean * share, rel=0.02)
    assert len(said) > 200 and all(len(ahead) == AHEAD for ahead in said.values())
