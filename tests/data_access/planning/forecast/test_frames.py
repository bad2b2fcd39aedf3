"""The weekly plan as frames: the columns of the plan tables, scores of the model named."""

from datetime import date, timedelta

import numpy as np
import pytest

from data_access.planning.demand import HORIZON
from data_access.planning.forecast.ensemble import ensemble
from data_access.planning.forecast.frames import plan
from data_access.planning.forecast.items import History
from data_access.planning.step import plan as plan_before
from data_access.planning.weeks import week_starts

FIRST = date(2024, 1, 1)
WEEKS = 120
NAMES = [f"p{k}" for k in range(60)]


def some_history() -> History:
    """Busy items, items that sell now and then, new ones and discontinued ones."""
    rng = np.random.default_rng(21)
    sales = rng.poisson(np.repeat([30.0, 0.3], 30)[:, None], (60, WEEKS)).astype(float)
    sales[0, :-3] = 0
    sales[1, 60:] = 0
    return History(sales, 52, np.repeat("f", 60))


def test_rows_and_columns_are_those_of_the_plan_tables() -> None:
    history = some_history()
    forecast, measured = plan(NAMES, history, FIRST)
    before, measured_before = plan_before(NAMES, history.sales, FIRST)
    assert list(forecast.columns) == list(before.columns) and list(measured.columns) == list(measured_before.columns)
    assert forecast["product_id"].tolist() == before["product_id"].tolist()
    assert forecast["period_start"].tolist() == week_starts(FIRST + timedelta(weeks=WEEKS), HORIZON) * 60
    inside = forecast.dropna()
    assert (inside["lo95"] <= inside["lo80"]).all() and (inside["lo80"] <= inside["mean"]).all()
    assert (inside["mean"] <= inside["hi80"]).all() and (inside["hi80"] <= inside["hi95"]).all()
    models = forecast.groupby("product_id")["model"].first()
    assert models["p0"] == "family_ramp" and models["p1"] == "none" and models["p2"] == "theta_damped"
    assert measured.set_index("product_id")["model"].to_dict() == models.to_dict()


def test_accuracy_is_that_of_the_model_over_the_next_four_weeks() -> None:
    history = some_history()
    row = plan(NAMES, history, FIRST)[1].set_index("product_id").loc["p2"]
    missed = sold = 0.0
    for origin in range(WEEKS - 1, 0, -4)[:13]:
        actual = history.sales[2, origin : origin + 4]
        said = ensemble(history.sales[[2], :origin], 4, 52)[0, : len(actual)]
        missed, sold = missed + np.abs(said - actual).sum(), sold + actual.sum()
    assert row["wape"] == pytest.approx(missed / sold)
    assert abs(row["bias"]) < row["wape"] and 0 <= row["coverage80"] <= 1 and row["beats_naive"] == 1.0


def test_items_that_were_not_judged_have_no_scores() -> None:
    measured = plan(NAMES, some_history(), FIRST)[1].set_index("product_id")
    assert measured.loc[["p0", "p1"], ["wape", "rmsse", "bias", "coverage80", "beats_naive"]].isna().all(axis=None)


def test_the_bands_of_a_plan_cover_the_weeks_that_followed() -> None:
    rng = np.random.default_rng(22)
    sales = rng.negative_binomial(3, 0.1, (400, WEEKS + HORIZON)).astype(float)
    names = [str(k) for k in range(400)]
    forecast, _ = plan(names, History(sales[:, :WEEKS], 52, np.repeat("f", 400)), FIRST)
    came = sales[:, WEEKS:].reshape(-1)
    for low, high, least, most in (("lo80", "hi80", 0.76, 0.86), ("lo95", "hi95", 0.91, 0.975)):
        assert least < ((came >= forecast[low]) & (came <= forecast[high])).mean() < most
    assert abs(forecast["mean"].sum() / came.sum() - 1) < 0.03


def test_no_items_no_plan() -> None:
    forecast, measured = plan([], History(np.zeros((0, 30)), 52, np.array([], dtype=str)), FIRST)
    assert forecast.empty and measured.empty
