"""The rules of netting and demand one by one, on plans small enough to do by hand."""

import numpy as np
import pytest

from data_access.planning.mrp.consumption import independent_demand, unconsumed
from data_access.planning.mrp.engine import plan
from data_access.planning.mrp.lots import Lots, economic_order_quantity, period_order_quantity
from data_access.planning.mrp.model import Horizon
from data_access.planning.mrp.structure import Bom, structure
from tests.data_access.planning.mrp.someitems import MONDAY, WEEK, days, inputs, items

NAT = np.datetime64("NaT")


def test_a_release_in_the_past_is_shown_now_and_marked() -> None:
    found = plan(inputs(items(1, lead_time=3), 5, forecast=[[0, 10, 0, 20, 0]]))
    assert found.receipts.tolist() == [[0, 10, 0, 20, 0]]
    assert found.releases.tolist() == [[30, 0, 0, 0, 0]]
    assert found.orders.release.tolist() == [0, 0]
    assert found.orders.late.tolist() == [2, 0]
    assert found.available.tolist() == [[0, 0, 0, 0, 0]]
    assert found.unexpedited.tolist() == [[0, -10, -10, 0, 0]]


def test_nothing_new_in_the_frozen_zone_and_the_lack_stays_visible() -> None:
    found = plan(inputs(items(1, on_hand=5, lead_time=1, frozen=2), 5, forecast=[[10, 10, 10, 10, 10]]))
    assert found.available.tolist() == [[-5, -15, -25, 0, 0]]
    assert found.receipts.tolist() == [[0, 0, 0, 35, 10]]
    assert found.releases.tolist() == [[0, 0, 35, 10, 0]]
    assert not found.orders.late.any()


def test_a_need_waits_for_an_open_order_that_comes_before_a_new_one_could() -> None:
    given = items(1, lead_time=3)
    demand = [[0, 10, 0, 0, 15, 0]]
    left = plan(inputs(given, 6, forecast=demand, receipts=[(0, 2, 20)]))
    assert left.receipts.tolist() == [[0, 0, 0, 0, 5, 0]]
    assert left.available.tolist() == [[0, -10, 10, 10, 0, 0]]
    strict = plan(inputs(given, 6, forecast=demand, receipts=[(0, 2, 20)], reschedule=False))
    assert strict.receipts.tolist() == [[0, 10, 0, 0, 0, 0]]
    too_late = plan(inputs(given, 6, forecast=demand, receipts=[(0, 4, 20)]))
    assert too_late.receipts.tolist() == [[0, 10, 0, 0, 0, 0]]
    weeks_later = plan(inputs(given, 6, forecast=[[10, 0, 0, 0, 15, 0]], receipts=[(0, 3, 20)]))
    assert weeks_later.receipts.tolist() == [[0, 0, 0, 0, 5, 0]]
    only_part = plan(inputs(given, 6, forecast=demand, receipts=[(0, 2, 6)]))
    assert only_part.receipts.tolist() == [[0, 4, 0, 0, 15, 0]]


@pytest.mark.parametrize(("overdue", "seen"), [("lead_time", [0, 0, 9, 0]), ("now", [9, 0, 0, 0]), ("ignore", [0] * 4)])
def test_an_overdue_receipt(overdue: str, seen: list[float]) -> None:
    found = plan(inputs(items(1, lead_time=2), 4, receipts=[(0, -1, 9)], overdue=overdue))
    assert found.scheduled.tolist() == [seen]


def test_a_phantom_is_passed_through() -> None:
    """Its stock is used first; what is left goes to its components in the same week, whatever its own rules say."""
    given = items(
        3, on_hand=[0, 4, 0], lead_time=[1, 5, 0], safety_stock=[0, 50, 0], is_phantom=[False, True, False],
        lots=Lots.of(3, multiple=[0, 100, 0]), frozen=[0, 3, 0],
    )  # fmt: skip
    found = plan(inputs(given, 4, forecast=[[0, 0, 10, 0], [0] * 4, [0] * 4], bom=[(0, 1, 1), (1, 2, 2)]))
    assert found.releases.tolist() == [[0, 10, 0, 0], [0, 6, 0, 0], [0, 12, 0, 0]]
    assert sorted(found.orders.item.tolist()) == [0, 2]


def test_scrap_and_the_day_a_line_is_valid() -> None:
    bom = Bom(
        parent=np.array([0, 0]), component=np.array([1, 2]), quantity_per=np.array([3.0, 3.0]),
        scrap=np.array([0.25, 0.0]), valid_from=np.array([NAT, days(1)], dtype="datetime64[D]"),
        valid_to=np.array([days(1) - 1, NAT], dtype="datetime64[D]"),
    )  # fmt: skip
    found = plan(inputs(items(3), 3, forecast=[[10, 10, 10], [0] * 3, [0] * 3], bom=bom))
    assert found.dependent.tolist() == [[0, 0, 0], [40, 0, 0], [0, 30, 30]]


