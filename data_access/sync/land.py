"""Landing: pages of a stream into landing.duckdb, rows and cursor in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import RLock

import duckdb
import pyarrow as pa

from data_access.connectors.base import in_cursor_order
from data_access.errors import SourceError
from data_access.sync.db import transaction
from data_access.sync.resume import Resume
from data_access.sync.sqltext import literal, names, quote, render
from data_access.sync.target import Target, in_utc

DUPLICATE = "duplicate key: another row of this key was kept"
MANY = 1000  # from so many rows on it pays to look first whether all are new


@dataclass
class Counts:
    """Rows of one stream run; read = inserted + updated + unchanged + rejected."""

    read: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    rejected: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.inserted or self.updated or self.deleted)


@dataclass(frozen=True)
class Position:
    """How far a stream has come. `cursor` is the upper bound of the last complete read, None before the first."""

    cursor: datetime | None
    page_cursor: datetime | None
    swept_at: datetime | None
    newest: datetime | None
    live: int
    resume: Resume | None
    full_at: datetime | None
    state: str | None  # of a source that remembers: what was landed last


@dataclass(frozen=True)
class StreamEnd:
    """A stream read completely up to `until`, and from its beginning on if `whole`; `source_count` is its number of
    keys when they were swept; `state` what a source that remembers will be asked to compare with, `newest` its newest
    change."""

    target: Target
    until: datetime
    source_count: int | None
    whole: bool = False
    state: str | None = None
    newest: datetime | None = None


class Landing:
    """One thread's way into the landing store. Writers share `lock`: one transaction at a time."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, lock: RLock, run_id: int) -> None:
        self.con = connection
        self.lock = lock
        self.run_id = run_id
        self._began_empty = False
        self.con.execute("CREATE OR REPLACE TEMP TABLE seen (_key VARCHAR, _changed_at TIMESTAMPTZ, _hash UBIGINT)")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self.lock, transaction(self.con):
            yield

    def ensure(self, target: Target, now: datetime) -> None:
        """Table and cursor row exist and have the profile's columns; a changed mapping forgets the cursor."""
        where = [target.source, target.stream]
        query = "SELECT mapping FROM landing.cursor WHERE source = ? AND stream = ?"
        found = self.con.execute(query, where).fetchone()
        if found is not None and found[0] == target.mapping:
            return
        with self.transaction():
            self._ensure_table(target, now)
            if found is None:
                insert = "INSERT INTO landing.cursor (source, stream, content, mapping) VALUES (?, ?, 0, ?)"
                self.con.execute(insert, [*where, target.mapping])
            else:
                reset = "UPDATE landing.cursor SET cursor = NULL, page_cursor = NULL, resume = NULL, mapping = ?"
                self.con.execute(f"{reset} WHERE source = ? AND stream = ?", [target.mapping, *where])

    def forget(self, targets: Iterable[Target]) -> None:
        """Their next reads begin at the start; the rows stay."""
        self._each(targets, "cursor = NULL, page_cursor = NULL, resume = NULL, state = NULL")

    def touch(self, targets: Iterable[Target]) -> None:
        """What is made from their rows is made again."""
        self._each(targets, "content = content + 1")

    def _each(self, targets: Iterable[Target], change: str) -> None:
        with self.transaction():
            for target in targets:
                where = [target.source, target.stream]
                self.con.execute(f"UPDATE landing.cursor SET {change} WHERE source = ? AND stream = ?", where)

    def _ensure_table(self, target: Target, now: datetime) -> None:
        wanted = {name: column.duckdb_type for name, column in target.spec.columns.items()}
        columns = "".join(f"{quote(name)} {kind}, " for name, kind in wanted.items())
        query = "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = 'landing' AND table_name = ?"
        have = dict(self.con.execute(query, [f"{target.source}__{target.stream}"]).fetchall())
        if not have:
            own = "_key VARCHAR, _hash UBIGINT, _changed_at TIMESTAMPTZ, _deleted_at TIMESTAMPTZ, _run_id BIGINT"
            self.con.execute(f"CREATE TABLE {target.table} ({columns}{own})")
            return
        have = {name: kind for name, kind in have.items() if not name.startswith("_")}
        changes = [(name, "added", kind) for name, kind in wanted.items() if name not in have]
        changes += [(name, "removed", kind) for name, kind in have.items() if name not in wanted]
        same = [name for name in wanted if name in have]
        changes += [
            (name, "type", f"{have[name]} -> {wanted[name]}")
            for name in same
            if _plain(have[name]) != _plain(wanted[name])
        ]
        for name, change, detail in changes:
            if change in ("removed", "type"):
                self.con.execute(f"ALTER TABLE {target.table} DROP COLUMN {quote(name)}")
            if change in ("added", "type"):
                self.con.execute(f"ALTER TABLE {target.table} ADD COLUMN {quote(name)} {wanted[name]}")
            event = [target.source, target.stream, name, f"profile: {change}", detail, now]
            fields = 'source, entity, "column", change, detail, seen_at, outcome'
            self.con.execute(
                f"INSERT INTO landing.schema_change ({fields}) VALUES (?, ?, ?, ?, ?, ?, 'applied')", event
            )

    def position(self, target: Target) -> Position:
        live = f"(SELECT count(*) FROM {target.table} WHERE _deleted_at IS NULL)"
        columns = f"cursor, page_cursor, swept_at, newest, {live}, resume, full_at, state"
        query = f"SELECT {columns} FROM landing.cursor WHERE source = ? AND stream = ?"
        row = self.con.execute(query, [target.source, target.stream]).fetchone()
        assert row is not None, "ensure() comes first"
        return Position(row[0], row[1], row[2], row[3], row[4], Resume.of(row[5]), row[6], row[7])

    def begin_pass(self, target: Target | None = None) -> None:
        """Forget the keys seen: duplicates are told within one pass over the source. When `target` is given and still
        empty, its rows need not be kept in `seen` as well."""
        self.con.execute("DELETE FROM seen")
        self._began_empty = target is not None and not self._any(f"FROM {target.table}")

    def land(self, target: Target, page: pa.Table, counts: Counts, now: datetime, resume: Resume | None = None) -> None:
        """Takes one page: rows, rejects and position (with where to `resume`) commit together; `counts` grows by the
        page's rows."""
        self._type(target, page, instant(now))
        if page.num_rows >= MANY and not self._open_rejects(target) and self._all_new(target):
            with self.transaction():
                self._write("page_add", target)
                if not self._began_empty:
                    self.con.execute("INSERT INTO seen SELECT _key, _changed_at, _hash FROM page")
                self._move(target, page, resume, changed=True)
            counts.read += page.num_rows
            counts.inserted += page.num_rows
            return
        if self._began_empty:
            self.con.execute(render("page_recall", table=target.table))
        self.con.execute(render("page_judge", table=target.table))
        grouped = self.con.execute(
            "SELECT _verdict, count(*), count(*) FILTER (WHERE _deleted_at IS NOT NULL) FROM verdict GROUP BY ALL"
        ).fetchall()
        some = {verdict: rows for verdict, rows, _ in grouped}
        gone = {verdict: rows for verdict, _, rows in grouped}
        if some.keys() - {"unchanged"} or self._open_rejects(target):
            with self.transaction():
                self._reject(target, instant(now))
                self._write("page_apply", target)
                self._move(target, page, resume, changed=bool(some.keys() & {"inserted", "updated", "replacement"}))
        elif resume is not None:
            with self.transaction():
                self._set_resume(target, resume.text())
        self.con.execute(render("page_seen"))
        counts.read += page.num_rows
        counts.inserted += some.get("inserted", 0)
        counts.updated += some.get("updated", 0)
        counts.unchanged += some.get("unchanged", 0) + some.get("touched", 0)
        counts.rejected += some.get("rejected", 0) + some.get("duplicate", 0) + some.get("replacement", 0)
        counts.deleted += gone.get("updated", 0)

    def _type(self, target: Target, page: pa.Table, now: str) -> None:
        """The page into temp table `page`; SourceError when the profile's soft_delete is not SQL."""
        page, columns = in_utc(page, target.spec), names(target.spec.columns)
        soft = f"({target.spec.soft_delete})" if target.spec.soft_delete else "false"
        self.con.register("arrow_page", page)
        try:
            self.con.execute(render("page_type", **target.page(page), soft_delete=soft, columns=columns, now=now))
        except (duckdb.BinderException, duckdb.ParserException, duckdb.ConversionException) as error:
            text = str(error).strip().split("\n")[0]
            hint = "correct soft_delete or the columns in its profile"
            raise SourceError(f"stream {target.stream} cannot be landed: {text}", hint) from error
        finally:
            self.con.unregister("arrow_page")

    def _all_new(self, target: Target) -> bool:
        return self.con.execute(render("page_is_new", table=target.table)).fetchone() == (True,)

    def _write(self, statement: str, target: Target) -> None:
        columns = names(target.spec.columns)
        self.con.execute(render(statement, table=target.table, columns=columns, run_id=str(self.run_id)))

    def _move(self, target: Target, page: pa.Table, resume: Resume | None, *, changed: bool) -> None:
        """The stream's position after `page`."""
        keys = {"source": literal(target.source), "stream": literal(target.stream)}
        self.con.execute(render("page_position", **keys, changed=str(int(changed)), ordered=str(in_cursor_order(page))))
        if resume is not None:
            self._set_resume(target, resume.text())

    def begin_again(self, target: Target) -> None:
        """Where it stopped is forgotten: the next read begins at its beginning."""
        with self.transaction():
            self._set_resume(target, None)

    def _set_resume(self, target: Target, text: str | None) -> None:
        where = [text, target.source, target.stream]
        self.con.execute("UPDATE landing.cursor SET resume = ? WHERE source = ? AND stream = ?", where)

    def _reject(self, target: Target, now: str) -> None:
        columns = list(target.spec.columns)
        place = ["'_place': _place"] if target.spec.files is not None else []
        fields = ", ".join([*place, *(f"{literal(name)}: {quote(name)}" for name in columns)])
        landed = ", ".join(f"{literal(name)}: l.{quote(name)}" for name in columns)
        keys = {"source": literal(target.source), "stream": literal(target.stream), "now": now}
        told = {"fields": fields, "landed_fields": landed, "duplicate": literal(DUPLICATE)}
        self.con.execute(render("page_reject", table=target.table, **keys, **told))

    def _open_rejects(self, target: Target) -> bool:
        query = "FROM landing.rejected_row WHERE source = ? AND entity = ? AND resolved_at IS NULL"
        return self._any(query, target.source, target.stream)

    def _any(self, query: str, *values: str) -> bool:
        return self.con.execute(f"SELECT 1 {query} LIMIT 1", values).fetchone() is not None

    def done(self, ends: Iterable[StreamEnd], now: datetime) -> None:
        """These streams were read completely, each up to its bound."""
        with self.transaction():
            for end in ends:
                keys = {"source": literal(end.target.source), "stream": literal(end.target.stream), "now": instant(now)}
                facts = {
                    "until": instant(end.until),
                    "swept": str(end.source_count is not None),
                    "whole": str(end.whole),
                    "state": "state" if end.state is None else literal(end.state),
                    "newest": "NULL" if end.newest is None else instant(end.newest),
                }
                self.con.execute(render("stream_done", **keys, **facts))
                if end.source_count is not None:
                    count = str(end.source_count)
                    self.con.execute(render("reconcile", **keys, table=end.target.table, source_count=count))

    def mappings(self) -> dict[tuple[str, str], str]:
        """(source, stream) -> the mapping its landing table was made for."""
        rows = self.con.execute("SELECT source, stream, mapping FROM landing.cursor").fetchall()
        return {(source, stream): mapping for source, stream, mapping in rows}


def _plain(kind: str) -> str:
    return kind.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ").replace(" ", "")


def instant(moment: datetime) -> str:
    return f"TIMESTAMPTZ {literal(moment.isoformat())}"
