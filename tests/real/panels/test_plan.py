"""The plan of the Tryton company against plain SQL on its databases: receipts, productions, bills of material."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest

from tests.real.panels.conftest import Company
from tests.real.servers import Postgres
from tests.served import Served
from tests.wall.oracle.demand import monday

pytestmark = pytest.mark.real
WEEKS = 26


@pytest.fixture(scope="module")
def plan(served: Served) -> dict[str, list[dict[str, Any]]]:
    """Tables of schema plan as published, by name."""
    with served.company.warehouse() as con:
        found = {}
        for table in ("mps", "item_parameter", "planned_order"):
            cursor = con.execute(f"SELECT * FROM plan.{table}")
            names = [column[0] for column in cursor.description]
            found[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return found


def own(product: str) -> int:
    return int(product.rpartition(":")[2])


def test_open_purchases_and_productions_are_scheduled_receipts(
    plan: dict[str, list[dict[str, Any]]], books: Company
) -> None:
    """By item and week; what is overdue counts from the week in which a new order could be there."""
    lead = {own(row["product_id"]): -(-row["lead_time_days"] // 7) for row in plan["item_parameter"]}
    first = monday(books.today)
    expected: dict[tuple[int, date], float] = defaultdict(float)
    query = """
        SELECT ino, edat, qty - rcv FROM po_l WHERE st = 'O' AND qty > rcv
        UNION ALL SELECT ino, ddat, qty FROM wo WHERE st IN ('P', 'L', 'R') AND qty > 0"""
    rows = books.erp(query)
    for item, text, quantity in rows:
        if item not in lead or text is None:
            continue
        day = date.fromisoformat(text)
        week = monday(day) if day >= books.today else first + timedelta(weeks=min(lead[item], WEEKS - 1))
        if week < first + timedelta(weeks=WEEKS):
            expected[item, week] += float(quantity)
    shown = {
        (own(row["product_id"]), row["period_start"]): row["scheduled_receipts"]
        for row in plan["mps"]
        if row["scheduled_receipts"]
    }
    assert len(rows) > 5 and shown == pytest.approx(dict(expected))


def test_the_six_open_productions_are_among_them(plan: dict[str, list[dict[str, Any]]], books: Company) -> None:
    open_ones = books.erp("SELECT ino, qty FROM wo WHERE st IN ('P', 'L', 'R')")
    assert len(open_ones) == 6
    coming: dict[int, float] = defaultdict(float)
    for row in plan["mps"]:
        coming[own(row["product_id"])] += row["scheduled_receipts"]
    for item, quantity in open_ones:
        assert coming[item] >= float(quantity)


PARTS = """
    SELECT x.product, i.product, i.quantity / o.quantity,
           i.unit = t.default_uom AND o.unit = (SELECT default_uom FROM product_template q JOIN product_product z
                                                ON z.template = q.id WHERE z.id = x.product)
    FROM "product_product-production_bom" x
    JOIN production_bom b ON b.id = x.bom AND b.active
    JOIN production_bom_output o ON o.bom = x.bom AND o.product = x.product
    JOIN production_bom_input i ON i.bom = x.bom
    JOIN product_product p ON p.id = i.product JOIN product_template t ON t.id = p.template"""


def test_parents_take_what_their_bill_of_material_says(
    plan: dict[str, list[dict[str, Any]]], books: Company, postgres: Postgres, databases: tuple[str, str]
) -> None:
    """Dependent demand = what is released of each parent x its quantity per, where units are those of stock and no
    production of a parent waits to be started."""
    lines = postgres.sql(databases[0], PARTS)
    released = {(own(row["product_id"]), row["period_start"]): row["planned_releases"] for row in plan["mps"]}
    begun = {item for (item,) in books.erp("SELECT DISTINCT ino FROM wo WHERE st IN ('P', 'L')")}
    above: dict[int, list[tuple[int, float, bool]]] = defaultdict(list)
    for parent, component, per, plain in lines:
        above[component].append((parent, float(per), plain))
    checked = 0
    for row in plan["mps"]:
        parents = above.get(own(row["product_id"]), [])
        if not parents or any(parent in begun or not plain for parent, _, plain in parents):
            continue
        needed = sum(per * released.get((parent, row["period_start"]), 0.0) for parent, per, _ in parents)
        assert row["dependent_demand"] == pytest.approx(needed, abs=1e-4)
        checked += 1
    assert len(lines) > 5 and checked >= WEEKS
