"""Periods out of stock: what is put in their place, and what that does to the bias."""

import numpy as np
import pytest

from data_access.planning.forecast import scores
from data_access.planning.forecast.censored import expected, impute, moving_level
from data_access.planning.forecast.ensemble import ensemble

NAN = np.nan


def test_moving_level_by_hand() -> None:
    values = np.arange(20.0)
    values[10] = NAN
    level = moving_level(values[None, :])[0]
    assert level[10] == np.mean([4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16])
    assert level[0] == np.mean(np.arange(13)[[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12]])
    assert level[19] == np.mean([7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19])
    assert moving_level(np.array([[NAN, 4.0, 8.0, NAN]])).tolist() == [[6.0] * 4]
    assert np.isnan(moving_level(np.full((1, 3), NAN))).all()


def test_sales_are_a_floor() -> None:
    sales = np.array([[10.0, 10, 0, 10, 25, 10, 10, NAN]])
    out = np.array([[False, False, True, False, True, False, False, True]])
    assert impute(sales, out, 1)[0].tolist() == [10, 10, 10, 10, 25, 10, 10, 10]


def test_level_and_season() -> None:
    """Quarters at 0.5, 1.5, 1.2 and 0.8 of 100; a third and a fourth quarter out of stock."""
    history = 100 * np.tile([0.5, 1.5, 1.2, 0.8], 8)[None, :]
    out = np.zeros(history.shape, dtype=np.bool_)
    out[0, [10, 23]] = True
    found = impute(np.where(out, 0.0, history), out, 4)
    assert found[0] == pytest.approx(history[0], rel=0.02)


def test_nothing_is_made_up_where_nothing_is_known() -> None:
    history = np.array([[NAN, NAN, 5.0, 5.0], [0.0, 0.0, 3.0, 0.0]])
    out = np.array([[False] * 4, [True] * 4])
    found = impute(history, out, 1)
    assert np.isnan(found[0, :2]).all() and found[0, 2:].tolist() == [5.0, 5.0]
    assert found[1].tolist() == [0.0, 0.0, 3.0, 0.0]


def test_returns_do_not_make_expected_demand_negative() -> None:
    assert (expected(np.array([[-5.0, -3.0, 1.0]]), np.array([[False, False, True]]), 1) >= 0).all()


def test_zeros_left_in_bias_the_forecast_and_imputing_takes_it_away() -> None:
    rng = np.random.default_rng(11)
    history = rng.gamma(9.0, 100 / 9, (800, 78))
    out = rng.random((800, 60)) < 0.15
    sales = np.where(out, 0.0, history[:, :60])
    future = history[:, 60:].reshape(-1)
    left_in = scores.bias(ensemble(sales, 18, 12).reshape(-1), future)
    imputed = scores.bias(ensemble(impute(sales, out, 12), 18, 12).reshape(-1), future)
    assert left_in < -0.1 and abs(imputed) < 0.02
