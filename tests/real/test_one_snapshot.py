"""What is new is read in one snapshot of the source: an order comes with its lines, whenever it is entered. A stream
that fails takes nothing from those after it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy.engine import make_url

from data_access.connectors.sql import SqlConnector
from tests.live.company import until

pytestmark = pytest.mark.real


def entered_between(monkeypatch, shop, *lines: tuple[str, str]) -> list[None]:
    """Commits order 77 when the stream of heads has just been read and that of lines has not; holds one thing then."""
    original, entered = SqlConnector.read, []

    def read(connector, stream, since, until):
        yield from original(connector, stream, since, until)
        if stream == "sale" and not entered:
            entered.append(shop.sale(77, "2026-01-05", *lines))

    monkeypatch.setattr(SqlConnector, "read", read)
    return entered


def test_an_order_never_comes_without_its_head(shop, monkeypatch):
    shop.sync()
    entered = entered_between(monkeypatch, shop, ("1", "1.00"), ("2", "2.00"))
    assert shop.sync().errors == [] and entered
    assert shop.landed("SELECT count(*) FROM erp__line WHERE sale = '77'") == [(0,)]
    assert shop.sync().errors == []
    found = shop.read("SELECT amount FROM core.line WHERE order_id = '77' ORDER BY ALL")
    assert found == [(1,), (2,)]


def test_a_stream_that_fails_takes_nothing_from_those_after_it(shop):
    shop.sync()
    shop.sql("ALTER TABLE sale DROP COLUMN cur")
    shop.line(1, 9, "3", "7.77", "2026-01-02")
    report = shop.sync()
    assert {stream.entity: stream.status for stream in report.streams} == {
        "product": "ok", "sale": "failed", "line": "ok",
    }  # fmt: skip
    assert shop.landed("SELECT amount::VARCHAR FROM erp__line WHERE pos = 9") == [("7.77",)]


@pytest.mark.parametrize("shop", ["postgres"], indirect=True)
def test_whoever_changes_tables_is_not_held_up(shop):
    """One transaction changes a table that is still to be read, then one that was read: the reader lets go."""
    shop.sync()
    url = make_url(shop.config.sources[0].url.reveal()).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False)) as upgrade, ThreadPoolExecutor(1) as beside:
        upgrade.execute("ALTER TABLE sale_line ADD COLUMN note1 text")
        syncing = beside.submit(shop.sync)
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'sale_line'::regclass"
        until(lambda: syncing.done() or shop.sql(waiting) != [(0,)], pause=0.01)
        upgrade.execute("ALTER TABLE product ADD COLUMN note2 text")
        upgrade.commit()
        assert syncing.result(60).errors == []


def test_a_result_that_is_not_believed_ends_no_snapshot(shop, monkeypatch):
    """Far too many products are gone: that stops their stream, and an order still comes with its head."""
    shop.sync()
    shop.sql("DELETE FROM product")
    entered = entered_between(monkeypatch, shop, ("1", "1.00"))
    report = shop.sync()
    assert {stream.entity: stream.status for stream in report.streams}["product"] == "failed" and entered
    assert shop.landed("SELECT count(*) FROM erp__line WHERE sale = '77'") == [(0,)]
