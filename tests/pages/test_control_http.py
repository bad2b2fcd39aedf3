"""The sync process steered over HTTP: from this machine and this site only, and with the name of who asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from data_access import control, feed_state
from data_access.config import parse_config
from pages._server import create_server
from pages._services import Services
from tests.pages.conftest import COMPANY, LAN, Site
from tests.published import publish

CONFIG: dict[str, Any] = {
    "company": COMPANY,
    "warehouse": {"path": "wh"},
    "source": [
        {"name": name, "role": name, "system": f"demo_{name}", "url": "sqlite:///x.db"} for name in ("erp", "crm")
    ],
}


@pytest.fixture(scope="module")
def steered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("steered")
    services = Services(parse_config(CONFIG, folder / "tandem.toml"))
    publish(folder / "wh", 1, ["CREATE SCHEMA core", "CREATE TABLE core.customer AS SELECT 'c1' AS customer_id"])
    feed_state.register(services.state, [("erp", "so_line", "1m", 300.0), ("crm", "account", "1m", 300.0)])
    server, feed = create_server(services)
    yield Site(server, feed, services)


def act(site: Site, action: str, body: Any, **more: Any) -> TestResponse:
    return site.open("POST", f"/api/v1/sync/{action}", json=body, **more)


def asked(site: Site) -> list[dict[str, Any]]:
    return site.services.state.execute("SELECT kind, body, asked_by FROM request ORDER BY id")


def test_a_request_is_handed_over_with_who_asked(steered: Site) -> None:
    before = len(asked(steered))
    answer = act(steered, "run", {"source": "crm", "stream": "account"})
    assert answer.status_code == 202 and answer.json["request"] > 0
    (row,) = asked(steered)[before:]
    wanted = {"kind": "resync", "body": '{"source": "crm", "streams": ["account"]}', "asked_by": "page 127.0.0.1"}
    assert row == wanted


def test_rows_to_pull_and_a_comparison_are_handed_over_alike(steered: Site) -> None:
    before = len(asked(steered))
    body = {"source": "crm", "stream": "opportunity", "keys": ["O-1", "O-2"]}
    assert act(steered, "pull", body).status_code == 202
    assert act(steered, "compare", {"source": "crm", "stream": "opportunity"}).status_code == 202
    pulled, compared = asked(steered)[before:]
    streams = '"source": "crm", "streams": ["opportunity"]'
    who = {"asked_by": "page 127.0.0.1"}
    assert pulled == {"kind": "pull", "body": f'{{{streams}, "keys": ["O-1", "O-2"]}}', **who}
    assert compared == {"kind": "compare", "body": f"{{{streams}}}", **who}


def test_a_pause_shows_at_once(steered: Site) -> None:
    assert act(steered, "pause", {"source": "crm"}).status_code == 202
    document = steered.get("/api/v1/feeds").json
    assert [(feed["source"], feed["status"]) for feed in document["feeds"]] == [("erp", "never"), ("crm", "paused")]
    assert document["backlog"]["streams_paused"] == 1
    sources = {each["name"]: each for each in steered.get("/healthz").json["sources"]}
    assert sources["crm"]["paused_since"] and sources["erp"]["paused_since"] is None
    assert act(steered, "run", {"source": "crm"}).status_code == 400
    assert act(steered, "resume", {"source": "crm"}).status_code == 202
    assert control.pauses(steered.services.state).all == ()


@pytest.mark.parametrize(
    ("action", "body", "status"),
    [
        ("stop", {"source": "crm"}, 404), ("run", {"source": "hr"}, 404),
        ("run", {"source": "crm", "stream": "x"}, 404),
        ("run", {}, 400), ("run", [], 400), ("run", {"source": 1}, 400), ("run", {"source": "crm", "full": True}, 400),
        ("run", {"source": "crm", "stream": 1}, 400), ("run", {"source": "crm", "accept_deletes": "yes"}, 400),
        ("resume", {"source": "crm"}, 400), ("compare", {"source": "crm", "stream": "contact"}, 400),
        ("pull", {"source": "crm", "stream": "opportunity", "keys": "O-1"}, 400),
        ("pull", {"source": "crm", "stream": "opportunity", "keys": [1]}, 400),
        ("pull", {"source": "crm", "keys": ["O-1"]}, 400),
        ("run", {"source": "crm", "stream": "opportunity", "keys": ["O-1"]}, 400),
    ],
)  # fmt: skip
def test_what_cannot_be_done_says_why(steered: Site, action: str, body: Any, status: int) -> None:
    before = len(asked(steered))
    answer = act(steered, action, body)
    assert answer.status_code == status and answer.json["error"] and answer.json["hint"]
    assert len(asked(steered)) == before


@pytest.mark.parametrize("action", ["run", "pull", "compare"])
@pytest.mark.parametrize(
    "more",
    [
        {"remote": LAN},
        {"headers": {"Origin": "http://elsewhere.example"}},
        {"headers": {"Sec-Fetch-Site": "cross-site"}},
        {"headers": {"Sec-Fetch-Site": "same-site"}},
        {"headers": {"X-Forwarded-For": "192.168.7.20"}},
        {"host": "tandem.example"},
    ],
)
def test_only_this_machine_and_this_site(steered: Site, more: dict[str, Any], action: str) -> None:
    before = len(asked(steered))
    assert act(steered, action, {"source": "crm"}, **more).status_code == 403
    form = steered.open(
        "POST", f"/api/v1/sync/{action}", data='{"source": "crm"}', headers={"Content-Type": "text/plain"}
    )
    assert form.status_code == 400 and len(asked(steered)) == before
    assert steered.get("/api/v1/feeds", remote=LAN).status_code == 403
