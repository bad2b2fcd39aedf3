"""How stock is kept: lots, safety, where items are held, what components are needed, and the planned shortages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_access.demo import names
from data_access.demo.catalogue import COMPONENT, Catalogue, Flags, Floats, Ints
from data_access.demo.days import AHEAD, Calendar
from data_access.demo.demand import DEFAULT_LINES, Demand

WAREHOUSES = len(names.WAREHOUSES)
# category, rank in it, money at risk aimed at (million CNY at the default size), days until it runs out
PLANTED = (
    (0, 0, 1.70, 9),
    (2, 0, 1.10, 13),
    (4, 0, 0.40, 17),
    (1, 0, 0.70, 15),
    (3, 0, 0.42, 18),
    (5, 0, 0.26, 20),
    (0, 3, 0.22, 22),
    (4, 4, 0.14, 19),
)

OVERBOUGHT = (1, 2, 2, 2, 1, 2, 8)  # slow items bought too much of, by category


@dataclass(frozen=True)
class Shortage:
    """A stock-out that comes: the item is used up at `run_out` and supplied again at `receipt` (day numbers)."""

    product: int
    run_out: int
    receipt: int


@dataclass(frozen=True)
class Overbuy:
    """Far more of a slow item is bought on a day than sells in a year."""

    product: int
    day: int
    quantity: int


@dataclass(frozen=True)
class Policy:
    """By product: `needed` units a day (days x products), lot and safety in units; `held` is warehouses x products."""

    needed: Floats
    lot: Ints
    safety: Ints
    held: Flags
    share: Floats  # of sales by warehouse x product
    shortages: list[Shortage]
    mistakes: list[Overbuy]


def home_warehouse(demand: Demand, held: Flags, wanted: Ints) -> Ints:
    """The warehouse each line ships from: the customer's nearest if it holds the item, else the plant."""
    near = wanted[demand.customer]
    return np.where(held[near, demand.product], near, 0)


def make_policy(seed: int, calendar: Calendar, catalogue: Catalogue, demand: Demand, wanted: Ints) -> Policy:
    rng = np.random.default_rng([seed, 5])
    n = catalogue.size
    needed = demand.expected.copy()
    for level in (0, 1, 2, 3):
        for line in catalogue.bom:
            if line.current and catalogue.level[line.parent] == level and catalogue.made[line.parent]:
                needed[:, line.component] += (
                    needed[:, line.parent] * line.per_mille / 1000 * (1 + line.scrap_mille / 1000)
                )
    last_year = slice(max(0, calendar.today - 364), calendar.today)
    rate = needed[last_year].mean(axis=0)
    weekly = rate * 7
    aim = np.array([category.cover_weeks for category in names.CATEGORIES] + [2.0])[catalogue.category]
    spread = np.where(catalogue.level == 0, np.exp(rng.normal(0, 0.16, n)), 1.0)
    slow = np.clip(0.72 + 0.045 * catalogue.rank, 0.72, 2.0)
    component = catalogue.category == COMPONENT
    weeks = np.where(component, 0.4 + 0.3 * (catalogue.level == 4), aim * spread * slow)
    lot_weeks = np.where(component, 1.8, np.clip(1.5 + 0.08 * catalogue.rank, 1.5, 5.0))
    lot = np.maximum(1, np.ceil(lot_weeks * weekly)).astype(np.int64)
    lot = np.where(lot > 200, -(-lot // 50) * 50, np.where(lot > 20, -(-lot // 5) * 5, lot))
    typical = np.zeros(n)
    for product in np.unique(demand.product):
        typical[product] = np.quantile(demand.quantity[demand.product == product], 0.85)
    parents = np.zeros(n)
    for line in catalogue.bom:
        if line.current:
            parents[line.component] = max(parents[line.component], lot[line.parent] * line.per_mille / 1000)
    floor = np.maximum(1.0 * typical * catalogue.sold, 0.55 * parents)
    safety = np.maximum(np.ceil(weeks * weekly), np.ceil(floor)).astype(np.int64)
    everywhere = (catalogue.level == 0) & (catalogue.rank < 10)
    two = (catalogue.level == 0) & (catalogue.rank < 22)
    held = np.vstack([np.ones(n, dtype=bool), two, everywhere, everywhere])
    share = np.zeros((WAREHOUSES, n))
    np.add.at(share, (home_warehouse(demand, held, wanted), demand.product), demand.quantity)
    share /= np.maximum(share.sum(axis=0), 1)[None, :]
    shortages = _shortages(calendar, catalogue, demand, len(demand.day))
    return Policy(needed, lot, safety, held, share, shortages, _mistakes(seed, calendar, catalogue, weekly))


def _mistakes(seed: int, calendar: Calendar, catalogue: Catalogue, weekly: Floats) -> list[Overbuy]:
    """Slow bought items of every category, and more spares than anybody needs: the stock that grows old."""
    rng = np.random.default_rng([seed, 9])
    slow = (catalogue.level == 0) & ~catalogue.made & (catalogue.rank >= 12) & (weekly > 0)
    found = []
    for category, count in enumerate(OVERBOUGHT):
        here = np.flatnonzero(slow & (catalogue.category == category))
        for product in rng.choice(here, min(count, len(here)), replace=False):
            ago, weeks = int(rng.integers(190, 460)), float(rng.uniform(55, 110))
            found.append(Overbuy(int(product), max(1, calendar.today - ago), max(2, round(weeks * weekly[product]))))
    return found


def _shortages(calendar: Calendar, catalogue: Catalogue, demand: Demand, lines: int) -> list[Shortage]:
    found = []
    for category, rank, money, days in PLANTED:
        here = np.flatnonzero((catalogue.category == category) & (catalogue.rank == rank) & catalogue.sold)
        product = int(here[0])
        window = slice(calendar.today + days, min(calendar.today + AHEAD, calendar.today + days + 14))
        daily = demand.expected[window, product].mean() * catalogue.price[product] / 100 * 0.89
        gap = money * 1e6 * lines / DEFAULT_LINES / max(daily, 1.0)
        found.append(
            Shortage(product, calendar.today + days, calendar.today + days + int(np.clip(round(gap), 3, 40 - days)))
        )
    return found
