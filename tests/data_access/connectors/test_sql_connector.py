"""The SQL connector on SQLite: values, bounds, names, and what its errors say."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pytest

from data_access.connectors import sql
from data_access.connectors.arrow import NOT_TEXT, to_table
from data_access.connectors.meaning import meaning_of
from data_access.connectors.profile import Profile
from data_access.connectors.sql import SqlConnector
from data_access.errors import ConfigError, SourceError

PASSWORD = "s3cr3t-canary"


def profile(stream=None, **more) -> Profile:
    party = {"table": "party", "key": ["id"], "cursor": "at", "columns": {"id": "integer", "name": "text"}}
    document = {
        "system": "t", "title": "T", "role": "erp", "kind": "sql", "file": Path("shop.toml"),
        "stream": {"party": {**party, **(stream or {})}},
    }  # fmt: skip
    return Profile.model_validate({**document, **more})


@pytest.fixture
def db(tmp_path):
    db = sqlite3.connect(tmp_path / "erp.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute('CREATE TABLE party (id INTEGER PRIMARY KEY, name TEXT, at TEXT, "odd name" TEXT, "order" TEXT)')
    for i, at in enumerate(["2026-01-01 00:00:00", "2026-01-02T00:00:00Z", "2026-01-03 08:00:00+08:00", None], 1):
        db.execute("INSERT INTO party VALUES (?, ?, ?, 'o', 'r')", (i, f"n{i}", at))
    yield db
    db.close()


def connect(tmp_path, made=None, **options):
    return SqlConnector(made or profile(), f"sqlite:///{tmp_path / 'erp.db'}", **options)


def ids(pages):
    return [value for page in pages for value in page.column("id").to_pylist()]


def at(day, hour=0):
    return datetime(2026, 1, day, hour, tzinfo=UTC)


def test_bounds_are_inclusive_and_instants_compare_in_any_form(tmp_path, db):
    connector = connect(tmp_path)
    assert ids(connector.read("party", at(1), at(3))) == [1, 2, 3]
    assert ids(connector.read("party", at(1, 1), at(2))) == [2]
    assert ids(connector.read("party", at(3), None)) == [3]
    assert sorted(ids(connector.read("party", None, None))) == [1, 2, 3, 4]


def test_bytes_that_are_no_text_are_marked(tmp_path, db):
    db.execute("UPDATE party SET name = CAST(x'c3a9e9' AS TEXT) WHERE id = 2")
    pages = list(connect(tmp_path).read("party", None, None))
    names = sorted(value for page in pages for value in page.column("name").to_pylist())
    assert names == ["n1", "n3", "n4", NOT_TEXT + "é\\xe9"]


def test_pages_come_in_cursor_order_and_size(tmp_path, db):
    pages = list(connect(tmp_path, page_rows=2).read("party", None, at(9)))
    assert [page.num_rows for page in pages] == [2, 1] and ids(pages) == [1, 2, 3]


def test_pages_of_wide_rows_are_short(tmp_path, db, monkeypatch):
    monkeypatch.setattr(sql, "FIRST_ROWS", 3)
    monkeypatch.setattr(sql, "PAGE_BYTES", 10_000)
    db.executemany("INSERT INTO party (id, name, at) VALUES (?, ?, '2026-01-05')", [(i, "x") for i in range(5, 40)])
    narrow = [page.num_rows for page in connect(tmp_path, page_rows=20).read("party", None, at(9))]
    assert narrow == [3, 20, 15]
    db.execute("UPDATE party SET name = ?", ("x" * 1000,))
    pages = list(connect(tmp_path, page_rows=20).read("party", None, at(9)))
    assert [page.num_rows for page in pages[:-1]] == [3, *[9] * (len(pages) - 2)] and len(ids(pages)) == 38
    db.execute("UPDATE party SET name = ?", ("x" * 20_000,))
    assert {page.num_rows for page in list(connect(tmp_path, page_rows=20).read("party", None, at(9)))[1:]} == {1}


def test_keys_and_rows_by_keys(tmp_path, db):
    connector = connect(tmp_path)
    assert ids(connector.read_keys("party")) == [1, 2, 3, 4]
    assert ids(connector.read_by_keys("party", [(4,), (2,), (99,)])) == [2, 4]


def test_odd_names_expressions_and_colons(tmp_path, db):
    columns = {
        "id": "integer", "odd name": "text", "order": "text",
        "shout": {"type": "text", "from": "upper(name) || ':x ' || '12:30'"},
    }  # fmt: skip
    made = profile({"columns": columns, "where": "name <> ':nobody' AND name LIKE '%1'"})
    (page,) = connect(tmp_path, made).read("party", None, None)
    assert page.to_pylist()[0] | {"_cursor": None} == {
        "id": 1, "odd name": "o", "order": "r", "shout": "N1:x 12:30", "_cursor": None,
    }  # fmt: skip


def test_query_stream_with_a_setting(tmp_path, db):
    made = profile(
        {"table": None, "query": "SELECT * FROM party WHERE name = '{who}'"}, settings={"who": {"required": True}}
    )
    assert ids(connect(tmp_path, made, settings={"who": "n2"}).read("party", None, None)) == [2]
    with pytest.raises(ConfigError, match="who: missing"):
        connect(tmp_path, made)
    with pytest.raises(ConfigError, match="cannot stand in SQL"):
        connect(tmp_path, made, settings={"who": "x' OR '1'='1"})
    with pytest.raises(ConfigError, match="knows no such setting"):
        connect(tmp_path, made, settings={"who": "n2", "whom": "n3"})


def test_unknown_column_is_an_error_and_not_a_text(tmp_path, db):
    connector = connect(tmp_path, profile({"columns": {"id": "integer", "nothing": "text"}}))
    with pytest.raises(SourceError, match=r"shop.toml, stream party.*nothing") as caught:
        list(connector.read("party", None, None))
    assert not caught.value.transient and caught.value.hint
    assert [error.message for error in connector.verify()] == [caught.value.message]
    assert connect(tmp_path).verify() == []


def test_discover_answers_the_live_columns(tmp_path, db):
    assert set(connect(tmp_path).discover()["party"]) == {"id", "name", "at", "odd name", "order"}


def test_reading_never_writes_nor_makes_a_database(tmp_path, db):
    made = profile(session=["CREATE TABLE mine (x)"])
    with pytest.raises(SourceError, match="readonly"):
        connect(tmp_path, made).check()
    with pytest.raises(SourceError, match="has no such database"):
        SqlConnector(profile(), f"sqlite:///{tmp_path / 'missing.db'}").check()
    assert not (tmp_path / "missing.db").exists()


def test_snapshot_sees_one_state(tmp_path, db):
    connector = connect(tmp_path)
    with connector.snapshot():
        assert len(ids(connector.read_keys("party"))) == 4
        db.execute("DELETE FROM party WHERE id = 1")
        assert len(ids(connector.read_keys("party"))) == 4
    assert len(ids(connector.read_keys("party"))) == 3


@pytest.mark.parametrize("url", [
    f"postgresql://reader:{PASSWORD}@127.0.0.1:9/erp",
    f"mysql://reader:{PASSWORD}@127.0.0.1:9/erp",
    f"oracle://reader:{PASSWORD}@127.0.0.1/erp",
    f"nonsense+driver://reader:{PASSWORD}@127.0.0.1/erp",
    f"not a url {PASSWORD}://x:{PASSWORD}@y",
])  # fmt: skip
def test_password_is_never_told(url):
    with pytest.raises((SourceError, ConfigError)) as caught:
        SqlConnector(profile(), url).check()
    seen, error = "", caught.value
    seen += error.line()
    assert PASSWORD not in seen and "\n" not in seen and error.hint


def test_unreachable_server_is_transient():
    with pytest.raises(SourceError, match="cannot be reached") as caught:
        SqlConnector(profile(), "postgresql://reader@127.0.0.1:9/erp").check()
    assert caught.value.transient


@pytest.mark.parametrize("text, what, transient", [
    ('FATAL:  password authentication failed for user "x"', "refused the login", False),
    ("could not translate host name", "cannot be reached", True),
    ("no such table: sale", "does not match the profile", False),
    ("server closed the connection unexpectedly", "closed the connection", True),
    ("canceling statement due to statement timeout", "is busy", True),
    ("permission denied for table sale", "denies reading", False),
])  # fmt: skip
def test_errors_by_their_words(text, what, transient):
    meaning = meaning_of(RuntimeError(text))
    assert what in meaning.what and meaning.transient is transient and meaning.hint


@pytest.mark.parametrize("values, expected", [
    ([1, None], [1, None]),
    ([Decimal("1.50"), Decimal("1000.25")], [Decimal("1.50"), Decimal("1000.25")]),
    ([Decimal("NaN"), Decimal("1")], ["NaN", "1"]),
    ([2**70, 1], [str(2**70), "1"]),
    ([UUID(int=5), None], [str(UUID(int=5)), None]),
    ([{"a": "ä"}, None], ['{"a": "ä"}', None]),
    ([1, "x"], ["1", "x"]),
    ([b"ab", None], ["ab", None]),
    (["x\ud800"], ["x?"]),
    ([True, 1], ["true", "1"]),
    ([], []),
])  # fmt: skip
def test_driver_values_become_arrow(values, expected):
    table = to_table([(value,) for value in values], ["v"])
    assert table.column("v").to_pylist() == expected


def test_naive_and_zoned_instants_become_utc():
    from datetime import timedelta, timezone

    zoned = datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    column = to_table([(zoned,)], ["v"]).column("v").cast(pa.timestamp("us", "UTC"))
    assert column.to_pylist() == [datetime(2026, 1, 1, tzinfo=UTC)]
