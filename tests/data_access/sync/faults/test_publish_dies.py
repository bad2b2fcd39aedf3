"""A publish that dies before and after each of its writes, flushes and renames: the old version or the new one, whole,
by its manifest; and the next run makes good."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from data_access.versions import check_file, read_pointer, read_version
from tests.data_access.sync.conftest import Tiny

STEPS = 9  # one copy, three renames, five flushes


class Died(BaseException):
    """Nothing of the product catches it."""


class Steps:
    """Counts what a publish asks of the disk; dies at step `at`, before it is done or after (a copy: half done)."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int, *, done: bool) -> None:
        self.at, self.done, self.taken = at, done, list[str]()
        for owner, name in ((os, "fsync"), (os, "rename"), (subprocess, "run")):
            monkeypatch.setattr(owner, name, self.counted(name, getattr(owner, name)))

    def counted(self, name: str, real: Any) -> Any:
        def step(*args: Any, **more: Any) -> Any:
            self.taken.append(name)
            if len(self.taken) != self.at:
                return real(*args, **more)
            if self.done:
                real(*args, **more)
                if name == "run":
                    copy = Path(args[0][-1])
                    os.truncate(copy, copy.stat().st_size // 2)
            raise Died

        return step


def served(tiny: Tiny) -> list[str]:
    """What the version in force says, once it was found whole: its file by hash, its tables by their rows."""
    version = read_version(tiny.warehouse, read_pointer(tiny.warehouse) or 0)
    assert check_file(version) == ""
    for table, told in version.manifest["tables"].items():
        assert tiny.read(f"SELECT count(*) FROM {table}") == [(told["rows"],)], table
    return tiny.names()


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_old_or_new_whatever_the_step(tiny: Tiny, monkeypatch: pytest.MonkeyPatch, done: bool) -> None:
    tiny.sync()
    for at in range(1, STEPS + 2):
        old = tiny.names()
        tiny.party(1, f"Step {at}", f"2026-03-{at:02d} 00:00:00")
        tiny.sql(f"DELETE FROM party WHERE id = {1 + at}")
        new = sorted(name for (name,) in tiny.db.execute("SELECT name FROM party"))
        with monkeypatch.context() as patched:
            steps = Steps(patched, at, done=done)
            if at <= STEPS:
                with pytest.raises(Died):
                    tiny.sync()
            else:
                assert tiny.sync().status == "published"
        if at > STEPS:
            assert sorted(steps.taken) == sorted(["run", *["rename"] * 3, *["fsync"] * 5])
        assert served(tiny) in (old, new)
        assert tiny.sync().exit_code == 0 and served(tiny) == new
        assert not [*tiny.warehouse.glob("*.part"), *tiny.warehouse.glob("*.tmp-write")]
    assert tiny.sync().status == "nothing_new"
