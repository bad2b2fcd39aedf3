"""How much is ordered at once: lot-for-lot, fixed, minimum and multiple, economic and period order quantity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from data_access.planning.mrp.arrays import TINY, Floats, Ints, per_item, whole_per_item


@dataclass(frozen=True)
class Lots:
    """One rule an item, all (items,), quantities in base units. An order is at least `minimum`, a whole number of
    `multiple` (0: any quantity), never more than `maximum` a period; it covers the needs of `periods` periods at once.

    Lot-for-lot is the rule with nothing set; a fixed quantity Q is the multiple Q, so that ceil(need / Q) Q is ordered.
    """

    minimum: Floats
    multiple: Floats
    maximum: Floats
    periods: Ints

    @staticmethod
    def of(items: int, minimum: Any = 0.0, multiple: Any = 0.0, maximum: Any = np.inf, periods: Any = 1) -> Lots:
        """Rules for `items` items, each part one number for all or one an item; ValueError where an order that keeps
        to the maximum would break the minimum or the multiple."""
        least, step, most = per_item(minimum, items), per_item(multiple, items), per_item(maximum, items)
        smallest = rounded_up(least, step)
        if ((most < smallest) | (most < step)).any():
            raise ValueError("a lot's maximum is below its minimum or multiple")
        return Lots(least, step, most, np.maximum(whole_per_item(periods, items), 1))

    def some(self, items: Ints) -> Lots:
        """The rules of these items."""
        return Lots(self.minimum[items], self.multiple[items], self.maximum[items], self.periods[items])

    def size(self, need: Floats) -> Floats:
        """(items,) what is ordered for a need; nothing where there is none."""
        wanted = rounded_up(np.maximum(need, self.minimum), self.multiple)
        allowed = np.where(self.multiple > 0, rounded_down(self.maximum, self.multiple), self.maximum)
        return np.where(need > TINY, np.minimum(wanted, allowed), 0.0)


def rounded_up(quantity: Floats, multiple: Floats) -> Floats:
    """The next whole multiple; as it is where the multiple is 0. A trace above a multiple does not cost another."""
    step = np.where(multiple > 0, multiple, 1.0)
    return np.where(multiple > 0, np.ceil(quantity / step - 1e-9) * step, quantity)


def rounded_down(quantity: Floats, multiple: Floats) -> Floats:
    """The whole multiple below; as it is where the multiple is 0 or there is no limit."""
    step = np.where(multiple > 0, multiple, 1.0)
    whole = (multiple > 0) & np.isfinite(quantity)
    return np.where(whole, np.floor(np.where(whole, quantity, 0.0) / step + 1e-9) * step, quantity)


def economic_order_quantity(demand: Any, order_cost: Any, holding_cost: Any) -> Floats:
    """sqrt(2 D S / H): demand and the cost of holding one unit over the same time, the cost of one order. 0 without
    demand; infinite where holding costs nothing."""
    need = np.asarray(demand, dtype=np.float64) * np.asarray(order_cost, dtype=np.float64)
    hold = np.asarray(holding_cost, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(need > 0, np.sqrt(2 * need / hold), 0.0)


def period_order_quantity(quantity: Any, demand: Any) -> Ints:
    """Whole periods, at least one, that an order quantity lasts at a demand a period."""
    rate = np.asarray(demand, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        lasts = np.where(rate > 0, np.asarray(quantity, dtype=np.float64) / rate, 1.0)
    return np.asarray(np.clip(np.rint(lasts), 1, 520), dtype=np.int64)
