"""Reconciliation by day on real PostgreSQL and MariaDB: rows and money changed behind the cursor's back are found."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.real


def test_deleted_added_and_drifted_rows_are_found_by_key_and_pulled(shop):
    assert shop.sync().errors == []
    assert shop.read("SELECT entity, status, days FROM ops.reconciled ORDER BY 1") == [
        ("line", "agrees", 6),
        ("sale", "agrees", 6),
    ]
    shop.sql("DELETE FROM sale_line WHERE sale = '2' AND pos = 1")
    shop.line(1, 3, "1", "5.00", "2026-01-02")
    shop.sql("UPDATE sale_line SET amount = amount + 0.01 WHERE sale = '6' AND pos = 2")
    shop.sql("UPDATE sale_line SET due = NULL WHERE sale = '3' AND pos = 1")
    assert shop.compare().status == "ok"
    days = shop.landed("SELECT day::VARCHAR, found FROM reconciled_day WHERE entity = 'line' AND NOT agrees")
    found = {day: {verdict: keys for verdict, keys in json.loads(text).items() if keys} for day, text in days}
    assert found == {
        "2026-01-01": {"different": ["6|2"]},
        "2026-01-02": {"missing": ["1|3"]},
        "2026-01-03": {"extra": ["2|1"]},
        "2026-01-04": {"different": ["3|1"]},
        None: {"different": ["3|1"]},
    }
    counts = shop.pull().counts
    assert (counts.read, counts.inserted, counts.updated, counts.deleted) == (3, 1, 2, 1)
    assert shop.landed("SELECT status FROM reconciled WHERE entity = 'line'") == [("agrees",)]
    total = shop.sql("SELECT sum(amount) FROM sale_line")[0]
    assert shop.landed("SELECT sum(amount) FROM erp__line WHERE _deleted_at IS NULL") == [total]
