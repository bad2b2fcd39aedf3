"""Landing against a model: any sequence of inserts, updates, deletes and syncs leaves what the source holds."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import RLock

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_access.connectors.profile import Profile
from data_access.connectors.sql import SqlConnector
from data_access.sync.db import open_stores
from data_access.sync.extract import Options, Retry, extract_stream
from data_access.sync.land import Counts, Landing
from data_access.sync.target import Target

KEYS = st.integers(min_value=1, max_value=6)
NAMES = st.sampled_from(["a", "b", "it's", "", "名", None])
TIMES = st.one_of(st.none(), st.integers(min_value=0, max_value=5))
CHANGE = st.one_of(
    st.tuples(st.just("put"), KEYS, NAMES, TIMES),
    st.tuples(st.just("delete"), KEYS, st.none(), st.none()),
    st.tuples(st.just("sync"), st.none(), st.none(), st.none()),
)
START = datetime(2026, 1, 1, tzinfo=UTC)


def profile(*, cursor: bool) -> Profile:
    stream = {"table": "item", "key": ["id"], "columns": {"id": "integer", "name": "text", "at": "text"}}
    if cursor:
        stream["cursor"] = "at"
    document = {"system": "t", "title": "T", "role": "erp", "kind": "sql", "stream": {"item": stream}}
    return Profile.model_validate({**document, "file": Path("t.toml")})


class World:
    """A SQLite source of one table, and its landing."""

    def __init__(self, folder: Path, *, cursor: bool, page_rows: int) -> None:
        self.db = sqlite3.connect(folder / "source.db", isolation_level=None)
        self.db.execute("PRAGMA synchronous = OFF")
        self.db.execute("CREATE TABLE IF NOT EXISTS item (id INTEGER, name TEXT, at TEXT)")
        self.profile = profile(cursor=cursor)
        self.connector = SqlConnector(self.profile, f"sqlite:///{folder / 'source.db'}", page_rows=page_rows)
        self.con, _ = open_stores(folder / "warehouse")
        self.target = Target("erp", "item", self.profile.stream["item"])
        self.landing = Landing(self.con.cursor(), RLock(), 1)

    def clear(self) -> None:
        self.db.execute("DELETE FROM item")
        self.con.execute("DROP TABLE IF EXISTS landing.erp__item")
        for table in ("cursor", "rejected_row", "reconciliation"):
            self.con.execute(f"DELETE FROM landing.{table}")

    def sync(self) -> Counts:
        options = Options(accept_deletes=True, retry=Retry(sleep=lambda seconds: None))
        self.landing.ensure(self.target, self.connector.now())
        report = extract_stream(self.connector, self.landing, self.target, self.connector.now(), options)
        assert report.status == "ok", report.error
        if report.end is not None:
            self.landing.done([report.end], self.connector.now())
        counts = report.counts
        assert counts.read == counts.inserted + counts.updated + counts.unchanged + counts.rejected
        return counts

    def landed(self) -> list[tuple]:
        query = 'SELECT id, name, "at" FROM landing.erp__item WHERE _deleted_at IS NULL ORDER BY ALL'
        return self.con.execute(query).fetchall()


def check(tmp_path_factory, *, cursor: bool):
    world = World(tmp_path_factory.mktemp("world"), cursor=cursor, page_rows=2)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(CHANGE, max_size=14))
    def run(changes) -> None:
        world.clear()
        model: dict[int, tuple] = {}
        for step, (what, key, name, offset) in enumerate(changes):
            if what == "sync":
                world.sync()
                continue
            world.db.execute("DELETE FROM item WHERE id = ?", (key,))
            model.pop(key, None)
            if what == "put":
                # Instants go back and forth like late commits do, but no change keeps its row's instant.
                at = None if offset is None else (START + timedelta(days=offset, seconds=step)).isoformat()
                world.db.execute("INSERT INTO item VALUES (?, ?, ?)", (key, name, at))
                model[key] = (key, name, at)
        world.sync()
        assert sorted(map(repr, world.landed())) == sorted(map(repr, model.values()))
        assert not world.sync().changed

    run()
    world.connector.close()
    world.con.close()


def test_any_history_with_a_cursor(tmp_path_factory):
    check(tmp_path_factory, cursor=True)


def test_any_history_without_a_cursor(tmp_path_factory):
    check(tmp_path_factory, cursor=False)


def test_duplicates_across_pages_have_the_newest_as_winner(tmp_path):
    world = World(tmp_path, cursor=True, page_rows=2)
    for number, name in enumerate(["old", "x", "middle", "y", "newest"]):
        key = number if name in "xy" else 7
        world.db.execute("INSERT INTO item VALUES (?, ?, ?)", (key, name, f"2026-01-0{number + 1}"))
    counts = world.sync()
    assert (counts.read, counts.inserted, counts.rejected) == (5, 3, 2)
    assert (7, "newest", "2026-01-05") in world.landed() and len(world.landed()) == 3
    assert world.con.execute("SELECT count(*) FROM landing.rejected_row").fetchone() == (1,)
    assert not world.sync().changed


def test_keys_of_several_columns_do_not_run_together():
    spec = Profile.model_validate(
        {
            "system": "t", "title": "T", "role": "erp", "kind": "sql", "file": Path("t.toml"),
            "stream": {"pair": {"table": "pair", "key": ["a", "b"], "columns": {"a": "text", "b": "text"}}},
        }
    )  # fmt: skip
    import duckdb

    target = Target("erp", "pair", spec.stream["pair"])
    rows = pa.table({"a": ["x|", "x", "x\\", "x"], "b": ["y", "|y", "|y", "y"]})
    con = duckdb.connect()
    con.register("rows", rows)
    found = [key for (key,) in con.execute(f"SELECT {target.key()} FROM rows").fetchall()]
    assert len(set(found)) == 4 and found[3] == "x|y"
