"""The heads of order and item pages, and the steps of orders, of a company of Tryton and BottleCRM."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.data_access.customers.customer_oracle import year_before
from tests.desk.test_item import coming
from tests.inventory.compare import close, own
from tests.inventory.conftest import Ask
from tests.real.panels.conftest import Books, Company
from tests.wall.oracle import headline, runway
from tests.wall.oracle.books import NOTHING, Line, Shipment, total

pytestmark = pytest.mark.real


def by_order(books: Company) -> tuple[dict[int, list[Line]], dict[int, list[Shipment]]]:
    lines, shipments = defaultdict[int, list[Line]](list), defaultdict[int, list[Shipment]](list)
    for line in books.lines:
        lines[line.order].append(line)
    for shipment in books.shipments:
        shipments[shipment.line.order].append(shipment)
    return lines, shipments


def test_what_an_order_is_worth_and_how_it_was_delivered(ask: Ask, books: Company, customer_books: Books) -> None:
    lines, shipments = by_order(books)
    late = defaultdict[int, list[tuple[Any, bool, int]]](list)
    for each in customer_books.deliveries:
        late[own(each[0].order)].append(each)
    for number in sorted(lines)[::9]:
        (row,) = ask("order", order=f"erp:{number}")
        mine, gone = lines[number], shipments[number]
        counted = [line for line in mine if line.booked] or [line for line in mine if line.status in "NQ"]
        assert row["value"] == pytest.approx(float(total([line.base for line in counted])), abs=0.001)
        assert row["shipped"] == pytest.approx(float(total([each.revenue for each in gone])), abs=0.001)
        margin = headline.margin(gone)
        assert margin is None or row["gross_margin"] == pytest.approx(margin)
        counts = ("lines", len(mine)), ("lines_cancelled", sum(line.status == "X" for line in mine))
        returned = ("lines_returned", sum(line.quantity < 0 for line in mine))
        assert all(row[name] == count for name, count in (*counts, returned)), number
        assert row["days_late"] == max((days for _, _, days in late[number]), default=0)
        assert row["lines_on_time"] == sum(good for _, good, _ in late[number])
        steps = {step["step"]: step for step in ask("order_track", order=f"erp:{number}")}
        booked = [line for line in mine if line.booked]
        assert steps["ordered"]["value_done"] == pytest.approx(float(total([one.base for one in booked])), abs=0.001)
        days = sorted(each.day.isoformat() for each in gone if each.quantity > 0)
        if booked and all(line.quantity > 0 for line in mine):
            assert steps["shipped"]["value_done"] == pytest.approx(row["shipped"], abs=0.001)
            span = (days[0], days[-1]) if days else (None, None)
            assert (steps["shipped"]["first_date"], steps["shipped"]["last_date"]) == span, number


def test_an_items_head_is_the_overviews_row_and_the_sources(ask: Ask, books: Company) -> None:
    items = runway.items(books)
    listed = {row["product_id"]: row for row in ask("items")}
    year = books.shipped(year_before(books.today) + timedelta(days=1), books.today)
    waiting = defaultdict[int | None, Any](Decimal)
    for line in books.lines:
        left = line.quantity - books.delivered.get(line.number, (None, 0))[1]
        waiting[line.item] += left if line.status in "OP" and left > 0 else 0
    for number, item in items.items():
        (row,) = ask("item", item=f"erp:{number}")
        same = ("weekly_sales", "weekly_quantity", "on_hand", "cover_weeks", "run_out_date", "next_receipt_date",
                "at_risk", "orders_waiting", "deals_waiting")  # fmt: skip
        assert {name: row[name] for name in same} == {name: listed[f"erp:{number}"][name] for name in same}
        assert row["net_price"] == pytest.approx(books.prices[number])
        assert row["unit_cost"] == pytest.approx(books.cost[number])
        on_hand = sum(quantity for (one, _), quantity in books.held.items() if one == number)
        assert row["stock_cost"] == close(float(on_hand) * books.cost[number])
        assert (row["quantity_waiting"] or 0) == pytest.approx(float(waiting[number]))
        due = [day for day, _, _ in coming(books, number)]
        assert row["receipts"] == len(due)
        assert row["receipts_overdue"] == sum(day is None or day < books.today.isoformat() for day in due)
        assert (row["at_risk"] or 0) == close(item.at_risk, at_least=0.03)
        sold = [each for each in year if each.line.item == number]
        assert (row["revenue"] or 0) == close(float(sum((each.revenue or NOTHING for each in sold), NOTHING)))
        assert row["gross_margin"] == (pytest.approx(m) if (m := headline.margin(sold)) is not None else None)
