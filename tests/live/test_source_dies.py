"""A source's database ends in the middle of the day: its figures say since when, the rest stays fresh, and all is well
again by itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page

from data_access import demo
from data_access.demo.make import CRM_ENV
from tests.live.company import LiveCompany, until
from tests.live.ordered import order
from tests.real.servers import Missing, Postgres

pytestmark = [pytest.mark.browser, pytest.mark.real, pytest.mark.alone]
PROMISE = 6
WORDS = {"en": ("as of ", "1 h"), "zh": ("截至 ", "1 小时")}  # before a time, and an age
OF_CRM, OF_ERP = "#wall .k[data-metric=pipeline_weighted]", "#wall .k[data-metric=booked]"
PANELS = """() => [...document.querySelectorAll('#content .panel[data-sources]')].map((panel) =>
    [panel.dataset.sources.split(' '), panel.querySelector('[data-asof]').textContent])"""
FEED = "() => document.getElementById('feed-body').textContent"
CHIPS = "() => [...document.querySelectorAll('#chips .chip')].map((n) => [n.className, n.textContent])"


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A server of these tests' own: it will be stopped."""
    try:
        server = Postgres()
    except Missing as missing:
        pytest.skip(f"PostgreSQL tests not run: {missing}")
    yield server
    server.close()


@pytest.fixture
def postgres(server: Postgres) -> Iterator[Postgres]:
    """It runs again afterwards."""
    yield server
    if server.process is None or server.process.poll() is not None:
        server.up()


@pytest.fixture(scope="module")
def synced(server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ERP in SQLite, CRM in PostgreSQL, synced once; tests copy the folder and the database."""
    url = server.url(server.create("demo_crm"), "postgres")
    folder = tmp_path_factory.mktemp("synced") / "company"
    demo.make(folder, lines=12_000, crm_url=url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CRM_ENV, url)
        done = LiveCompany(folder).command("sync")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(params=[PROMISE], ids=lambda promise: f"{promise} s")
def company(
    request: pytest.FixtureRequest, postgres: Postgres, synced: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LiveCompany]:
    """Copies of both, with this promise of freshness in seconds."""
    url = postgres.url(postgres.create(f"demo_crm_{request.param}", "demo_crm"), "postgres")
    shutil.copytree(synced, tmp_path, dirs_exist_ok=True)
    config = tmp_path / "tandem.toml"
    text = config.read_text(encoding="utf-8")
    assert 'every = "5s"' in text and 'fresh_within = "2m"' in text
    text = text.replace('every = "5s"', 'every = "1s"')
    config.write_text(text.replace('fresh_within = "2m"', f'fresh_within = "{request.param}s"'), encoding="utf-8")
    monkeypatch.setenv(CRM_ENV, url)
    live = LiveCompany(tmp_path)
    yield live
    live.stop()


def until_chips(page: Page, erp: str, crm: str, *, seconds: float) -> str:
    """Waits until the chips have these classes ('' = calm); the text of the CRM's."""
    page.wait_for_function(
        f"""([erp, crm]) => {{ const found = ({CHIPS})().map(([c]) => c.replace('chip', '').trim());
            return found.length === 2 && found[0] === erp && found[1] === crm; }}""",
        arg=[erp, crm],
        timeout=seconds * 1000,
    )
    return str(page.evaluate(CHIPS)[1][1])


def test_amber_then_red_with_the_time_then_well_again(
    company: LiveCompany, postgres: Postgres, watched: Callable[[LiveCompany], Page]
) -> None:
    company.serve()
    company.start("_sync")
    page = watched(company)
    until_chips(page, "", "", seconds=60)
    figures = page.inner_text("[data-metric=pipeline_weighted] .v")
    postgres.down()
    amber = until_chips(page, "", "wrn", seconds=60)
    red = until_chips(page, "", "bad", seconds=60)
    assert "CRM" in amber and "CRM" in red
    assert page.inner_text("[data-metric=pipeline_weighted] .v") == figures
    assert page.locator(".k[data-age] .asof:visible").count() >= 1
    assert page.get_attribute("#panel-customers", "data-age") is None
    postgres.up()
    assert "CRM" in until_chips(page, "", "", seconds=120)
    assert page.locator(".k[data-age]").count() == 0
    before = company.version()
    demo.tick(company.folder)
    page.wait_for_function("v => tandem.version.version > v", arg=before, timeout=60_000)
    log = (company.folder / "_sync.log").read_text(encoding="utf-8")
    assert "Traceback" not in log and "crm" in log
    print(f"amber: {amber!r}, red: {red!r}")


@pytest.mark.parametrize("company", [120], indirect=True)
def test_dead_for_an_hour(
    company: LiveCompany, postgres: Postgres, watched: Callable[..., Page], opened: Callable[[str], Page]
) -> None:
    """The hour is put into the product's clock: the wall and desks of both languages tell it of what the CRM gave, and
    of nothing else; the ERP's news come through; then everything is calm again, in the same documents."""
    ahead = company.folder / "ahead"
    ahead.write_text("0", encoding="ascii")
    company.program = ["-m", "tests.live.ahead", str(ahead), "app.py"]
    company.serve()
    company.start("_sync")
    walls = {lang: watched(company, lang) for lang in WORDS}
    desks = {lang: opened(f"{company.address}/inventory?lang={lang}") for lang in WORDS}
    for page in walls.values():
        until_chips(page, "", "", seconds=120)
    for page in desks.values():
        page.wait_for_selector("#content .panel[data-sources]", state="attached")
    pages = [*walls.values(), *desks.values()]
    for page in pages:
        page.evaluate("() => { window.same = true; }")
    figures = {lang: page.inner_text(OF_CRM + " .v") for lang, page in walls.items()}

    postgres.down()
    until(lambda: company.ledger("SELECT 1 FROM source_status WHERE source = 'crm' AND NOT last_ok"))
    ((checked,),) = company.ledger("SELECT checked_at FROM source_status WHERE source = 'crm'")
    ahead.write_text("3600", encoding="ascii")
    since = datetime.fromisoformat(checked).astimezone(ZoneInfo("Asia/Shanghai")).strftime("%H:%M")
    for lang, page in walls.items():
        assert WORDS[lang][1] in until_chips(page, "", "bad", seconds=240)
        as_of = page.locator(f"{OF_CRM} .asof").inner_text()
        assert WORDS[lang][0] in as_of and since in as_of
        assert page.inner_text(OF_CRM + " .v") == figures[lang]
        assert page.get_attribute(OF_ERP, "data-age") is None and not page.inner_text(OF_ERP + " .asof")
        assert page.get_attribute("#panel-customers", "data-age") is None
    for lang, page in desks.items():
        page.wait_for_function(  # the ERP too is an hour old until it is read next
            f"() => ({PANELS})().every(([names, text]) => Boolean(text) === names.includes('crm'))", timeout=120_000
        )
        told = page.evaluate(PANELS)
        assert {True, False} == {"crm" in sources for sources, _ in told}, "panels of both kinds"
        assert all(WORDS[lang][0] in text and since in text for sources, text in told if "crm" in sources), told
    order(company.folder, 1, 7_654_321_00)
    for page in walls.values():
        page.wait_for_function(f"() => ({FEED})().includes('7.65') || ({FEED})().includes('765')", timeout=120_000)

    postgres.up()
    for page in walls.values():
        until_chips(page, "", "", seconds=180)
        assert page.locator(".k[data-age]").count() == 0
    for page in desks.values():
        page.wait_for_function(f"() => ({PANELS})().every(([, text]) => text === '')", timeout=60_000)
    assert all(page.evaluate("() => window.same") for page in pages)
