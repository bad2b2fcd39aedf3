"""How probable it is that two records are one: agreement of fields weighed as Fellegi and Sunter did.

Two classes of pairs, matches and others; in each a field's level of agreement has its own distribution, independent of
the other fields. What the distributions are is learned from the pairs themselves by expectation maximisation, on top of
a prior worth `strength` pairs, so that a handful of pairs is judged by the prior. Deterministic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Levels = npt.NDArray[np.int8]  # pairs x fields; -1: not known on one side, 0: differs, higher: agrees more
Floats = npt.NDArray[np.float64]
ROUNDS, SETTLED = 200, 1e-6


@dataclass(frozen=True)
class Field:
    """A field with what is expected of it beforehand: the share of each level among matches and among other pairs."""

    name: str
    match: tuple[float, ...]
    other: tuple[float, ...]


@dataclass(frozen=True)
class Mixture:
    """`weights`: per field the natural log of match share over other share by level; `share`: matches among pairs."""

    weights: tuple[Floats, ...]
    share: float

    def log_odds(self, levels: Levels) -> Floats:
        """Of each pair; a field that is not known adds nothing."""
        found = np.full(len(levels), np.log(self.share / (1 - self.share)))
        for place, weight in enumerate(self.weights):
            found += np.append(weight, 0.0)[levels[:, place]]
        return found

    def probability(self, levels: Levels) -> Floats:
        return _logistic(self.log_odds(levels))


def learn(levels: Levels, fields: Sequence[Field], share: float = 0.1, strength: float = 50.0) -> Mixture:
    """The mixture that explains these pairs. `share`: matches expected among them beforehand."""
    patterns, counts = _patterns(levels)
    known = [[patterns[:, place] == level for level in range(len(field.match))] for place, field in enumerate(fields)]
    found = Mixture(tuple(np.log(np.divide(f.match, f.other)) for f in fields), share)
    for _ in range(ROUNDS if len(patterns) else 0):
        matches = found.probability(patterns) * counts
        others = counts - matches
        weights = tuple(
            np.log(_shares(matches, masks, field.match, strength) / _shares(others, masks, field.other, strength))
            for field, masks in zip(fields, known, strict=True)
        )
        after = Mixture(weights, float((matches.sum() + share * strength) / (counts.sum() + strength)))
        moved = max(float(np.abs(a - b).max()) for a, b in zip(weights, found.weights, strict=True))
        found = after
        if moved < SETTLED:
            break
    return found


def _patterns(levels: Levels) -> tuple[Levels, npt.NDArray[np.int64]]:
    """The different rows, and how often each occurs."""
    if not len(levels):
        return levels, np.zeros(0, dtype=np.int64)
    radix = int(levels.max()) + 2
    key = np.zeros(len(levels), dtype=np.int64)
    for place in range(levels.shape[1]):
        key = key * radix + levels[:, place] + 1
    _, first, counts = np.unique(key, return_index=True, return_counts=True)
    return levels[first], counts


def _shares(mass: Floats, masks: Sequence[npt.NDArray[np.bool_]], prior: tuple[float, ...], strength: float) -> Floats:
    """Share of each level in a class, the prior counted as `strength` pairs."""
    found = np.array([mass[mask].sum() for mask in masks]) + strength * np.array(prior)
    return np.asarray(found / found.sum())


def _logistic(x: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -500, 500))))
