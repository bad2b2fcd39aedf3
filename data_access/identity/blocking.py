"""Which records are worth comparing: those that share a key, and neighbours in alphabetical order.

A pair is one whole number, first * n + second with first < second, of the records' places 0 .. n - 1.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]


def codes(values: Texts) -> Ints:
    """Equal texts get equal numbers; an empty text gets -1."""
    import pandas as pd

    found, names = pd.factorize(values, use_na_sentinel=True)
    empty = np.flatnonzero(names == "")
    return np.where(found == empty[0], -1, found).astype(np.int64) if len(empty) else found.astype(np.int64)


def sharing(record: Ints, key: Ints, n: int, most: int) -> Ints:
    """Pairs of records with an equal key (-1 is none), sorted; keys that more than `most` records have are left out."""
    keep = key >= 0
    record, key = record[keep], key[keep]
    order = np.lexsort((record, key))
    record, key = record[order], key[order]
    fresh = np.ones(len(key), dtype=bool)
    fresh[1:] = (key[1:] != key[:-1]) | (record[1:] != record[:-1])
    record, key = record[fresh], key[fresh]
    starts = np.flatnonzero(np.append(True, key[1:] != key[:-1])) if len(key) else np.zeros(0, dtype=np.int64)
    size = np.diff(np.append(starts, len(key)))
    first_of, size_of = np.repeat(starts, size), np.repeat(size, size)
    place = np.arange(len(key)) - first_of
    later = np.where(size_of <= most, size_of - 1 - place, 0)  # how many records follow in the same block
    first = np.repeat(np.arange(len(key)), later)
    ahead = np.arange(len(first)) - np.repeat(np.cumsum(later) - later, later)
    return _distinct(record[first] * n + record[first + 1 + ahead])


def neighbours(values: Texts, n: int, width: int) -> Ints:
    """Pairs of records at most `width` apart when sorted by the text; empty texts are left out."""
    some = np.flatnonzero(values != "")
    order = some[np.argsort(values[some].astype(str), kind="stable")]
    found = [_pair(order[:-step], order[step:], n) for step in range(1, width + 1) if len(order) > step]
    return _distinct(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)


def _pair(one: Ints, other: Ints, n: int) -> Ints:
    return np.minimum(one, other).astype(np.int64) * n + np.maximum(one, other)


def union(*pairs: Ints) -> Ints:
    return _distinct(np.concatenate(pairs))


def _distinct(pairs: Ints) -> Ints:
    """Sorted, each once. (numpy.unique hashes first, which takes four times as long for millions.)"""
    found = np.sort(pairs)
    return found[np.append(True, found[1:] != found[:-1])] if len(found) else found


def within(pairs: Ints, some: Ints) -> npt.NDArray[np.bool_]:
    """Whether each pair is among `some` (sorted)."""
    if not len(some):
        return np.zeros(len(pairs), dtype=bool)
    at = np.minimum(np.searchsorted(some, pairs), len(some) - 1)
    return np.asarray(some[at] == pairs)
