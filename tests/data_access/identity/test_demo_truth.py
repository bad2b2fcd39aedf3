"""The demo company's links against what is true of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data_access import demo
from data_access.config import load_config
from data_access.sync.run import run_sync
from tests.data_access.demo.demo_company import open_company
from tests.data_access.identity.scoring import score
from tests.data_access.identity.twosystems import STEPS, TwoSystems, identity_models

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> TwoSystems:
    folder = demo.make(tmp_path_factory.mktemp("demo"), lines=3000, seed=11, today=TODAY).directory
    made = TwoSystems(load_config(folder / "tandem.toml"), {}, identity_models(folder / "models"))
    report = run_sync(made.config, models=made.models, steps=STEPS)
    assert report.errors == []
    return made


def test_links_are_right_and_few_are_missing(company: TwoSystems, capsys: pytest.CaptureFixture[str]) -> None:
    folder: Path = company.config.path.parent
    truth = open_company(folder).truth
    rows = company.read("SELECT source, source_id, customer_id, rule FROM core.customer_link")
    links = {(source, own): (customer, rule) for source, own, customer, rule in rows}
    first = truth["customer_double"]
    company_of = {
        ("crm", account): number for number, account in truth["customer_account"].items() if number not in first
    }
    company_of |= {("crm", account): account for account in truth["crm_only"]}
    company_of |= {("erp", own): first.get(own, own) for source, own in links if source == "erp"}
    found = score(links, company_of)
    with capsys.disabled():
        print(f"\ndemo: {found}")
    assert found.precision >= 0.995 and found.recall >= 0.95


def test_the_review_queue_holds_what_is_missing(company: TwoSystems) -> None:
    """Pairs asked about are worth asking: at least half of them are one company."""
    truth = open_company(company.config.path.parent).truth
    company_of = {
        ("crm", account): number
        for number, account in truth["customer_account"].items()
        if number not in truth["customer_double"]
    }
    company_of |= {
        ("erp", own): truth["customer_double"].get(own, own)
        for (own,) in company.read("SELECT source_id FROM core.customer_link WHERE source = 'erp'")
    }
    pairs = company.read(
        "SELECT left_source, left_id, right_source, right_id FROM core.identity_pair WHERE rule IS NULL"
    )
    good = sum(company_of.get((a, b)) == company_of.get((c, d), "") for a, b, c, d in pairs)
    assert pairs and good / len(pairs) >= 0.5
