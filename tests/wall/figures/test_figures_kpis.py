"""The strip of key figures: each value, what stands beside it, its line, and the same from the API."""

from __future__ import annotations

import re
from decimal import Decimal
from urllib.parse import unquote

import pytest

from tests.wall.figures.reading import Wall, as_shown, change, rounded
from tests.wall.oracle import deals, headline
from tests.wall.oracle.books import Books
from tests.wall.oracle.runway import stock_cover_days
from tests.wall.oracle.series import series

pytestmark = pytest.mark.browser
LABELS = {
    "revenue": "Revenue, shipped this month", "booked": "Orders booked", "gross_margin": "Gross margin",
    "on_time": "On-time delivery", "inventory_value": "Stock, at cost", "pipeline_weighted": "Pipeline",
    "ar_overdue": "AR overdue", "csat": "CSAT, 30 d",
}  # fmt: skip


def money(books: Books) -> dict[str, Decimal]:
    revenue, _ = headline.revenue_and_cost(headline.this_month(books))
    return {
        "revenue": revenue,
        "booked": headline.booked(books, books.month, books.today),
        "inventory_value": headline.inventory(books, books.today),
        "pipeline_weighted": deals.pipeline(books),
        "ar_overdue": headline.receivables(books, books.today)[1],
    }


def ratios(books: Books) -> dict[str, float | None]:
    return {
        "gross_margin": headline.margin(headline.this_month(books)),
        "on_time": headline.on_time(books, books.today),
        "csat": headline.satisfaction(books, books.today)[0],
    }


def test_headline_figures(wall: Wall, books: Books) -> None:
    for metric, value in money(books).items():
        text = wall.text(f"[data-metric={metric}] .v")
        assert text == as_shown(value, text, least=2), metric
    for metric, ratio in ratios(books).items():
        unit, scale = ("/5", 1) if metric == "csat" else ("%", 100)
        expected = "–" if ratio is None else f"{rounded(ratio * scale, 1)}{unit}"
        assert wall.text(f"[data-metric={metric}] .v") == expected, metric


def test_labels_say_what_is_counted(wall: Wall) -> None:
    shown = {name: wall.text(f"[data-metric={name}] .l").split("as of")[0].rstrip() for name in LABELS}
    assert shown == LABELS
    values = {name: wall.text(f"[data-metric={name}] .v") for name in LABELS}
    assert wall.spoken("#panel-kpis") == "; ".join(f"{label}: {values[name]}" for name, label in LABELS.items())


def test_revenue_against_plan_and_last_year(wall: Wall, books: Books) -> None:
    revenue, to_date = money(books)["revenue"], headline.plan_to_date(books)
    last_year, _ = headline.revenue_and_cost(books.shipped(*headline.same_days_last_year(books)))
    sides = [f"{change(revenue, to_date)} vs plan", f"{change(revenue, last_year)} YoY"]
    assert wall.texts("[data-metric=revenue] .row .d") == sides
    month = headline.plan(books, "revenue", books.month)
    texts = wall.texts("[data-metric=revenue] .ends > span")
    for text, words, value in zip(texts, ("plan today ", "month "), (to_date, month), strict=True):
        assert text == words + as_shown(value, text.removeprefix(words), least=2)


def test_what_stands_beside_the_other_figures(wall: Wall, books: Books) -> None:
    amounts, shares = money(books), ratios(books)
    owed, overdue = headline.receivables(books, books.today)
    replies = headline.satisfaction(books, books.today)[1]
    cover = stock_cover_days(books)
    expected = {
        "inventory_value": f"{cover} {'day' if cover == 1 else 'days'} of cover",
        "pipeline_weighted": f"weighted, {rounded(amounts['pipeline_weighted'] / headline.plan_ahead(books), 1)}× plan",
        "ar_overdue": f"{rounded(float(overdue / owed) * 100, 1)}% of AR",
        "csat": f"{replies} {'reply' if replies == 1 else 'replies'}",
    }
    if amounts["revenue"] > 0:
        expected["booked"] = f"{rounded(amounts['booked'] / amounts['revenue'], 2)}× revenue"
    for metric in ("gross_margin", "on_time"):
        target, share = headline.plan(books, metric, books.month), shares[metric]
        assert target is not None
        if share is not None:
            sign = arrow_of(share - float(target))
            words = f"{rounded(float(target) * 100, 0)}%" if metric == "on_time" else "plan"
            expected[metric] = f"{sign} pt vs {words}"
    assert {metric: wall.text(f"[data-metric={metric}] > .d") for metric in expected} == expected


def arrow_of(points: float) -> str:
    told = rounded(abs(points) * 100, 1)
    return f"{('▲' if points > 0 else '▼') if told.strip('0.') else ''} {told}".strip()


def test_the_lines_under_the_figures(wall: Wall, books: Books) -> None:
    """Drawn from lowest to highest over 26 px, to a tenth of one."""
    for metric, values in series(books).items():
        picture = unquote(wall.page.get_attribute(f"[data-metric={metric}] img.spark", "src") or "")
        line = re.search(r'<polyline points="([^"]*)"', picture)
        assert line, metric
        drawn = [tuple(float(part) for part in point.split(",")) for point in line[1].split()]
        low, high = min(values), max(values)
        assert [x for x, _ in drawn] == pytest.approx([4 + 188 / 13 * n for n in range(14)], abs=0.051), metric
        heights = [30 - 26 * (value - low) / (high - low) for value in values]
        assert [y for _, y in drawn] == pytest.approx(heights, abs=0.06), metric


def test_the_api_says_the_same_to_the_cent(wall: Wall, books: Books) -> None:
    rows = {row["metric"]: row for row in wall.rows("kpis")}
    for metric, value in (money(books) | ratios(books)).items():
        rel = 1e-6 if metric == "pipeline_weighted" else 1e-12  # win rates are kept to six digits
        assert rows[metric]["value"] == (None if value is None else pytest.approx(float(value), rel=rel)), metric
    for metric, points in series(books).items():
        assert rows[metric]["series"] == pytest.approx(points, rel=2e-6), metric
