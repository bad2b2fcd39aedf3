"""The overview's figures against plain SQL on the two source databases; filters compose; the address is the state."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.desk.conftest import Opened, settle
from tests.served import Served
from tests.wall.oracle.books import Books

NARROWED = [
    *((name, "booked") for name in ("region", "category", "warehouse", "owner")),
    *((name, "pipeline_8_weeks") for name in ("region", "category", "owner")),
    ("category", "stock_value"),
    ("category", "at_risk"),
]
PLACES = ("region", "category", "warehouse")


@pytest.fixture(scope="module")
def books(served: Served) -> Books:
    return Books(served.folder, served.today)


def booked_lines(books: Books, since: date, until: date) -> list[tuple[str, str, str, Decimal]]:
    """(region, category, warehouse, amount) of each booked line."""
    regions = dict(books.erp("SELECT cno, prov FROM cust"))
    categories = dict(books.erp("SELECT i.ino, k.nam FROM item i JOIN itemcat k ON k.cat = i.cat"))
    places = dict(books.erp("SELECT l.lno, w.code FROM so_l l JOIN whs w ON w.wno = l.wno"))
    return [
        (
            regions.get(line.customer) or "–",
            categories.get(line.item) or "–",
            places.get(line.number) or "–",
            line.base,
        )
        for line in books.booked_lines
        if since <= line.day <= until and line.base is not None
    ]


def figure(served: Served, metric: str, **filters: str | list[str]) -> Any:
    return next(row["value"] for row in served.rows("desk_kpis", **filters) if row["metric"] == metric)


@pytest.mark.parametrize("period", ["mtd", "90d", "12m"])
def test_booked_by_region_is_the_source(served: Served, books: Books, period: str) -> None:
    since = {"mtd": books.month, "90d": books.today - timedelta(days=89)}.get(period)
    if since is None:
        since = books.today.replace(year=books.today.year - 1) + timedelta(days=1)
    lines = booked_lines(books, since, books.today)
    totals = defaultdict[str, Decimal](Decimal)
    for region, _, _, amount in lines:
        totals[region] += amount
    shown = {row["region"]: row["booked"] for row in served.rows("regions", period=period) if row["booked"]}
    assert shown == pytest.approx({name: float(value) for name, value in totals.items() if value}, abs=0.06)
    whole = float(sum(totals.values()))
    assert figure(served, "booked", period=period) == pytest.approx(whole, abs=0.5)


def test_filters_narrow_as_the_source_does(served: Served, books: Books) -> None:
    since = books.today - timedelta(days=89)
    lines, chance = booked_lines(books, since, books.today), random.Random(7)
    values = [sorted({line[place] for line in lines} - {"–"}) or ["–"] for place in range(3)]
    for _ in range(12):
        chosen = {
            name: chance.sample(options, chance.randint(1, min(3, len(options))))
            for name, options in zip(PLACES, values, strict=True)
            if chance.random() < 0.7
        }
        kept = [line for line in lines if all(line[PLACES.index(name)] in found for name, found in chosen.items())]
        wanted = sum((line[3] for line in kept), Decimal(0))
        names = list(chosen)
        chance.shuffle(names)
        shown = figure(served, "booked", period="90d", **{name: chosen[name] for name in names})
        assert float(shown) == pytest.approx(float(wanted), abs=0.5), chosen


@pytest.mark.parametrize(("dimension", "metric"), NARROWED)
def test_the_parts_sum_to_the_whole(served: Served, dimension: str, metric: str) -> None:
    options = _options(served, dimension)
    whole = float(figure(served, metric, period="12m") or 0)
    parts = sum(float(figure(served, metric, period="12m", **{dimension: value}) or 0) for value in [*options, "–"])
    assert parts == pytest.approx(whole, abs=0.02)


def _options(served: Served, dimension: str) -> list[str]:

    column = {"warehouse": "SELECT code FROM core.warehouse", "category": "SELECT DISTINCT category FROM core.product"}
    query = column.get(dimension, f"SELECT DISTINCT {dimension} FROM core.customer")
    with served.company.warehouse() as con:
        return [value for (value,) in con.execute(query).fetchall() if value is not None]


def test_the_desk_and_the_wall_say_the_same(served: Served) -> None:
    at_risk = sum(float(row["at_risk"] or 0) for row in served.rows("runway"))
    assert float(figure(served, "at_risk")) == pytest.approx(at_risk, abs=0.005)
    assert sum(float(row["at_risk"] or 0) for row in served.rows("items")) == pytest.approx(at_risk, abs=0.005)
    booked = next(row["value"] for row in served.rows("kpis") if row["metric"] == "booked")
    assert float(figure(served, "booked")) == pytest.approx(float(booked), abs=0.005)
    assert sum(float(row["booked"]) for row in served.rows("regions")) == pytest.approx(float(booked), abs=0.005)


@pytest.mark.browser
def test_the_address_is_the_state(desk: Callable[..., Opened], served: Served) -> None:
    opened = desk("/?lang=en")
    page = opened.page
    page.click("[data-filter=category] summary")
    page.click("[data-filter=category] a:has-text('Valves')")
    page.wait_for_url("**category=Valves**")
    settle(page)
    chosen = served.rows("desk_kpis", category="Valves")
    at_risk = page.inner_text("[data-metric=at_risk] .kpi-value")
    shown = next(row["value"] for row in chosen if row["metric"] == "at_risk")
    assert shown and at_risk != "–"
    count = len(served.rows("items", category="Valves"))
    page.wait_for_function(
        f"() => document.querySelector('#panel-items .note').textContent.startsWith('{count} items')"
    )
    page.wait_for_selector("#panel-items [col-id=sku] a")
    before = page.inner_text("#panel-items .note")
    page.reload()
    page.wait_for_selector("#panel-items [col-id=sku] a")
    assert page.inner_text("#panel-items .note") == before
    page.go_back()
    page.wait_for_function("() => !location.search.includes('category')")
    page.wait_for_function(
        f"() => !document.querySelector('#panel-items .note').textContent.startsWith('{count} items')"
    )
    assert not opened.problems


@pytest.mark.browser
def test_the_table_shows_the_rows_of_the_api_in_its_order(desk: Callable[..., Opened], served: Served) -> None:
    page = desk("/?lang=en&category=Valves").page
    page.wait_for_selector("#panel-items [col-id=sku] a")
    shown = page.locator("#panel-items .ag-center-cols-container [col-id=sku] a").all_inner_texts()
    rows = served.rows("items", category="Valves")
    assert shown == [row["sku"] for row in rows][: len(shown)] and len(shown) >= 5
    page.click("#panel-items .ag-header-cell[col-id=weekly_sales]")
    page.wait_for_timeout(800)
    shown = page.locator("#panel-items .ag-center-cols-container [row-index='0'] [col-id=sku] a").all_inner_texts()
    least = min(rows, key=lambda row: float(row["weekly_sales"] or 0))
    assert shown and float(least["weekly_sales"] or 0) == min(
        float(r["weekly_sales"] or 0) for r in rows if r["sku"] == shown[0]
    )
