"""The BottleCRM profile over two small tenants behind forced row-level security."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from data_access.connectors.profile import load_profile
from data_access.connectors.sql import SqlConnector
from tests.real.company import RealCompany, make_company
from tests.real.conftest import TENANT, crm, erp

pytestmark = pytest.mark.real
D = Decimal


@pytest.fixture(scope="module")
def both(postgres, small_tryton, small_crm, tmp_path_factory) -> RealCompany:
    """ERP and CRM of one company, synced once; the tests of this module only read."""
    folder = tmp_path_factory.mktemp("both")
    company = make_company(folder, erp(postgres, small_tryton), crm(postgres, small_crm))
    report = company.sync()
    assert (report.status, report.errors) == ("published", [])
    assert company.read("SELECT entity, reason FROM ops.rejected_row") == []
    return company


def test_mapping_answers_the_live_schema(postgres, small_crm):
    url = postgres.url(small_crm, "crm_ro")
    connector = SqlConnector(load_profile("bottlecrm"), url, {"tenant": TENANT})
    assert connector.verify() == []
    connector.close()


def test_a_tenant_is_needed(postgres, small_crm, tmp_path: Path):
    source = crm(postgres, small_crm)
    del source["tenant"]
    report = make_company(tmp_path, source).sync()
    assert report.exit_code != 0
    assert "tenant: missing" in " ".join(report.errors)


def test_a_superuser_reads_one_tenant_too(postgres, small_crm, both, tmp_path: Path):
    """Row-level security does not hold for a superuser; the filter by organisation does."""
    company = make_company(tmp_path, crm(postgres, small_crm, user="postgres"))
    company.sync()
    for stream in load_profile("bottlecrm").stream:
        assert company.landed("crm", stream) == both.landed("crm", stream), stream
    assert both.differences(postgres, small_crm, "crm") == {}


def test_customers_meet_by_tax_number_and_by_name(both):
    found = both.read(
        "SELECT right(source_id, 2), customer_id, rule FROM core.customer_link WHERE source = 'crm' ORDER BY 1"
    )
    assert found == [
        ("a1", "erp:4", "tax_id"),
        ("a2", "erp:5", "exact_name"),
        ("a3", "crm:aaaaaaaa-0000-4000-8000-0000000000a3", "self"),
    ]
    merged = both.read("SELECT name, segment, owner, email_domain FROM core.customer WHERE customer_id = 'erp:4'")
    assert merged == [("Radhaus Köln GmbH", "A", "Ida Holm", "radhaus.example")]
    assert both.read("SELECT is_active, tax_id FROM core.customer WHERE name = 'Café Rücktritt'") == [(False, None)]


def test_contacts_through_either_link(both):
    found = both.read("SELECT right(contact_id, 2), customer_id, name, phone FROM core.contact ORDER BY 1")
    assert found == [("c1", "erp:4", "Jörg Łoś", "+492215"), ("c2", "erp:5", "芳", "1")]


def test_leads_and_opportunities(both):
    found = both.read(
        "SELECT right(opportunity_id, 2), customer_id, owner, stage, probability, amount_base, created_date,"
        " expected_close, closed_date FROM core.opportunity WHERE source = 'crm' ORDER BY 1"
    )
    may = date(2025, 5, 1)
    assert found == [
        ("b1", "erp:5", None, "lead", D("0.2"), D("916.67"), date(2025, 9, 2), date(2025, 12, 1), None),
        ("b2", None, None, "lost", D(0), D(10), may, None, may),
        ("d1", "erp:4", "Ida Holm", "proposal", D("0.4"), D("500.5"), may, date(2025, 11, 30), None),
        ("d2", "erp:5", None, "won", D(1), D(100), may, None, date(2025, 7, 1)),
        ("d3", "erp:4", None, "lost", D(0), D(1), may, None, date(2025, 6, 14)),
        ("d4", "crm:aaaaaaaa-0000-4000-8000-0000000000a3", None, "qualified", D("0.1"), None, may, None, None),
    ]
    won = both.value("SELECT closed_at AT TIME ZONE 'UTC' FROM core.opportunity WHERE name = 'Signed'")
    assert won == datetime(2025, 6, 30, 23)
    assert both.read("SELECT product_id, quantity, amount_base FROM core.opportunity_line WHERE source = 'crm'") == [
        ("erp:1", D(5), D("500.5"))
    ]


def test_cases_become_tickets(both):
    found = both.read(
        "SELECT right(ticket_id, 2), customer_id, status, priority, subject, satisfaction,"
        " closed_at AT TIME ZONE 'Europe/Berlin' FROM core.ticket ORDER BY 1"
    )
    assert found == [
        ("61", "erp:4", "closed", "urgent", "Late <b>again</b>", 2, datetime(2025, 6, 30, 14)),
        ("62", "erp:5", "open", "normal", "Bell", None, None),
        ("64", None, "pending", "high", "Wait", None, None),
    ]
    assert both.read("SELECT customer_id, kind, subject FROM core.activity") == [("erp:4", "call", "Intro")]


def test_secrets_of_users_are_not_read(both):
    """Of the CRM's users only the name comes along."""
    folder = both.config.warehouse.path
    assert all(b"never read" not in file.read_bytes() for file in folder.glob("*.duckdb"))
