"""One customer in both systems: what links, and what must not."""

from typing import Any

import pytest

from tests.modelbench import Bench

Given = tuple[str, str | None]


def links(erp: list[Given], crm: list[Given], more: list[Given] | None = None) -> dict[str, tuple[str, str]]:
    """CRM id -> (golden customer, rule); ids are 1, 2, ... in the ERP and a, b, ... in the CRM."""
    bench = Bench(sources={"erp": "erp", "crm": "crm"} | ({"crm2": "crm"} if more else {}))

    def rows(given: list[Given], ids: str) -> list[dict[str, Any]]:
        return [{"customer_id": i, "name": name, "tax_id": tax} for i, (name, tax) in zip(ids, given, strict=False)]

    bench.rows("customer", rows(erp, "123456")).rows("customer", rows(crm, "abcdef"), "crm")
    if more:
        bench.rows("customer", rows(more, "uvw"), "crm2")
    bench.build("core.customer")
    found = bench.read("FROM core.customer_link")
    assert len(found) == len(erp) + len(crm) + len(more or [])
    assert {(r["rule"], r["confidence"]) for r in found if r["source"] == "erp"} <= {("self", 1.0)}
    golden = {row["customer_id"] for row in bench.read("FROM core.customer")}
    assert golden == {row["customer_id"] for row in found}
    return {r["source_id"]: (r["customer_id"], r["rule"]) for r in found if r["source"] != "erp"}


def test_tax_number_links_across_spellings() -> None:
    assert links([("Müller GmbH", "DE123456788")], [("Mueller & Sons", "123 456 788")]) == {"a": ("erp:1", "tax_id")}


def test_two_country_prefixes_contradict() -> None:
    assert links([("X", "DE123456788")], [("Y", "AT123456788")]) == {"a": ("crm:a", "self")}


def test_exact_normalised_name_links() -> None:
    assert links([("Acme Trading Co., Ltd.", None)], [("ACME TRADING LIMITED", None)]) == {"a": ("erp:1", "exact_name")}


@pytest.mark.parametrize(
    ("erp", "crm"),
    [
        ([("Acme", None), ("Acme Ltd", None)], [("acme", None)]),
        ([("Acme", None)], [("acme", None), ("Acme Inc", None)]),
        ([("A", "DE123456788"), ("B", "DE123456788")], [("C", "DE123456788")]),
        ([("Acme", "DE123456788")], [("Acme", "DE987654321")]),
        ([("Acme", None)], [("Acne", None)]),
    ],
    ids=["name twice in the ERP", "name twice in the CRM", "tax number twice", "tax numbers differ", "names differ"],
)
def test_what_is_not_certain_stays_apart(erp: list[Given], crm: list[Given]) -> None:
    assert {rule for _, rule in links(erp, crm).values()} == {"self"}


def test_the_tax_number_goes_before_the_name() -> None:
    found = links([("Acme", "DE123456788"), ("Zeta", None)], [("Acme", None), ("Zeta", "DE123456788")])
    assert found == {"a": ("crm:a", "self"), "b": ("erp:1", "tax_id")}


def test_each_crm_links_on_its_own() -> None:
    found = links([("Acme", None)], [("Acme", None)], [("acme inc", None)])
    assert found == {"a": ("erp:1", "exact_name"), "u": ("erp:1", "exact_name")}


def test_what_survives_of_a_linked_pair() -> None:
    bench = Bench()
    bench.rows(
        "customer",
        [{"customer_id": "1", "name": "Acme GmbH", "tax_id": "DE123456788", "owner": "erp owner", "country": "DE"}],
    )
    crm = {
        "customer_id": "a",
        "name": "ACME",
        "tax_id": "123456788",
        "owner": "Eva",
        "segment": "A",
        "region": "South",
        "country": "Germany",
        "email": "Info@Acme.DE",
        "is_active": False,
    }
    bench.rows("customer", [crm], "crm").build("core.customer")
    (row,) = bench.read("FROM core.customer")
    assert row["customer_id"] == "erp:1"
    assert (row["name"], row["tax_id"], row["country"], row["region"]) == ("Acme GmbH", "DE123456788", "DE", "South")
    assert (row["owner"], row["segment"], row["email_domain"], row["is_active"]) == ("Eva", "A", "acme.de", True)
