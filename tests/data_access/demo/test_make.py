"""The demo company as it is made: the same for the same seed, consistent, with its faults in the truth."""

import hashlib
import re
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from data_access import demo
from data_access.config import load_config
from data_access.connectors.profile import load_profile
from data_access.errors import ConfigError
from tests.data_access.demo.demo_company import LINES, TODAY, Company
from tests.data_access.demo.demo_invariants import broken


def content(path: Path) -> str:
    """Hash of every row of a SQLite database."""
    with sqlite3.connect(path) as connection:
        text = "\n".join(line for line in connection.iterdump())
    connection.close()
    return hashlib.blake2b(text.encode()).hexdigest()


def one(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])


def test_same_seed_same_company(made: Path, tmp_path: Path) -> None:
    again = demo.make(tmp_path / "again", lines=LINES, seed=11, today=TODAY).directory
    other = demo.make(tmp_path / "other", lines=LINES, seed=12, today=TODAY).directory
    for name in ("erp.db", "crm.db"):
        assert content(made / name) == content(again / name)
        assert content(made / name) != content(other / name)
    for name in ("truth.json", "targets.csv", "tandem.toml"):
        assert (made / name).read_text("utf-8") == (again / name).read_text("utf-8")


def test_everything_adds_up(company: Company) -> None:
    assert broken(company.erp) == {}


