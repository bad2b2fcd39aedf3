"""The fourteen weekly points of the line under each key figure."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from tests.wall.oracle import deals, headline
from tests.wall.oracle.books import Books


@lru_cache(4)
def series(books: Books) -> dict[str, list[float]]:
    """All of them; the survey's score of thirty days too."""
    return lines(books) | {"csat": [headline.satisfaction(books, day)[0] for day in books.points]}


def lines(books: Books) -> dict[str, list[float]]:
    """Booked of seven days, margin of 28, delivery of thirty; the others as they stood that evening."""
    points = books.points
    margins = [headline.margin(books.shipped(day - timedelta(days=27), day)) for day in points]
    pipeline = [deals.pipeline_then(books, day) for day in points[:-1]] + [deals.pipeline(books)]
    return {
        "booked": [float(headline.booked(books, day - timedelta(days=6), day)) for day in points],
        "gross_margin": [value for value in margins if value is not None],
        "on_time": [headline.on_time(books, day) for day in points],
        "inventory_value": [float(headline.inventory(books, day)) for day in points],
        "pipeline_weighted": [float(value) for value in pipeline],
        "ar_overdue": [float(headline.receivables(books, day)[1]) for day in points],
    }
