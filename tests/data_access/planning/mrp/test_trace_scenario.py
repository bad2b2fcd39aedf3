"""Shortages traced to the orders they hit, and scenarios that change nothing but what they say."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.planning.mrp.engine import plan
from data_access.planning.mrp.model import Plan
from data_access.planning.mrp.scenario import Demand, Hours, SupplierDelay, WonDeal, applied, compare
from data_access.planning.mrp.trace import EXPECTED, ORDER, STOCK, Tracer
from tests.data_access.planning.mrp.randomplans import some_inputs
from tests.data_access.planning.mrp.someitems import days, inputs, items, open_orders


def arrays(value: Any, name: str = "") -> dict[str, Any]:
    """Every array and number in a plan by its path."""
    if is_dataclass(value):
        return {k: v for f in fields(value) for k, v in arrays(getattr(value, f.name), f"{name}.{f.name}").items()}
    if isinstance(value, tuple):
        return {k: v for n, one in enumerate(value) for k, v in arrays(one, f"{name}[{n}]").items()}
    return {name: value}


def same(one: Any, other: Any) -> None:
    first, second = arrays(one), arrays(other)
    assert first.keys() == second.keys()
    for name, value in first.items():
        np.testing.assert_array_equal(value, second[name], err_msg=name)


def two_levels() -> Plan:
    """Pumps take 2 castings, made in a week; castings come three weeks after they are ordered, 30 are there."""
    given = items(3, on_hand=[5, 0, 30], lead_time=[1, 0, 3], is_made=[True, True, False], net_price=[100, 10, 0])
    orders = [(0, 1, 10), (0, 2, 10), (1, 2, 4), (0, 1, 5)]
    return plan(
        inputs(given, 6, orders=orders, forecast=[[0, 0, 13, 0, 0, 0], [0] * 6, [0] * 6], bom=[(0, 2, 2), (1, 2, 1)])
    )


def test_a_missing_part_hits_the_orders_that_came_last() -> None:
    """Castings: 20 for pumps of week 1, 26 for those of week 2, 4 for item 1; 30 are there, so 20 are missing: 16 in
    week 1 (8 pumps: the 3 expected and 5 of the 10 ordered) and 4 in week 2."""
    found = two_levels()
    tracer = Tracer(found)
    assert found.gross[2].tolist() == [20, 26, 4, 0, 0, 0]
    assert found.unexpedited[2].tolist() == [10, -16, -20, 0, 0, 0]
    hits = tracer.hits(2, 1)
    assert [(h.kind, h.line, h.item, h.period, h.quantity, h.blocked, h.path) for h in hits] == [
        (ORDER, 1, 0, 2, 5, 10, (2, 0)),
        (EXPECTED, -1, 0, 2, 3, 6, (2, 0)),
    ]
    assert [(h.kind, h.line, h.quantity) for h in tracer.hits(2, 2)] == [
        (ORDER, 1, 5),
        (EXPECTED, -1, 3),
        (ORDER, 2, 4),
    ]
    assert tracer.hits(2, 0) == []


def test_every_unit_short_is_traced_once() -> None:
    """The blocked units of all hits are the shortage, for any plan, item and period."""

    @settings(max_examples=80, deadline=None)
    @given(st.integers(0, 10_000_000))
    def check(seed: int) -> None:
        found = plan(some_inputs(seed))
        tracer, orders = Tracer(found), Tracer(found, orders_only=True)
        for item, period in zip(*np.nonzero(found.unexpedited < -1e-6), strict=True):
            hits = tracer.hits(int(item), int(period))
            assert orders.hits(int(item), int(period)) == [hit for hit in hits if hit.kind == ORDER]
            assert sum(h.blocked for h in hits) == pytest.approx(tracer.shortage(item, period), abs=1e-4)
            for hit in hits:
                assert hit.path[0] == item and hit.path[-1] == hit.item
                if hit.kind == ORDER:
                    line = found.inputs.lines
                    assert line.item[hit.line] == hit.item
                    assert hit.quantity <= line.quantity[hit.line] + 1e-6

    check()


def test_open_work_orders_pass_a_shortage_on_to_what_they_are_for() -> None:
    """Three work orders of 10, 4 and 6 pieces, one of them begun, and a new one for the rest; no parts until week 3.
    The order of 4 and that of 6 are due together: they are for the units 11 to 14 and 15 to 20, the new one for 21 to
    25."""
    given = items(2, lead_time=[1, 3], is_made=[True, False])
    orders = open_orders([(0, 1, 10), (0, 2, 4), (0, 2, 6)], is_made=True)
    orders = replace(orders, start_day=days([0, 1, 1]), is_started=np.array([True, False, False]))
    booked = [(0, 1, 10), (0, 2, 3), (0, 2, 3), (0, 2, 9)]
    found = plan(inputs(given, 4, orders=booked, open_orders=orders, bom=[(0, 1, 1)], reschedule=False))
    assert found.receipts[0].tolist() == [0, 0, 5, 0]
    assert found.gross[1].tolist() == [0, 15, 0, 0]
    tracer = Tracer(found)
    assert [(h.line, h.quantity) for h in tracer.hits(1, 1)] == [(1, 3), (2, 1), (2, 2), (3, 4), (3, 5)]
    assert [(h.line, h.quantity) for h in tracer.hits(1, 1, quantity=7)] == [(3, 2), (3, 5)]


def test_what_no_one_asked_for_is_stock() -> None:
    given = items(2, safety_stock=[7, 0], lead_time=[0, 2])
    found = plan(inputs(given, 4, forecast=[[0, 5, 0, 0], [0] * 4], bom=[(0, 1, 1)]))
    assert found.unexpedited[1].tolist() == [-7, -12, 0, 0]
    hits = Tracer(found).hits(1, 1)
    assert [(h.kind, h.quantity) for h in hits] == [(EXPECTED, 5), (STOCK, 2), (STOCK, 5)]


NOTHING = [Demand(1.0), SupplierDelay(0), Hours(0, 0, 5), WonDeal(0, 0, 0.0)]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000_000))
def test_a_scenario_without_a_change_changes_nothing(seed: int) -> None:
    given = some_inputs(seed)
    before = {name: np.copy(value) for name, value in arrays(given).items()}
    base = plan(given)
    for change in (None, *NOTHING):
        other = plan(applied(given, *([change] if change else [])))
        same(base, other)
        assert compare(base, other).is_same
    applied(given, Demand(1.3), SupplierDelay(10), Hours(0, 0, 2, extra=8, factor=0.5), WonDeal(0, 0, 50))
    for name, value in arrays(given).items():
        np.testing.assert_array_equal(value, before[name], err_msg=name)


def test_more_demand_and_later_supply_hurt() -> None:
    """40 last four weeks, 50 come in week 3; with twice the demand or two weeks' delay there is a gap."""
    given = items(2, on_hand=[40, 40], lead_time=[6, 6], net_price=5, unit_cost=2, is_made=[False, True])
    base = inputs(given, 8, forecast=[[10.0] * 8] * 2, receipts=[(0, 3, 50), (1, 3, 50)], hours=[[40.0] * 8])
    found = plan(base)
    assert compare(found, found).base.revenue_at_risk == 0
    late = compare(found, plan(applied(base, SupplierDelay(14, np.array([0])))))
    assert late.other.revenue_at_risk == pytest.approx(10 * 5)
    assert (late.worse.tolist(), late.better.tolist()) == ([0], [])
    assert late.base.stock_outs == 0
    assert late.other.stock_value[3] == late.base.stock_value[3] - 2 * 50
    more = compare(found, plan(applied(base, Demand(2.0, np.array([1])))))
    assert more.other.revenue_at_risk == pytest.approx(20 * 5)
    assert more.other.to_expedite > more.base.to_expedite
    won = compare(found, plan(applied(base, WonDeal(0, 2, 30))))
    assert won.worse.tolist() == [0]
    assert compare(plan(applied(base, WonDeal(0, 2, 30))), found).better.tolist() == [0]
    assert not late.is_same