def test_the_invariants_can_fail(made: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes((made / "erp.db").read_bytes())
    with sqlite3.connect(damaged) as erp:
        erp.execute("UPDATE stk SET qty = qty + 1 WHERE ino = 1 AND wno = 1")
        erp.execute("DELETE FROM pay WHERE payno = (SELECT max(payno) FROM pay)")
        assert broken(erp) == {"balance is not the sum of its moves": 1, "payments are not what is settled": 1}
    erp.close()


def test_history_ends_yesterday(company: Company) -> None:
    day = one(company.erp, f"SELECT count(*) FROM so_h WHERE odat >= '{TODAY}'")
    moved = one(company.erp, f"SELECT count(*) FROM mv WHERE st = 'D' AND mdat >= '{TODAY}'")
    first = company.erp.execute("SELECT min(odat) FROM so_h").fetchone()[0]
    assert (day, moved) == (0, 0)
    assert date.fromisoformat(first) <= TODAY - timedelta(days=35 * 30)


def test_won_deals_became_orders(company: Company) -> None:
    won = {
        row[0]
        for row in company.crm.execute("SELECT opportunity_id FROM crm_opportunity WHERE sales_stage = 'Closed Won'")
    }
    orders = {row[0] for row in company.erp.execute("SELECT so_no FROM so_h")}
    assert won and set(company.truth["opportunity_order"]) == won
    assert set(company.truth["opportunity_order"].values()) <= orders
    named = {row[0]: row[1] for row in company.erp.execute("SELECT so_no, oppref FROM so_h WHERE oppref IS NOT NULL")}
    assert 0 < len(named) < len(won), "only some orders name their deal"
    truly = {order: deal for order, deal in named.items() if deal in won}
    assert all(company.truth["opportunity_order"][deal] == order for order, deal in truly.items())
    lost = {
        row[0]
        for row in company.crm.execute("SELECT opportunity_id FROM crm_opportunity WHERE sales_stage = 'Closed Lost'")
    }
    assert 0 < len(named) - len(truly) < 9, "a few orders name a deal the CRM calls lost"
    assert set(named.values()) - won <= lost


def test_late_deliveries_raise_tickets(company: Company) -> None:
    account = company.truth["customer_account"]
    late = company.erp.execute(
        "SELECT so_no, cno, max(julianday(mdat) - julianday(pdat)) FROM so_h JOIN so_l USING (sno) JOIN mv USING (lno)"
        " WHERE mv.st = 'D' AND mv.typ = 'SHP' AND typ_is_order GROUP BY so_no, cno".replace(
            "typ_is_order", "so_h.typ = 'SO'"
        )
    ).fetchall()
    expected = {number for number, customer, days in late if days >= 5 and str(customer) in account}
    tickets = {
        row[0] for row in company.crm.execute("SELECT order_reference FROM crm_case WHERE subject = 'Late delivery'")
    }
    assert len(expected) > 20
    assert expected <= tickets
    assert tickets == set(company.truth["late_orders_with_ticket"])


def test_customers_are_spelled_differently(company: Company) -> None:
    names = dict(company.erp.execute("SELECT CAST(cno AS TEXT), nam FROM cust"))
    accounts = dict(company.crm.execute("SELECT account_id, account_name FROM crm_account"))
    linked = company.truth["customer_account"]
    same = sum(names[number] == accounts[account] for number, account in linked.items())
    assert 0.05 < same / len(linked) < 0.6
    assert any(re.search(r"[\u4e00-\u9fff]", accounts[account]) for account in linked.values())
    assert set(company.truth["erp_only"]).isdisjoint(linked) and company.truth["erp_only"]
    assert set(company.truth["crm_only"]).isdisjoint(linked.values()) and company.truth["crm_only"]
    assert {*linked, *company.truth["erp_only"]} == set(names)
    doubles = company.truth["customer_double"]
    assert len(doubles) == 16 and set(doubles) <= set(names)


def test_tax_ids_are_missing_and_written_differently(company: Company) -> None:
    for connection, query in (
        (company.erp, "SELECT taxno FROM cust"),
        (company.crm, "SELECT tax_identifier FROM crm_account"),
    ):
        values = [row[0] for row in connection.execute(query)]
        assert 0.18 < sum(value is None for value in values) / len(values) < 0.32
        assert any(value and " " in value.strip() for value in values)
        assert any(value and "-" in value for value in values)


def test_faults_are_in_the_truth(company: Company) -> None:
    erp, crm, truth = company.erp, company.crm, company.truth
    unknown = crm.execute("SELECT DISTINCT product_code FROM crm_opportunity_product").fetchall()
    codes = {row[0] for row in erp.execute("SELECT code FROM item")}
    assert sorted({row[0] for row in unknown} - codes) == truth["unknown_skus"] != []
    missing = erp.execute("SELECT DISTINCT ino FROM so_l WHERE ino NOT IN (SELECT ino FROM item)").fetchall()
    assert sorted(row[0] for row in missing) == truth["unknown_items"] != []
    orders = erp.execute("SELECT so_no FROM so_h WHERE cur IS NULL").fetchall()
    assert sorted(row[0] for row in orders) == sorted(truth["orders_without_currency"]) != []
    assert one(erp, "SELECT count(*) FROM mv WHERE chg IS NULL") == truth["stamps_missing"]["mv"] > 0
    assert one(crm, "SELECT sum(deleted) FROM crm_opportunity") == truth["deleted_flag"]["crm_opportunity"] > 0
    assert one(erp, "SELECT max(sno) - min(sno) + 1 - count(*) FROM so_h") > 0, "deleted orders leave gaps"
    late = "SELECT count(*) FROM (SELECT chg, max(chg) OVER (ORDER BY mno ROWS UNBOUNDED PRECEDING) AS newest FROM mv)"
    assert one(erp, f"{late} WHERE chg < datetime(newest, '-1 day')") > 0, "some rows are stamped too old"


def test_planned_shortages_are_there(company: Company) -> None:
    """At the expected pace each item is used up before the next receipt, which is dated after today."""
    for shortage in company.truth["stock_outs"]:
        rows = company.erp.execute(
            "SELECT min(d) FROM (SELECT edat AS d, ino, st FROM po_l UNION ALL SELECT ddat, ino, st FROM wo)"
            " JOIN item USING (ino) WHERE code = ? AND st IN ('O', 'P', 'L', 'R')",
            (shortage["sku"],),
        ).fetchone()
        assert rows[0] is not None and rows[0] >= shortage["next_receipt"] > shortage["planned_run_out"]


def test_bills_of_material_are_four_deep(company: Company) -> None:
    step = "SELECT comp, n + 1 FROM bom JOIN t USING (ino) WHERE n < 9"
    depth = f"WITH RECURSIVE t(ino, n) AS (SELECT DISTINCT ino, 0 FROM bom UNION {step})"
    assert one(company.erp, f"{depth} SELECT max(n) FROM t") == 4


def test_money_and_quantities_are_whole_numbers(company: Company) -> None:
    for table, column in (
        ("so_l", "prc_m"),
        ("so_l", "amt_m"),
        ("mv", "qty"),
        ("item", "cost_f"),
        ("inv", "opn_m"),
        ("stk", "qty"),
    ):
        assert (
            one(
                company.erp,
                f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL AND typeof({column}) <> 'integer'",
            )
            == 0
        )
    texts = "SELECT count(*) FROM crm_opportunity WHERE typeof(estimated_value) <> 'text'"
    assert one(company.crm, texts) == 0


def test_configuration_and_profiles_fit(made: Path) -> None:
    config = load_config(made / "tandem.toml")
    assert [source.system for source in config.sources] == ["demo_erp", "demo_crm"]
    assert config.is_demo and config.company.targets == made.resolve() / "targets.csv"
    for source in config.sources:
        assert source.url is not None and source.system is not None
        from data_access.connectors.sql import SqlConnector

        connector = SqlConnector(load_profile(source.system), source.url.reveal())
        assert connector.verify() == []
        connector.close()


def test_targets_reach_a_year_ahead(made: Path) -> None:
    rows = [line.split(",") for line in (made / "targets.csv").read_text("utf-8").splitlines()[1:]]
    months = {metric: {month for m, month, _ in rows if m == metric} for metric, _, _ in rows}
    assert set(months) == {"revenue", "booked", "gross_margin", "on_time", "pipeline_weighted"}
    assert {"2026-11-01", "2026-12-01", "2027-09-01"} <= months["revenue"]


def test_urls_of_servers_stay_out_of_the_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    paths = demo.make(tmp_path / "demo", lines=600, months=14, seed=3, today=TODAY, erp_url=url)
    text = paths.config.read_text("utf-8")
    assert "elsewhere" not in text and "${TANDEM_DEMO_ERP_URL}" in text
    assert (tmp_path / "elsewhere.db").exists() and not (tmp_path / "demo" / "erp.db").exists()


def test_too_small_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="500 lines"):
        demo.make(tmp_path, lines=10)


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    demo.make(tmp_path, lines=600, months=14, seed=3, today=TODAY, on_progress=lambda *step: told.append(step))
    assert told[0] == ("company", 0, 3) and told[-1] == ("company", 3, 3)
    assert [step for step in told if step[0] == "tables"][-1][1:] == (32, 32)


