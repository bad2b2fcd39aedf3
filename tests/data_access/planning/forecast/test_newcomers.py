"""New items: the family's way of beginning, drawn towards their own sales."""

import numpy as np
import pytest

from data_access.planning.forecast.newcomers import backtest, by_age, newcomers, ramp

NAN = np.nan
A, B = np.array(["a"]), np.array(["b"])


def beginners() -> np.ndarray:
    """Four items that began in different weeks and sold 2, 4, 6, 8, 8, 8, ..."""
    history = np.zeros((4, 20))
    for row, start in enumerate((2, 4, 5, 9)):
        history[row, start:] = np.minimum(2.0 * np.arange(1, 21 - start), 8.0)
    return history


def test_demand_by_age() -> None:
    found = by_age(np.array([[0, 0, 3.0, 0, 5], [7.0, 7, 7, 7, 7], [0, 0, 0, 0, 0]]), 4)
    assert found[0, :3].tolist() == [3.0, 0.0, 5.0] and np.isnan(found[0, 3])
    assert np.isnan(found[1:]).all()  # older than the history, or never begun


def test_the_ramp_is_the_mean_of_those_that_reached_the_age() -> None:
    assert ramp(beginners(), 6).tolist() == [2.0, 4.0, 6.0, 8.0, 8.0, 8.0]
    assert ramp(beginners(), 30)[-1] == 8.0
    assert ramp(np.zeros((0, 5)), 3).tolist() == [0.0, 0.0, 0.0]


def test_shrinkage_by_hand() -> None:
    """Sold 4, 8, 12 where the family's sold 2, 4, 6: twice as much, believed 3 / (3 + 6): 4/3 of 8 and 8."""
    young = np.array([[0, 0, 4.0, 8, 12]])
    found = newcomers(young, 2, A, beginners(), np.repeat("a", 4))
    assert found[0] == pytest.approx([8 * 4 / 3, 8 * 4 / 3])


def test_before_the_first_sale_it_is_the_ramp() -> None:
    found = newcomers(np.full((1, 3), NAN), 3, A, beginners(), np.repeat("a", 4))
    assert found[0].tolist() == [2.0, 4.0, 6.0]


def test_another_familys_ramp_only_where_there_is_none() -> None:
    others = np.vstack([beginners(), beginners() * 10])
    families = np.repeat(["a", "b"], 4)
    unknown = np.full((1, 3), NAN)
    assert newcomers(unknown, 1, B, others, families)[0, 0] == 20.0
    assert newcomers(unknown, 1, np.array(["c"]), others, families)[0, 0] == pytest.approx(11.0)


def test_without_any_ramp_its_own_mean() -> None:
    found = newcomers(np.array([[0, 3.0, 5.0]]), 2, A, np.zeros((0, 3)), np.array([], dtype=str))
    assert found[0].tolist() == [4.0, 4.0]


def test_backtest_at_three_ages() -> None:
    test = backtest(beginners(), np.repeat("a", 4), 4)
    assert test.forecast.shape == (3, 4, 4)
    assert test.forecast[0, 0].tolist() == [4.0, 6.0, 8.0, 8.0] == test.actual[0, 0].tolist()
