"""Filters compose: the parts add up to the whole, in whatever order they are given, and narrow every panel alike."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_access import customers
from data_access.panels import PANELS, check_filters
from data_access.reading import rows
from tests.data_access.customers.conftest import Company

CUTS = ("region", "owner", "segment", "rfm", "risk")
RISKS = ("none", "low", "medium", "high")
Row = dict[str, Any]


def listed(company: Company, filters: dict[str, list[str]]) -> list[Row]:
    return rows(customers.customers(company.reader, filters=check_filters(PANELS["customer_list"], filters)))


def value(row: Row, cut: str) -> str:
    return RISKS[row["risk"]] if cut == "risk" else str(row[cut])


def total(found: list[Row]) -> tuple[int, float, float]:
    return len(found), round(sum(row["revenue"] for row in found), 2), round(sum(row["booked"] for row in found), 2)


@st.composite
def narrowed(draw: st.DrawFn) -> tuple[str, list[str]]:
    """(the cut to add parts up over, the cuts in force before)."""
    order = draw(st.permutations(CUTS))
    return order[0], list(order[1 : 1 + draw(st.integers(0, 3))])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=narrowed(), seed=st.integers(0, 10**6))
def test_the_parts_add_up_to_the_whole(company: Company, chosen: tuple[str, list[str]], seed: int) -> None:
    cut, before = chosen
    everyone = listed(company, {})
    somebody = everyone[seed % len(everyone)]
    filters = {name: [value(somebody, name)] for name in before}
    whole = listed(company, filters)
    assert somebody["customer_id"] in [row["customer_id"] for row in whole]
    values = sorted({value(row, cut) for row in whole})
    parts = [listed(company, {**filters, cut: [one]}) for one in values]
    assert total([row for part in parts for row in part]) == total(whole)
    assert all(value(row, cut) == one for one, part in zip(values, parts, strict=True) for row in part)
    assert total(listed(company, {**filters, cut: values})) == total(whole)


def test_the_order_of_filters_does_not_matter(company: Company) -> None:
    somebody = listed(company, {})[7]
    given = {name: [value(somebody, name)] for name in CUTS} | {"period": ["90d"], "search": [somebody["name"]]}
    found = {
        tuple(row["customer_id"] for row in listed(company, dict(order)))
        for order in itertools.islice(itertools.permutations(given.items()), 0, None, 997)
    }
    assert found == {(somebody["customer_id"],)}


def test_every_panel_is_narrowed_alike(company: Company) -> None:
    largest = listed(company, {})[0]
    given = {"region": [largest["region"]], "owner": [largest["owner"]]}
    rest = listed(company, given)
    for name, read in (("customer_segments", customers.segments), ("customer_falling", customers.falling)):
        result = read(company.reader, filters=check_filters(PANELS[name], given))
        assert result.notes["revenue"] == pytest.approx(sum(row["revenue"] for row in rest))
        assert result.notes["customers"] == len(rest) > 0
    top = rows(customers.largest(company.reader, filters=check_filters(PANELS["customer_largest"], given)))
    assert [row["revenue"] for row in top] == sorted((r["revenue"] for r in rest if r["revenue"] > 0), reverse=True)[:5]


@pytest.mark.parametrize("words", ["halden", "HALDEN  robotics", "robotics halden", "Ｈalden", "hald"])
def test_the_list_is_searched_by_name(company: Company, words: str) -> None:
    assert "Halden Robotics GmbH" in [row["name"] for row in listed(company, {"search": [words]})]


def test_the_list_is_searched_by_number_contact_and_phone(company: Company) -> None:
    cno, tax = company.books.erp.execute(
        "SELECT cno, taxno FROM cust WHERE taxno LIKE '9%' AND coalesce(del, 0) = 0 ORDER BY cno LIMIT 1"
    ).fetchone()
    account, contact, mobile = company.notes.crm.execute(
        "SELECT account_id, full_name, mobile_phone FROM crm_contact WHERE coalesce(deleted, 0) = 0 ORDER BY contact_id"
    ).fetchone()
    for text in (tax, tax.lower(), tax.replace("-", " ")[:12]):
        assert f"erp:{cno}" in [row["customer_id"] for row in listed(company, {"search": [text]})]
    for text in (contact, mobile, mobile[-8:]):
        assert company.notes.links[account] in [row["customer_id"] for row in listed(company, {"search": [text]})]


@pytest.mark.parametrize("words", ["no such company", "%", "_", "' OR 1=1 --", "12", "!!"])
def test_what_is_not_there_is_not_found(company: Company, words: str) -> None:
    assert listed(company, {"search": [words]}) == []
