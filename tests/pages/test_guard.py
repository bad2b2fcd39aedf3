"""Who sees what: this machine everything, a display its wall, anybody else nothing but health."""

from __future__ import annotations

import json

import dash
import pytest
from werkzeug.test import TestResponse

from data_access.tokens import add_token, revoke_token
from tests.pages.conftest import CANARY, LAN, Site

OPEN = ["/healthz"]
WALL = [
    "/wall",
    "/api/v1/version",
    "/_dash-layout",
    "/_dash-dependencies",
    "/assets/10-wall.css",
    "/_favicon.ico",
]
CLOSED = [
    "/",
    "/nowhere",
    "/api/v1/panels",
    "/api/v1/panels/customers.json",
    "/api/v1/panels/customers.csv",
    "/api/v1/metrics",
    "/_reload-hash",
    "/404",
]


@pytest.mark.parametrize("path", [*OPEN, *WALL, "/", "/api/v1/panels", "/api/v1/metrics"])
def test_this_machine_sees_everything(site: Site, path: str) -> None:
    assert site.get(path).status_code == 200


@pytest.mark.parametrize("remote", [LAN, "8.8.8.8", "fe80::1", "::ffff:10.0.0.1", ""])
@pytest.mark.parametrize("path", [*WALL, *CLOSED])
def test_another_machine_without_token_sees_nothing(site: Site, path: str, remote: str) -> None:
    answer = site.get(path, remote=remote, host="tandem.lan")
    assert answer.status_code == 403
    assert CANARY not in answer.text and answer.text


@pytest.mark.parametrize("path", OPEN)
def test_health_is_for_everybody(site: Site, path: str) -> None:
    answer = site.get(path, remote=LAN)
    assert answer.status_code == 200
    assert set(answer.json) == {"status", "version", "published_at", "sources", "damaged_version", "backlog"}


@pytest.mark.parametrize("path", WALL)
def test_a_display_with_a_token_sees_its_wall(site: Site, token: str, path: str) -> None:
    assert site.get(path, remote=LAN, cookie=token).status_code == 200


@pytest.mark.parametrize("path", CLOSED)
def test_a_display_sees_nothing_else(site: Site, token: str, path: str) -> None:
    answer = site.get(path, remote=LAN, cookie=token, Accept="text/html")
    assert answer.status_code == 403
    assert "wall" in answer.text and "<script" not in answer.text


@pytest.mark.parametrize("remote", ["::1", "127.0.0.5", "::ffff:127.0.0.1"])
def test_every_loopback_address_is_this_machine(site: Site, remote: str) -> None:
    assert site.get("/api/v1/panels", remote=remote, host="localhost:8050").status_code == 200
    assert site.get("/api/v1/panels", remote=remote, host="[::1]:8050").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "tandem.lan:8050", "127.0.0.1.evil.example", "[::2]"])
def test_a_foreign_host_name_on_loopback_is_refused(site: Site, host: str) -> None:
    assert site.get("/api/v1/panels", host=host).status_code == 403
    assert site.get("/healthz", host=host).status_code == 403


@pytest.mark.parametrize(
    "name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Proto", "Via", "CF-Connecting-IP", "X-Client-IP"]
)
def test_a_proxy_on_this_machine_opens_no_more_than_the_wall(site: Site, name: str) -> None:
    assert site.open("GET", "/api/v1/panels", headers={name: "127.0.0.1"}).status_code == 403
    assert site.open("GET", "/", headers={name: "127.0.0.1"}, remote=LAN).status_code == 403


def test_a_link_becomes_a_cookie_and_an_address_without_the_token(site: Site, token: str) -> None:
    answer = site.get(f"/wall?lang=zh&token={token}&dwell=20&next=http://evil.example", remote=LAN)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/wall?lang=zh&dwell=20&next=http%3A%2F%2Fevil.example"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and token not in answer.text + answer.headers["Location"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("wrong", ["", "x", "a" * 43, "a" * 5000, "' OR 1=1 --" + "a" * 30])
def test_a_wrong_token_opens_nothing(site: Site, wrong: str) -> None:
    assert site.open("GET", "/wall", query_string={"token": wrong}, remote=LAN).status_code == 403
    assert site.get("/wall", remote=LAN, cookie=wrong or "none").status_code == 403


