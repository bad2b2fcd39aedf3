"""PostgreSQL through ADBC lands the same rows as through SQLAlchemy, and fails in the same words."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Any

import pytest

from data_access.connectors import fast
from data_access.connectors.profile import load_profile
from data_access.connectors.sql import SqlConnector
from data_access.errors import SourceError
from tests.real.company import RealCompany, make_company
from tests.real.conftest import TENANT, crm, erp

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not fast.available(), reason="the extra `fast` (ADBC) is not installed"),
]

TABLE = """
CREATE TYPE mood AS ENUM ('calm', 'odd');
CREATE DOMAIN price AS numeric(12, 3);
CREATE TABLE thing (
    id bigint PRIMARY KEY, at timestamptz, small smallint, whole integer, num numeric, money numeric(18, 4),
    tagged price, single real, twice double precision, flag boolean, name text, code varchar(9), fixed char(5),
    "odd ""name:" text, day date, naive timestamp, data bytea, doc jsonb, raw json, uid uuid, feel mood, flat numeric,
    rate numeric);
INSERT INTO thing VALUES
    (1, '2026-01-01 10:00+02', 1, -2, 1.50, 12345678901234.5678, 1.005, 0.1, 0.1, true, 'Käthe 凯川 🚲', 'a', 'b',
     'x:y', '2026-02-28', '2026-01-01 10:00:00.000001', 'plain', '{"b": [1.10, null, "ü"], "a": {"c": true}}',
     '{"z":1,  "z":2}', '11111111-2222-3333-4444-AAAAAAAAAAAA', 'calm', 3.00, 0.1),
    (2, '1999-12-31 23:59:59.999999+00', 32767, 2147483647, 1e30, -0.0001, -9.999, 1e10, 1e300, false, '', '', '',
     ':id', '0001-01-01', '9999-12-31 23:59:59.999999', '\\x00ff', '[1, "text"]', 'null', NULL, 'odd', 4.00,
     12345678901234567890.123456789),
    (3, '2026-01-02 00:00+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
     NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (4, NULL, 0, 0, 0, 0, 0, 'NaN', 'Infinity', false, E'tab\\tline\\n', '%s', '100%', '\\:', '2026-01-01',
     '2026-01-01', '', '5', '1.50', '00000000-0000-0000-0000-000000000000', 'calm', 5, 1e-7),
    (5, '2026-01-03 00:00+00', 1, 1, 'NaN', 1, 1, 1, 1, true, 'a number that is none', 'x', 'x', 'x', '2026-01-01',
     '2026-01-01', 'x', 'true', '[]', NULL, 'odd', 1, 1),
    (6, '2026-01-04 00:00+00', 1, 1, 1, 1, 1, 1, 1, true, 'a day no calendar knows', 'x', 'x', 'x', 'infinity',
     '2026-01-01', 'x', '{}', '{}', NULL, 'odd', 1, 1),
    (7, '2026-01-05 00:00+00', 1, 1, 1, 1, 1, 1, 1, true, 'before Christ', 'x', 'x', 'x', '0044-03-15 BC',
     '20261-01-01', 'x', '{}', '{}', NULL, 'odd', 1, 1),
    (8, 'infinity', 1, 1, 1, 1, 1, 1, 1, true, 'changed at the end of time', 'x', 'x', 'x', '2026-01-01',
     '2026-01-01', 'x', '{}', '{}', NULL, 'odd', 1, 1);
GRANT SELECT ON thing TO tryton_ro;
"""
PROFILE = """
system = "things"
title = "Things"
kind = "sql"
{session}
[stream.thing]
table = "thing"
key = ["id"]
cursor = "at"
[stream.thing.columns]
id = "integer"
small = "integer"
whole = "integer"
num = "decimal(38,4)"
money = "decimal(18,4)"
tagged = "decimal(18,2)"
single = "double"
twice = "double"
single_text = {{ type = "text", from = "single" }}
flag = "boolean"
name = "text"
code = "text"
fixed = "text"
'odd "name:' = "text"
day = "date"
naive = "timestamp"
at = "timestamp"
data = "text"
doc = "json"
doc_text = {{ type = "text", from = "doc" }}
raw = "json"
uid = "text"
feel = "text"
flat = "integer"
rate = "double"
rate_text = {{ type = "text", from = "rate" }}
literal = {{ type = "text", from = "':at ' || '10:30' || '%s'" }}
[stream.slow]
query = "{slow}"
key = ["id"]
columns = {{ id = "integer", name = "text" }}
[stream.list]
query = "SELECT id, ARRAY[id, 2] AS ids, num FROM thing"
key = ["id"]
columns = {{ id = "integer", ids = "json", num = "text" }}
"""
SLOW = "SELECT g AS id, repeat(chr(65), 9000) AS name FROM generate_series(1, 9000) g"


@pytest.fixture
def things(postgres, tmp_path) -> Any:
    name = postgres.create("things")
    postgres.load(name, TABLE)
    yield name
    postgres.drop(name)


@pytest.fixture
def used(monkeypatch) -> list[str]:
    """The statements that went through ADBC."""
    found: list[str] = []
    run = fast.FastPath._run

    def noted(self: Any, connection: Any, planned: Any) -> Any:
        found.append(planned.query)
        return run(self, connection, planned)

    monkeypatch.setattr(fast.FastPath, "_run", noted)
    return found


def _profile(folder: Path, slow: str = SLOW, session: str = "") -> Path:
    path = folder / "things.toml"
    path.write_text(PROFILE.format(slow=slow, session=session), encoding="utf-8")
    return path


def _connector(postgres: Any, folder: Path, name: str, options: str = "", **parts: str) -> SqlConnector:
    return SqlConnector(load_profile(str(_profile(folder, **parts))), postgres.url(name, "tryton_ro") + options)


def _landed(company: RealCompany) -> dict[str, list[tuple[Any, ...]]]:
    """Landing table -> its rows with keys, hashes and change instants; and the rejects."""
    tables = company.read_landing(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'landing' AND contains(table_name, '__')"
    )
    select = "SELECT * EXCLUDE (_run_id) REPLACE (_deleted_at IS NULL AS _deleted_at) FROM landing"
    found = {table: company.read_landing(f"{select}.{table} ORDER BY _key") for (table,) in tables}
    found["rejects"] = company.read_landing("SELECT entity, source_id, reason FROM landing.rejected_row ORDER BY ALL")
    return found


def _both_ways(folder: Path, monkeypatch: Any, used: list[str], *sources: dict[str, str]) -> tuple[Any, Any]:
    for name in ("adbc", "sqlalchemy"):
        (folder / name).mkdir()
    quick = make_company(folder / "adbc", *sources)
    assert [s.error for s in quick.sync().streams if s.status != "ok"] == []
    assert used
    count = len(used)
    monkeypatch.setattr(fast, "available", lambda: False)
    plain = make_company(folder / "sqlalchemy", *sources)
    assert [s.error for s in plain.sync().streams if s.status != "ok"] == []
    assert len(used) == count
    return _landed(quick), _landed(plain)


def test_every_type_lands_the_same(postgres, things, tmp_path, monkeypatch, used):
    source = {
        "name": "erp",
        "role": "erp",
        "profile": str(_profile(tmp_path)),
        "url": postgres.url(things, "tryton_ro"),
    }
    quick, plain = _both_ways(tmp_path, monkeypatch, used, source)
    assert quick == plain
    assert len([query for query in used if '"thing"' in query or " thing " in query]) >= 1
    rows = {row[0]: row for row in quick["erp__thing"]}
    assert set(rows) == {1, 2, 3}
    assert str(rows[1][4]) == "12345678901234.5678" and rows[1][10] == "Käthe 凯川 🚲"
    assert rows[1][6] == rows[1][7] == 0.1 and rows[2][6] == 1e10 and rows[2][10] == ""
    assert rows[1][13] == "x:y" and rows[2][-5] == ":at 10:30%s"
    assert set(rows[3][1:16]) == {None}
    reasons = {key: reason for entity, key, reason in quick["rejects"]}
    assert set(reasons) == {"4", "5", "6", "7", "8"}
    assert "NaN is not decimal" in reasons["5"] and "infinity is not date" in reasons["6"]


def test_the_small_tryton_lands_the_same(postgres, small_tryton, tmp_path, monkeypatch, used):
    quick, plain = _both_ways(tmp_path, monkeypatch, used, erp(postgres, small_tryton))
    assert quick == plain and sum(len(rows) for rows in quick.values()) > 100


def test_row_level_security_holds_on_the_fast_connection(postgres, small_crm, tmp_path, monkeypatch, used):
    quick, plain = _both_ways(tmp_path, monkeypatch, used, crm(postgres, small_crm, TENANT))
    assert quick == plain and quick["crm__account"]


def test_all_reads_of_a_stream_see_one_state(postgres, things, tmp_path, used):
    connector = _connector(postgres, tmp_path, things)
    with connector.snapshot():
        first = sum(page.num_rows for page in connector.read("thing", None, None))
        postgres.sql(things, "INSERT INTO thing (id, name) VALUES (99, 'late')")
        again = sum(page.num_rows for page in connector.read("thing", None, None))
        keys = sum(page.num_rows for page in connector.read_keys("thing"))
        by_keys = sum(page.num_rows for page in connector.read_by_keys("thing", [(99,)]))
    assert (first, again, keys, by_keys) == (8, 8, 8, 0) and len(used) == 3
    assert sum(page.num_rows for page in connector.read("thing", None, None)) == 9
    connector.close()


def test_a_type_that_would_differ_is_read_row_by_row(postgres, things, tmp_path, used, caplog):
    caplog.set_level(logging.DEBUG, "data_access.connectors.fast")
    connector = _connector(postgres, tmp_path, things)
    (page,) = connector.read("list", None, None)
    assert page.num_rows == 8 and used == [] and "array" in caplog.text
    connector.close()


def test_large_results_come_in_bounded_batches(postgres, things, tmp_path, used):
    connector = _connector(postgres, tmp_path, things)
    pages = [(page.num_rows, page.nbytes) for page in connector.read("slow", None, None)]
    assert sum(rows for rows, _ in pages) == 9000 and len(used) == 1
    assert len(pages) > 5 and max(size for _, size in pages) < 2 * fast.BATCH_BYTES
    connector.close()


def test_a_reader_that_stops_early_leaves_a_working_connector(postgres, things, tmp_path, used):
    connector = _connector(postgres, tmp_path, things)
    with connector.snapshot():
        pages = connector.read("slow", None, None)
        next(pages)
        pages.close()
        assert sum(page.num_rows for page in connector.read_keys("thing")) == 8
    assert len(used) == 2
    connector.close()


def test_a_cancelled_read_is_transient_in_one_clear_line(postgres, things, tmp_path, used):
    slow = "SELECT g AS id, pg_sleep(g / 8000)::text || repeat(chr(65), 9000) AS name FROM generate_series(1, 8100) g"
    session = "session = [\"SET statement_timeout = '700ms'\"]"
    connector = _connector(postgres, tmp_path, things, slow=slow, session=session)
    with pytest.raises(SourceError, match=r"is busy or the read was cancelled \(things.toml, stream slow\): canceling"):
        list(connector.read("slow", None, None))
    assert used and sum(page.num_rows for page in connector.read_keys("thing")) == 8
    connector.close()


def test_a_lost_connection_is_transient_and_the_next_read_works(postgres, things, tmp_path, used):
    connector = _connector(postgres, tmp_path, things, "?application_name=lost")
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lost'"
    with pytest.raises(SourceError) as caught, connector.snapshot():
        pages = connector.read("slow", None, None)
        next(pages)
        assert len(postgres.sql(things, end)) == 2
        list(pages)
    assert caught.value.transient and "closed the connection" in caught.value.message
    assert sum(page.num_rows for page in connector.read("thing", None, None)) == 8
    postgres.sql(things, end)  # between two reads
    assert sum(page.num_rows for page in connector.read("thing", None, None)) == 8
    assert len(used) == 3
    connector.close()


def test_options_of_the_url_and_closing(postgres, things, tmp_path, used):
    connector = _connector(postgres, tmp_path, things, "?sslmode=prefer&application_name=carried")
    assert list(connector.read("thing", None, None)) and len(used) == 1
    count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'carried'"
    assert postgres.sql(things, count) == [(2,)]
    connector.close()
    deadline = time.monotonic() + 20
    while postgres.sql(things, count) != [(0,)]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_options_only_the_other_driver_knows():
    assert fast.fast_path({"host": "db", "prepare_threshold": 0}, ()) is None
    assert fast.fast_path({"host": "db", "sslmode": "require"}, ()) is not None


def test_a_missing_column_is_told_as_before(postgres, things, tmp_path, used):
    connector = _connector(postgres, tmp_path, things, slow="SELECT nothing AS id, '' AS name FROM thing")
    with pytest.raises(SourceError, match="does not match the profile .*nothing") as caught:
        list(connector.read("slow", None, None))
    assert not caught.value.transient
    connector.close()
