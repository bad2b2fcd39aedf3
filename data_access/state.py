"""state.db: the run ledger, freshness, progress, requests and tokens that web and sync share (SQLite in WAL)."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from data_access.clock import iso, iso_or_none, utc_now
from data_access.errors import TandemError

SCHEMA_VERSION = 5
UNPUBLISHED = "unpublished"
DAMAGED = "damaged_version"  # number: what is wrong with it; forgotten once a later version serves
PORT = "port"  # where `serve` listened last
RUN_STATUSES = ("running", "published", "nothing_new", "failed", "refused")


@dataclass(frozen=True)
class StreamRun:
    """What one stream did in one run; read = inserted + updated + unchanged + rejected."""

    source: str
    entity: str
    started_at: datetime
    finished_at: datetime | None
    status: str
    read: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    rejected: int = 0
    cursor: str | None = None
    attempts: int = 1
    error: str = ""
    hint: str = ""


@dataclass(frozen=True)
class SourceStatus:
    """A source's last check as stored; times are UTC ISO text. health.py makes its freshness from this."""

    source: str
    role: str
    checked_at: str | None
    attempted_at: str | None
    last_error: str
    last_ok: bool
    newest_change_at: str | None
    fresh_within_s: float


@dataclass(frozen=True)
class Progress:
    """How far long work is; total 0 means unknown."""

    step: str
    label: str
    done: int
    total: int
    at: str


