"""Every figure on the wall, read from the page itself, against plain SQL on the two source databases."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from playwright.sync_api import Browser, Page

from tests.wall.source_oracle import Sources

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo company, synced once by the command line."""
    folder = tmp_path_factory.mktemp("company")
    for command in (["demo", str(folder), "--lines", "12000"], ["sync", "--config", str(folder / "tandem.toml")]):
        subprocess.run([sys.executable, "app.py", *command], cwd=ROOT, check=True, capture_output=True, timeout=300)
    return folder


@pytest.fixture(scope="module")
def address(company: Path) -> Iterator[str]:
    """The web process alone: figures must not move while they are compared."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        fd = str(listener.fileno())
        command = [sys.executable, "app.py", "_web", "--config", str(company / "tandem.toml"), "--fd", fd]
        web = subprocess.Popen([*command, "--parent", str(os.getpid())], cwd=ROOT, pass_fds=(listener.fileno(),))
        place = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            until_ready(place)
            yield place
        finally:
            web.terminate()
            web.wait(30)


def until_ready(address: str) -> None:
    """Waits until a version is served: while the process starts it answers 503."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=10):
                return
        except urllib.error.HTTPError:
            time.sleep(0.1)
    raise AssertionError("the web process never became ready")


@pytest.fixture(scope="module")
def wall(address: str, browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    page.goto(f"{address}/wall?lang=en")
    page.wait_for_selector("[data-metric=csat] .v")
    page.wait_for_selector("[data-panel=runway] .main-svg, #panel-runway .main-svg, .main-svg")
    yield page
    page.close()


@pytest.fixture(scope="module")
def sources(company: Path) -> Sources:
    return Sources(company, datetime.now(ZoneInfo("Asia/Shanghai")).date())


def rows(address: str, panel: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{address}/api/v1/panels/{panel}.json", timeout=60) as answer:
        document = json.load(answer)
    names = [column["name"] for column in document["columns"]]
    return [row if isinstance(row, dict) else dict(zip(names, row, strict=True)) for row in document["rows"]]


def shown(page: Page, metric: str) -> str:
    return re.sub(r"\s+", "", page.inner_text(f"[data-metric={metric}] .v"))


def as_shown(value: Any, text: str) -> str:
    """`value` in the unit and with the decimals of `text`, which must say at least two digits of it."""
    figure = re.fullmatch(r"¥(\d+)(?:\.(\d+))?([KMB]?)", text)
    assert figure, text
    whole, decimals, suffix = figure[1], figure[2] or "", figure[3]
    assert int(whole) < 1000 and len(whole + decimals) >= 2, text
    unit = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9}[suffix]
    rounded = (Decimal(str(value)) / unit).quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    return f"¥{rounded}{suffix}"


def test_headline_figures(wall: Page, sources: Sources) -> None:
    revenue, cost = sources.revenue_and_cost()
    total, overdue = sources.receivables()
    score, replies = sources.satisfaction()
    money = {
        "revenue": revenue,
        "booked": sources.booked(),
        "inventory_value": sources.inventory(),
        "pipeline_weighted": sources.pipeline(),
        "ar_overdue": overdue,
    }
    figures = {metric: shown(wall, metric) for metric in money}
    assert figures == {metric: as_shown(value, figures[metric]) for metric, value in money.items()}
    assert shown(wall, "gross_margin") == f"{float((revenue - cost) / revenue) * 100:.1f}%"
    assert shown(wall, "on_time") == f"{sources.on_time() * 100:.1f}%"
    assert shown(wall, "csat") == f"{score:.1f}/5"
    assert f"{float(overdue / total) * 100:.1f}%" in wall.inner_text("[data-metric=ar_overdue] .d")
    assert str(replies) in wall.inner_text("[data-metric=csat] .d")


def change(value: Any, reference: Any) -> str:
    """As the wall tells it: an arrow and per cent without sign."""
    share = float(value) / float(reference) - 1
    return ("▲" if share > 0 else "▼") + f"{abs(share) * 100:.1f}%"


def test_the_lines_beside_the_headline_figures(wall: Page, sources: Sources) -> None:
    revenue, cost = sources.revenue_and_cost()
    plan, to_date = sources.plan("revenue"), sources.plan_to_date()
    hero = re.sub(r"\s+", "", wall.locator("[data-metric=revenue]").inner_text())
    assert change(revenue, to_date) + "vsplan" in hero
    assert change(revenue, sources.revenue_last_year()) + "YoY" in hero
    for amount, words in ((to_date, "plantoday"), (plan, "month")):
        found = re.findall(rf"{words}(¥[\d.]+[KMB]?)", hero)[-1]
        assert found == as_shown(amount, found)
    booked = wall.inner_text("[data-metric=booked] .d")
    assert f"{float(sources.booked() / revenue):.2f}×" in booked
    points = (float((revenue - cost) / revenue) - float(sources.plan("gross_margin"))) * 100
    assert f"{abs(points):.1f} pt" in wall.inner_text("[data-metric=gross_margin] .d")


def test_the_risks_are_walked_day_by_day(wall: Page, address: str, company: Path, sources: Sources) -> None:
    """The forecast is Tandem's; stock, receipts, prices, waiting orders and the walk are worked out here."""
    version = (company / "warehouse" / "current").read_text().strip()
    weekly: dict[str, dict[date, float]] = {}
    with duckdb.connect(str(company / "warehouse" / f"wh-{version}.duckdb"), read_only=True) as con:
        for product, week, mean in con.execute(
            "SELECT product_id, period_start, mean FROM plan.demand_forecast"
        ).fetchall():
            weekly.setdefault(product.removeprefix("erp:"), {})[week] = mean
    expected, listed = sources.at_risk(weekly), {r["product_id"][4:]: r for r in rows(address, "risk") if r["at_risk"]}
    assert listed.keys() == {item for item, value in expected.items() if value >= 0.005}
    assert {item: row["at_risk"] for item, row in listed.items()} == pytest.approx(
        {item: expected[item] for item in listed}, rel=1e-4, abs=0.05
    )
    waiting, receipts = sources.orders_waiting(), sources.next_receipt()
    for item, row in listed.items():
        assert row["orders_waiting"] == waiting.get(item, 0), item
        assert row["next_receipt_date"] == (receipts[item].isoformat() if item in receipts else None)
    first = wall.locator("#risk-body .r").first
    top = max(expected.values())
    shown = re.sub(r"\s+", "", first.locator(".a").inner_text())
    assert shown == as_shown(round(top, 2), shown)


def test_the_feed_is_the_newest_orders_of_the_source(wall: Page, sources: Sources) -> None:
    zone, orders = ZoneInfo("Asia/Shanghai"), sources.newest()
    shown = wall.locator("#feed-body .r[data-role=erp]")
    assert shown.count() >= 1
    for place in range(shown.count()):
        when, name, amount = (shown.nth(place).locator(part).inner_text().strip() for part in (".h", ".n", ".a"))
        at, full, value = orders[place]
        local = at.astimezone(zone)
        assert when in (f"{local:%H:%M}", f"{local.day} {local:%b}")
        assert full.startswith(name.rstrip("…")) and amount == as_shown(value, amount)


def test_the_api_says_the_same_to_the_cent(address: str, sources: Sources) -> None:
    figures = {row["metric"]: float(row["value"]) for row in rows(address, "kpis")}
    revenue, _ = sources.revenue_and_cost()
    assert figures["booked"] == pytest.approx(float(sources.booked()), abs=0.005)
    assert figures["inventory_value"] == pytest.approx(float(sources.inventory()), abs=0.005)
    assert figures["ar_overdue"] == pytest.approx(float(sources.receivables()[1]), abs=0.005)
    # Revenue is handed out line by line in whole cents, half a cent a shipment at the most.
    shipments = len(sources.shipped(sources.month, sources.today))
    assert figures["revenue"] == pytest.approx(float(revenue), abs=0.005 * shipments)


def test_top_customers(wall: Page, sources: Sources) -> None:
    names = [text.strip() for text in wall.locator("#panel-customers .n").all_inner_texts()]
    money = [text.strip() for text in wall.locator("#panel-customers .a").all_inner_texts()]
    expected = sources.top_customers()
    # The wall leaves out legal forms.
    assert all(len(name) > 3 and full.startswith(name) for name, (full, _) in zip(names, expected, strict=True))
    assert money == [as_shown(value, text) for (_, value), text in zip(expected, money, strict=True)]


def test_money_at_risk_is_one_figure(wall: Page, address: str) -> None:
    """Hero = ranked list = API, and the list says how many it does not show."""
    items = [row for row in rows(address, "runway") if row["at_risk"]]
    total = sum(float(row["at_risk"]) for row in items)
    listed = [row for row in rows(address, "risk") if float(row["at_risk"]) > 0]
    lanes = sum(float(row["at_risk"] or 0) for row in rows(address, "runway_lanes"))
    assert sum(float(row["at_risk"]) for row in listed) == pytest.approx(total, abs=0.005)
    assert lanes == pytest.approx(total, abs=0.005)
    hero = wall.inner_text("#panel-runway h2, [data-panel=runway] h2")
    note = wall.inner_text("#panel-risk h2, [data-panel=risk] h2")
    amount = re.search(r"(¥[\d.]+[MK]) at risk", hero)
    assert amount and amount.group(1) in note, (hero, note)
    assert amount.group(1) == as_shown(round(total, 2), amount.group(1))
    assert f"{len(listed)} items" in note
