"""What the acceptance suite runs on: for each profile a source of the tests' own that can be changed at will."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from data_access import demo
from data_access.connectors.base import Connector
from data_access.connectors.profile import Profile, load_profile
from data_access.connectors.rest import connector as rest
from data_access.connectors.rest.connector import RestConnector
from data_access.connectors.sql import SqlConnector
from tests.simulator import Fault, Simulator
from tests.simulator.company import Company, load_erpnext, load_jiandaoyun, load_odoo, make_truth

PAGE = 10
ABILITIES = ("login", "since", "wait")  # refuses a wrong login, reads since an instant, asks to wait
START = datetime(2026, 3, 1, 8, 0, 0, 123000, UTC)


class Subject(Protocol):
    """A profile over a source. Rows of `stream` are told apart by its key; `column` holds the text `change` writes.
    `settings` is the [[source]] without its name and role; the tests let time pass so that the source's clock moves."""

    profile: Profile
    stream: str
    column: str
    settings: dict[str, str]
    cannot: Mapping[str, str]  # which of ABILITIES this kind of source lacks -> why
    lacks: str  # a field of the profile's stream that this source does not have

    def open(self, *, wrong: str = "") -> Connector:
        """A connector with small pages; `wrong` is "", "key" or "host"."""

    def truth(self) -> dict[str, str]:
        """Key -> column, of every row the source has."""

    def change(self, key: str, text: str) -> None: ...
    def remove(self, key: str) -> None: ...
    def pass_time(self, seconds: float) -> None: ...
    def busy(self) -> None:
        """The next request is asked to wait."""


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


def small_pages(profile: Profile) -> Profile:
    assert profile.rest is not None
    paging = profile.rest.paging.model_copy(update={"size": PAGE})
    return profile.model_copy(update={"rest": profile.rest.model_copy(update={"paging": paging})})


@dataclass
class Simulated:
    """A system behind the simulator. `key` and `column` are the system's own names."""

    profile: Profile
    sim: Simulator
    clock: Clock
    company: Company
    entity: str
    key: str
    field: str
    stream: str
    column: str
    address: str
    settings: dict[str, str]
    secret: str
    cannot: Mapping[str, str] = field(default_factory=dict)
    lacks: str = ""
    update: Callable[[str, str], None] = field(default=lambda key, text: None)

    def open(self, *, wrong: str = "") -> Connector:
        settings = {**self.settings, **({self.secret: "not-the-key-9"} if wrong == "key" else {})}
        address = "http://127.0.0.1:9/api" if wrong == "host" else self.address
        quick = rest.Clock(sleep=lambda seconds: None) if wrong else None
        return RestConnector(small_pages(self.profile), address, settings, clock=quick)

    def truth(self) -> dict[str, str]:
        return {str(row[self.key]): str(row[self.field] or "") for row in self.company.rows(self.entity)}

    def change(self, key: str, text: str) -> None:
        self.update(key, text)

    def remove(self, key: str) -> None:
        source = self.company.entities[self.entity].source
        source.delete(int(key) if self.key == "id" else key)

    def pass_time(self, seconds: float) -> None:
        self.clock.now += timedelta(seconds=seconds)

    def busy(self) -> None:
        self.sim.fault(Fault("quota", match="list|search_read|resource", times=1, retry_after=0))


@contextmanager
def jiandaoyun(folder: Path) -> Iterator[Subject]:
    clock = Clock()
    with Simulator(clock=clock) as sim:
        jdy = sim.jiandaoyun(api_key="jdy-secret-1", per_endpoint=None, total=None)
        company = load_jiandaoyun(jdy, make_truth())
        form = company.entities["activity"].source
        yield Simulated(
            load_profile("jiandaoyun"), sim, clock, company, "activity", "_id", "跟进内容", "activity", "subject",
            jdy.base_url, {"api_key": "jdy-secret-1", "app": "客户关系管理"}, "api_key",
            update=lambda key, text: form.update(key, {"跟进内容": text}),
        )  # fmt: skip


