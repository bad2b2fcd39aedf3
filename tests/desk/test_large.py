"""A hundred thousand items: the table scrolls to its last row, a workbook of all of them arrives with progress."""

from __future__ import annotations

import csv
import io
import json
import time
import urllib.request
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from data_access import demo
from tests.bench.enlarge import enlarge
from tests.desk.conftest import Opened, settle
from tests.served import Served, serve, synced

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ITEMS = 100_000
pytestmark = pytest.mark.large
VIEW = "#panel-items .ag-body-viewport"
# The code of the last row, once scrolling has brought it; false until then.
AT_THE_END = """(bottom) => {
  const view = document.querySelector('#panel-items .ag-body-viewport');
  view.scrollTop = view.scrollHeight;
  const rows = [...document.querySelectorAll('#panel-items .ag-center-cols-container [row-index]')];
  const last = rows.find((row) => +row.getAttribute('row-index') === bottom.total - 1);
  const code = last && last.querySelector('[col-id=sku] a') ? last.querySelector('[col-id=sku]').textContent : false;
  return code && (!bottom.wanted || code === bottom.wanted) ? code : false;
}"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A company of many items, synced by the command line, and its web process."""
    folder = tmp_path_factory.mktemp("large")
    demo.make(folder, lines=12_000, seed=7)
    enlarge(folder, ITEMS)
    with serve(synced(folder)) as found:
        yield found


def exported(large: Served, extension: str) -> tuple[list[int], bytes]:
    """(the figures of progress that were told, the file) of all items, by the background route."""
    body = json.dumps({"panel": "items", "format": extension, "lang": "en"}).encode()
    headers = {"Content-Type": "application/json", "Origin": large.address}
    asked = urllib.request.Request(f"{large.address}/api/v1/exports", body, headers)
    with urllib.request.urlopen(asked, timeout=60) as answer:
        told: dict[str, Any] = json.load(answer)
    path, seen = f"{large.address}/api/v1/exports/{told['id']}", []
    while told["status"] in ("waiting", "running"):
        with urllib.request.urlopen(path, timeout=60) as answer:
            told = json.load(answer)
        seen.append(told["done"])
        time.sleep(0.05)
    assert told["status"] == "done" and told["done"] == told["total"] == ITEMS, told
    with urllib.request.urlopen(f"{path}/file", timeout=120) as answer:
        return seen, answer.read()


def window(large: Served, start: int, count: int, **sort: str) -> dict[str, Any]:
    """A stretch of the table as the browser asks for it."""
    asked = json.dumps([{"colId": column, "sort": how} for column, how in sort.items()]).replace(" ", "")
    path = f"{large.address}/desk/rows/items.json?lang=en&start={start}&count={count}&sort={asked}"
    with urllib.request.urlopen(path.replace('"', "%22"), timeout=60) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


@pytest.mark.browser
def test_the_table_scrolls_to_its_last_row(browser: Browser, large: Served) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    opened = Opened(page)
    page.on("console", lambda line: opened.problems.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: opened.problems.append(str(error)))
    page.goto(large.address + "/?lang=en")
    page.wait_for_selector("#panel-items [row-index='0'] [col-id=sku] a", timeout=120_000)
    settle(page)
    for part in (0.25, 0.5):
        page.evaluate(f"document.querySelector('{VIEW}').scrollTop = {part} * {ITEMS} * 27")
        page.wait_for_timeout(400)
    last = page.wait_for_function(AT_THE_END, arg={"total": ITEMS}, timeout=60_000).json_value()
    assert last == window(large, ITEMS - 1, 100)["rows"][0]["sku"]["t"]
    page.click("#panel-items .ag-header-cell[col-id=weekly_quantity]")
    wanted = window(large, ITEMS - 1, 100, weekly_quantity="asc")["rows"][0]["sku"]["t"]
    assert page.wait_for_function(AT_THE_END, arg={"total": ITEMS, "wanted": wanted}, timeout=60_000)
    assert not opened.problems
    page.close()


def test_windows_are_the_rows_of_the_table_in_order(large: Served) -> None:
    assert window(large, 0, 100)["total"] == ITEMS
    first, second = (window(large, start, 100, name="desc")["rows"] for start in (70_000, 70_050))
    assert first[50:] == second[:50] and len(first) == 100
    names = [row["name"]["t"].casefold() for row in first]
    assert names == sorted(names, reverse=True)


def test_a_workbook_of_all_items_arrives_with_progress(large: Served) -> None:
    seen, data = exported(large, "xlsx")
    assert len(set(seen)) > 5 and seen == sorted(seen)
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    codes = [row[0] for row in book.worksheets[0].iter_rows(min_row=2, min_col=2, max_col=2, values_only=True)]
    assert len(codes) == len(set(codes)) == ITEMS
    told = {row[0]: row[1] for row in book["Provenance"].iter_rows(max_col=2, values_only=True)}
    assert told["Rows (all there are)"] == f"{ITEMS:,}"


def test_so_does_a_csv_file(large: Served) -> None:
    seen, data = exported(large, "csv")
    assert seen == sorted(seen)
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert len({row["sku"] for row in rows}) == ITEMS == len(rows)
