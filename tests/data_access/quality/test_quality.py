"""Data quality of the demo company: what the panels say against the two source databases themselves."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from data_access import demo, quality
from data_access.access import Scope
from data_access.config import load_config
from data_access.errors import Forbidden
from data_access.panels import PANELS, check_filters, read_panel
from data_access.rules import WEIGHTS
from data_access.sync.engine import Engine
from data_access.sync.lock import one_writer
from data_access.sync.replay import compare_now, pull_found
from data_access.sync.run import run_sync
from data_access.sync.runs import Ledger
from data_access.warehouse import Reader

MINE = [name for name, panel in PANELS.items() if panel.page == "quality"]


@dataclass
class Company:
    folder: Path
    reader: Reader

    def rows(self, panel: str, **filters: str) -> list[dict[str, Any]]:
        spec = PANELS[panel]
        return read_panel(spec, self.reader.pinned(), filters=check_filters(spec, filters)).frame.to_dict("records")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("quality")
    demo.make(folder, lines=1500, seed=5)
    assert run_sync(load_config(folder / "tandem.toml")).status == "published"
    reader = Reader(folder / "warehouse")
    reader.refresh()
    return Company(folder, reader)


def ask(folder: Path, name: str, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(folder / f"{name}.db") as db:
        return db.execute(sql).fetchall()


@pytest.mark.parametrize("name", MINE)
def test_every_panel_answers_with_age_and_sources(company: Company, name: str) -> None:
    spec = PANELS[name]
    result = read_panel(spec, company.reader.pinned(), filters=check_filters(spec, {}))
    assert result.sources == ("crm", "erp") and result.etag
    with pytest.raises(Forbidden):
        read_panel(spec, company.reader.pinned(), Scope(frozenset({"somebody"})), check_filters(spec, {}))


def test_unknown_products_of_deals_are_grouped_as_the_databases_say(company: Company) -> None:
    codes = {code for (code,) in ask(company.folder, "erp", "SELECT code FROM item")}
    lines = ask(company.folder, "crm", "SELECT product_code FROM crm_opportunity_product WHERE deleted = 0")
    unknown = Counter(code for (code,) in lines if code is not None and code not in codes)
    told = {
        row["cause"]: row["rows"]
        for row in company.rows("rejected_groups", entity="opportunity_line")
        if row["stage"] == "reference"
    }
    assert unknown and told == {f"sku: product {code} is unknown": rows for code, rows in unknown.items()}
    single = company.rows("rejected_rows", entity="opportunity_line", source="crm")
    assert len(single) == sum(unknown.values())
    assert {json.loads(row["payload"])["sku"] for row in single} == unknown.keys()
    assert company.rows("rejected_rows", source="nobody") == []


def test_mapping_counts_are_the_databases_own(company: Company) -> None:
    states = dict(ask(company.folder, "erp", "SELECT st, count(*) FROM so_l GROUP BY st"))
    rows = company.rows("mapping", entity="sales_order_line")
    told = {row["source_value"]: row["rows"] for row in rows if row["kind"] == "value" and row["field"] == "status"}
    assert told == states
    (status,) = [row for row in rows if row["kind"] == "field" and row["field"] == "status"]
    assert (status["rows"], status["coverage"]) == (sum(states.values()), 1.0)
    ((with_deal,),) = ask(
        company.folder, "erp", "SELECT count(*) FROM so_l l JOIN so_h h ON h.sno = l.sno WHERE h.oppref IS NOT NULL"
    )
    (deal,) = [row for row in rows if row["kind"] == "field" and row["field"] == "opportunity_id"]
    assert deal["filled"] == with_deal and deal["fill_rate"] == pytest.approx(with_deal / sum(states.values()))


def test_rules_add_up_to_the_metric(company: Company) -> None:
    result = quality.rules(company.reader)
    rows = [row for row in result.frame.to_dict("records") if row["pass_rate"] == row["pass_rate"]]
    weight = sum(WEIGHTS[row["severity"]] for row in rows)
    mean = sum(WEIGHTS[row["severity"]] * row["pass_rate"] for row in rows) / weight
    assert result.notes["rules_pass"] == pytest.approx(mean) and 0.9 < mean <= 1
    assert len(result.frame) >= 60 and result.frame["rule"].is_unique
    assert not [row["rule"] for row in rows if row["error"]]
    trend = quality.rules_trend(company.reader).frame.to_dict("records")
    assert [row["pass_rate"] for row in trend if row["severity"] == "all"] == [pytest.approx(mean)]


def test_the_rule_on_products_of_deals_counts_what_is_there(company: Company) -> None:
    codes = {code for (code,) in ask(company.folder, "erp", "SELECT code FROM item")}
    lines = ask(
        company.folder, "crm",
        "SELECT l.product_code FROM crm_opportunity_product l JOIN crm_opportunity o"
        " ON o.opportunity_id = l.opportunity_id WHERE l.deleted = 0 AND o.deleted = 0",
    )  # fmt: skip
    (rule,) = [row for row in company.rows("quality_rules") if row["rule"] == "deal_product"]
    failed = sum(code not in codes for (code,) in lines)
    assert (rule["rows_checked"], rule["rows_failed"]) == (len(lines), failed)


def test_an_untouched_company_is_complete(company: Company) -> None:
    feeds = company.rows("completeness")
    assert {row["status"] for row in feeds} == {"agrees"} and len(feeds) == 15
    assert company.rows("reconciliation") == []
    days = ask(company.folder, "erp", "SELECT count(DISTINCT coalesce(idat, '')) FROM inv")[0][0]
    (invoices,) = [row for row in feeds if row["entity"] == "invoice"]
    assert (invoices["days_compared"], invoices["days_agreed"]) == (days, days)


@pytest.fixture
def copy(company: Company, tmp_path: Path) -> Iterator[Callable[[Callable[[Engine], Any]], Any]]:
    """A copy of the company, to be changed behind the engine's back; gives what `work` answers on its engine."""
    shutil.copytree(company.folder, tmp_path / "copy")

    def work(action: Callable[[Engine], Any]) -> Any:
        config = load_config(tmp_path / "copy" / "tandem.toml")
        with one_writer(config.warehouse.path):
            engine = Engine(config)
            try:
                return action(engine)
            finally:
                engine.close()

    yield work


