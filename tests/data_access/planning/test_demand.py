"""The seasonal-naive forecast against a plain-Python telling of it, and its bands against fresh data."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.planning.accuracy import held_out, scores
from data_access.planning.demand import HORIZON, Floats, backtest, band, level, quantiles, recent_mean, seasonal_naive
from data_access.planning.step import plan
from data_access.planning.weeks import same_week_last_year, week_starts, year_ago

FIRST = date(2024, 1, 1)


def plainly(values: list[float], first: date, horizon: int) -> list[float]:
    """The definition, week by week, with dates as keys."""
    weeks = {first + timedelta(weeks=k): v for k, v in enumerate(values)}
    now = first + timedelta(weeks=len(values))
    sold = [week for week in weeks if weeks[week] > 0]
    last_13 = [now - timedelta(weeks=k) for k in range(1, 14)]
    age = (now - min(sold)).days // 7 if sold else 13
    plain = sum(weeks.get(w, 0.0) for w in last_13) / min(13, age)
    before = [same_week_last_year(week) for week in last_13]
    if not all(week in weeks for week in (*last_13, *before)):
        return [max(plain, 0.0)] * horizon
    recent, base = sum(weeks[w] for w in last_13), sum(weeks[w] for w in before)
    in_year = sum(1 for k in range(1, 53) if weeks.get(now - timedelta(weeks=k), 0.0) > 0)
    if recent <= 0 or base <= 0 or in_year < 26:
        return [max(plain, 0.0)] * horizon
    ahead = [same_week_last_year(now + timedelta(weeks=k)) for k in range(horizon)]
    return [max(weeks[week] * recent / base, 0.0) for week in ahead]


def some_items(seed: int, items: int = 40, weeks: int = 120) -> Floats:
    """Seasonal, sparse, dead, brand-new and returned-only items."""
    rng = np.random.default_rng(seed)
    phase = rng.uniform(0, 2 * np.pi, items)[:, None]
    season = 1 + 0.5 * np.sin(2 * np.pi * np.arange(weeks)[None, :] / 52 + phase)
    history = rng.poisson(rng.uniform(0.2, 30, items)[:, None] * season).astype(float)
    history[0] = 0
    history[1, : weeks - 4] = 0
    history[2, ::3] = -1
    history[3, -13:] = 0
    history[4, -30:] = -2
    return history


@pytest.mark.parametrize("weeks", [3, 14, 60, 66, 120, 160])
def test_matches_the_plain_definition(weeks: int) -> None:
    history = some_items(weeks, weeks=weeks)
    found, _ = seasonal_naive(history, year_ago(FIRST, weeks + HORIZON), weeks)
    for row, values in zip(found, history, strict=True):
        assert row == pytest.approx(plainly(list(values), FIRST, HORIZON))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-5, 40), min_size=1, max_size=130))
def test_never_negative_and_always_the_definition(values: list[int]) -> None:
    history = np.array([values], dtype=float)
    found, _ = seasonal_naive(history, year_ago(FIRST, len(values) + HORIZON), len(values))
    assert (found >= 0).all()
    assert found[0] == pytest.approx(plainly([float(v) for v in values], FIRST, HORIZON))


def test_a_forecast_never_looks_ahead() -> None:
    history = some_items(5)
    ago = year_ago(FIRST, 120 + HORIZON)
    changed = history.copy()
    changed[:, 90:] = 999.0
    np.testing.assert_array_equal(seasonal_naive(history, ago, 90)[0], seasonal_naive(changed, ago, 90)[0])


@pytest.mark.parametrize(
    ("week", "before"),
    [
        (date(2026, 11, 23), date(2025, 11, 24)),  # W48
        (date(2026, 12, 28), date(2025, 12, 22)),  # W53 -> W52
        (date(2027, 1, 4), date(2025, 12, 29)),  # W1 of a year after one with 53 weeks
    ],
)
def test_the_same_iso_week_a_year_before(week: date, before: date) -> None:
    assert same_week_last_year(week) == before


def test_new_items_are_averaged_over_the_weeks_they_have() -> None:
    assert recent_mean(np.array([[0, 0, 0, 6.0, 0, 3.0]]))[0] == 3.0
    assert level(np.zeros((1, 5)))[0] == 0.0


def test_bands_cover_what_they_claim_on_data_not_seen() -> None:
    history = some_items(7, items=300, weeks=160)
    ago = year_ago(FIRST, 160 + HORIZON)
    known = history[:, :134]
    errors = backtest(known, ago).errors()
    mean, _ = seasonal_naive(known, ago, 134)
    for share, low_limit, high_limit in ((0.8, 0.76, 0.86), (0.95, 0.91, 0.98)):
        low, high = band(mean, level(known), quantiles(errors, share))
        inside = (history[:, 134:] >= low) & (history[:, 134:] <= high)
        assert low_limit < inside.mean() < high_limit


def test_coverage_is_measured_not_claimed() -> None:
    """A series that turns wild after the middle is covered far less than the band promises."""
    rng = np.random.default_rng(1)
    history = rng.normal(100, 1, (30, 130))
    history[:, 108:] = rng.normal(100, 40, (30, 22)).clip(0)
    ago = year_ago(FIRST, 130 + HORIZON)
    wild = scores(history, ago, backtest(history, ago, 4))["coverage80"]
    calm = scores(history[:, :104], ago, backtest(history[:, :104], ago, 4))["coverage80"]
    assert np.nanmean(wild) < 0.5 < 0.7 < np.nanmean(calm)


def test_only_errors_known_at_the_middle_set_the_judged_width() -> None:
    history = some_items(9)
    ago = year_ago(FIRST, 120 + HORIZON)
    judged = held_out(backtest(history, ago, 4), 0.8)
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
    history = np.full((1, 40), 10.0)
    history[0, -1] = 5.0
    found = scores(history, year_ago(FIRST, 70), backtest(history, year_ago(FIRST, 70), 4))
    forecasts_of_the_last_week = 4
    assert found["wape"][0] == pytest.approx(5 * forecasts_of_the_last_week / (10 * (27 + 26 + 25 + 24) - 5 * 4))
    assert found["bias"][0] == pytest.approx(found["wape"][0])
    assert found["beats_naive"][0] == 0.0


def test_plan_rows() -> None:
    history = some_items(3)
    names = [f"p{k}" for k in range(len(history))]
    forecast, measured = plan(names, history, FIRST)
    assert len(forecast) == len(names) * HORIZON and len(measured) == len(names)
    assert list(forecast["period_start"].unique()) == week_starts(FIRST + timedelta(weeks=120), HORIZON)
    inside = forecast.dropna()
    assert (inside["lo95"] <= inside["lo80"]).all() and (inside["lo80"] <= inside["mean"]).all()
    assert (inside["hi95"] >= inside["hi80"]).all() and (inside["lo95"] >= 0).all()
    assert set(forecast["model"]) == {"seasonal_naive", "recent_mean"}


def test_nothing_sold_is_no_plan() -> None:
    forecast, measured = plan([], np.zeros((0, 30)), FIRST)
    assert forecast.empty and measured.empty
