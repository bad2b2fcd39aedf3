"""What a wall is told of each scene: critical ones come first and stay longer, healthy ones need not be shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from data_access.errors import QueryError
from data_access.inventory_kpis import is_critical
from data_access.reading import rows

if TYPE_CHECKING:
    from data_access.health import SourceHealth
    from data_access.live import Standing
    from data_access.snapshot import Snapshot

State = Literal["ok", "critical", "healthy"]
BAD = {"stale", "failing", "never"}


def scene_states(
    snapshot: Snapshot | None, sources: Sequence[SourceHealth], feeds: Sequence[Standing] = ()
) -> dict[str, State]:
    """inventory: critical from a twentieth of six weeks' expected sales at risk on; production: from as much on, of
    orders that wait for short items; sync: critical while a source or feed is stale, failing or was never read,
    healthy while all are fresh."""
    states: dict[str, State] = {
        "today": "ok",
        "inventory": _money(snapshot, "inventory"),
        "production": _money(snapshot, "production"),
        "sync": "ok",
    }
    found = {one.status for one in sources} | {one.status for one in feeds}
    if found & BAD:
        states["sync"] = "critical"
    elif found == {"fresh"}:
        states["sync"] = "healthy"
    return states


def _money(snapshot: Snapshot | None, scene: str) -> State:
    if snapshot is None:
        return "ok"
    try:
        facts = rows(snapshot.query(f"{scene}/exception"))[0]
    except QueryError:
        return "ok"  # a wall turns on even where a figure cannot be read: the panel itself tells of it
    return "critical" if is_critical(facts["at_risk"], facts["weekly_sales"]) else "ok"
