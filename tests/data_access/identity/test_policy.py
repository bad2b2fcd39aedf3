"""What makes two records one customer, across systems and within one, and what speaks against it."""

from __future__ import annotations

from typing import Any

import pytest

from data_access.identity.links_step import SQL
from tests.modelbench import Bench

ACME: dict[str, Any] = {"name": "Acme Tools GmbH", "country": "DE", "city": "Hamburg"}


def linked(
    erp: list[dict[str, Any]], crm: list[dict[str, Any]], *models: str, contact: list[dict[str, Any]] | None = None
) -> Bench:
    """ids are 1, 2, ... in the ERP, a, b, ... in the CRM; `contact`: people of the CRM; `models`: to build besides."""
    bench = Bench()
    given = [
        ("customer", "erp", erp, "123456"),
        ("customer", "crm", crm, "abcdef"),
        ("contact", "crm", contact or [], ""),
    ]
    for entity, source, rows, ids in given:
        if rows:
            named = [{"customer_id": own, **row} for own, row in zip(ids, rows, strict=False)] if ids else rows
            bench.rows(entity, named, source)
    return bench.build("core.customer_link", *models)


def rule(bench: Bench, source_id: str = "a") -> tuple[str, str, str]:
    (row,) = bench.read(f"FROM core.customer_link WHERE source_id = '{source_id}'")
    return row["customer_id"], row["rule"], row["status"]


def reason(bench: Bench) -> str | None:
    (row,) = bench.read("FROM core.identity_pair")
    return row["reason"]


def test_domain_and_name() -> None:
    found = linked([ACME | {"email": "buy@acme.de"}], [{"name": "ACME Tools", "website": "https://www.acme.de/en"}])
    assert rule(found) == ("erp:1", "domain_name", "auto")


def test_the_people_s_addresses_count() -> None:
    person = {"contact_id": "p", "customer_id": "a", "name": "Eva", "email": "eva@acme.de"}
    found = linked(
        [ACME | {"email": "buy@acme.de", "city": None}], [{"name": "Acme Tools", "city": "Kiel"}], contact=[person]
    )
    assert rule(found) == ("erp:1", "domain_name", "auto")


def test_phone_and_name_in_any_way_of_writing() -> None:
    found = linked(
        [ACME | {"phone": "+49 40 3137146"}], [{"name": "acme tools", "phone": "0049(403)137146", "city": "Kiel"}]
    )
    assert rule(found) == ("erp:1", "phone_name", "auto")


def test_free_mail_says_nothing() -> None:
    found = linked([ACME | {"email": "a@gmail.com"}], [{"name": "Acme Foods GmbH", "email": "b@gmail.com"}])
    assert rule(found) == ("crm:a", "self", "auto")
    found = linked([ACME | {"email": "a@gmail.com"}], [{"name": "Acme Tools", "email": "b@gmail.com", "city": "Kiel"}])
    assert rule(found)[1:] == ("self", "review")


def test_names_in_two_scripts_are_joined_by_domain_and_phone() -> None:
    more = {"email": "x@huaxin.com.cn", "phone": "+86 21 55993815", "country": "CN", "city": "Shanghai"}
    erp = [{"name": f"测试{k}有限公司", "email": f"a@no{k}.cn", "country": "CN"} for k in range(3)]
    found = linked(
        [{"name": "华信电子有限公司", **more}, *erp], [{"name": "Huaxin Electronic Co., Ltd.", **more, "city": "上海"}]
    )
    assert rule(found) == ("erp:1", "score", "auto")


@pytest.mark.parametrize(
    ("theirs", "why"),
    [
        ({"tax_id": "DE136695976"}, "tax_differs"),
        ({"name": "Acme Tools GmbH, Filiale"}, "branch"),
        ({"name": "Acme Tools GmbH Kiel"}, "place"),
        ({"name": "Acme Tools AG"}, "form_differs"),
        ({"country": "FR"}, "country_differs"),
    ],
)
def test_a_contradiction_goes_to_review(theirs: dict[str, Any], why: str) -> None:
    same = {"email": "a@acme.de", "phone": "+49 40 3137146"}
    others = [{"name": "Zeta", "city": "Kiel", "country": "DE"}]
    found = linked([ACME | same | {"tax_id": "DE123456788"}, *others], [ACME | same | theirs])
    assert rule(found) == ("crm:a", "self", "review")
    assert reason(found) == why


def test_a_group_s_companies_are_told_apart_by_their_names() -> None:
    same = {"email": "a@acme.com", "phone": "+49 40 3137146"}
    others = [{"name": f"Zeta {k}", "city": "Kiel", "country": "DE", "email": f"x@zeta{k}.de"} for k in range(4)]
    found = linked([ACME | same, *others], [ACME | same | {"name": "Acme Rexroth Hydraulics GmbH"}])
    assert rule(found)[:2] == ("crm:a", "self")


def test_the_tax_number_outweighs_a_branch() -> None:
    tax = {"tax_id": "DE136695976"}
    assert rule(linked([ACME | tax], [{"name": "Acme Tools Filiale", **tax}])) == ("erp:1", "tax_id", "auto")


def test_a_number_with_wrong_check_digits_needs_more() -> None:
    wrong = {"tax_id": "DE136695977"}
    assert rule(linked([ACME | wrong], [{"name": "Wholly other", **wrong}]))[1] == "self"
    assert rule(linked([ACME | wrong], [ACME | wrong]))[1] == "tax_id"