@contextmanager
def odoo(folder: Path) -> Iterator[Subject]:
    clock = Clock()
    with Simulator(clock=clock) as sim:
        system = sim.odoo(api_key="odoo-secret-1", database="kaichuan")
        company = load_odoo(system, make_truth())
        orders = company.entities["sales_order"].source
        yield Simulated(
            load_profile("odoo"), sim, clock, company, "sales_order", "id", "name", "sale_order", "name",
            system.base_url, {"api_key": "odoo-secret-1", "database": "kaichuan"}, "api_key", lacks="user_id",
            update=lambda key, text: orders.update(int(key), {"name": text}),
        )  # fmt: skip


@contextmanager
def erpnext(folder: Path) -> Iterator[Subject]:
    clock = Clock()
    with Simulator(clock=clock) as sim:
        system = sim.erpnext(api_key="key-1", api_secret="erp-secret-1", time_zone="Asia/Shanghai")
        company = load_erpnext(system, make_truth())
        contacts = company.entities["contact"].source
        settings = {"api_key": "key-1", "api_secret": "erp-secret-1", "site_time_zone": "Asia/Shanghai"}
        yield Simulated(
            load_profile("erpnext"), sim, clock, company, "contact", "name", "first_name", "contact", "first",
            system.base_url, settings, "api_secret",
            update=lambda key, text: contacts.update(key, {"first_name": text}),
        )  # fmt: skip


@dataclass
class DemoDatabase:
    """A database of the demo company, as its own rows."""

    profile: Profile
    file: Path
    table: str
    key: str
    field: str
    changed: str
    stream: str
    column: str
    settings: dict[str, str] = field(default_factory=dict)
    cannot: Mapping[str, str] = field(default_factory=lambda: {"wait": "a database never asks to wait"})
    lacks: str = ""

    def open(self, *, wrong: str = "") -> Connector:
        file = self.file.with_name("nowhere.db") if wrong else self.file
        return SqlConnector(self.profile, f"sqlite:///{file}", self.settings, page_rows=PAGE)

    def truth(self) -> dict[str, str]:
        alive = " WHERE deleted = 0" if self.table.startswith("crm_") else ""
        return {
            str(key): str(text) for key, text in self._sql(f"SELECT {self.key}, {self.field} FROM {self.table}{alive}")
        }

    def change(self, key: str, text: str) -> None:
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        self._sql(f"UPDATE {self.table} SET {self.field} = ?, {self.changed} = ? WHERE {self.key} = ?", text, now, key)

    def remove(self, key: str) -> None:
        self._sql(f"DELETE FROM {self.table} WHERE {self.key} = ?", key)

    def pass_time(self, seconds: float) -> None:
        """Its clock is ours."""

    def busy(self) -> None:
        """A database never asks to wait."""

    def _sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.file) as db:
            return db.execute(statement, values).fetchall()


@contextmanager
def demo_erp(folder: Path) -> Iterator[Subject]:
    demo.make(folder, lines=500)
    yield DemoDatabase(
        load_profile("demo_erp"), folder / "erp.db", "so_h", "sno", "so_no", "chg", "sales_order", "so_no"
    )


@contextmanager
def demo_crm(folder: Path) -> Iterator[Subject]:
    demo.make(folder, lines=500)
    with sqlite3.connect(folder / "crm.db") as db:
        db.execute("DELETE FROM crm_activity WHERE deleted = 1")
    yield DemoDatabase(
        load_profile("demo_crm"), folder / "crm.db", "crm_activity", "activity_id", "subject", "modified_on",
        "activity", "subject",
    )  # fmt: skip


SUBJECTS: dict[str, Callable[[Path], AbstractContextManager[Subject]]] = {
    "jiandaoyun": jiandaoyun,
    "odoo": odoo,
    "erpnext": erpnext,
    "demo_erp": demo_erp,
    "demo_crm": demo_crm,
}
