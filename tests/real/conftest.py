"""Servers once a session, restored databases once a session, a fresh copy of them for each test."""

from __future__ import annotations

import gzip
import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.data_access.sync.shop import Shop, open_shop
from tests.real.company import RealCompany, make_company
from tests.real.servers import MariaDb, Missing, Postgres

FIXTURES = Path(__file__).parent / "fixtures"
DATA = "TANDEM_TEST_DATA"
TENANT = "aaaaaaaa-0000-4000-8000-000000000001"
DUMP_TENANT = "1202a9c5-ce5c-4eaa-8d49-cc56243ed314"

_number = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    try:
        server = Postgres()
    except Missing as missing:
        pytest.skip(f"PostgreSQL tests not run: {missing}")
    yield server
    server.close()


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDb]:
    try:
        server = MariaDb()
    except Missing as missing:
        pytest.skip(f"MariaDB tests not run: {missing}")
    yield server
    server.close()


@pytest.fixture(scope="session")
def dumps() -> Path:
    """The folder of the whole databases of real systems (too large for the repository)."""
    folder = os.environ.get(DATA)
    if not folder:
        pytest.skip(f"whole-database tests not run: set {DATA} to the folder with tryton/ and bottlecrm/")
    return Path(folder)


def _loaded(server: Postgres, name: str, script: str) -> str:
    server.load(server.create(name), script)
    return name


def _dump(path: Path) -> str:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return file.read()


@pytest.fixture(scope="session")
def small_tryton(postgres: Postgres) -> str:
    return _loaded(postgres, "small_tryton", (FIXTURES / "tryton.sql").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def small_crm(postgres: Postgres) -> str:
    return _loaded(postgres, "small_crm", (FIXTURES / "bottlecrm.sql").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def whole_tryton(postgres: Postgres, dumps: Path) -> str:
    name = _loaded(postgres, "whole_tryton", _dump(dumps / "tryton" / "tryton.sql.gz"))
    postgres.sql(name, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO tryton_ro")
    return name


@pytest.fixture(scope="session")
def whole_crm(postgres: Postgres, dumps: Path) -> str:
    return _loaded(postgres, "whole_crm", _dump(dumps / "bottlecrm" / "bottlecrm.sql.gz"))


@pytest.fixture
def copy_of(postgres: Postgres) -> Iterator[Callable[[str], str]]:
    """A database of one's own with the contents of another."""
    made: list[str] = []

    def copy(template: str) -> str:
        made.append(postgres.create(f"copy_{next(_number)}", template))
        return made[-1]

    yield copy
    for name in made:
        postgres.drop(name)


def erp(server: Postgres, name: str) -> dict[str, str]:
    return {"name": "erp", "role": "erp", "system": "tryton", "url": server.url(name, "tryton_ro")}


def crm(server: Postgres, name: str, tenant: str = TENANT, user: str = "crm_ro") -> dict[str, str]:
    return {"name": "crm", "role": "crm", "system": "bottlecrm", "url": server.url(name, user), "tenant": tenant}


@pytest.fixture(scope="session")
def whole(
    postgres: Postgres, whole_tryton: str, whole_crm: str, tmp_path_factory: pytest.TempPathFactory
) -> RealCompany:
    """The company of both dumps, synced once; not to be changed."""
    folder = tmp_path_factory.mktemp("whole")
    company = make_company(folder, erp(postgres, whole_tryton), crm(postgres, whole_crm, DUMP_TENANT))
    report = company.sync()
    assert (report.status, report.errors) == ("published", [])
    return company


@pytest.fixture(params=["postgres", "mariadb"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """A shop in a database of its own."""
    server = request.getfixturevalue(request.param)
    name = server.create("shop_days")
    url = server.url(name, "postgres") if request.param == "postgres" else server.url(name)
    yield open_shop(tmp_path, url, lambda *statements: server.sql(name, *statements))
    if request.param == "postgres":
        server.drop(name)
    else:
        server.sql("mysql", f"DROP DATABASE {name}")
