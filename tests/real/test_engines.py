"""The same company gives the same warehouse, whichever database its systems keep it in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from data_access.config import load_config
from data_access.demo.make import CRM_ENV, ERP_ENV, make
from data_access.versions import read_pointer
from tests.real.company import RealCompany
from tests.real.servers import Postgres

pytestmark = pytest.mark.real

DAY = date(2026, 3, 20)


def _company(folder: Path, erp_url: str | None, crm_url: str | None, monkeypatch: pytest.MonkeyPatch) -> RealCompany:
    made = make(folder, lines=800, months=13, seed=11, today=DAY, erp_url=erp_url, crm_url=crm_url)
    monkeypatch.setenv(ERP_ENV, made.erp_url)
    monkeypatch.setenv(CRM_ENV, made.crm_url)
    company = RealCompany(load_config(made.config))
    report = company.sync()
    assert (report.status, report.errors) == ("published", [])
    assert company.value("SELECT count(*) FROM core.sales_order_line") > 700
    return company


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> RealCompany:
    with pytest.MonkeyPatch.context() as patch:
        return _company(tmp_path_factory.mktemp("sqlite"), None, None, patch)


@pytest.fixture(scope="module")
def on_postgres(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealCompany]:
    """Its databases are demo_erp and demo_crm."""
    names = [postgres.create(f"demo_{role}") for role in ("erp", "crm")]
    with pytest.MonkeyPatch.context() as patch:
        urls = (postgres.url(name, "postgres") for name in names)
        yield _company(tmp_path_factory.mktemp("postgres"), *urls, patch)


def _version(company: RealCompany) -> Path:
    folder = company.config.warehouse.path
    return folder / f"wh-{read_pointer(folder)}.duckdb"


def _differences(one: RealCompany, other: RealCompany) -> dict[str, tuple[int, int]]:
    """Table of schema core -> rows that only one of the two has, where there are any."""
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{_version(one)}' AS one (READ_ONLY)")
        con.execute(f"ATTACH '{_version(other)}' AS other (READ_ONLY)")
        tables = con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'one' AND schema_name = 'core'"
        ).fetchall()
        assert len(tables) > 20
        found = {}
        for (table,) in tables:
            # When a link came to hold is the instant of its own sync.
            rows = "SELECT * EXCLUDE (valid_from)" if table == "customer_link_history" else "SELECT *"
            counts = tuple(
                con.execute(
                    f"SELECT count(*) FROM ({rows} FROM {a}.core.{table} EXCEPT ALL {rows} FROM {b}.core.{table})"
                ).fetchall()
                for a, b in (("one", "other"), ("other", "one"))
            )
            if counts != ([(0,)], [(0,)]):
                found[table] = (counts[0][0][0], counts[1][0][0])
    return found


def test_postgresql_equals_sqlite(on_postgres, on_sqlite):
    assert _differences(on_sqlite, on_postgres) == {}
    assert on_postgres.changes() == {}


def test_mariadb_equals_sqlite(mariadb, on_sqlite, tmp_path, monkeypatch):
    names = [mariadb.create(f"demo_{role}") for role in ("erp", "crm")]
    company = _company(tmp_path, *(mariadb.url(name) for name in names), monkeypatch)
    assert _differences(on_sqlite, company) == {}
    assert company.changes() == {}


def test_a_date_no_calendar_knows_is_one_rejected_row(postgres, on_postgres, tmp_path, monkeypatch):
    names = [postgres.create(f"odd_{role}", f"demo_{role}") for role in ("erp", "crm")]
    shutil.copytree(on_postgres.config.path.parent, tmp_path / "odd")
    for variable, name in zip((ERP_ENV, CRM_ENV), names, strict=True):
        monkeypatch.setenv(variable, postgres.url(name, "postgres"))
    company = RealCompany(load_config(tmp_path / "odd" / on_postgres.config.path.name))
    *odd, good = (line for (line,) in postgres.sql(names[0], "SELECT lno FROM so_l ORDER BY lno LIMIT 4"))
    touch = "chg = (now() AT TIME ZONE 'UTC')"
    for line, day in zip(odd, ("20261-01-01", "infinity", "0044-03-15 BC"), strict=True):
        postgres.sql(names[0], f"UPDATE so_l SET rdat = '{day}', {touch} WHERE lno = {line}")
    postgres.sql(names[0], f"UPDATE so_l SET qty = 4711, {touch} WHERE lno = {good}")
    report = company.sync()
    assert (report.status, report.errors) == ("published", [])
    assert company.read(
        "SELECT source_id FROM ops.rejected_row WHERE entity = 'sales_order_line' AND stage = 'landing'"
        " ORDER BY source_id::INT"
    ) == [(str(line),) for line in odd]
    assert company.value(f"SELECT quantity FROM core.sales_order_line WHERE line_id = 'erp:{good}'") == 4711
