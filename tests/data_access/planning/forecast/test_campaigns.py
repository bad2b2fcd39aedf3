"""Campaigns out of the history and back into the forecast."""

import numpy as np
import pytest

from data_access.planning.forecast.campaigns import Campaigns, Uplift, add_back, cleanse, uplift

FAMILIES = np.array(["pumps", "pumps", "valves"])


def some_campaigns() -> tuple[np.ndarray, Campaigns]:
    """Three items at 10, 20 and 40 a week; pumps doubled by price cuts, valves tripled by fairs."""
    history = np.repeat([[10.0], [20.0], [40.0]], 30, axis=1)
    item = np.array([0, 0, 1, 1, 2, 2, 2])
    week = np.array([5, 20, 6, 21, 7, 15, 28])
    kind = np.array(["price", "price", "price", "price", "fair", "fair", "fair"])
    history[item, week] *= np.array([2.0, 2.0, 2.0, 2.0, 3.0, 3.0, 3.0])
    return history, Campaigns(item, week, kind)


def test_the_baseline_is_without_them() -> None:
    history, campaigns = some_campaigns()
    expected = np.repeat([[10.0], [20.0], [40.0]], 30, axis=1)
    assert cleanse(history, campaigns, 52) == pytest.approx(expected)


def test_the_uplift_is_the_median_ratio_by_family_and_kind() -> None:
    history, campaigns = some_campaigns()
    history[1, 21] = 20.0 * 9  # one that went wild does not move a median
    found = uplift(history, cleanse(history, campaigns, 52), campaigns, FAMILIES)
    assert found.both == pytest.approx({("pumps", "price"): 2.0, ("valves", "fair"): 3.0})
    assert found.overall == pytest.approx(3.0)  # of 2, 2, 2, 3, 3, 3, 9


def test_a_family_without_its_own_takes_that_of_the_kind_then_of_all() -> None:
    effect = Uplift({("pumps", "price"): 2.0}, {"price": 1.8}, 1.5)
    found = effect.of(np.array(["pumps", "valves", "valves"]), np.array(["price", "price", "gift"]))
    assert found.tolist() == [2.0, 1.8, 1.5]


def test_two_do_not_make_a_median() -> None:
    history, campaigns = some_campaigns()
    two = Campaigns(campaigns.item[:2], campaigns.period[:2], campaigns.kind[:2])
    found = uplift(history, cleanse(history, two, 52), two, FAMILIES)
    assert found == Uplift({}, {}, 1.0)


def test_planned_ones_are_added_back_the_stronger_where_two_meet() -> None:
    effect = Uplift({("pumps", "price"): 2.0, ("pumps", "fair"): 3.0, ("valves", "gift"): 0.5}, {}, 1.0)
    planned = Campaigns(np.array([0, 0, 2]), np.array([1, 1, 0]), np.array(["fair", "price", "gift"]))
    found = add_back(np.full((3, 3), 10.0), planned, effect, FAMILIES)
    assert found.tolist() == [[10.0, 30.0, 10.0], [10.0, 10.0, 10.0], [5.0, 10.0, 10.0]]


def test_a_campaign_before_the_item_existed_makes_nothing_up() -> None:
    history = np.array([[np.nan, np.nan, 4.0, 4.0]])
    found = cleanse(history, Campaigns(np.array([0]), np.array([0]), np.array(["fair"])), 52)
    assert np.isnan(found[0, :2]).all()


def test_without_campaigns_nothing_changes() -> None:
    none = Campaigns(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.array([], dtype=str))
    history = np.arange(12.0).reshape(3, 4)
    assert cleanse(history, none, 52).tolist() == history.tolist()
    assert uplift(history, history, none, FAMILIES) == Uplift({}, {}, 1.0)
    assert add_back(history, none, Uplift({}, {}, 1.0), FAMILIES).tolist() == history.tolist()
