"""Reconciliation against the source itself: what changes behind the cursor's back is found, by day and by key."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from data_access.errors import GuardError
from data_access.sync.land import Landing
from data_access.sync.pull import pull_again, reconcile_now
from data_access.sync.reconcile import Outcome
from data_access.sync.reconcile import compare as compare_stream
from data_access.sync.target import Target
from tests.data_access.sync.shop import NEW

DAYS = (
    "SELECT day, missing, extra, different, found FROM reconciled_day WHERE entity = 'line' AND NOT agrees ORDER BY day"
)


def found(shop):
    """Day -> the keys the comparison found."""
    return {
        day: {verdict: keys for verdict, keys in json.loads(keys).items() if keys}
        for day, *_, keys in shop.landed(DAYS)
    }


def compare(shop):
    (outcome,) = shop.with_engine(lambda engine: reconcile_now(engine, "erp", "line"))
    return outcome


def truth(shop):
    """Day -> (rows, sum) as the source's database says it."""
    rows = shop.sql("SELECT due, amount FROM sale_line")
    days = {day for day, _ in rows}
    return {
        date.fromisoformat(day): (
            sum(due == day for due, _ in rows), sum(Decimal(str(amount)) for due, amount in rows if due == day)
        )
        for day in days
    }  # fmt: skip


def test_days_of_an_untouched_source_agree_and_are_the_sources_own(shop):
    shop.sync()
    assert shop.read("SELECT entity, status, days, agreed FROM ops.reconciled ORDER BY 1") == [
        ("line", "agrees", 6, 6),
        ("sale", "agrees", 6, 6),
    ]
    told = shop.read(
        "SELECT day, source_count, source_sum, warehouse_count, warehouse_sum FROM ops.reconciliation "
        "WHERE kind = 'day' AND entity = 'line'"
    )
    assert {day: (rows, total) for day, rows, total, _, _ in told} == truth(shop)
    assert {day: (rows, total) for day, _, _, rows, total in told} == truth(shop)


def test_rows_deleted_added_and_drifted_behind_the_cursor_are_found_by_key(shop):
    shop.sync()
    shop.sql("DELETE FROM sale_line WHERE sale = '2' AND pos = 1")  # 3 January
    shop.line(1, 3, "1", "5.00", "2026-01-02")  # an old stamp: below the cursor
    shop.sql("UPDATE sale_line SET amount = amount + 0.01 WHERE sale = '6' AND pos = 2")  # 1 January
    shop.sql("UPDATE sale_line SET due = '2026-01-06' WHERE sale = '3' AND pos = 1")  # from 4 to 6 January
    outcome = compare(shop)
    assert (outcome.status, outcome.days, outcome.agreed) == ("differs", 6, 1)
    assert found(shop) == {
        date(2026, 1, 1): {"different": ["6|2"]},
        date(2026, 1, 2): {"missing": ["1|3"]},
        date(2026, 1, 3): {"extra": ["2|1"]},
        date(2026, 1, 4): {"different": ["3|1"]},
        date(2026, 1, 6): {"different": ["3|1"]},
    }
    counts = "SELECT day, source_count, source_sum, warehouse_count - source_count, warehouse_sum - source_sum"
    told = shop.landed(f"{counts} FROM reconciled_day WHERE entity = 'line' AND NOT agrees")
    assert {day: (rows, total) for day, rows, total, _, _ in told} == {
        day: value for day, value in truth(shop).items() if day != date(2026, 1, 5)
    }
    assert {day.day: (rows, float(total)) for day, _, _, rows, total in told} == {
        1: (0, -0.01), 2: (-1, -5.0), 3: (1, 10.1), 4: (1, 10.1), 6: (-1, -10.1),
    }  # fmt: skip


def test_pull_again_takes_them_and_all_days_agree(shop):
    shop.sync()
    shop.sql("DELETE FROM sale_line WHERE sale = '2' AND pos = 1")
    shop.line(1, 3, "1", "5.00", "2026-01-02")
    shop.sql("UPDATE sale_line SET amount = 99.99 WHERE sale = '6' AND pos = 2")
    pulled = shop.with_engine(lambda engine: pull_again(engine, "erp", "line"))
    assert (pulled.tried, pulled.taken, pulled.gone, pulled.left) == (3, 2, 1, 0)
    assert found(shop) == {}
    shop.sync()
    landed = {line: amount for line, amount in shop.read("SELECT line_id, amount FROM core.line")}
    expected = shop.sql("SELECT sale || '/' || pos, amount FROM sale_line")
    assert landed == {line: Decimal(str(amount)) for line, amount in expected}


def test_only_the_keys_asked_for_are_pulled(shop):
    shop.sync()
    shop.sql("UPDATE sale_line SET amount = 1 WHERE sale IN ('6', '7') AND pos = 2")
    compare(shop)
    assert shop.with_engine(lambda engine: pull_again(engine, "erp", "line", ["6|2"])).taken == 1
    assert found(shop) == {date(2026, 1, 2): {"different": ["7|2"]}}


def test_pulling_does_not_empty_a_stream(shop):
    shop.sync()
    shop.sql("DELETE FROM sale_line WHERE pos = 2")
    with pytest.raises(GuardError, match="would delete 12 of 24 rows"):
        shop.with_engine(lambda engine: pull_again(engine, "erp", "line"))


def test_what_changed_after_the_bound_is_nobodys_fault(shop):
    shop.sync()
    ahead = "2099-01-01 00:00:00"
    shop.sql(f"UPDATE sale_line SET amount = 77, changed = '{ahead}' WHERE sale = '6' AND pos = 2")
    shop.sql(f"UPDATE sale_line SET due = '2026-01-05', changed = '{ahead}' WHERE sale = '3' AND pos = 1")
    shop.line(1, 3, "1", "5.00", "2026-01-02", ahead)
    assert compare(shop) == Outcome("erp", "line", "agrees", "", 6, 6)


def test_rows_that_were_rejected_are_missing(shop):
    shop.sql(f"UPDATE sale_line SET amount = 'ten', changed = '{NEW}' WHERE sale = '4' AND pos = 1")
    shop.sync()
    assert found(shop) == {date(2026, 1, 5): {"missing": ["4|1"]}}


def test_comparisons_come_once_in_their_interval(shop):
    shop.sync()
    shop.sql("UPDATE sale_line SET amount = 1 WHERE sale = '6' AND pos = 2")
    shop.ahead = timedelta(hours=2)
    assert shop.sync().status == "nothing_new" and found(shop) == {}
    shop.ahead = timedelta(hours=25)
    assert shop.sync().status == "published"  # a day that does not agree is news
    assert list(found(shop)) == [date(2026, 1, 1)]
    shop.change_config('[quality]\nreconcile_every = "1h"\n')
    shop.sql("UPDATE sale_line SET amount = 1 WHERE sale = '7' AND pos = 2")
    shop.ahead = timedelta(hours=27)
    shop.sync()
    assert list(found(shop)) == [date(2026, 1, 1), date(2026, 1, 2)]


def test_a_source_that_cannot_count_its_days_says_so(shop):
    shop.sync()

    def work(engine):
        landing = Landing(engine.con.cursor(), engine.lock, 0)
        target = Target("erp", "line", engine.sources[0].profile.stream["line"])
        return compare_stream(object(), landing, target, engine.options.clock())

    outcome = shop.with_engine(work)
    assert (outcome.status, outcome.days) == ("unsupported", 0) and "cannot count" in outcome.detail
    assert shop.landed("SELECT status FROM reconciled WHERE entity = 'line'") == [("unsupported",)]
