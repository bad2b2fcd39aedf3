"""A disk of a few megabytes (a tmpfs, mounted where a test wants it) that can be filled and freed."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

BLOCK = 64 * 1024


@dataclass
class SmallDisk:
    folder: Path

    @property
    def filler(self) -> Path:
        return self.folder / "somebody-elses-file"

    @property
    def free(self) -> int:
        """Bytes."""
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_frsize

    def fill(self, leave: int = 0) -> None:
        """Writes until at most `leave` bytes are free."""
        with open(self.filler, "ab", buffering=0) as file, suppress(_Full):
            while self.free > leave:
                _write(file.fileno(), b"x" * min(BLOCK, self.free - leave))

    def give_back(self, room: int) -> None:
        os.truncate(self.filler, max(0, self.filler.stat().st_size - room))

    def empty(self) -> None:
        self.filler.unlink(missing_ok=True)


class _Full(Exception):
    pass


def _write(descriptor: int, data: bytes) -> None:
    try:
        os.write(descriptor, data)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _Full from error
        raise


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Skips the test, with its reason, where mounting is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        refused = done.stderr.strip() if done.returncode else ""
    except FileNotFoundError:
        refused = "there is no mount"
    if refused:
        pytest.skip(f"a full disk needs a tmpfs of its own, which root may mount: {refused}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
