"""What deals add: only large ones, by measured chance and lag."""

import numpy as np
import pytest

from data_access.planning.forecast.pipeline import Deals, demand, lags, term, weekly_spread, win_rates


def test_win_rates_lean_on_the_prior() -> None:
    """3 of 5 won at p0 0.4: 11 / 25; a stage nobody closed from stays at its prior; 60 of 80 at 0.5: 0.7."""
    stage = np.array(["proposal"] * 5 + ["negotiation"] * 80)
    won = np.array([True] * 3 + [False] * 2 + [True] * 60 + [False] * 20)
    found = win_rates(stage, won, {"proposal": 0.4, "negotiation": 0.5, "lead": 0.1})
    assert found == pytest.approx({"proposal": 0.44, "negotiation": 0.7, "lead": 0.1})


def test_lags_are_medians_of_won_deals() -> None:
    stage = np.array(["lead", "lead", "lead", "proposal"])
    found = lags(stage, np.array([30.0, 50.0, 400.0, 20.0]), 45.0)
    assert found == {"lead": 50.0, "proposal": 20.0, "": 40.0}
    assert lags(np.array([], dtype=str), np.zeros(0), 45.0) == {"": 45.0}


def test_spread_by_hand() -> None:
    assert weekly_spread(np.array([[2.0, 4, np.nan, 6], [5.0, np.nan, np.nan, np.nan]])).tolist() == [2.0, 0.0]


def some_deals() -> Deals:
    return Deals(
        item=np.array([0, 0, 0, 1, 1]),
        quantity=np.array([21.0, 20.0, 50.0, 8.0, 9.0]),
        stage=np.array(["proposal", "proposal", "lead", "proposal", "unheard"]),
        in_stage=np.array([5.0, 5.0, 0.0, 90.0, 0.0]),
    )


def test_large_deals_by_hand() -> None:
    """Item 0 spreads 10: of 21, 20 and 50 only 21 and 50 are large. The proposal is 5 of 21 days in: week 2; the lead
    needs 60 days: week 8, beyond six. Item 1's proposal is overdue: now. A stage without a rate has no weight."""
    rates, lag = {"proposal": 0.5, "lead": 0.1}, {"proposal": 21.0, "lead": 60.0, "": 30.0}
    found = term(some_deals(), np.array([10.0, 3.0]), rates, lag, 6)
    assert found.unweighted.tolist() == [[0, 0, 21, 0, 0, 0], [8, 0, 0, 0, 9, 0]]
    assert found.weighted.tolist() == [[0, 0, 10.5, 0, 0, 0], [4, 0, 0, 0, 0, 0]]


def test_demand_is_the_larger_of_forecast_and_orders_and_the_deals() -> None:
    found = demand(np.array([[5.0, 5.0, -1.0]]), np.array([[8.0, 2.0, 0.0]]), np.array([[0.0, 3.0, 1.0]]))
    assert found.tolist() == [[8.0, 8.0, 1.0]]
