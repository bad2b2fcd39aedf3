"""Campaigns that run or are planned: marketing's own plans, of which the planners of stock know nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_access.demo import names
from data_access.demo.demand import Campaign
from data_access.demo.world import World


@dataclass(frozen=True)
class Plan:
    """A campaign by category: ranks of its products there, first day from today, days, uplift and discount."""

    theme: str
    category: int
    ranks: tuple[int, ...]
    start: int
    length: int
    uplift: float
    discount: float


# The first two sell what is about to run out, the third what there is too much of, the others what is there.
PLANS = (
    Plan("year-end offer", 0, (0, 5), -9, 28, 1.35, 0.08),
    Plan("plant upgrade", 2, (0, 2), 6, 24, 1.30, 0.05),
    Plan("service weeks", 6, (), 12, 42, 4.00, 0.15),
    Plan("packaging line bundle", 1, (2, 4, 6), 20, 28, 1.25, 0.05),
    Plan("spring maintenance", 5, (1, 3), 38, 35, 1.30, 0.08),
)


def coming(world: World) -> list[Campaign]:
    """The plans as campaigns of this company; without ranks the items of the category bought too much of."""
    catalogue, today = world.catalogue, world.calendar.today
    found = []
    for plan in PLANS:
        here = (catalogue.category == plan.category) & catalogue.sold
        products = [int(np.flatnonzero(here & (catalogue.rank == rank))[0]) for rank in plan.ranks]
        products = products or [m.product for m in world.policy.mistakes if here[m.product]][:4]
        name = f"{names.CATEGORIES[plan.category].name} {plan.theme}"
        first = today + plan.start
        found.append(Campaign(name, products, first, first + plan.length, plan.uplift, plan.discount))
    return found
