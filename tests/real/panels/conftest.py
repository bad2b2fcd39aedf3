"""A company whose ERP is a Tryton database and whose CRM a BottleCRM database: its web process, and the same two
databases as the oracles read them.

The dumps are of one day: copies are moved to today, so that no figure ever runs empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

import pytest

from tests.data_access.customers.crm_oracle import Notes
from tests.data_access.customers.customer_oracle import Books as CustomerBooks
from tests.desk.conftest import desk  # noqa: F401
from tests.desk.sales_oracle import Case, Sales
from tests.inventory.conftest import Ask
from tests.inventory.demand_oracle import Demand
from tests.links import published_links
from tests.real.conftest import DUMP_TENANT
from tests.real.panels.bottlecrm import crm_tables
from tests.real.panels.tables import CRM, ERP, write
from tests.real.panels.tryton import erp_tables
from tests.real.servers import Postgres
from tests.served import DemoCompany, Served, serve, synced

LAST_DAY = date(2026, 11, 23)  # of the dumps
CONFIG = """
[company]
name = "Rheinwerk"
currency = "EUR"
timezone = "Europe/Berlin"
[warehouse]
path = "warehouse"
[[source]]
name = "erp"
role = "erp"
system = "tryton"
url = "{erp}"
[[source]]
name = "crm"
role = "crm"
system = "bottlecrm"
url = "{crm}"
tenant = "{tenant}"
"""
DATED = """
    SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables USING (table_name)
    WHERE columns.table_schema = 'public' AND table_type = 'BASE TABLE' AND data_type SIMILAR TO '(date|timestamp)%'
        AND is_generated = 'NEVER'"""
CENTURY = 36_525


class Company(Sales, Demand):
    """All that the ERP and the CRM say, with the company's own currency."""

    home = "EUR"


class Books(CustomerBooks):
    home = "EUR"


def moved(postgres: Postgres, template: str, name: str, days: int) -> str:
    """A copy whose every day is so much later; far away first, so that no two rows meet on the way."""
    postgres.create(name, template)
    columns = postgres.sql(name, DATED)
    for step in (CENTURY, days - CENTURY):
        postgres.sql(name, "SET session_replication_role = replica", *(
            f'UPDATE "{table}" SET "{column}" = "{column}" + {step} * interval \'1 day\' WHERE "{column}" IS NOT NULL'
            for table, column in columns
        ))  # fmt: skip
    return name


@pytest.fixture(scope="session")
def databases(postgres: Postgres, whole_tryton: str, whole_crm: str) -> tuple[str, str]:
    """(ERP, CRM)."""
    days = (date.today() - LAST_DAY).days
    return moved(postgres, whole_tryton, "tryton_today", days), moved(postgres, whole_crm, "crm_today", days)


@pytest.fixture(scope="session")
def company(postgres: Postgres, databases: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> DemoCompany:
    """Synced once, with both databases beside it in the oracles' form."""
    folder = tmp_path_factory.mktemp("real")
    erp, crm = databases
    urls = {"erp": postgres.url(erp, "tryton_ro"), "crm": postgres.url(crm, "crm_ro")}
    (folder / "tandem.toml").write_text(CONFIG.format(**urls, tenant=DUMP_TENANT), encoding="utf-8")
    write(folder / "erp.db", ERP, erp_tables(partial(postgres.sql, erp)))
    write(folder / "crm.db", CRM, crm_tables(partial(postgres.sql, crm), DUMP_TENANT))
    return synced(folder)


@pytest.fixture(scope="session")
def served(company: DemoCompany) -> Iterator[Served]:
    with serve(company) as found:
        yield found


@pytest.fixture(scope="session")
def ask(served: Served) -> Ask:
    """ask(panel, filter=value or values) -> its rows."""
    return served.rows


@pytest.fixture(scope="session")
def books(company: DemoCompany) -> Company:
    """Who is who is given."""
    return Company(company.folder, company.today, published_links(company.folder))


@pytest.fixture(scope="session")
def stock(books: Company) -> Company:
    return books


@pytest.fixture(scope="session")
def cases(books: Company) -> dict[str, Case]:
    year = books.today.replace(year=books.today.year - 1)
    return {key: case for key, case in books.cases(year).items() if case.day and case.day > year}


@pytest.fixture(scope="session")
def customer_books(company: DemoCompany) -> Books:
    return Books(company.folder, company.today)


@pytest.fixture(scope="session")
def notes(company: DemoCompany, books: Company, customer_books: Books) -> Notes:
    links = {own: customer for (system, own), customer in books.customers.items() if system == "crm"}
    return Notes(company.folder, links, customer_books)


@pytest.fixture(scope="session")
def category() -> str:
    return "Bikes"


@pytest.fixture(scope="session")
def place() -> str:
    return "HAM"


@pytest.fixture(scope="session")
def sql(postgres: Postgres, databases: tuple[str, str]) -> Callable[[str], list[tuple[Any, ...]]]:
    """Plain SQL on the ERP's own database."""
    return partial(postgres.sql, databases[0])
