"""How a desk page is looked at: measured in a width and a language, and with the rules of axe-core."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.desk.conftest import Opened, resize

MEASURE = Path(__file__).with_name("measure.js").read_text(encoding="utf-8")
WIDTHS = {"desk": (1440, 900), "tablet": (1024, 768), "upright": (768, 1024), "phone": (390, 844)}
FEW = ["phone", "desk"]  # widths of a look that is like others
FAULTS = ("small", "outside", "clipped", "overlapping", "covered")


def in_language(path: str, lang: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={lang}"


def measured(page: Page, size: str) -> dict[str, Any]:
    """The report of measure.js, in which no fault was found."""
    report: dict[str, Any] = page.evaluate(MEASURE, 11.95 if size == "phone" else 11.45)
    found = {name: report[name] for name in FAULTS if report[name]}
    assert not found, f"{size}: {json.dumps(found, ensure_ascii=False, indent=1)[:3000]}"
    assert report["wide"] <= 0, size
    return report


def check(opened: Opened, sizes: Iterable[str], lang: str, *, at_least: int) -> None:
    """Nothing small, cut or in the way in any width; nothing fetched from elsewhere, no error told."""
    for size in sizes:
        resize(opened.page, *WIDTHS[size])
        assert measured(opened.page, size)["texts"] > at_least, size
    assert opened.page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[lang]
    assert not opened.problems and not opened.foreign


def check_usable(opened: Opened, size: str) -> None:
    """Nothing critical or serious by the rules of axe-core, with its tables' rows in sight and a menu open."""
    page = opened.page
    resize(page, *WIDTHS[size])
    if page.locator("[data-grid]").count():
        page.locator("[data-grid]").first.scroll_into_view_if_needed()  # rows below the fold count as hidden
        cell = ".ag-center-cols-container .ag-row .ag-cell"
        page.wait_for_selector(f"{cell} a, {cell} span")
    page.evaluate(axe_script())
    page.evaluate("(document.querySelector('.filter, .explain, .menu-box') || {}).open = true")
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    grave = {one["id"]: one["nodes"][0]["html"] for one in found if one["impact"] in ("serious", "critical")}
    assert not grave, (size, grave)


def axe_script() -> str:
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
