"""What a desk shows when something is not as it should be: old figures, a lost server, a panel that fails, a page still
being made."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import duckdb
import pytest
from playwright.sync_api import Browser, Route

from data_access.versions import file_hash
from tests.desk.conftest import Opened, resize, settle
from tests.desk.looks import WIDTHS, measured
from tests.served import DemoCompany, Served, serve
from tests.tabs import tab

pytestmark = pytest.mark.browser
CUSTOMER = "/customers/erp%3A1001"
PAGES = ["/", "/inventory", "/customers", CUSTOMER, "/sales", "item", "order", "/outcomes"]


def address(served: Served, path: str) -> str:
    """A page's address; `item` and `order` are those of an order that is open."""
    if path not in ("item", "order"):
        return path
    row = served.rows("open_orders")[0]
    return f"/{path}s/" + quote(row["product_id" if path == "item" else "order_id"], safe="")


def aged(route: Route) -> None:
    """The version document of a server whose sources were last read three hours ago."""
    document = route.fetch().json()
    for source in document["sources"]:
        source["checked_at"] = (datetime.now(UTC) - timedelta(hours=3)).isoformat().replace("+00:00", "Z")
    route.fulfill(json=document)


LANGUAGES = ["en", "zh"]
OLD = [
    pytest.param(path, lang, marks=() if (number + place) % 2 == 0 else pytest.mark.soak)
    for number, path in enumerate(PAGES)
    for place, lang in enumerate(LANGUAGES)
]  # a page in one language, its neighbour in the other


@pytest.mark.parametrize(("path", "lang"), OLD)
def test_old_figures_say_since_when(browser: Browser, served: Served, path: str, lang: str) -> None:
    page = tab(browser, *WIDTHS["desk"])
    try:
        page.route("**/api/v1/version", aged)
        page.goto(f"{served.address}{address(served, path)}?lang={lang}")
        page.wait_for_selector("#content .panel[data-age=stale] .asof:not(:empty)", state="attached")
        settle(page)
        assert page.locator("#fresh .stale").count() == 2
        for size in ("desk", "tablet", "phone"):
            resize(page, *WIDTHS[size])
            chips = page.locator("#content .panel[data-sources] .asof:visible").all_inner_texts()
            assert chips and all(chips), size
            measured(page, size)
    finally:
        page.unroute_all(behavior="ignoreErrors")
        page.close()


def test_a_lost_server_is_told_and_comes_back(desk: Callable[..., Opened]) -> None:
    page = desk("/?lang=en").page
    before = page.inner_text("[data-metric=at_risk] .kpi-value")
    page.route("**/api/v1/version", lambda route: route.abort())
    page.wait_for_selector("#desk-banner:not([hidden])")
    assert page.inner_text("#desk-banner").strip()
    assert page.inner_text("[data-metric=at_risk] .kpi-value") == before
    page.unroute("**/api/v1/version")
    page.wait_for_selector("#desk-banner[hidden]", state="attached")


def test_a_page_being_made_is_framed_and_not_blank(browser: Browser, served: Served) -> None:
    page = tab(browser, 1024, 768)

    def slow(route: Route) -> None:
        time.sleep(1.5)
        route.continue_()

    try:
        page.route("**/_dash-update-component**", slow)
        page.goto(f"{served.address}/?lang=en", wait_until="commit")
        page.wait_for_selector("#boot, .skeleton")
        page.wait_for_selector("#content .panel")
        assert not page.locator("#boot").count() or not page.is_visible("#boot")
    finally:
        page.close()


@pytest.fixture(scope="module")
def broken(demo_company: DemoCompany, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The same company, published without the tables some panels read."""
    folder = tmp_path_factory.mktemp("broken") / "company"
    shutil.copytree(demo_company.folder, folder)
    company = DemoCompany(folder, demo_company.synced)
    path = folder / "warehouse" / f"wh-{company.version}.duckdb"
    with duckdb.connect(str(path)) as con:
        for table in ("marts.need", "marts.customer_rfm", "marts.open_deal", "marts.quarter"):
            con.execute(f"DROP TABLE {table}")
    manifest = json.loads(path.with_suffix(".json").read_text())
    manifest["file"] |= {"bytes": path.stat().st_size, "blake2b": file_hash(path)}
    path.with_suffix(".json").write_text(json.dumps(manifest))
    with serve(company) as found:
        yield found


@pytest.mark.parametrize(("path", "size"), [*((path, "tablet") for path in PAGES[:-1]), ("/", "phone")])
def test_a_panel_fails_alone(browser: Browser, served: Served, broken: Served, path: str, size: str) -> None:
    width, height = WIDTHS[size]
    page = tab(browser, width, height)
    try:
        page.goto(f"{broken.address}{address(served, path)}?lang=en")
        page.wait_for_selector("#content > *")
        settle(page)
        measured(page, size)
        texts = page.inner_text("#content")
        failed, panels = page.locator("#content .panel.broken").count(), page.locator("#content .panel").count()
        assert panels > 1 and failed < panels
        assert "Traceback" not in texts and "Catalog Error" not in texts and "_duckdb" not in texts
        if failed:
            assert "ref" in page.locator("#content .panel.broken").first.inner_text()
    finally:
        page.close()
