"""From records, certain pairs and decisions to links: one row a record, with the customer it is."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data_access.identity.clusters import Decision, Edge, Resolved

Key = tuple[str, str]  # source, id
Link = dict[str, Any]


@dataclass(frozen=True)
class Record:
    """A source customer. `tax`: country:body or ""; `since`: when it began to lend a customer its id, None if not."""

    source: str
    source_id: str
    role: str
    tax: str
    since: datetime | None = None

    @property
    def customer_id(self) -> str:
        return f"{self.source}:{self.source_id}"

    def order(self) -> tuple[bool, bool, str, str, str]:
        """The least of a customer lends it its id: one of the ERP, and then the one that has done so the longest."""
        since = "" if self.since is None else self.since.isoformat()
        return self.role != "erp", self.since is None, since, self.source, self.source_id


def links(
    records: Sequence[Record], resolved: Resolved, doubtful: Sequence[tuple[int, int]], decisions: Sequence[Decision]
) -> list[Link]:
    """Rows of core.customer_link, in the order of `records`. `doubtful`: pairs that might be one customer."""
    edges: dict[int, list[Edge]] = defaultdict(list)
    for edge in resolved.tree:
        edges[edge.left].append(edge)
        edges[edge.right].append(edge)
    found: dict[int, Link] = {}
    apart = _kept_apart(resolved, decisions)
    asked = set(_open(resolved, doubtful))
    for place, record in enumerate(records):
        members = resolved.sets.of(place)
        if len(members) > 1:
            if place == min(members, key=lambda each: records[each].order()):
                found |= _joined(place, records, edges)
            continue
        decision = apart.get(place)
        status = "review" if place in asked else "rejected" if decision else "auto"
        told = decision if status == "rejected" else None
        found[place] = _row(record, record, "self", 1.0, status, told)
    return [found[place] for place in range(len(records))]


def _joined(anchor: int, records: Sequence[Record], edges: Mapping[int, list[Edge]]) -> Iterator[tuple[int, Link]]:
    """The members of a customer, from the record that lends its id outwards; each tells the pair it joined by."""
    yield anchor, _row(records[anchor], records[anchor], "self", 1.0, "auto", None)
    seen, todo = {anchor}, deque([anchor])
    while todo:
        place = todo.popleft()
        for edge in edges[place]:
            other = edge.right if edge.left == place else edge.left
            if other not in seen:
                seen.add(other)
                todo.append(other)
                status = "confirmed" if edge.decided_by is not None else "auto"
                yield other, _row(records[other], records[anchor], edge.rule, edge.confidence, status, edge)


def _row(
    record: Record, anchor: Record, rule: str, confidence: float, status: str, told: Edge | Decision | None
) -> Link:
    return {
        "source": record.source, "source_id": record.source_id, "customer_id": anchor.customer_id, "rule": rule,
        "confidence": confidence, "status": status, "decided_by": told.decided_by if told else None,
        "decided_at": told.decided_at if told else None,
    }  # fmt: skip


def _kept_apart(resolved: Resolved, decisions: Sequence[Decision]) -> dict[int, Decision]:
    """Record -> the latest decision in force that keeps it from others."""
    found: dict[int, Decision] = {}
    for each in sorted(decisions, key=lambda one: (one.decided_at, one.id)):
        if each.kind in ("reject", "split") and each.id not in resolved.overruled:
            found[each.left] = each
            if each.right is not None and each.kind == "reject":
                found[each.right] = each
    return found


def _open(resolved: Resolved, doubtful: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Records of doubtful pairs that are neither joined nor kept apart by people."""
    sets = resolved.sets
    for left, right in doubtful:
        if right not in sets.of(left) and sets.may_join(left, right):
            yield left
            yield right
