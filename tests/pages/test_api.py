"""The HTTP interface: version, panel bytes, rows, exports, health."""

from __future__ import annotations

import csv
import io
import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from data_access import inbox
from data_access.clock import iso, utc_now
from data_access.config import parse_config
from data_access.feed_state import SOON_SECONDS, WAITING_PUBLISH
from data_access.hooks import Notice
from data_access.panels import WALL
from data_access.processes import provisional_config
from pages._server import create_server, is_page
from pages._services import Services
from tests.pages.conftest import COMPANY, LAN, SOURCES, Site
from tests.published import publish


def test_the_version_document_is_small_and_answers_304(site: Site) -> None:
    site.services.state.source_checked("erp", "erp", ok=True, fresh_within_s=300)
    site.feed._version = None
    first = site.get("/api/v1/version")
    body = first.json
    assert (body["version"], body["phase"], body["as_of"]) == (1, "ready", "2026-01-31")
    assert set(body["panels"]) == {panel.name for panel in WALL} >= {"kpis", "runway", "ticker", "speed_cover"}
    states = {"today": "ok", "inventory": "ok", "production": "ok", "sync": "critical"}
    assert body["scenes"] == states  # the CRM was never read
    erp = next(item for item in body["sources"] if item["name"] == "erp")
    assert (erp["status"], erp["fresh_within_seconds"]) == ("fresh", 300) and erp["lag_seconds"] <= 1
    assert len(first.data) < 1800 and "last_error" not in first.text
    again = site.get("/api/v1/version", If_None_Match=first.headers["ETag"])
    assert again.status_code == 304 and not again.data and again.headers["X-Server-Time"].endswith("Z")


