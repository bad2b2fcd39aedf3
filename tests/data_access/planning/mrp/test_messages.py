"""Every action message from the smallest plan that deserves it, its damping, and the ranking by money at risk."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.planning.mrp.engine import plan
from data_access.planning.mrp.lots import Lots
from data_access.planning.mrp.messages import KINDS, NO_ORDER, REASONS, Damping, action_messages
from data_access.planning.mrp.model import OpenOrders
from data_access.planning.mrp.risk import unit_values
from data_access.planning.mrp.structure import Bom, structure
from tests.data_access.planning.mrp.randomplans import some_inputs
from tests.data_access.planning.mrp.someitems import day, days, inputs, items

NO_DAMPING = Damping(days=0, share=0)


def told(given: Any, damping: Damping | None = None) -> list[tuple[str, int, int, float]]:
    """(kind, item, order, quantity) as ranked."""
    found = action_messages(plan(given), damping)
    rows = zip(found.kind, found.item, found.order, found.quantity, strict=True)
    return [(KINDS[kind], int(item), int(order), float(quantity)) for kind, item, order, quantity in rows]


def one(given: Any, damping: Damping | None = None) -> tuple[str, str, Any, float, float, float]:
    """(kind, reason, date, quantity, at risk, tied) of the only message."""
    found = action_messages(plan(given), damping)
    assert len(found.kind) == 1, [KINDS[kind] for kind in found.kind]
    date = None if np.isnat(found.date[0]) else found.date[0]
    money = float(found.at_risk[0]), float(found.tied[0])
    return KINDS[found.kind[0]], REASONS[found.reason[0]], date, float(found.quantity[0]), *money


STEADY = [[10.0] * 8]


def test_an_order_that_is_needed_earlier() -> None:
    """20 last two weeks, the order comes in week 5 and a new one in week 7: three weeks without, 30 at 3 a piece."""
    given = items(1, on_hand=20, lead_time=7, net_price=3)
    kind, reason, date, quantity, at_risk, _ = one(inputs(given, 8, forecast=STEADY, receipts=[(0, 5, 60)]))
    assert (kind, reason, date, quantity) == ("expedite", "needed_earlier", day(2), 60)
    assert at_risk == pytest.approx(30 * 3)


def test_money_at_risk_ends_after_six_weeks() -> None:
    given = items(1, on_hand=20, lead_time=12, net_price=3)
    *_, at_risk, _ = one(inputs(given, 12, forecast=[[10.0] * 12], receipts=[(0, 9, 100)]))
    assert at_risk == pytest.approx(40 * 3)


def test_an_order_that_is_needed_later() -> None:
    given = items(1, on_hand=50, unit_cost=2)
    kind, reason, date, quantity, at_risk, tied = one(inputs(given, 8, forecast=STEADY, receipts=[(0, 2, 30)]))
    assert (kind, reason, date, quantity) == ("de_expedite", "needed_later", day(5), 30)
    assert (at_risk, tied) == (0, 60)


def test_an_order_needed_after_the_horizon_is_moved_there() -> None:
    given = items(1, on_hand=100, unit_cost=2)
    kind, _, date, *_ = one(inputs(given, 8, forecast=STEADY, receipts=[(0, 2, 60)]), NO_DAMPING)
    assert (kind, date) == ("de_expedite", day(10))


def test_an_order_that_nobody_needs() -> None:
    given = items(1, on_hand=500, unit_cost=2)
    assert one(inputs(given, 8, forecast=STEADY, receipts=[(0, 2, 30)])) == ("cancel", "not_needed", None, 30, 0, 60)


def test_an_order_larger_than_what_is_needed() -> None:
    """160 are wanted in twice the horizon, lots of 25: 500 become 175."""
    given = items(1, lots=Lots.of(1, multiple=25), unit_cost=2)
    kind, reason, date, quantity, _, tied = one(inputs(given, 8, forecast=STEADY, receipts=[(0, 0, 500)]))
    assert (kind, reason, date, quantity, tied) == ("decrease", "more_than_needed", day(0), 325, 650)


def test_more_of_an_order_that_comes_before_a_new_one_could() -> None:
    given = items(1, lead_time=3, net_price=1)
    found = told(inputs(given, 8, forecast=STEADY, receipts=[(0, 0, 15)]))
    assert found == [("increase", 0, 0, 15), ("buy", 0, NO_ORDER, 10)]


def test_new_orders_too_late_and_in_time() -> None:
    given = items(2, lead_time=2, is_made=[True, False], on_hand=[0, 20], net_price=1)
    found = told(inputs(given, 8, forecast=STEADY * 2))
    assert found == [("expedite", 0, NO_ORDER, 20), ("buy", 1, NO_ORDER, 10), ("make", 0, NO_ORDER, 10)]


def test_an_order_whose_day_has_passed() -> None:
    given = items(1, lead_time=2, net_price=4)
    kind, reason, _, quantity, at_risk, _ = one(inputs(given, 2, forecast=[[5, 5]], receipts=[(0, -1, 10)]))
    assert (kind, reason, quantity, at_risk) == ("past_due", "due_day_passed", 10, 40)


def test_a_work_order_that_should_have_begun() -> None:
    waiting = OpenOrders(
        item=np.array([0, 0]), quantity=np.array([40.0, 40]), due_day=days([0, 4]), start_day=days([-1, -1]),
        is_started=np.array([True, False]), is_made=np.array([True, True]),
    )  # fmt: skip
    given = items(1, lead_time=4, is_made=True)
    assert told(inputs(given, 8, forecast=STEADY, open_orders=waiting)) == [("past_due", 0, 1, 40)]


def test_below_safety_where_nothing_new_may_be_ordered() -> None:
    given = items(1, on_hand=30, safety_stock=15, frozen=3, net_price=1)
    kind, reason, date, quantity, at_risk, _ = one(inputs(given, 3, forecast=[[10.0] * 3]))
    assert (kind, reason, date, quantity, at_risk) == ("below_safety", "below_safety_stock", day(1), 15, 0)


@pytest.mark.parametrize(
    ("damping", "kind"),
    [(NO_DAMPING, "expedite"), (Damping(days=7), "below_safety"), (Damping(days=6), "expedite")],
)
def test_small_moves_are_not_said_but_stock_outs_are(damping: Damping, kind: str) -> None:
    given = items(1, on_hand=20, lead_time=3)
    found = told(inputs(given, 8, forecast=STEADY, receipts=[(0, 3, 60)]), damping)
    assert [one for one, *_ in found] == [kind]


def test_a_small_lack_does_not_call_an_order() -> None:
    given = items(1, on_hand=39, lead_time=8)
    arguments: dict[str, Any] = dict(forecast=STEADY, receipts=[(0, 4, 40)])
    assert told(inputs(given, 8, **arguments), Damping(days=6, share=0.3)) == []
    assert [kind for kind, *_ in told(inputs(given, 8, **arguments), Damping(days=6, share=0))] == [
        "expedite",
        "increase",
    ]


def test_a_part_carries_what_waits_for_it_once() -> None:
    """0 is sold (900 at risk), made of 1 and 2, both of 3; a half of 1 is missing, all of 2, a quarter of 3. 4 is made
    of 3 as well, and nothing of it is at risk; 5 goes into 1 alone, and nothing of it is there."""
    bom = structure(Bom.of([(0, 1, 1), (0, 2, 1), (1, 3, 1), (2, 3, 1), (4, 3, 1), (1, 5, 1)]), 6, days([0]))
    wanted, missing = np.array([10.0, 20, 10, 40, 5, 20]), np.array([9.0, 10, 10, 10, 0, 20])
    own, price = np.array([1000.0, 0, 0, 0, 250, 0]), np.array([100.0, 1, 1, 1, 50, 1])
    value = unit_values(bom, own, wanted, missing, np.array([900.0, 0, 0, 0, 0, 0]), price)
    assert (value * missing).tolist() == pytest.approx([900, 450, 900, 225, 0, 450])
    alone = unit_values(bom, own * 0, wanted * 0, missing * 0, missing * 0, price)
    assert alone.tolist() == price.tolist()


def test_enough_of_what_lies_between_holds_nobody_up() -> None:
    bom = structure(Bom.of([(0, 1, 1), (1, 2, 1)]), 3, days([0]))
    wanted, missing, at_risk = np.array([10.0, 10, 10]), np.array([9.0, 0, 10]), np.array([900.0, 0, 0])
    value = unit_values(bom, np.array([1000.0, 0, 0]), wanted, missing, at_risk, np.zeros(3))
    assert (value * missing).tolist() == [900, 0, 0]


def test_the_money_of_an_item_is_laid_on_its_messages_once() -> None:
    """Nothing there, 10 a week at 2 a piece, nothing for five weeks: of the 50 missing the orders save 20 and 15, a new
    order the rest."""
    given = items(1, lead_time=8, net_price=2)
    found = action_messages(plan(inputs(given, 10, forecast=[[10.0] * 10], receipts=[(0, 5, 20), (0, 6, 15)])))
    assert [KINDS[kind] for kind in found.kind] == ["expedite", "expedite", "increase", "buy"]
    assert found.order.tolist() == [0, 1, 0, NO_ORDER]
    assert found.at_risk.tolist() == [40, 30, 30, 0]


def test_the_most_money_at_risk_comes_first() -> None:
    given = items(4, on_hand=[0, 0, 900, 0], lead_time=5, net_price=[1, 9, 1, 5], unit_cost=1)
    found = action_messages(
        plan(inputs(given, 8, forecast=STEADY * 4, receipts=[(0, 4, 80), (1, 4, 80), (2, 4, 80), (3, 4, 80)]))
    )
    assert found.item.tolist() == [1, 3, 0, 2]
    assert found.at_risk.tolist() == [360, 200, 40, 0]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000_000))
def test_an_order_gets_one_message_and_all_are_ranked(seed: int) -> None:
    given = some_inputs(seed)
    made = plan(given)
    found = action_messages(made)
    other = found.order[(found.order != NO_ORDER) & (found.kind != KINDS.index("increase"))]
    assert len(np.unique(other)) == len(other)
    assert (np.diff(found.at_risk) <= 1e-9).all()
    assert (found.quantity > 0).all()
    assert not given.items.is_phantom[found.item[found.order == NO_ORDER]].any()
    overdue = np.flatnonzero((given.open_orders.due_day < given.horizon.today) & (given.open_orders.quantity > 0))
    assert set(overdue) <= set(found.order[found.kind == KINDS.index("past_due")])
    asks = ~np.isin(found.kind, [KINDS.index(kind) for kind in ("decrease", "cancel", "de_expedite")])
    for item in np.unique(found.item[asks]):
        assert found.at_risk[asks & (found.item == item)].sum() == pytest.approx(made.at_risk[item])
    assert not found.at_risk[~asks].any()
