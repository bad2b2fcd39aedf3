"""Round values for an axis."""

from __future__ import annotations

import math

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def round_step(span: float, most: int) -> float:
    """The smallest round step that fits `most` times or fewer into `span` (over zero)."""
    size = 10.0 ** math.floor(math.log10(span / most))
    return next(step * size for step in STEPS if span / (step * size) <= most)


def ticks(low: float, high: float, most: int = 4) -> list[float]:
    """Round values from `low` to `high`, both within; zero is exact."""
    if high <= low:
        return [low]
    step = round_step(high - low, most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(k * step, 12) for k in range(first, last + 1)]


def digits(values: list[float]) -> int:
    """How many digits after the point tell neighbouring values apart, two at the most."""
    return next((n for n in (0, 1) if all(abs(value - round(value, n)) < 1e-9 for value in values)), 2)
