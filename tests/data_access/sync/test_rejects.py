"""Rows that wait: told with their reason, what the source sent and where it lies; resolved when their cause is gone."""

from __future__ import annotations

import json

import duckdb
import pytest

from data_access.metrics import metrics
from data_access.sqlfile import QUERIES
from data_access.sync import rejects
from data_access.sync.by_keys import fits, source_key, split_key
from data_access.sync.land import DUPLICATE, Counts
from data_access.sync.target import Target
from tests.data_access.sync.shop import NEW

OPEN = (
    "SELECT source, entity, stage, source_id, landed_key, reason FROM ops.rejected_row WHERE resolved_at IS NULL "
    "ORDER BY ALL"
)


def test_a_reference_that_arrives_later_resolves_its_row(shop):
    shop.sale(20, "2026-01-03", ("99", "500.00"))
    shop.sync()
    reason = "product_id: product 99 is unknown"
    assert shop.read(OPEN) == [("erp", "sales_order_line", "reference", "20/1", None, reason)]
    assert shop.read("SELECT product_id, amount FROM core.line WHERE line_id = '20/1'")[0][0] == "99"  # it counts
    ((payload, amount),) = shop.read("SELECT payload, amount_base FROM ops.rejected_row")
    assert json.loads(payload)["order_id"] == "20" and str(amount) == "500.00"
    shop.product(99, NEW)
    assert shop.sync().status == "published"
    assert shop.read(OPEN) == []
    assert shop.read("SELECT resolved_at > first_seen FROM ops.rejected_row") == [(True,)]


def test_a_line_without_its_sale_waits_and_is_served_once_it_comes(shop):
    shop.line(30, 1, "1", "7.00", "2026-01-05")
    shop.sync()
    assert shop.read(OPEN) == [("erp", "sales_order_line", "staging", "30|1", "30|1", "sale is missing")]
    assert shop.read("SELECT count(*) FROM core.line") == [(24,)]
    shop.sale(30, "2026-01-05", changed=NEW)
    shop.sync()
    assert shop.read(OPEN) == [] and shop.read("SELECT count(*) FROM core.line") == [(25,)]


def test_a_field_that_is_missing_names_the_landed_row(shop):
    shop.sql(f"UPDATE product SET name = NULL, changed = '{NEW}' WHERE id = '3'")
    shop.sync()
    waits = ("erp", "product", "staging", "3", "3", "name is missing")
    assert waits in shop.read(OPEN)
    references = [row for row in shop.read(OPEN) if row[2] == "reference"]
    expected = shop.sql("SELECT sale || '/' || pos FROM sale_line WHERE product = '3'")
    assert sorted(row[3] for row in references) == sorted(name for (name,) in expected)
    shop.sql("UPDATE product SET name = 'Back', changed = '2026-03-01 00:00:00' WHERE id = '3'")
    shop.sync()
    assert shop.read(OPEN) == []


def test_of_very_many_the_same_are_told_as_long_as_they_are_wrong(shop, monkeypatch):
    monkeypatch.setattr(rejects, "MOST_ROWS", 5)
    shop.sql(f"UPDATE sale_line SET product = 'gone', changed = '{NEW}'")
    shop.sync()
    waiting = [row for row in shop.read(OPEN) if row[2] == "reference"]
    assert len(waiting) == 5
    shop.sql("UPDATE sale_line SET amount = amount + 1, changed = '2026-03-01 00:00:00' WHERE pos = 1")
    shop.sync()
    assert [row for row in shop.read(OPEN) if row[2] == "reference"] == waiting
    assert shop.read("SELECT count(*) FROM ops.rejected_row WHERE resolved_at IS NOT NULL") == [(0,)]


