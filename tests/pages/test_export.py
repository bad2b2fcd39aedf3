"""Exports over HTTP: the same rows in every format, long ones in the background, rights, no Chromium."""

from __future__ import annotations

import csv
import io
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from data_access.config import parse_config
from data_access.export.jobs import Job
from pages import _export, _wanted
from pages._chromium import VARIABLE
from pages._server import create_server
from pages._services import Services
from tests.manyitems import HOSTILE, published
from tests.pages.conftest import COMPANY, LAN, SOURCES, Site

ITEMS = 3_000


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A company of 3,000 items, some with hostile names."""
    folder: Path = tmp_path_factory.mktemp("shop")
    config = parse_config({"company": COMPANY, "source": SOURCES, "warehouse": {"path": "wh"}}, folder / "tandem.toml")
    published(folder / "wh", ITEMS, 7, HOSTILE)
    services = Services(config)
    services.reader.refresh()
    server, feed = create_server(services)
    yield Site(server, feed, services)


def post(site: Site, body: object, **more: Any) -> Any:
    return site.open("POST", "/api/v1/exports", json=body, **more)


def until_ended(site: Site, key: str) -> dict[str, Any]:
    limit = time.monotonic() + 300
    while time.monotonic() < limit:
        told: dict[str, Any] = site.get(f"/api/v1/exports/{key}").json
        if told["status"] not in ("waiting", "running"):
            return told
        time.sleep(0.1)
    raise AssertionError("the export did not end")


def test_every_format_holds_the_rows_of_the_api(shop: Site) -> None:
    body = shop.get("/api/v1/panels/runway.json").json
    assert body["row_count"] == len(body["rows"]) == ITEMS and body["truncated"] is False
    answer = shop.get("/api/v1/panels/runway.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="runway-v1.csv"'
    assert answer.headers["X-Tandem-Sources"] == "erp" and answer.headers["X-Tandem-As-Of"].startswith("2026-01-31T")
    lines = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert [line["product_id"] for line in lines] == [row["product_id"] for row in body["rows"]]
    assert [line["name"].removeprefix("'") for line in lines] == [row["name"] for row in body["rows"]]
    answer = shop.get("/api/v1/panels/runway.xlsx?lang=zh")
    assert answer.mimetype.endswith("spreadsheetml.sheet") and "runway-v1.xlsx" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    rows = list(book.worksheets[0].values)
    assert rows[0][2] != "sku" and book.worksheets[-1].title == "来源说明"
    assert [(row[1], unescape(row[3]), row[14]) for row in rows[1:]] == [
        (row["product_id"], row["name"], row["at_risk"]) for row in body["rows"]
    ]


def test_a_long_export_is_made_in_the_background(shop: Site) -> None:
    answer = post(shop, {"panel": "runway", "format": "xlsx", "lang": "en"})
    assert answer.status_code == 202 and answer.headers["Location"] == f"/api/v1/exports/{answer.json['id']}"
    told = until_ended(shop, answer.json["id"])
    assert (told["status"], told["done"], told["total"], told["file"]) == ("done", ITEMS, ITEMS, "runway-v1.xlsx")
    file = shop.get(answer.headers["Location"] + "/file")
    assert len(file.data) == told["bytes"] and file.headers["Cache-Control"] == "no-store"
    book = openpyxl.load_workbook(io.BytesIO(file.data))
    assert book.worksheets[0].max_row == ITEMS + 1 and book.worksheets[0].title == "What sells against what we hold"
    assert shop.open("DELETE", answer.headers["Location"]).json["status"] == "cancelled"
    assert shop.get(answer.headers["Location"] + "/file").status_code == 400
    again = shop.get("/api/v1/panels/runway.csv?background=1")
    assert again.status_code == 202 and until_ended(shop, again.json["id"])["status"] == "done"


def test_a_plain_get_waits_for_a_long_export_and_few_wait_at_a_time(
    shop: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(_wanted.DIRECT_ROWS, "csv", 10)
    answer = shop.get("/api/v1/panels/runway.csv")
    assert answer.status_code == 200 and answer.data.count(b"\r\n") >= ITEMS + 1
    held, go_on = threading.Event(), threading.Event()

    def slow(*_: object) -> Any:
        def work(job: Job) -> None:
            held.set()
            go_on.wait(60)
            job.file.write_text("made")

        return work

    monkeypatch.setattr(_wanted, "rows_work", slow)
    codes: list[int] = []
    asking = [
        threading.Thread(target=lambda: codes.append(shop.get("/api/v1/panels/runway.csv").status_code))
        for _ in range(_export.WAITING_REQUESTS + 1)
    ]
    [thread.start() for thread in asking]
    limit = time.monotonic() + 60
    while not codes and time.monotonic() < limit:
        time.sleep(0.02)
    assert codes == [429], "the web server keeps threads for everybody else"
    go_on.set()
    [thread.join(60) for thread in asking]
    assert sorted(codes) == [200, 200, 429]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ([], "panel, format"),
        ({"panel": "runway"}, "panel, format"),
        ({"panel": "runway", "format": "csv", "path": "/etc/passwd"}, "panel, format"),
        ({"panel": "runway", "format": "csv", "filters": ["x"]}, "region"),
        ({"panel": "runway", "format": "csv", "filters": {"perod": "90d"}}, "filters"),
        ({"panel": "regions", "format": "csv", "filters": {"period": "soon"}}, "30d"),
        ({"panel": "runway", "format": "csv", "lang": "xx"}, "lang=en"),
    ],
)
def test_a_wrong_request_is_told(shop: Site, body: object, word: str) -> None:
    answer = post(shop, body)
    assert answer.status_code == 400 and word in answer.json["hint"], answer.text


def test_other_wrong_requests_are_told(shop: Site) -> None:
    assert shop.open("POST", "/api/v1/exports", data="x").status_code == 415
    assert post(shop, {"panel": "runwy", "format": "csv"}).status_code == 404
    assert "runway.xlsx" in post(shop, {"panel": "runway", "format": "exe"}).json["hint"]
    for path in ("/api/v1/exports/nothing", "/api/v1/exports/nothing/file"):
        answer = shop.get(path)
        assert (answer.status_code, answer.json["error"]) == (404, "there is no such export")
    answer = shop.get("/api/v1/panels/runway.xls")
    assert answer.status_code == 404 and "runway.xlsx" in answer.json["hint"]
    for path in ("/api/v1/pages/nosuch.pdf", "/api/v1/pages/wall.pdf", "/api/v1/pages/api/v1/version.pdf"):
        assert shop.get(path).status_code == 404, path
    assert shop.get("/api/v1/pages/overview.pdf?period=soon").status_code == 400
    assert shop.get("/api/v1/panels/runway.png?region=x").status_code == 400


PATHS = [
    ("GET", "/api/v1/panels/runway.csv"),
    ("GET", "/api/v1/panels/runway.xlsx"),
    ("GET", "/api/v1/panels/runway.png"),
    ("GET", "/api/v1/pages/overview.pdf"),
    ("POST", "/api/v1/exports"),
    ("GET", "/api/v1/exports/x"),
    ("GET", "/api/v1/exports/x/file"),
    ("DELETE", "/api/v1/exports/x"),
    ("GET", "/panel/runway"),
]


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_exports_are_for_this_machine_only(shop: Site, method: str, path: str) -> None:
    from data_access.tokens import add_token

    known = add_token(shop.services.state, f"hall {abs(hash((method, path)))}")
    for more in ({}, {"cookie": known}):
        answer = shop.open(method, path, remote=LAN, json={"panel": "runway", "format": "csv"}, **more)
        assert answer.status_code == 403, "neither a stranger nor a wall display exports anything"
    forwarded = shop.open(method, path, headers={"X-Forwarded-For": "10.0.0.9"})
    assert forwarded.status_code == 403


def test_another_site_cannot_start_an_export(shop: Site) -> None:
    answer = post(shop, {"panel": "runway", "format": "csv"}, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403


def test_without_chromium_the_remedy_is_told_and_rows_still_come(shop: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "/nonexistent/chromium")
    for path in ("/api/v1/panels/runway.png", "/api/v1/panels/runway.svg", "/api/v1/pages/overview.pdf"):
        answer = shop.get(path)
        assert answer.status_code == 503, answer.text
        assert "apt install chromium" in answer.json["hint"] and "Export menu" in answer.json["hint"]
    made = post(shop, {"panel": "runway", "format": "png"})
    told = until_ended(shop, made.json["id"])
    assert told["status"] == "failed" and "apt install chromium" in told["hint"]
    assert shop.get("/api/v1/panels/runway.csv").status_code == 200


def test_the_command_line_writes_the_same_rows(
    shop: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import app

    folder = shop.services.config.warehouse.path.parent
    (folder / "tandem.toml").write_text(
        '[company]\nname = "K"\ncurrency = "CNY"\ntimezone = "Asia/Shanghai"\n[warehouse]\npath = "wh"\n'
        '[[source]]\nname = "erp"\nrole = "erp"\nsystem = "demo_erp"\nurl = "sqlite:///erp.db"\n'
    )
    common = ["--config", str(folder / "tandem.toml"), "--json"]
    for extension in ("json", "csv", "xlsx"):
        target = tmp_path / f"r.{extension}"
        assert app.main(["export", "runway", "-o", str(target), *common]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["file"] == str(target) and told["row_count"] == ITEMS and "rows" not in told
    assert (tmp_path / "r.csv").read_bytes() == shop.get("/api/v1/panels/runway.csv").data
    assert json.loads((tmp_path / "r.json").read_bytes()) == shop.get("/api/v1/panels/runway.json").json
    assert openpyxl.load_workbook(tmp_path / "r.xlsx").worksheets[0].max_row == ITEMS + 1
    monkeypatch.setenv(VARIABLE, "/nonexistent/chromium")
    assert app.main(["export", "runway", "-o", str(tmp_path / "r.png"), *common]) == 1
    assert "apt install chromium" in capsys.readouterr().err
    assert app.main(["export", "runway", "-o", str(tmp_path / "no" / "r.csv"), *common]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_a_picture_of_a_panel_that_cannot_be_read_is_an_error_not_a_picture(
    shop: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = shop.get("/api/v1/panels/customers.png")
    assert answer.status_code == 400 and "customer" in answer.json["error"]
