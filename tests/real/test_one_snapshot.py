"""What is new is read in one snapshot of the source: an order comes with its lines, whenever it is entered. A stream
that fails takes nothing from those after it."""

from __future__ import annotations

import pytest

from data_access.connectors.sql import SqlConnector

pytestmark = pytest.mark.real


def test_an_order_never_comes_without_its_head(shop, monkeypatch):
    """It is committed when the stream of heads has just been read, and that of lines has not."""
    original, entered = SqlConnector.read, []

    def read(connector, stream, since, until):
        yield from original(connector, stream, since, until)
        if stream == "sale" and len(entered) < 1:
            entered.append(shop.sale(77, "2026-01-05", ("1", "1.00"), ("2", "2.00")))

    shop.sync()
    monkeypatch.setattr(SqlConnector, "read", read)
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
