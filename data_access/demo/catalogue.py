"""The products: categories, prices, bills of material, routings, suppliers and lead times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from data_access.demo import names

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

PRODUCTS = 400
COMPONENT = len(names.CATEGORIES)
LAST_YEARS_SHARE = 0.95  # exponent of sales by rank inside a category


@dataclass(frozen=True)
class BomLine:
    """`per_mille` component units for 1000 of the parent; days count from today, None = always valid."""

    parent: int
    component: int
    per_mille: int
    scrap_mille: int
    valid_from: int | None = None
    valid_to: int | None = None

    @property
    def current(self) -> bool:
        return self.valid_to is None


@dataclass(frozen=True)
class Catalogue:
    """Products by index 0..n-1. Prices and costs in fen (CNY minor units); `weekly` is expected sales a week in CNY."""

    sku: list[str]
    name: list[str]
    name_zh: list[str]
    uom: list[str]
    category: Ints
    made: Flags
    sold: Flags
    level: Ints  # 0 finished or bought, 1 module, 2 sub-assembly, 3 part, 4 bought component
    rank: Ints  # by sales inside its category, 0 = best
    cost: Ints
    price: Ints
    weekly: Floats
    lead: Ints  # days
    makespan: Ints  # days from start to finish, made items
    supplier: Ints
    bom: list[BomLine]
    routing: list[tuple[int, int, int, int]]  # product, work center, setup minutes, seconds a unit

    @property
    def size(self) -> int:
        return len(self.sku)

    def components(self, product: int) -> list[BomLine]:
        return [line for line in self.bom if line.parent == product and line.current]


def make_catalogue(seed: int) -> Catalogue:
    """The same products for the same seed, whatever the company's size."""
    rng = np.random.default_rng([seed, 1])
    rows: list[dict[str, Any]] = []
    for index, category in enumerate(names.CATEGORIES):
        rows += _finished(rng, index, category)
    rows += _components(rng, PRODUCTS - len(rows))
    bom = _boms(rng, rows)
    _roll_up(rng, rows, bom)
    _sales(rows)
    n = len(rows)
    made = np.array([row["made"] for row in rows])
    level = np.array([row["level"] for row in rows])
    lead = np.where(made, 7 * rng.integers(6, 8, n), 7 * rng.integers(6, 10, n))
    return Catalogue(
        sku=[row["sku"] for row in rows],
        name=[row["name"] for row in rows],
        name_zh=[row["name_zh"] for row in rows],
        uom=[row["uom"] for row in rows],
        category=np.array([row["category"] for row in rows]),
        made=made,
        sold=np.array([row["sold"] for row in rows]),
        level=level,
        rank=np.array([row["rank"] for row in rows]),
        cost=np.array([round(row["cost"] * 100) for row in rows], dtype=np.int64),
        price=np.array([round(row["price"] * 100) for row in rows], dtype=np.int64),
        weekly=np.array([row["weekly"] for row in rows], dtype=np.float64),
        lead=lead.astype(np.int64),
        makespan=rng.integers(4, 12, n),
        supplier=(np.array([row["category"] for row in rows]) * 3 + rng.integers(0, 3, n)) % len(names.SUPPLIERS),
        bom=bom,
        routing=_routings(rng, rows),
    )


def _finished(rng: np.random.Generator, index: int, category: names.Category) -> list[dict[str, Any]]:
    items = [(a, b) for b in category.second for a in category.first]
    low, high = np.log(category.prices[0]), np.log(category.prices[1])
    size = {code: i for i, code in enumerate(sorted({a[0] for a in category.first}, key=_number))}
    made = set(range(0, category.made)) if category.made else set()
    rows = []
    for rank, (a, b) in enumerate(items):
        place = (size[a[0]] + 0.5) / len(size) + rng.normal(0, 0.06) + (0.08 if b[0] else 0.0)
        rows.append(
            {
                "sku": "-".join(part for part in (category.prefix, a[0], b[0]) if part),
                "name": " ".join(part for part in (a[1], b[1]) if part),
                "name_zh": " ".join(part for part in (a[2], b[2]) if part),
                "uom": "set" if category.prefix == "SP" else "pcs",
                "category": index,
                "made": rank in made,
                "sold": True,
                "level": 0,
                "rank": rank,
                "price": float(np.exp(low + (high - low) * min(max(place, 0.0), 1.0))),
                "cost": 0.0,
            }
        )
    return rows


def _number(code: str) -> tuple[int, str]:
    digits = "".join(c for c in code if c.isdigit())
    return (int(digits) if digits else 0, code)


