"""What happens in a source after the first sync arrives with the next one, whatever its timestamps say."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from tests.real.company import RealCompany, make_company
from tests.real.conftest import crm, erp
from tests.real.servers import Postgres

pytestmark = pytest.mark.real


@dataclass
class Live:
    """A company over a database of its own, synced once before the test."""

    server: Postgres
    database: str
    company: RealCompany

    def sql(self, *statements: str) -> None:
        self.server.sql(self.database, *statements)

    def differences(self) -> dict[str, tuple[object, ...]]:
        """The source against landing, both ways."""
        return self.company.differences(self.server, self.database, self.company.config.sources[0].name)


@pytest.fixture(scope="module")
def synced(postgres, small_tryton, small_crm, tmp_path_factory) -> dict[str, Path]:
    """Folders of the ERP's and the CRM's company after their first sync."""
    folders = {"erp": tmp_path_factory.mktemp("erp"), "crm": tmp_path_factory.mktemp("crm")}
    for source in (erp(postgres, small_tryton), crm(postgres, small_crm)):
        assert make_company(folders[source["name"]], source).sync().status == "published"
    return folders


@pytest.fixture
def shop(postgres, small_tryton, synced, copy_of: Callable[[str], str], tmp_path: Path) -> Live:
    shutil.copytree(synced["erp"], tmp_path / "shop")
    database = copy_of(small_tryton)
    return Live(postgres, database, make_company(tmp_path / "shop", erp(postgres, database)))


@pytest.fixture
def desk(postgres, small_crm, synced, copy_of: Callable[[str], str], tmp_path: Path) -> Live:
    shutil.copytree(synced["crm"], tmp_path / "desk")
    database = copy_of(small_crm)
    return Live(postgres, database, make_company(tmp_path / "desk", crm(postgres, database)))


def test_second_sync_changes_nothing(shop, desk):
    for live in (shop, desk):
        assert live.company.sync().status == "nothing_new"
        assert live.differences() == {}


def test_an_update_and_an_insert(shop):
    shop.sql(
        "UPDATE sale_line SET quantity = 3, write_date = now() AT TIME ZONE 'UTC' WHERE id = 5",
        "INSERT INTO sale_line (id, sale, product, quantity, unit, unit_price, create_date)"
        " VALUES (30, 1, 3, 1, 4, 0.6, now() AT TIME ZONE 'UTC')",
    )
    assert shop.company.changes() == {"sales_order_line": (1, 1, 0)}
    booked = "SELECT sum(amount_base) FROM core.sales_order_line WHERE order_no = '1'"
    assert shop.company.value(booked) == Decimal("282.26")
    assert shop.differences() == {}


def test_rows_that_no_cursor_would_find(shop):
    """No timestamp at all, one long in the past, and one changed back in time."""
    shop.sql(
        "INSERT INTO sale_line (id, sale, quantity, unit_price, create_date) VALUES (31, 1, 1, 1, NULL)",
        "INSERT INTO sale_line (id, sale, quantity, unit_price, create_date) VALUES (32, 1, 1, 2, '2025-01-02')",
        "UPDATE sale_line SET unit_price = 5, write_date = '2025-01-03' WHERE id = 5",
    )
    assert shop.company.changes() == {"sales_order_line": (2, 1, 0)}
    assert shop.company.changes() == {}
    shop.sql("UPDATE sale_line SET unit_price = 7 WHERE id = 31")
    assert shop.company.changes() == {"sales_order_line": (0, 1, 0)}
    assert shop.differences() == {}


def test_a_commit_that_lands_late(shop):
    """Tryton stamps rows when the transaction starts; this one ends after the sync that should have seen it."""
    with psycopg.connect(shop.server.address(shop.database, "postgres")) as late:
        late.execute(
            "INSERT INTO sale_line (id, sale, quantity, unit_price, create_date)"
            " VALUES (33, 1, 1, 9, now() AT TIME ZONE 'UTC' - interval '51 s')"
        )
        late.execute("DELETE FROM sale_line WHERE id = 2")
        assert shop.company.changes() == {}
        late.commit()
    assert shop.company.changes() == {"sales_order_line": (1, 0, 1)}
    assert shop.differences() == {}


def test_physical_deletes(shop, desk):
    shop.sql("DELETE FROM sale_line WHERE sale = 3", "DELETE FROM sale_sale WHERE id = 3")
    assert shop.company.changes() == {"sales_order": (0, 0, 1), "sales_order_line": (0, 0, 2)}
    assert shop.company.value("SELECT count(*) FROM core.sales_order_line WHERE currency = 'JPY'") == 0
    assert shop.differences() == {}
    desk.sql("""DELETE FROM "case" WHERE name = 'Wait'""")
    assert desk.company.changes() == {"ticket": (0, 0, 1)}
    assert desk.company.value("SELECT count(*) FROM core.ticket") == 2
    assert desk.differences() == {}


def test_a_row_put_away_and_one_that_comes_back(shop, desk):
    shop.sql("CREATE TABLE kept AS SELECT * FROM sale_line WHERE id = 1", "DELETE FROM sale_line WHERE id = 1")
    assert shop.company.changes() == {"sales_order_line": (0, 0, 1)}
    shop.sql("INSERT INTO sale_line SELECT * FROM kept")
    shop.company.changes()
    amount = "SELECT amount_base FROM core.sales_order_line WHERE line_id = 'erp:1'"
    assert shop.company.value(amount) == Decimal("200.01")
    assert shop.differences() == {}
    desk.sql("UPDATE contacts SET is_active = false, updated_at = now() WHERE first_name = 'Jörg'")
    desk.company.changes()
    assert desk.company.read("SELECT name FROM core.contact") == [("芳",)]


def test_changes_the_parent_or_the_tree_does_not_show(shop):
    """A template's name is part of the product; the tree of places is renumbered without a timestamp."""
    shop.sql(
        "UPDATE product_template SET name = 'City bike II', write_date = now() AT TIME ZONE 'UTC' WHERE id = 1",
        'UPDATE stock_location SET "left" = 30, "right" = 31 WHERE id = 12',
    )
    assert shop.company.changes() == {"product": (0, 1, 0), "location": (0, 1, 0)}
    assert shop.company.value("SELECT name FROM core.product WHERE sku = 'BK-1'") == "City bike II"
    # The thousand bolts on the shelf are no longer in the warehouse, nor are the 36 that went from there to its output.
    on_hand = "SELECT quantity FROM core.on_hand_at(DATE '2025-06-30') WHERE product_id = 'erp:3'"
    assert shop.company.value(f"{on_hand} AND warehouse_id = 'erp:4'") == -164


