"""Order and item pages measured as the other desk pages are: nothing small, cut or in the way; usable by everybody."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest

from tests.desk.conftest import Opened
from tests.desk.looks import FEW, WIDTHS, check, check_usable, in_language
from tests.served import Served

pytestmark = pytest.mark.browser
Desk = Callable[..., Opened]
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


@pytest.mark.parametrize(("kind", "size"), [("open order", "desk"), ("item with the question", "phone")])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_is_small_cut_or_in_the_way_and_everybody_can_use_it(
    desk: Desk, paths: dict[str, str], kind: str, size: str, lang: str
) -> None:
    opened = desk(in_language(paths[kind], lang))
    check(opened, WIDTHS, lang, at_least=30)
    if lang == "en":
        check_usable(opened, size)


OTHERS = [kind for kind in KINDS if kind != "open order"]


@pytest.mark.parametrize(("kind", "lang"), list(zip(OTHERS, ("zh", "en") * len(OTHERS), strict=False)))
def test_other_kinds_stay_whole(desk: Desk, paths: dict[str, str], kind: str, lang: str) -> None:
    check(desk(in_language(paths[kind], lang)), FEW, lang, at_least=5)
