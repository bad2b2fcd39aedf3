"""The reader: whole versions, refusals, caching by content, damage, runaway queries."""

import json
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from data_access.access import EVERYONE, Scope
from data_access.errors import Forbidden, QueryError, WarehouseError
from data_access.snapshot import Snapshot
from data_access.sqlfile import load_query, tables_of
from data_access.versions import is_torn, mend_pointer, read_pointer
from data_access.warehouse import Reader
from tests.published import checked_at, point, publish

HEAD = "-- doc: test\n-- grain: one row\n"
V1 = [
    "CREATE SCHEMA core",
    "CREATE TABLE core.customer AS SELECT * FROM (VALUES ('a', 'Ada', 'anna', DATE '2026-01-30'),"
    " ('b', 'Bob', 'ben', NULL)) t(customer_id, name, owner, since)",
    "CREATE TABLE core.ticket AS SELECT 't1' AS ticket_id, TIMESTAMPTZ '2026-01-31 09:00:00+08' AS opened_at",
]
V2 = [*V1, "INSERT INTO core.ticket VALUES ('t2', TIMESTAMPTZ '2026-01-31 10:00:00+08')"]


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    folder = tmp_path / "queries"
    folder.mkdir()
    files = {
        "customers": HEAD + "-- scope: owner\nSELECT customer_id, name, owner, since FROM core.customer ORDER BY 1",
        "tickets": HEAD + "SELECT ticket_id, opened_at FROM core.ticket WHERE ticket_id >= $first ORDER BY 1",
        "today": HEAD + "SELECT $today AS today, count(*) AS n FROM core.customer",
        "slow": HEAD + "SELECT count(*) AS n FROM core.ticket, range(90000000000) a(i) WHERE i * i % 7 = 3",
        "broken": HEAD + "SELECT nowhere FROM core.customer",
    }
    for name, text in files.items():
        (folder / f"{name}.sql").write_text(text)
    return folder


@pytest.fixture
def reader(tmp_path: Path, queries: Path) -> Reader:
    publish(tmp_path / "wh", 1, V1, {"core.ticket": ["crm", "erp"]})
    made = Reader(tmp_path / "wh", queries=queries)
    assert made.refresh()
    return made


def test_rows_come_with_age_origin_and_version(reader: Reader) -> None:
    result = reader.query("customers")
    assert result.frame["name"].tolist() == ["Ada", "Bob"]
    assert result.frame["since"].tolist() == [date(2026, 1, 30), None]
    assert (result.version, result.sources, result.as_of) == (1, ("erp",), checked_at())
    tickets = reader.query("tickets", first="a")
    assert tickets.sources == ("crm", "erp") and tickets.as_of == datetime(2026, 1, 31, 7, tzinfo=UTC)
    assert tickets.frame["opened_at"][0].isoformat() == "2026-01-31T01:00:00+00:00"
    assert reader.query("today").frame["today"][0] == date(2026, 1, 31)


def test_wrong_arguments_are_named(reader: Reader) -> None:
    for params, word in [({}, "first"), ({"first": "a", "last": "z"}, "last")]:
        with pytest.raises(QueryError, match=word):
            reader.query("tickets", EVERYONE, **params)
    with pytest.raises(QueryError, match="there is no query"):
        reader.query("../customers")
    with pytest.raises(QueryError, match="broken"):
        reader.query("broken")


def test_row_rights_narrow_or_refuse(reader: Reader) -> None:
    ben = Scope(frozenset({"ben"}))
    assert reader.query("customers", ben).frame["customer_id"].tolist() == ["b"]
    assert reader.query("customers", Scope(frozenset())).frame.empty
    assert len(reader.query("customers").frame) == 2
    with pytest.raises(Forbidden):
        reader.query("tickets", ben, first="a")


def test_a_caller_cannot_spoil_the_cache(reader: Reader) -> None:
    first = reader.query("customers").frame
    first.loc[0, "name"] = "Mallory"
    assert reader.query("customers").frame["name"].tolist() == ["Ada", "Bob"]


