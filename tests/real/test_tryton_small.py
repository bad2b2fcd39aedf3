"""The Tryton profile over a small database with every trap: figures worked out by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from data_access.connectors.profile import load_profile
from data_access.connectors.sql import SqlConnector
from tests.real.company import RealCompany, make_company
from tests.real.conftest import erp

pytestmark = pytest.mark.real
D = Decimal


@pytest.fixture(scope="module")
def nordlicht(postgres, small_tryton, tmp_path_factory) -> RealCompany:
    """Synced once; the tests of this module only read."""
    company = make_company(tmp_path_factory.mktemp("nordlicht"), erp(postgres, small_tryton))
    report = company.sync()
    assert (report.status, report.errors) == ("published", [])
    return company


def test_mapping_answers_the_live_schema(postgres, small_tryton):
    connector = SqlConnector(load_profile("tryton"), postgres.url(small_tryton, "tryton_ro"))
    assert connector.verify() == []
    connector.close()


def test_nothing_rejected_nothing_unmapped(nordlicht):
    assert nordlicht.read("SELECT source, entity, source_id, reason FROM ops.rejected_row") == []
    assert nordlicht.read("SELECT rule, sample FROM ops.quality_result WHERE kind = 'mapping' AND NOT passed") == []


def test_customers_are_those_we_sell_to(nordlicht):
    found = nordlicht.read(
        "SELECT customer_id, name, tax_id, country, region, city, phone, is_active FROM core.customer ORDER BY 1"
    )
    assert found == [
        ("erp:10", "Südlicht Rad AG", None, None, None, None, None, True),
        ("erp:4", "Radhaus Köln GmbH", "DE123456788", "DE", "Nordrhein-Westfalen", "Köln", "+492215", True),
        ("erp:5", "Pedal Point Inc.", "123456789", "US", None, "Boulder", None, True),
        ("erp:6", "RADHAUS KÖLN GMBH", None, None, None, None, None, True),
        ("erp:8", "Zu Ltd", None, None, None, None, None, False),
    ]


def test_products_with_the_company_s_own_prices(nordlicht):
    found = nordlicht.read(
        "SELECT product_id, sku, category, uom, supply, unit_cost, list_price, lead_time_days, safety_stock"
        " FROM core.product ORDER BY 1"
    )
    assert found == [
        ("erp:1", "BK-1", "Bikes", "u", "make", D(50), D("105.5"), 2, None),
        ("erp:2", "WH-1", "Parts", "u", "make", D("10.12345"), None, None, None),
        ("erp:3", "BO-1", "Parts", "u", "buy", D("0.05"), D("0.0312"), 10, D(500)),
        ("erp:4", "PA-1", None, "kg", "buy", D("6.1"), None, None, None),
        ("erp:5", None, None, "u", "none", None, None, None, None),
    ]


def test_order_lines_in_base_units_with_half_even_amounts(nordlicht):
    found = nordlicht.read(
        "SELECT line_id, product_id, quantity, unit_price, currency, amount, amount_base, status"
        " FROM core.sales_order_line ORDER BY split_part(line_id, ':', 2)::INT"
    )
    assert found == [
        ("erp:1", "erp:1", D(2), D("100.005"), "EUR", D("200.01"), D("200.01"), "open"),
        ("erp:3", "erp:3", D(36), D("0.027917"), "EUR", D("1.00"), D("1.00"), "shipped"),
        ("erp:4", "erp:4", D("0.5"), D("11.3"), "EUR", D("5.65"), D("5.65"), "shipped"),
        ("erp:5", None, D(1), D(25), "EUR", D(25), D(25), "open"),
        ("erp:6", "erp:3", D(1), D("0.05"), "USD", D("0.05"), D("0.05"), "open"),
        ("erp:7", "erp:3", D(1), D("0.05"), "USD", D("0.05"), D("0.04"), "open"),
        ("erp:8", "erp:3", D(1), D("1500.5"), "JPY", D(1500), D("9.38"), "done"),
        ("erp:9", "erp:3", D(1), D(1816), "JPY", D(1816), D("11.34"), "done"),
        ("erp:10", "erp:1", D(1), D(100), "EUR", D(100), D(100), "draft"),
        ("erp:11", "erp:1", D(1), D(100), "EUR", D(100), D(100), "quotation"),
        ("erp:12", "erp:1", D(1), D(100), "EUR", D(100), D(100), "cancelled"),
        ("erp:14", "erp:1", D(1), D(120), "USD", D(120), D(100), "open"),
        ("erp:20", "erp:1", D(-1), D("100.005"), "EUR", D("-100.00"), D("-100.00"), "shipped"),
    ]


def test_orders_carry_dates_customer_owner_and_deal(nordlicht):
    found = nordlicht.read(
        "SELECT order_no, order_date, promised_date, customer_id, warehouse_id, owner, opportunity_id"
        " FROM core.sales_order_line WHERE line_id IN ('erp:1', 'erp:10', 'erp:14') ORDER BY line_id"
    )
    assert found == [
        ("1", date(2025, 6, 10), date(2025, 6, 20), "erp:4", "erp:4", "Ida Holm", None),
        (None, date(2025, 9, 2), None, "erp:4", "erp:4", None, None),  # entered 01:30 on the 2nd in Berlin
        ("9", date(2025, 7, 1), date(2025, 7, 5), "erp:6", "erp:4", None, "erp:3"),
    ]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-06-02", {("1", "4"): 5, ("2", "4"): -10, ("3", "4"): 840}),
        ("2025-06-30", {("1", "4"): 5, ("2", "4"): -10, ("3", "4"): 800, ("3", "10"): 250, ("4", "4"): D("-0.5")}),
    ],
)
def test_on_hand_by_the_tree_of_places(nordlicht, day, expected):
    found = nordlicht.read(f"FROM core.on_hand_at(DATE '{day}') WHERE quantity <> 0")
    assert {(p.removeprefix("erp:"), w.removeprefix("erp:")): q for p, w, q in found} == expected


def test_only_the_customer_facing_move_ships_a_line(nordlicht):
    found = nordlicht.read("SELECT line_id, kind, quantity, cost_base FROM core.shipment ORDER BY move_id")
    assert found == [
        ("erp:20", "return", D(-1), D(-50)),
        ("erp:4", "shipment", D("0.5"), D("3.05")),
        ("erp:3", "shipment", D(36), D("1.80")),
        ("erp:1", "shipment", D(1), D(50)),
    ]
    kinds = nordlicht.read("SELECT kind, status, count(*) FROM core.stock_move GROUP BY ALL ORDER BY ALL")
    assert kinds == [
        ("adjustment", "done", 2),
        ("production_in", "done", 1),
        ("production_out", "done", 2),
        ("receipt", "done", 2),
        ("receipt", "planned", 1),
        ("return", "done", 2),
        ("shipment", "done", 3),
        ("shipment", "planned", 1),
        ("transfer", "done", 7),
        ("transfer", "planned", 1),
    ]


def test_purchases_net_of_what_went_back(nordlicht):
    found = nordlicht.read(
        "SELECT line_id, supplier, quantity, received_quantity, unit_price, currency, expected_date, status"
        " FROM core.purchase_order_line ORDER BY 1"
    )
    assert found == [
        ("erp:1", "Bolzen & Söhne", D(120), D(100), D("0.04"), "EUR", None, "open"),
        ("erp:2", "Bolzen & Söhne", D(60), D(0), D("0.05"), "USD", date(2025, 12, 1), "open"),
        ("erp:3", "Bolzen & Söhne", D("2.5"), D(0), D(6), "EUR", None, "draft"),
        ("erp:4", "Bolzen & Söhne", D(50), D(50), D("0.04"), "EUR", date(2025, 6, 29), "done"),
    ]


def test_production_and_bills_of_material(nordlicht):
    orders = nordlicht.read(
        "SELECT production_id, product_id, quantity, start_date, due_date, finished_date, status"
        " FROM core.production_order ORDER BY 1"
    )
    assert orders[0] == (
        "erp:1", "erp:1", D(5), date(2025, 2, 25), date(2025, 2, 28), date(2025, 3, 1), "done",
    )  # fmt: skip
    assert orders[2] == ("erp:3", "erp:2", D(24), date(2025, 12, 1), date(2025, 12, 3), None, "planned")
    statuses = ["done", "running", "planned", "planned", "draft", "cancelled", "released"]
    assert [row[6] for row in orders] == statuses
    assert nordlicht.read("SELECT product_id, component_id, quantity_per FROM core.bom_line ORDER BY ALL") == [
        ("erp:1", "erp:2", D(2)),
        ("erp:1", "erp:3", D(24)),
        ("erp:1", "erp:4", D("0.35")),
        ("erp:2", "erp:3", D(6)),
    ]


def test_invoices_and_payments(nordlicht):
    found = nordlicht.read(
        "SELECT invoice_id, order_id, customer_id, issue_date, due_date, amount_base, open_base, status"
        " FROM core.invoice ORDER BY 1"
    )
    assert found == [
        ("erp:1", "erp:1", "erp:4", date(2025, 6, 15), date(2025, 7, 15), D("275.68"), D("175.68"), "open"),
        ("erp:2", None, "erp:5", date(2025, 6, 16), date(2025, 7, 1), D(50), D(0), "paid"),
        ("erp:3", "erp:1", "erp:4", None, None, D("1.19"), D(0), "draft"),
        ("erp:4", None, "erp:6", date(2025, 7, 2), date(2025, 8, 1), D(100), D(100), "open"),
        ("erp:7", "erp:8", "erp:4", date(2025, 6, 26), date(2025, 7, 26), D(-100), D(-100), "open"),
        ("erp:8", None, "erp:4", date(2025, 6, 27), date(2025, 7, 27), D(10), D(0), "paid"),
    ]
    payments = nordlicht.read("SELECT payment_id, invoice_id, paid_date, amount_base FROM core.payment")
    assert payments == [("erp:1", "erp:1", date(2025, 7, 1), D(100))]


def test_opportunities_with_the_moment_they_were_won(nordlicht):
    found = nordlicht.read(
        "SELECT opportunity_id, name, owner, stage, probability, amount_base, closed_date,"
        " closed_at AT TIME ZONE 'UTC' FROM core.opportunity ORDER BY 1"
    )
    won = datetime(2025, 7, 1, 10)
    assert found == [
        ("erp:1", "Fleet", "Ida Holm", "lead", D("0.2"), D(1000), None, None),
        ("erp:2", "2", None, "qualified", D("0.5"), D("500.5"), None, None),
        ("erp:3", "Rental", "Ida Holm", "won", D(1), D(100), date(2025, 7, 1), won),
        ("erp:4", "Lost", "Ida Holm", "lost", D(0), D(100), date(2025, 6, 1), None),
        ("erp:5", "Quoted", "Ida Holm", "proposal", D("0.7"), D(100), None, None),
        ("erp:6", "Off", "Ida Holm", "lost", D(0), D(100), date(2025, 6, 1), None),
    ]
    stages = nordlicht.read("SELECT stage FROM core.opportunity_stage_history ORDER BY entered_at")
    assert stages == [("lead",), ("qualified",), ("won",)]
    assert nordlicht.read("SELECT product_id, quantity FROM core.opportunity_line") == [("erp:3", D(24))]


def test_exchange_rates_and_warehouses(nordlicht):
    rates = nordlicht.read("SELECT currency, day, rate FROM core.exchange_rate WHERE currency <> 'EUR' ORDER BY ALL")
    assert rates == [
        ("JPY", date(2024, 1, 1), D(160)),
        ("USD", date(2024, 1, 1), D("1.1")),
        ("USD", date(2025, 7, 1), D("1.2")),
    ]
    assert nordlicht.read("SELECT warehouse_id, code, name FROM core.warehouse ORDER BY 1") == [
        ("erp:10", "MUC", "München"),
        ("erp:4", "HAM", "Hamburg"),
    ]


def test_rates_given_against_another_currency(postgres, small_tryton, copy_of, tmp_path: Path):
    """The dollar has the rate 1: a euro is 0.8 dollars' worth, a dollar 1 / 0.8 euros' worth."""
    name = copy_of(small_tryton)
    postgres.sql(
        name,
        "DELETE FROM currency_currency_rate",
        "INSERT INTO currency_currency_rate VALUES (1, 1, '2024-01-01', 0.8), (2, 2, '2024-01-01', 1),"
        " (3, 1, '2025-06-15', 0.5), (4, 3, '2024-01-01', 128)",
    )
    company = make_company(tmp_path, erp(postgres, name))
    company.sync()
    rates = company.read("SELECT currency, day, rate FROM core.exchange_rate WHERE currency <> 'EUR' ORDER BY ALL")
    assert rates == [
        ("JPY", date(2024, 1, 1), D(160)),
        ("JPY", date(2025, 6, 15), D(256)),
        ("USD", date(2024, 1, 1), D("1.25")),
        ("USD", date(2025, 6, 15), D(2)),
    ]


def test_the_other_company_can_be_read_instead(postgres, small_tryton, tmp_path: Path):
    company = make_company(tmp_path, erp(postgres, small_tryton) | {"company": "2"})
    company.sync()
    assert company.read("SELECT line_id, amount_base FROM core.sales_order_line") == [("erp:13", D(5000))]
    assert company.value("SELECT unit_cost FROM core.product WHERE sku = 'BK-1'") == 777
    assert company.read("SELECT quantity FROM core.stock_on_hand") == [(D(999),)]
