"""The generated company all measurements share, synced once."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from data_access import demo
from data_access.config import Config, load_config
from data_access.live import Live
from data_access.state import State
from data_access.sync.run import run_sync
from data_access.warehouse import Reader
from tests.bench.enlarge import enlarge

FIRST_SYNC = "first_sync_seconds"


@dataclass(frozen=True)
class Bench:
    folder: Path
    config: Config
    first_sync_s: float

    @classmethod
    def make(cls, folder: Path, lines: int, items: int | None = None) -> Bench:
        """The company in `folder`; the one that stands there already is used as it is."""
        taken = folder / FIRST_SYNC
        if not taken.exists():
            told("making the company")
            demo.make(folder, lines=lines, seed=7)
            if items is not None:
                told(f"spreading it over {items:,} items")
                enlarge(folder, items)
            told("first sync")
            started = time.perf_counter()
            report = run_sync(load_config(folder / "tandem.toml"))
            assert report.exit_code == 0, report
            taken.write_text(str(time.perf_counter() - started), encoding="utf-8")
        return cls(folder, load_config(folder / "tandem.toml"), float(taken.read_text(encoding="utf-8")))

    @contextmanager
    def opened(self) -> Iterator[Reader]:
        """A reader that has just opened the newest version, with the state behind it."""
        state = State(self.config.state_path)
        reader = Reader(self.config.warehouse.path, live=lambda: Live(self.config, state))
        reader.refresh()
        yield reader


def told(what: str) -> None:
    """One line of what is being done, with the time of day."""
    print(f"{time.strftime('%H:%M:%S')} {what}", flush=True)


def median_s(work: Callable[[], object], times: int = 7) -> float:
    """Median wall seconds of `times` runs after one warm-up."""
    work()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def row(work: str, measured: float, limit: float, target: str, unit: str = "ms") -> tuple[str, ...]:
    scale = {"ms": 1000.0, "us": 1e6, "s": 1.0}[unit]
    return (work, f"{measured * scale:,.2f} {unit}", f"{limit * scale:,.2f} {unit}", f"{measured / limit:.2f}", target)
