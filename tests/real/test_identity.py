"""Who is who in the whole Tryton and BottleCRM databases, judged by what the CRM itself noted of the ERP's customers.

The notes (a tax number on 57 accounts, the ERP's customer number on 15) are hidden from the matcher first.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data_access.connectors.profile import PROFILES
from data_access.sync.run import run_sync
from tests.data_access.identity.scoring import Score, score
from tests.data_access.identity.twosystems import STEPS, identity_models
from tests.real.company import RealCompany, make_company
from tests.real.conftest import DUMP_TENANT, crm, erp
from tests.real.servers import Postgres

pytestmark = pytest.mark.real


def body(number: str) -> str:
    return re.sub(r"^(DE|FR|GB)", "", re.sub(r"[^0-9A-Z]", "", number.upper()))


def labelled(postgres: Postgres, tryton: str, bottle: str) -> dict[str, str]:
    """Account -> party, by tax number or noted customer number."""
    parties: dict[str, str] = {}
    for party, number in postgres.sql(tryton, "SELECT party::text, code FROM party_identifier"):
        parties[body(number)] = party
    codes = dict(postgres.sql(tryton, "SELECT code, id::text FROM party_party"))
    query = "SELECT id::text, custom_fields->>'vat_id', custom_fields->>'erp_code' FROM accounts WHERE org_id = %s"
    noted = postgres.sql(bottle, query.replace("%s", f"'{DUMP_TENANT}'"))
    found = {account: parties[body(vat)] for account, vat, _ in noted if vat and body(vat) in parties}
    return found | {account: codes[code] for account, _, code in noted if code}


def linked(company: RealCompany, folder: Path) -> dict[tuple[str, str], tuple[str, str]]:
    report = run_sync(company.config, models=identity_models(folder / "models"), steps=STEPS)
    assert (report.status, report.errors) == ("published", [])
    rows = company.read("SELECT source, source_id, customer_id, rule FROM core.customer_link")
    return {(source, own): (customer, rule) for source, own, customer, rule in rows}


def judged(postgres: Postgres, tryton: str, bottle: str, links: dict[tuple[str, str], tuple[str, str]]) -> Score:
    truth = labelled(postgres, tryton, bottle)
    return score(links, {("crm", account): party for account, party in truth.items()} | {
        (source, own): own for source, own in links if source == "erp"
    })  # fmt: skip


@pytest.fixture
def hidden(tmp_path: Path) -> Path:
    """BottleCRM's profile without the tax number."""
    text = (PROFILES / "bottlecrm.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("tax_id = ")]
    assert len(lines) == len(text.splitlines()) - 2
    path = tmp_path / "bottlecrm_without_tax.toml"
    path.write_text(
        "\n".join(lines).replace('system = "bottlecrm"', 'system = "bottlecrm_without_tax"'), encoding="utf-8"
    )
    return path


def test_links_without_tax_numbers(
    postgres: Postgres,
    whole_tryton: str,
    whole_crm: str,
    hidden: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source = {key: value for key, value in crm(postgres, whole_crm, DUMP_TENANT).items() if key != "system"}
    company = make_company(tmp_path, erp(postgres, whole_tryton), source | {"profile": hidden.name})
    links = linked(company, tmp_path)
    assert company.value("SELECT count(*) FROM core.identity_record WHERE source = 'crm' AND tax_key <> ''") == 0
    found = judged(postgres, whole_tryton, whole_crm, links)
    with capsys.disabled():
        print(f"\nTryton and BottleCRM, tax numbers hidden: {found}")
    assert found.wrong == {} and found.recall >= 0.9
    assert found.right.total() + len(found.missed) >= 50


def test_links_with_tax_numbers(
    postgres: Postgres, whole_tryton: str, whole_crm: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    company = make_company(tmp_path, erp(postgres, whole_tryton), crm(postgres, whole_crm, DUMP_TENANT))
    links = linked(company, tmp_path)
    found = judged(postgres, whole_tryton, whole_crm, links)
    with capsys.disabled():
        print(f"\nTryton and BottleCRM, tax numbers read: {found}")
    assert found.wrong == {} and found.recall >= 0.95
    pairs = "FROM core.identity_pair WHERE left_source = 'erp' AND right_source = 'erp' AND rule IS NULL"
    assert company.value(f"SELECT count(*) {pairs}") == 3, "the ERP's doubles share nothing but the name: people decide"
