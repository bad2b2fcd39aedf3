"""The two halves of the ensemble against plain Python and closed forms."""

import numpy as np
import pytest

from data_access.planning.demand import Floats
from data_access.planning.forecast.damped import GRID, damped
from data_access.planning.forecast.ensemble import ensemble, naive2
from data_access.planning.forecast.shape import blocks, fill
from data_access.planning.forecast.theta import ALPHAS, line, smooth, theta


def ragged(items: int = 30, periods: int = 40) -> Floats:
    rng = np.random.default_rng(2)
    history = np.abs(rng.normal(50, 15, (items, periods)) + np.arange(periods) * rng.normal(0, 1, (items, 1)))
    for row in range(items):
        history[row, : row % (periods - 1)] = np.nan
    return history


def plain_theta(values: list[float], horizon: int) -> list[float]:
    """Hyndman and Billah (2003): smoothing the line bent double is smoothing the data twice less smoothing the straight
    line, and smoothing a straight line from its first point lags by b (1 - a) (1 - (1 - a)^(n - 1)) / a."""
    n = len(values)
    middle = (n - 1) / 2
    square = sum((t - middle) ** 2 for t in range(n))
    slope = sum((t - middle) * v for t, v in enumerate(values)) / square if square else 0.0
    intercept = sum(values) / n - slope * middle
    best = (float("inf"), 0.0)
    for alpha in ALPHAS.tolist():
        level, errors = values[0], 0.0
        lag_before, of_line = 0.0, intercept
        for t in range(1, n):
            bent = 2 * values[t] - (intercept + slope * t)
            errors += (bent - (2 * level - of_line)) ** 2
            level += alpha * (values[t] - level)
            lag_before = slope * (1 - alpha) * (1 - (1 - alpha) ** t) / alpha
            of_line = intercept + slope * t - lag_before
        best = min(best, (errors, 2 * level - of_line))
    return [(intercept + slope * (n + h) + best[1]) / 2 for h in range(horizon)]


def plain_damped(values: list[float], horizon: int) -> list[float]:
    first = values[:8]
    n = len(first)
    middle = sum(range(1, n + 1)) / n
    square = sum((t - middle) ** 2 for t in range(1, n + 1))
    slope = sum((t - middle) * v for t, v in enumerate(first, 1)) / square if square else 0.0
    start = sum(first) / n - slope * middle
    best: tuple[float, list[float]] = (float("inf"), [])
    for alpha, beta, phi in GRID.tolist():
        level, trend, errors = start, slope, 0.0
        for value in values:
            error = value - (level + phi * trend)
            errors += error**2
            level, trend = level + phi * trend + alpha * error, phi * trend + beta * error
        if errors < best[0]:
            best = (errors, [level + trend * sum(phi**k for k in range(1, h + 1)) for h in range(1, horizon + 1)])
    return best[1]


def test_theta_is_the_plain_telling() -> None:
    history = ragged()
    for found, row in zip(theta(history, 6), history, strict=True):
        assert found == pytest.approx(plain_theta(row[~np.isnan(row)].tolist(), 6))


def test_damped_is_the_plain_telling() -> None:
    history = ragged()
    for found, row in zip(damped(history, 6), history, strict=True):
        assert found == pytest.approx(plain_damped(row[~np.isnan(row)].tolist(), 6))


def test_smoothing_by_hand() -> None:
    """10, then 14 at a half: 12; then 8: 10. Errors 4 and -4."""
    level, errors = smooth(np.array([[10.0], [14.0], [8.0]]), np.array([1, 1, 1]), np.array([0.5]))
    assert level[0, 0] == 10.0 and errors[0, 0] == 32.0


def test_the_straight_line_by_hand() -> None:
    block = next(blocks(np.array([[np.nan, 1.0, 3.0, 8.0]])))
    intercept, slope = line(block)
    assert slope[0] == pytest.approx(3.5) and intercept[0] == pytest.approx(0.5)


def test_a_constant_stays_and_one_value_is_carried_on() -> None:
    history = np.array([[7.0] * 30, [np.nan] * 29 + [3.0]])
    assert ensemble(history, 5, 12) == pytest.approx(np.array([[7.0] * 5, [3.0] * 5]))


def test_a_trend_is_followed_but_less_and_less() -> None:
    found = ensemble(np.arange(10.0, 50.0)[None, :], 12, 1)[0]
    steps = np.diff(found)
    assert (steps > 0).all() and (np.diff(steps) < 1e-12).all() and steps[0] < 1.0
    assert 49.0 < found[0] < 51.0


def test_a_fall_ends_at_nothing() -> None:
    assert ensemble(np.arange(40.0, 0.0, -1.0)[None, :], 60, 1).min() == 0.0


def test_the_season_is_kept() -> None:
    history = 50.0 * np.tile([0.8, 1.2, 1.1, 0.9], 10)[None, :]
    assert ensemble(history, 4, 4)[0] == pytest.approx([40, 60, 55, 45], rel=1e-6)
    assert naive2(history, 4, 4)[0] == pytest.approx([40, 60, 55, 45])


def test_a_gap_is_filled_from_its_season_not_by_a_straight_line() -> None:
    history = 50.0 * np.tile([0.2, 0.2, 3.4, 0.2], 10)[None, :]
    holed = history.copy()
    holed[0, [18, 26]] = np.nan
    assert ensemble(holed, 4, 4)[0] == pytest.approx(ensemble(history, 4, 4)[0], rel=0.02)


def test_gaps_closed_by_hand() -> None:
    found = fill(np.array([[np.nan, 2.0, np.nan, np.nan, 8.0, np.nan], [np.nan] * 6]))
    assert found[0, 1:].tolist() == [2.0, 4.0, 6.0, 8.0, 8.0] and np.isnan(found[0, 0]) and np.isnan(found[1]).all()
