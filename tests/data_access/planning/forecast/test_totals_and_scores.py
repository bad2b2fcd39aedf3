"""Totals that items add up to, and scores by hand."""

import numpy as np
import pytest

from data_access.planning.forecast import scores
from data_access.planning.forecast.totals import factors, scale_to

NAN = np.nan


def test_items_add_up_to_the_total() -> None:
    items, price = np.array([[1.0, 2.0, 0.0], [3.0, 2.0, 0.0]]), np.array([10.0, 20.0])
    total = np.array([140.0, 30.0, 50.0])
    found = scale_to(total, items, price)
    assert (found * price[:, None]).sum(axis=0) == pytest.approx([140.0, 30.0, 0.0])
    assert 3 * found[0, 0] == pytest.approx(found[1, 0]) and found[0, 1] == pytest.approx(found[1, 1])
    assert factors(np.array([NAN, 8.0, 1.0]), items).tolist() == [1.0, 2.0, 1.0]


FORECAST, ACTUAL = np.array([12.0, 8.0, 10.0, 5.0]), np.array([10.0, 10.0, 10.0, NAN])


def test_scores_by_hand() -> None:
    """Errors 2, -2 and 0 on 10, 10 and 10; the fourth is not known."""
    assert scores.wape(FORECAST, ACTUAL) == pytest.approx(4 / 30)
    assert scores.bias(FORECAST, ACTUAL) == 0.0
    assert scores.smape(FORECAST, ACTUAL) == pytest.approx((200 * 2 / 22 + 200 * 2 / 18 + 0) / 3)
    assert scores.tracking_signal(FORECAST, ACTUAL) == 0.0
    assert scores.tracking_signal(np.array([11.0, 12, 13, 11, 12]), np.full(5, 10.0)) == pytest.approx(9 / 1.8)
    assert scores.smape(np.zeros(2), np.zeros(2)) == 0.0


def test_scaled_errors_by_hand() -> None:
    """History 2, 4, 1, 5: changes 2, 3, 4, mean 3, mean square 29 / 3."""
    history = np.array([[0.0, 2, 4, 1, 5]])
    known = np.array([[NAN, 2.0, 4, 1, 5]])
    assert scores.naive_scale(known)[0] == pytest.approx(3.0)
    assert scores.step_scale(history)[0] == pytest.approx(29 / 3)
    forecast, actual = np.array([[4.0, 4.0]]), np.array([[1.0, 6.0]])
    assert scores.mase(forecast, actual, np.array([3.0]))[0] == pytest.approx(2.5 / 3)
    assert scores.rmsse(forecast, actual, np.array([29 / 3]))[0] == pytest.approx((6.5 * 3 / 29) ** 0.5)
    assert scores.naive_scale(np.array([[1.0, 2, 4, 6]]), 2)[0] == pytest.approx(3.5)


def test_pooled_rmsse_by_hand() -> None:
    """Squares 4 and 9 in scales of 2 and 9: the mean of 2 and 1; an item without a scale does not count."""
    forecast, actual = np.array([[[2.0], [3.0], [1.0]]]), np.zeros((1, 3, 1))
    assert scores.pooled_rmsse(forecast, actual, np.array([2.0, 9.0, 0.0])) == pytest.approx(1.5**0.5)


def test_owa_coverage_and_value_added() -> None:
    assert scores.owa(13.0, 0.9, 16.0, 1.0) == pytest.approx((13 / 16 + 0.9) / 2)
    low, high = np.array([1.0, 1, NAN, 1]), np.array([3.0, 3, 3, 3])
    assert scores.coverage(low, high, np.array([3.0, 4, 2, NAN])) == 0.5
    reference = np.array([15.0, 10, 10, NAN])
    assert scores.value_added(FORECAST, reference, ACTUAL) == pytest.approx(5 / 30 - 4 / 30)


def test_nothing_to_judge_is_unknown_not_perfect() -> None:
    nothing = np.full(3, NAN)
    for score in (scores.wape, scores.bias, scores.smape, scores.tracking_signal):
        assert np.isnan(score(np.ones(3), nothing))
    assert np.isnan(scores.wape(np.ones(3), np.zeros(3)))
