"""What is read of who is who, in the demo company: open questions, the crosswalk, the rates."""

from __future__ import annotations

import json
from datetime import date

import pytest

from data_access import identity_review
from data_access.filters import parse
from data_access.reading import rows
from data_access.warehouse import Reader
from tests.data_access.customers.crm_oracle import Notes
from tests.data_access.customers.customer_oracle import Books, year_before
from tests.links import published_links
from tests.served import DemoCompany

FIELDS = {"name", "tax", "domain", "phone", "country", "city", "form"}
WORDS = {"same", "near", "alike", "differs", None}


@pytest.fixture(scope="module")
def reader(demo_company: DemoCompany) -> Reader:
    found = Reader(demo_company.folder / "warehouse")
    found.refresh()
    return found


@pytest.fixture(scope="module")
def links(demo_company: DemoCompany) -> dict[tuple[str, str], str]:
    return published_links(demo_company.folder)


@pytest.fixture(scope="module")
def worth(
    demo_company: DemoCompany, reader: Reader, links: dict[tuple[str, str], str]
) -> dict[str, tuple[float, float]]:
    """Customer -> (revenue of the last 12 months, open deals), from the sources."""
    books = Books(demo_company.folder, reader.today)
    notes = Notes(demo_company.folder, {own: who for (source, own), who in links.items() if source == "crm"}, books)
    revenue, _ = books.revenue(after(year_before(reader.today)), reader.today)
    return {who: (float(revenue.get(who, 0)), float(sum(notes.open_deals(who)))) for who in set(links.values())}


def after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def test_open_questions_are_ranked_by_the_money_they_hide(
    reader: Reader, worth: dict[str, tuple[float, float]]
) -> None:
    result = identity_review.candidates(reader)
    found = rows(result)
    assert found and result.notes["pairs"] == len(found)
    money = [float(row["hidden_base"]) for row in found]
    assert money == sorted(money, reverse=True) and sum(money) == pytest.approx(float(str(result.notes["hidden_base"])))
    for row in found:
        assert row["reason"] in identity_review.REASONS and 0.3 <= row["probability"] <= 1
        told = json.loads(row["evidence"])
        assert set(told) == FIELDS and set(told.values()) <= WORDS
        left, right = worth[row["left_customer_id"]], worth[row["right_customer_id"]]
        if row["left_role"] == row["right_role"]:
            expected = min(sum(left), sum(right))
        else:
            ours, theirs = (left, right) if row["left_role"] == "erp" else (right, left)
            expected = ours[0] + theirs[1]
        assert float(row["hidden_base"]) == pytest.approx(expected, rel=1e-4, abs=1)
        assert row["left_customer_id"] != row["right_customer_id"]


def test_the_crosswalk_has_every_source_customer_once(reader: Reader, links: dict[tuple[str, str], str]) -> None:
    found = rows(identity_review.crosswalk(reader))
    assert {(row["source"], row["source_id"]): row["customer_id"] for row in found} == links
    assert len(found) == len(links)
    assert {row["rule"] for row in found} <= set(identity_review.RULES) and all(row["valid_from"] for row in found)


def test_rates_by_accounts_and_by_revenue(
    reader: Reader, links: dict[tuple[str, str], str], worth: dict[str, tuple[float, float]]
) -> None:
    result = identity_review.match_rate(reader)
    last = rows(result)[-1]
    accounts = [who for (source, _), who in links.items() if source == "crm"]
    matched = [who for who in accounts if who.startswith("erp:")]
    assert last["day"] == reader.today
    assert (last["accounts"], last["accounts_matched"]) == (len(accounts), len(matched))
    assert last["account_rate"] == pytest.approx(len(matched) / len(accounts))
    total = sum(revenue for revenue, _ in worth.values())
    both = sum(worth[who][0] for who in set(matched))
    assert last["revenue_rate"] == pytest.approx(both / total, rel=1e-4)
    rules = {row["rule"]: row["accounts"] for row in result.notes["rules"]}  # type: ignore[attr-defined]
    assert sum(rules.values()) == len(accounts) and rules["none"] == len(accounts) - len(matched)


def test_a_customer_s_edges_and_fields(reader: Reader, links: dict[tuple[str, str], str]) -> None:
    one = next(who for (source, _), who in sorted(links.items()) if source == "crm" and who.startswith("erp:"))
    edges = rows(identity_review.link_history(reader, filters=parse({"customer": one}, ["customer"])))
    assert {(row["source"], row["source_id"]) for row in edges} == {key for key, who in links.items() if who == one}
    fields = {
        row["field"]: row["rule"]
        for row in rows(identity_review.fields(reader, filters=parse({"customer": one}, ["customer"])))
    }
    assert fields["name"] == "erp_first" and fields["owner"] == "crm_first"
    assert identity_review.current_id(reader, one) == one and identity_review.current_id(reader, "erp:none") is None
    assert rows(identity_review.decisions(reader)) == []