def test_a_new_version_recomputes_only_what_changed(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    run = Snapshot._run
    monkeypatch.setattr(
        Snapshot, "_run", lambda self, query, *rest: (ran.append(query.name), run(self, query, *rest))[1]
    )
    before = reader.query("customers").etag, reader.query("tickets", first="a").etag
    etags = reader.pinned().etag("customers"), reader.pinned().etag("tickets")
    pinned = reader.pinned()
    publish(reader.folder, 2, V2, {"core.ticket": ["crm", "erp"]})
    assert reader.refresh() and not reader.refresh()
    after = reader.query("customers"), reader.query("tickets", first="a")
    assert ran == ["customers", "tickets", "tickets"]
    assert before[0] == after[0].etag and before[1] != after[1].etag
    assert (etags[0], etags[1]) != (reader.pinned().etag("customers"), reader.pinned().etag("tickets"))
    assert etags[0] == reader.pinned().etag("customers")
    assert after[0].version == 2 and len(after[1].frame) == 2
    assert len(pinned.query("tickets", first="b").frame) == 1, "a pinned version stays whole"


def test_two_hundred_threads_ask_the_engine_once(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    run = Snapshot._run
    monkeypatch.setattr(
        Snapshot, "_run", lambda self, query, *rest: (ran.append(query.name), run(self, query, *rest))[1]
    )
    threads = [threading.Thread(target=reader.query, args=("customers",)) for _ in range(200)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert ran == ["customers"]


def test_a_rollback_of_the_pointer_is_followed(reader: Reader) -> None:
    publish(reader.folder, 2, V2)
    reader.refresh()
    point(reader.folder, 1)
    assert reader.refresh() and reader.version == 1


@pytest.mark.parametrize("damage", ["cut", "bit", "gone", "manifest"])
def test_a_damaged_version_is_set_aside_and_the_one_before_serves(tmp_path: Path, queries: Path, damage: str) -> None:
    folder, told = tmp_path / "wh", []
    publish(folder, 1, V1)
    path = publish(folder, 2, V2)
    data = bytearray(path.read_bytes())
    if damage == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif damage == "bit":
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    elif damage == "gone":
        path.unlink()
    else:
        (folder / "wh-2.json").write_text("{")
    reader = Reader(folder, queries=queries, on_damage=lambda number, problem: told.append(number))
    assert reader.refresh() and reader.version == 1
    assert len(reader.query("tickets", first="a").frame) == 1
    assert path.with_name("wh-2.duckdb.damaged").exists() == (damage in ("cut", "bit"))
    assert told == ([] if damage == "manifest" else [2])
    publish(folder, 3, V2)
    assert reader.refresh() and reader.version == 3


def test_damage_in_the_next_version_keeps_the_present_one(reader: Reader) -> None:
    path = publish(reader.folder, 2, V2)
    path.write_bytes(path.read_bytes()[:-1])
    assert not reader.refresh()
    assert reader.version == 1 and len(reader.query("tickets", first="a").frame) == 1


def test_before_the_first_version(tmp_path: Path, queries: Path) -> None:
    reader = Reader(tmp_path / "wh", queries=queries)
    assert not reader.refresh() and not reader.ready
    with pytest.raises(WarehouseError, match="no version"):
        reader.query("customers")
    publish(tmp_path / "wh", 1, V1)
    assert reader.refresh() and reader.ready and reader.version == 1


@pytest.mark.parametrize("torn", [b"seven", b"", b"\x00\xff\x00", b"-1"])
def test_a_torn_pointer_is_written_again(tmp_path: Path, queries: Path, torn: bytes) -> None:
    """It names the newest whole version: the last one here is damaged."""
    folder = tmp_path / "wh"
    publish(folder, 1, V1)
    publish(folder, 2, V2)
    damaged = publish(folder, 3, V2)
    damaged.write_bytes(damaged.read_bytes()[:-1])
    (folder / "current").write_bytes(torn)
    assert is_torn(folder) and read_pointer(folder) == 2
    reader = Reader(folder, queries=queries)
    assert reader.refresh() and reader.version == 2
    assert (folder / "current").read_text() == "2" and not is_torn(folder)
    assert not reader.refresh()
    publish(folder, 4, V1)
    assert reader.refresh() and reader.version == 4


def test_a_torn_pointer_that_cannot_be_written_serves_all_the_same(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("data_access.versions.write_whole", refuse)
    (reader.folder / "current").write_text("seven")
    assert not reader.refresh() and reader.version == 1
    assert Reader(reader.folder, queries=reader._queries).refresh()


def test_a_torn_pointer_without_any_version_is_none(tmp_path: Path) -> None:
    (tmp_path / "current").write_text("seven")
    assert read_pointer(tmp_path) is None and mend_pointer(tmp_path) is None
    assert not (tmp_path / "current").exists()


@pytest.mark.parametrize("segment", [0, -1, "16", 1.5, None])
def test_a_manifest_with_no_such_segments_is_damaged(tmp_path: Path, queries: Path, segment: object) -> None:
    publish(tmp_path, 1, V1)
    path = publish(tmp_path, 2, V2).with_suffix(".json")
    manifest = json.loads(path.read_text())
    manifest["file"]["segment"] = segment
    path.write_text(json.dumps(manifest))
    reader = Reader(tmp_path, queries=queries)
    assert reader.refresh() and reader.version == 1


def test_a_manifest_cannot_point_elsewhere(tmp_path: Path, queries: Path) -> None:
    publish(tmp_path / "wh", 1, V1)
    path = tmp_path / "wh" / "wh-1.json"
    manifest = json.loads(path.read_text())
    manifest["file"]["name"] = "../elsewhere.duckdb"
    path.write_text(json.dumps(manifest))
    reader = Reader(tmp_path / "wh", queries=queries)
    assert not reader.refresh() and not reader.ready


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "ATTACH '/tmp/other.db'",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "INSTALL httpfs",
        "SET threads = 4",
        "INSERT INTO core.customer VALUES ('c', 'C', 'x', NULL)",
        "SELECT * FROM frame",
    ],
)
def test_an_open_version_refuses_everything_but_reading_itself(reader: Reader, sql: str) -> None:
    import duckdb

    frame = reader.query("customers").frame  # a replacement scan would find this name
    assert len(frame) == 2
    with pytest.raises(duckdb.Error):
        reader.pinned()._connection.cursor().execute(sql)


def test_a_runaway_query_is_stopped_and_others_go_on(tmp_path: Path, queries: Path) -> None:
    publish(tmp_path / "wh", 1, V1)
    reader = Reader(tmp_path / "wh", queries=queries, timeout_s=0.3)
    reader.refresh()
    with pytest.raises(QueryError, match="took longer"):
        reader.query("slow")
    assert len(reader.query("customers").frame) == 2


def test_query_files_are_read_strictly(tmp_path: Path) -> None:
    (tmp_path / "bare.sql").write_text("SELECT 1")
    (tmp_path / "two.sql").write_text(HEAD + "SELECT 1; SELECT 2")
    (tmp_path / "write.sql").write_text(HEAD + "CREATE TABLE t AS SELECT 1")
    for name in ("bare", "two", "write"):
        with pytest.raises(QueryError):
            load_query(name, tmp_path)
    assert tables_of(
        "WITH m AS (SELECT * FROM core.a) SELECT * FROM m JOIN marts.b ON true WHERE x IN (SELECT y FROM ops.c)"
        " AND EXISTS (FROM core.on_hand_at(DATE '2026-01-01'))"
    ) == {"core.a", "marts.b", "ops.c", "core.on_hand_at"}


def test_two_readers_of_one_process_share_a_version(reader: Reader, queries: Path) -> None:
    other = Reader(reader.folder, queries=queries)
    other.refresh()
    assert (other.version, reader.version) == (1, 1) and not list(reader.folder.glob("*.damaged"))
