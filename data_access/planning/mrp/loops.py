"""Items that are made of themselves: which lines close a loop, and one path around each."""

from __future__ import annotations

from collections import defaultdict, deque

import numpy as np

from data_access.planning.mrp.arrays import Bools, Ints

Path = tuple[int, ...]


def loops(parent: Ints, component: Ints) -> tuple[tuple[Path, ...], Bools]:
    """(one shortest path a, b, .., a of every knot of items that contain each other; the lines inside such knots).

    parent, component: (lines,) item numbers; the paths begin with the knot's lowest number and stand in its order.
    """
    inside = _trimmed(parent, component)
    below: dict[int, list[int]] = defaultdict(list)
    for above, under in zip(parent[inside].tolist(), component[inside].tolist(), strict=True):
        below[above].append(under)
    knot = _knots(below)
    top = max(int(parent.max(initial=0)), int(component.max(initial=0))) + 1
    number = np.full(top, -1, dtype=np.int64)
    number[list(knot)] = list(knot.values())
    inner = inside & (number[parent] >= 0) & (number[parent] == number[component])
    members: dict[int, list[int]] = defaultdict(list)
    for item in sorted(set(parent[inner].tolist())):
        members[knot[item]].append(item)
    paths = sorted(_around(knot_items[0], below, set(knot_items)) for knot_items in members.values())
    return tuple(paths), inner


def _trimmed(parent: Ints, component: Ints) -> Bools:
    """The lines that are left when items nothing goes into, or that nothing is made of, are taken away repeatedly."""
    kept = np.ones(len(parent), dtype=np.bool_)
    while True:
        looping = np.isin(parent, component[kept]) & np.isin(component, parent[kept])
        if not (kept & ~looping).any():
            return kept
        kept &= looping


def _knots(below: dict[int, list[int]]) -> dict[int, int]:
    """Item -> number of its strongly connected component (Tarjan's algorithm, without recursion)."""
    order: dict[int, int] = {}
    lowest: dict[int, int] = {}
    found: dict[int, int] = {}
    open_items: list[int] = []
    for root in sorted(below):
        walk = [] if root in order else [(root, iter(below[root]))]
        if walk:
            order[root] = lowest[root] = len(order)
            open_items.append(root)
        while walk:
            item, rest = walk[-1]
            for under in rest:
                if under not in order:
                    order[under] = lowest[under] = len(order)
                    open_items.append(under)
                    walk.append((under, iter(below.get(under, ()))))
                    break
                if under not in found:
                    lowest[item] = min(lowest[item], order[under])
            else:
                walk.pop()
                if walk:
                    lowest[walk[-1][0]] = min(lowest[walk[-1][0]], lowest[item])
                if lowest[item] == order[item]:
                    while True:
                        member = open_items.pop()
                        found[member] = order[item]
                        if member == item:
                            break
    return found


def _around(start: int, below: dict[int, list[int]], inside: set[int]) -> Path:
    """The shortest way from an item back to itself within its knot."""
    came: dict[int, int] = {}
    waiting = deque([start])
    while waiting:
        item = waiting.popleft()
        for under in sorted(below[item]):
            if under == start:
                path = [item]
                while path[-1] != start:
                    path.append(came[path[-1]])
                return (*reversed(path), start)
            if under in inside and under not in came:
                came[under] = item
                waiting.append(under)
    raise AssertionError("every item of a knot has a way back to itself")
