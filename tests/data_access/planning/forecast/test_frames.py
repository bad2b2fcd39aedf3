"""The weekly forecast as frames: columns, scores of the model named, items that add up, what was said before."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from data_access.planning.demand import HORIZON
from data_access.planning.forecast import frames
from data_access.planning.forecast.campaigns import Campaigns
from data_access.planning.forecast.ensemble import ensemble
from data_access.planning.forecast.history import Known, share_of_total
from data_access.planning.forecast.items import History
from data_access.planning.weeks import week_starts

FIRST = date(2024, 1, 1)
WEEKS = 120
NAMES = [f"p{k}" for k in range(60)]
NOTHING = np.array([], dtype=np.int64)
NEVER = Campaigns(NOTHING, NOTHING, np.array([], dtype=str))


def known_of(sales: np.ndarray, names: list[str] | None = None, others: float = 0.0) -> Known:
    """Everything at a price of 2, and lines of nobody's item for `others` a week."""
    price = np.full(len(sales), 2.0)
    total = (sales * 2).sum(axis=0) + others
    history = History(sales, 52, np.repeat("f", len(sales)), None, NEVER, NEVER)
    named = [f"p{k}" for k in range(len(sales))] if names is None else names
    return Known(named, history, FIRST, price, total, share_of_total(sales, price, total))


def some_sales() -> np.ndarray:
    """Busy items, items that sell now and then, new ones and discontinued ones."""
    rng = np.random.default_rng(21)
    sales = rng.poisson(np.repeat([30.0, 0.3], 30)[:, None], (60, WEEKS)).astype(float)
    sales[0, :-3] = 0
    sales[1, 60:] = 0
    return sales


def test_rows_and_columns_are_those_of_the_plan_tables() -> None:
    found = frames.expected(known_of(some_sales(), NAMES))
    forecast, measured = frames.forecast_rows(found), frames.accuracy(found)
    assert list(forecast.columns) == ["product_id", "period_start", "mean", "lo80", "hi80", "lo95", "hi95", "model"]
    assert forecast["period_start"].tolist() == week_starts(FIRST + timedelta(weeks=WEEKS), HORIZON) * 60
    inside = forecast.dropna()
    assert (inside["lo95"] <= inside["lo80"]).all() and (inside["lo80"] <= inside["mean"]).all()
    assert (inside["mean"] <= inside["hi80"]).all() and (inside["hi80"] <= inside["hi95"]).all()
    models = forecast.groupby("product_id")["model"].first()
    assert models["p0"] == "family_ramp" and models["p1"] == "none" and models["p2"] == "theta_damped"
    items = measured[measured["product_id"].notna()]
    assert items.set_index("product_id")["model"].to_dict() == models.to_dict()
    assert measured["product_id"].isna().sum() == 1
    scored = ["wape", "rmsse", "bias", "coverage80", "beats_naive"]
    assert items.set_index("product_id").loc[["p0", "p1"], scored].isna().all(axis=None)


def test_accuracy_is_that_of_the_model_over_the_next_four_weeks() -> None:
    sales = some_sales()
    row = frames.accuracy(frames.expected(known_of(sales, NAMES))).set_index("product_id").loc["p2"]
    missed = sold = 0.0
    for origin in range(WEEKS - 1, 0, -4)[:13]:
        actual = sales[2, origin : origin + 4]
        said = ensemble(sales[[2], :origin], 4, 52)[0, : len(actual)]
        missed, sold = missed + np.abs(said - actual).sum(), sold + actual.sum()
    assert row["wape"] == pytest.approx(missed / sold)
    assert abs(row["bias"]) < row["wape"] and 0 <= row["coverage80"] <= 1 and row["beats_naive"] == 1.0


def test_the_bands_cover_the_weeks_that_followed() -> None:
    rng = np.random.default_rng(22)
    sales = rng.negative_binomial(3, 0.1, (400, WEEKS + HORIZON)).astype(float)
    forecast = frames.forecast_rows(frames.expected(known_of(sales[:, :WEEKS])))
    came = sales[:, WEEKS:].reshape(-1)
    for low, high, least, most in (("lo80", "hi80", 0.76, 0.86), ("lo95", "hi95", 0.91, 0.975)):
        assert least < ((came >= forecast[low]) & (came <= forecast[high])).mean() < most
    assert abs(forecast["mean"].sum() / came.sum() - 1) < 0.03


def test_items_add_up_to_their_part_of_the_total() -> None:
    found = frames.expected(known_of(some_sales(), others=400.0))
    assert 0 < found.known.share < 1
    added = (found.items.mean * found.known.price[:, None]).sum(axis=0)
    assert added == pytest.approx(found.total.mean[0] * found.known.share)


def test_a_planned_campaign_is_in_the_total_too() -> None:
    sales = np.random.default_rng(3).poisson(50, (20, WEEKS)).astype(float)
    item, week = np.repeat(np.arange(20), 2), np.tile([30, 80], 20)
    sales[item, week] *= 2
    kind = np.repeat("fair", 40)
    known = known_of(sales)
    past, planned = Campaigns(item, week, kind), Campaigns(np.array([4]), np.array([6]), np.array(["fair"]))
    with_one = replace(known, history=replace(known.history, past=past, planned=planned))
    without = replace(known, history=replace(known.history, past=past))
    more, plain = frames.expected(with_one), frames.expected(without)
    added = more.items.mean - plain.items.mean
    assert added[4, 6] == pytest.approx(50, rel=0.15) and np.count_nonzero(np.abs(added) > 1e-9) == 1
    assert (more.total.mean - plain.total.mean)[0, 6] == pytest.approx(2 * added[4, 6])


def test_what_was_said_eight_weeks_ago_knows_nothing_of_them() -> None:
    sales = some_sales()
    other = sales.copy()
    other[:, -8:] = 500.0
    one, changed = (frames.recalled(known_of(values, NAMES)) for values in (sales, other))
    said = ["product_id", "period_start", "mean", "lo80", "hi80"]
    pd.testing.assert_frame_equal(one[said], changed[said])
    assert one["actual"].tolist()[:8] == sales[0, -8:].tolist()
    assert one["period_start"].min() == FIRST + timedelta(weeks=WEEKS - 8)


def test_empty_shelves_are_told_with_what_they_hid() -> None:
    sales = np.random.default_rng(4).poisson(40, (10, WEEKS)).astype(float)
    out = np.zeros(sales.shape, dtype=bool)
    out[3, 50:53] = True
    sales[3, 50:53] = 2
    known = known_of(sales)
    rows = frames.hidden_rows(replace(known, history=replace(known.history, out_of_stock=out)))
    assert rows["product_id"].tolist() == ["p3"] * 3 and rows["sold"].tolist() == [2.0] * 3
    assert rows["period_start"].tolist() == week_starts(FIRST + timedelta(weeks=50), 3)
    assert rows["demand"].tolist() == pytest.approx([40] * 3, rel=0.2)


def test_no_items_no_plan() -> None:
    found = frames.expected(known_of(np.zeros((0, 30)), []))
    assert frames.forecast_rows(found).empty and len(frames.accuracy(found)) == 1