class State:
    """One store, usable from any thread and from both processes; every call is one short transaction."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TandemError(f"{path.parent} cannot be made ({error.strerror})", "check warehouse.path") from error
        with self.transaction() as db:
            self._migrate(db)

    # -- runs ---------------------------------------------------------------------------------------------------
    def start_run(self, step: str = "") -> int:
        """A new running run of this process; its id. Runs that died running are closed as failed."""
        with self.transaction() as db:
            for run_id, pid in db.execute("SELECT run_id, pid FROM sync_run WHERE status = 'running'").fetchall():
                if not _alive(pid) or pid == os.getpid():
                    db.execute(
                        "UPDATE sync_run SET status = 'failed', finished_at = ?, error = ?, hint = ? WHERE run_id = ?",
                        (iso(utc_now()), "the process ended before the run did", "the next run resumes", run_id),
                    )
            made = db.execute(
                "INSERT INTO sync_run (started_at, status, step, pid) VALUES (?, 'running', ?, ?)",
                (iso(utc_now()), step, os.getpid()),
            )
            return int(made.lastrowid or 0)

    def step(self, run_id: int, step: str) -> None:
        self._write("UPDATE sync_run SET step = ? WHERE run_id = ?", (step, run_id))

    def finish_run(self, run_id: int, status: str, version: int | None = None, error: str = "", hint: str = "") -> None:
        self._write(
            "UPDATE sync_run SET finished_at = ?, status = ?, version = ?, error = ?, hint = ? WHERE run_id = ?",
            (iso(utc_now()), status, version, error, hint, run_id),
        )

    def record_stream(self, run_id: int, stream: StreamRun) -> None:
        row = asdict(stream) | {"started_at": iso(stream.started_at), "finished_at": iso_or_none(stream.finished_at)}
        columns = ["run_id", *(f.name for f in fields(StreamRun))]
        marks = ", ".join("?" for _ in columns)
        self._write(
            f"INSERT OR REPLACE INTO sync_stream ({', '.join(columns)}) VALUES ({marks})", (run_id, *row.values())
        )

    def runs(self, limit: int = 50) -> list[dict[str, Any]]:
        """The latest runs, newest first."""
        return self._rows("SELECT * FROM sync_run ORDER BY run_id DESC LIMIT ?", (limit,))

    def streams(self, run_id: int | None = None, limit: int = 500) -> list[dict[str, Any]]:
        """Stream runs of one run, or the latest of all, newest first."""
        if run_id is None:
            return self._rows("SELECT * FROM sync_stream ORDER BY run_id DESC, source, entity LIMIT ?", (limit,))
        return self._rows("SELECT * FROM sync_stream WHERE run_id = ? ORDER BY source, entity", (run_id,))

    # -- freshness ----------------------------------------------------------------------------------------------
    def source_checked(
        self,
        source: str,
        role: str,
        *,
        ok: bool,
        fresh_within_s: float,
        at: datetime | None = None,
        newest_change_at: datetime | None = None,
        error: str = "",
    ) -> None:
        """Records an attempt to check a source; a success moves checked_at, a failure keeps it."""
        now = iso(at or utc_now())
        self._write(
            "INSERT INTO source_status VALUES (:source, :role, :checked, :now, :error, :ok, :newest, :within)"
            " ON CONFLICT (source) DO UPDATE SET role = :role, attempted_at = :now, last_error = :error, last_ok = :ok,"
            " checked_at = coalesce(:checked, checked_at), fresh_within_s = :within,"
            " newest_change_at = max(coalesce(:newest, newest_change_at), coalesce(newest_change_at, :newest))",
            {
                "source": source,
                "role": role,
                "checked": now if ok else None,
                "now": now,
                "error": "" if ok else error,
                "ok": int(ok),
                "newest": iso_or_none(newest_change_at),
                "within": fresh_within_s,
            },
        )

    def sources(self) -> list[SourceStatus]:
        rows = self._rows("SELECT * FROM source_status ORDER BY source")
        return [SourceStatus(**row | {"last_ok": bool(row["last_ok"])}) for row in rows]

    # -- progress, heartbeats, facts, requests ------------------------------------------------------------------
    def set_progress(self, step: str, label: str, done: int, total: int) -> None:
        self._write(
            "INSERT OR REPLACE INTO progress VALUES (1, ?, ?, ?, ?, ?)", (step, label, done, total, iso(utc_now()))
        )

    def clear_progress(self) -> None:
        self._write("DELETE FROM progress")

    def progress(self) -> Progress | None:
        rows = self._rows("SELECT step, label, done, total, at FROM progress")
        return Progress(**rows[0]) if rows else None

    def beat(self, process: str) -> None:
        """Says that `process` (web, sync, clock) is alive now."""
        self._write("INSERT OR REPLACE INTO heartbeat VALUES (?, ?, ?)", (process, os.getpid(), iso(utc_now())))

    def heartbeats(self) -> dict[str, str]:
        return {row["process"]: row["at"] for row in self._rows("SELECT process, at FROM heartbeat")}

    def set_fact(self, name: str, value: str | None) -> None:
        """A small durable fact (damaged version set aside, ...); None forgets it."""
        if value is None:
            self._write("DELETE FROM fact WHERE name = ?", (name,))
        else:
            self._write("INSERT OR REPLACE INTO fact VALUES (?, ?, ?)", (name, value, iso(utc_now())))

    def fact(self, name: str) -> str | None:
        rows = self._rows("SELECT value FROM fact WHERE name = ?", (name,))
        return str(rows[0]["value"]) if rows else None

    def publish_failed(self, error: str | None) -> None:
        """What keeps changes from being published; the first time stays until None says that publishing works again."""
        if error is None:
            self.set_fact(UNPUBLISHED, None)
        else:
            known = self.unpublished()
            self.set_fact(UNPUBLISHED, json.dumps([known[0] if known else iso(utc_now()), error]))

    def unpublished(self) -> tuple[str, str] | None:
        """(since when, why) changes are not published; None while they are."""
        text = self.fact(UNPUBLISHED)
        return None if text is None else tuple(json.loads(text))

    def add_request(self, kind: str, body: Mapping[str, object] | None = None, asked_by: str = "") -> int:
        """Something a person asks of sync (read again, ...); the request's id."""
        made = self._rows(
            "INSERT INTO request (kind, body, created_at, asked_by) VALUES (?, ?, ?, ?) RETURNING id",
            (kind, json.dumps(dict(body or {})), iso(utc_now()), asked_by),
        )
        return int(made[0]["id"])

    def take_requests(self) -> list[dict[str, Any]]:
        """Requests nobody took yet, oldest first, now taken; `body` is decoded."""
        taken = self._rows(
            "UPDATE request SET taken_at = ? WHERE taken_at IS NULL RETURNING id, kind, body, created_at, asked_by",
            (iso(utc_now()),),
        )
        return [row | {"body": json.loads(row["body"])} for row in sorted(taken, key=lambda row: int(row["id"]))]

    def finish_request(self, request_id: int, result: str) -> None:
        self._write("UPDATE request SET finished_at = ?, result = ? WHERE id = ?", (iso(utc_now()), result, request_id))

    # -- engine room --------------------------------------------------------------------------------------------
    def execute(self, sql: str, values: tuple[object, ...] | dict[str, object] = ()) -> list[dict[str, Any]]:
        """One statement of a sibling module (tokens, ...) in its own transaction; its rows."""
        return self._rows(sql, values)

    def _write(self, sql: str, values: tuple[object, ...] | dict[str, object] = ()) -> None:
        with self.transaction() as db:
            db.execute(sql, values)

    def _rows(self, sql: str, values: tuple[object, ...] | dict[str, object] = ()) -> list[dict[str, Any]]:
        db = self._connection()
        try:
            return [dict(row) for row in db.execute(sql, values).fetchall()]
        except sqlite3.Error as error:
            raise self._explained(error) from error

    @contextmanager
    def transaction(self, *, flushed: bool = False) -> Iterator[sqlite3.Connection]:
        """Several statements of a sibling module as one; `flushed`: on the disk itself before the block is left."""
        db = self._connection()
        try:
            if flushed:
                db.execute("PRAGMA synchronous = FULL")
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._explained(error) from error
        finally:
            if db.in_transaction:
                db.rollback()
            if flushed:
                db.execute("PRAGMA synchronous = NORMAL")

    def _connection(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None or self._local.pid != os.getpid():
            try:
                db = sqlite3.connect(self.path, timeout=10.0, isolation_level=None)
                db.row_factory = sqlite3.Row
                db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = NORMAL")
            except sqlite3.Error as error:
                raise self._explained(error) from error
            self._local.db, self._local.pid = db, os.getpid()
        return db

    def _migrate(self, db: sqlite3.Connection) -> None:
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
        if version > SCHEMA_VERSION:
            raise TandemError(f"{self.path} was written by a newer Tandem (schema {version})", "update Tandem")
        for step in range(version + 1, SCHEMA_VERSION + 1):
            text = (Path(__file__).with_name("state_schema") / f"{step}.sql").read_text(encoding="utf-8")
            for statement in filter(str.strip, text.split(";")):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {step}")

    def _explained(self, error: sqlite3.Error) -> TandemError:
        hint = "check disk space and rights"
        if "not a database" in str(error) or "malformed" in str(error):
            hint = "restore it from a backup, or move it aside (run history, tokens and decisions in it are lost)"
        return TandemError(f"state store {self.path}: {error}", hint)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
