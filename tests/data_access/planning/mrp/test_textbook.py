"""Worked examples of textbooks and of a real planner, number for number, through the same functions as any plan."""

import numpy as np
import pytest

from data_access.planning.mrp.engine import plan
from data_access.planning.mrp.lots import Lots
from data_access.planning.safety import order_up_to, reorder_point, service_factor, textbook
from tests.data_access.planning.mrp.someitems import inputs, items

RESCHEDULE = pytest.mark.parametrize("reschedule", [True, False])


@RESCHEDULE
def test_fixed_lot_of_a_seat_subassembly(reschedule: bool) -> None:
    """Krajewski: Q 230, lead time 2, 37 on hand, 230 to come in week 1."""
    given = items(1, on_hand=37, lead_time=2, lots=Lots.of(1, multiple=230))
    demand = [[150, 0, 0, 120, 0, 150, 120, 0]]
    found = plan(inputs(given, 8, forecast=demand, receipts=[(0, 0, 230)], reschedule=reschedule))
    assert found.available.tolist() == [[117, 117, 117, 227, 227, 77, 187, 187]]
    assert found.receipts.tolist() == [[0, 0, 0, 230, 0, 0, 230, 0]]
    assert found.releases.tolist() == [[0, 230, 0, 0, 230, 0, 0, 0]]
    assert not found.orders.late.any()


@RESCHEDULE
@pytest.mark.parametrize("lots", ["lot for lot", "in lots"])
def test_two_levels_of_shutters(lots: str, reschedule: bool) -> None:
    """Stevenson: shutters <- 2 frames and 4 wood sections; 70 wood sections to come in week 1."""
    rule = Lots.of(3, multiple=[0, 320, 70] if lots == "in lots" else 0)
    given = items(3, lead_time=[1, 2, 1], lots=rule)
    orders = [(0, 3, 100), (0, 7, 150)]
    made_of = [(0, 1, 2), (0, 2, 4)]
    found = plan(inputs(given, 8, orders=orders, receipts=[(2, 0, 70)], bom=made_of, reschedule=reschedule))
    assert found.structure.level.tolist() == [0, 1, 1]
    assert found.releases[0].tolist() == [0, 0, 100, 0, 0, 0, 150, 0]
    assert found.gross[1].tolist() == [0, 0, 200, 0, 0, 0, 300, 0]
    assert found.gross[2].tolist() == [0, 0, 400, 0, 0, 0, 600, 0]
    if lots == "lot for lot":
        assert found.releases[1].tolist() == [200, 0, 0, 0, 300, 0, 0, 0]
        assert found.net[2].tolist() == [0, 0, 330, 0, 0, 0, 600, 0]
        assert found.releases[2].tolist() == [0, 330, 0, 0, 0, 600, 0, 0]
    else:
        assert found.receipts[1].tolist() == [0, 0, 320, 0, 0, 0, 320, 0]
        assert found.net[1].tolist() == [0, 0, 200, 0, 0, 0, 180, 0]
        assert found.available[1, [2, 6]].tolist() == [120, 140]
        assert found.releases[1].tolist() == [320, 0, 0, 0, 320, 0, 0, 0]
        assert found.receipts[2].tolist() == [0, 0, 350, 0, 0, 0, 630, 0]
        assert found.net[2].tolist() == [0, 0, 330, 0, 0, 0, 580, 0]
        assert found.available[2, [2, 6]].tolist() == [20, 50]
        assert found.releases[2].tolist() == [0, 350, 0, 0, 0, 630, 0, 0]


def test_master_schedule_and_promise_of_industrial_pumps() -> None:
    """Stevenson: requirement is the larger of forecast and orders, lots of 70 where the balance would be negative."""
    given = items(1, on_hand=64, lots=Lots.of(1, multiple=70))
    booked = [33, 20, 10, 4, 2]
    orders = [(0, week, quantity) for week, quantity in enumerate(booked)]
    found = plan(inputs(given, 8, forecast=[[30] * 4 + [40] * 4], orders=orders))
    assert found.available.tolist() == [[31, 1, 41, 11, 41, 1, 31, 61]]
    assert found.receipts.tolist() == [[0, 0, 70, 0, 70, 0, 70, 70]]
    assert found.atp.discrete.tolist() == [[11, 0, 56, 0, 68, 0, 70, 70]]
    assert found.atp.is_bucket.tolist() == [[True, False, True, False, True, False, True, True]]
    assert found.atp.cumulative.tolist() == [[11, 11, 67, 67, 135, 135, 205, 275]]


def test_safety_stock_and_reorder_point() -> None:
    """Stevenson: lead-time demand N(50, 5) at a risk of 3 %; jars, 50 a week, sigma 3, lead time 2, risk 10 %."""
    z = service_factor(0.97, digits=2)
    safety = textbook(z, 5.0)
    assert (z, round(float(safety), 2)) == (1.88, 9.40)
    assert reorder_point(np.array([[50.0]]), 1, safety).round(2).tolist() == [59.40]
    z = service_factor(0.90, digits=2)
    safety = textbook(z, 3.0, lead_time=2)
    assert (z, round(float(safety), 2)) == (1.28, 5.43)
    assert reorder_point(np.full((1, 8), 50.0), 2, safety).round(2).tolist() == [105.43]
    assert order_up_to(np.full((1, 8), 50.0), 2, 1.5, safety).round(2).tolist() == [180.43]
    assert service_factor(0.97) == pytest.approx(1.880794, abs=1e-6)


@pytest.mark.parametrize(("maximum", "ordered"), [(np.inf, 25), (20, 20)])
def test_replenishing_chairs(maximum: float, ordered: float) -> None:
    """Odoo: target 10, start 60, demand 75; at most 20 at once."""
    given = items(1, on_hand=60, safety_stock=10, lots=Lots.of(1, maximum=maximum))
    found = plan(inputs(given, 1, forecast=[[75]]))
    assert found.receipts.tolist() == [[ordered]]
    assert found.available.tolist() == [[60 + ordered - 75]]
