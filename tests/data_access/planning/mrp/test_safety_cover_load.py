"""Safety stock against its formula told plainly, cover against a walk day by day, load against sums by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.planning import safety
from data_access.planning.mrp import capacity
from data_access.planning.mrp.atp import available_to_promise, consumed_backward
from data_access.planning.mrp.capacity import FITS, OVERLOADED, WARNED
from data_access.planning.mrp.cover import cover_ahead, days_of_cover
from data_access.planning.mrp.engine import plan
from data_access.planning.mrp.structure import Bom, structure
from tests.data_access.planning.mrp.someitems import days, inputs, items, open_orders, routing


def test_safety_stock_from_cumulative_errors() -> None:
    errors = np.array([[[1.0, 2, 3], [4, -4, 0]], [[-1, 0, 2], [2, 2, 2]], [[0, np.nan, 1], [np.nan] * 3]])
    sums = safety.cumulative_errors(errors, np.array([2, 3]))
    assert sums[:2].tolist() == [[3, 0], [-1, 6]]
    assert np.isnan(sums[2]).all()
    spread = np.sqrt([(9 + 1) / 2, 36 / 2])
    assert safety.rmse(sums).tolist() == pytest.approx(spread.tolist())
    assert safety.measured(spread, 1.5).tolist() == pytest.approx((1.5 * spread).tolist())
    varying = safety.measured(spread, 1.5, demand=np.array([10.0, 10]), lead_time_deviation=0.5)
    assert varying.tolist() == pytest.approx((1.5 * np.sqrt(spread**2 + 25)).tolist())
    assert np.isnan(safety.rmse(np.full((3, 1), np.nan))).all()


def test_a_protection_interval_beyond_the_horizon_is_scaled_by_its_root() -> None:
    errors = np.ones((1, 1, 4))
    assert safety.cumulative_errors(errors, np.array([16])).tolist() == [[8.0]]


def test_empirical_quantile() -> None:
    errors = np.append(np.arange(1.0, 20), np.nan)
    assert safety.empirical(errors, 0.95) == 19
    assert safety.empirical(errors, 0.5) == 10
    assert safety.empirical(-errors, 0.95) == 0
    assert np.isnan(safety.empirical(errors * np.nan, 0.9))


def test_correlated_errors_need_more_than_the_textbook_says() -> None:
    """What is wrong this week is wrong next week: sigma x sqrt(L) is too little for that."""
    rng = np.random.default_rng(3)
    lasting = rng.normal(0, 8, (4000, 1, 1)) + rng.normal(0, 6, (4000, 1, 4))
    z = safety.service_factor(0.95)
    held = safety.measured(safety.rmse(safety.cumulative_errors(lasting, np.array([4]))), z)
    assert (lasting.sum(axis=2)[:, 0] <= held[0]).mean() == pytest.approx(0.95, abs=0.015)
    assert held[0] > 1.6 * safety.textbook(z, lasting.std(), lead_time=4)


def test_reorder_point_with_a_part_of_a_period() -> None:
    forecast = np.array([[10.0, 20, 30], [0, 0, 6]])
    assert safety.reorder_point(forecast, np.array([1.5, 5]), np.array([5.0, 1])).tolist() == [25, 11]
    with pytest.raises(ValueError, match="between 0 and 1"):
        safety.service_factor(1.0)


def test_cover_counts_the_part_of_a_week() -> None:
    lengths = np.array([5.0, 7, 7])
    demand = np.array([[10.0, 14, 0], [10, 14, 7], [0, 0, 0], [0, 0, 7], [10, 14, 7], [10, 14, 7], [10, 14, 0]])
    stock = np.array([17.0, 24, 5, 3, -2, 0, 25])
    found = days_of_cover(stock, demand, lengths, tail=1).tolist()
    assert found[:2] == [8.5, 12]
    assert np.isnan(found[2])
    assert found[3:6] == [15, 0, 0]
    assert found[6] == np.inf
    assert days_of_cover(np.array([38.0]), demand[1:2], lengths, tail=1).tolist() == [26]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=8), st.integers(1, 60), st.integers(1, 7))
def test_demand_over_the_days_of_cover_is_the_stock(demand: list[int], stock: int, first: int) -> None:
    lengths = np.array([first] + [7] * (len(demand) - 1), dtype=float)
    forecast = np.array([demand], dtype=float)
    found = float(days_of_cover(np.array([float(stock)]), forecast, lengths)[0])
    if not sum(demand):
        assert np.isnan(found)
    elif stock <= sum(demand):
        ends = np.cumsum(lengths)
        used = (forecast[0] * np.clip((found - (ends - lengths)) / lengths, 0, 1)).sum()
        assert used == pytest.approx(stock)
    else:
        rest = (found - lengths.sum()) * forecast[0][-13:].sum() / lengths[-13:].sum()
        assert rest == pytest.approx(stock - sum(demand))


def test_cover_of_the_weeks_ahead() -> None:
    found = cover_ahead(np.array([[20.0, 10, 0]]), np.array([[10.0, 10, 10]]), np.array([7.0, 7, 7]))
    assert found.tolist() == [[14, 7, 0]]


def test_a_promise_is_taken_back_from_the_nearest_supply_before() -> None:
    raw = np.array([[10.0, 0, 5, -8, 0, 3, -20, 4]])
    assert consumed_backward(raw).tolist() == [[0, 0, 0, 0, 0, 0, -10, 4]]
    assert consumed_backward(np.array([[10.0, 0, 5, -8]])).tolist() == [[7, 0, 0, 0]]
    alone = available_to_promise(np.array([-4.0]), np.array([[0.0, 10, 0]]), np.array([[1.0, 2, 3]]))
    assert alone.discrete.tolist() == [[-5, 5, 0]]


def test_load_of_planned_and_open_orders() -> None:
    """The setup where an order starts, the run over its days: an open order over three weeks, a third of it gone by;
    one that is begun has 7 of its 14 days left; a new one over the week before it is due."""
    given = items(2, lead_time=[1, 0], is_made=[True, False])
    operations = [(0, 0, 2.0, 0.1), (0, 1, 1.0, 0.05), (1, 0, 99.0, 99.0)]
    under_way = open_orders([(0, 2, 45), (0, 1, 30)], is_made=True, start=-1)
    under_way.is_started[1] = True
    found = plan(
        inputs(
            given, 4, forecast=[[0, 30, 45, 50], [5, 5, 5, 5]], open_orders=under_way, operations=operations,
            hours=[[20, 0, 7, 7], [10, 1, 10, 10]], efficiency=[0.9, 1.0],
        )
    )  # fmt: skip
    assert found.orders.release[found.orders.item == 0].tolist() == [2]
    assert found.load.required == pytest.approx(
        np.array([[2 + 1.5 + 1.5, 1.5, 1.5 + 2 + 5, 0], [1 + 0.75 + 0.75, 0.75, 0.75 + 1 + 2.5, 0]])
    )
    assert found.load.available[0].tolist() == pytest.approx([18, 0, 6.3, 6.3])
    assert found.load.utilisation[0, [0, 2, 3]] == pytest.approx([5 / 18, 8.5 / 6.3, 0])
    assert found.load.status[0].tolist() == [FITS, OVERLOADED, OVERLOADED, FITS]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000_000))
def test_work_is_spread_over_its_days(seed: int) -> None:
    """Against hours laid down order by order, day by day of whole numbers."""
    rng = np.random.default_rng(seed)
    many, lengths = int(rng.integers(0, 12)), np.array([float(rng.integers(1, 8)), 7, 7, 7])
    work = capacity.Work(
        rng.integers(0, 3, many), rng.integers(-5, 35, many) * 1.0, rng.integers(0, 20, many) * 1.0,
        rng.integers(1, 9, many) * 1.0, rng.random(many) < 0.5,
    )  # fmt: skip
    operations = [(0, 0, 3.0, 0.5), (0, 1, 1.0, 0.25), (2, 1, 2.0, 1.0)]
    period = np.repeat(np.arange(4), lengths.astype(int))
    expected = np.zeros((2, 4))
    for n in range(many):
        for item, center, setup, run in operations:
            first = max(int(work.start[n]), 0)
            if item != work.item[n] or first >= len(period):
                continue
            expected[center, period[first]] += 0 if work.is_set_up[n] else setup
            span = list(range(first, first + int(work.days[n]))) or [first]
            for day in [day for day in span if day < len(period)]:
                expected[center, period[day]] += run * work.quantity[n] / len(span)
    assert capacity.detailed(routing(operations), work, lengths, 2) == pytest.approx(expected)


def test_limits_of_utilisation() -> None:
    found = capacity.load(np.array([[85.0, 85.1, 100, 100.1, 1]]), np.array([[100.0, 100, 100, 100, 0]]), np.ones(1))
    assert found.status.tolist() == [[FITS, WARNED, WARNED, OVERLOADED, OVERLOADED]]
    assert found.utilisation[0, 4] == np.inf
    assert capacity.load(np.array([[0.3]]), np.array([[0.1]]), np.array([3.0])).status.tolist() == [[WARNED]]


def test_rough_cut_by_the_bill_of_capacity() -> None:
    bom = structure(Bom.of([(0, 1, 2), (0, 2, 1), (1, 2, 3)]), 3, days([0]))
    per_unit = capacity.hours_per_unit(bom, routing([(0, 0, 9, 1.0), (1, 0, 9, 0.5), (2, 1, 9, 0.1)]), 2)
    assert per_unit == pytest.approx(np.array([[2.0, 0.7], [0.5, 0.3], [0, 0.1]]))
    assert capacity.rough_cut(per_unit, np.array([[10.0, 0], [0, 4], [0, 0]])) == pytest.approx(
        np.array([[20, 2], [7, 1.2]])
    )


def test_capacity_value_is_what_fits() -> None:
    found = capacity.load(np.array([[80.0, 50, 0], [120, 20, 0]]), np.full((2, 3), 100.0), np.ones(2))
    value = capacity.capacity_value(np.array([600.0, 100, 0]), found)
    assert value[:2].tolist() == [500, 200]
    assert np.isnan(value[2])


def test_levelling_moves_the_excess_to_the_nearest_room() -> None:
    """As planners see it: 101, 108, 114 and 109 % between 95 and 93 %."""
    share = np.array([[95.0, 101, 108, 114, 109, 93, 74, 40], [10, 20, 10, 20, 10, 20, 10, 20]])
    found = capacity.load(share, np.full((2, 8), 100.0), np.ones(2))
    moves = [(m.work_center, m.period, m.to_period, m.hours) for m in capacity.levelled(found)]
    assert moves == [(0, 1, 0, 1), (0, 2, 0, 4), (0, 2, 5, 4), (0, 3, 5, 3), (0, 3, 6, 11), (0, 4, 6, 9)]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 200), min_size=1, max_size=10))
def test_levelling_loses_no_hour_and_overloads_nothing(required: list[int]) -> None:
    found = capacity.load(np.array([required], dtype=float), np.full((1, len(required)), 100.0), np.ones(1))
    after = found.required[0].copy()
    for move in capacity.levelled(found):
        after[move.period] -= move.hours
        after[move.to_period] += move.hours
    assert after.sum() == pytest.approx(sum(required))
    assert (after <= np.maximum(found.required[0], 100) + 1e-6).all()
    assert (after <= 100 + 1e-6).all() or (after >= 100 - 1e-6).all()
