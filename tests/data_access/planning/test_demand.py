"""The same week of last year, the width of bands, and how good a forecast has been, by hand and on data not seen."""

from datetime import date

import numpy as np
import pytest

from data_access.planning.accuracy import held_out, scores
from data_access.planning.demand import Backtest, Floats, quantiles
from data_access.planning.forecast.intervals import origins, rolling
from data_access.planning.weeks import same_week_last_year, year_ago

FIRST = date(2024, 1, 1)
AHEAD = 30


def mean_of_thirteen(history: Floats, horizon: int) -> Floats:
    return np.repeat(history[:, -13:].mean(axis=1)[:, None], horizon, axis=1)


def past_tests(history: Floats) -> Backtest:
    """The mean of thirteen weeks at each of the last 52."""
    return rolling(history, mean_of_thirteen, 4, origins(history.shape[1], 52, 1), 52)


@pytest.mark.parametrize(
    ("week", "before"),
    [
        (date(2026, 1, 5), date(2025, 1, 6)),
        (date(2026, 12, 28), date(2025, 12, 22)),  # week 53 of 2026; 2025 has none
        (date(2021, 1, 4), date(2019, 12, 30)),  # week 1 of both
        (date(2020, 12, 28), date(2019, 12, 23)),  # week 53 of 2020
    ],
)
def test_the_same_iso_week_a_year_before(week: date, before: date) -> None:
    assert same_week_last_year(week) == before


def test_coverage_is_measured_not_claimed() -> None:
    """A series that turns wild after the middle is covered far less than the band promises."""
    rng = np.random.default_rng(1)
    history = rng.normal(100, 1, (30, 130))
    history[:, 108:] = rng.normal(100, 40, (30, 22)).clip(0)
    ago = year_ago(FIRST, 130 + AHEAD)
    wild = scores(history, ago, past_tests(history))["coverage80"]
    calm = scores(history[:, :104], ago, past_tests(history[:, :104]))["coverage80"]
    assert np.nanmean(wild) < 0.5 < 0.7 < np.nanmean(calm)


def test_only_errors_known_at_the_middle_set_the_judged_width() -> None:
    judged = held_out(past_tests(np.random.default_rng(9).poisson(20, (40, 120)).astype(float)), 0.8)
    assert np.isnan(judged[:26]).all() and not np.isnan(judged[26:]).all()


def test_few_errors_mean_no_band() -> None:
    assert np.isnan(quantiles(np.full((2, 3, 4), 0.5), 0.8)).all()
    assert (quantiles(np.full((5, 4, 2), 0.5), 0.8) == 0.5).all()


@pytest.mark.parametrize(("errors", "share", "rank"), [(24, 0.8, 20), (25, 0.8, 21), (39, 0.95, 38), (20, 0.95, 20)])
def test_the_width_is_the_conformal_rank(errors: int, share: float, rank: int) -> None:
    """ceil((n + 1) share) exactly, also where that is whole: one rank more would be a wider band for nothing."""
    pool = np.arange(1.0, errors + 1)[::-1].reshape(errors, 1, 1)
    assert quantiles(pool, share)[0] == rank


def test_scores_by_hand() -> None:
    """Said at weeks 58, 59 and 60 of the next two: 12, 8 and 10 where 10, 10, 20 and 16 came; last year: 10 a week."""
    history = np.full((1, 62), 10.0)
    history[0, 60:] = 20, 16
    said = np.array([[[12.0, 12]], [[8, 8]], [[10, 10]]])
    came = np.array([[[10.0, 10]], [[10, 20]], [[20, 16]]])
    found = scores(history, year_ago(FIRST, 70), Backtest(said, came, np.ones((3, 1)), np.array([58, 59, 60])))
    missed, volume = 2 + 2 + 2 + 12 + 10 + 6, 10 + 10 + 10 + 20 + 20 + 16
    assert found["wape"][0] == pytest.approx(missed / volume)
    assert found["bias"][0] == pytest.approx((2 + 2 - 2 - 12 - 10 - 6) / volume)
    assert found["naive_wape"][0] == pytest.approx((10 + 10 + 6) / volume) and found["beats_naive"][0] == 0.0
    assert found["tracking_signal"][0] == pytest.approx(-26 / (missed / 6))
    steps = np.diff(history[0]) ** 2
    assert found["rmsse"][0] == pytest.approx(np.sqrt((4 + 4 + 4 + 144 + 100 + 36) / 6 / steps.mean()))
