"""Campaigns of the small random company of tests."""

from __future__ import annotations

import random
from datetime import date, timedelta

from tests.modelbench import Bench


def some_campaigns(rng: random.Random, bench: Bench, today: date, products: int) -> None:
    """One that runs, two that are planned, one that is over, one called off; each sells three products."""
    spans = ((-5, 20, "running"), (4, 30, "planned"), (25, 60, "planned"), (-60, -20, "done"), (2, 9, "cancelled"))
    named = [
        {
            "campaign_id": f"k{k}",
            "name": f"Campaign {k}",
            "start_date": today + timedelta(days=first),
            "end_date": today + timedelta(days=last),
            "status": status,
        }
        for k, (first, last, status) in enumerate(spans)
    ]
    sold = [
        {
            "campaign_id": row["campaign_id"],
            "product_sku": f"SKU-{product}",
            "planned_quantity": rng.randint(5, 200),
            "discount": str(rng.choice((0, 5, 10)) / 100),
        }
        for row in named
        for product in rng.sample(range(products), 3)
    ]
    bench.rows("campaign", named, "crm").rows("campaign_product", sold, "crm")
