"""The production page in a browser: what it shows is what the API says; proposals and scenarios live in the address."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.desk.conftest import Opened
from tests.served import Served

pytestmark = pytest.mark.browser
Desk = Callable[..., Opened]


def chosen(opened: Opened, name: str) -> list[str]:
    return parse_qs(urlsplit(opened.page.url).query).get(name, [])


def test_the_schedule_is_that_of_the_api(desk: Desk, served: Served) -> None:
    page = desk("/production?lang=en").page
    rows = served.rows("schedule")
    items = list(dict.fromkeys(row["sku"] for row in rows))[:4]
    assert [one.split(" ")[0] for one in page.locator(".mps .of-item a").all_inner_texts()] == items
    first = [row for row in rows if row["sku"] == items[0]]
    left = page.locator(".mps tr.strong").first.locator("td").all_inner_texts()
    shown = [float(text.replace("▼", "").replace("−", "-").replace(",", "").strip()) for text in left]
    assert shown == pytest.approx([row["projected_available"] for row in first], abs=0.51)


def test_loads_are_framed_where_they_pass_a_hundred(desk: Desk, served: Served) -> None:
    page = desk("/production?lang=en").page
    over = [row for row in served.rows("load") if round(row["utilisation"], 2) > 1]
    assert page.locator("#panel-load .cell.over, #panel-load .cell.far").count() == len(over)


def test_what_is_proposed_is_a_list_to_take_along(desk: Desk, served: Served) -> None:
    opened = desk("/production?lang=en")
    page = opened.page
    assert page.locator("#panel-proposal").count() == 0
    page.locator(".message-row .propose").first.click()
    page.wait_for_selector("#panel-proposal .message-row")
    (key,) = chosen(opened, "propose")
    rows = served.rows("proposal", propose=key)
    assert rows and all(f"{row['product_id']}~{row['kind']}" == key for row in rows)
    assert page.locator("#panel-proposal .message-row").count() == len(rows)
    assert "propose=" in (page.get_attribute("#panel-proposal .panel-foot a", "href") or "")
    page.locator(".message-row .propose.on").click()
    page.wait_for_selector("#panel-proposal", state="detached")
    assert chosen(opened, "propose") == [] and served.rows("proposal") == []


def test_a_scenario_stands_beside_the_plan_of_record(desk: Desk, served: Served) -> None:
    opened = desk("/production?lang=en")
    page = opened.page
    page.fill("#scenario-demand", "25")
    page.fill("#scenario-delay", "7")
    page.click("#scenario-form button[type=submit]")
    page.wait_for_url("**scenario=*")
    page.wait_for_selector(".scenarios thead th:nth-child(3)")
    assert chosen(opened, "scenario") == ["demand~25;delay~7"]
    heads = page.locator(".scenarios thead th").all_inner_texts()
    assert heads[1] == "Plan of record" and heads[2].startswith("demand +25% · suppliers 7 days later")
    base, more = served.rows("scenarios", scenario="demand~25;delay~7")
    shown = page.locator(".scenarios tbody tr").first.locator("td").all_inner_texts()
    assert shown[0] == str(base["stock_outs"]) and shown[1].split("\n")[0].split("▲")[0].strip() == str(
        more["stock_outs"]
    )
    page.locator(".scenarios .gone").click()
    page.wait_for_selector(".scenarios thead th:nth-child(3)", state="detached")
    assert chosen(opened, "scenario") == []


def test_a_scenario_nobody_can_read_says_how_to_write_one(desk: Desk) -> None:
    page = desk("/production?lang=en&scenario=demand~much").page
    assert "demand takes a number" in page.inner_text("#panel-scenarios")
    assert page.locator("#content .failed").count() == 1


def test_what_was_chosen_is_shown_as_a_table(desk: Desk, served: Served) -> None:
    message = served.rows("messages")[0]
    for path in (
        "/table/scenarios?lang=en&scenario=demand~10",
        f"/table/proposal?lang=en&propose={message['product_id']}~{message['kind']}",
    ):
        opened = desk(path)
        opened.page.wait_for_selector(".ag-center-cols-container .ag-row")
        assert not opened.problems


def test_a_work_centre_that_is_lost_is_told_without_a_load(desk: Desk, served: Served) -> None:
    center = served.rows("load")[0]["work_center_id"]
    kept, lost = served.rows("scenarios", scenario=f"lost~{center}~100")
    (record,) = served.rows("scenarios")
    assert kept == record and lost["utilisation"] is None and lost["weeks_overloaded"] > 0
    opened = desk(f"/production?lang=en&scenario=lost~{center}~100")
    assert opened.page.locator("#panel-scenarios .scenarios thead th").count() == 3
    assert opened.page.locator("#panel-scenarios .broken, .broken#panel-scenarios").count() == 0
