"""GET /metrics: what Prometheus reads, and who may."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from data_access import feed_state, inbox
from data_access.clock import utc_now
from data_access.config import parse_config
from data_access.hooks import Notice
from data_access.state import State
from data_access.sync.extract import StreamReport
from data_access.sync.land import Counts
from data_access.sync.marks import STAGING_REJECTS
from data_access.sync.runs import Ledger, RunReport
from pages._server import create_server
from pages._services import Services
from tests.pages.conftest import COMPANY, LAN, Site
from tests.published import publish

TOKEN = "metrics-canary-token"
TABLES = [
    "CREATE SCHEMA core", "CREATE SCHEMA ops", "CREATE SCHEMA marts",
    "CREATE TABLE core.customer AS SELECT 'c1' AS customer_id, 'Acme canary' AS name",
    "CREATE TABLE ops.quality_result AS"
    " SELECT * FROM (VALUES ('a', 'high', false), ('b', 'high', true), ('c', 'high', false))"
    " t(name, severity, passed)",
    "CREATE TABLE marts.identity_rate AS SELECT DATE '2026-01-01' + i::INTEGER AS day, 0.5 + i / 10 AS account_rate,"
    " NULL::DOUBLE AS revenue_rate FROM range(3) r(i)",
]  # fmt: skip


@pytest.fixture
def measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("METRICS", TOKEN)
    source = {"name": "erp", "role": "erp", "system": "demo_erp", "url": "sqlite:///x.db"}
    document = {"company": COMPANY, "source": [source], "warehouse": {"path": "wh"}}
    config = parse_config(document | {"server": {"metrics_token": "${METRICS}"}}, tmp_path / "tandem.toml")
    services = Services(config)
    publish(tmp_path / "wh", 7, TABLES)
    services.reader.refresh()
    server, feed = create_server(services)
    yield Site(server, feed, services)


def samples(site: Site, **more: str) -> dict[tuple[str, ...], float]:
    """(name, label values by the labels' names...) -> value, as Prometheus' own parser reads the text."""
    text = site.get("/metrics", **more).get_data(as_text=True)
    families = list(text_string_to_metric_families(text))
    assert families and all(family.documentation for family in families)
    return {
        (each.name, *(each.labels[label] for label in sorted(each.labels))): each.value
        for family in families
        for each in family.samples
    }


def fill(state: State) -> None:
    now = utc_now()
    feed_state.register(state, [("erp", "so_line", "1m", 300.0)])
    read = feed_state.Read("erp", "so_line", True, now - timedelta(seconds=100), 2.5, rejects_open=4)
    feed_state.read(state, [read])
    feed_state.planned(state, "erp", {"so_line": (now - timedelta(seconds=40), 300.0)})
    state.source_checked("erp", "erp", ok=True, fresh_within_s=300, at=now - timedelta(seconds=100))
    for status in ("published", "nothing_new", "nothing_new"):
        ledger = Ledger(state)
        report = StreamReport("erp", "so_line", now, now, "ok", Counts(read=5, inserted=2, updated=1, unchanged=2))
        ledger.finish(RunReport(ledger.run_id, status, streams=[report]))
    inbox.receive(state, "erp", "d-1", "{}", [Notice("upsert", "so_line", ("1",))])
    state.set_fact(STAGING_REJECTS, json.dumps({"erp": 9}))


def test_the_numbers_are_those_of_state_and_version(measured: Site) -> None:
    fill(measured.services.state)
    found = samples(measured)
    exact = {
        ("tandem_source_status", "erp", "erp", "fresh"): 1, ("tandem_source_status", "erp", "erp", "stale"): 0,
        ("tandem_source_promise_seconds", "erp", "erp"): 300, ("tandem_source_rows_left_out", "erp"): 9,
        ("tandem_stream_last_read_duration_seconds", "erp", "so_line"): 2.5,
        ("tandem_stream_rejects_open", "erp", "so_line"): 4, ("tandem_stream_paused", "erp", "so_line"): 0,
        ("tandem_sync_runs_total", "published"): 1, ("tandem_sync_runs_total", "nothing_new"): 2,
        ("tandem_rows_total", "inserted", "erp"): 6, ("tandem_rows_total", "unchanged", "erp"): 6,
        ("tandem_hook_notices_total", "received", "erp"): 1, ("tandem_backlog_notices", "erp"): 1,
        ("tandem_backlog_streams",): 1, ("tandem_backlog_publish_seconds",): 0, ("tandem_version",): 7,
        ("tandem_checks_failing", "high"): 2,
    }  # fmt: skip
    assert {key: found.get(key) for key in exact} == exact
    assert found[("tandem_match_rate_ratio", "accounts")] == pytest.approx(0.7)
    assert ("tandem_match_rate_ratio", "revenue") not in found
    for name in ("tandem_source_check_age_seconds", "tandem_stream_check_age_seconds"):
        age = next(value for key, value in found.items() if key[0] == name)
        assert 100 <= age < 160
    assert found[("tandem_stream_overdue_seconds", "erp", "so_line")] >= 40 and found[("tandem_disk_free_bytes",)] > 0


def test_refused_deliveries_are_counted_by_reason(measured: Site) -> None:
    measured.open("POST", "/hooks/nobody", remote=LAN)
    assert samples(measured)[("tandem_hook_refused_total", "unknown", "")] == 1


def test_a_company_without_anything_yet_answers_too(tmp_path: Path) -> None:
    source = {"name": "erp", "role": "erp", "system": "demo_erp", "url": "sqlite:///x.db"}
    config = parse_config({"company": COMPANY, "source": [source]}, tmp_path / "tandem.toml")
    server, feed = create_server(services := Services(config))
    site = Site(server, feed, services)
    assert samples(site)[("tandem_source_status", "erp", "erp", "never")] == 1
    assert site.get("/metrics", remote=LAN).status_code == 403


def test_from_elsewhere_only_with_the_token(measured: Site) -> None:
    assert measured.get("/metrics", remote=LAN).status_code == 401
    assert measured.get("/metrics", remote=LAN, Authorization="Bearer guessed").status_code == 401
    assert measured.get("/metrics", remote=LAN, Authorization=f"Basic {TOKEN}").status_code == 401
    answer = measured.get("/metrics", remote=LAN, Authorization=f"Bearer {TOKEN}")
    assert answer.status_code == 200 and answer.content_type.startswith("text/plain")
    assert (
        measured.open("POST", "/metrics", remote=LAN, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 403
    )
    assert measured.get("/api/v1/panels", remote=LAN, Authorization=f"Bearer {TOKEN}").status_code == 403


def test_no_secret_and_no_name_of_a_customer(measured: Site) -> None:
    fill(measured.services.state)
    text = measured.get("/metrics").get_data(as_text=True)
    assert TOKEN not in text and "Acme" not in text and "METRICS" not in text
