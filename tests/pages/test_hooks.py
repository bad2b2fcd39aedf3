"""POST /hooks/<source>: from any address, signed or not at all; kept before it is answered."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from data_access.config import parse_config
from pages import _hooks
from pages._server import create_server
from pages._services import Services
from tests.pages.conftest import COMPANY, LAN, Site
from tests.published import publish

SECRET = "s3cret-canary"
JDY = """
system = "jdy"
title = "Forms"
role = "crm"
kind = "sql"
[hook]
scheme = "jiandaoyun"
[stream.party]
table = "party"
key = ["id"]
[stream.party.columns]
id = "text"
"""


@pytest.fixture
def hooked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Two sources that push (one as Jiandaoyun does), one that does not, and one whose secret is missing."""
    monkeypatch.setenv("HOOK", SECRET)
    (tmp_path / "jdy.toml").write_text(JDY)
    erp = {"role": "erp", "system": "demo_erp", "url": "sqlite:///erp.db"}
    sources = [
        erp | {"name": "erp", "hook_secret": "${HOOK}"},
        {"name": "crm", "role": "crm", "profile": "jdy.toml", "url": "sqlite:///c.db", "hook_secret": "${HOOK}"},
        erp | {"name": "quiet"},
        erp | {"name": "unset", "hook_secret": "${NO_SUCH_HOOK}"},
    ]
    config = parse_config({"company": COMPANY, "source": sources, "warehouse": {"path": "wh"}}, tmp_path / "t.toml")
    services = Services(config)
    publish(tmp_path / "wh", 1, ["CREATE SCHEMA core", "CREATE TABLE core.customer AS SELECT 'c1' AS customer_id"])
    server, feed = create_server(services)
    yield Site(server, feed, services)


def push(
    site: Site, source: str, body: Any, *, secret: str = SECRET, delivery: str = "d-1", at: float | None = None,
    remote: str = LAN, host: str = "", **headers: str,
) -> TestResponse:  # fmt: skip
    """A delivery signed as the generic scheme says."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
    mine = {"X-Tandem-Signature": f"sha256={digest}", "X-Tandem-Timestamp": stamp, "X-Tandem-Delivery": delivery}
    return site.open("POST", f"/hooks/{source}", remote=remote, host=host, headers=mine | headers, data=raw)


def kept(site: Site) -> list[dict[str, Any]]:
    return site.services.state.execute("SELECT source, delivery, op, entity, key FROM hook_notice ORDER BY id")


def refused(answer: TestResponse, status: int) -> None:
    assert answer.status_code == status and set(answer.json) == {"error", "hint"} and answer.json["hint"]
    assert SECRET not in answer.get_data(as_text=True)


def test_a_signed_notice_is_kept_once(hooked: Site) -> None:
    body = {"entity": "customer", "key": "17", "op": "upsert"}
    for duplicate in (False, True):
        answer = push(hooked, "erp", body)
        assert answer.status_code == 200
        assert answer.json == {"delivery": "d-1", "notices": 1, "duplicate": duplicate}
    row = {"source": "erp", "delivery": "d-1", "op": "upsert", "entity": "customer", "key": '["17"]'}
    assert kept(hooked) == [row]


def test_an_id_given_away_twice_loses_nothing(hooked: Site) -> None:
    for key in ("17", "18"):
        for duplicate in (False, True):
            answer = push(hooked, "erp", {"entity": "customer", "key": key})
            assert answer.json == {"delivery": "d-1", "notices": 1, "duplicate": duplicate}
    assert [row["key"] for row in kept(hooked)] == ['["17"]', '["18"]']


@pytest.mark.parametrize(
    "body", [rb'{"entity": "customer", "key": "\ud800"}', rb'{"entity": "\udc00"}', b'{"op": "\xff"}']
)
def test_half_a_character_is_refused(hooked: Site, body: bytes) -> None:
    refused(push(hooked, "erp", body), 400)
    assert kept(hooked) == []


def test_jiandaoyun_signs_its_own_way(hooked: Site) -> None:
    raw = json.dumps({"op": "data_remove", "data": {"formName": "客户", "_id": "5f"}}).encode()
    stamp = str(int(time.time()))
    text = b":".join((b"n1", raw, SECRET.encode(), stamp.encode()))
    signature = hashlib.sha1(text).hexdigest()
    path = f"/hooks/crm?timestamp={stamp}&nonce=n1"
    for headers in (
        {"X-JDY-Signature": signature, "X-JDY-DeliverId": "j-1"},
        {"X-JDY-Signature": "j-1", "X-JDY-DeliverId": f"sha1={signature}"},
    ):
        assert hooked.open("POST", path, remote=LAN, headers=headers, data=raw).status_code == 200
    assert [(row["delivery"], row["op"], row["entity"]) for row in kept(hooked)] == [("j-1", "delete", "客户")]
    refused(push(hooked, "crm", {"entity": "party"}), 401)


def test_what_is_not_genuine_leaves_no_trace(hooked: Site) -> None:
    body = {"entity": "customer", "key": "17"}
    refused(push(hooked, "erp", body, secret="guessed"), 401)
    refused(push(hooked, "erp", body, at=time.time() - 3600), 401)
    refused(push(hooked, "erp", body, **{"X-Tandem-Signature": "sha256="}), 401)
    refused(hooked.open("POST", "/hooks/erp", remote=LAN, json=body), 401)
    refused(push(hooked, "quiet", body), 404)
    refused(push(hooked, "nobody", body), 404)
    refused(push(hooked, "unset", body), 403)
    refused(push(hooked, "erp", b"{"), 400)
    refused(push(hooked, "erp", b"x" * ((1 << 20) + 1)), 413)
    assert kept(hooked) == []


def test_nothing_else_opens_to_other_machines(hooked: Site) -> None:
    refused(hooked.open("GET", "/hooks/erp", remote=LAN), 403)
    refused(hooked.open("POST", "/hooks/erp/more", remote=LAN), 403)
    refused(hooked.open("POST", "/hooks/", remote=LAN), 403)
    refused(hooked.open("POST", "/hooks/../api/v1/sync/run", remote=LAN), 403)
    refused(hooked.open("POST", "/api/v1/sync/run", remote=LAN, json={"source": "erp"}), 403)
    assert push(hooked, "erp", {}, remote="127.0.0.1", host="hooks.example.com").status_code == 200


def test_a_flood_is_slowed_without_writing(hooked: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [push(hooked, "erp", {}, secret="guessed").status_code for _ in range(int(_hooks.BURST) + 200)]
    assert 401 in answers and answers[-1] == 429
    answer = push(hooked, "erp", {})
    refused(answer, 429)
    assert answer.headers["Retry-After"] == "1" and kept(hooked) == []
    assert push(hooked, "erp", {}, remote="192.168.7.99").status_code == 200


def test_the_pace_lets_through_what_it_says() -> None:
    from pages._pace import Pace

    now = [0.0]
    pace = Pace(2.0, 3.0, lambda: now[0])
    assert [pace.allows("a") for _ in range(4)] == [True, True, True, False] and pace.allows("b")
    now[0] = 1.0
    assert [pace.allows("a") for _ in range(3)] == [True, True, False]