def test_a_key_that_comes_to_be_there_twice_is_told(shop):
    shop.sync()
    ((amount,),) = shop.sql("SELECT amount FROM sale_line WHERE pos = 2 AND sale = '1'")
    shop.sql("UPDATE sale_line SET pos = 1 WHERE pos = 2 AND sale = '1'")  # no clock sees it
    shop.sync()
    assert [row[3:] for row in shop.read(OPEN)] == [("1|1", "1|1", DUPLICATE)]
    assert shop.sync().status == "nothing_new"
    shop.sql(f"UPDATE sale_line SET pos = 2, changed = '{NEW}' WHERE sale = '1' AND amount = {amount}")
    shop.sync()
    assert shop.read(OPEN) == []


def test_another_mapping_tries_rejected_rows_again(shop):
    shop.sql(f"UPDATE sale_line SET amount = 'ten', changed = '{NEW}' WHERE sale = '4' AND pos = 1")
    shop.sync()
    (row,) = shop.read(OPEN)
    assert row[:5] == ("erp", "line", "landing", "4|1", "4|1") and "ten is not decimal(18,2)" in row[5]
    shop.change_profile((
        'amount = "decimal(18,2)"',
        """amount = { type = "decimal(18,2)", from = "CASE amount WHEN 'ten' THEN 10 ELSE amount END" }""",
    ))  # fmt: skip
    shop.sync()
    assert shop.read(OPEN) == []
    assert shop.read("SELECT amount FROM core.line WHERE line_id = '4/1'")[0][0] == 10


def test_replay_takes_what_has_become_right_behind_the_cursors_back(shop):
    shop.sql(f"UPDATE sale_line SET amount = 'bad', changed = '{NEW}' WHERE sale IN ('4', '5') AND pos = 1")
    shop.sync()
    assert len(shop.read(OPEN)) == 2
    shop.sql("UPDATE sale_line SET amount = 11 WHERE sale = '4' AND pos = 1")
    (report,) = shop.replay()
    assert (report.entity, report.counts) == ("line", Counts(read=2, inserted=1, rejected=1))
    shop.sync()
    assert [row[3] for row in shop.read(OPEN)] == ["5|1"]
    assert shop.read("SELECT amount FROM core.line WHERE line_id = '4/1'")[0][0] == 11
    shop.sql("DELETE FROM sale_line WHERE sale = '5' AND pos = 1")
    (report,) = shop.replay("line")
    assert (report.status, report.counts) == ("ok", Counts())
    assert shop.landed("SELECT count(*) FROM rejected_row WHERE resolved_at IS NULL") == [(0,)]
    assert shop.replay() == []


@pytest.mark.parametrize(
    ("key", "values"), [("7|1", ("7", 1)), ("a\\|b|2", ("a|b", 2)), ("c\\\\|3", ("c\\", 3)), ("|4", ("", 4))]
)
def test_landed_keys_become_the_sources_values(shop, key, values):
    spec = shop.with_engine(lambda engine: engine.sources[0].profile.stream["line"])
    target = Target("erp", "line", spec)
    parts = split_key(key, 2)
    assert fits(target, parts) and source_key(target, parts) == values
    assert not fits(target, split_key(key + "|more", 2)) and not fits(target, split_key(key + "x", 2))


def test_a_row_held_back_for_two_reasons_is_one_row():
    rows = [("1", "product"), ("1", "unit"), ("2", "product"), ("", "id is missing"), ("", "id is missing, too")]
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA ops")
        con.execute(
            "CREATE TABLE ops.rejected_row (source VARCHAR, entity VARCHAR, source_id VARCHAR, payload VARCHAR,"
            " reason VARCHAR, first_seen TIMESTAMPTZ, resolved_at TIMESTAMPTZ)"
        )
        for source_id, reason in rows:
            told = ["erp", "line", source_id, source_id or reason, reason]
            con.execute("INSERT INTO ops.rejected_row VALUES (?, ?, ?, ?, ?, now(), NULL)", told)
        assert con.execute(metrics()["rejects"].sql).fetchall() == [("erp", "line", 4)]
        held = (QUERIES / "feeds" / "held.sql").read_text(encoding="utf-8")
        assert con.execute(held).fetchall()[0][:3] == ("erp", "line", 4)
