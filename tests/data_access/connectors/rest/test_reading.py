"""Odoo and ERPNext in particulars: empty values, time zones, missing fields and modules, counts, parallel streams."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from data_access.config import parse_config
from data_access.connectors.profile import load_profile
from data_access.connectors.rest import connector as rest_connector
from data_access.connectors.rest.account import Account
from data_access.connectors.rest.connector import RestConnector
from data_access.connectors.rest.limits import Pacer
from data_access.connectors.rest.spec import Time
from data_access.connectors.rest.times import Times
from data_access.errors import ConfigError, SourceError
from data_access.sync.engine import Engine
from data_access.sync.extract import Options, Retry
from data_access.sync.runs import Ledger
from tests.simulator import Fault, Simulator
from tests.simulator.company import load_jiandaoyun, load_odoo, make_truth

NEW_YORK = "America/New_York"


@pytest.fixture
def now() -> list[datetime]:
    return [datetime(2026, 3, 1, 8, 0, 0, tzinfo=UTC)]


@pytest.fixture
def sim(now: list[datetime]) -> Iterator[Simulator]:
    with Simulator(clock=lambda: now[0]) as running:
        yield running


def opened(name: str, address: str, **settings: str) -> RestConnector:
    account = Account(Pacer((), sleep=lambda seconds: None))
    return RestConnector(load_profile(name), address, settings, account=account)


def rows(connector: RestConnector, stream: str, since: datetime | None = None, until: datetime | None = None) -> list:
    return [row for page in connector.read(stream, since, until) for row in page.to_pylist()]


def test_odoo_false_is_nothing_but_in_booleans(sim: Simulator) -> None:
    odoo = sim.odoo(api_key="k-123456")
    load_odoo(odoo, make_truth())
    contacts = [row for row in rows(opened("odoo", odoo.base_url, api_key="k-123456"), "partner") if row["parent"]]
    assert contacts and all(row["vat"] is None and row["country"] is None and row["active"] is True for row in contacts)
    customers = [row for row in rows(opened("odoo", odoo.base_url, api_key="k-123456"), "partner") if not row["parent"]]
    assert any(row["active"] is False for row in customers), "archived records are read too"


def test_what_a_system_does_not_have_is_not_asked_for(sim: Simulator) -> None:
    """A module that is not installed has no rows; a field that is not there comes empty, and doctor tells it."""
    odoo = sim.odoo(api_key="k-123456")
    load_odoo(odoo, make_truth())
    connector = opened("odoo", odoo.base_url, api_key="k-123456")
    assert rows(connector, "supplier_price") == [] and list(connector.read_keys("supplier_price")) == []
    orders = rows(connector, "sale_order")
    assert len(orders) == 130 and all(row["owner"] is None for row in orders)
    told = [error.message for error in connector.verify()]
    assert "odoo.toml: stream sale_order: the system has no field user_id" in told
    assert not [text for text in told if "supplierinfo" in text or "supplier_price" in text]


def test_an_optional_object_that_goes_away_in_mid_read_is_a_failure(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half its rows would look like all of them."""
    monkeypatch.setattr(rest_connector, "LAND_ROWS", 1)
    odoo = sim.odoo(api_key="k-123456")
    load_odoo(odoo, make_truth(orders=400))
    connector, found = opened("odoo", odoo.base_url, api_key="k-123456"), 0
    sim.fault(Fault("status", match="sale.order.line/search_read", after=1, code=404))
    with pytest.raises(SourceError, match="404"):
        for page in connector.read("sale_line", None, None):
            found += page.num_rows
    assert found == 500


@pytest.mark.parametrize("since, until", [(False, False), (True, True)])
def test_counts_are_the_truth(sim: Simulator, now: list[datetime], since: bool, until: bool) -> None:
    odoo = sim.odoo(api_key="k-123456")
    company = load_odoo(odoo, make_truth())
    now[0] += timedelta(hours=1)
    order = company.entities["sales_order"].source
    order.update(order.rows[0]["id"], {"name": "changed"})
    connector = opened("odoo", odoo.base_url, api_key="k-123456")
    bounds = (now[0] - timedelta(minutes=1) if since else None, now[0] if until else None)
    assert connector.count("sale_order", *bounds) == (1 if since else 130)


