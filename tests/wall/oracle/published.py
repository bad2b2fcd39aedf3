"""What Tandem expects, as published: everything that follows from it is worked out again from the sources."""

from __future__ import annotations

import shutil
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from tests.wall.oracle.books import Books


def published(folder: Path, query: str) -> list[Any]:
    """Rows of the version served, read from a copy of its file: a reader of the file itself may be in this process."""
    version = (folder / "warehouse" / "current").read_text().strip()
    copy = folder / f"oracle-{version}.duckdb"
    if not copy.exists():
        shutil.copyfile(folder / "warehouse" / f"wh-{version}.duckdb", copy)
    with duckdb.connect(str(copy), read_only=True) as con:
        return con.execute(query).fetchall()


@lru_cache(4)
def forecasts(books: Books) -> dict[int, list[float]]:
    """Item -> expected quantity of the 26 weeks from this one on."""
    found = defaultdict[int, list[float]](list)
    query = "SELECT product_id, mean FROM plan.demand_forecast ORDER BY product_id, period_start"
    for product, mean in published(books.folder, query):
        found[int(product.rpartition(":")[2])].append(mean)
    return dict(found)
