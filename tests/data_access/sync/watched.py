"""The watch loop in a thread of the test, and waiting for what it does."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager

from data_access.config import load_config
from data_access.sync.extract import Options, Retry
from data_access.sync.schedule import watch
from data_access.versions import read_pointer


@contextmanager
def watching(tiny, **options):
    """The loop in a thread; what it raised is raised again at the end."""
    stop, raised = threading.Event(), []
    chosen = Options(retry=Retry(sleep=lambda seconds: None), **options)

    def run() -> None:
        try:
            watch(tiny.config, stop, options=chosen, models=tiny.models, steps=())
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(60)
    assert not thread.is_alive()
    if raised:
        raise raised[0]


def until(condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("did not happen in time")


def configure(tiny, old, new):
    path = tiny.folder / "tandem.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    tiny.config = load_config(path)


def published(tiny, name):
    """Whether the version in force names it; each version is opened once."""
    found = {}

    def check():
        version = read_pointer(tiny.warehouse)
        if version not in found:
            found[version] = version is not None and name in tiny.names()
        return found[version]

    return check
