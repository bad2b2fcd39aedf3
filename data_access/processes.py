"""What the children of `serve` do besides the web: the sync process and the demo's clock."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import Any

from data_access.config import Config, load_config, parse_config
from data_access.errors import TandemError
from data_access.secrets import redact
from data_access.state import State

log = logging.getLogger("tandem.sync")
TICK_S = 12.0
PROGRESS_EVERY_S = 0.25
SYNC_ERROR = "sync_error"


def provisional_config(path: Path) -> Config:
    """What the demo's configuration will be, for the seconds until its file stands."""
    names = ("erp", "crm")
    data: dict[str, Any] = {
        "company": {"name": "Kaichuan Motion", "currency": "CNY", "timezone": "Asia/Shanghai", "language": "en"},
        "warehouse": {"path": "warehouse"},
        "source": [{"name": name, "role": name, "system": f"demo_{name}", "fresh_within": "2m"} for name in names],
    }
    return parse_config(data, path)


class StateProgress:
    """Writes progress to state.db a few times a second, for the starting page and the wall."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._lock = threading.Lock()
        self._at = 0.0
        self._last = ""

    def __call__(self, step: str, label: str, done: int, total: int) -> None:
        with self._lock:
            now, ends = time.monotonic(), total > 0 and done >= total
            if now - self._at < PROGRESS_EVERY_S and step == self._last and not ends:
                return
            self._at, self._last = now, step
        self._state.set_progress(step, label, done, total)


def sync_process(path: Path, stop: threading.Event, *, make_demo: bool) -> int:
    """Makes the demo where it is missing, then follows the schedule until `stop`. What ends it otherwise is also put
    where the starting page finds it."""
    provisional = make_demo and not path.exists()
    state = State((provisional_config(path) if provisional else load_config(path)).state_path)
    state.set_fact(SYNC_ERROR, None)
    try:
        _sync(path, state, stop, provisional)
    except TandemError as error:
        state.set_fact(SYNC_ERROR, redact(error.line()))
        raise
    return 0


def _sync(path: Path, state: State, stop: threading.Event, provisional: bool) -> None:
    state.beat("sync")
    if provisional:
        tell = StateProgress(state)
        from data_access import demo

        demo.make(path.parent, on_progress=lambda label, done, total: tell("demo", label, done, total))
    config = load_config(path)
    config.check_secrets()
    from data_access.sync.schedule import watch

    watch(config, stop)


def clock_process(path: Path, stop: threading.Event) -> int:
    """Lets time pass in the demo company every few seconds, once it is there and synced."""
    while not path.exists():
        if stop.wait(1.0):
            return 0
    config = load_config(path)
    while not (config.warehouse.path / "current").exists():
        if stop.wait(1.0):
            return 0
    from data_access import demo

    state = State(config.state_path)
    while not stop.wait(TICK_S):
        try:
            demo.tick(path.parent)
        except TandemError as error:
            log.error("the demo's time stands still: %s", error.line())
        state.beat("clock")
    return 0
