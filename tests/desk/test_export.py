"""Exports from the screen: the menu, pictures drawn by the browser itself, files with their progress."""

from __future__ import annotations

import base64
import json
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen
from xml.etree import ElementTree

import openpyxl
import pytest

from components.export import column_titles
from data_access.panels import PANELS
from tests.desk.conftest import Opened, settle
from tests.desk.looks import axe_script
from tests.served import Served

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser
Desk = Callable[..., Opened]
SVG = "{http://www.w3.org/2000/svg}"
# Two pictures of one size as blocks of 16 x 16 pixels: [mean difference of the blocks, mean ink], each 0 to 255.
COMPARE = """async ([first, second]) => {
  const load = async (url) => { const image = new Image(); image.src = url; await image.decode(); return image; };
  const images = [await load(first), await load(second)], { width, height } = images[0], block = 16;
  const [a, b] = images.map((image) => {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const pen = canvas.getContext('2d', { willReadFrequently: true });
    pen.fillStyle = 'white'; pen.fillRect(0, 0, width, height); pen.drawImage(image, 0, 0, width, height);
    const pixels = pen.getImageData(0, 0, width, height).data, across = Math.ceil(width / block);
    const sums = new Float64Array(across * Math.ceil(height / block));
    for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) {
      const at = 4 * (y * width + x);
      sums[Math.floor(y / block) * across + Math.floor(x / block)] += pixels[at] + pixels[at + 1] + pixels[at + 2];
    }
    return sums.map((sum) => sum / (3 * block * block));
  });
  const mean = (of) => a.reduce((sum, value, i) => sum + of(value, b[i]), 0) / a.length;
  return [mean((x, y) => Math.abs(x - y)), mean((x) => 255 - x)];
}"""
PRINT = """() => { window.print = () => {
  dispatchEvent(new Event('beforeprint'));
  window.printed = document.querySelector('body > .picture-head').textContent;
  dispatchEvent(new Event('afterprint'));
}; }"""
PICTURE = "(name) => tandem.pictureOf(document.getElementById('panel-' + name)).then((made) => made.svg)"


def fetched(served: Served, path: str) -> bytes:
    with urlopen(served.address + path, timeout=120) as answer:
        data: bytes = answer.read()
    return data


