"""Bills of material as arrays: low-level codes, effectivity by date, loops, and the explosion of one level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_access.planning.mrp.arrays import Bools, Days, Floats, Ints, rows_of
from data_access.planning.mrp.loops import Path, loops


@dataclass(frozen=True)
class Bom:
    """Bill of material lines, all (lines,). parent, component: item numbers; quantity_per: component units in one unit
    of the parent; scrap: the share lost on the way, 0 <= scrap < 1; valid_from, valid_to: first and last day the line
    is used for orders released that day, NaT where open."""

    parent: Ints
    component: Ints
    quantity_per: Floats
    scrap: Floats
    valid_from: Days
    valid_to: Days

    @staticmethod
    def of(lines: list[tuple[int, int, float]], scrap: float = 0.0) -> Bom:
        """(parent, component, quantity_per) lines that are always valid."""
        given = np.array(lines, dtype=np.float64).reshape(-1, 3)
        always = np.full(len(given), np.datetime64("NaT"), dtype="datetime64[D]")
        parent, component = given[:, 0].astype(np.int64), given[:, 1].astype(np.int64)
        return Bom(parent, component, given[:, 2], np.full(len(given), scrap), always, always)


@dataclass(frozen=True)
class Structure:
    """What the explosion works on: the usable lines, ordered by the parent's level, then by component.

    level: (items,) low-level code, the longest way down from an item nothing contains; items_at[k]: the items of level
    k; line: (lines,) row of each line in the bill of material; factor: quantity_per / (1 - scrap); active:
    (lines, periods), None where every line is always valid; bounds: (levels + 1,) first line of each parent level.
    cycles: a path around every loop; its lines are left out. refused: rows of lines that say nothing usable.
    """

    level: Ints
    items_at: tuple[Ints, ...]
    line: Ints
    parent: Ints
    component: Ints
    factor: Floats
    active: Bools | None
    bounds: Ints
    cycles: tuple[Path, ...]
    refused: Ints

    def made_of(self, rows: slice, releases: Floats) -> Floats:
        """(lines of rows, periods) what each line takes for the releases (items, periods) of its parent."""
        taken = releases[self.parent[rows]]
        taken *= self.factor[rows, None]
        if self.active is not None:
            taken *= self.active[rows]
        return taken

    def explode(self, level: int, releases: Floats, dependent: Floats) -> None:
        """Adds to `dependent` (items, periods) what the items of one level take for their releases."""
        rows = slice(int(self.bounds[level]), int(self.bounds[level + 1]))
        component = self.component[rows]
        if len(component) == 0:
            return
        starts = np.flatnonzero(np.r_[True, component[1:] != component[:-1]])
        dependent[component[starts]] += np.add.reduceat(self.made_of(rows, releases), starts, axis=0)

    def with_parts(self, chosen: Bools) -> Bools:
        """(items,) the chosen ones and everything that goes into them."""
        found = chosen.copy()
        for low, high in zip(self.bounds[:-1].tolist(), self.bounds[1:].tolist(), strict=True):
            found[self.component[low:high][found[self.parent[low:high]]]] = True
        return found

    def longest(self, lead_time: Ints) -> Ints:
        """(items,) cumulative lead time: an item's own and the longest way below it, if nothing of it were there."""
        below = np.zeros_like(lead_time)
        for level in range(len(self.items_at) - 1, -1, -1):
            rows = slice(int(self.bounds[level]), int(self.bounds[level + 1]))
            component = self.component[rows]
            np.maximum.at(below, self.parent[rows], lead_time[component] + below[component])
        return lead_time + below


def structure(bom: Bom, items: int, days: Days) -> Structure:
    """Levels and usable lines; days: (periods,) the day an order released in that period begins.

    Lines with a quantity that is not above zero, or scrap outside [0, 1), are refused; lines valid on none of the days
    are passed over. Loops are looked for over all periods together: A in B until May and B in A from June is one.
    """
    good = (bom.quantity_per > 0) & np.isfinite(bom.quantity_per) & (bom.scrap >= 0) & (bom.scrap < 1)
    from_first = np.isnat(bom.valid_from)[:, None] | (bom.valid_from[:, None] <= days)
    active = from_first & (np.isnat(bom.valid_to)[:, None] | (bom.valid_to[:, None] >= days))
    used = np.flatnonzero(good & active.any(axis=1))
    parent, component = bom.parent[used], bom.component[used]
    level = levels(parent, component, items)
    cycles: tuple[Path, ...] = ()
    if (level < 0).any():
        cycles, inner = loops(parent, component)
        used, parent, component = used[~inner], parent[~inner], component[~inner]
        level = levels(parent, component, items)
    order = np.lexsort((component, level[parent]))
    used, parent, component = used[order], parent[order], component[order]
    depth = int(level.max(initial=0)) + 1
    by_level = np.argsort(level, kind="stable")
    return Structure(
        level=level,
        items_at=tuple(np.split(by_level, np.searchsorted(level[by_level], np.arange(1, depth)))),
        line=used,
        parent=parent,
        component=component,
        factor=bom.quantity_per[used] / (1 - bom.scrap[used]),
        active=None if active[used].all() else active[used],
        bounds=np.searchsorted(level[parent], np.arange(depth + 1)),
        cycles=cycles,
        refused=np.flatnonzero(~good),
    )


def levels(parent: Ints, component: Ints, items: int) -> Ints:
    """(items,) low-level codes; -1 for items in or under a loop."""
    order = np.argsort(parent, kind="stable")
    under = component[order]
    count = np.bincount(parent, minlength=items)
    start = np.cumsum(count) - count
    waiting = np.bincount(component, minlength=items)
    level = np.full(items, -1, dtype=np.int64)
    front, depth = np.flatnonzero(waiting == 0), 0
    while len(front):
        level[front] = depth
        reached, times = np.unique(under[rows_of(start[front], count[front])], return_counts=True)
        waiting[reached] -= times
        front, depth = reached[waiting[reached] == 0], depth + 1
    return level
