"""Panels and what leaves the house: names, tags, safe documents."""

from __future__ import annotations

import csv
import importlib
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import cast

import pandas as pd
import pytest

from data_access import overview, panels
from data_access.errors import QueryError
from data_access.export import plain
from data_access.export.extracts import Extract, of_result
from data_access.export.text import csv_pieces, json_pieces
from data_access.filters import NOTHING
from data_access.metrics import metrics
from data_access.panels import PANELS, check_filters, find_panel, panel_etag, read_all
from data_access.result import Result
from data_access.snapshot import Snapshot
from data_access.warehouse import Reader
from tests.published import publish

AT = datetime(2026, 1, 31, 8, tzinfo=UTC)


class Version:
    """As much of a snapshot as an export looks at."""

    manifest = {"currency": "CNY", "timezone": "Asia/Shanghai"}
    today = date(2026, 1, 31)


def extracted(**columns: list[object]) -> Extract:
    result = Result(pd.DataFrame(columns), AT, ("erp",), 3, notes={"wape": float("nan"), "weeks": 3})
    return of_result(PANELS["customers"], cast(Snapshot, Version()), NOTHING, result)


def to_csv(given: Extract) -> bytes:
    return b"".join(piece for piece, _ in csv_pieces(given))


def test_every_panel_reads_functions_and_metrics_that_exist() -> None:
    for panel in PANELS.values():
        page = importlib.import_module(f"data_access.{panel.page}")
        assert all(callable(getattr(page, name)) for name in panel.reads), panel.name
        assert set(panel.metrics) <= set(metrics()), panel.name


def test_a_wrong_name_or_filter_is_answered_with_the_nearest() -> None:
    with pytest.raises(QueryError) as caught:
        find_panel("forcast")
    assert "forecast" in caught.value.hint
    with pytest.raises(QueryError, match="no filter"):
        check_filters(PANELS["kpis"], {"period": "90d"})


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1", "＝1", "=cmd|' /C calc'!A0"]
)
def test_text_never_leaves_as_a_formula(text: str) -> None:
    (_, row) = csv.reader(io.StringIO(to_csv(extracted(name=[text])).decode("utf-8-sig"), newline=""))
    assert row[0] == "'" + text


def test_numbers_dates_and_harmless_text_leave_as_they_are() -> None:
    rows = list(
        csv.reader(
            io.StringIO(
                to_csv(extracted(n=[-1.5, float("nan")], d=[date(2026, 1, 2), None], t=["a=b", '北京, "x"'])).decode(
                    "utf-8-sig"
                )
            )
        )
    )
    assert rows == [["n", "d", "t"], ["-1.5", "2026-01-02", "a=b"], ["", "", '北京, "x"']]


def test_the_json_document_is_strict() -> None:
    made = extracted(
        revenue=[Decimal("1.50"), None],
        share=[float("inf"), 0.5],
        at=[pd.Timestamp("2026-01-02T03:04:05Z"), pd.NaT],
        series=[[1.0, float("nan")], []],
    )
    data = b"".join(piece for piece, _ in json_pieces(made))
    body = json.loads(data, parse_constant=lambda name: pytest.fail(name))
    assert body["rows"] == [
        {"revenue": 1.5, "share": None, "at": "2026-01-02T03:04:05.000Z", "series": [1.0, None]},
        {"revenue": None, "share": 0.5, "at": None, "series": []},
    ]
    assert body["columns"][0] == {"name": "revenue", "unit": "CNY"} and body["columns"][1]["unit"] == "ratio"
    assert body["notes"] == {"wape": None, "weeks": 3} and body["row_count"] == 2
    assert plain(pd.NA) is None and plain(True) is True


def test_a_panels_tag_follows_the_queries_it_really_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queries = tmp_path / "queries"
    queries.mkdir()
    for table in ("customer", "ticket"):
        text = f"-- doc: test\n-- grain: one\nSELECT * FROM core.{table}"
        (queries / f"{table}.sql").write_text(text)
    base = [
        "CREATE SCHEMA core",
        "CREATE TABLE core.customer AS SELECT 1 AS a",
        "CREATE TABLE core.ticket AS SELECT 1 AS a",
    ]
    publish(tmp_path / "wh", 1, base)
    reader = Reader(tmp_path / "wh", queries=queries)
    reader.refresh()
    monkeypatch.setattr(panels, "_reads", {})
    monkeypatch.setattr(overview, "feed", lambda reader, scope: reader.pinned().query("customer", scope))
    feed = PANELS["feed"]
    unknown = panel_etag(feed, reader.pinned())
    read_all(feed, reader.pinned())
    known = panel_etag(feed, reader.pinned())
    assert unknown != known and known != panel_etag(feed, reader.pinned(), "other build")
    publish(tmp_path / "wh", 2, [*base, "INSERT INTO core.ticket VALUES (2)"])
    reader.refresh()
    assert panel_etag(feed, reader.pinned()) == known
    publish(tmp_path / "wh", 3, [*base, "INSERT INTO core.customer VALUES (2)"])
    reader.refresh()
    assert panel_etag(feed, reader.pinned()) != known