def test_unusable_lines_are_named_and_left_out() -> None:
    bom = Bom.of([(0, 1, 2), (0, 1, 0), (0, 1, -1), (0, 1, np.nan), (0, 1, 1)])
    bad_scrap = Bom(**(vars(bom) | {"scrap": np.array([0, 0, 0, 0, 1.0])}))
    found = structure(bad_scrap, 2, days([0]))
    assert found.refused.tolist() == [1, 2, 3, 4]
    assert found.line.tolist() == [0]


def test_a_loop_leaves_the_rest_planned() -> None:
    """1 and 2 are made of each other; what comes from outside the loop and what they take below it is planned."""
    made_of = [(0, 1, 2), (1, 2, 1), (2, 1, 1), (2, 3, 4), (4, 3, 1), (5, 5, 1)]
    found = plan(inputs(items(6), 1, forecast=[[1], [0], [5], [0], [7], [0]], bom=made_of))
    assert found.structure.cycles == ((1, 2, 1), (5, 5))
    assert found.gross[:, 0].tolist() == [1, 2, 5, 27, 7, 0]


def test_demand_inside_and_outside_the_fence() -> None:
    forecast, orders = np.full((1, 4), 10.0), np.array([[4.0, 14.0, 4.0, 14.0]])
    fence = np.array([2])
    assert independent_demand(forecast, orders, fence).tolist() == [[4, 14, 10, 14]]
    assert independent_demand(forecast, orders, fence, np.array([[0, 0, 0, 5.0]])).tolist() == [[4, 14, 10, 19]]
    assert unconsumed(forecast, orders, fence).tolist() == [[0, 0, 6, 0]]


def test_orders_of_the_past_are_wanted_now() -> None:
    found = plan(inputs(items(1), 2, orders=[(0, -3, 5), (0, 0, 1), (0, 7, 100)]))
    assert found.gross.tolist() == [[6, 0]]


def test_one_order_for_several_periods() -> None:
    """Three weeks' needs at once, safety stock kept in the deepest of them, what is to come counted."""
    given = items(1, on_hand=12, safety_stock=2, lots=Lots.of(1, periods=3))
    found = plan(inputs(given, 6, forecast=[[10, 20, 0, 30, 10, 40]], receipts=[(0, 2, 5)]))
    assert found.receipts.tolist() == [[0, 45, 0, 0, 50, 0]]
    assert found.available.tolist() == [[2, 27, 32, 2, 42, 2]]


def test_sizes() -> None:
    rules = Lots.of(6, minimum=[0, 0, 50, 50, 0, 0], multiple=[0, 30, 0, 20, 0.1, 7], maximum=[np.inf] * 5 + [20])
    assert rules.size(np.full(6, 30.3)).tolist() == pytest.approx([30.3, 60, 50, 60, 30.3, 14])
    assert not rules.size(np.zeros(6)).any()
    assert Lots.of(1, multiple=0.1).size(np.array([0.3])).tolist() == pytest.approx([0.3])
    with pytest.raises(ValueError, match="maximum"):
        Lots.of(1, minimum=15, multiple=10, maximum=19)


def test_economic_and_period_order_quantity() -> None:
    """Krajewski's bird feeders: 936 a year, 45 an order, 3.75 to hold one a year: 149.9 -> 75 of 18 a week: 4 weeks."""
    quantity = economic_order_quantity(936, 45, 3.75)
    assert float(quantity) == pytest.approx(149.88, abs=0.01)
    assert int(period_order_quantity(75, 18)) == 4
    assert economic_order_quantity([0, 10], 45, [1, 0]).tolist() == [0, np.inf]
    assert period_order_quantity([75, np.inf, 1], [0, 18, 18]).tolist() == [1, 520, 1]


def test_the_horizon_begins_in_the_middle_of_a_week() -> None:
    wednesday = MONDAY + 2
    horizon = Horizon.weeks(wednesday, 3)
    assert horizon.starts.tolist() == days([0, 1, 2]).tolist()
    assert horizon.lengths.tolist() == [5, 7, 7]
    asked = np.array([MONDAY + 1, wednesday, MONDAY + 6, MONDAY + WEEK, MONDAY + 3 * WEEK, NAT])
    assert horizon.period(asked).tolist()[:5] == [-1, 0, 0, 1, 3]
    assert horizon.period(asked)[5] > 10**6


def test_wrong_inputs_are_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        plan(inputs(items(1), 2, forecast=[[1, -1]]))
    with pytest.raises(ValueError, match="below zero"):
        plan(inputs(items(1), 2, forecast=[[1, np.nan]]))
    with pytest.raises(ValueError, match="period"):
        plan(inputs(items(2), 2, forecast=[[1, 1]]))
