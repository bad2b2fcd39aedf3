"""The generated company all measurements share, synced once."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from data_access import demo
from data_access.config import Config, load_config
from data_access.sync.run import run_sync


@dataclass(frozen=True)
class Bench:
    folder: Path
    config: Config
    first_sync_s: float

    @classmethod
    def make(cls, folder: Path, lines: int) -> Bench:
        demo.make(folder, lines=lines, seed=7)
        config = load_config(folder / "tandem.toml")
        started = time.perf_counter()
        report = run_sync(config)
        assert report.exit_code == 0, report
        return cls(folder, config, time.perf_counter() - started)


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
    return (work, f"{measured * scale:.2f} {unit}", f"{limit * scale:.2f} {unit}", f"{measured / limit:.2f}", target)
