"""The acceptance suite's sources on a real PostgreSQL: a table of the small company, with rows enough to turn pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from data_access.connectors.base import Connector
from data_access.connectors.profile import Profile, load_profile
from data_access.connectors.sql import SqlConnector
from tests.data_access.connectors.acceptance.subjects import PAGE
from tests.real.conftest import TENANT
from tests.real.servers import Postgres

ROWS = 90
CANNOT = {"wait": "a database never asks to wait"}


@dataclass
class Table:
    """A table of `database`. `changed` and `now`: where and how it keeps the instant of a change."""

    profile: Profile
    server: Postgres
    database: str
    user: str
    table: str
    field: str
    changed: str
    now: str
    stream: str
    column: str
    where: str = "true"
    key: str = "id"
    settings: dict[str, str] = field(default_factory=dict)
    cannot: Mapping[str, str] = field(default_factory=lambda: CANNOT)
    lacks: str = ""

    def open(self, *, wrong: str = "") -> Connector:
        url = self.server.url(self.database, self.user)
        if wrong == "key":
            url = url.replace(f"{self.user}@", "nobody_here:not-the-key-9@")
        if wrong == "host":
            url = url.replace(f":{self.server.port}/", ":9/")
        return SqlConnector(self.profile, url, self.settings, page_rows=PAGE)

    def truth(self) -> dict[str, str]:
        return dict(
            self._sql(f"SELECT {self.key}::text, coalesce({self.field}, '') FROM {self.table} WHERE {self.where}")
        )

    def change(self, key: str, text: str) -> None:
        values = f"{self.field} = '{text}', {self.changed} = {self.now}"
        self._sql(f"UPDATE {self.table} SET {values} WHERE {self.key}::text = '{key}'")

    def remove(self, key: str) -> None:
        self._sql(f"DELETE FROM {self.table} WHERE {self.key}::text = '{key}'")

    def pass_time(self, seconds: float) -> None:
        """Its clock is ours."""

    def busy(self) -> None:
        """A database never asks to wait."""

    def _sql(self, statement: str) -> list[tuple[Any, ...]]:
        return self.server.sql(self.database, statement)


Databases = Callable[[str], str]  # a name of `SCRIPTS` -> a fresh database of that content
UTC_NOW = "now() AT TIME ZONE 'UTC'"


@contextmanager
def tryton(server: Postgres, fresh: Databases) -> Iterator[Table]:
    database = fresh("tryton")
    server.sql(
        database,
        "INSERT INTO party_party (id, code, name, create_date)"
        f" SELECT 1000 + n, n, 'Kunde ' || n, timestamp '2025-06-01' FROM generate_series(1, {ROWS}) n",
    )
    profile = load_profile("tryton")
    yield Table(
        profile, server, database, "tryton_ro", "party_party", "name", "write_date", UTC_NOW, "customer", "name"
    )


@contextmanager
def bottlecrm(server: Postgres, fresh: Databases) -> Iterator[Table]:
    database = fresh("bottlecrm")
    server.sql(
        database,
        "INSERT INTO interaction (id, org_id, kind, subject, occurred_at)"
        f" SELECT gen_random_uuid(), '{TENANT}', 'call', 'Anruf ' || n, timestamptz '2025-06-01 10:00+00'"
        f" FROM generate_series(1, {ROWS}) n",
    )
    yield Table(
        load_profile("bottlecrm"), server, database, "crm_ro", "interaction", "subject", "updated_at", "now()",
        "activity", "subject", where=f"org_id = '{TENANT}'", settings={"tenant": TENANT},
    )  # fmt: skip


@contextmanager
def odoo_db(server: Postgres, fresh: Databases) -> Iterator[Table]:
    database = fresh("odoo")
    server.sql(
        database,
        "INSERT INTO res_partner (id, name, active, create_date)"
        f" SELECT n, '客户 ' || n, true, timestamp '2025-06-01' FROM generate_series(1, {ROWS}) n",
    )
    profile = load_profile("odoo_db")
    yield Table(profile, server, database, "postgres", "res_partner", "name", "write_date", UTC_NOW, "partner", "name")


POSTGRES = {"tryton": tryton, "bottlecrm": bottlecrm, "odoo_db": odoo_db}
