"""When work on something new can begin: the day its last part is there, by what the plan leaves over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Part:
    """What one unit of an item takes of another. free: (day, quantity) that the plan leaves over from that day on, both
    rising; fresh: the day newly ordered ones are there, whatever they are made of included."""

    product_id: str
    name: str
    per_unit: Decimal
    free: tuple[tuple[date, Decimal], ...]
    fresh: date

    def there(self, quantity: Decimal) -> date:
        """The first day on which the parts for so many units are there."""
        wanted = quantity * self.per_unit
        return min([day for day, left in self.free if left >= wanted] + [self.fresh])


@dataclass(frozen=True)
class Start:
    """The day work can begin, and the part that it waits for (None: it can begin today)."""

    day: date
    waits_for: Part | None = None


def start(today: date, parts: Sequence[Part], quantity: Decimal) -> Start:
    """When all parts of `quantity` units are there."""
    days = [(part.there(quantity), part) for part in parts]
    last, part = max(days, key=lambda found: found[0], default=(today, None))
    return Start(last, part) if last > today else Start(today)