def test_a_status_nobody_mapped_is_told(shop):
    shop.sql("UPDATE sale_sale SET state = 'frozen', write_date = now() AT TIME ZONE 'UTC' WHERE id = 2")
    shop.company.changes()
    assert shop.company.read("SELECT DISTINCT status FROM core.sales_order_line WHERE order_no = '2'") == [(None,)]
    told = shop.company.read(
        """SELECT sample, rows_failed FROM ops.quality_result WHERE rule = 'mapping of sales_order_line.status'"""
    )
    assert told == [('[{"id": "frozen", "why": "2 rows"}]', 2)]


def test_an_empty_answer_is_an_outage(desk):
    """A tenant that no longer shows anything: those streams fail by name and nothing is deleted."""
    desk.sql("ALTER POLICY org_isolation ON accounts USING (false)")
    report = desk.company.sync()
    failed = [stream.entity for stream in report.streams if stream.status != "ok"]
    assert (report.exit_code, failed) == (1, ["account", "account_contact"])
    assert "answered no rows where 3 were" in " ".join(report.errors)
    assert len(desk.company.landed("crm", "account")) == 3


def test_many_deletes_stop_and_ask(shop):
    shop.sql("DELETE FROM sale_line WHERE id < 9")
    report = shop.company.sync()
    assert report.exit_code == 1 and "would delete 8 of 15 rows" in " ".join(report.errors)
    assert shop.company.value("SELECT count(*) FROM core.sales_order_line WHERE order_no = '1'") == 4
    assert shop.company.changes(accept_deletes=True) == {"sales_order_line": (0, 0, 8)}
    assert shop.differences() == {}