def png_size(data: bytes) -> tuple[int, int]:
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def url_of(kind: str, data: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


@pytest.mark.parametrize("panel", ["desk_runway", "items", "customer_list"])
def test_the_drawn_svg_looks_like_the_photograph(desk: Desk, served: Served, panel: str) -> None:
    """The server's PNG is a photograph of the page; the SVG is drawn box by box. Both show the same."""
    png = fetched(served, f"/api/v1/panels/{panel}.png?lang=en")
    svg = fetched(served, f"/api/v1/panels/{panel}.svg?lang=en")
    root = ElementTree.fromstring(svg)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    size = png_size(png)
    assert abs(size[0] - 2 * width) <= 4 and abs(size[1] - 2 * height) <= 4
    page = desk("/glossary", bypass_csp=True).page
    difference, ink = page.evaluate(COMPARE, [url_of("png", png), url_of("svg+xml", svg)])
    assert ink > 2 and difference < min(2.5, ink / 4), (difference, ink)
    words = " ".join("".join(node.itertext()) for node in root.iter(f"{SVG}text"))
    assert "as of" in words and "version 1" in words and "Kaichuan Motion" in words
    assert "@font-face" in "".join(root.itertext()) and not re.search(r'(?:href|src)="https?:', svg.decode())


def test_the_browser_draws_without_the_server(desk: Desk, served: Served, tmp_path: Path) -> None:
    """PNG and SVG of a panel from the Export menu: no request leaves for them."""
    opened = desk("/?lang=en&category=Valves")
    page, asked = opened.page, []
    page.on("request", lambda request: asked.append(request.url) if "/api/v1/p" in request.url else None)
    page.evaluate("document.querySelector('#panel-items .explain').open = true")
    with page.expect_download() as download:
        page.click("#panel-items .exports [data-export=png]")
    file = tmp_path / "items.png"
    download.value.save_as(file)
    box = page.locator("#panel-items").bounding_box()
    width, height = png_size(file.read_bytes())
    assert box is not None and width == 2 * round(box["width"]) and height > 2 * box["height"]
    assert download.value.suggested_filename == "Items.png"
    svg = page.evaluate(PICTURE, "items")
    words = " ".join(node.text or "" for node in ElementTree.fromstring(svg).iter(f"{SVG}text"))
    assert "Category: Valves" in words and "as of" in words and re.search(r"rows 1–\d+ of \d+", words)
    with page.expect_download() as download:
        page.evaluate("document.getElementById('export-menu').open = true")
        page.click("#export-menu [data-export=svg]")
    file = tmp_path / "page.svg"
    download.value.save_as(file)
    root = ElementTree.parse(file).getroot()
    words = " ".join(node.text or "" for node in root.iter(f"{SVG}text"))
    assert "Overview" in words and "Category: Valves" in words and "Items" in words
    assert not asked and not opened.problems


def test_rows_arrive_with_the_filters_of_the_page(desk: Desk, served: Served, tmp_path: Path) -> None:
    page = desk("/?lang=en&category=Valves&category=Actuators").page
    page.click("#export-menu > summary")
    with page.expect_download(timeout=120_000) as download:
        page.click("#export-menu [data-panel=items][data-export=xlsx]")
    file = tmp_path / "items.xlsx"
    download.value.save_as(file)
    book = openpyxl.load_workbook(file)
    rows = list(book.worksheets[0].values)
    expected = served.rows("items", category=["Valves", "Actuators"])
    assert len(rows) - 1 == len(expected) > 0
    assert [row[1] for row in rows[1:]] == [row["sku"] for row in expected]
    told = {row[0]: row[1] for row in book["Provenance"].values}
    assert told["Filter: Category"] == "Valves, Actuators"
    assert told["Rows (all there are)"] == str(len(expected))
    page.wait_for_selector(".toast :text('Items.xlsx is ready')")


def answering(page: Page, pattern: str, status: int, body: object) -> list[tuple[str, str | None]]:
    """Answers requests that match as told; the list fills with their methods and bodies."""
    sent: list[tuple[str, str | None]] = []

    def answer(route: Route) -> None:
        sent.append((route.request.method, route.request.post_data))
        route.fulfill(status=status, content_type="application/json", body=json.dumps(body))

    page.route(pattern, answer)
    return sent


def test_a_running_export_shows_its_progress_and_is_cancelled(desk: Desk) -> None:
    page = desk("/?lang=en&category=Valves").page
    running = {"id": "x", "status": "running", "done": 25_000, "total": 100_000}
    sent = answering(page, "**/api/v1/exports**", 202, running)
    page.click("#export-menu > summary")
    page.click("#export-menu [data-panel=items][data-export=csv]")
    page.wait_for_selector(".toast :text('25,000 of 100,000 rows')")
    bar = page.locator(".toast progress")
    assert (bar.get_attribute("max"), bar.get_attribute("value")) == ("100000", "25000")
    page.click(".toast button:text('Cancel')")
    page.wait_for_selector(".toast :text('cancelled')")
    method, body = sent[0]
    asked = {"panel": "items", "format": "csv", "filters": {"category": ["Valves"]}, "lang": "en"}
    assert method == "POST" and json.loads(body or "") == asked
    assert "DELETE" in [method for method, _ in sent]


def test_a_failed_export_says_why(desk: Desk) -> None:
    page = desk("/?lang=en").page
    told = {"error": "too many exports are being made", "hint": "wait for one to finish"}
    answering(page, "**/api/v1/exports**", 429, told)
    page.click("#export-menu > summary")
    page.click("#export-menu [data-panel=items][data-export=csv]")
    page.wait_for_selector(".toast.bad :text('wait for one to finish')")


def test_where_the_server_cannot_draw_a_report_the_browser_prints(desk: Desk) -> None:
    page = desk("/?lang=en&region=Ohio").page
    answering(page, "**/api/v1/pages/**", 503, {"error": "no Chromium", "hint": ""})
    page.evaluate(PRINT)
    page.click("#export-menu > summary")
    page.click("#export-menu [data-export=pdf]")
    page.wait_for_function("() => window.printed")
    printed = page.evaluate("window.printed")
    assert printed.startswith("Overview") and "Region: Ohio" in printed and "as of" in printed
    assert page.locator("body > .picture-head").count() == 0


def test_the_menu_is_for_keyboards_too(desk: Desk) -> None:
    page = desk("/?lang=en", bypass_csp=True).page
    page.focus("#export-menu > summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.export") == "png"
    page.evaluate(axe_script())
    found = page.evaluate("axe.run('#export-menu', { resultTypes: ['violations'] })")["violations"]
    assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")]
    page.keyboard.press("Escape")
    assert page.evaluate("[document.querySelector('#export-menu').open, document.activeElement.tagName]") == [
        False,
        "SUMMARY",
    ]
    page.keyboard.press("Enter")
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.click("#export-menu [data-export=link]")
    page.wait_for_selector(".toast :text('Link copied')")
    assert page.evaluate("window.copied") == page.url


def test_a_page_becomes_a_report(served: Served) -> None:
    data = fetched(served, "/api/v1/pages/overview.pdf?lang=zh&category=Valves")
    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", data)
    assert boxes and all((round(float(w)), round(float(h))) == (842, 596) for w, h in boxes)
    assert 1 <= len(boxes) <= 3
    png = fetched(served, "/api/v1/pages/sales.png?lang=en")
    assert png_size(png)[0] == 2 * 1440


def test_every_column_has_a_chinese_title(served: Served) -> None:
    """What stands over the columns of a spreadsheet, for every panel there is."""
    ids = {"customer": served.rows("customer_largest")[0]["customer_id"], "item": served.rows("items")[0]["product_id"]}
    ids["order"] = next(row["order_id"] for row in served.rows("delivered_not_invoiced") if row["order_id"])
    silent = set()
    for panel in PANELS.values():
        told = served.document(panel.name, **{name: value for name, value in ids.items() if name in panel.filters})
        silent |= {column["name"] for column in told["columns"]} - column_titles()["zh"].keys()
    assert not silent, sorted(silent)


def test_one_panel_alone_is_a_page(desk: Desk) -> None:
    for path in ("/panel/regions?lang=en&category=Valves", "/panel/kpis?lang=zh", "/panel/runway_lanes"):
        opened = desk(path)
        assert opened.page.locator(".alone .panel").count() == 1, path
        settle(opened.page)
        assert not opened.problems, path
    opened = desk("/panel/nothing?lang=en")
    assert "There is no such panel" in opened.page.inner_text("#content")
