"""Reconciliation against the source itself: what changes behind the cursor's back is found, by day and by key."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from data_access.clock import utc_now
from data_access.connectors.sql import SqlConnector
from data_access.errors import SourceError
from data_access.state import State
from data_access.sync.land import Counts, Landing
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
    """(status, days compared, days that agree)."""
    assert shop.compare().status == "ok"
    (told,) = shop.landed("SELECT status, days, agreed FROM reconciled WHERE entity = 'line'")
    return told


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
    assert compare(shop) == ("differs", 6, 1)
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
    pulled = shop.pull()
    assert (pulled.status, pulled.counts) == ("ok", Counts(read=2, inserted=1, updated=1, deleted=1))
    assert found(shop) == {}
    shop.sync()
    landed = {line: amount for line, amount in shop.read("SELECT line_id, amount FROM core.line")}
    expected = shop.sql("SELECT sale || '/' || pos, amount FROM sale_line")
    assert landed == {line: Decimal(str(amount)) for line, amount in expected}


def test_only_the_keys_asked_for_are_pulled(shop):
    shop.sync()
    shop.sql("UPDATE sale_line SET amount = 1 WHERE sale IN ('6', '7') AND pos = 2")
    compare(shop)
    assert shop.pull("6|2").counts == Counts(read=1, updated=1)
    assert found(shop) == {date(2026, 1, 2): {"different": ["7|2"]}}


def test_pulling_does_not_empty_a_stream(shop):
    shop.sync()
    shop.sql("DELETE FROM sale_line WHERE pos = 2")
    report = shop.pull()
    assert (report.status, report.cause) == ("failed", "guard") and "would delete 12 of 24 rows" in report.error
    assert shop.landed("SELECT count(*) FROM erp__line WHERE _deleted_at IS NULL") == [(24,)]


def test_what_changed_after_the_bound_is_nobodys_fault(shop):
    shop.sync()
    ahead = "2099-01-01 00:00:00"
    shop.sql(f"UPDATE sale_line SET amount = 77, changed = '{ahead}' WHERE sale = '6' AND pos = 2")
    shop.sql(f"UPDATE sale_line SET due = '2026-01-05', changed = '{ahead}' WHERE sale = '3' AND pos = 1")
    shop.line(1, 3, "1", "5.00", "2026-01-02", ahead)
    assert compare(shop) == ("agrees", 6, 6)


def test_rows_that_were_rejected_are_missing(shop):
    shop.sql(f"UPDATE sale_line SET amount = 'ten', changed = '{NEW}' WHERE sale = '4' AND pos = 1")
    shop.sync()
    assert found(shop) == {date(2026, 1, 5): {"missing": ["4|1"]}}


def test_comparisons_come_once_in_their_interval(shop):
    here = utc_now().astimezone(ZoneInfo(shop.config.company.timezone))
    morning = timedelta(hours=34 - here.hour)  # of tomorrow: what follows stays within that day, and the next
    shop.ahead = morning
    shop.sync()
    shop.sql("UPDATE sale_line SET amount = 1 WHERE sale = '6' AND pos = 2")
    shop.ahead = morning + timedelta(hours=2)
    assert shop.sync().status == "nothing_new" and found(shop) == {}
    shop.ahead = morning + timedelta(hours=25)
    assert shop.sync().status == "published"  # a day that does not agree is news
    assert list(found(shop)) == [date(2026, 1, 1)]
    shop.change_config('[quality]\nreconcile_every = "1h"\n')
    shop.sql("UPDATE sale_line SET amount = 1 WHERE sale = '7' AND pos = 2")
    shop.ahead = morning + timedelta(hours=27)
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


def test_what_was_pulled_is_in_the_ledger_and_a_comparison_is_no_read(shop):
    shop.sync()
    shop.line(1, 3, "1", "5.00", "2026-01-02")
    runs = "SELECT entity, status, read, inserted, attempts FROM sync_stream ORDER BY run_id DESC, entity"
    before = State(shop.config.state_path).execute(runs)
    shop.compare()
    assert State(shop.config.state_path).execute(runs) == before
    shop.pull()
    (row,) = State(shop.config.state_path).execute(runs)[: -len(before)]
    assert row == {"entity": "line", "status": "ok", "read": 1, "inserted": 1, "attempts": 1}


def test_pulling_tries_again_after_transient_failures(shop, monkeypatch):
    shop.sync()
    shop.line(1, 3, "1", "5.00", "2026-01-02")
    real, failed = SqlConnector.count_by_day, []

    def count_by_day(self, stream, until):
        if not failed:
            failed.append(stream)
            raise SourceError("the source is away", "wait", transient=True)
        return real(self, stream, until)

    monkeypatch.setattr(SqlConnector, "count_by_day", count_by_day)
    pulled = shop.pull()
    assert (pulled.status, pulled.attempts, pulled.counts) == ("ok", 2, Counts(read=1, inserted=1))
    assert shop.landed("SELECT status FROM reconciled WHERE entity = 'line'") == [("agrees",)]


def test_what_cannot_be_compared_or_is_no_key_says_so(shop):
    assert "was never read completely" in shop.pull("1|1").error
    assert "was never read completely" in shop.compare().error
    shop.sync()
    assert "names no day" in shop.compare("product").error
    report = shop.pull("7|1", "7|1|more")
    assert (report.status, report.counts) == ("failed", Counts()) and '"7|1|more" is no key of line' in report.error
    shop.sql("DROP TABLE sale_line")
    assert shop.compare().status == "failed"
    assert shop.landed("SELECT status FROM reconciled WHERE entity = 'line'") == [("failed",)]
