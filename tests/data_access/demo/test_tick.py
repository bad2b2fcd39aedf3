"""Time passes in the demo company and everything still adds up."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from data_access import demo
from data_access.errors import ConfigError
from tests.data_access.demo.demo_company import TODAY, Company
from tests.data_access.demo.demo_invariants import broken

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 6, 30, tzinfo=UTC)
Reopen = Callable[[], Company]


def pass_time(folder: Path, ticks: int, start: datetime = NOW, seed: int = 5) -> list[demo.TickReport]:
    rng = np.random.default_rng(seed)
    return [demo.tick(folder, rng=rng, now=start + timedelta(seconds=15 * i)) for i in range(ticks)]


def keys(connection: sqlite3.Connection, table: str, column: str) -> set[object]:
    return {row[0] for row in connection.execute(f"SELECT {column} FROM {table}")}


def test_each_tick_is_small_and_changes_something(alive: Reopen) -> None:
    before = alive()
    orders = keys(before.erp, "so_h", "sno")
    reports = pass_time(before.folder, 12)
    assert all(0 < report.rows < 150 for report in reports)
    assert all(report.orders <= 4 for report in reports) and sum(report.orders for report in reports) > 0
    after = alive()
    assert keys(after.erp, "so_h", "sno") - orders
    newest = after.erp.execute("SELECT max(ent) FROM so_h").fetchone()[0]
    assert newest[:10] == TODAY.isoformat()
    assert after.erp.execute("SELECT count(*) FROM fx WHERE dat = ?", (TODAY.isoformat(),)).fetchone()[0] == 3


def test_invariants_survive(alive: Reopen) -> None:
    folder = alive().folder
    pass_time(folder, 60)
    pass_time(folder, 5, NOW + timedelta(days=12))
    assert broken(alive().erp) == {}


def test_missed_days_are_lived_through_in_steps(alive: Reopen) -> None:
    folder = alive().folder
    reports = pass_time(folder, 4, NOW + timedelta(days=12))
    assert [report.days for report in reports] == [7, 5, 0, 0]
    assert [report.days_left for report in reports] == [5, 0, 0, 0]
    erp = alive().erp
    days = keys(erp, "so_h", "odat")
    weekdays = [d for i in range(12) if (d := TODAY + timedelta(days=i)).weekday() < 5]
    assert sum(day.isoformat() in days for day in weekdays) > len(weekdays) / 2  # a small company rests now and then
    left = erp.execute(
        "SELECT count(*) FROM mv WHERE typ = 'SHP' AND st = 'D' AND mdat > ?", (TODAY.isoformat(),)
    ).fetchone()
    assert left[0] > 10
    assert erp.execute("SELECT count(*) FROM po_l WHERE st = 'D' AND edat > ?", (TODAY.isoformat(),)).fetchone()[0] > 0


def test_won_deals_become_orders(alive: Reopen) -> None:
    before = alive()
    known = set(before.truth["opportunity_order"])
    pass_time(before.folder, 4, NOW + timedelta(days=20))
    after = alive()
    won = keys(after.crm, "crm_opportunity WHERE sales_stage = 'Closed Won'", "opportunity_id")
    fresh = won - known
    assert fresh, "twenty days without a deal won"
    numbers = keys(after.erp, "so_h", "so_no")
    assert all(
        after.truth["opportunity_order"][deal] in numbers for deal in fresh if deal in after.truth["opportunity_order"]
    )
    assert len(fresh & set(after.truth["opportunity_order"])) >= 0.9 * len(fresh)


def test_some_rows_are_deleted_for_good(alive: Reopen) -> None:
    before = alive()
    tables = {"crm_activity": "activity_id", "crm_contact": "contact_id"}
    were = {table: keys(before.crm, table, column) for table, column in tables.items()}
    orders = keys(before.erp, "so_h", "sno")
    pass_time(before.folder, 10, NOW + timedelta(days=1))
    from data_access.demo.book import Book, opened
    from data_access.demo.tick_crm import delete_something
    from data_access.demo.tick_sales import drop_order

    rng = np.random.default_rng(1)
    with opened(f"sqlite:///{before.folder / 'crm.db'}") as connection:
        for _ in range(12):
            delete_something(Book(connection, rng, NOW, TODAY))
    with opened(f"sqlite:///{before.folder / 'erp.db'}") as connection:
        dropped = {drop_order(Book(connection, rng, NOW, TODAY), hard=True) for _ in range(3)} - {None}
    after = alive()
    assert any(were[table] - keys(after.crm, table, column) for table, column in tables.items())
    assert dropped and orders - keys(after.erp, "so_h", "sno")
    assert broken(after.erp) == {}


def test_readers_are_not_blocked(alive: Reopen) -> None:
    company = alive()
    company.erp.execute("BEGIN")
    before = company.erp.execute("SELECT count(*) FROM so_l").fetchone()[0]
    pass_time(company.folder, 3)
    assert company.erp.execute("SELECT count(*) FROM so_l").fetchone()[0] == before, "a reader keeps its snapshot"
    company.erp.execute("ROLLBACK")
    assert company.erp.execute("SELECT count(*) FROM so_l").fetchone()[0] > before


def test_left_running_it_calms_down(alive: Reopen) -> None:
    """A day of ticks must not sell many days' goods: after twice the usual orders only single spare parts are sold."""
    folder = alive().folder
    pass_time(folder, 120)
    erp = alive().erp
    usual = int(erp.execute("SELECT v FROM sys_par WHERE k = 'orders_a_day'").fetchone()[0])
    today = "sno IN (SELECT sno FROM so_h WHERE odat = ? AND typ = 'SO' AND oppref IS NULL)"
    orders = erp.execute(
        f"SELECT sno, count(*), sum(amt_m) FROM so_l WHERE {today} GROUP BY sno ORDER BY sno", (TODAY.isoformat(),)
    ).fetchall()
    small = [amount for _, lines, amount in orders[2 * usual + 8 :] if lines == 1 and amount < 500_000]
    assert len(orders) < 120
    assert len(small) >= 0.7 * len(orders[2 * usual + 8 :]) > 0


def test_not_a_demo_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tandem.toml").write_text(
        '[company]\nname = "X"\ncurrency = "EUR"\ntimezone = "Europe/Berlin"\n'
        '[[source]]\nname = "erp"\nrole = "erp"\nsystem = "tryton"\nurl = "sqlite:///x.db"\n'
    )
    with pytest.raises(ConfigError, match="not a demo company"):
        demo.tick(tmp_path)


def test_campaigns_begin_end_and_are_planned_anew(alive: Reopen) -> None:
    before = alive()
    known = keys(before.crm, "crm_campaign", "campaign_id")
    later = NOW + timedelta(days=45)
    pass_time(before.folder, 8, later)
    crm, day = alive().crm, later.date().isoformat()
    wrong = crm.execute(
        "SELECT count(*) FROM crm_campaign WHERE campaign_status <> CASE WHEN end_date < :day THEN 'Completed'"
        " WHEN start_date <= :day THEN 'Running' ELSE 'Planned' END",
        {"day": day},
    ).fetchone()[0]
    living = crm.execute("SELECT count(*) FROM crm_campaign WHERE end_date >= ?", (day,)).fetchone()[0]
    fresh = keys(crm, "crm_campaign", "campaign_id") - known
    parts = crm.execute("SELECT DISTINCT campaign_id FROM crm_campaign_product").fetchall()
    assert wrong == 0 and living >= 4
    assert fresh and fresh <= {row[0] for row in parts}
