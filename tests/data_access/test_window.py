"""A stretch of a table, sorted and searched: the same rows whether places are remembered or worked out anew."""

from __future__ import annotations

import random

import pandas as pd
import pytest

from data_access.cache import SingleFlight
from data_access.errors import QueryError
from data_access.window import Match, Order, window

ROWS = 500


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    chance = random.Random(3)
    return pd.DataFrame(
        {
            "sku": [f"SKU-{n}" for n in range(ROWS)],
            "name": [chance.choice(["Valve", "valve", "Pump", "", None]) for _ in range(ROWS)],
            "amount": [chance.choice([None, float(chance.randint(-5, 5))]) for _ in range(ROWS)],
        }
    )


def expected(frame: pd.DataFrame, column: str, descending: bool) -> list[str]:
    """By plain Python: missing values last, equal ones in the order they had."""

    def value(text: object) -> object:
        return text.casefold() if isinstance(text, str) else text

    rows = [(value(one), sku) for one, sku in zip(frame[column].tolist(), frame["sku"], strict=True)]
    known = [row for row in rows if row[0] is not None and row[0] == row[0]]
    missing = [row for row in rows if row[0] is None or row[0] != row[0]]
    known.sort(key=lambda row: row[0], reverse=descending)  # type: ignore[arg-type, return-value]
    return [sku for _, sku in [*known, *missing]]


@pytest.mark.parametrize("column", ["name", "amount"])
@pytest.mark.parametrize("descending", [False, True])
def test_windows_together_are_the_sorted_table(frame: pd.DataFrame, column: str, descending: bool) -> None:
    kept, order = SingleFlight(4), [Order(column, descending)]
    shown: list[str] = []
    for start in range(0, ROWS, 90):
        part, total = window(frame, start, 90, order, kept=kept, content="v1")
        again, _ = window(frame, start, 90, order)
        assert total == ROWS and part.equals(again)
        shown += part["sku"].tolist()
    assert shown == expected(frame, column, descending) and len(kept) == 1


def test_conditions_narrow_and_are_remembered_apart(frame: pd.DataFrame) -> None:
    kept = SingleFlight(4)
    for value in ("valve", "pump", "nothing"):
        where = [Match("name", "text", "contains", value), Match("amount", "number", "greaterThan", 0)]
        part, total = window(frame, 0, 500, [Order("amount")], where, kept, "v1")
        wanted = frame[(frame["name"].fillna("").str.lower() == value) & (frame["amount"] > 0)]
        assert total == len(wanted) and set(part["sku"]) == set(wanted["sku"])
        assert part["amount"].is_monotonic_increasing
    assert len(kept) == 3


def test_another_content_is_another_table(frame: pd.DataFrame) -> None:
    kept, order = SingleFlight(4), [Order("amount", True)]
    window(frame, 0, 10, order, kept=kept, content="v1")
    smaller = frame.head(7)
    assert window(smaller, 0, 10, order, kept=kept, content="v2")[1] == 7


def test_a_column_there_is_none_of_is_refused(frame: pd.DataFrame) -> None:
    with pytest.raises(QueryError):
        window(frame, 0, 10, [Order("nothing")], kept=SingleFlight(4), content="v1")
