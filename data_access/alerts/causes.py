"""What is wrong now, as causes of alerts: judged from state.db and the disk, never from a source's own words."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from data_access import feed_state, health
from data_access.config import Config
from data_access.state import DAMAGED, State

WAREHOUSE = "warehouse"
LOW_DISK = 1 << 30
HOLD_S = {"failing": 60.0, "never": 600.0}  # what may pass by itself is told only when it lasts


@dataclass(frozen=True)
class Cause:
    """kind: stale, failing, never, credentials, guard, rejects, publish, damaged or disk; `subject` a source or the
    warehouse; `count` rows, where it is about rows."""

    kind: str
    subject: str
    count: int = 0

    @property
    def hold_s(self) -> float:
        """How long it must last before anybody is told."""
        return HOLD_S.get(self.kind, 0.0)


def causes(config: Config, state: State, left_out: dict[str, int], now: datetime) -> list[Cause]:
    """Everything that is wrong. `left_out`: source -> rows its mapping leaves out. What is paused is not: somebody
    wanted it so, and every display shows it."""
    every = feed_state.feeds(config, state, now)
    found = [*_sources(health.sources(config, state, now), every, held=state.unpublished() is not None)]
    for source in config.sources:
        rejected = sum(feed.rejects_open for feed in every if feed.source == source.name)
        rejected += left_out.get(source.name, 0)
        if rejected >= config.alerts.rejects:
            found.append(Cause("rejects", source.name, rejected))
    if state.unpublished() is not None:
        found.append(Cause("publish", WAREHOUSE))
    if state.fact(DAMAGED):
        found.append(Cause("damaged", WAREHOUSE))
    if free_bytes(config) < LOW_DISK:
        found.append(Cause("disk", WAREHOUSE))
    return found


def free_bytes(config: Config) -> int:
    """Free space where the warehouse lies, or will lie."""
    folder = config.warehouse.path
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _sources(known: Iterable[health.SourceHealth], every: list[feed_state.Feed], *, held: bool) -> Iterator[Cause]:
    """A source has one cause at a time, the one that says most, and a stopped mass delete beside it."""
    for source in known:
        if source.paused_since is not None:
            continue
        mine = [feed for feed in every if feed.source == source.name and feed.status != "paused"]
        why = {feed.cause for feed in mine if feed.error}
        if "guard" in why:
            yield Cause("guard", source.name)
        if "credentials" in why:
            yield Cause("credentials", source.name)
        elif held:
            continue  # it is the publish that holds its figures back
        elif source.status in ("stale", "never"):
            yield Cause(source.status, source.name)
        elif any(feed.status == "stale" for feed in mine):
            yield Cause("stale", source.name)
        elif source.status == "failing" and why != {"guard"}:
            yield Cause("failing", source.name)
