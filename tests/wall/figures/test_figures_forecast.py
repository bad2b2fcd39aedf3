"""Weekly sales: what was, the same weeks of last year, what is expected and how sure that is, from the definition."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.served import DemoCompany
from tests.wall.figures.reading import Wall, as_shown
from tests.wall.oracle.books import Books
from tests.wall.oracle.demand import AHEAD, band, by_item, expected, level, monday, weekly, weeks, year_before
from tests.wall.oracle.runway import forecasts

pytestmark = pytest.mark.browser
BACK, SHOWN = 12, 10  # whole weeks back, weeks ahead from this one


def total(books: Books) -> tuple[list[float], list[float], list[tuple[float, float]]]:
    """(what was wanted in each whole week, the 26 weeks after them, their band), in the base currency."""
    span = weeks(books)
    sold = weekly(books.booked_lines, span, "base")
    return sold, expected(sold, span.ago), band(sold, span.ago)


def last_year(books: Books, week: date) -> float:
    span = weeks(books)
    return weekly(books.booked_lines, span, "base")[(year_before(week) - span.first).days // 7]


def days(books: Books) -> list[date]:
    return [monday(books.today) + timedelta(weeks=n) for n in range(-BACK, SHOWN)]


def test_the_lines_and_the_band(wall: Wall, books: Books) -> None:
    note = wall.text("#forecast-note")
    assert note in [f"¥{unit} a week · band = 80% likely · same weeks of last year" for unit in "KM"]
    unit = {"K": 1e3, "M": 1e6}[note[1]]
    sold, mean, ends = total(books)
    past, ahead = sold[-BACK:], mean[:SHOWN]
    (area, before, was, said), layout = wall.figure("forecast")
    low, high = ([end[side] for end in ends[:SHOWN]] for side in (0, 1))
    drawn = [
        (was, range(BACK), past),
        (said, range(BACK - 1, BACK + SHOWN), past[-1:] + ahead),
        (before, range(BACK + SHOWN), [last_year(books, week) for week in days(books)]),
        (area, [11, *range(BACK, 22), *range(21, BACK - 1, -1), 11], past[-1:] + high + low[::-1] + past[-1:]),
    ]
    for trace, xs, ys in drawn:
        assert trace["x"] == list(xs)
        assert trace["y"] == pytest.approx([y / unit for y in ys], abs=6e-5)
    assert layout["shapes"][0]["x0"] == BACK - 1


def test_the_axes(wall: Wall, books: Books) -> None:
    _, layout = wall.figure("forecast")
    names = [f"W{week.isocalendar().week}" for week in days(books)]
    assert wall.texts("#forecast-plot .xtick text") == names[::3]
    marks = [float(text) for text in wall.texts("#forecast-plot .ytick text")]
    assert marks == pytest.approx(layout["yaxis"]["tickvals"]) and len(marks) >= 2


def test_what_is_said_of_it(wall: Wall, books: Books) -> None:
    _, mean, _ = total(books)
    said = wall.spoken("#forecast-plot")
    words = said.replace(".\N{NO-BREAK SPACE}", ". ").split(" ")
    following, low, high = (word for word in words if word.startswith("¥"))
    shown = mean[:SHOWN]
    assert said == (
        f"Expected {as_shown(shown[1], following)} next week; over {SHOWN} weeks between"
        f" {as_shown(min(shown), low)} and {as_shown(max(shown), high)} a week."
    )


def test_the_api_says_the_same(wall: Wall, books: Books) -> None:
    sold, mean, ends = total(books)
    rows = wall.rows("forecast")
    assert [row["week_start"] for row in rows] == [week.isoformat() for week in days(books)]
    assert [row["actual"] for row in rows[:BACK]] == pytest.approx(sold[-BACK:])
    assert [row["last_year"] for row in rows] == pytest.approx([last_year(books, week) for week in days(books)])
    for row, said, (low, high) in zip(rows[BACK:], mean, ends, strict=False):
        assert row["actual"] is None
        assert [row["mean"], row["lo80"], row["hi80"]] == pytest.approx([said, low, high])


def test_the_band_holds_what_it_says_on_this_company(books: Books) -> None:
    """Drawn a year ago and compared with what came: about four of five weeks, over 26 of them."""
    span = weeks(books)
    sold = weekly(books.booked_lines, span, "base")
    known = sold[:-AHEAD]
    inside = [low <= came <= high for (low, high), came in zip(band(known, span.ago), sold[-AHEAD:], strict=True)]
    assert level(known) > 0 and sum(inside) >= AHEAD * 0.6


def test_every_items_forecast(demo_company: DemoCompany, books: Books) -> None:
    """All items and weeks of the published version."""
    with demo_company.warehouse() as con:
        rows = con.execute("SELECT product_id, period_start, mean FROM plan.demand_forecast").fetchall()
    found = {(int(product.removeprefix("erp:")), week): mean for product, week, mean in rows}
    this_week = monday(books.today)
    said = {
        (item, this_week + timedelta(weeks=ahead)): mean
        for item, weeks_ahead in forecasts(books).items()
        for ahead, mean in enumerate(weeks_ahead)
    }
    assert len(by_item(books, weeks(books))) > 200 and found.keys() == said.keys()
    assert sum(found.values()) == pytest.approx(sum(said.values()))
    assert found == pytest.approx(said, abs=1e-8)
