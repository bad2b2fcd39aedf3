"""Scale, rolling origins and conformal widths."""

import numpy as np
import pytest

from data_access.planning.demand import Backtest, Floats, band
from data_access.planning.forecast.intermittent import moving_average
from data_access.planning.forecast.intervals import origins, rolling, spread, widths

NAN = np.nan


def last_value(history: Floats, horizon: int) -> Floats:
    return np.repeat(history[:, -1:], horizon, axis=1)


def test_spread_is_the_change_over_a_year() -> None:
    history = np.array([[1.0, 5, 2, 7, 4, 8, 2, 9]])
    assert spread(history, 4)[0] == np.mean([3, 3, 0, 2])
    assert spread(history, 1)[0] == np.mean([4, 3, 5, 3, 4, 6, 7])


def test_spread_of_the_young_is_over_half_their_history() -> None:
    history = np.array([[NAN, NAN, NAN, NAN, 1.0, 5, 2, 7]])
    assert spread(history, 4)[0] == np.mean([1, 2])
    assert spread(np.array([[NAN, 3.0], [NAN, NAN]]), 4).tolist() == [0.0, 0.0]


def test_origins_are_apart_and_never_before_the_start() -> None:
    assert origins(20, 4, 3).tolist() == [10, 13, 16, 19]
    assert origins(5, 4, 3).tolist() == [1, 4]
    assert origins(20, 2, 3, last=6).tolist() == [11, 14]


def test_a_backtest_sees_no_more_than_was_known() -> None:
    rng = np.random.default_rng(3)
    history = rng.poisson(4, (5, 40)).astype(float)
    changed = history.copy()
    changed[:, 30:] = 99.0
    at = np.array([20, 30])
    one, other = (rolling(h, moving_average, 6, at, 12) for h in (history, changed))
    np.testing.assert_array_equal(one.forecast, other.forecast)
    np.testing.assert_array_equal(one.scale, other.scale)
    np.testing.assert_array_equal(one.actual[0], history[:, 20:26])


def test_what_is_not_over_or_not_known_is_not_judged() -> None:
    history = np.ones((2, 20))
    history[1, :10] = NAN
    history[0, 16] = NAN
    test = rolling(history, last_value, 4, np.array([15, 18]), 12)
    assert np.isnan(test.forecast[:, 1]).all()
    assert np.isnan(test.actual[0, 0, 1]) and np.isnan(test.actual[1, 0, 2:]).all()


def test_a_band_drawn_from_past_errors_covers_what_it_says() -> None:
    """Items on very different scales, normal noise: nothing is assumed of either."""
    rng = np.random.default_rng(8)
    history = 1000 + rng.normal(0, 1, (400, 90)) * rng.lognormal(2, 1, (400, 1))
    known, future = history[:, :80], history[:, 80:]
    test = rolling(known, moving_average, 10, origins(80, 6, 5), 1)
    for share, width in zip((0.8, 0.95), widths(test), strict=True):
        low, high = band(moving_average(known, 10), spread(known, 1), width)
        assert ((future >= low) & (future <= high)).mean() == pytest.approx(share, abs=0.025)


def test_a_wider_share_is_never_a_narrower_band() -> None:
    errors = np.random.default_rng(9).exponential(1, (3, 12, 5))
    test = Backtest(errors, np.zeros_like(errors), np.ones((3, 12)), np.arange(3))
    found = widths(test, (0.95, 0.5, 0.8))
    assert (np.diff(found, axis=0) >= 0).all()
