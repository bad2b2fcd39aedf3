"""One writer: an exclusive flock on a file of its own, which says who holds it."""

from __future__ import annotations

import fcntl
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from data_access.clock import iso, utc_now
from data_access.errors import LockedError


@contextmanager
def one_writer(folder: Path) -> Iterator[None]:
    """Holds `<folder>/lock` for the block; LockedError names the holder. The kernel frees it when a process dies."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockedError(
                f"another sync holds the lock: {_holder(descriptor)}", "wait for it to end, or stop it"
            ) from error
        command = " ".join([Path(sys.argv[0] or "python").name, *sys.argv[1:]])[:200]
        holder = {"pid": os.getpid(), "since": iso(utc_now()), "command": command}
        with suppress(OSError):  # a full disk has no room for the note; the lock holds without it
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps(holder).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    try:
        found = json.loads(os.pread(descriptor, 1000, 0))
        return f"pid {found['pid']} since {found['since']} ({found['command']})"
    except (ValueError, KeyError, TypeError):
        return "a process that has just started"
