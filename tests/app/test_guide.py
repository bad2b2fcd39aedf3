"""README, "Connect your own system in 15 minutes", followed to the letter: its commands are run, its files written."""

from __future__ import annotations

import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from data_access.versions import read_pointer

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"(?:^(?P<lead>[^\n`]*)`(?P<file>[\w ./-]+)`:\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.M | re.S)
SECONDS = 240  # until it is given up


@dataclass(frozen=True)
class Step:
    """One code block: kind, the file it is (appended to with `adds`), and its text."""

    kind: str
    file: str | None
    adds: bool
    text: str


def steps(section: str) -> Iterator[Step]:
    guide = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Connect your own system")[2]
    text = re.split(r"^#{2,3} ", guide.partition(f"### {section}\n")[2], maxsplit=1, flags=re.M)[0]
    for found in BLOCK.finditer(text):
        yield Step(found["kind"], found["file"], "Append" in (found["lead"] or ""), found["text"])


def follow(section: str, folder: Path) -> None:
    """Every block in its order; a block of `text` must have been said by the commands since the one before it."""
    said = ""
    for step in steps(section):
        if step.file is not None:
            path = folder / step.file
            path.parent.mkdir(parents=True, exist_ok=True)
            before = path.read_text(encoding="utf-8") if step.adds else ""
            path.write_text(before + step.text, encoding="utf-8")
        elif step.kind == "sh":
            said = "".join(run(line, folder) for line in step.text.splitlines())
        elif step.kind == "text":
            for line in step.text.splitlines():
                assert line in said, said


def run(line: str, folder: Path) -> str:
    """What the command says; `serve` is ended once it answers."""
    if not line.startswith("python "):
        return subprocess.run(["bash", "-c", line], cwd=folder, check=True, capture_output=True, text=True).stdout
    _, script, *arguments = shlex.split(line)
    command = [sys.executable, str(ROOT / script) if script == "app.py" else script, *arguments]
    if "serve" in arguments:
        return served(command, folder)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0 or arguments[0] == "doctor", done.stderr
    assert "should not happen" not in done.stderr
    return done.stdout + done.stderr


def served(command: list[str], folder: Path) -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "serve.log"
    with open(log, "w", encoding="utf-8") as target:
        process = subprocess.Popen([*command, "--port", str(port)], cwd=folder, stdout=target, stderr=target)
    try:
        deadline = time.monotonic() + SECONDS
        while not answers(f"http://127.0.0.1:{port}/wall"):
            assert process.poll() is None and time.monotonic() < deadline, log.read_text(encoding="utf-8")
            time.sleep(0.2)
    finally:
        process.terminate()
        process.wait(timeout=SECONDS)
    return log.read_text(encoding="utf-8").replace(f":{port}", ":8050")


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def published(folder: Path, sql: str) -> list[tuple[object, ...]]:
    warehouse = folder / "var" / "warehouse"
    with duckdb.connect(str(warehouse / f"wh-{read_pointer(warehouse)}.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_files(tmp_path):
    follow("Files", tmp_path)
    lines = "SELECT order_no, c.name, quantity::INT, amount_base::DOUBLE, l.status FROM core.sales_order_line l"
    assert published(tmp_path / "my-company", f"{lines} JOIN core.customer c USING (customer_id) ORDER BY line_id") == [
        ("1001", "Radhaus Köln GmbH", 2, 2499.0, "open"),
        ("1001", "Radhaus Köln GmbH", 1, 1299.0, "open"),
        ("1002", "Pedal; Point Inc.", 1, 1240.0, "done"),
    ]
    on_hand = "SELECT product_id, quantity::INT, value_base::DOUBLE FROM core.stock_on_hand ORDER BY 1"
    assert published(tmp_path / "my-company", on_hand) == [("erp:BK-1", 12, 12120.0), ("erp:BK-2", 3, 3046.5)]


def test_a_database(tmp_path):
    follow("A database", tmp_path)
    lines = "SELECT order_no, order_id, amount_base::DOUBLE FROM core.sales_order_line ORDER BY line_id"
    assert published(tmp_path / "my-shop", lines) == [(None, "erp:B1", 2499.0), (None, "erp:B1", 15.0)]


def test_a_template_never_writes_over_a_file(tmp_path):
    command = [sys.executable, str(ROOT / "app.py"), "template", str(tmp_path), "--kind"]
    assert subprocess.run([*command, "excel"], capture_output=True, text=True).returncode == 0
    mine = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    again = subprocess.run([*command, "sql"], capture_output=True, text=True)
    assert again.returncode == 1 and "tandem.toml is there already" in again.stderr
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == mine


@pytest.mark.parametrize("section", ["Files", "A database"])
def test_the_guide_has_what_is_followed(section):
    kinds = {step.kind for step in steps(section)}
    assert {"sh", "toml", "text"} <= kinds
