"""Demand by month, warehouse and region on `/production`, against the ERP's own order lines."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest

from tests.served import Served
from tests.wall.oracle.books import Books
from tests.wall.oracle.demand import monday
from tests.wall.oracle.published import published


@pytest.fixture(scope="module")
def books(served: Served) -> Books:
    return Books(served.folder, served.today)


def weekly(books: Books, part: dict[int, str]) -> dict[str, dict[int, float]]:
    """Part of a line -> value by weeks from the current one; part: line number -> its part."""
    found: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for line in books.booked_lines:
        week = (monday(line.wanted) - monday(books.today)).days // 7
        if week < 0:
            found[part[line.number]][week] += float(line.base or 0)
    return found


@pytest.mark.parametrize("kind", ["warehouse", "region"])
def test_parts_are_the_order_lines_of_their_warehouse_and_of_their_customers_region(
    served: Served, books: Books, kind: str
) -> None:
    query = {
        "warehouse": "SELECT l.lno, w.nam FROM so_l l JOIN whs w ON w.wno = l.wno",
        "region": """SELECT l.lno, coalesce(k.prov, '–') FROM so_l l JOIN so_h h ON h.sno = l.sno
                     LEFT JOIN cust k ON k.cno = h.cno AND coalesce(k.del, 0) <> 1""",
    }[kind]
    weeks = weekly(books, dict(books.erp(query)))
    rows = [row for row in served.rows("demand_parts") if row["kind"] == kind]
    asked_lately = {part for part, mine in weeks.items() if sum(mine[n] for n in range(-12, 0)) > 0}
    assert asked_lately <= {row["name"] for row in rows} <= set(weeks)
    for row in rows:
        mine = weeks[row["name"]]
        assert row["recent_base"] == pytest.approx(sum(mine[n] for n in range(-12, 0)) / 12, abs=0.01)
        assert row["last_year"] == pytest.approx(sum(mine[n] for n in range(-52, -40)) / 12, abs=0.01)
        assert row["series"][:26] == pytest.approx([mine[n] for n in range(-26, 0)], abs=0.01)
        assert (row["lo80"] is None) == (row["hi80"] is None)
        if row["lo80"] is not None:  # a part with too little history has no band
            assert row["lo80"] <= row["expected_base"] <= row["hi80"]
    assert any(row["lo80"] is not None for row in rows)
    assert sum(row["share"] for row in rows) == pytest.approx(1)


def test_months_are_the_order_lines_wanted_in_them(served: Served, books: Books) -> None:
    asked: dict[str, float] = defaultdict(float)
    for line in books.booked_lines:
        if line.wanted < monday(books.today):
            asked[line.wanted.replace(day=1).isoformat()] += float(line.base or 0)
    rows = served.rows("demand_months")
    assert len(rows) == 18 and [row["month"] for row in rows if row["is_current"]] == [books.month.isoformat()]
    for row in rows:
        assert (row["asked_base"] or 0) == pytest.approx(asked.get(row["month"], 0), abs=0.01)
        day = date.fromisoformat(row["month"])
        before = day.replace(year=day.year - 1).isoformat()
        if before in asked:
            assert row["last_year"] == pytest.approx(asked[before], abs=0.01)


def test_months_of_one_item(served: Served, books: Books) -> None:
    (item, sku), *_ = books.erp(
        "SELECT ino, code FROM item WHERE ino = (SELECT ino FROM so_l GROUP BY ino ORDER BY count(*) DESC LIMIT 1)"
    )
    asked: dict[str, float] = defaultdict(float)
    for line in books.booked_lines:
        if line.item == item and line.wanted < monday(books.today):
            asked[line.wanted.replace(day=1).isoformat()] += float(line.base or 0)
    rows = served.rows("demand_months", sku=sku)
    assert any(row["asked_base"] for row in rows) and any(row["expected_base"] for row in rows)
    for row in rows:
        assert (row["asked_base"] or 0) == pytest.approx(asked.get(row["month"], 0), abs=0.01)


def test_months_ahead_are_the_weeks_ahead_shared_out_by_days(served: Served, books: Books) -> None:
    days: dict[str, float] = defaultdict(float)
    for week in served.rows("fan"):
        for n in range(7 if week["mean"] is not None else 0):
            day = date.fromisoformat(week["week_start"]) + timedelta(days=n)
            days[day.replace(day=1).isoformat()] += week["mean"] / 7
    rows = [row for row in served.rows("demand_months") if row["expected_base"]]
    for row in rows[:2]:  # the fan ends twelve weeks ahead
        assert row["expected_base"] == pytest.approx(days[row["month"]], rel=1e-6)


def test_days_of_cover_are_a_walk_down_the_weeks(served: Served) -> None:
    """Stock at the start of a week over what each week after it asks for; a part of a week where it ends within."""
    asked: dict[str, list[tuple[str, float]]] = defaultdict(list)
    query = "SELECT product_id, period_start, gross_requirements FROM plan.mps ORDER BY 1, 2"
    for product, week, quantity in published(served.folder, query):
        asked[product].append((week.isoformat(), quantity))
    judged = 0
    for row in served.rows("cover_weeks"):
        left, days, ended = row["on_hand"], 0.0, row["on_hand"] <= 0
        for week, quantity in asked[row["product_id"]]:
            if week < row["week_start"] or ended:
                continue
            ended = quantity > 0 and quantity >= left
            days += 7 * (left / quantity if ended else 1)
            left -= quantity
        assert (row["cover_days"], row["is_more"]) == (pytest.approx(max(days, 0), abs=1e-3), not ended), row
        judged += ended
    assert judged > 100
