"""feeds, pause, resume, replay, reload, pull and compare on the command line."""

from __future__ import annotations

import getpass
import json
from pathlib import Path

import pytest

from data_access.config import load_config
from data_access.doctor import examine
from data_access.state import State
from tests.app.test_commands import CONFIG, folder, run

__all__ = ["folder"]


def test_feeds_tell_status_backlog_and_pauses(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no feed is known yet" in run(capsys, "feeds")[1]
    run(capsys, "sync")  # its database is not there: every stream fails
    code, out, _ = run(capsys, "feeds", "--json")
    document = json.loads(out)
    assert code == 0 and len(document["feeds"]) > 10
    assert {(feed["source"], feed["status"]) for feed in document["feeds"]} == {("erp", "never")}
    assert all(feed["error"] and feed["rhythm"] == "1m" for feed in document["feeds"])
    assert document["backlog"]["streams_paused"] == 0
    code, out, _ = run(capsys, "pause", "erp", "--json")
    assert code == 0 and json.loads(out)["action"] == "pause"
    out = run(capsys, "feeds")[1]
    assert f"by command line of {getpass.getuser()}" in out and "notices waiting: 0" in out
    assert run(capsys, "resume", "erp")[0] == 0 and "paused" not in run(capsys, "feeds")[1]


def test_requests_wait_for_the_sync_process(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "replay", "erp")[0] == 0
    assert run(capsys, "reload", "erp", "stock_move", "--accept-deletes")[0] == 0
    assert run(capsys, "compare", "erp", "stock_move")[0] == 0
    assert run(capsys, "pull", "erp", "stock_move", "--key", "7", "--key", "8")[0] == 0
    first, second, *later = State(folder / "var" / "state.db").take_requests()
    assert (first["kind"], first["body"]) == ("replay", {"source": "erp"})
    assert (second["kind"], second["body"]["accept_deletes"]) == ("reload", True) and second["body"]["streams"]
    assert second["asked_by"].startswith("command line")
    of_moves = {"source": "erp", "streams": ["stock_move"]}
    assert [(each["kind"], each["body"]) for each in later] == [
        ("compare", of_moves), ("pull", of_moves | {"keys": ["7", "8"]}),
    ]  # fmt: skip
    code, _, err = run(capsys, "pull", "erp", "product")
    assert code == 1 and "cannot be compared by day" in err


def test_doctor_says_whether_changes_can_be_pushed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "tandem.toml").write_text(CONFIG + 'hook_secret = "${HOOK}"\n[alerts]\nwebhook = "${ALERT}"\n')
    monkeypatch.setenv("HOOK", "canary")
    monkeypatch.setenv("ALERT", "chat.example/canary")
    assert load_config(folder / "tandem.toml").sources[0].hook_secret is not None
    found = {finding.subject: finding for finding in examine(folder / "tandem.toml", lambda finding: None)}
    assert found["hooks of erp"].level == "ok" and "/hooks/erp" in found["hooks of erp"].text
    assert found["alerts"].level == "error" and "canary" not in " ".join(each.line() for each in found.values())
    (folder / "tandem.toml").write_text(CONFIG)
    found = {finding.subject: finding for finding in examine(folder / "tandem.toml", lambda finding: None)}
    assert "not set up" in found["hooks of erp"].text and "sent nowhere" in found["alerts"].text
