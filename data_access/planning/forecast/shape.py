"""Histories of different lengths side by side: gaps closed, series left-aligned for recursions over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from data_access.planning.demand import Bools, Floats
from data_access.planning.weeks import Ints

BLOCK = 256  # items a recursion carries at a time, so that its states stay in the processor's cache


def starts(history: Floats) -> Ints:
    """(items,) column of the first known value; the number of columns where nothing is known."""
    known = ~np.isnan(history)
    if not history.shape[1]:
        return np.zeros(len(history), dtype=np.int64)
    return np.asarray(np.where(known.any(axis=1), known.argmax(axis=1), history.shape[1]), dtype=np.int64)


def lengths(history: Floats) -> Ints:
    """(items,) periods from the first known value to the last column."""
    return np.asarray(history.shape[1] - starts(history), dtype=np.int64)


def exists(history: Floats) -> Bools:
    """(items, periods) whether the item existed in the period."""
    return np.asarray(np.arange(history.shape[1])[None, :] >= starts(history)[:, None])


def fill(history: Floats) -> Floats:
    """(items, periods) gaps after the start closed along the straight line between their neighbours; the last known
    value is carried on."""
    known = ~np.isnan(history)
    gaps = ~known & exists(history)
    if not gaps.any():
        return history
    columns = np.broadcast_to(np.arange(history.shape[1]), history.shape)
    last = np.maximum.accumulate(np.where(known, columns, -1), axis=1)
    after = np.where(known, columns, history.shape[1])[:, ::-1]
    following = np.minimum.accumulate(after, axis=1)[:, ::-1]
    following = np.where(following < history.shape[1], following, last)
    item, hole = np.nonzero(gaps)
    left, right = last[item, hole], following[item, hole]
    share = (hole - left) / np.maximum(right - left, 1)
    share = np.where(right > left, share, 0.0)
    filled = history.copy()
    filled[item, hole] = (1 - share) * history[item, left] + share * history[item, right]
    return filled


@dataclass(frozen=True)
class Block:
    """Some items, longest first. values: (periods, items) each from its first value on; length: (items,);
    rows: their places in the history; running: (periods,) how many of them have a value in that period."""

    values: Floats
    length: Ints
    rows: Ints
    running: Ints


def blocks(history: Floats, size: int = BLOCK) -> Iterator[Block]:
    """The items that have a value at all, in blocks of similar length; history must have no gaps."""
    length = lengths(history)
    order = np.argsort(-length, kind="stable")
    order = order[length[order] > 0]
    for first in range(0, len(order), size):
        rows = order[first : first + size]
        long = length[rows]
        periods = np.arange(long[0])
        column = history.shape[1] - long[None, :] + periods[:, None]
        values = history[rows[None, :], np.minimum(column, history.shape[1] - 1)]
        running = np.searchsorted(-long, -periods, side="left")
        yield Block(np.ascontiguousarray(values), long, rows, np.asarray(running, dtype=np.int64))