def test_a_revoked_token_sees_no_data_within_a_minute(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = add_token(site.services.state, "foyer")
    assert site.get("/api/v1/version", remote=LAN, cookie=mine).status_code == 200
    revoke_token(site.services.state, "foyer")
    import data_access.tokens

    real = data_access.tokens.time.monotonic
    monkeypatch.setattr(data_access.tokens.time, "monotonic", lambda: real() + 59)
    assert site.get("/api/v1/version", remote=LAN, cookie=mine).status_code == 403
    assert site.get("/wall", remote=LAN, cookie=mine).status_code == 403


def test_tokens_are_not_kept_in_clear(site: Site, token: str) -> None:
    data = b"".join(path.read_bytes() for path in site.services.state.path.parent.glob("state.db*"))
    assert token.encode() not in data


# -- callbacks -------------------------------------------------------------------------------------------------------
def routing(pathname: object = "/wall", search: object = "") -> dict[str, object]:
    return {
        "output": ".._pages_content.children..._pages_store.data..",
        "outputs": [{"id": "_pages_content", "property": "children"}, {"id": "_pages_store", "property": "data"}],
        "inputs": [
            {"id": "_pages_location", "property": "pathname", "value": pathname},
            {"id": "_pages_location", "property": "search", "value": search},
        ],
        "changedPropIds": ["_pages_location.pathname"],
        "state": [],
    }


def post(site: Site, body: object, **more: str) -> TestResponse:
    data = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return site.open("POST", "/_dash-update-component", data=data, content_type="application/json", **more)  # type: ignore[arg-type]


def test_the_routing_callback_works_here_and_on_the_wall(site: Site, token: str) -> None:
    assert post(site, routing("/")).status_code == 200
    assert post(site, routing("/nowhere")).status_code == 200
    answer = post(site, routing("/wall", "?lang=zh"), remote=LAN, cookie=token)
    assert answer.status_code == 200 and "_pages_content" in answer.text


@pytest.mark.parametrize("path", ["/", "/customers", "/wall/", "//wall", "/wall?x", "/WALL", "/sync", "/404"])
def test_a_display_cannot_ask_the_router_for_another_page(site: Site, token: str, path: str) -> None:
    assert post(site, routing(path), remote=LAN, cookie=token).status_code == 403


def test_without_token_no_callback_runs(site: Site) -> None:
    assert post(site, routing("/wall"), remote=LAN).status_code == 403


def forged() -> list[object]:
    good = routing()
    inputs = good["inputs"]
    assert isinstance(inputs, list)
    return [
        b"",
        b"{",
        b"\xff\xfe",
        [],
        "text",
        None,
        {},
        {"output": None},
        {"output": "x.y"},
        {"output": ["_pages_content.children"]},
        good | {"inputs": None},
        good | {"inputs": []},
        good | {"inputs": inputs[:1]},
        good | {"inputs": [*inputs, inputs[0]]},
        good | {"inputs": [inputs[1], inputs[0]]},
        good | {"inputs": [1, 2]},
        good | {"inputs": [[inputs[0]], inputs[1]]},
        good | {"inputs": [{**inputs[0], "id": "other"}, inputs[1]]},
        good | {"inputs": [{**inputs[0], "property": "hash"}, inputs[1]]},
        good | {"state": [{"id": "x", "property": "y", "value": 1}]},
        good | {"state": "none"},
        good | {"outputs": {"id": "_pages_content", "property": "children"}},
        good | {"outputs": [{"id": "other", "property": "children"}, {"id": "_pages_store", "property": "data"}]},
        good | {"outputs": 7},
        good | {"changedPropIds": "x"},
        good | {"changedPropIds": [1]},
        good | {"changedPropIds": ["secret.value"]},
        routing(None),
        routing(7),
        routing("wall"),
        routing(["/wall"]),
        routing("/wall", 7),
        routing("/" + "x" * 5000),
    ]


@pytest.mark.parametrize("body", forged(), ids=lambda body: str(body)[:60])
@pytest.mark.parametrize("remote", ["127.0.0.1", LAN])
def test_a_forged_callback_is_refused_without_a_trace(site: Site, token: str, body: object, remote: str) -> None:
    answer = post(site, body, remote=remote, cookie=token)
    assert answer.status_code in (400, 403)
    assert "Traceback" not in answer.text and answer.json["error"]


def test_too_large_a_body_is_refused(site: Site) -> None:
    assert post(site, b'"' + b"x" * (3 * 1024 * 1024) + b'"').status_code in (400, 413)


def test_a_failing_callback_tells_a_reference_and_no_trace(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setitem(dash.page_registry["pages.overview"], "layout", broken)
    answer = post(site, routing("/"))
    assert answer.status_code == 500
    assert CANARY not in answer.text and "Traceback" not in answer.text and "log says why" in answer.json["hint"]


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_another_site_may_not_act(site: Site, headers: dict[str, str]) -> None:
    body = json.dumps(routing("/"))
    answer = site.open("POST", "/_dash-update-component", data=body, content_type="application/json", headers=headers)
    assert answer.status_code == 403
    own = site.open(
        "POST",
        "/_dash-update-component",
        data=body,
        content_type="application/json",
        headers={"Origin": "http://127.0.0.1:8050"},
    )
    assert own.status_code == 200


def test_a_display_is_not_told_of_other_callbacks(site: Site, token: str) -> None:
    mine = site.get("/_dash-dependencies", remote=LAN, cookie=token).json
    assert [one["output"] for one in mine if not one["clientside_function"]] == [
        ".._pages_content.children..._pages_store.data.."
    ]


def test_what_every_browser_is_sent_holds_no_page_content(site: Site, token: str) -> None:
    assert "panel-desk_kpis" in post(site, routing("/")).text, "what the page itself shows"
    for path in ("/wall", "/_dash-layout", "/_dash-dependencies"):
        text = site.get(path, remote=LAN, cookie=token).text
        assert "panel-desk_kpis" not in text and "Kaichuan Motion" not in text


def test_every_answer_carries_the_policy(site: Site) -> None:
    for path in ("/", "/wall", "/api/v1/version", "/nowhere", "/assets/10-wall.css"):
        headers = site.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "script-src 'self' 'sha256-" in policy and "unsafe-eval" not in policy
        assert "'unsafe-inline'" not in policy.split("style-src")[0] and "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_other_methods_are_refused_in_words(site: Site, method: str) -> None:
    answer = site.open(method, "/api/v1/version")
    assert answer.status_code in (404, 405) and answer.json["error"] and answer.json["hint"]
