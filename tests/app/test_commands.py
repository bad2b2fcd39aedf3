"""The command line: help everywhere, exit codes, one line for every error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import app
from data_access import cli
from data_access.state import State
from tests.published import publish

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ["serve", "sync", "doctor", "demo", "panels", "export", "versions", "rollback", "kiosk"]
COMMANDS += ["feeds", "pause", "resume", "replay", "reload"]
CONFIG = """
[company]
name = "K"
currency = "CNY"
timezone = "Asia/Shanghai"
[[source]]
name = "erp"
role = "erp"
system = "demo_erp"
url = "sqlite:///erp.db"
"""
CUSTOMERS = [
    "CREATE SCHEMA core",
    "CREATE SCHEMA marts",
    "CREATE TABLE core.customer AS SELECT 'c1' AS customer_id",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tandem.toml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    try:
        code = app.main(list(argv))
    except SystemExit as left:
        code = int(left.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    "words", [[], *[[c] for c in COMMANDS], ["kiosk", "add"], ["kiosk", "list"], ["kiosk", "revoke"]]
)
def test_help_everywhere_names_config(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, *words, "--help")
    assert code == 0 and "usage:" in out
    if words != ["kiosk"]:
        assert "--config" in out and "--json" in out


ERRORS = [
    (["nosuch"], 2, "invalid choice"),
    (["--port", "0"], 2, "is not a port"),
    (["rollback", "x"], 2, "not a number"),
    (["export", "kpis"], 2, "-o"),
    (["export", "kpi", "-o", "x.csv"], 1, 'did you mean "kpis"?'),
    (["export", "kpis", "-o", "x.pdf"], 1, "no version of the warehouse"),
    (["export", "kpis", "-o", "x.doc"], 1, "json, csv, xlsx, png, svg, pdf"),
    (["export", "/", "-o", "x.csv"], 1, "png, svg, pdf"),
    (["export", "/nowhere", "-o", "x.pdf"], 1, "there is no page"),
    (["export", "kpis", "-o", "x.csv", "--lang", "xx"], 2, "invalid choice"),
    (["export", "kpis", "-o", "x.csv", "-f", "period"], 1, "key=value"),
    (["export", "kpis", "-o", "x.csv", "-f", "period=90d"], 1, "no filter"),
    (["export", "kpis", "-o", "x.csv"], 1, "no version of the warehouse"),
    (["rollback", "7"], 1, "no version 7"),
    (["kiosk", "revoke", "hall"], 1, "kiosk list"),
    (["kiosk", "add", "a/b\nc"], 1, "cannot be a display's name"),
    (["sync", "--source", "epr"], 2, 'did you mean "erp"?'),
    (["pause", "epr"], 1, 'did you mean "erp"?'),
    (["replay", "erp", "sales_oder_line"], 1, "did you mean"),
    (["resume", "erp"], 1, "is not paused"),
    (["pause"], 2, "SOURCE"),
    (["versions", "--config", "none.toml"], 2, "cannot be read"),
    (["demo", "nowhere", "--tick"], 1, "make it first"),
]


@pytest.mark.parametrize(
    ("argv", "code", "word"), ERRORS, ids=lambda value: " ".join(value) if isinstance(value, list) else None
)
def test_an_error_is_one_line_and_its_code(
    argv: list[str], code: int, word: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    got, out, err = run(capsys, *argv)
    assert got == code and out == ""
    assert err.startswith("tandem: ") and err.count("\n") == 1 and " - " in err and word in err


def test_a_missing_secret_is_one_line_and_code_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "tandem.toml").write_text(CONFIG.replace("sqlite:///erp.db", "postgresql://r:${NO_SUCH_VARIABLE}@db/x"))
    for command in (["serve"], ["sync"], ["doctor"]):
        code, _, err = run(capsys, *command)
        assert code == 2 and "NO_SUCH_VARIABLE is not set" in err and err.count("\n") == 1


def test_unexpected_trouble_is_one_line_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> int:
        raise ValueError("could not open postgresql://r:canary@db/x\nsecond line")

    assert cli.guarded(broken) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and "canary" not in err and "Traceback" not in err


def test_without_configuration_or_demo_the_way_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "versions")
    assert code == 2 and "run `python app.py` once" in err
    assert not list(tmp_path.iterdir()), "asking makes nothing"


def test_versions_and_rollback(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in (1, 2):
        publish(folder / "var" / "warehouse", number, CUSTOMERS)
    code, out, _ = run(capsys, "versions", "--json")
    found = json.loads(out)
    assert code == 0 and [(v["version"], v["current"]) for v in found["versions"]] == [(2, True), (1, False)]
    assert run(capsys, "rollback", "1")[0] == 0
    assert json.loads(run(capsys, "--json", "versions")[1])["current"] == 1
    assert "*      1" in run(capsys, "versions")[1]


def test_kiosk_links(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "kiosk", "add", "hall", "--port", "8123")
    link, note = out.splitlines()[:2]
    assert code == 0 and ":8123/wall?token=" in link and "shown once" in note
    assert run(capsys, "kiosk", "add", "hall")[0] == 1
    listed = json.loads(run(capsys, "kiosk", "list", "--json")[1])["tokens"]
    assert [(token["name"], token["revoked_at"]) for token in listed] == [("hall", None)]
    assert link.partition("token=")[2] not in run(capsys, "kiosk", "list")[1]
    assert run(capsys, "kiosk", "revoke", "hall")[0] == 0
    assert "revoked" in run(capsys, "kiosk", "list")[1]
    (folder / "tandem.toml").write_text(CONFIG + '[server]\npublic_url = "https://board.example"\n')
    assert run(capsys, "kiosk", "add", "two")[1].startswith("https://board.example/wall?token=")


def test_panels_lists_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(capsys, "panels", "--json")[1])["panels"]
    assert {"kpis", "runway", "forecast"} <= {panel["name"] for panel in found}
    text = run(capsys, "panels")[1]
    assert all(panel["name"] in text for panel in found)


def test_doctor_names_what_is_wrong(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "doctor", "--json")
    found = json.loads(out)
    assert code == 1 and found["ok"] is False
    levels = {(item["subject"], item["level"]) for item in found["findings"]}
    assert {("configuration", "ok"), ("source erp", "error"), ("versions", "warning")} <= levels
    path = publish(folder / "var" / "warehouse", 1, CUSTOMERS)
    path.write_bytes(path.read_bytes()[:-1])
    _, out, _ = run(capsys, "doctor")
    assert "ERROR    version 1" in out and "ERROR    source erp" in out


def test_sync_of_a_source_that_cannot_be_read_is_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "sync", "--json")
    body = json.loads(out)
    assert code == 1 and body["errors"] and "erp" in err
    assert "Traceback" not in err and {stream["status"] for stream in body["streams"]} == {"failed"}
    (erp,) = State(folder / "var" / "state.db").sources()
    assert erp.checked_at is None and not erp.last_ok


def test_the_second_sync_is_refused_with_3(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = (
        "import sys; from pathlib import Path; from data_access.sync.lock import one_writer\n"
        "with one_writer(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(folder / "var" / "warehouse")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
        got, _, err = run(capsys, "sync")
        assert holder.stdin is not None
        holder.stdin.close()
    assert got == 3 and f"pid {holder.pid}" in err


def test_an_older_python_is_told_in_one_line() -> None:
    code = "import sys; sys.version_info = (3, 10, 0); exec(compile(open('app.py').read(), 'app.py', 'exec'))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "3.11 or newer" in done.stderr and done.stderr.count("\n") == 1
