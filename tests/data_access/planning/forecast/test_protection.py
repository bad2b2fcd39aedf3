"""Safety stock that errors ask for: by hand, and held against the demand that followed."""

import numpy as np
import pytest

from data_access.planning import safety
from data_access.planning.demand import Backtest
from data_access.planning.forecast.ensemble import MODEL
from data_access.planning.forecast.items import Expected, Group, History, expect
from data_access.planning.forecast.protection import Bridged, protection


def expected(test: Backtest, model: str, scale: list[float], sample: list[int] | None = None) -> Expected:
    rows = np.arange(len(scale))
    group = Group(rows, model, lambda known, horizon: known[:, :horizon], np.array(sample or rows), test)
    shape = (len(scale), test.actual.shape[2])
    names = np.full(len(scale), model)
    return Expected(np.full(shape, 5.0), np.full((2, *shape), 1.0), names, names, np.array(scale), (group,))


def bridged(periods: list[int], level: float = 0.95, deviation: float = 0.0) -> Bridged:
    count = len(periods)
    return Bridged(np.array(periods), np.full(count, level), np.full(count, deviation))


def backtest(errors: np.ndarray, scale: float = 1.0) -> Backtest:
    """actual - forecast is `errors` (origins, items, horizon)."""
    return Backtest(np.zeros_like(errors), errors, np.full(errors.shape[:2], scale), np.arange(len(errors)))


def test_an_items_own_errors_over_its_own_time() -> None:
    """Errors of 2 at every week of every origin: 4 over two weeks, 6 over three; sigma of one week is 2."""
    found = protection(expected(backtest(np.full((8, 2, 4), 2.0)), MODEL, [1.0, 1.0]), bridged([2, 3]))
    z = safety.service_factor(0.95)
    assert found.error.tolist() == [4, 6]
    assert found.measured == pytest.approx(z * found.error)
    assert found.textbook == pytest.approx(z * 2 * np.sqrt([2, 3]))


def test_lead_times_that_vary_ask_for_more() -> None:
    found = protection(expected(backtest(np.full((8, 1, 4), 2.0)), MODEL, [1.0]), bridged([2], deviation=0.5))
    assert found.measured[0] == pytest.approx(safety.service_factor(0.95) * np.sqrt(4**2 + (5 * 0.5) ** 2))


def test_an_item_that_was_not_tested_takes_its_classs_error_in_its_own_scale() -> None:
    errors = np.full((8, 1, 4), 3.0)
    found = protection(expected(backtest(errors, scale=2.0), MODEL, [2.0, 10.0], sample=[0]), bridged([2, 2]))
    assert found.error.tolist() == [6, 30]


def test_few_origins_are_no_measure_of_ones_own() -> None:
    errors = np.full((8, 2, 3), 1.0)
    errors[:5, 1] = np.nan
    errors[5:, 1] = 9.0
    found = protection(expected(backtest(errors), MODEL, [1.0, 1.0]), bridged([1, 1]))
    assert found.error[0] == 1
    assert found.error[1] == pytest.approx(np.sqrt((8 * 1 + 3 * 81) / 11))


def test_intermittent_demand_holds_the_quantile_of_its_class() -> None:
    errors = np.arange(1.0, 20).reshape(19, 1, 1)
    found = protection(expected(backtest(errors), "tsb", [1.0]), bridged([1], level=0.5))
    assert found.measured.tolist() == [10]


def test_no_error_no_safety_stock() -> None:
    found = protection(
        Expected(*(np.zeros((1, 2)), np.zeros((2, 1, 2)), *[np.array(["none"])] * 2, np.zeros(1))), bridged([1])
    )
    assert np.isnan(found.measured).all() and np.isnan(found.textbook).all()


def test_the_measured_stock_bridges_what_followed() -> None:
    """Of 400 items the share whose next four weeks stay under forecast + safety stock is the service level."""
    rng = np.random.default_rng(4)
    demand = np.maximum(rng.normal(100, 20, (400, 108)), 0)
    history = History(demand[:, :104], 52, np.full(400, "a"))
    found = expect(history, 4)
    held = protection(found, bridged([4] * 400, level=0.9))
    enough = demand[:, 104:].sum(axis=1) <= found.mean.sum(axis=1) + held.measured
    assert enough.mean() == pytest.approx(0.9, abs=0.05)
