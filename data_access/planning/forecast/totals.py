"""The total forecast directly, and the items scaled to it: errors of items cancel, biases of items do not."""

from __future__ import annotations

import numpy as np

from data_access.planning.demand import Floats


def scale_to(total: Floats, items: Floats, price: Floats | None = None) -> Floats:
    """(items, horizon) items' quantities times one factor a period, so that quantity x price adds up to the total.

    total: (horizon,) in the unit of quantity x price; price: (items,), 1 without it. A period whose total is unknown,
    or in which no item expects anything, stays as it is.
    """
    return np.asarray(items * factors(total, items, price)[None, :])


def factors(total: Floats, items: Floats, price: Floats | None = None) -> Floats:
    """(horizon,) total / sum of the items; 1 where either is unknown or nothing is expected."""
    worth = items if price is None else items * price[:, None]
    added = worth.sum(axis=0)
    usable = (added > 0) & (total >= 0)
    return np.asarray(np.where(usable, np.where(usable, total, 0.0) / np.where(usable, added, 1.0), 1.0))