def _components(rng: np.random.Generator, count: int) -> list[dict[str, Any]]:
    wanted = [(1, names.MODULES, 20, (40, 1600)), (2, names.SUBS, 16, (18, 380)), (3, names.PARTS, 12, (8, 120))]
    rows: list[dict[str, Any]] = []
    for level, words, number, _ in wanted:
        rows += [_component(level, words[i % len(words)], i // len(words) + 1, True, False) for i in range(number)]
    rows += [_component(4, names.SENSORS[i % 11], i // 11 + 1, False, True) for i in range(22)]
    bought = count - len(rows)
    rows += [_component(4, names.RAWS[i % 16], i // 16 + 1, False, False) for i in range(bought)]
    costs = {level: limits for level, _, _, limits in wanted} | {4: (1.5, 90)}
    for rank, row in enumerate(rows):
        low, high = (140, 900) if row["sold"] else costs[row["level"]]
        row["rank"] = rank
        row["cost"] = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    return rows


def _component(level: int, words: tuple[str, str], number: int, made: bool, sold: bool) -> dict[str, Any]:
    code = "".join(word[0] for word in words[0].upper().replace("-", " ").split())[:3]
    letter = "ABCDEFGH"[number - 1]
    return {
        "sku": f"CP-{level}{code}{ord(words[0][1]) % 10}{len(words[0]) % 10}-{letter}",
        "name": f"{words[0]} {letter}",
        "name_zh": f"{words[1]} {letter}",
        "uom": "kg" if words[0] in ("Copper wire", "Resin") else "pcs",
        "category": COMPONENT,
        "made": made,
        "sold": sold,
        "level": level,
        "rank": 0,
        "price": 0.0,
        "cost": 0.0,
    }


def _boms(rng: np.random.Generator, rows: list[dict[str, Any]]) -> list[BomLine]:
    """Finished goods use modules, these sub-assemblies, these parts, and all of them bought components: four levels."""
    by_level = {
        level: [i for i, row in enumerate(rows) if row["level"] == level and row["category"] == COMPONENT]
        for level in (1, 2, 3, 4)
    }
    lines: list[BomLine] = []
    for level in (3, 2, 1, 0):
        for parent in [i for i, row in enumerate(rows) if row["made"] and row["level"] == level]:
            target = rows[parent]["cost"] or rows[parent]["price"] * 0.62
            chosen: list[int] = []
            if level < 3:
                below = by_level[level + 1]
                closest = sorted(below, key=lambda c: abs(np.log(rows[c]["cost"] / (0.24 * target))))  # noqa: B023
                chosen += [closest[int(k)] for k in rng.permutation(min(3, len(closest)))[: rng.integers(1, 3)]]
            bought = [c for c in by_level[4] if rows[c]["cost"] < 0.3 * target] or by_level[4][-4:]
            wanted = int(rng.integers(2, 4)) if level else int(rng.integers(2, 5))
            chosen += [int(c) for c in rng.choice(bought, size=min(wanted, len(bought)), replace=False)]
            share = 0.45 * target / len(chosen)
            for component in dict.fromkeys(chosen):
                quantity = int(np.clip(round(share / rows[component]["cost"]), 1, 4 if rows[component]["made"] else 8))
                scrap = int(rng.choice([0, 0, 10, 20, 30]))
                old = level == 0 and rng.random() < 0.04
                lines.append(BomLine(parent, component, quantity * 1000, scrap, -400 if old else None))
                if old:
                    lines.append(BomLine(parent, component, (quantity + 1) * 1000, scrap, None, -401))
    return lines


def _roll_up(rng: np.random.Generator, rows: list[dict[str, Any]], bom: list[BomLine]) -> None:
    """Costs from the bottom up (material plus conversion), then prices that leave 28-48 % of list price."""
    for level in (4, 3, 2, 1, 0):
        for index, row in enumerate(rows):
            if row["level"] != level:
                continue
            material = sum(
                rows[line.component]["cost"] * line.per_mille / 1000 * (1 + line.scrap_mille / 1000)
                for line in bom
                if line.parent == index and line.current
            )
            margin = rng.uniform(0.365, 0.465) + (0.06 if row["category"] == COMPONENT - 1 else 0.0)
            if row["made"]:
                row["cost"] = material / rng.uniform(0.62, 0.72)
                if level == 0:
                    row["cost"] = max(row["cost"], row["price"] * (1 - margin))
            elif level == 0:
                row["cost"] = row["price"] * (1 - margin)
            row["cost"] = round(row["cost"], 2)
            row["price"] = round(max(row["cost"] / (1 - margin), 1.0) / 5 + 0.5) * 5 if row["sold"] else 0.0


def _sales(rows: list[dict[str, Any]]) -> None:
    for index in range(COMPONENT + 1):
        members = [row for row in rows if row["category"] == index and row["sold"]]
        weekly = names.CATEGORIES[index].weekly if index < COMPONENT else 0.22
        shares = [(place + 1.0) ** -LAST_YEARS_SHARE for place in range(len(members))]
        for row, share in zip(members, shares, strict=True):
            row["weekly"] = weekly * 1e6 * share / sum(shares)
    for row in rows:
        row.setdefault("weekly", 0.0)


def _routings(rng: np.random.Generator, rows: list[dict[str, Any]]) -> list[tuple[int, int, int, int]]:
    centers = {0: ((3, 5), (4, 5)), 1: ((3,), (4,)), 2: ((1,), (2,)), 3: ((0,),)}
    operations = []
    for index, row in enumerate(rows):
        if row["made"]:
            choices = centers[row["level"]]
            for center in choices[int(rng.integers(0, len(choices)))]:
                seconds = int(rng.integers(240, 900)) if center != 5 else int(rng.integers(120, 400))
                operations.append((index, center, int(rng.integers(20, 90)), seconds))
    return operations
