"""Filters: the URL's words and what they mean in days and SQL."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.errors import QueryError
from data_access.filters import NOTHING, Filters, parse, period_days

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("7d", date(2026, 11, 19), TODAY),
        ("13w", date(2026, 8, 27), TODAY),
        ("12m", date(2025, 11, 26), TODAY),
        ("mtd", date(2026, 11, 1), TODAY),
        ("qtd", date(2026, 10, 1), TODAY),
        ("ytd", date(2026, 1, 1), TODAY),
        ("next8w", TODAY, date(2027, 1, 20)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-01-05..2026-01-05", date(2026, 1, 5), date(2026, 1, 5)),
    ],
)
def test_a_period_is_days(name: str, first: date, last: date) -> None:
    assert period_days(name, TODAY) == (first, last)


@pytest.mark.parametrize(
    "name", ["", "0d", "90", "-3d", "2026-13", "2026-02-30..2026-03-01", "2026-03-02..2026-03-01", "' OR 1=1", "1y"]
)
def test_what_is_no_period_is_told(name: str) -> None:
    with pytest.raises(QueryError, match="no period"):
        period_days(name, TODAY)


@given(st.integers(1, 600), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_months_back_join_without_gap_or_overlap(months: int, today: date) -> None:
    first, last = period_days(f"{months}m", today)
    assert first <= last == today
    assert period_days("1m", today)[0] >= first


def test_parameters_are_lists_days_and_ids() -> None:
    found = parse(
        {"region": ["Texas", "Texas", "Ohio"], "period": "mtd", "item": "erp:1"}, ("period", "region", "item")
    )
    asked = ("region", "category", "since", "until", "item")
    assert found.parameters(asked, TODAY) == {
        "region": ["Texas", "Ohio"], "category": None, "since": date(2026, 11, 1), "until": TODAY, "item": "erp:1",
    }  # fmt: skip
    assert found.as_dict() == {"period": "mtd", "region": ["Texas", "Ohio"], "item": "erp:1"}


def test_the_same_filters_in_any_order_are_equal() -> None:
    names = ("period", "region", "owner")
    one = parse({"owner": "A", "region": "B", "period": "7d"}, names)
    assert one == parse({"period": "7d", "region": "B", "owner": "A"}, names)


@pytest.mark.parametrize(
    ("given", "word"),
    [({"colour": "red"}, "no filter"), ({"period": ["7d", "8d"]}, "2 times"), ({"region": "x" * 301}, "too long")],
)
def test_wrong_filters_are_refused(given: dict[str, str], word: str) -> None:
    with pytest.raises(QueryError, match=word):
        parse(given, ("period", "region"))


def test_a_missing_id_is_told() -> None:
    with pytest.raises(QueryError, match="customer"):
        NOTHING.parameters(["customer"], TODAY)
    assert Filters().parameters(["search"], TODAY) == {"search": ""}