def test_doubles_within_one_system() -> None:
    same = {"email": "a@acme.de"}
    found = linked([ACME | same, ACME | same | {"name": "ACME TOOLS"}], [ACME | same])
    assert {row["customer_id"] for row in found.read("FROM core.customer_link")} == {"erp:1"}


def test_sites_of_one_system_stay_apart() -> None:
    same = {"email": "a@acme.de"}
    found = linked([ACME | same, ACME | same | {"city": "Kiel"}], [])
    assert rule(found, "2") == ("erp:2", "self", "review") and reason(found) == "site"


def test_two_equal_names_in_a_system_are_nobody_s_name() -> None:
    found = linked([ACME, ACME], [ACME])
    assert {row["rule"] for row in found.read("FROM core.customer_link")} == {"self"}
    assert {row["reason"] for row in found.read("FROM core.identity_pair")} == {"not_unique"}


def test_a_name_that_is_only_alike_is_never_enough() -> None:
    found = linked([ACME], [ACME | {"name": "Acme Tolos GmbH"}])
    assert rule(found)[1] == "self"


def test_what_comes_from_where() -> None:
    crm = {"name": "ACME", "email": "eva@acme.de", "owner": "Eva", "segment": "A", "region": "North"}
    bench = linked([ACME | {"name": "Acme GmbH", "owner": "Max", "email": "buy@acme.de"}], [crm], "core.customer_field")
    found = {row["field"]: (row["value"], row["source"], row["rule"]) for row in bench.read("FROM core.customer_field")}
    assert found == {
        "name": ("Acme GmbH", "erp", "erp_first"), "country": ("DE", "erp", "erp_first"),
        "city": ("Hamburg", "erp", "erp_first"), "region": ("North", "crm", "erp_first"),
        "owner": ("Eva", "crm", "crm_first"), "segment": ("A", "crm", "crm_first"),
        "email": ("eva@acme.de", "crm", "crm_first"),
    }  # fmt: skip


def test_contacts_of_one_customer_are_one_person_by_mail_or_by_name_and_phone() -> None:
    people = [
        {"contact_id": "1", "customer_id": "a", "name": "Eva", "email": "Eva@acme.de"},
        {"contact_id": "2", "customer_id": "a", "name": "E. Berg", "email": "eva@acme.de", "phone": "040 3137146"},
        {"contact_id": "3", "customer_id": "a", "name": "E. Berg", "phone": "+49 40 3137146"},
        {"contact_id": "4", "customer_id": "b", "name": "Eva", "email": "eva@acme.de"},
        {"contact_id": "5", "customer_id": "a", "name": "Max", "phone": "+49 40 3137146"},
    ]
    bench = linked([], [ACME, {"name": "Zeta"}], "core.contact", contact=people)
    found = {row["contact_id"]: row["person_id"] for row in bench.read("FROM core.contact")}
    assert found == {"crm:1": "crm:1", "crm:2": "crm:1", "crm:3": "crm:1", "crm:4": "crm:4", "crm:5": "crm:5"}


def test_a_crm_s_own_products() -> None:
    bench = Bench()
    erp = [
        ("1", "A-1", "4006381333931", "Pump"),
        ("2", "B-1", None, "Valve"),
        ("3", "C-1", None, "Seal"),
        ("4", "C-2", None, "Seal"),
    ]
    crm = [
        ("x", "A-1", None, "else"),
        ("y", None, "4006381333931", "else"),
        ("z", None, None, "VALVE"),
        ("u", None, None, "Seal"),
    ]
    for source, given in (("erp", erp), ("crm", crm)):
        names = ("product_id", "sku", "barcode", "name")
        bench.rows("product", [dict(zip(names, row, strict=True)) for row in given], source)
    bench.build("core.product_link")
    found = {
        r["source_id"]: (r["product_id"], r["rule"]) for r in bench.read("FROM core.product_link WHERE source = 'crm'")
    }
    assert found == {"x": ("erp:1", "sku"), "y": ("erp:1", "barcode"), "z": ("erp:2", "name"), "u": (None, "none")}


def test_rates_are_told_day_by_day() -> None:
    """What the links were on 1 November, and what they are since this build."""
    bench = Bench()
    bench.rows("customer", [{"customer_id": "1", **ACME}]).rows("customer", [{"customer_id": "a", **ACME}], "crm")
    bench.con.execute((SQL / "history_table.sql").read_text(encoding="utf-8"))
    for source, own, since in (("erp", "1", "2026-10-01"), ("crm", "a", "2026-11-01")):
        values = f"'{source}', '{own}', '{source}:{own}', 'self', 1, 'auto', NULL, NULL, TIMESTAMPTZ '{since}', NULL"
        bench.con.execute(f"INSERT INTO core.customer_link_history VALUES ({values})")
    bench.build("marts.identity_rate")
    found = bench.read("SELECT accounts, accounts_matched, account_rate FROM marts.identity_rate ORDER BY day")
    assert [tuple(row.values()) for row in found][0] == (1, 0, 0.0)
    assert (1, 1, 1.0) in [tuple(row.values()) for row in found]


@pytest.mark.parametrize("erp", [[], [{"name": "!!!"}], [{"name": "x" * 200_000}, {"name": "\u202e\u0000😀"}]])
def test_nothing_and_nonsense_are_customers_of_their_own(erp: list[dict[str, Any]]) -> None:
    nonsense = {"tax_id": "--", "phone": "n/a", "email": "@", "website": "http://", "city": "?", "country": "…"}
    found = linked(erp, [{"name": "???", **nonsense}] if erp else [])
    links = found.read("FROM core.customer_link")
    assert len(links) == len(erp) + bool(erp) and {row["rule"] for row in links} <= {"self"}
