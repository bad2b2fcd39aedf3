"""An ERP and a CRM of a few customers in SQLite, synced by the real engine with the models of identity alone."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from data_access.config import Config, load_config
from data_access.state import State
from data_access.sync.extract import Options
from data_access.sync.lineage import MODELS
from data_access.sync.run import run_sync
from data_access.sync.runs import RunReport
from data_access.versions import read_pointer

STEPS = ("data_access.identity.pairs_step", "data_access.identity.links_step")
KEPT = ("core/identity_record.sql", "core/customer.sql", "core/customer_field.sql", "core/company.sql")
COLUMNS = ("id", "name", "tax", "country", "city", "email", "phone", "owner")
PROFILE = """
system = "{role}_of_test"
title = "{role} of a test"
role = "{role}"
kind = "sql"
[stream.party]
table = "party"
key = ["id"]
[stream.party.columns]
{columns}
[entity.customer]
from = "party p"
[entity.customer.fields]
customer_id = "p.id"
name = "p.name"
tax_id = "p.tax"
country = "p.country"
city = "p.city"
email = "p.email"
phone = "p.phone"
owner = "p.owner"
"""


def identity_models(folder: Path) -> Path:
    """A folder of models that has what identity needs, and no more."""
    for name in KEPT:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(MODELS / name, folder / name)
    (folder / "macros").mkdir()
    for name in ("arithmetic", "identity"):
        shutil.copy(MODELS / "macros" / f"{name}.sql", folder / "macros")
    (folder / "checks").mkdir()
    shutil.copy(MODELS / "checks" / "warn_identity_decision.sql", folder / "checks")
    return folder


@dataclass
class TwoSystems:
    """The company's configuration, its databases by role, and its models."""

    config: Config
    db: dict[str, sqlite3.Connection]
    models: Path

    @property
    def state(self) -> State:
        return State(self.config.state_path)

    def put(self, role: str, own: str, name: str, **more: Any) -> None:
        row = dict.fromkeys(COLUMNS) | {"id": own, "name": name} | more
        marks = ", ".join(f":{key}" for key in row)
        self.db[role].execute(f"INSERT OR REPLACE INTO party VALUES ({marks})", row)
        self.db[role].commit()

    def remove(self, role: str, own: str) -> None:
        self.db[role].execute("DELETE FROM party WHERE id = ?", (own,))
        self.db[role].commit()

    def sync(self, *, full: bool = False) -> RunReport:
        report = run_sync(self.config, options=Options(full=full, accept_deletes=True), models=self.models, steps=STEPS)
        assert report.errors == []
        return report

    def read(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the version in force."""
        folder = self.config.warehouse.path
        with duckdb.connect(str(folder / f"wh-{read_pointer(folder)}.duckdb"), read_only=True) as con:
            return con.execute(sql).fetchall()

    def links(self) -> dict[str, tuple[str, str, str]]:
        """source:id -> (customer, rule, status)."""
        found = self.read("SELECT source || ':' || source_id, customer_id, rule, status FROM core.customer_link")
        return {key: (customer, rule, status) for key, customer, rule, status in found}


def make(folder: Path) -> TwoSystems:
    databases = {}
    typed = "\n".join(f'{name} = "text"' for name in COLUMNS)
    blocks = []
    for role in ("erp", "crm"):
        (folder / f"{role}.toml").write_text(PROFILE.format(role=role, columns=typed), encoding="utf-8")
        databases[role] = sqlite3.connect(folder / f"{role}.db")
        databases[role].execute(f"CREATE TABLE party ({', '.join(COLUMNS)}, PRIMARY KEY (id))")
        databases[role].execute("PRAGMA journal_mode = WAL")
        url = f"sqlite:///{folder / role}.db"
        blocks.append(f'[[source]]\nname = "{role}"\nrole = "{role}"\nprofile = "{role}.toml"\nurl = "{url}"\n')
    (folder / "tandem.toml").write_text(
        '[company]\nname = "Test"\ncurrency = "EUR"\ntimezone = "Europe/Berlin"\n[warehouse]\npath = "warehouse"\n'
        + "".join(blocks),
        encoding="utf-8",
    )
    return TwoSystems(load_config(folder / "tandem.toml"), databases, identity_models(folder / "models"))
