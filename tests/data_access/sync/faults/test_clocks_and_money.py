"""Faults of clocks and of money: folds, zones and skew lose and double nothing; digits stay what they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import duckdb
import pytest

from data_access.clock import utc_now
from data_access.connectors.sql import SqlConnector
from data_access.sync.extract import Options
from data_access.sync.run import run_sync
from tests.modelbench import Bench

FOLD = (  # Berlin puts its clocks back on 25 October 2026: 02:30 happens twice
    ("2026-10-25 02:30:00+02:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ("2026-10-25 02:30:00+01:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ("2026-10-25T01:30:00Z", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ("2026-10-25 09:30:00+08:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ("2026-03-29 01:59:59+01:00", datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)),
    ("2026-03-29 03:00:00+02:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
)


def landed(tiny, sql):
    with duckdb.connect(str(tiny.warehouse / "landing.duckdb"), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        return con.execute(sql).fetchall()


def test_both_readings_of_a_fold_and_all_zones_arrive_once_at_their_instant(tiny):
    for number, (stamp, _) in enumerate(FOLD, 60):
        tiny.party(number, f"Zone {number}", stamp)
    tiny.sync()
    tiny.sync()
    rows = landed(tiny, "SELECT id, _changed_at FROM erp__party WHERE id::INTEGER >= 60 ORDER BY id::INTEGER")
    assert [(name, at.astimezone(UTC)) for name, at in rows] == [
        (str(number), at) for number, (_, at) in enumerate(FOLD, 60)
    ]


@pytest.mark.parametrize("skew", [timedelta(hours=-26), timedelta(hours=26)])
def test_a_clock_that_goes_wrong_here_loses_nothing(tiny, skew):
    """The bound of a read is the source's clock, so ours may be a day off."""

    def sync():
        return run_sync(tiny.config, options=Options(clock=lambda: utc_now() + skew), models=tiny.models, steps=())

    sync()
    now = datetime.now(UTC)
    for number, seconds in enumerate((-120, -30, -1), 70):
        tiny.party(number, f"Just now {number}", (now + timedelta(seconds=seconds)).isoformat())
    tiny.sql("DELETE FROM party WHERE id = 2")
    sync()
    assert tiny.names() == sorted(name for (name,) in tiny.db.execute("SELECT name FROM party"))


def test_a_source_whose_clock_is_behind_its_rows_loses_nothing(tiny, monkeypatch):
    """Rows stamped after the source's own bound (two servers, two clocks) come with the run after."""
    behind = [timedelta(minutes=30)]
    monkeypatch.setattr(SqlConnector, "now", lambda self: utc_now() - behind[0])
    tiny.sync()
    tiny.party(80, "From the fast server", (utc_now() - timedelta(minutes=5)).isoformat())
    tiny.sync()
    behind[0] = timedelta()
    tiny.sync()
    names = tiny.names()
    assert names == sorted(name for (name,) in tiny.db.execute("SELECT name FROM party")) and len(set(names)) == len(
        names
    )


def test_business_days_follow_the_companys_zone_across_both_changes():
    bench = Bench(timezone="Europe/Berlin")
    cases = {
        "2026-10-24 21:59:59+00": "2026-10-24", "2026-10-24 22:00:00+00": "2026-10-25",
        "2026-10-25 22:59:59+00": "2026-10-25", "2026-10-25 23:00:00+00": "2026-10-26",
        "2026-03-28 22:59:59+00": "2026-03-28", "2026-03-28 23:00:00+00": "2026-03-29",
        "2026-03-29 21:59:59+00": "2026-03-29", "2026-03-29 22:00:00+00": "2026-03-30",
    }  # fmt: skip
    for stamp, day in cases.items():
        assert str(bench.one(f"SELECT company_date(TIMESTAMPTZ '{stamp}')")) == day, stamp


@pytest.mark.parametrize("credit", ["1234567890123456.78", "-0.01", "0.10", "99999999.99"])
def test_decimals_arrive_to_the_last_digit(tiny, credit):
    tiny.party(81, "Exact", "2026-03-01 00:00:00", credit=credit)
    tiny.sync()
    assert landed(tiny, "SELECT credit FROM erp__party WHERE id = '81'") == [(Decimal(credit),)]


def test_a_missing_rate_leaves_the_money_unconverted_and_a_rule_says_so():
    bench = Bench()
    given = {"order_id": "o", "order_date": "2026-05-31", "quantity": 1, "status": "open", "amount": "10.00"}
    lines = [given | {"line_id": name, "currency": name} for name in ("EUR", "USD", "CHF")]
    lines.append(given | {"line_id": "none", "currency": None})
    bench.rows("exchange_rate", [{"currency": "USD", "day": "2026-01-01", "rate": "1.25"}])
    bench.rows("sales_order_line", lines).build("core.sales_order_line")
    amounts = {row["line_id"]: row["amount_base"] for row in bench.read("FROM core.sales_order_line")}
    assert amounts == {"erp:EUR": 10, "erp:USD": 8, "erp:CHF": None, "erp:none": None}
    assert {row["line_id"] for row in bench.violations("warn_unconverted")} == {"erp:CHF", "erp:none"}
