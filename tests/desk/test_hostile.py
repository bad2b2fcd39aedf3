"""Names that somebody hostile gave, in both systems: pages and the wall stay whole, exports keep their rows."""

from __future__ import annotations

import csv
import io
import sqlite3
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import openpyxl
import pytest
from openpyxl.utils.escape import unescape
from playwright.sync_api import Browser, Page

from data_access import demo
from data_access.panels import PANELS
from tests.desk.conftest import Opened, opened_page, resize
from tests.desk.looks import FAULTS, MEASURE
from tests.served import Served, serve, synced
from tests.tabs import tab

pytestmark = pytest.mark.browser
EVIL = (
    "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>",
    "\u202egnihtyna\u202d مرحبا \u2067עברית\u2069 Ltd.",
    "W" * 10_000,
    "=cmd|' /C calc'!A0",
    "{name} %s *bold* {{7*7}} ${x} </textarea>",
    "&lt;b&gt;\n\t'\"`;--",
)
ERP = (
    "UPDATE cust SET nam = :name, nam_zh = :name, prov = substr(:name, 1, 90), city = :name"
    " WHERE cno = (SELECT cno FROM cust WHERE coalesce(del, 0) = 0 ORDER BY cno LIMIT 1 OFFSET :place)",
    "UPDATE cust SET rep = :name WHERE cno % 17 = :place",
    """UPDATE item SET nam = :name, nam_zh = :name WHERE ino IN (
        SELECT ino FROM so_l WHERE st = 'O' GROUP BY ino ORDER BY count(*) DESC, ino LIMIT 1 OFFSET 2 * :place)""",
    "UPDATE item SET code = substr(:name, 1, 60) || ino WHERE ino % 61 = :place",
    "UPDATE itemcat SET nam = :name, nam_zh = :name WHERE cat = (SELECT cat FROM itemcat LIMIT 1 OFFSET :place)",
    "UPDATE whs SET nam = :name, nam_zh = :name WHERE wno = (SELECT wno FROM whs LIMIT 1 OFFSET :place)",
    "UPDATE so_h SET so_no = so_no || :name WHERE sno % 37 = :place",
    "UPDATE po_h SET po_no = po_no || :name WHERE pno % 37 = :place",
)
CRM = (
    "UPDATE crm_contact SET full_name = :name WHERE rowid % 13 = :place",
    "UPDATE crm_opportunity SET topic = :name WHERE rowid % 13 = :place",
    "UPDATE crm_opportunity SET owner_name = :name WHERE rowid % 19 = :place",
    "UPDATE crm_case SET subject = :name WHERE rowid % 13 = :place",
    "UPDATE crm_activity SET subject = :name WHERE rowid % 13 = :place",
    "UPDATE crm_campaign SET campaign_name = :name WHERE rowid % 7 = :place",
    "UPDATE crm_account SET owner_name = :name, industry = :name WHERE rowid % 19 = :place",
)
PAGES = [
    "/", "/inventory", "/customers", "/sales", "/sales/order_without_deal", "/sales/open_deals", "/sales/contracts_due",
    "/outcomes", "/glossary", "/table/items", "/panel/customer_list", "order", "item", "/production",
]  # fmt: skip


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A company whose best customers and items, and some of everything else, have hostile names."""
    folder = tmp_path_factory.mktemp("evil")
    demo.make(folder, lines=3_000)
    for file, statements in (("erp.db", ERP), ("crm.db", CRM)):
        with sqlite3.connect(folder / file) as source:
            for place, name in enumerate(EVIL):
                for statement in statements:
                    source.execute(statement, {"name": name, "place": place})
    with serve(synced(folder)) as found:
        yield found


@pytest.fixture(scope="module")
def ids(evil: Served) -> dict[str, str]:
    """A customer, an item and an order with hostile names."""
    return {
        "customer": address_of(evil, 0),
        "item": next(row["product_id"] for row in evil.rows("items") if row["name"] == EVIL[0]),
        "order": next(row["order_id"] for row in evil.rows("open_orders") if EVIL[0] in row["order_no"]),
    }


def address_of(evil: Served, place: int) -> str:
    """The customer with the hostile name of that place."""
    with sqlite3.connect(evil.folder / "erp.db") as erp:
        query = "SELECT cno FROM cust WHERE coalesce(del, 0) = 0 ORDER BY cno LIMIT 1 OFFSET ?"
        return f"erp:{erp.execute(query, (place,)).fetchone()[0]}"


@pytest.fixture
def visit(browser: Browser, evil: Served, ids: dict[str, str]) -> Iterator[Callable[..., Opened]]:
    pages: list[Page] = []

    def open_page(path: str) -> Opened:
        if path in ids:
            path = f"/{path}s/{quote(ids[path], safe='')}"
        found = opened_page(browser, evil.address, path, 1440, 900)
        pages.append(found.page)
        return found

    yield open_page
    for page in pages:
        page.close()


def check(opened: Opened) -> None:
    report = opened.page.evaluate(MEASURE, 11.45)
    found = {name: report[name] for name in FAULTS if name != "overlapping" and report[name]}
    assert not found, str(found)[:2000]
    assert report["wide"] <= 0 and opened.page.locator("#content .failed").count() == 0
    unhurt(opened)


def on_a_phone(opened: Opened) -> None:
    resize(opened.page, 390, 844)
    check(opened)


def unhurt(opened: Opened) -> None:
    assert opened.page.evaluate("window.hacked === undefined")
    assert opened.page.locator("#content script, #wall script, img[onerror]").count() == 0
    assert not opened.problems and not opened.foreign


@pytest.mark.parametrize("path", PAGES)
def test_a_page_stays_whole(visit: Callable[..., Opened], path: str) -> None:
    opened = visit(path)
    check(opened)
    on_a_phone(opened)


@pytest.mark.parametrize("number", range(len(EVIL)))
def test_a_customers_page_stays_whole(evil: Served, visit: Callable[..., Opened], number: int) -> None:
    opened = visit(f"/customers/{quote(address_of(evil, number), safe='')}?period=24m")
    check(opened)
    on_a_phone(opened)
    shown = opened.page.inner_text("#panel-customer_identity h1")
    assert shown and len(shown) <= 90


@pytest.mark.parametrize("scene", ["today", "inventory"])
def test_the_wall_stays_whole(browser: Browser, evil: Served, scene: str) -> None:
    page = tab(browser, 1920, 1080)
    opened = Opened(page)
    try:
        page.on("console", lambda line: opened.problems.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: opened.problems.append(str(error)))
        page.goto(f"{evil.address}/wall?lang=en&scenes={scene}")
        page.wait_for_selector("html[data-wall=on]", state="attached")
        page.wait_for_function(
            "() => [...document.querySelectorAll('.plt')].every((n) => n.hidden || n.querySelector('.main-svg'))"
        )
        page.wait_for_timeout(300)
        report = page.evaluate((Path(__file__).parents[1] / "wall" / "measure.js").read_text(encoding="utf-8"))
        found = {name: report[name] for name in ("small", "overflow", "outside") if report[name]}
        assert not found, str(found)[:2000]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        unhurt(opened)
    finally:
        page.close()


def test_the_search_box_stays_whole(visit: Callable[..., Opened]) -> None:
    page = visit("/customers").page
    for word in ("script window hacked", "WWWWWWWW", "cmd C calc", "name s bold"):
        page.keyboard.press("Control+k")
        page.fill("#search [role=combobox]", word)
        page.wait_for_selector("#search [role=option]")
        box, row = page.locator("#search").bounding_box(), page.locator("#search [role=option]").first.bounding_box()
        assert box and row and row["width"] <= box["width"]
        page.keyboard.press("Escape")
    assert page.evaluate("window.hacked === undefined")


def fetched(evil: Served, path: str) -> bytes:
    with urllib.request.urlopen(evil.address + path, timeout=120) as answer:
        found: bytes = answer.read()
    return found


@pytest.mark.parametrize("name", PANELS)
def test_every_panels_rows_arrive_as_they_are(evil: Served, ids: dict[str, str], name: str) -> None:
    given = {key: ids[key] for key in ids if key in PANELS[name].filters}
    rows, asked = evil.rows(name, **given), f"?{urlencode(given)}"
    text = fetched(evil, f"/api/v1/panels/{name}.csv{asked}").decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    book = openpyxl.load_workbook(io.BytesIO(fetched(evil, f"/api/v1/panels/{name}.xlsx{asked}")))
    cells = list(book.worksheets[0].values)[1:]
    assert len(lines) == len(rows) == len(cells)
    for row, line, cell in zip(rows, lines, cells, strict=True):
        for (key, value), shown in zip(row.items(), cell, strict=True):
            if isinstance(value, str) and any(name in value for name in EVIL):
                assert line[key] == ("'" + value if value[0] in "=+-@\t\r" else value)
                assert unescape(str(shown)) == value.replace("\r\n", "\n")
            elif isinstance(line[key], str):
                assert not line[key].startswith(("=", "@", "+"))
    assert not [one for sheet in book for line in sheet for one in line if one.data_type == "f"]


@pytest.mark.parametrize(
    "path", ["pages/overview.pdf", "pages/inventory.pdf", "panels/customer_list.png", "panels/items.svg"]
)
def test_pictures_are_drawn(evil: Served, path: str) -> None:
    body: Any = fetched(evil, f"/api/v1/{path}")
    start = {"pdf": b"%PDF", "png": b"\x89PNG", "svg": b"<svg"}[path[-3:]]
    assert start in body[:300] and len(body) > 2_000
    assert path.endswith("pdf") or b"<script" not in body  # a report holds its texts as they are
