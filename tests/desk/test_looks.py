"""What can be measured of the desk pages' looks: in four widths, in both languages; and that they are reachable."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.desk.conftest import Opened
from tests.desk.looks import FEW, WIDTHS, check, check_usable, in_language

pytestmark = pytest.mark.browser
PAGES = [
    "/", "/table/items", "/inventory", "/customers", "/customers/erp%3A1001", "/sales", "/sales/order_without_deal",
    "/outcomes", "/glossary", "/production?scenario=demand~10&scenario=delay~14", "/sync", "/quality",
]  # fmt: skip
NARROWED = [
    "/?category=Valves&category=Actuators", "/?region=nowhere", "/?period=nonsense",
    "/inventory?category=Valves&warehouse=SH", "/inventory?region=nowhere&period=13w",
    "/customers?rfm=slipping&search=zzz", "/customers/erp%3A1001?period=24m", "/customers/erp%3Anobody",
    "/sales?region=nowhere", "/sales?owner=Li%20Wei&period=90d", "/sales/open_deals?status=overdue",
    "/table/customer_identity",
]  # fmt: skip
ON_A_PHONE = ["/", "/customers/erp%3A1001"]  # tried by other means there too
Desk = Callable[..., Opened]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_small_cut_or_in_the_way_and_everybody_can_use_it(desk: Desk, path: str, lang: str) -> None:
    opened = desk(in_language(path, lang))
    check(opened, WIDTHS, lang, at_least=30)
    if lang == "en":
        check_usable(opened, "desk")
    elif path in ON_A_PHONE:
        check_usable(opened, "phone")


@pytest.mark.parametrize(("path", "lang"), list(zip(NARROWED, ("en", "zh") * len(NARROWED), strict=False)))
def test_what_is_narrowed_stays_whole(desk: Desk, path: str, lang: str) -> None:
    check(desk(in_language(path, lang)), FEW, lang, at_least=10)
