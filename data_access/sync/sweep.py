"""The key sweep: what a cursor cannot see (late commits, rows without a cursor, physical deletes)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pyarrow as pa

from data_access.connectors.base import CURSOR_COLUMN, Connector
from data_access.errors import GuardError
from data_access.sync.land import DUPLICATE, Counts, Landing, Position, instant
from data_access.sync.sqltext import literal, quote, render
from data_access.sync.target import CHANGED_AT, Target, in_utc

SWEEP_ALWAYS_ROWS = 200_000
SWEEP_SECONDS = 600.0
DELETE_SHARE = 0.10
DELETE_FLOOR = 5
FETCH_WHOLE_ROWS = 20_000
KEPT_ROWS = 500_000  # keys of larger streams go to DuckDB at once instead of waiting in memory


def sweep(
    connector: Connector,
    landing: Landing,
    target: Target,
    position: Position,
    counts: Counts,
    now: datetime,
    *,
    accept_deletes: bool,
) -> int:
    """Fetches rows the window missed and tombstones rows that are gone; the number of rows in the source.

    GuardError when what it finds is too strange to believe.
    """
    keys = _SourceKeys(landing, target, position.live <= KEPT_ROWS)
    for page in connector.read_keys(target.stream):
        keys.add(page)
    guard_empty(landing, target, keys.rows, accept_deletes)
    if keys.same_as_landed():
        if keys.undated:
            keys.store(undated_only=True)
            landing.con.execute("CREATE OR REPLACE TEMP TABLE to_fetch AS SELECT DISTINCT _key FROM sweep")
            _fetch(connector, landing, target, counts, now)
        return keys.rows
    keys.store()
    parts = {"table": target.table, "source": literal(target.source), "stream": literal(target.stream)}
    landing.con.execute(render("sweep_compare", **parts, duplicate=literal(DUPLICATE)))
    gone = guard_missing(landing, target, accept_deletes)  # before fetching: another database's rows are not wanted
    _fetch(connector, landing, target, counts, now)
    delete_missing(landing, target, counts, now, gone)
    return keys.rows


class _SourceKeys:
    """The source's keys and change instants: summed as they come, stored in temp table `sweep` when they are needed."""

    def __init__(self, landing: Landing, target: Target, keep: bool) -> None:
        self.landing, self.target = landing, target
        self.rows = self.undated = self.hashes = self._nulls = 0
        self._keep: list[pa.Table] | None = [] if keep else None
        if not keep:
            self._make_table()

    def add(self, page: pa.Table) -> None:
        rows, undated, hashes = self._over(
            page, "SELECT count(*), count(*) FILTER (WHERE _at IS NULL), coalesce(sum(hash(_key, _at)), 0)::VARCHAR"
        )
        self.rows, self.undated, self.hashes = self.rows + rows, self.undated + undated, self.hashes + int(hashes)
        self._nulls += page.column(CURSOR_COLUMN).null_count
        if self._keep is None:
            self._insert(page)
        else:
            self._keep.append(page)

    def store(self, *, undated_only: bool = False) -> None:
        """From here on temp table `sweep` holds the keys."""
        if self._keep is not None:
            self._make_table()
            for page in self._keep:
                if not undated_only:
                    self._insert(page)
                elif page.num_rows:
                    self._insert(self._undated(page), " WHERE _at IS NULL")
            self._keep = None
        elif undated_only:
            self.landing.con.execute("DELETE FROM sweep WHERE _changed_at IS NOT NULL")

    def _undated(self, page: pa.Table) -> pa.Table:
        """The page's rows without a change instant, and no others where Arrow can tell (texts it leaves to DuckDB)."""
        empty = page.column(CURSOR_COLUMN).is_null()
        return page.filter(empty) if self._nulls == self.undated else page

    def same_as_landed(self) -> bool:
        """Whether the landing holds the same keys with the same change instants, and no reject is open."""
        parts = {
            "table": self.target.table,
            "source": literal(self.target.source),
            "stream": literal(self.target.stream),
        }
        row = self.landing.con.execute(render("sweep_same", **parts)).fetchone()
        return row is not None and (self.rows, self.hashes, 0) == (row[0], int(row[1]), row[2])

    def _make_table(self) -> None:
        raw = ", ".join(f"_raw{i} VARCHAR" for i in range(len(self.target.spec.key)))
        columns = f"_key VARCHAR, _changed_at TIMESTAMPTZ, _whole VARCHAR, {raw}"
        self.landing.con.execute(f"CREATE OR REPLACE TEMP TABLE sweep ({columns})")

    def _insert(self, page: pa.Table, where: str = "") -> None:
        keys = self.target.spec.key
        whole = "".join("i" if pa.types.is_integer(page.schema.field(key).type) else "s" for key in keys)
        raws = ", ".join(f"_raw{i}" for i in range(len(keys)))
        self._over(page, f"INSERT INTO sweep SELECT _key, _at, {literal(whole)}, {raws}", where)

    def _over(self, page: pa.Table, select: str, where: str = "") -> tuple[Any, ...]:
        """The one row of `select` over the page's keys (_key), change instants (_at) and driver values (_raw0, ...)."""
        keys, con = self.target.spec.key, self.landing.con
        raws = ", ".join(f"s.{quote(key)}::VARCHAR AS _raw{i}" for i, key in enumerate(keys))
        casts = self.target.casts(list(keys))
        typed = f"SELECT {casts}, {CHANGED_AT} AS _at, {raws} FROM arrow_page s"
        con.register("arrow_page", in_utc(page, self.target.spec))
        try:
            row = con.execute(f"{select} FROM (SELECT *, {self.target.key()} AS _key FROM ({typed})){where}").fetchone()
        finally:
            con.unregister("arrow_page")
        return row or ()


