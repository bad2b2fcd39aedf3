"""What Tandem expects, as published: everything that follows from it is worked out again from the sources."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import Any

import duckdb

from tests.wall.oracle.books import Books


def published(books: Books, query: str) -> list[Any]:
    """Rows of the version served, read from its file."""
    folder = books.folder / "warehouse"
    version = (folder / "current").read_text().strip()
    with duckdb.connect(str(folder / f"wh-{version}.duckdb"), read_only=True) as con:
        return con.execute(query).fetchall()


@lru_cache(4)
def forecasts(books: Books) -> dict[int, list[float]]:
    """Item -> expected quantity of the 26 weeks from this one on."""
    found = defaultdict[int, list[float]](list)
    query = "SELECT product_id, mean FROM plan.demand_forecast ORDER BY product_id, period_start"
    for product, mean in published(books, query):
        found[int(product.rpartition(":")[2])].append(mean)
    return dict(found)
