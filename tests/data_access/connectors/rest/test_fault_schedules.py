"""Random changes and faults, interleaved: in the end every landed row is the source's, and nothing else is landed.

The last read is a full one: only that puts right a row that once came with other content under its change instant.
There are a hundred schedules, the seed being the number of one; ten are run with the rest, all of them by `-m soak`.
A schedule that fails is printed.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data_access.config import parse_config
from data_access.connectors.profile import Profile, load_profile
from data_access.connectors.rest import connector
from data_access.connectors.rest.account import Account
from data_access.connectors.rest.client import Clock
from data_access.connectors.rest.connector import RestConnector
from data_access.connectors.rest.limits import Pacer
from data_access.sync.engine import Engine
from data_access.sync.extract import Options, Retry, StreamReport
from data_access.sync.runs import Ledger
from tests.simulator import Simulator
from tests.simulator.company import Company, load_erpnext, load_jiandaoyun, load_odoo, make_truth
from tests.simulator.schedule import play, random_schedule

Pair = tuple[str, Any]  # a row's key and the value of its watched column

SCHEDULES, IN_SUITE = 100, 10
STEPS, ORDERS = 12, 8

# system -> entity of the simulator -> (stream, key there, column, field there)
WATCHED = {
    "jiandaoyun": {
        "customer": ("customer", "_id", "owner", lambda row: row["负责人"]["name"]),
        "contact": ("contact", "_id", "name", lambda row: row["姓名"]),
        "opportunity": ("opportunity", "_id", "stage", lambda row: row["阶段"]),
        "contract": ("contract", "_id", "amount", lambda row: row["合同金额"]),
        "activity": ("activity", "_id", "subject", lambda row: row["跟进内容"]),
        "ticket": ("ticket", "_id", "satisfaction", lambda row: row["满意度"]),
    },
    "odoo": {
        "sales_order": ("sale_order", "id", "state", lambda row: row["state"]),
        "sales_order_line": ("sale_line", "id", "quantity", lambda row: row["product_uom_qty"]),
        "stock_move": ("stock_move", "id", "done", lambda row: row["quantity"]),
        "product": ("product", "id", "price", lambda row: row["list_price"]),
        "opportunity": ("deal", "id", "probability", lambda row: row["probability"]),
    },
    "erpnext": {
        "customer": ("customer", "name", "phone", lambda row: row["mobile_no"]),
        "sales_order": ("sales_order", "name", "delivery", lambda row: row["delivery_date"]),
        "sales_order_line": ("sales_order_item", "name", "amount", lambda row: row["amount"]),
        "stock_move": ("stock_entry", "name", "cancelled", lambda row: row["is_cancelled"]),
        "ticket": ("issue", "name", "status", lambda row: row["status"]),
    },
}


def _jiandaoyun(sim: Simulator) -> tuple[Company, str, dict[str, str]]:
    system = sim.jiandaoyun(api_key="jdy-secret-1", per_endpoint=None, total=None)
    settings = {"api_key": "jdy-secret-1", "app": "客户关系管理"}
    return load_jiandaoyun(system, make_truth(orders=ORDERS)), system.base_url, settings


def _odoo(sim: Simulator) -> tuple[Company, str, dict[str, str]]:
    system = sim.odoo(api_key="odoo-secret-1")
    return load_odoo(system, make_truth(orders=ORDERS)), system.base_url, {"api_key": "odoo-secret-1"}


def _erpnext(sim: Simulator) -> tuple[Company, str, dict[str, str]]:
    system = sim.erpnext(api_key="key-1", api_secret="erp-secret-1", time_zone="Europe/Berlin")
    settings = {"api_key": "key-1", "api_secret": "erp-secret-1", "site_time_zone": "Europe/Berlin"}
    return load_erpnext(system, make_truth(orders=ORDERS)), system.base_url, settings


OPEN: dict[str, Callable[[Simulator], tuple[Company, str, dict[str, str]]]]
OPEN = {"jiandaoyun": _jiandaoyun, "odoo": _odoo, "erpnext": _erpnext}


class Reader:
    """The engine over one simulated system; a minute passes before each step, for it and for the source."""

    def __init__(self, sim: Simulator, name: str, folder: Path) -> None:
        self.name = name
        self.company, self.address, self.settings = OPEN[name](sim)
        self.profile = bounded(load_profile(name))
        source = {"name": "it", "role": self.profile.role, "system": name, "base_url": self.address}
        company = {"name": "Test", "currency": "CNY", "timezone": "Asia/Shanghai"}
        config = {"company": company, "warehouse": {"path": str(folder)}, "source": [source]}
        self.now = datetime.now(UTC)
        self.engine = Engine(parse_config(config, folder / "tandem.toml"), options=self.options())

    def options(self, **more: Any) -> Options:
        return Options(retry=Retry(attempts=2, sleep=lambda seconds: None), clock=lambda: self.now, **more)

    def sync(self, **more: Any) -> list[StreamReport]:
        self.engine.options = self.options(**more)
        source = self.engine.sources[0]
        streams = [watched[0] for watched in WATCHED[self.name].values()]
        return self.engine.take_up(source, streams, Ledger(self.engine.state), connect=self.connect)

    def connect(self) -> RestConnector:
        """Never waits in earnest, though its clock moves as if it did; looks names up anew."""
        slept: list[float] = []
        account = Account(Pacer((), sleep=lambda seconds: None))
        clock = Clock(sleep=slept.append, chance=lambda: 1.0, seconds=lambda: time.monotonic() + sum(slept))
        return RestConnector(self.profile, self.address, self.settings, account=account, clock=clock)

    def landed(self, stream: str, column: str) -> Counter[Pair]:
        table = f'landing."it__{stream}"'
        rows = self.engine.con.execute(f"SELECT _key, {column} FROM {table} WHERE _deleted_at IS NULL").fetchall()
        return Counter((key, comparable(value)) for key, value in rows)

    def differences(self) -> dict[str, tuple[Counter[Pair], Counter[Pair]]]:
        """Entity -> (rows only the source has, rows only landing has), of those that differ."""
        found = {}
        for entity, (stream, key, column, value) in WATCHED[self.name].items():
            truth = Counter((str(row[key]), comparable(value(row))) for row in self.company.rows(entity))
            landed = self.landed(stream, column)
            found[entity] = (truth - landed, landed - truth)
        return {entity: both for entity, both in found.items() if any(both)}


def bounded(profile: Profile) -> Profile:
    """Small pages, and an end to endless ones."""
    assert profile.rest is not None
    paging = profile.rest.paging.model_copy(update={"size": 20, "most_pages": 60})
    limits = profile.rest.limits.model_copy(update={"attempts": 3, "page_mb": 8})
    return profile.model_copy(update={"rest": profile.rest.model_copy(update={"paging": paging, "limits": limits})})


def comparable(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return str(value) if value is not None else ""


def accounted(reports: list[StreamReport]) -> None:
    """Every stream that was run says what became of each row it read."""
    for report in reports:
        counts = report.counts
        assert report.status == "ok" or report.error, report
        assert counts.read == counts.inserted + counts.updated + counts.unchanged + counts.rejected, report


def ends_equal_to_the_source(seed: int, folder: Path) -> None:
    now = [datetime(2026, 3, 1, 8, tzinfo=UTC)]
    with Simulator(clock=lambda: now[0]) as sim:
        reader = Reader(sim, list(WATCHED)[seed % len(WATCHED)], folder)
        print(f"schedule {seed}, {reader.name}:")
        for step in random_schedule(seed, steps=STEPS):
            print(f"  {step}")
            now[0] += timedelta(minutes=1)
            reader.now += timedelta(minutes=11)
            play(step, sim, reader.company)
            if step.do == "sync":
                accounted(reader.sync())
        now[0] += timedelta(minutes=5)
        reports = reader.sync(full=True, accept_deletes=True)
        accounted(reports)
        assert [(report.entity, report.error) for report in reports if report.error] == []
        assert reader.differences() == {}
        reader.engine.close()


@pytest.mark.parametrize("seed", range(IN_SUITE))
def test_ends_equal_to_the_source(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector, "LAND_ROWS", 1)
    ends_equal_to_the_source(seed, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(SCHEDULES))
def test_all_schedules_end_equal(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector, "LAND_ROWS", 1)
    ends_equal_to_the_source(seed, tmp_path)
