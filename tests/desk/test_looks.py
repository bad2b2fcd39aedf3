"""What can be measured of the desk pages' looks: in four widths, in both languages; and that they are reachable."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.desk.conftest import Opened

pytestmark = pytest.mark.browser
MEASURE = Path(__file__).with_name("measure.js").read_text(encoding="utf-8")
CUSTOMERS = ["/customers", "/customers/erp%3A1001"]
SALES = ["/sales", "/sales/order_without_deal", "/outcomes", "/glossary"]
WIDTHS = {"desk": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}
PLACES = ["/", "/table/items", *SALES, *CUSTOMERS]
PAGES = ["/", "/?category=Valves&category=Actuators", "/?region=nowhere", "/table/items", "/?period=nonsense"]
PAGES += [*SALES, "/sales?region=nowhere", "/sales?owner=Li%20Wei&period=90d", "/sales/open_deals?status=overdue"]
PAGES += [
    *CUSTOMERS,
    "/customers?rfm=slipping&search=zzz",
    "/customers/erp%3A1001?period=24m",
    "/customers/erp%3Anobody",
]
Desk = Callable[..., Opened]


def in_language(path: str, lang: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={lang}"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_small_cut_or_in_the_way(desk: Desk, path: str, size: str, lang: str) -> None:
    opened = desk(in_language(path, lang), *WIDTHS[size])
    report: dict[str, Any] = opened.page.evaluate(MEASURE, 11.95 if size == "phone" else 11.45)
    found = {name: report[name] for name in ("small", "outside", "clipped", "overlapping") if report[name]}
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)
    assert report["wide"] <= 0 and report["texts"] > 10
    assert opened.page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[lang]
    assert not opened.problems and not opened.foreign


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_people_with_other_means_can_use_it(desk: Desk, path: str, size: str) -> None:
    """The rules of axe-core: nothing critical or serious, on the page as it is and with a menu open."""
    page = desk(path, *WIDTHS[size], bypass_csp=True).page
    if page.locator("[data-grid]").count():
        page.locator("[data-grid]").first.scroll_into_view_if_needed()  # rows below the fold count as hidden
        page.wait_for_selector(
            ".ag-center-cols-container .ag-row .ag-cell a, .ag-center-cols-container .ag-row .ag-cell span"
        )
    page.evaluate(axe_script())
    page.evaluate("document.querySelector('.filter, .explain, .menu-box').open = true")
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    grave = {one["id"]: one["nodes"][0]["html"] for one in found if one["impact"] in ("serious", "critical")}
    assert not grave, grave


def axe_script() -> str:
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