def test_a_field_that_goes_away_costs_no_row_and_is_an_event(sim: Simulator, tmp_path: Path) -> None:
    odoo = sim.odoo(api_key="k-123456")
    load_odoo(odoo, make_truth())
    source = {"name": "it", "role": "erp", "system": "odoo", "base_url": odoo.base_url}
    company = {"name": "Test", "currency": "CNY", "timezone": "Asia/Shanghai"}
    config = parse_config(
        {"company": company, "warehouse": {"path": str(tmp_path)}, "source": [source]}, tmp_path / "tandem.toml"
    )
    hours = [0]
    options = Options(full=True, retry=Retry(attempts=1), clock=lambda: datetime.now(UTC) + timedelta(hours=hours[0]))
    engine = Engine(config, options=options)

    def take() -> list:
        hours[0] += 2
        connect = lambda: opened("odoo", odoo.base_url, api_key="k-123456")  # noqa: E731
        return engine.take_up(engine.sources[0], ["sale_order"], Ledger(engine.state), connect=connect)

    def events() -> list:
        return engine.con.execute('SELECT "column", change FROM landing.schema_change').fetchall()

    assert take()[0].error == "" and events() == []
    sim.fault(Fault("wrong_schema", match="search_read", drop="commitment_date"))
    (report,) = take()
    assert (report.error, report.counts.rejected, report.counts.read) == ("", 0, 130)
    assert events() == [("commitment_date", "source: removed")]
    assert engine.con.execute("SELECT count(name), count(promised) FROM landing.it__sale_order").fetchone() == (130, 0)
    sim.clear_faults()
    take()
    assert events()[1:] == [("commitment_date", "source: added")]
    assert engine.con.execute("SELECT count(promised) FROM landing.it__sale_order").fetchone() == (130,)
    engine.close()


def test_site_time_is_read_in_its_zone_on_both_sides_of_the_hour_that_comes_twice() -> None:
    """New York, 1 November 2026: 01:30 comes twice, at 05:30 and 06:30 UTC."""
    times = Times(Time(format="%Y-%m-%d %H:%M:%S.%f", zone=NEW_YORK), NEW_YORK)
    zone = ZoneInfo(NEW_YORK)
    start = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
    for minutes in range(0, 300, 10):
        since = start + timedelta(minutes=minutes)
        bound = times.since(since)
        assert bound is not None
        for later in range(0, 240, 10):
            written = (since + timedelta(minutes=later)).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S.%f")
            assert written >= bound, "a later change would be passed over"
    assert times.to_utc("2026-07-01 08:00:00.250000") == "2026-07-01T12:00:00.250000+00:00"
    assert times.to_utc("2026-01-01 08:00:00") == "2026-01-01T13:00:00+00:00"
    assert (
        times.to_utc("2026-01-01") == "2026-01-01" and times.to_utc(None) is None and times.to_utc("x" * 20) == "x" * 20
    )
    with pytest.raises(ConfigError, match="is not a time zone"):
        Times(Time(), "Mars/Olympus")


def test_streams_of_one_source_are_read_side_by_side_within_its_limits(sim: Simulator, tmp_path: Path) -> None:
    """Seven forms at once through one pacer: all rows, and not one refusal by the strict 30 a second."""
    jdy = sim.jiandaoyun(api_key="k-123456", per_endpoint=30, total=50)
    company = load_jiandaoyun(jdy, make_truth())
    many = company.entities["activity"].source
    many.insert_many({"跟进内容": f"更多{n}"} for n in range(2_500))
    source = {"name": "it", "role": "crm", "system": "jiandaoyun", "base_url": jdy.base_url}
    config = parse_config(
        {
            "company": {"name": "Test", "currency": "CNY", "timezone": "Asia/Shanghai"},
            "warehouse": {"path": str(tmp_path)},
            "source": [source],
        },
        tmp_path / "tandem.toml",
    )
    engine = Engine(config, options=Options(retry=Retry(attempts=1)))
    streams = list(engine.sources[0].profile.stream)
    settings = {"api_key": "k-123456", "app": "客户关系管理"}
    connect = lambda: RestConnector(load_profile("jiandaoyun"), jdy.base_url, settings)  # noqa: E731
    reports = engine.take_up(engine.sources[0], streams, Ledger(engine.state), connect=connect)
    assert [report.entity for report in reports] == streams and not [report.error for report in reports if report.error]
    assert {report.entity: report.counts.inserted for report in reports} == {
        name: len(company.rows(name)) for name in streams
    }
    assert {seen.status for seen in sim.requests} == {200}
    engine.close()
