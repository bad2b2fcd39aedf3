"""Whole databases that Tryton and BottleCRM wrote themselves, against what they answer about them."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.real.company import RealCompany, make_company
from tests.real.conftest import DUMP_TENANT, crm, erp

pytestmark = pytest.mark.real


def _csv(path: Path) -> list[tuple[str, ...]]:
    return duckdb.execute("FROM read_csv($1, all_varchar = true)", [str(path)]).fetchall()


def test_every_row_is_landed(postgres, whole: RealCompany, whole_tryton, whole_crm):
    assert whole.differences(postgres, whole_tryton, "erp") == {}
    assert whole.differences(postgres, whole_crm, "crm") == {}
    assert whole.read("SELECT entity, reason FROM ops.rejected_row") == []
    assert whole.read("SELECT source, entity, status, detail FROM ops.reconciled WHERE status <> 'agrees'") == []
    assert whole.read("SELECT count(*) >= 9, max(days) > 300 FROM ops.reconciled") == [(True, True)]
    assert whole.read("SELECT rule, sample FROM ops.quality_result WHERE kind = 'mapping' AND NOT passed") == []


def test_second_sync_changes_nothing(whole: RealCompany):
    report = whole.sync()
    assert report.status == "nothing_new"
    assert [stream.entity for stream in report.streams if stream.counts.changed or stream.status != "ok"] == []


def test_on_hand_equals_tryton_s(whole: RealCompany, dumps: Path):
    truth = _csv(dumps / "tryton" / "tryton_on_hand_by_warehouse.csv")
    expected = {(row[0], row[3], row[1]): float(row[6]) for row in truth}
    found = {
        (day, product.removeprefix("erp:"), place.removeprefix("erp:")): float(quantity)
        for day in sorted({row[0] for row in truth})
        for product, place, quantity in whole.read(f"FROM core.on_hand_at(DATE '{day}')")
    }
    assert len(expected) == 560
    assert {key: found.get(key, 0.0) for key in expected} == expected
    assert {key: value for key, value in found.items() if key not in expected and value} == {}


def test_booked_equals_tryton_s_by_month_and_currency(whole: RealCompany, dumps: Path):
    truth = _csv(dumps / "tryton" / "tryton_revenue_by_month.csv")
    expected = {(row[0], row[1]): (int(row[2]), Decimal(row[3]), Decimal(row[4])) for row in truth}
    found = whole.read(
        "SELECT strftime(order_date, '%Y-%m'), currency, count(DISTINCT order_id), sum(amount), sum(amount_base)"
        " FROM core.sales_order_line WHERE status IN ('open', 'shipped', 'done') GROUP BY ALL"
    )
    assert {(month, currency): figures for month, currency, *figures in found} == {
        key: list(figures) for key, figures in expected.items()
    }
    assert len(expected) == 71
    assert sum(row[4] for row in found) == Decimal("1699568.70")


def test_lines_without_a_product_keep_their_money(whole: RealCompany):
    found = whole.read(
        "SELECT count(*), sum(amount_base) > 0 FROM core.sales_order_line"
        " WHERE product_id IS NULL AND status IN ('open', 'shipped', 'done')"
    )
    assert found == [(33, True)]


CANONICAL = {
    "opp:PROSPECTING": "qualified", "opp:QUALIFICATION": "qualified", "opp:PROPOSAL": "proposal",
    "opp:NEGOTIATION": "negotiation", "opp:CLOSED_WON": "won", "opp:CLOSED_LOST": "lost",
    "case:New": "open", "case:Assigned": "open", "case:Pending": "pending", "case:Closed": "closed",
}  # fmt: skip


def test_crm_counts(whole: RealCompany, dumps: Path):
    rows = [row for row in _csv(dumps / "bottlecrm" / "crm_counts.csv") if row[1] == DUMP_TENANT]
    accounts = {active == "t": int(count) for name, _, active, count in rows if name == "accounts"}
    contacts = sum(int(count) for name, _, _, count in rows if name == "contacts")
    stages, cases = Counter({"lead": 49, "lost": 11}), Counter()  # 11 of 60 leads are closed
    for name, _, _, count in rows:
        if name in CANONICAL:
            (stages if name.startswith("opp:") else cases)[CANONICAL[name]] += int(count)
    landed = "SELECT is_active, count(*) FROM landing.crm__account WHERE _deleted_at IS NULL GROUP BY 1"
    assert dict(whole.read_landing(landed)) == accounts == {True: 128, False: 3}
    assert whole.value("SELECT count(*) FROM core.customer_link WHERE source = 'crm'") == 131
    assert dict(whole.read("SELECT stage, count(*) FROM core.opportunity WHERE source = 'crm' GROUP BY 1")) == stages
    assert dict(whole.read("SELECT status, count(*) FROM core.ticket GROUP BY 1")) == cases
    assert whole.value("SELECT count(*) FROM core.contact") == contacts == 195


def test_links_of_the_two_systems_are_right(postgres, whole: RealCompany, whole_crm):
    """The CRM's own note of the ERP's customer number (15 accounts) is not read by the profile: it judges the links."""
    noted = postgres.sql(whole_crm, "SELECT id::text, 'erp:' || (custom_fields->>'erp_code') FROM accounts")
    links = dict(whole.read("SELECT source_id, customer_id FROM core.customer_link WHERE source = 'crm'"))
    judged = {account: code for account, code in noted if code is not None}
    linked = {account: links[account] for account in judged if not links[account].startswith("crm:")}
    assert len(judged) == 15
    assert linked == {account: judged[account] for account in linked}
    assert len(linked) >= 10
    assert sum(not customer.startswith("crm:") for customer in links.values()) >= 79


def test_sales_per_customer_join_both_systems(whole: RealCompany):
    """What a linked customer booked in the ERP and what the CRM knows of it stand on one row."""
    found = whole.read(
        "SELECT c.name, sum(l.amount_base), any_value(c.segment) FROM core.customer c"
        " JOIN core.sales_order_line l USING (customer_id) WHERE c.in_erp AND c.in_crm"
        " AND l.status IN ('open', 'shipped', 'done') GROUP BY c.customer_id, c.name ORDER BY 2 DESC"
    )
    assert len(found) > 50
    assert {segment for _, _, segment in found} <= {"A", "B", "C"}
    total = whole.value(
        "SELECT sum(amount_base) FROM core.sales_order_line WHERE status IN ('open', 'shipped', 'done')"
        " AND customer_id IN (SELECT customer_id FROM core.customer WHERE in_erp AND in_crm)"
    )
    assert sum(amount for _, amount, _ in found) == total


def test_changes_arrive(
    postgres, whole: RealCompany, whole_tryton, whole_crm, copy_of: Callable[[str], str], tmp_path: Path
):
    """Rows changed, added late with old timestamps, and deleted in copies of the whole databases."""
    tryton, bottle = copy_of(whole_tryton), copy_of(whole_crm)
    shutil.copytree(whole.config.path.parent, tmp_path / "copy")
    company = make_company(tmp_path / "copy", erp(postgres, tryton), crm(postgres, bottle, DUMP_TENANT))
    postgres.sql(
        tryton,
        "UPDATE sale_line SET unit_price = unit_price + 1, write_date = now() AT TIME ZONE 'UTC' WHERE id % 100 = 0",
        "INSERT INTO sale_line (id, sale, type, product, quantity, unit, unit_price, create_date)"
        " SELECT 90000 + id, sale, type, product, quantity, unit, unit_price, create_date - interval '1 day'"
        " FROM sale_line WHERE id % 50 = 1",
        "DELETE FROM stock_move WHERE state = 'draft' AND id % 5 = 0",
    )
    postgres.sql(
        bottle,
        """UPDATE "case" SET status = 'Closed', updated_at = now() WHERE status = 'Pending'""",
        "DELETE FROM opportunity_contacts",
        "DELETE FROM opportunity WHERE id IN (SELECT id FROM opportunity ORDER BY id LIMIT 5)",
    )
    changed = company.changes()
    assert changed["sales_order_line"][0] > 30 and changed["sales_order_line"][1] > 15
    assert changed["stock_move"][2] > 20
    assert changed["ticket"] == (0, 21, 0)
    assert changed["opportunity"] == (0, 0, 5)
    assert company.differences(postgres, tryton, "erp") == {}
    assert company.differences(postgres, bottle, "crm") == {}
    assert dict(company.read("SELECT status, count(*) FROM core.ticket GROUP BY 1")) == {"closed": 63, "open": 51}
    assert company.changes() == {}
