"""Every mistake in tandem.toml is one line that names file, key and remedy."""

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from data_access.config import Config, load_config, parse_config
from data_access.errors import ConfigError
from data_access.secrets import redact
from data_access.timing import next_cron, parse_duration

GOOD = """
[company]
name = "Kaichuan Motion"
currency = "CNY"
timezone = "Asia/Shanghai"
targets = "targets.csv"
[[source]]
name = "erp"
role = "erp"
system = "tryton"
url = "postgresql+psycopg://reader:${ERP_PASSWORD}@db/erp"
every = "60s"
fresh_within = "5m"
schedule = { sales_order_line = "15s", product = "0 */2 * * *" }
tenant = "north"
[[source]]
name = "crm"
role = "crm"
profile = "my_crm.toml"
api_key = "${CRM_KEY}"
"""


def parsed(text: str, folder: Path = Path("/company")) -> Config:
    return parse_config(tomllib.loads(text), folder / "tandem.toml")


def test_a_good_file_is_read_with_paths_beside_it() -> None:
    config = parsed(GOOD)
    assert config.company.targets == Path("/company/targets.csv")
    assert config.company.baseline is None
    assert config.warehouse.path == Path("/company/var/warehouse")
    assert config.state_path == Path("/company/var/state.db")
    erp, crm = config.sources
    assert (erp.interval, erp.fresh_within, erp.schedule["sales_order_line"]) == (60.0, 300.0, 15.0)
    assert erp.schedule["product"] == "0 */2 * * *"
    assert erp.settings["tenant"].reveal() == "north"
    assert crm.interval == 60.0 and crm.system is None


def test_how_the_company_plans() -> None:
    planning = parsed(GOOD).planning
    assert (planning.safety_stock, planning.service_level, planning.review_days, planning.items) == (
        "erp",
        0.95,
        7,
        None,
    )
    text = '\n[planning]\nsafety_stock = "measured"\nservice_level = 0.98\nfrozen_weeks = 2\nitems = "items.csv"\n'
    planning = parsed(GOOD + text).planning
    assert (planning.safety_stock, planning.frozen_weeks) == ("measured", 2)
    assert planning.items == Path("/company/items.csv")
    for wrong, told in (
        ("service_level = 1.2", "service_level"),
        ("servce_level = 0.9", 'did you mean "service_level"'),
    ):
        with pytest.raises(ConfigError) as caught:
            parsed(f"{GOOD}\n[planning]\n{wrong}\n")
        assert told in f"{caught.value.message} {caught.value.hint}" and "planning." in caught.value.message


def test_a_baseline_is_one_to_twelve_months() -> None:
    months = {"2025-01..2025-06": (1, 6), "2025-01..2025-12": (1, 12), "2025-06..2025-06": (6, 6)}
    for text, (first, last) in months.items():
        config = parsed(GOOD.replace("[company]", f'[company]\nbaseline = "{text}"', 1))
        assert config.company.baseline == (date(2025, first, 1), date(2025, last, 1))


MISTAKES = [
    ('currency = "CNY"', 'currncy = "CNY"', "company.currncy: unknown key", '"currency"'),
    ('currency = "CNY"', 'currency = "Yuan"', "company.currency: must be an ISO 4217 code", "EUR"),
    ('currency = "CNY"', "", "company.currency: missing", "add currency"),
    ("Asia/Shanghai", "Asia/Shangai", "company.timezone", "Asia/Shanghai"),
    ('every = "60s"', "every = 60", "source.erp.every", '"60s"'),
    ('every = "60s"', 'every = "60 sheep"', "source.erp.every", '"5m"'),
    ('every = "60s"', 'evry = "60s"', "source.erp.evry: unknown key", '"every"'),
    ('every = "60s"', 'every = "60s"\ncron = "* * * * *"', "source.erp: give either every or cron", ""),
    ('every = "60s"', 'cron = "99 * * * *"', "source.erp.cron", "minute hour day"),
    ('"15s"', '"15 sheep walk"', "source.erp.schedule.sales_order_line", ""),
    ('role = "erp"', 'role = "hr"', "source.erp.role", ""),
    ('system = "tryton"', "", "source.erp: give exactly one of system", "profile"),
    ('name = "crm"', 'name = "erp"', 'two [[source]] blocks are named "erp"', "its own name"),
    ("[company]", "[compny]", "compny: unknown key", '"company"'),
    ('"${CRM_KEY}"', '"s3cr3t"', "source.crm.api_key: a secret stands in the file", "${ENV_NAME}"),
    ("${ERP_PASSWORD}", "s3cr3t", "source.erp.url: a secret stands in the file", "${ENV_NAME}"),
    ('name = "Kaichuan Motion"', 'name = ""', "company.name", ""),
    ('name = "Kaichuan Motion"', 'name = "K"\nfiscal_year_start = 13', "company.fiscal_year_start", ""),
    ("[company]", "[company]\nbaseline = 2025", "company.baseline: must be a text", "2025-01..2025-06"),
    ("[company]", '[company]\nbaseline = "2025"', "company.baseline", "2025-01..2025-06"),
    ("[company]", '[company]\nbaseline = "2025-13..2026-01"', "names a month there is not", "2025-01..2025-06"),
    ("[company]", '[company]\nbaseline = "2025-06..2025-01"', "the first one first", "2025-01..2025-06"),
    ("[company]", '[company]\nbaseline = "2024-01..2025-01"', "one to twelve months", "2025-01..2025-06"),
    ("[company]", '[company]\nbase_line = "2024-01..2024-12"', "company.base_line: unknown key", '"baseline"'),
    ("[company]", '[server]\nport = "8050"\n[company]', "server.port", ""),
    ("[company]", '[auth]\nmode = "password"\n[company]', "auth.mode", ""),
]


