"""How alike texts are, in levels; and who belongs to whom when everybody has one partner at the most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from data_access.identity.blocking import Ints, Texts
from data_access.identity.mixture import Floats, Levels

UNKNOWN = -1


def similarity(one: Texts, other: Texts) -> Floats:
    """0 to 100 by place; NaN where either text is empty."""
    from rapidfuzz import fuzz, process

    found = np.full(len(one), np.nan)
    known = np.flatnonzero((one != "") & (other != ""))
    if len(known):
        found[known] = process.cpdist(one[known].tolist(), other[known].tolist(), scorer=fuzz.ratio)
    return found


def graded(alike: Floats, cuts: Sequence[float]) -> Levels:
    """How many of the cuts (ascending) a similarity reaches; UNKNOWN for NaN."""
    levels = np.searchsorted(np.asarray(cuts), alike, side="right")
    return np.where(np.isnan(alike), UNKNOWN, levels).astype(np.int8)


def partners(left: Ints, right: Ints, score: Floats, least: float) -> Ints:
    """Places of the pairs that are taken when the best go first and nobody is taken twice; below `least` none."""
    taken_left, taken_right, found = set[int](), set[int](), list[int]()
    for place in np.lexsort((right, left, -score)).tolist():
        if score[place] < least:
            break
        one, other = int(left[place]), int(right[place])
        if one not in taken_left and other not in taken_right:
            taken_left.add(one)
            taken_right.add(other)
            found.append(place)
    return np.array(found, dtype=np.int64)