def _fetch(connector: Connector, landing: Landing, target: Target, counts: Counts, now: datetime) -> None:
    """Reads and lands the rows of temp table `to_fetch`."""
    keys = _keys_to_fetch(landing, target)
    if keys:
        landing.begin_pass()
        whole = len(keys) > FETCH_WHOLE_ROWS
        for page in connector.read(target.stream, None, None) if whole else connector.read_by_keys(target.stream, keys):
            landing.land(target, page, counts, now)


def _keys_to_fetch(landing: Landing, target: Target) -> list[tuple[object, ...]]:
    raws = ", ".join(f"_raw{i}" for i in range(len(target.spec.key)))
    query = f"SELECT any_value(_whole), {', '.join(f'any_value({raw})' for raw in raws.split(', '))} FROM sweep"
    rows = landing.con.execute(
        f"{query} WHERE _key IN (SELECT _key FROM to_fetch) GROUP BY _key ORDER BY _key"
    ).fetchall()
    return [
        tuple(int(text) if kind == "i" else text for kind, text in zip(row[0], row[1:], strict=True)) for row in rows
    ]


def guard_empty(landing: Landing, target: Target, source_rows: int, accept_deletes: bool) -> None:
    """An empty answer where rows were is an outage (a lost tenant setting, a wrong database), not a mass delete."""
    if source_rows or accept_deletes:
        return
    live = landing.position(target).live
    if live:
        raise GuardError(
            f"{target.source}: stream {target.stream} answered no rows where {live} were",
            "check the source and the user's rights; if they are really gone: sync --accept-deletes",
        )


def guard_missing(landing: Landing, target: Target, accept_deletes: bool) -> int:
    """The number of rows in temp table `missing`; GuardError when they are too many to believe."""
    row = landing.con.execute("SELECT count(*) FROM missing").fetchone()
    gone, live = int(row[0]) if row else 0, landing.position(target).live
    if gone > DELETE_FLOOR and gone > DELETE_SHARE * live and not accept_deletes:
        raise GuardError(
            f"{target.source}: stream {target.stream} would delete {gone} of {live} rows",
            "nothing was deleted; check the source; if they are really gone: sync --accept-deletes",
        )
    return gone


def delete_missing(
    landing: Landing, target: Target, counts: Counts, now: datetime, gone: int, *, whole: bool = False
) -> None:
    """Tombstones the rows of temp table `missing`, and resolves the rejects that ended."""
    parts = {
        "table": target.table, "source": literal(target.source), "stream": literal(target.stream), "now": instant(now),
        "run_id": str(landing.run_id), "duplicate": literal(DUPLICATE), "changed": "1" if gone else "0",
        "whole": str(whole),
    }  # fmt: skip
    with landing.transaction():
        landing.con.execute(render("delete_missing", **parts))
    counts.deleted += gone


def after_whole_read(
    landing: Landing, target: Target, counts: Counts, rows: int, now: datetime, *, accept_deletes: bool
) -> int:
    """The same for a stream without cursor, whose rows have just all been read."""
    guard_empty(landing, target, rows, accept_deletes)
    landing.con.execute(render("whole_compare", table=target.table))
    gone = guard_missing(landing, target, accept_deletes)
    delete_missing(landing, target, counts, now, gone, whole=True)
    return rows
