"""What can still be promised: discrete available-to-promise with backward consumption, and its running sum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_access.planning.mrp.arrays import TINY, Bools, Floats, Ints


@dataclass(frozen=True)
class Available:
    """discrete: (items, periods), figures stand in the first period and in those with supply, 0 elsewhere; is_bucket:
    (items, periods) where they stand; cumulative: (items, periods) running sum."""

    discrete: Floats
    is_bucket: Bools
    cumulative: Floats


def available_to_promise(on_hand: Floats, supply: Floats, committed: Floats) -> Available:
    """First period: on hand + supply - what is committed until the next supply; later supply: itself less the same.

    on_hand: (items,); supply (scheduled and planned receipts), committed (customers' orders and what parents take):
    (items, periods). What a period lacks is taken from earlier ones, the nearest first; what stays negative is shown
    where it arises. The sum of all is on hand + supply - committed.
    """
    is_bucket = supply > TINY
    is_bucket[:, 0] = True
    change = supply - committed
    change[:, 0] += on_hand
    running = np.cumsum(change, axis=1)
    begins = np.where(is_bucket, np.arange(supply.shape[1]), -1)
    begins = np.maximum.accumulate(begins, axis=1)
    starts, ends = _edges(begins)
    before = np.where(starts > 0, np.take_along_axis(running, np.maximum(starts - 1, 0), axis=1), 0.0)
    raw = np.where(is_bucket, np.take_along_axis(running, ends, axis=1) - before, 0.0)
    discrete = consumed_backward(raw)
    return Available(discrete, is_bucket, np.cumsum(discrete, axis=1))


def _edges(begins: Ints) -> tuple[Ints, Ints]:
    """(items, periods) for each period: where its bucket begins and ends."""
    periods = begins.shape[1]
    is_last = np.ones(begins.shape, dtype=np.bool_)
    is_last[:, :-1] = begins[:, 1:] != begins[:, :-1]
    ends = np.where(is_last, np.arange(periods), periods)
    return begins, np.minimum.accumulate(ends[:, ::-1], axis=1)[:, ::-1]


def consumed_backward(raw: Floats) -> Floats:
    """(items, periods) with every negative figure taken from earlier positive ones, the nearest first; a negative rest
    stays where it arose.

    What no earlier period can give is how far the running sum falls below all it was before; what no later period takes
    is the same seen from the end.
    """
    lowest = np.maximum.accumulate(np.maximum(-np.cumsum(raw, axis=1), 0.0), axis=1)
    kept = np.maximum.accumulate(np.maximum(np.cumsum(raw[:, ::-1], axis=1), 0.0), axis=1)[:, ::-1]
    missing = np.diff(lowest, axis=1, prepend=0.0)
    free = -np.diff(kept, axis=1, append=0.0)
    return np.asarray(free - missing)