@pytest.mark.parametrize(("old", "new", "message", "hint"), MISTAKES)
def test_a_mistake_is_one_line_with_file_key_and_remedy(old: str, new: str, message: str, hint: str) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError) as caught:
        parsed(GOOD.replace(old, new, 1))
    line = caught.value.line()
    assert line.startswith("tandem.toml: ") and "\n" not in line
    assert message in line and hint in caught.value.hint and caught.value.hint
    assert "s3cr3t" not in line
    assert caught.value.exit_code == 2


def test_no_source_at_all() -> None:
    with pytest.raises(ConfigError, match=r"no source is configured"):
        parsed(GOOD.split("[[source]]")[0])


def test_broken_toml_and_missing_file_name_the_file(tmp_path: Path) -> None:
    (tmp_path / "tandem.toml").write_text("[company\n")
    with pytest.raises(ConfigError, match="tandem.toml: not valid TOML"):
        load_config(tmp_path / "tandem.toml")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path / "none.toml")


def test_secrets_resolve_late_and_are_never_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = parsed(GOOD, tmp_path)
    with pytest.raises(ConfigError, match="environment variable ERP_PASSWORD is not set"):
        config.check_secrets()
    monkeypatch.setenv("ERP_PASSWORD", "p@ss/word")
    monkeypatch.setenv("CRM_KEY", "canary-7")
    config.check_secrets()
    url = config.find_source("erp").url
    assert url is not None and url.reveal() == "postgresql+psycopg://reader:p%40ss%2Fword@db/erp"
    assert "canary" not in repr(config) + str(config.find_source("crm").settings)


def test_a_secret_file_and_a_relative_sqlite_url_stand_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from-file\n")
    text = GOOD.replace("${CRM_KEY}", "file:key").replace(
        "postgresql+psycopg://reader:${ERP_PASSWORD}@db/erp", "sqlite:///erp.db?mode=ro"
    )
    erp, crm = parsed(text, tmp_path).sources
    assert erp.url is not None and erp.url.reveal() == f"sqlite:///{tmp_path}/erp.db?mode=ro"
    assert crm.settings["api_key"].reveal() == "from-file"
    (tmp_path / "key").unlink()
    with pytest.raises(ConfigError, match="secret file"):
        crm.settings["api_key"].reveal()


def test_an_unknown_source_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(ConfigError) as caught:
        parsed(GOOD).find_source("epr")
    assert caught.value.hint == 'did you mean "erp"?'


@pytest.mark.parametrize(("text", "seconds"), [("60s", 60), ("5m", 300), ("2h", 7200), ("1d", 86400), ("250ms", 0.25)])
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "5 minutes", "-5s", "0s"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="duration|longer"):
        parse_duration(text)


def test_cron_gives_the_next_instant() -> None:
    assert next_cron("0 */2 * * *", datetime(2026, 1, 1, 3, 30, tzinfo=UTC)) == datetime(2026, 1, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "could not reach postgresql://reader:canary@db/erp",
        'GET /x?api_key=canary&y=1 and {"token": "canary"}',
        "Authorization: Bearer canarycanary",
        "password = canary",
    ],
)
def test_redact_takes_secrets_out_of_lines(text: str) -> None:
    assert "canary" not in redact(text)