def test_what_was_done_behind_the_cursor_is_found_and_pulled(copy: Any, tmp_path: Path) -> None:
    """Rows deleted, added and changed in the demo databases without touching their change stamps."""
    folder = tmp_path / "copy"
    ((gone,),) = ask(folder, "erp", "SELECT lno FROM so_l WHERE rdat IS NOT NULL ORDER BY lno DESC LIMIT 1 OFFSET 40")
    ((drift, invoiced),) = ask(folder, "erp", "SELECT ivno, idat FROM inv WHERE idat IS NOT NULL ORDER BY ivno LIMIT 1")
    ((deal,),) = ask(folder, "crm", "SELECT opportunity_id FROM crm_opportunity ORDER BY opportunity_id LIMIT 1")
    columns = [name for _, name, *_ in ask(folder, "erp", "PRAGMA table_info(mv)")]
    with sqlite3.connect(folder / "erp.db") as db:
        db.execute("DELETE FROM so_l WHERE lno = ?", [gone])
        db.execute("UPDATE inv SET amt_m = amt_m + 1 WHERE ivno = ?", [drift])
        others = ", ".join(name for name in columns if name != "mno")
        db.execute(f"INSERT INTO mv (mno, {others}) SELECT 99999999, {others} FROM mv WHERE mdat IS NOT NULL LIMIT 1")
    with sqlite3.connect(folder / "crm.db") as db:
        value = "printf('%.2f', CAST(estimated_value AS REAL) + 0.01)"
        db.execute(f"UPDATE crm_opportunity SET estimated_value = {value} WHERE opportunity_id = ?", [deal])

    def found(engine: Engine) -> dict[str, Any]:
        for source in engine.sources:
            declared = [name for name, spec in source.profile.stream.items() if spec.reconcile]
            reports = compare_now(engine, source, declared, Ledger(engine.state))
            assert {report.status for report in reports} == {"ok"}
        query = "SELECT entity, found FROM landing.reconciled_day WHERE NOT agrees"
        return {
            entity: {verdict: keys for verdict, keys in json.loads(text).items() if keys}
            for entity, text in engine.con.execute(query).fetchall()
        }

    assert copy(found) == {
        "sales_order_line": {"extra": [str(gone)]},
        "invoice": {"different": [str(drift)]},
        "stock_move": {"missing": ["99999999"]},
        "opportunity": {"different": [str(deal)]},
    }

    def pull(engine: Engine) -> dict[str, Any]:
        for source, entity in (
            ("erp", "sales_order_line"), ("erp", "invoice"), ("erp", "stock_move"), ("crm", "opportunity"),
        ):  # fmt: skip
            opened = next(each for each in engine.sources if each.config.name == source)
            (report,) = pull_found(engine, opened, [entity], None, Ledger(engine.state))
            assert report.status == "ok" and report.counts.read + report.counts.deleted == 1
        return found(engine)

    assert copy(pull) == {}
    landed = copy(lambda engine: engine.con.execute(
        "SELECT sum(amt_m) FROM landing.erp__invoice WHERE idat = ? AND _deleted_at IS NULL", [invoiced]
    ).fetchone())  # fmt: skip
    assert landed == ask(folder, "erp", f"SELECT sum(amt_m) FROM inv WHERE idat = '{invoiced}'")[0]
