"""Alerts: what raises one, that it is told once, again after a day and when it ends, and what it never says."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from data_access import control, feed_state
from data_access.alerts import book, causes, messages
from data_access.alerts.causes import Cause
from data_access.alerts.send import ATTEMPTS, send
from data_access.clock import iso
from data_access.config import Config, parse_config
from data_access.errors import ConfigError, TandemError
from data_access.state import DAMAGED, State
from data_access.sync.alarms import Alarms
from data_access.sync.marks import STAGING_REJECTS

T0 = datetime(2026, 3, 1, 8, tzinfo=UTC)
CANARY = "Acme GmbH"  # stands for what a source's own words may hold


def config_in(folder: Path, **alerts: object) -> Config:
    sources = [
        {"name": name, "role": name, "system": f"demo_{name}", "url": "sqlite:///x.db", "fresh_within": "5m"}
        for name in ("erp", "crm")
    ]
    company = {"name": "Kaichuan", "currency": "CNY", "timezone": "Asia/Shanghai", "language": "en"}
    return parse_config({"company": company, "source": sources, "alerts": alerts}, folder / "tandem.toml")


class Told:
    """An office whose messages are collected instead of sent; `now` is its clock."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, **alerts: object) -> None:
        monkeypatch.setenv("ALERT_URL", "https://chat.example/robot?key=canary-secret")
        self.config = config_in(folder, webhook="${ALERT_URL}", **alerts)
        self.state, self.now = State(self.config.state_path), T0
        self.messages: list[dict[str, Any]] = []
        self.away = False
        self.alarms = Alarms(self.config, self.state, lambda: self.now, threading.Event(), self._send)
        feed_state.register(self.state, [(name, "order", "1m", 300.0) for name in ("erp", "crm")])
        self.read("erp"), self.read("crm")

    def _send(self, url: str, form: str, body: dict[str, Any], sleep: Any) -> None:
        if self.away:
            raise TandemError("an alert could not be sent: nobody is there", "check")
        assert url.endswith("canary-secret")
        self.messages.append(body)

    def read(self, source: str, *, cause: str = "", rejects: int = 0) -> None:
        """A read of the source's one stream, now; `cause` of its failure."""
        error = f"duplicate key (name)=({CANARY})" if cause else ""
        self.state.source_checked(source, source, ok=not cause, fresh_within_s=300, at=self.now, error=error)
        told = {"rejects_open": rejects, "error": error, "cause": cause}
        feed_state.read(self.state, [feed_state.Read(source, "order", not cause, self.now, 1.0, **told)])

    def after(self, **time: float) -> list[tuple[str, str, str]]:
        """(how, kind, subject) of what is told when this much time has passed."""
        self.now += timedelta(**time)
        before = len(self.messages)
        self.alarms.look()
        return [(each["state"], each["kind"], each["subject"]) for each in self.messages[before:]]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    return Told(tmp_path, monkeypatch)


def test_a_source_that_turns_stale_is_told_once_then_daily_then_its_end(office: Told) -> None:
    assert office.after() == []
    office.now += timedelta(minutes=16)
    office.read("erp")
    assert office.after() == [("raised", "stale", "crm")]
    office.read("erp")
    assert office.after(minutes=1) == []
    office.now += timedelta(hours=23, minutes=58)
    office.read("erp")
    assert office.after() == []
    office.now += timedelta(minutes=1)
    office.read("erp")
    assert office.after() == [("repeated", "stale", "crm")]
    office.read("erp"), office.read("crm")
    assert office.after() == [("recovered", "stale", "crm")]
    assert office.after() == []
    (alert,) = book.alerts(office.state)
    assert alert.recovered_at and book.alerts(office.state, open_only=True) == []


def test_a_short_failure_is_kept_but_not_told(office: Told) -> None:
    office.read("crm", cause="unreachable")
    assert office.after(seconds=30) == []
    office.read("crm")
    assert office.after(seconds=120) == []
    (alert,) = book.alerts(office.state)
    assert (alert.kind, alert.told_at) == ("failing", None) and alert.recovered_at
    office.read("crm", cause="unreachable")
    office.after(seconds=1)
    assert office.after(seconds=60) == [("raised", "failing", "crm")]


@pytest.mark.parametrize(("cause", "kind"), [("credentials", "credentials"), ("guard", "guard")])
def test_what_needs_a_person_is_told_at_once(office: Told, cause: str, kind: str) -> None:
    office.read("crm", cause=cause)
    assert office.after(seconds=1) == [("raised", kind, "crm")]


def test_a_source_never_read_is_told_after_a_while(office: Told) -> None:
    office.state.execute("DELETE FROM source_status WHERE source = 'crm'")
    assert office.after() == []
    office.now += timedelta(minutes=11)
    office.read("erp")
    assert office.after() == [("raised", "never", "crm")]


def test_publishing_that_is_blocked_is_one_cause_not_one_a_source(office: Told) -> None:
    office.state.publish_failed(f"gate check failed: {CANARY}")
    office.now += timedelta(hours=2)
    office.read("erp"), office.read("crm")
    assert office.after() == [("raised", "publish", "warehouse")]
    office.state.publish_failed(None)
    assert office.after() == [("recovered", "publish", "warehouse")]


def test_rejects_of_reading_and_of_mapping_count_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Told(tmp_path, monkeypatch, rejects=10)
    office.read("erp", rejects=6)
    office.state.set_fact(STAGING_REJECTS, json.dumps({"erp": 3}))
    assert office.after() == []
    office.state.set_fact(STAGING_REJECTS, json.dumps({"erp": 4}))
    assert office.after() == [("raised", "rejects", "erp")]
    assert "10 rejected rows" in office.messages[-1]["text"]
    office.state.set_fact(STAGING_REJECTS, json.dumps({"erp": 5}))
    assert office.after() == [] and "11 rejected rows" in book.alerts(office.state)[0].text


