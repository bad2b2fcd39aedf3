"""Customers' orders and the forecast as one demand: who consumes whom, on either side of the demand time fence."""

from __future__ import annotations

import numpy as np

from data_access.planning.mrp.arrays import Floats, Ints


def independent_demand(forecast: Floats, orders: Floats, fence: Ints, deals: Floats | None = None) -> Floats:
    """(items, periods) demand from outside: orders alone before the fence, then the larger of orders and forecast.

    forecast, orders, deals: (items, periods) base units; fence: (items,) number of first periods inside the demand
    time fence. deals: expected quantities of large opportunities, on top of either since no forecast knows of them.
    """
    inside = np.arange(forecast.shape[1]) < fence[:, None]
    demand = np.where(inside, orders, np.maximum(orders, forecast))
    return demand if deals is None else demand + deals


def unconsumed(forecast: Floats, orders: Floats, fence: Ints) -> Floats:
    """(items, periods) the part of the demand that no order stands behind yet."""
    return independent_demand(forecast, orders, fence) - orders
