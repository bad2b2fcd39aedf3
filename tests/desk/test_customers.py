"""The customer pages in a browser: they show what the API gives (which is compared with the sources elsewhere), lead to
each other."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from components import format as fmt
from tests.desk.conftest import Opened
from tests.served import Served

pytestmark = pytest.mark.browser
Desk = Callable[..., Opened]
MEASURE = Path(__file__).with_name("measure.js").read_text(encoding="utf-8")


def of_kind(served: Served, wanted: Callable[[dict[str, Any]], bool]) -> str:
    return next(row["customer_id"] for row in served.rows("customer_list") if row["customer_id"] and wanted(row))


def address(customer_id: str) -> str:
    return f"/customers/{quote(customer_id, safe='')}"


def money(value: float, values: list[float]) -> str:
    return fmt.money(value, "CNY", fmt.unit_for(values, "en"))


def test_the_list_shows_what_the_api_gives(desk: Desk, served: Served) -> None:
    page = desk("/customers").page
    rows, largest = served.rows("customer_list"), served.rows("customer_largest")
    assert page.locator("#panel-customer_largest .party").all_inner_texts() == [
        fmt.trade_name(r["name"]) for r in largest
    ]
    told = [row["revenue"] for row in largest]
    assert page.locator("#panel-customer_largest b.num").all_inner_texts() == [money(value, told) for value in told]
    falling = served.rows("customer_falling")
    lost = [row["lost"] for row in falling]
    assert page.locator("#panel-customer_falling b.num").all_inner_texts() == [money(-value, lost) for value in lost]
    boxes = {row["rfm"]: row for row in served.rows("customer_segments")}
    for name in ("best", "slipping", "lost"):
        assert fmt.number(boxes[name]["customers"]) in page.locator(f"[data-rfm={name}]").inner_text()
    known = [row for row in rows if row["customer_id"]]
    assert f"{len(known)} customers" in page.locator("#panel-customer_list .note").inner_text()
    page.wait_for_selector("#panel-customer_list .ag-center-cols-container .ag-row a")
    first = page.locator("#panel-customer_list .ag-row[row-index='0']")
    assert fmt.trade_name(rows[0]["name"]) in first.inner_text()


def test_a_click_on_a_segment_narrows_the_page(desk: Desk, served: Served) -> None:
    page = desk("/customers").page
    page.locator("[data-rfm=slipping]").click()
    page.wait_for_selector("[data-rfm=slipping][aria-pressed=true]")
    assert "rfm=slipping" in page.url
    wanted = [row for row in served.rows("customer_list", rfm="slipping") if row["customer_id"]]
    page.wait_for_function(
        f"() => document.querySelector('#panel-customer_list .note').textContent.startsWith('{len(wanted)} customer')"
    )


def test_typing_in_the_bar_narrows_the_page(desk: Desk) -> None:
    page = desk("/customers").page
    page.fill("#find", "halden robotics")
    page.keyboard.press("Enter")
    page.wait_for_url("**search=halden*")
    page.wait_for_function("() => document.querySelectorAll('#panel-customer_list .ag-row a').length === 1")
    assert page.locator("#panel-customer_list .ag-row a").inner_text() == "Halden Robotics"
    assert page.input_value("#find") == "halden robotics"


def test_a_customers_page_shows_what_the_api_gives(desk: Desk, served: Served) -> None:
    one = of_kind(served, lambda row: row["in_erp"] and row["in_crm"] and row["deals_base"] > 0 and row["overdue_base"])
    page = desk(address(one)).page
    (about,) = served.rows("customer_identity", customer=one)
    assert page.inner_text("#panel-customer_identity h1") == about["name"]
    assert page.inner_text("[data-stat=sales] .v").startswith(money(about["revenue_12m"], [about["revenue_12m"]]))
    assert page.inner_text("[data-stat=on_time] .v").strip() == fmt.percent(about["on_time"])
    mix = [row["revenue"] for row in served.rows("customer_mix", customer=one)]
    assert money(sum(mix), [sum(mix)]) in page.inner_text("#panel-customer_mix .note")
    lines = served.rows("customer_open_lines", customer=one)
    if lines:
        orders = page.locator("#panel-customer_open_lines tbody tr td:first-child").all_inner_texts()
        assert orders == [row["order_no"] for row in lines[:40]]
    owed = [row["amount"] for row in served.rows("customer_receivables", customer=one) if row["amount"]]
    assert page.locator("#panel-customer_receivables .age-words b").all_inner_texts() == [money(v, owed) for v in owed]
    deals = served.rows("customer_deals", customer=one)
    weighted = sum(row["weighted_base"] for row in deals)
    assert money(weighted, [weighted]) in page.inner_text("#panel-customer_deals .note")


@pytest.mark.parametrize(
    ("known", "words", "silent"),
    [
        ("in_erp", "not in the CRM", ("customer_deals", "customer_tickets")),
        ("in_crm", "no ERP account yet", ("customer_mix", "customer_receivables", "customer_open_lines")),
    ],
)  # fmt: skip
def test_known_to_one_system_only_says_so(
    desk: Desk, served: Served, known: str, words: str, silent: tuple[str, ...]
) -> None:
    other = {"in_erp": "in_crm", "in_crm": "in_erp"}[known]
    one = of_kind(served, lambda row: row[known] and not row[other])
    opened = desk(address(one))
    assert words in opened.page.inner_text("#panel-customer_identity .cust-ids")
    for panel in silent:
        assert words in opened.page.inner_text(f"#panel-{panel}"), panel
    assert not opened.problems and opened.page.locator(".failed").count() == 0


def test_nobody_is_told_in_a_sentence(desk: Desk) -> None:
    opened = desk("/customers/erp%3Anobody")
    assert "no customer with this number" in opened.page.inner_text("#content")
    assert not opened.problems


def test_the_search_box_with_the_keyboard(desk: Desk) -> None:
    page = desk("/customers").page
    page.keyboard.press("Control+k")
    box = page.locator("#search [role=combobox]")
    box.wait_for()
    assert box.evaluate("node => node === document.activeElement") and box.get_attribute("aria-expanded") == "false"
    page.keyboard.type("robotics")
    page.wait_for_selector("#search [role=option]")
    options = page.locator("#search [role=option]")
    assert box.get_attribute("aria-expanded") == "true" and options.first.get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert options.last.get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    assert not page.evaluate("document.getElementById('search').open")
    page.click("#search-open")
    page.keyboard.type("halden robotics")
    page.wait_for_function("() => document.querySelectorAll('#search [role=option]').length === 1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/erp*")
    page.wait_for_selector("#panel-customer_identity")
    assert not page.evaluate("document.getElementById('search').open")


def test_the_search_route_answers_with_links_and_limits(served: Served) -> None:
    def ask(query: str) -> Any:
        with urllib.request.urlopen(f"{served.address}/api/v1/search?q={quote(query)}", timeout=30) as answer:
            return json.load(answer)["hits"]

    (first, *_) = ask("SD-400")
    assert first["kind"] == "item" and first["href"] == "/items/" + quote(first["id"], safe="")
    assert ask("") == ask("   ") == []
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask("x" * 400)
    assert refused.value.code == 400
