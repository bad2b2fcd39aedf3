"""Promises found by trying: a warehouse walked day by day, and a network judged by every set of needs it must serve."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import combinations

Line = tuple[str, int, int, int]  # name, quantity, day wanted, warehouse
Coming = tuple[int, int, int]  # day, quantity, warehouse
Node = tuple[int, int, bool]  # warehouse, day, whether only its own goods serve it


@dataclass
class Situation:
    """Whole pieces and day numbers from today = 0; `stock` by warehouse number. Anything new takes `lead` days and
    comes in at `receives` (-1: anywhere)."""

    stock: list[int]
    lines: list[Line]
    receipts: list[Coming]
    lead: int | None
    transfer: int = 0
    receives: int = 0
    last: int = field(init=False)

    def __post_init__(self) -> None:
        days = [line[2] for line in self.lines] + [coming[0] for coming in self.receipts] + [0]
        self.last = max(days) + self.transfer + 1

    def in_order(self, without: str = "") -> list[Line]:
        """Stock below zero first, then the lines by the day they are wanted; what is late is wanted today."""
        holes = [(f"hole{place}", -held, 0, place) for place, held in enumerate(self.stock) if held < 0]
        lines = [(name, quantity, max(day, 0), place) for name, quantity, day, place in self.lines if name != without]
        return holes + sorted(lines, key=lambda line: (line[2], line[0]))


def some_situation(rng: random.Random, warehouses: int = 1) -> Situation:
    places = range(warehouses)
    few = 9 if warehouses == 1 else 5
    return Situation(
        stock=[rng.choice((0, rng.randint(-6, 12), rng.randint(0, 40))) for _ in places],
        lines=[
            (f"l{n}", rng.randint(1, 20), rng.randint(-4, 14), rng.choice(places)) for n in range(rng.randint(0, few))
        ],
        receipts=[
            (rng.randint(-3, 16), rng.randint(1, 25), rng.choice(places)) for _ in range(rng.randint(0, few - 1))
        ],
        lead=rng.choice((None, 0, 3, 8, 15, 40)),
        transfer=0 if warehouses == 1 else rng.choice((0, 1, 3)),
        receives=rng.choice(places),
    )


def walk(case: Situation, wanted: int, on: int, without: str) -> list[tuple[str, int, int]] | None:
    """Who ships what on which day when `wanted` leaves on day `on`; None when it is not there that day."""
    held, shipped = case.stock[0], []
    waiting = [
        [name, quantity, day] for name, quantity, day, _ in case.in_order(without) if not name.startswith("hole")
    ]
    for today in range(case.last + 1):
        held += sum(quantity for day, quantity, _ in case.receipts if day == today)
        for line in waiting:
            gone = min(line[1], held) if line[2] <= today and held > 0 else 0
            if gone:
                line[1] -= gone
                held -= gone
                shipped.append((str(line[0]), today, gone))
        if today == on and wanted:
            if held < wanted:
                return None
            held -= wanted
    return shipped


def first_day_by_walking(case: Situation, wanted: int, without: str = "") -> int | None:
    """The first day on which `wanted` can leave while everybody else gets the same goods on the same days."""
    undisturbed = walk(case, 0, 0, without)
    for day in range(case.last + 1):
        if case.lead is not None and day >= case.lead:
            return day
        if walk(case, wanted, day, without) == undisturbed:
            return day
    return case.lead


class Network:
    """Several warehouses. What can still be served is judged by Hall: the goods within reach of any set of needs,
    less those needs, bound what is left for one more."""

    def __init__(self, case: Situation) -> None:
        self.case = case
        self.goods = [(0, max(held, 0), place) for place, held in enumerate(case.stock)]
        self.goods += [coming for coming in case.receipts if coming[0] >= 0]
        self.needs: dict[Node, int] = {}

    def reach(self, place: int, day: int, own: bool) -> frozenset[int]:
        """Goods that can be in `place` by `day`; own: those of that place only."""
        road = self.case.transfer
        return frozenset(
            n for n, (d, _, p) in enumerate(self.goods)
            if (d <= day if p == place else not own and d + road <= day)
        )  # fmt: skip

    def room(self, place: int, day: int, own: bool = False) -> int:
        """What can be in `place` by `day` beside all needs so far."""
        mine, nodes = self.reach(place, day, own), [node for node, quantity in self.needs.items() if quantity]
        reached = {node: self.reach(*node) for node in nodes}
        best = None
        for size in range(len(nodes) + 1):
            for some in combinations(nodes, size):
                within = mine.union(*(reached[node] for node in some))
                left = sum(self.goods[n][1] for n in within) - sum(self.needs[node] for node in some)
                best = left if best is None else min(best, left)
        return best or 0

    def change(self, node: Node, quantity: int) -> None:
        self.needs[node] = self.needs.get(node, 0) + quantity

    def serve_own(self, place: int, day: int, quantity: int) -> list[int]:
        """The day of each piece that the place itself can give, as early as can be."""
        days: list[int] = []
        for when in range(day, self.case.last + 1):
            gone = min(quantity - len(days), self.room(place, when, own=True))
            self.change((place, when, True), gone)
            days += [when] * gone
        return days

    def serve_sooner(self, place: int, day: int, quantity: int, days: list[int]) -> list[int]:
        """The day of each piece once what is late or missing is looked for everywhere."""
        never = self.case.last + 1
        now, found, back = sorted(days) + [never] * (quantity - len(days)), [], []
        for when in range(day, never):
            gone = min(sum(1 for one in now if one > when), self.room(place, when))
            self.change((place, when, False), gone)
            found += [when] * gone
            back += now[len(now) - gone :]
            now = now[: len(now) - gone]
        for when in back:
            if when != never:
                self.change((place, when, True), -1)
        return now + found


def serve_all(case: Situation, without: str = "") -> tuple[Network, dict[str, tuple[int, int]]]:
    """The network after every open line, and (last day, pieces missing) of each."""
    network, lines = Network(case), case.in_order(without)
    own = [network.serve_own(place, day, quantity) for _, quantity, day, place in lines]
    found = {}
    for (name, quantity, day, place), days in zip(lines, own, strict=True):
        served = network.serve_sooner(place, day, quantity, days)
        found[name] = max([day, *(one for one in served if one <= case.last)]), sum(one > case.last for one in served)
    return network, found


def first_day_in_network(case: Situation, wanted: int, place: int, without: str = "") -> int | None:
    network, _ = serve_all(case, without)
    fresh = None if case.lead is None else case.lead + (0 if case.receives in (place, -1) else case.transfer)
    for day in range(case.last + 1):
        if fresh is not None and day >= fresh:
            return fresh
        if network.room(place, day) >= wanted:
            return day
    return fresh
