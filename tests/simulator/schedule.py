"""Random fault schedules: mutations, reads and faults interleaved, every fault cleared before the end.

The same seed makes the same schedule. A step is carried out by `play`; what "sync" and "settle" mean is the test's own
business: a read that may fail, and at the very end one without faults after which source and copy must be equal.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.simulator.entities import Change, Company
from tests.simulator.faults import Fault
from tests.simulator.server import Simulator

# kind -> options for one random fault of that kind; what a source may do and a reader must survive
RANDOM_FAULTS: dict[str, Callable[[random.Random], dict[str, Any]]] = {
    "status": lambda rng: {"code": rng.choice((429, 500, 502, 503)), "retry_after": 0},
    "quota": lambda rng: {"retry_after": 0},
    "unauthorized": lambda rng: {},
    "slow": lambda rng: {"seconds": rng.choice((0.01, 0.05))},
    "hang_up": lambda rng: {},
    "truncated": lambda rng: {},
    "html": lambda rng: {},
    "nan": lambda rng: {},
    "gzip_bomb": lambda rng: {"mb": 16},
    "repeated_cursor": lambda rng: {},
    "endless_pages": lambda rng: {},
    "empty_pages": lambda rng: {},
    "duplicate_rows": lambda rng: {},
    "reorder_keys": lambda rng: {},
    "unknown_fields": lambda rng: {},
    "redirect": lambda rng: {"to": "http://169.254.169.254/latest/meta-data"},
    "skew": lambda rng: {"seconds": rng.choice((-90, -5, 5, 90))},
    "late_commit": lambda rng: {"requests": rng.randint(1, 12)},
    "delete_silently": lambda rng: {},
}


@dataclass(frozen=True)
class Step:
    """do: mutate (seed) | fault (kind, options, times, after) | clear | sync | settle."""

    do: str
    seed: int = 0
    kind: str = ""
    times: int | None = None
    after: int = 0
    options: dict[str, Any] = field(default_factory=dict)


def random_schedule(seed: int, steps: int = 30, kinds: tuple[str, ...] = tuple(RANDOM_FAULTS)) -> list[Step]:
    """Ends with clear and settle; no more than three faults stand at a time."""
    rng = random.Random(seed)
    planned: list[Step] = []
    standing = 0
    for _ in range(steps):
        do = rng.choices(("mutate", "sync", "fault", "clear"), (50, 25, 17, 8))[0]
        if do == "fault" and standing < 3:
            kind = rng.choice(kinds)
            times = rng.choice((1, 1, 2, 5, None))
            options = RANDOM_FAULTS[kind](rng)
            planned.append(Step("fault", kind=kind, times=times, after=rng.choice((0, 0, 1, 3, 10)), options=options))
            standing += 1
        elif do == "clear" and standing:
            planned.append(Step("clear"))
            standing = 0
        else:
            planned.append(Step("mutate" if do != "sync" else "sync", seed=rng.randrange(10**9)))
    return [*planned, Step("clear"), Step("settle")]


def play(step: Step, sim: Simulator, company: Company) -> Change | Fault | None:
    """Carries out mutate, fault and clear; sync and settle are left to the caller."""
    if step.do == "mutate":
        return company.mutate(random.Random(step.seed))
    if step.do == "fault":
        return sim.fault(Fault(step.kind, times=step.times, after=step.after, **step.options))
    if step.do == "clear":
        sim.clear_faults()
    return None
