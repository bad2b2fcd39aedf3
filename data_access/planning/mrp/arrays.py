"""Array types and the few helpers every step of the planning uses."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Days = NDArray[np.datetime64]

TINY = 1e-7  # finer than the six digits after the point that a quantity of the warehouse has


def per_item(value: Any, items: int) -> Floats:
    """(items,) floats of one number or of one number an item."""
    return np.array(np.broadcast_to(np.asarray(value, dtype=np.float64), (items,)))


def whole_per_item(value: Any, items: int) -> Ints:
    """(items,) whole numbers of one number or of one number an item."""
    return np.array(np.broadcast_to(np.asarray(value, dtype=np.int64), (items,)))


def flag_per_item(value: Any, items: int) -> Bools:
    """(items,) flags of one flag or of one flag an item."""
    return np.array(np.broadcast_to(np.asarray(value, dtype=np.bool_), (items,)))


def rows_of(starts: Ints, counts: Ints) -> Ints:
    """The row numbers starts[i] .. starts[i]+counts[i]-1 of every group i, one group after the other."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.asarray(np.arange(total) + np.repeat(starts - (ends - counts), counts), dtype=np.int64)


def at(matrix: Floats, columns: Ints) -> Floats:
    """(items,) matrix[i, columns[i]]."""
    return np.asarray(np.take_along_axis(matrix, columns[:, None], axis=1)[:, 0])


def bucketed(item: Ints, period: Ints, quantity: Floats, shape: tuple[int, int]) -> Floats:
    """(items, periods) sums of quantities by item and period; periods outside the horizon are left out."""
    inside = (period >= 0) & (period < shape[1])
    flat = np.bincount(item[inside] * shape[1] + period[inside], quantity[inside], minlength=shape[0] * shape[1])
    return np.asarray(flat, dtype=np.float64).reshape(shape)
