"""Rules judged on what changed alone, against the same rules judged on all rows."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import duckdb
import pytest

from data_access import demo
from data_access.config import Config, load_config
from data_access.sync import check, judging
from data_access.sync.check import all_rules, count_all
from data_access.sync.engine import Engine
from data_access.sync.lineage import MODELS
from data_access.sync.run import run_sync
from data_access.versions import read_pointer

RULES = {
    "plain": 'kind = "range"\ncolumn = "quantity"\nmin = 0',
    "correlated": 'kind = "not_null"\ncolumn = "line_id"\nwhere = "EXISTS (SELECT 1 FROM core.warehouse w WHERE '
    'w.warehouse_id = sales_order_line.warehouse_id)"',
    "fully_named": 'kind = "not_null"\ncolumn = "core.sales_order_line.line_id"',
    "of_all": 'kind = "not_null"\ncolumn = "line_id"\nwhere = \'quantity < (SELECT avg(quantity) FROM '
    'core."sales_order_line")\'',
    "by_day": 'kind = "sql"\nfile = "by_day.sql"',
}
BY_DAY = """-- partition: order_date
-- by: core.sales_order_line order_date
SELECT order_date FROM core.sales_order_line GROUP BY order_date HAVING count(*) > 100000"""


@pytest.fixture
def company(tmp_path: Path) -> Config:
    demo.make(tmp_path, lines=1_500, months=14, seed=3)
    head = 'title = "T"\ntable = "core.sales_order_line"\nseverity = "high"\n'
    text = "\n".join(f"[{name}]\n{rule}\n{head}" for name, rule in RULES.items())
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    (tmp_path / "by_day.sql").write_text(BY_DAY, encoding="utf-8")
    with open(tmp_path / "tandem.toml", "a", encoding="utf-8") as file:
        file.write('\n[quality]\nrules = "own.toml"\n')
    return load_config(tmp_path / "tandem.toml")


def test_however_a_rule_names_its_table(company: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, in_part = company.folder, set[str]()

    def listening(con, rule, *rest):
        found = judging.on_changes(con, rule, *rest)
        in_part.update([rule.name] if found else [])
        return found

    monkeypatch.setattr(check, "on_changes", listening)
    for change in ("", "qty = 900000 WHERE lno IN (SELECT min(lno) FROM so_l)", "qty = 1 WHERE lno % 5 = 0"):
        if change:
            with sqlite3.connect(folder / "erp.db") as erp:
                erp.execute(f"UPDATE so_l SET chg = NULL, {change}")
        report = run_sync(company)
        assert (report.status, report.errors) == ("published", [])
        version = read_pointer(company.warehouse.path)
        with duckdb.connect(str(company.warehouse.path / f"wh-{version}.duckdb"), read_only=True) as con:
            query = "SELECT rule, rows_checked, rows_failed FROM ops.quality_result WHERE rule IN (SELECT unnest(?))"
            told = {rule: (rows, failed) for rule, rows, failed in con.execute(query, [list(RULES)]).fetchall()}
            rules = all_rules(MODELS, company.quality)
            for name in RULES:
                counted = count_all(con, rules[name])
                assert told[name] == (counted.checked, counted.failed), name
    assert {"plain", "correlated"} <= in_part and "of_all" not in in_part


def test_unknown_references_beyond_those_that_are_told_of(tmp_path: Path) -> None:
    """A thousand are told of; of others only a look at all rows knows."""
    demo.make(tmp_path, lines=2_000, months=14, seed=3)
    config = load_config(tmp_path / "tandem.toml")

    def told(*changes: str) -> int:
        with sqlite3.connect(tmp_path / "erp.db") as erp:
            for change in changes:
                erp.execute(f"UPDATE so_l SET chg = NULL, {change}")
        assert run_sync(config).errors == []
        engine = Engine(config)
        try:
            query = "SELECT count(*) FROM work.build.staging_finding WHERE reason LIKE 'warehouse_id: %'"
            return int(engine.con.execute(f"{query} AND entity = 'sales_order_line'").fetchall()[0][0])
        finally:
            engine.close()

    lines = "(SELECT lno FROM so_l ORDER BY lno LIMIT {})"
    assert told(f"wno = 98 WHERE lno IN {lines.format(1200)}") == 1000
    assert told(f"wno = (SELECT min(wno) FROM whs) WHERE lno IN {lines.format(60)}") == 1000
    assert told(f"wno = (SELECT min(wno) FROM whs) WHERE lno IN {lines.format(1100)}") == 100
    assert told(f"wno = (SELECT min(wno) FROM whs) WHERE lno IN {lines.format(1150)}") == 50
