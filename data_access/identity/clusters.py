"""Which records are one customer: what people decided first, then certain pairs, within limits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

MOST_MEMBERS = 5


@dataclass(frozen=True)
class Edge:
    """Two records (places) taken for one. rank: of the rule, 0 the strongest; `decided` where a person said so."""

    left: int
    right: int
    rule: str
    confidence: float
    rank: int = 0
    decided_by: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True)
class Decision:
    """What a person said of a pair, or of one record (`split`: it stands alone; right is then None)."""

    id: int
    kind: str
    left: int
    right: int | None
    decided_by: str
    decided_at: datetime


class Sets:
    """Records in disjoint sets. `apart` are pairs that must not meet, `alone` records that must not meet anybody."""

    def __init__(self) -> None:
        self.members: dict[int, set[int]] = {}
        self.apart: dict[int, set[int]] = defaultdict(set)
        self.alone: set[int] = set()

    def of(self, record: int) -> set[int]:
        return self.members.get(record, {record})

    def may_join(self, left: int, right: int) -> bool:
        one, other = self.of(left), self.of(right)
        if self.alone and not self.alone.isdisjoint(one | other):
            return False
        return not self.apart or all(self.apart[each].isdisjoint(other) for each in one if each in self.apart)

    def join(self, left: int, right: int) -> None:
        both = self.of(left) | self.of(right)
        for each in both:
            self.members[each] = both

    def separate(self, left: int, right: int) -> None:
        self.apart[left].add(right)
        self.apart[right].add(left)


@dataclass
class Resolved:
    """`tree`: the edges that hold the customers together; `overruled`: decisions that a later one contradicts."""

    sets: Sets
    tree: list[Edge] = field(default_factory=list)
    overruled: set[int] = field(default_factory=set)


def resolve(edges: Iterable[Edge], decisions: Sequence[Decision], taxes: Sequence[str]) -> Resolved:
    """Joins records. `edges`: certain pairs; `decisions`: those in force; `taxes`: tax number by record, "" for none.

    Of decisions that contradict each other the later one holds. Certain pairs that would join more than MOST_MEMBERS
    customers, two tax numbers, or what people keep apart, give way: all but those by tax number, then those too.
    """
    found = Resolved(Sets())
    _decide(found, decisions)
    people = {record: frozenset(members) for record, members in found.sets.members.items()}
    possible = [edge for edge in edges if found.sets.alone.isdisjoint((edge.left, edge.right))]
    possible.sort(key=lambda edge: (edge.rank, -edge.confidence, edge.left, edge.right))
    for group in _components(possible, found.sets):
        kept = group
        if not _within_limits(group, people, taxes):
            by_tax = [edge for edge in group if edge.rule == "tax_id"]
            kept = [
                edge for part in _components(by_tax, found.sets) if _within_limits(part, people, taxes) for edge in part
            ]
        for edge in kept:
            if edge.right not in found.sets.of(edge.left) and found.sets.may_join(edge.left, edge.right):
                found.sets.join(edge.left, edge.right)
                found.tree.append(edge)
    return found


def _decide(found: Resolved, decisions: Sequence[Decision]) -> None:
    """The latest first, so that an earlier one cannot undo it."""
    sets = found.sets
    for each in sorted(decisions, key=lambda one: (one.decided_at, one.id), reverse=True):
        together = each.right is not None and each.right in sets.of(each.left)
        if each.kind == "confirm" and each.right is not None:
            if together:
                continue
            if sets.may_join(each.left, each.right):
                sets.join(each.left, each.right)
                found.tree.append(Edge(each.left, each.right, "manual", 1.0, 0, each.decided_by, each.decided_at))
            else:
                found.overruled.add(each.id)
        elif each.kind == "reject" and each.right is not None and not together:
            sets.separate(each.left, each.right)
        elif each.kind == "split" and len(sets.of(each.left)) == 1:
            sets.alone.add(each.left)
        else:
            found.overruled.add(each.id)


def _components(edges: Sequence[Edge], people: Sets) -> list[list[Edge]]:
    """Edges that hang together, also by what people joined; the order within a group is kept."""
    sets, groups = Sets(), dict[int, list[Edge]]()
    for record, members in people.members.items():
        if record == min(members):
            for other in members - {record}:
                sets.join(record, other)
    for edge in edges:
        if edge.right not in sets.of(edge.left):
            sets.join(edge.left, edge.right)
    for edge in edges:
        groups.setdefault(min(sets.of(edge.left)), []).append(edge)
    return list(groups.values())


def _within_limits(group: Sequence[Edge], people: dict[int, frozenset[int]], taxes: Sequence[str]) -> bool:
    """What people joined counts as one, with all of its tax numbers."""
    customers = {people.get(record, frozenset((record,))) for edge in group for record in (edge.left, edge.right)}
    numbers = [found for each in customers if (found := {taxes[record] for record in each} - {""})]
    apart = len(numbers) > 1 and any(_contradict(one, other) for one in numbers for other in numbers)
    return len(customers) <= MOST_MEMBERS and not apart


def _contradict(one: set[str], other: set[str]) -> bool:
    """Numbers are written country:body; a country on one side only is no contradiction."""
    return not any(
        a.partition(":")[2] == b.partition(":")[2]
        and ("" in (ca := a.partition(":")[0], cb := b.partition(":")[0]) or ca == cb)
        for a in one
        for b in other
    )
