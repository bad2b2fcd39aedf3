"""Faults of time and identity: late commits, rows without a cursor, deletes, doubled keys, and nothing at all. The
oracle is always the source's own table, read beside the engine."""

from __future__ import annotations

import hashlib
import json
import sqlite3

import duckdb
import pytest

from data_access.connectors.sql import SqlConnector
from data_access.versions import read_pointer


def source(tiny) -> list[str]:
    return sorted(name for (name,) in tiny.db.execute("SELECT name FROM party WHERE active"))


def content(tiny) -> str:
    """One hash of all that is served."""
    manifest = json.loads((tiny.warehouse / f"wh-{read_pointer(tiny.warehouse)}.json").read_text())
    tables = {name: each["content"] for name, each in manifest["tables"].items() if not name.startswith("ops.")}
    return hashlib.sha256(json.dumps(tables, sort_keys=True).encode()).hexdigest()


def tombstones(tiny) -> list[str]:
    """Keys of landed rows that are gone from the source; each key is landed once."""
    with duckdb.connect(str(tiny.warehouse / "landing.duckdb"), read_only=True) as con:
        rows = con.execute("SELECT id, _deleted_at IS NOT NULL FROM erp__party").fetchall()
    assert len(dict(rows)) == len(rows)
    return sorted(key for key, gone in rows if gone)


@pytest.mark.parametrize("stamp", ["2026-01-01 00:00:00", "2020-01-01 00:00:00", None])
def test_a_commit_during_the_read_is_there_after_the_next_run(tiny, monkeypatch, stamp):
    """The row is committed after the read began, with a stamp the cursor has passed: no snapshot shows it."""
    tiny.sync()
    original, done = SqlConnector.read, []

    def commit(at):
        with sqlite3.connect(tiny.folder / "erp.db") as db:  # the engine reads in a thread of its own
            db.execute("INSERT INTO party VALUES (90, 'Late', 1, '1.00', ?, NULL)", [at])
        return True

    def read(connector, stream, since, until):
        yield from original(connector, stream, since, until)
        if stream == "party" and not done:
            done.append(commit(stamp))

    monkeypatch.setattr(SqlConnector, "read", read)
    tiny.party(1, "Touched", "2026-02-01 00:00:00")
    tiny.sync()
    assert done
    tiny.sync()
    assert tiny.names() == source(tiny) and "Late" in tiny.names()


def test_rows_of_one_instant_on_both_sides_of_a_page_all_arrive(tiny, monkeypatch):
    monkeypatch.setattr("data_access.connectors.sql.PAGE_ROWS", 4)
    for number in range(50, 63):
        tiny.party(number, f"Same instant {number}", "2026-03-01 00:00:00")
    tiny.sync()
    tiny.party(70, "Same instant, later", "2026-03-01 00:00:00")
    tiny.sync()
    assert tiny.names() == source(tiny)


def test_a_row_without_a_cursor_is_loaded_or_rejected_with_its_reason(tiny):
    tiny.party(91, "No stamp", None)
    tiny.party(92, "No stamp, bad", None, credit="much")
    tiny.sync()
    assert "No stamp" in tiny.names() and "No stamp, bad" not in tiny.names()
    ((source_id, reason),) = tiny.read("SELECT source_id, reason FROM ops.rejected_row WHERE resolved_at IS NULL")
    assert source_id == "92" and reason == "credit: much is not decimal(18,2)"
    tiny.party(92, "No stamp, good", None, credit="1.00")
    tiny.sync()
    assert tiny.names() == source(tiny)
    assert tiny.read("SELECT count(*) FROM ops.rejected_row WHERE resolved_at IS NULL") == [(0,)]


def test_hard_deletes_leave_a_tombstone_and_no_row(tiny):
    tiny.sync()
    tiny.sql("DELETE FROM party WHERE id IN (3, 4)")
    report = tiny.sync()
    assert tiny.names() == source(tiny) and sum(stream.counts.deleted for stream in report.streams) == 2
    assert tombstones(tiny) == ["3", "4"]
    tiny.party(3, "P03 again", "2026-06-01 00:00:00")
    tiny.sync()
    assert tiny.names() == source(tiny) and tombstones(tiny) == ["4"]


def test_doubled_keys_have_one_winner_and_the_others_are_told(tiny):
    rows = [("A", "en", "Alias"), ("A", "en", "Other"), ("C", "en", "Gamma")]
    tiny.db.executemany("INSERT INTO category VALUES (?, ?, ?)", rows)
    tiny.db.commit()
    rejected = sum(stream.counts.rejected for stream in tiny.sync().streams)
    served = dict(tiny.read("SELECT warehouse_id, name FROM core.warehouse"))
    labels = {label for (label,) in tiny.db.execute("SELECT label FROM category WHERE code = 'A' AND lang = 'en'")}
    payloads = tiny.read("SELECT payload FROM ops.rejected_row WHERE reason LIKE 'duplicate key%'")
    others = {json.loads(payload)["label"] for (payload,) in payloads}
    assert served.keys() == {"A", "B", "C"} and served["A"] in labels
    assert len(labels) == 3 and len(others) == 1 and others < labels - {served["A"]}  # a key is listed once,
    assert rejected == 2  # and each of its other rows counted


@pytest.mark.parametrize("full", [False, True])
def test_nothing_changed_means_nothing_changes(tiny, full):
    tiny.sync()
    before = content(tiny)
    report = tiny.sync(full=full)
    moved = [(s.counts.inserted, s.counts.updated, s.counts.deleted, s.counts.rejected) for s in report.streams]
    assert report.status == "nothing_new" and set(moved) == {(0, 0, 0, 0)}
    (tiny.warehouse / "work.duckdb").unlink()  # made again from landing: the same content
    (tiny.warehouse / "current").unlink()
    assert tiny.sync().status == "published" and content(tiny) == before
