"""Order and item pages measured as the other desk pages are: nothing small, cut or in the way; usable by everybody."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from tests.desk.conftest import Opened
from tests.desk.test_looks import MEASURE, WIDTHS, axe_script, in_language
from tests.served import Served

pytestmark = pytest.mark.browser
IN_DEMAND = "SELECT 'items', ino FROM so_l WHERE st = 'O' GROUP BY ino ORDER BY count(*) DESC LIMIT 1"
KINDS = {
    "open order": """SELECT 'orders', l.sno FROM so_l l WHERE l.st = 'O' AND EXISTS (
        SELECT 1 FROM so_l s JOIN mv m ON m.lno = s.lno AND m.st = 'D' WHERE s.sno = l.sno) LIMIT 1""",
    "order of a deal": "SELECT 'orders', sno FROM so_h WHERE oppref <> '' ORDER BY odat DESC LIMIT 1",
    "cancelled order": """SELECT 'orders', h.sno FROM so_h h WHERE NOT EXISTS (
        SELECT 1 FROM so_l l WHERE l.sno = h.sno AND l.st <> 'X') LIMIT 1""",
    "unknown order": "SELECT 'orders', 0",
    "item in demand": IN_DEMAND,
    "item with the question": IN_DEMAND,
    "item never sold": """SELECT 'items', ino FROM item
        WHERE ino NOT IN (SELECT ino FROM so_l WHERE ino IS NOT NULL) LIMIT 1""",
}


@pytest.fixture(scope="module")
def paths(served: Served) -> dict[str, str]:
    erp = sqlite3.connect(served.folder / "erp.db")
    found = {}
    for kind, query in KINDS.items():
        page, number = erp.execute(query).fetchone()
        found[kind] = f"/{page}/erp%3A{number}" + ("?promise_qty=700" if "question" in kind else "")
    return found


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_small_cut_or_in_the_way(
    desk: Callable[..., Opened], paths: dict[str, str], kind: str, size: str, lang: str
) -> None:
    opened = desk(in_language(paths[kind], lang), *WIDTHS[size])
    report: dict[str, Any] = opened.page.evaluate(MEASURE, 11.95 if size == "phone" else 11.45)
    found = {name: report[name] for name in ("small", "outside", "clipped", "overlapping") if report[name]}
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)
    assert report["wide"] <= 0 and not opened.problems and not opened.foreign


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("kind", ["open order", "item with the question"])
def test_people_with_other_means_can_use_it(
    desk: Callable[..., Opened], paths: dict[str, str], kind: str, size: str
) -> None:
    page = desk(in_language(paths[kind], "en"), *WIDTHS[size], bypass_csp=True).page
    if kind.startswith("item"):
        page.locator("#panel-item_moves").scroll_into_view_if_needed()
        page.wait_for_selector(".ag-center-cols-container .ag-row .ag-cell span")
    page.evaluate(axe_script())
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    grave = {one["id"]: one["nodes"][0]["html"] for one in found if one["impact"] in ("serious", "critical")}
    assert not grave, grave
