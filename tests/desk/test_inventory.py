"""`/inventory`: its figures as the API has them, where marks lead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.desk.conftest import Opened, opened_page
from tests.served import Served

pytestmark = pytest.mark.browser
Desk = Callable[..., Opened]


@pytest.fixture(scope="module")
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """Only looked at."""
    opened = opened_page(browser, served.address, "/inventory", 1440, 900)
    yield opened.page
    opened.page.close()


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_key_figures_are_those_of_the_api(page: Page, served: Served) -> None:
    rows = {row["metric"]: row for row in served.rows("inventory_kpis")}
    for metric in ("inventory_value", "sales_week", "at_risk", "short", "old"):
        shown = squeezed(page.locator(f"[data-metric={metric}] .kpi-value").inner_text())
        found = re.fullmatch(r"¥([\d.]+)([KM])", shown)
        assert found, shown
        value = rows[metric]["value"] / {"K": 1e3, "M": 1e6}[found[2]]
        assert float(found[1]) == pytest.approx(value, abs=0.0501), metric
    assert page.locator("[data-metric=campaigns] .kpi-value").inner_text() == str(int(rows["campaigns"]["value"]))
    assert f"{rows['at_risk']['count']} items" in page.locator("[data-metric=at_risk] .kpi-compare").inner_text()


def test_the_pipeline_names_who_goes_without(page: Page, served: Served) -> None:
    rows = served.rows("pipeline_stock")
    customers = served.rows("pipeline_customers")
    lines = page.locator("#panel-pipeline_stock .need-row:not(.need-head)")
    assert lines.count() == min(7, len(rows))
    for place in range(lines.count()):
        row, line = rows[place], lines.nth(place)
        assert line.locator("b").first.inner_text() == row["sku"]
        mine = [one for one in customers if one["product_id"] == row["product_id"]]
        if mine:
            named = line.locator(".need-who a")
            assert named.count() == min(2, len([one for one in mine if one["customer"]]))
            assert mine[0]["customer"].startswith(named.first.inner_text())
    short = sum(row["state"] == "short" for row in rows)
    perhaps = sum(row["state"] == "short_if_all" for row in rows)
    title = page.locator("#title-pipeline_stock").inner_text()
    assert str(perhaps) in title and (short <= 1 or str(short) in title)


def test_bars_are_drawn_to_scale(page: Page, served: Served) -> None:
    """The end of ordered + weighted + rest against the tick of all we will have."""
    rows = served.rows("pipeline_stock")[:7]
    for place, row in enumerate(rows):
        bar = page.locator("#panel-pipeline_stock .need-bar").nth(place)
        box, tick = bar.bounding_box(), bar.locator(".have").bounding_box()
        assert box and tick
        hundred = tick["x"] + 1 - box["x"]
        ends = [
            part["x"] + part["width"] - box["x"]
            for part in (each.bounding_box() for each in bar.locator(".need").all())
            if part
        ]
        need = (row["ordered"] + row["weighted"] + row["rest"]) / row["have"] if row["have"] else 0
        if 0 < need < 1.5:
            assert max(ends) / hundred == pytest.approx(need, abs=0.02)


def test_campaigns_stand_with_their_margin_and_advice(page: Page, served: Served) -> None:
    groups: dict[str, float] = {}
    for row in served.rows("campaign_stock"):
        groups[row["campaign"]] = groups.get(row["campaign"], 0.0) + row["margin_at_stake"]
    names = page.locator("#panel-campaign_stock .camp-name b").all_inner_texts()
    assert set(names) == set(groups)
    for place, name in enumerate(names):
        camp = page.locator("#panel-campaign_stock .camp").nth(place)
        assert (camp.locator(".num").first.inner_text() == "–") == (groups[name] == 0)
        assert camp.locator(".gap").count() == (1 if groups[name] > 0 else camp.locator(".gap").count())
    bad = sum(value > 0 for value in groups.values())
    assert str(bad) in page.locator("#title-campaign_stock").inner_text()


def test_kinds_add_up_to_every_item(page: Page, served: Served) -> None:
    fields = page.locator(".kind b").all_inner_texts()
    shown = sum(int(text.split()[0]) for text in fields)
    rows = served.rows("abc_xyz")
    silent = sum(row["items"] for row in rows if row["abc"] == "N")
    assert len(fields) == 9 and shown == sum(row["items"] for row in rows) - silent
    assert f"{silent} items" in page.locator("#panel-abc_xyz .panel-foot").inner_text()


def test_heads_of_the_covers_narrow_the_page(desk: Desk) -> None:
    page = desk("/inventory").page
    page.locator("#panel-warehouse_cover .side", has_text="Valves").click()
    page.wait_for_url("**/inventory?category=Valves")
    page.wait_for_function("() => document.querySelectorAll('#panel-warehouse_cover .side').length === 1")
    page.locator("#panel-warehouse_cover .top").first.click()
    page.wait_for_url("**/inventory?category=Valves&warehouse=*")
    page.wait_for_function("() => document.querySelectorAll('#panel-warehouse_cover .cell').length === 1")
    assert "all warehouses" in page.locator("#panel-pipeline_stock .wider").inner_text()


def test_moves_choose_their_own_time(desk: Desk, served: Served) -> None:
    page = desk("/inventory").page
    assert page.locator("#panel-stock_moves .periods .on").inner_text() == "26 wk"
    page.locator("#panel-stock_moves .periods a", has_text="13 wk").click()
    page.wait_for_url("**/inventory?period=13w")
    page.wait_for_function("() => document.querySelector('.periods .on').textContent === '13 wk'")
    rows = served.rows("stock_moves", period="13w")
    come = sum(row["moved_cost"] for row in rows if row["direction"] == "in")
    shown = re.search(r"¥([\d.]+)M in", page.locator("#panel-stock_moves .panel-sub").inner_text())
    assert shown and float(shown[1]) == pytest.approx(come / 1e6, abs=0.06)


def test_open_orders_come_row_by_row(page: Page, served: Served) -> None:
    rows = served.rows("open_orders")
    first = page.locator("#panel-open_orders .ag-center-cols-container .ag-row[row-index='0'] .ag-cell")
    first.first.wait_for()
    page.wait_for_function(
        "() => document.querySelector('#panel-open_orders .ag-center-cols-container .ag-row .ag-cell a')"
    )
    assert first.first.inner_text() == rows[0]["order_no"]
    late = sum(row["amount"] for row in rows if row["state"] in ("late", "none"))
    title = page.locator("#title-open_orders").inner_text()
    found = re.match(r"¥([\d.]+)([KM]) of", title)
    if late > 0:
        assert found and float(found[1]) == pytest.approx(late / {"K": 1e3, "M": 1e6}[found[2]], abs=0.6)
