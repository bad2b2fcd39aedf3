"""A tiny company: one SQLite ERP, its profile, and two models of its own, through the real engine."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data_access.config import Config, load_config
from data_access.state import State
from data_access.sync.extract import Options, Retry
from data_access.sync.run import run_sync
from data_access.sync.runs import RunReport
from data_access.versions import read_pointer
from tests.data_access.sync.pushed import Pushing
from tests.data_access.sync.shop import Shop, sqlite_shop
from tests.data_access.sync.watched import configure

PROFILE = """
system = "tiny"
title = "Tiny ERP"
role = "erp"
kind = "sql"
[stream.party]
table = "party"
key = ["id"]
cursor = "coalesce(write_date, create_date)"
soft_delete = "NOT active"
[stream.party.columns]
id = "text"
name = "text"
active = "boolean"
credit = "decimal(18,2)"
[stream.category]
table = "category"
key = ["code", "lang"]
[stream.category.columns]
code = "text"
lang = "text"
label = "text"
[entity.customer]
from = "party p"
[entity.customer.fields]
customer_id = "p.id"
name = "p.name"
segment = { from = "p.credit", map = "credit_class" }
is_active = "p.active"
[entity.warehouse]
from = "category c"
where = "c.lang = 'en'"
[entity.warehouse.fields]
warehouse_id = "c.code"
name = "c.label"
[map.credit_class]
"1.00" = "small"
"100.00" = "big"
"""
CUSTOMER = """-- doc: customers
-- grain: one row a customer
SELECT source || ':' || customer_id AS customer_id, name, segment, is_active FROM staging.customer
"""
WAREHOUSE = "SELECT warehouse_id, name FROM staging.warehouse"
COUNTS = "-- materialize: view\nSELECT count(*) AS customers FROM core.customer"


@dataclass
class Tiny:
    """The company's folder, its source database and its configuration."""

    folder: Path
    db: sqlite3.Connection
    config: Config

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse"

    @property
    def models(self) -> Path:
        return self.folder / "models"

    def sql(self, *statements: str) -> None:
        for statement in statements:
            self.db.execute(statement)
        self.db.commit()

    def party(self, number: int, name: str, at: str | None = "2026-01-01 00:00:00", **more: Any) -> None:
        self._put(number, name, at, **more)
        self.db.commit()

    def thirty(self) -> None:
        """The customers every test begins with, in one transaction."""
        for number in range(1, 31):
            self._put(number, f"P{number:02d}", "2026-01-01 00:00:00", credit="1.00" if number % 2 else "100.00")
        self.db.commit()

    def _put(self, number: int, name: str, at: str | None, **more: Any) -> None:
        row = {"id": number, "name": name, "active": 1, "credit": "1.00", "write_date": at, "create_date": None} | more
        marks = ", ".join(f":{key}" for key in row)
        self.db.execute(f"INSERT OR REPLACE INTO party ({', '.join(row)}) VALUES ({marks})", row)

    def sync(self, **options: Any) -> RunReport:
        quick = Options(
            full=options.pop("full", False),
            accept_deletes=options.pop("accept_deletes", False),
            retry=Retry(sleep=lambda seconds: None),
        )
        return run_sync(self.config, options=quick, models=self.models, steps=(), **options)

    def runs(self) -> list[dict[str, Any]]:
        return State(self.folder / "state.db").runs()

    def state(self, sql: str) -> list[dict[str, Any]]:
        return [dict(row) for row in State(self.folder / "state.db").execute(sql)]

    def read(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the version in force."""
        version = read_pointer(self.warehouse)
        with duckdb.connect(str(self.warehouse / f"wh-{version}.duckdb"), read_only=True) as con:
            return con.execute(sql).fetchall()

    def names(self) -> list[str]:
        return [name for (name,) in self.read("SELECT name FROM core.customer ORDER BY name")]


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Tiny]:
    db = sqlite3.connect(tmp_path / "erp.db")
    db.execute("PRAGMA journal_mode = WAL")
    columns = "name, active INTEGER, credit TEXT, write_date TEXT, create_date TEXT"
    db.execute(f"CREATE TABLE party (id INTEGER PRIMARY KEY, {columns})")
    db.execute("CREATE TABLE category (code TEXT, lang TEXT, label TEXT)")
    db.execute("INSERT INTO category VALUES ('A', 'en', 'Alpha'), ('A', 'zh', '甲'), ('B', 'en', 'Beta')")
    db.commit()
    (tmp_path / "tiny.toml").write_text(PROFILE, encoding="utf-8")
    for name, sql in (("core/customer", CUSTOMER), ("core/warehouse", WAREHOUSE), ("marts/counts", COUNTS)):
        path = tmp_path / "models" / f"{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sql, encoding="utf-8")
    (tmp_path / "tandem.toml").write_text(
        '[company]\nname = "Tiny"\ncurrency = "EUR"\ntimezone = "Europe/Berlin"\n[warehouse]\npath = "warehouse"\n'
        '[[source]]\nname = "erp"\nrole = "erp"\nprofile = "tiny.toml"\nurl = "sqlite:///erp.db"\n',
        encoding="utf-8",
    )
    made = Tiny(tmp_path, db, load_config(tmp_path / "tandem.toml"))
    made.thirty()
    yield made
    db.close()
    accounted(made)


def accounted(tiny: Tiny) -> None:
    """Whatever a test did: every run of a stream that is over says what became of each row it read."""
    for run in State(tiny.config.state_path).streams(limit=10_000) if tiny.config.state_path.exists() else ():
        assert run["read"] == run["inserted"] + run["updated"] + run["unchanged"] + run["rejected"], run


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made, db = sqlite_shop(tmp_path)
    yield made
    db.close()


@pytest.fixture
def pushing(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> Pushing:
    monkeypatch.setenv("ERP_HOOK", "s3cret")
    configure(tiny, 'name = "erp"', 'name = "erp"\nevery = "1h"\nhook_secret = "${ERP_HOOK}"')
    return Pushing(tiny, State(tiny.config.state_path))
