"""Items, orders and outcomes of a company of Tryton and BottleCRM, judged as the demo company's are."""

from __future__ import annotations

import pytest

from tests.desk.test_item import (  # noqa: F401
    items,
    test_the_balance_walks_from_what_is_on_hand,
    test_weeks_and_moves,
    test_where_it_lies_and_what_is_ordered,
    test_who_waits_and_what_comes,
)
from tests.desk.test_order import check_lines, check_money, one, own_id
from tests.desk.test_outcomes import facts, full_months, test_each_month_is_the_sources  # noqa: F401
from tests.real.panels.conftest import Company
from tests.served import Served

pytestmark = pytest.mark.real

KINDS = {
    "delivered": "EXISTS (SELECT 1 FROM mv JOIN so_l l USING (lno) WHERE l.sno = h.sno AND mv.st = 'D')",
    "a return": "EXISTS (SELECT 1 FROM so_l l WHERE l.sno = h.sno AND l.qty < 0)",
    "cancelled": "EXISTS (SELECT 1 FROM so_l l WHERE l.sno = h.sno AND l.st = 'X')",
    "quoted": "EXISTS (SELECT 1 FROM so_l l WHERE l.sno = h.sno AND l.st = 'Q')",
    "invoiced": "EXISTS (SELECT 1 FROM inv i WHERE i.sno = h.sno AND i.st IN ('O', 'P'))",
    "a draft invoice": "EXISTS (SELECT 1 FROM inv i WHERE i.sno = h.sno AND i.st = 'N')",
    "yen": "h.cur = 'JPY'",
    "without a product": "EXISTS (SELECT 1 FROM so_l l WHERE l.sno = h.sno AND l.ino IS NULL)",
    "in pieces": "EXISTS (SELECT 1 FROM so_l l WHERE l.sno = h.sno AND l.qty <> CAST(l.qty AS INTEGER))",
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_order_is_what_the_erp_says(served: Served, books: Company, kind: str) -> None:
    query = f"SELECT h.sno, h.so_no, h.odat, h.cur, h.cno FROM so_h h WHERE {KINDS[kind]}"
    found = books.erp(f"{query} ORDER BY h.odat DESC, h.sno LIMIT 6")
    assert found, "the ERP has such orders"
    for number, name, day, currency, customer in found:
        order = f"erp:{number}"
        header = one(served, "order", order)
        assert (header["order_no"], header["order_date"], header["currency"]) == (name, day, currency)
        assert header["customer_id"] == (f"erp:{customer}" if customer else None)
        ((booked, quoted),) = books.erp(
            """SELECT sum(CASE WHEN st NOT IN ('X', 'N', 'Q') THEN amt_m END),
                      sum(CASE WHEN st IN ('N', 'Q') THEN amt_m END) FROM so_l WHERE sno = ?""",
            number,
        )
        value = books.base(books.money(quoted or 0 if booked is None else booked, currency), currency, day)
        assert header["value"] == pytest.approx(float(value or 0), abs=0.005)
        check_lines(served, books, order, own_id(order))
        check_money(served, books, order, own_id(order))


def test_what_has_changed_since_the_earliest_months(served: Served, books: Company) -> None:
    """Against the same months of later, or twelve against twelve. No cost in these books, no survey: cases count."""
    document, months = served.document("outcome_board"), full_months(books)
    baseline = months[: min(12, len(months) // 2)]
    now = months[-12:] if len(months) >= 24 else [month.replace(year=month.year + 1) for month in baseline]
    assert set(now) <= set(months) and document["notes"]["basis"] == "earliest"
    rows = {row["metric"]: row for row in document["rows"]}
    assert list(rows) == ["sales_growth", "operating_cost_ratio", "on_time", "tickets_per_100"]
    for name, chosen in (("baseline", baseline), ("value", now)):
        found = facts(books, chosen)
        for metric in ("sales_growth", "operating_cost_ratio", "on_time"):
            value = found[metric]
            assert rows[metric][name] == (None if value is None else pytest.approx(value, rel=1e-5)), (metric, name)
        opened = books.crm("SELECT date(opened_on, '+8 hours', 'start of month') FROM crm_case")
        cases = sum(month in {str(one) for one in chosen} for (month,) in opened)
        orders = len({line.order for line in books.booked_lines if line.day.replace(day=1) in chosen})
        assert rows["tickets_per_100"][name] == pytest.approx(100 * cases / orders)
    assert rows["operating_cost_ratio"]["value"] is None
