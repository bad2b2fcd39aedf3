"""Exports in the background: a few at a time, with progress and cancel; their files go after an hour and at a start."""

from __future__ import annotations

import json
import logging
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from data_access.access import Scope
from data_access.errors import BusyError, NotFound, TandemError
from data_access.export.words import Words
from data_access.filters import Filters
from data_access.panels import Panel

log = logging.getLogger("tandem.export")
ROOT = Path(__file__).resolve().parents[2]
AT_ONCE, WAITING = 2, 10
KEPT_S, KEPT_BYTES = 3600.0, 2_000_000_000
Status = Literal["waiting", "running", "done", "failed", "cancelled"]


@dataclass(eq=False)
class Job:
    """One export: `file` is there once it is done; `total` is 0 until it is known; times are monotonic seconds."""

    id: str
    scope: Scope
    file: Path
    status: Status = "waiting"
    done: int = 0
    total: int = 0
    error: str = ""
    hint: str = ""
    ended_at: float = 0.0
    stop: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def progress(self, done: int, total: int) -> None:
        self.done, self.total = done, total

    def document(self) -> dict[str, Any]:
        told: dict[str, Any] = {"id": self.id, "status": self.status, "done": self.done, "total": self.total}
        if self.status == "done":
            told |= {"file": self.file.name, "bytes": self.file.stat().st_size}
        return told | ({"error": self.error, "hint": self.hint} if self.status == "failed" else {})


Work = Callable[[Job], None]


class Jobs:
    """The exports of one web process, in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._room = threading.Semaphore(AT_ONCE)

    def start(self, name: str, scope: Scope, work: Work) -> Job:
        """Runs `work`, which makes job.file, named `name`; BusyError when too many wait already."""
        self.sweep()
        with self._lock:
            if sum(not job.ended.is_set() for job in self._jobs.values()) >= AT_ONCE + WAITING:
                raise BusyError("too many exports are being made", "wait for one to finish, or cancel one")
            key = secrets.token_urlsafe(12)
            job = self._jobs[key] = Job(key, scope, self._folder / key / name)
        threading.Thread(target=self._run, args=(job, work), name="export", daemon=True).start()
        return job

    def find(self, key: str, scope: Scope) -> Job:
        """NotFound when there is none, or it is not this caller's."""
        with self._lock:
            job = self._jobs.get(key)
        if job is None or job.scope != scope:
            raise NotFound("there is no such export", "files are kept for an hour: export again")
        return job

    def cancel(self, key: str, scope: Scope) -> Job:
        """Stops it, and takes its file away."""
        job = self.find(key, scope)
        job.stop.set()
        if job.ended.wait(5.0):
            self._remove(job)
            job.status = "cancelled"
        return job

    def sweep(self) -> None:
        """Removes what ended over an hour ago, and the oldest files where they are too large together."""
        now, size = time.monotonic(), 0
        with self._lock:
            ended = sorted((job for job in self._jobs.values() if job.ended.is_set()), key=lambda job: -job.ended_at)
        for job in ended:
            size += job.file.stat().st_size if job.file.exists() else 0
            if now - job.ended_at > KEPT_S or size > KEPT_BYTES:
                self._remove(job)
                with self._lock:
                    self._jobs.pop(job.id, None)

    def _remove(self, job: Job) -> None:
        shutil.rmtree(job.file.parent, ignore_errors=True)

    def _run(self, job: Job, work: Work) -> None:
        while not (had_room := self._room.acquire(timeout=0.2)) and not job.stop.is_set():
            pass
        try:
            if not job.stop.is_set():
                job.status = "running"
                job.file.parent.mkdir(parents=True, exist_ok=True)
                work(job)
            job.status = "cancelled" if job.stop.is_set() else "done"
        except Exception as error:  # told to who asked
            expected = isinstance(error, TandemError)
            log.error("export %s failed: %s", job.id, error, exc_info=None if expected else error)
            job.error = error.message if isinstance(error, TandemError) else "the export could not be made"
            job.hint = error.hint if isinstance(error, TandemError) else "the server's log says why"
            job.status = "cancelled" if job.stop.is_set() else "failed"
        finally:
            if had_room:
                self._room.release()
            if job.status != "done":
                self._remove(job)
            job.ended_at = time.monotonic()
            job.ended.set()


def rows_work(warehouse: Path, version: int, panel: Panel, filters: Filters, words: Words) -> Work:
    """The work of writing a panel's rows, in a process of its own: a large export leaves the web server at ease."""
    asked = {"warehouse": str(warehouse), "version": version, "panel": panel.name, "words": words.as_dict()}
    given = {name: list(values) for name, values in filters.given}

    def work(job: Job) -> None:
        owners = None if job.scope.owners is None else sorted(job.scope.owners)
        more = {"filters": given, "owners": owners, "target": str(job.file), "parent": os.getpid()}
        _follow([sys.executable, "-m", "data_access.export.worker"], asked | more, job)

    return work


def _follow(command: Sequence[str], asked: Mapping[str, Any], job: Job) -> None:
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        ended = threading.Event()
        threading.Thread(target=_stop_when_told, args=(process, job, ended), daemon=True).start()
        finished = False
        try:
            assert process.stdin is not None and process.stdout is not None
            with process.stdin as pipe:
                json.dump(asked, pipe)
            for line in process.stdout:
                told = json.loads(line)
                if "error" in told:
                    raise TandemError(told["error"], told["hint"])
                finished = finished or "finished" in told
                if "total" in told:
                    job.progress(told["done"], told["total"])
        finally:
            ended.set()
    if not finished and not job.stop.is_set():
        raise TandemError(f"the export ended early (exit {process.returncode})", "the server's log says why")


def _stop_when_told(process: subprocess.Popen[str], job: Job, ended: threading.Event) -> None:
    while not ended.is_set():
        if job.stop.wait(0.2):
            process.kill()
            return