def test_time_alone_does_not_change_the_version_tag(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    first = site.get("/api/v1/version")
    site.feed._version = None
    assert site.get("/api/v1/version").headers["ETag"] == first.headers["ETag"]
    site.services.state.source_checked("erp", "erp", ok=False, fresh_within_s=300, error="refused")
    site.feed._version = None
    changed = site.get("/api/v1/version", If_None_Match=first.headers["ETag"])
    assert changed.status_code == 200
    assert next(item for item in changed.json["sources"] if item["name"] == "erp")["status"] == "failing"


def test_news_on_its_way_is_told_for_a_while(site: Site) -> None:
    state = site.services.state

    def soon() -> bool:
        site.feed._version = None
        return bool(site.get("/api/v1/version").json["soon"])

    assert not soon()
    inbox.receive(state, "erp", "d-1", "{}", [Notice("upsert", "customer", ("1",))])
    assert soon()
    inbox.applied(state, inbox.take(state, "erp"), "nothing new")
    assert not soon()
    state.set_fact(WAITING_PUBLISH, iso(utc_now()))
    assert soon()
    state.set_fact(WAITING_PUBLISH, iso(utc_now() - timedelta(seconds=SOON_SECONDS)))
    assert not soon()


def test_an_answer_waits_for_news_when_asked_to(site: Site) -> None:
    site.feed._version = None
    known = site.get("/api/v1/version").headers["ETag"]

    def later() -> None:
        site.services.state.source_checked("erp", "erp", ok=True, fresh_within_s=300)
        site.services.state.source_checked("erp", "erp", ok=False, fresh_within_s=300, error="refused")
        site.feed._version = None

    threading.Timer(0.2, later).start()
    changed = site.get("/api/v1/version", If_None_Match=known, Prefer="wait=1")
    assert changed.status_code == 200 and changed.json["sources"][0]["status"] == "failing"
    known = changed.headers["ETag"]
    assert site.get("/api/v1/version", If_None_Match=known, Prefer="wait=1").status_code == 304
    assert site.get("/api/v1/version", If_None_Match='"another"', Prefer="wait=9999").status_code == 200


def test_only_some_may_wait(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("pages._feed.time.sleep", slept.append)
    monkeypatch.setattr(site.feed, "_places", threading.BoundedSemaphore(1))
    known = site.get("/api/v1/version").headers["ETag"]
    with site.feed._places:
        assert site.get("/api/v1/version", If_None_Match=known, Prefer="wait=1").status_code == 304
    assert slept == []
    assert site.get("/api/v1/version", If_None_Match=known, Prefer="wait=1").status_code == 304
    assert slept


def test_two_hundred_displays_ask_the_engine_once(site: Site, rows: list[str]) -> None:
    answers: list[tuple[int, bytes]] = []

    def ask() -> None:
        answer = site.get("/wall/panel/customers.json?lang=zh")
        answers.append((answer.status_code, answer.data))

    threads = [threading.Thread(target=ask) for _ in range(200)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert (
        len(answers) == 200 and {status for status, _ in answers} == {200} and len({data for _, data in answers}) == 1
    )
    assert rows == ["customers"]


def test_panel_bytes_carry_the_tag_of_the_version_document(site: Site, rows: list[str]) -> None:
    answer = site.get("/wall/panel/customers.json?lang=en", Accept_Encoding="gzip")
    site.feed._version = None
    assert answer.json["etag"] == site.get("/api/v1/version").json["panels"]["customers"]
    same = site.get("/wall/panel/customers.json?lang=en", If_None_Match=answer.headers["ETag"])
    assert same.status_code == 304
    other = site.get("/wall/panel/customers.json?lang=zh", If_None_Match=answer.headers["ETag"])
    assert other.status_code == 200 and other.json["lang"] == "zh"
    assert site.feed.known("en")["customers"]["etag"] == answer.json["etag"]


def test_a_failing_panel_fails_alone_and_is_not_asked_again_at_once(
    site: Site, rows: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        rows.append("broken")
        raise ValueError("canary-5f3a")

    monkeypatch.setattr("components.wall.render", broken)
    first, second = site.get("/wall/panel/customers.json"), site.get("/wall/panel/customers.json")
    assert first.status_code == second.status_code == 500
    assert rows.count("broken") == 1
    assert first.json["ref"] == second.json["ref"] and first.json["ref"] in caplog.text
    assert "canary" not in first.text and "canary" in caplog.text
    assert site.get("/api/v1/version").status_code == 200


def test_unknown_panels_languages_and_formats_are_told(site: Site) -> None:
    for path, status, word in [
        ("/wall/panel/custmers.json", 404, "customers"),
        ("/wall/panel/runway_lanes.json", 404, "panels"),
        ("/wall/panel/customers.json?lang=xx", 400, "lang=en"),
        ("/api/v1/panels/custmers.json", 404, "customers"),
        ("/api/v1/panels/customers.xls", 404, "customers.csv"),
        ("/api/v1/panels/customers.json?perod=90d", 400, "filters"),
        ("/api/v1/panels/../../etc/passwd.json", 404, ""),
        ("/api/v1/nothing", 404, "panels"),
        ("/hooks/erp", 404, ""),
        ("/wall/x", 404, ""),
    ]:
        answer = site.get(path)
        assert (answer.status_code, word in answer.json["hint"]) == (status, True), (path, answer.text)
    assert site.open("POST", "/hooks/erp").status_code == 404


def test_rows_as_json_with_provenance(site: Site, rows: list[str]) -> None:
    body = site.get("/api/v1/panels/customers.json").json
    assert body["rows"] == [{"customer_id": "c1", "name": "=cmd|calc", "revenue": 12.5}]
    assert body["columns"][2] == {"name": "revenue", "unit": "CNY"} and body["columns"][0]["unit"] is None
    assert (body["panel"], body["version"], body["sources"], body["row_count"]) == ("customers", 1, ["erp"], 1)
    assert body["as_of"] == "2026-01-31T08:00:00.000Z" and body["filters"] == {} and body["truncated"] is False


def test_csv_holds_no_formula(site: Site, rows: list[str]) -> None:
    answer = site.get("/api/v1/panels/customers.csv")
    found = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert found == [["customer_id", "name", "revenue"], ["c1", "'=cmd|calc", "12.5"]]
    assert (
        answer.headers["X-Tandem-As-Of"] == "2026-01-31T08:00:00.000Z"
        and "attachment" in answer.headers["Content-Disposition"]
    )


def test_the_panel_list_and_the_metrics(site: Site) -> None:
    found = site.get("/api/v1/panels").json["panels"]
    assert {"name", "title", "page", "grain", "filters", "metrics"} == set(found[0])
    metrics = site.get("/api/v1/metrics").json["metrics"]
    names = {metric["name"] for metric in metrics}
    assert {name for panel in found for name in panel["metrics"]} <= names
    assert {"name", "definition", "sql", "unit", "grain", "better", "sources"} <= set(metrics[0])


def test_health_tells_state_without_secrets(site: Site) -> None:
    secret = "could not reach postgresql://u:canary@crm/x?password=canary"
    site.services.state.source_checked("crm", "crm", ok=False, fresh_within_s=60, error=secret)
    body = site.get("/healthz", remote=LAN).json
    crm = next(item for item in body["sources"] if item["name"] == "crm")
    assert body["status"] == "degraded" and crm["status"] == "never" and "canary" not in json.dumps(body)
    assert "could not reach" in crm["last_error"]


def test_an_unknown_page_is_404_and_assets_are_kept_and_compressed(site: Site) -> None:
    assert site.get("/nowhere", Accept="text/html").status_code == 404
    assert site.get("/wall", Accept="text/html").status_code == 200
    assert not is_page("/wall/x") and is_page("/wall/")
    page = site.get("/", Accept="text/html", Accept_Encoding="br")
    assert page.headers["Content-Encoding"] == "br"
    script = next(part for part in site.get("/").text.split('"') if part.startswith("/static/"))
    answer = site.get(script, Accept_Encoding="gzip, br")
    assert answer.headers["Content-Encoding"] == "br" and "immutable" in answer.headers["Cache-Control"]
    assert len(answer.data) < 500_000
    assert site.get(script.replace("/static/", "/static/0")).status_code == 404
    for suite in [part for part in site.get("/").text.split('"') if part.startswith("/_dash-component-suites/")]:
        answer = site.get(suite, Accept_Encoding="br")
        assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"], suite
    assert site.get("/assets/../app.py").status_code in (403, 404)
    assert site.get("/static/x/..%2f..%2fapp.py").status_code == 404


def test_before_the_first_version_a_person_sees_progress(tmp_path: Path) -> None:
    config = parse_config(
        {"company": COMPANY, "source": SOURCES, "warehouse": {"path": "wh"}}, tmp_path / "tandem.toml"
    )
    services = Services(config)
    server, feed = create_server(services)
    site = Site(server, feed, services)
    services.state.set_progress("extract", "sales orders", 10, 40)
    page = site.get("/", Accept="text/html")
    assert page.status_code == 200 and 'value="10" max="40"' in page.text and "sales orders" in page.text
    assert 'http-equiv="refresh"' in page.text and "<script" not in page.text
    version = site.get("/api/v1/version").json
    assert version["phase"] == "starting" and version["progress"]["done"] == 10 and version["panels"] == {}
    assert site.get("/healthz").status_code == 503 and site.get("/healthz").json["status"] == "starting"
    assert site.get("/wall/panel/customers.json").status_code == 503
    assert site.get("/api/v1/panels/customers.json").status_code == 503
    assert site.get("/wall", Accept="text/html").status_code == 200, "the wall shows this state itself"
    assert site.get("/", remote=LAN, Accept="text/html").status_code == 403
    publish(tmp_path / "wh", 1, ["CREATE SCHEMA core", "CREATE TABLE core.customer AS SELECT 1 AS a"])
    services.reader.refresh()
    assert "refresh" not in site.get("/", Accept="text/html").text
    assert site.get("/api/v1/version").json["phase"] == "ready"


def test_a_poll_keeps_its_connection_over_304(site: Site) -> None:
    import http.client
    import socket

    from pages._serving import make_server

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    server = make_server(site.server, listener)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    client = http.client.HTTPConnection(*listener.getsockname(), timeout=20)
    client.request("GET", "/api/v1/version")
    first = client.getresponse()
    first.read()
    opened = client.sock
    for _ in range(3):
        client.request("GET", "/api/v1/version", headers={"If-None-Match": first.headers["ETag"]})
        answer = client.getresponse()
        assert (answer.status, answer.read(), answer.headers["Connection"]) == (304, b"", None)
        assert client.sock is opened
    client.request("GET", "/api/v1/panels", headers={"X-Forwarded-For": "127.0.0.1"})
    assert client.getresponse().status == 403, "forwarding headers reach the guard"
    client.close()
    server.close()


def test_a_provisional_configuration_gives_way_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "tandem.toml"
    services = Services(provisional_config(path), provisional=True)
    assert services.config.company.name == "Kaichuan Motion"
    path.write_text(
        '[company]\nname = "Made"\ncurrency = "EUR"\ntimezone = "UTC"\n[warehouse]\npath = "warehouse"\n'
        '[[source]]\nname = "erp"\nrole = "erp"\nsystem = "demo_erp"\nurl = "sqlite:///erp.db"\n'
    )
    assert services.config.company.name == "Made"
    assert (
        services.config.state_path == services.state.path and services.config.warehouse.path == services.reader.folder
    )


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("DELETE", "/api/v1/views/9223372036854775808", None, 404),
        ("POST", "/api/v1/exports", "[" * 100_000, 400),
        ("POST", "/_dash-update-component", "[" * 100_000, 400),
        ("GET", "/_dash-component-suites/os/environ", None, 404),
        ("GET", "/_dash-component-suites/dash/../../etc/passwd", None, 404),
    ],
)
def test_requests_nobody_means_are_refused_calmly(
    site: Site, caplog: pytest.LogCaptureFixture, method: str, path: str, body: str | None, status: int
) -> None:
    more = {} if body is None else {"data": body, "content_type": "application/json"}
    answer = site.open(method, path, **more)
    assert answer.status_code == status and "Traceback" not in caplog.text
    assert set(answer.json) == {"error", "hint"}