def test_a_damaged_version(office: Told) -> None:
    office.state.set_fact(DAMAGED, "7: its hash is wrong")
    assert office.after() == [("raised", "damaged", "warehouse")]
    office.state.set_fact(DAMAGED, None)
    assert office.after() == [("recovered", "damaged", "warehouse")]


def test_low_disk(office: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(causes, "free_bytes", lambda config: causes.LOW_DISK - 1)
    assert office.after() == [("raised", "disk", "warehouse")]


def test_what_is_paused_raises_nothing(office: Told) -> None:
    control.ask(office.config, office.state, "pause", "crm", None, "Ann")
    office.now += timedelta(hours=3)
    office.read("erp")
    assert office.after() == []


def test_a_receiver_that_is_away_is_told_later_and_ever_more_rarely(office: Told) -> None:
    office.read("crm", cause="guard")
    office.away = True
    with pytest.raises(TandemError, match="could not be sent"):
        office.after()
    assert office.after(seconds=1) == []  # not even tried
    office.away = False
    assert office.after(seconds=10) == [("raised", "guard", "crm")]


def test_no_message_tells_a_secret_or_what_a_source_said(office: Told) -> None:
    for cause in ("unreachable", "credentials", "guard"):
        office.read("crm", cause=cause)
        office.after(minutes=2)
    office.state.publish_failed(f"check: {CANARY}")
    office.after()
    everything = json.dumps(office.messages) + json.dumps(office.state.execute("SELECT * FROM alert"))
    assert len(office.messages) >= 3 and CANARY not in everything and "canary-secret" not in everything


SAMPLE = book.Due("raised", book.Alert(1, "stale", "crm", iso(T0), "Source <crm> & co.", None, None, None))


def test_each_format_is_the_document_its_receiver_takes(tmp_path: Path) -> None:
    company = config_in(tmp_path).company
    text = messages.sentence(SAMPLE, company)
    assert "Kaichuan" in text and "2026-03-01 16:00" in text  # by the company's clocks
    assert messages.document("wecom", SAMPLE, company) == {"msgtype": "text", "text": {"content": text}}
    assert messages.document("dingtalk", SAMPLE, company) == {"msgtype": "text", "text": {"content": text}}
    assert messages.document("feishu", SAMPLE, company) == {"msg_type": "text", "content": {"text": text}}
    assert "Source &lt;crm&gt; &amp; co." in messages.document("slack", SAMPLE, company)["text"]
    assert messages.document("json", SAMPLE, company)["kind"] == "stale"


def test_every_cause_has_words_in_both_languages(tmp_path: Path) -> None:
    company = config_in(tmp_path).company
    kinds = ("stale", "failing", "never", "credentials", "guard", "rejects", "publish", "damaged", "disk")
    for language in ("en", "zh"):
        mine = company.model_copy(update={"language": language})
        texts = {messages.text_of(Cause(kind, "crm", 5), mine) for kind in kinds}
        assert len(texts) == len(kinds) and not any("{" in text for text in texts)


class Robot(BaseHTTPRequestHandler):
    """A receiver that answers as told and keeps what it got."""

    status, answer, location = 200, b"{}", ""
    got: list[Any] = []

    def do_POST(self) -> None:
        self.got.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
        self.send_response(self.status)
        if self.location:
            self.send_header("Location", self.location)
        self.send_header("Content-Length", str(len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def robot() -> Iterator[tuple[str, type[Robot]]]:
    kind = type("OneRobot", (Robot,), {"got": []})
    server = HTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/robot?key=canary-secret", kind
    server.shutdown()
    thread.join()
    server.server_close()


def never(seconds: float) -> None: ...


def test_a_message_is_delivered(robot: tuple[str, type[Robot]]) -> None:
    url, kind = robot
    kind.answer = b'{"errcode": 0, "errmsg": "ok"}'
    send(url, "wecom", {"msgtype": "text"}, never)
    assert kind.got == [("/robot?key=canary-secret", {"msgtype": "text"})]


@pytest.mark.parametrize(
    ("form", "status", "answer", "location", "attempts"),
    [
        ("json", 500, b"{}", "", ATTEMPTS),
        ("json", 429, b"{}", "", ATTEMPTS),
        ("json", 404, b"{}", "", 1),
        ("json", 307, b"", "http://127.0.0.1:1/elsewhere", 1),
        ("wecom", 200, b'{"errcode": 93000}', "", 1),
        ("dingtalk", 200, b'{"errcode": 310000}', "", 1),
        ("feishu", 200, b'{"code": 9499}', "", 1),
        ("wecom", 200, b"<html>", "", 1),
    ],
)
def test_what_was_not_taken_is_an_error_without_the_address(
    robot: tuple[str, type[Robot]], form: str, status: int, answer: bytes, location: str, attempts: int
) -> None:
    url, kind = robot
    kind.status, kind.answer, kind.location = status, answer, location
    with pytest.raises(TandemError) as caught:
        send(url, form, {}, never)
    assert len(kind.got) == attempts and "canary-secret" not in caught.value.line() and caught.value.hint


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/canary-secret", "ftp://127.0.0.1/canary-secret", "http://[canary"])
def test_an_address_where_nobody_is(url: str) -> None:
    with pytest.raises(TandemError) as caught:
        send(url, "json", {}, never)
    assert "canary" not in caught.value.line()


def test_an_address_in_the_file_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"alerts.webhook: a secret stands in the file"):
        config_in(tmp_path, webhook="https://chat.example/robot?key=1")
    with pytest.raises(ConfigError, match="alerts.format"):
        config_in(tmp_path, format="telegram")
