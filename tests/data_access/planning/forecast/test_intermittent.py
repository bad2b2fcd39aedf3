"""The four candidates by hand, and the choice by pooled RMSSE."""

import numpy as np
import pytest

from data_access.planning.forecast.intermittent import METHODS, adida, choose, moving_average, ses, tsb

NAN = np.nan


def test_tsb_by_hand() -> None:
    """Chance 2/3, size 4. No sale: 0.6. A sale of 2: chance 0.64, size 3.8."""
    assert tsb(np.array([[0.0, 4.0, 0.0, 2.0]]), 2)[0] == pytest.approx([0.64 * 3.8] * 2)


def test_moving_average_by_hand() -> None:
    assert moving_average(np.array([[99.0] + [0.0, 6.0] * 6]), 1)[0, 0] == 3.0
    assert moving_average(np.array([[0.0, 0.0, 6.0, 0.0, 3.0]]), 1)[0, 0] == 3.0
    assert moving_average(np.array([[4.0, NAN, 2.0]]), 1)[0, 0] == 3.0


def test_smoothing_in_plain_python() -> None:
    values = [2.0, 0.0, 0.0, 5.0, 0.0, 3.0, 0.0, 0.0]
    best = (float("inf"), 0.0)
    for alpha in (0.02, 0.05, 0.1, 0.15, 0.2, 0.3):
        level, errors = values[0], 0.0
        for value in values[1:]:
            errors += (value - level) ** 2
            level += alpha * (value - level)
        best = min(best, (errors, level))
    assert ses(np.array([[0.0, *values]]), 1)[0, 0] == pytest.approx(best[1])


def test_adida_adds_up_and_shares_out() -> None:
    """A sale of 6 every third period is 2 a period, whatever the phase; a young bucket's rest is left out in front."""
    assert adida(np.array([[6.0, 0.0, 0.0] * 6]), 2)[0] == pytest.approx([2.0, 2.0])
    assert adida(np.array([[0.0, 0.0, 6.0] * 6]), 2)[0] == pytest.approx([2.0, 2.0], rel=0.35)


@pytest.mark.parametrize("method", METHODS.values(), ids=list(METHODS))
def test_all_fade_when_demand_stays_away(method: object) -> None:
    busy = np.array([[0.0, 4.0] * 20])
    quiet = np.hstack([busy, np.zeros((1, 24))])
    assert method(quiet, 1)[0, 0] < 0.6 * method(busy, 1)[0, 0]  # type: ignore[operator]


@pytest.mark.parametrize("method", METHODS.values(), ids=list(METHODS))
def test_the_mean_is_met(method: object) -> None:
    """Sales of 3 with a chance of 0.3: all candidates are within a tenth of 0.9 over many items."""
    rng = np.random.default_rng(6)
    history = np.where(rng.random((2000, 80)) < 0.3, 3.0, 0.0)
    assert method(history, 1).mean() == pytest.approx(0.9, rel=0.1)  # type: ignore[operator]


def test_one_method_for_all_the_least_wrong_one() -> None:
    rng = np.random.default_rng(7)
    history = np.where(rng.random((60, 90)) < 0.3, rng.integers(1, 9, (60, 90)), 0).astype(float)
    best, test, score = choose(history, 8, 52)
    assert set(score) == set(METHODS) and score[best] == min(score.values())
    again = METHODS[best](history[:, : test.origins[0]], 8)
    np.testing.assert_array_equal(test.forecast[0], again)


def test_nothing_to_judge_by() -> None:
    best, _, score = choose(np.array([[1.0, 0.0, 1.0]]), 4, 52)
    assert best == "ses" and all(np.isnan(value) for value in score.values())