def test_campaigns_run_and_are_planned_for_what_is_short(company: Company) -> None:
    statuses = dict(company.crm.execute("SELECT campaign_status, count(*) FROM crm_campaign GROUP BY 1"))
    assert statuses.keys() == {"Completed", "Running", "Planned"} and statuses["Planned"] >= 3
    wrong = one(
        company.crm,
        f"SELECT count(*) FROM crm_campaign WHERE campaign_status <> CASE WHEN end_date < '{TODAY}' THEN 'Completed'"
        f" WHEN start_date <= '{TODAY}' THEN 'Running' ELSE 'Planned' END",
    )
    sold = {
        row[0]
        for row in company.crm.execute(
            "SELECT product_code FROM crm_campaign_product JOIN crm_campaign USING (campaign_id)"
            " WHERE campaign_status IN ('Running', 'Planned')"
        )
    }
    assert wrong == 0
    assert len(sold & {shortage["sku"] for shortage in company.truth["stock_outs"]}) >= 2
    assert sold <= {row[0] for row in company.erp.execute("SELECT code FROM item")}


def test_some_stock_is_old(company: Company) -> None:
    """Items nobody received for half a year, with stock that lasts far longer still."""
    since = TODAY - timedelta(days=180)
    old = company.erp.execute(
        "SELECT count(*) FROM (SELECT ino, sum(qty) AS q FROM stk GROUP BY ino HAVING q > 0) s WHERE s.q > coalesce(("
        " SELECT sum(qty) FROM mv WHERE mv.ino = s.ino AND st = 'D' AND wfrom IS NULL AND mdat >= ?), 0)",
        (since.isoformat(),),
    ).fetchone()[0]
    assert old >= 12
