"""A source's database ends in the middle of the day: amber chip, red chip, the rest fresh, recovery by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from data_access import demo
from data_access.demo.make import CRM_ENV
from tests.live.company import LiveCompany
from tests.real.servers import Missing, Postgres

pytestmark = [pytest.mark.browser, pytest.mark.real, pytest.mark.alone]
PROMISE = 6
CHIPS = "() => [...document.querySelectorAll('#chips .chip')].map((n) => [n.className, n.textContent])"


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    """A server of this test's own: it will be stopped."""
    try:
        server = Postgres()
    except Missing as missing:
        pytest.skip(f"PostgreSQL tests not run: {missing}")
    yield server
    server.close()


@pytest.fixture
def company(postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveCompany]:
    """ERP in SQLite, CRM in PostgreSQL, with a short promise of freshness."""
    url = postgres.url(postgres.create("demo_crm"), "postgres")
    made = demo.make(tmp_path, lines=12_000, crm_url=url)
    text = made.config.read_text(encoding="utf-8")
    text = text.replace('every = "5s"', 'every = "1s"').replace('fresh_within = "2m"', f'fresh_within = "{PROMISE}s"')
    made.config.write_text(text, encoding="utf-8")
    monkeypatch.setenv(CRM_ENV, url)
    live = LiveCompany(tmp_path)
    try:
        done = live.command("sync")
        assert done.returncode == 0, done.stderr
        yield live
    finally:
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