def test_a_delay_reaches_purchase_orders_of_what_is_usually_made() -> None:
    base = inputs(items(2, is_made=[True, True]), 4, receipts=[(0, 1, 5)])
    made = replace(base, open_orders=open_orders([(1, 1, 5)], is_made=True))
    assert applied(base, SupplierDelay(7)).open_orders.due_day.tolist() == days([2]).tolist()
    assert applied(base, SupplierDelay(7)).items.lead_time.tolist() == [0, 0]
    assert applied(made, SupplierDelay(7)).open_orders.due_day.tolist() == days([1]).tolist()


def test_a_shift_more_and_a_machine_less() -> None:
    given = items(1, is_made=True)
    base = inputs(given, 4, forecast=[[100.0] * 4], operations=[(0, 0, 0, 0.5)], hours=[[40.0] * 4])
    found = plan(base)
    shift = compare(found, plan(applied(base, Hours(0, 1, 2, extra=20))))
    assert (shift.base.overloaded, shift.other.overloaded) == (4, 2)
    assert shift.base.peak == pytest.approx(1.25)
    assert not shift.load.any()
    lost = compare(found, plan(applied(base, Hours(0, 3, 3, factor=0.5))))
    assert (lost.other.peak, lost.other.peak_work_center, lost.other.peak_period) == (pytest.approx(2.5), 0, 3)


def test_a_won_deal_takes_the_place_of_what_was_expected_of_it() -> None:
    base = inputs(items(1), 2, deals=[[12.0, 0]])
    assert applied(base, WonDeal(0, 0, 40, expected=10)).deals.tolist() == [[42, 0]]
    assert applied(base, WonDeal(0, 1, 40, expected=10)).deals.tolist() == [[12, 40]]
