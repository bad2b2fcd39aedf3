"""From the wall to a file, as a person goes: a risk, its category, an item, who waits for it, their order, its rows."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import openpyxl
import pytest
from playwright.sync_api import Browser, Page

from tests.desk.conftest import settle
from tests.served import Served, command

pytestmark = pytest.mark.browser


def arrived(page: Page, path: str) -> dict[str, list[str]]:
    """Waits for a desk page and gives the parameters of its address."""
    page.wait_for_url(re.compile(path))
    name = path.strip("/").removesuffix("s")
    page.wait_for_selector(f"#content.page-{name} .panel")
    settle(page)
    return parse_qs(urlsplit(page.url).query)


def last_part(page: Page) -> str:
    return unquote(urlsplit(page.url).path.rsplit("/", 1)[1])


def test_from_the_wall_to_a_file(browser: Browser, served: Served, tmp_path: Path) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    try:
        page.goto(f"{served.address}/wall?lang=en&scenes=today")
        page.wait_for_selector("#risk-body [data-to][role=link]")
        risk = served.rows("risk")[0]
        page.click("#risk-body [data-to]")
        given = arrived(page, "/inventory")
        assert given == {"category": [risk["category"]], "lang": ["en"]}
        assert page.inner_text("[data-filter=category] summary b") == risk["category"]

        row = served.rows("pipeline_stock", category=risk["category"])[0]
        page.click(f"#panel-pipeline_stock a[href*='/items/']:has-text('{row['sku']}')")
        arrived(page, "/items/")
        item = last_part(page)
        assert item == row["product_id"]

        waiting = served.rows("item_waiting", item=item)
        page.click("#panel-item_waiting a[href*='/customers/']")
        arrived(page, "/customers/")
        customer = last_part(page)
        assert customer in {one["customer_id"] for one in waiting}

        lines = served.rows("customer_open_lines", customer=customer)
        page.click("#panel-customer_open_lines a[href*='/orders/']")
        arrived(page, "/orders/")
        order = last_part(page)
        assert order in {one["order_id"] for one in lines}

        shown = page.locator("#panel-order_lines tbody tr").count()
        page.click("#export-menu > summary")
        with page.expect_download(timeout=60_000) as started:
            page.click("#export-menu [data-export=xlsx][data-panel=order_lines]")
        file = tmp_path / "lines.xlsx"
        started.value.save_as(file)
        compare(file, served.document("order_lines", order=order), shown)

        page.go_back()
        arrived(page, "/customers/")
        assert last_part(page) == customer
        page.reload()
        arrived(page, "/customers/")
        for path in ("/items/", "/inventory"):
            page.go_back()
            arrived(page, path)
        assert page.inner_text("[data-filter=category] summary b") == risk["category"]
        assert not problems
    finally:
        page.close()


def compare(file: Path, document: dict[str, Any], shown: int) -> None:
    """Rows in the file = rows of the API = rows on the screen, cell by cell; where they come from stands with them."""
    book = openpyxl.load_workbook(file)
    cells = list(book.worksheets[0].values)[1:]
    assert len(cells) == document["row_count"] == len(document["rows"]) == shown
    for row, line in zip(document["rows"], cells, strict=True):
        assert len(line) == len(row)
        for value, cell in zip(row.values(), line, strict=True):
            assert same(value, cell), (value, cell)
    said = {str(key): value for key, value, *_ in book.worksheets[-1].values if key}
    assert str(document["version"]) in {str(value) for value in said.values()}


def same(value: object, cell: object) -> bool:
    if isinstance(cell, datetime | date):
        return str(value)[:10] == cell.isoformat()[:10]
    if isinstance(cell, int | float) and not isinstance(cell, bool) and value is not None:
        return abs(float(str(value)) - cell) < 1e-9 * max(1.0, abs(cell))
    return (value or None) == (cell or None) or str(value) == str(cell)


def test_a_display_that_may_only_see_the_wall_has_no_links(browser: Browser, served: Served) -> None:
    link = command(["kiosk", "add", "hall", "--config", str(served.folder / "tandem.toml")])
    token = re.search(r"token=([\w-]+)", link)
    assert token
    page = browser.new_page(extra_http_headers={"X-Forwarded-For": "10.0.0.5"})
    try:
        page.goto(f"{served.address}/wall?lang=en&scenes=today&token={token[1]}")
        page.wait_for_selector("html[data-wall=on]", state="attached")
        page.wait_for_selector("#risk-body [data-to]")
        page.wait_for_timeout(300)
        assert page.locator("#wall [role=link]").count() == 0
        page.click("#risk-body [data-to]")
        page.wait_for_timeout(300)
        assert urlsplit(page.url).path == "/wall"
    finally:
        page.close()
