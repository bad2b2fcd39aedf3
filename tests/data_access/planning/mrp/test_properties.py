"""What holds for every plan: balances add up, nothing is lost or doubled, lots keep their rules, loops are named."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.planning.mrp.engine import plan, scheduled_receipts
from data_access.planning.mrp.model import Inputs, Plan
from data_access.planning.mrp.structure import structure
from tests.data_access.planning.mrp.randomplans import some_inputs

SEEDS = st.integers(0, 10_000_000)
SOME = settings(max_examples=60, deadline=None)


def balance(found: Plan) -> np.ndarray:
    """The projected balance period by period, as the formula is written."""
    before, rows = found.inputs.items.on_hand, []
    for t in range(found.inputs.shape[1]):
        before = before + found.scheduled[:, t] + found.receipts[:, t] - found.gross[:, t]
        rows.append(before)
    return np.stack(rows, axis=1)


def naively(inputs: Inputs, releases: np.ndarray, lines: set[int]) -> np.ndarray:
    """What parents take, one line, one release at a time."""
    taken = np.zeros(inputs.shape)
    for row in lines:
        bom = inputs.bom
        for t in range(inputs.shape[1]):
            now = max(inputs.horizon.starts[t], inputs.horizon.today)
            if not np.isnat(bom.valid_from[row]) and now < bom.valid_from[row]:
                continue
            if not np.isnat(bom.valid_to[row]) and now > bom.valid_to[row]:
                continue
            each = bom.quantity_per[row] / (1 - bom.scrap[row])
            taken[bom.component[row], t] += releases[bom.parent[row], t] * each
    return taken


def recursively(inputs: Inputs) -> dict[tuple[int, int], float]:
    """(item, period) -> all that is wanted of it, by following each demand down by itself; no stock, no lots."""
    wanted: dict[tuple[int, int], float] = defaultdict(float)
    bom, last = inputs.bom, inputs.shape[1]

    def want(item: int, t: int, quantity: float) -> None:
        wanted[item, t] += quantity
        lead = 0 if inputs.items.is_phantom[item] else int(inputs.items.lead_time[item])
        release = max(t - lead, 0)
        now = max(inputs.horizon.starts[release], inputs.horizon.today)
        for row in range(len(bom.parent)):
            begun = np.isnat(bom.valid_from[row]) or bom.valid_from[row] <= now
            over = not np.isnat(bom.valid_to[row]) and bom.valid_to[row] < now
            if bom.parent[row] == item and begun and not over:
                want(int(bom.component[row]), release, quantity * bom.quantity_per[row] / (1 - bom.scrap[row]))

    for item in range(inputs.shape[0]):
        for t in range(last):
            booked = sum(
                q for i, d, q in zip(inputs.lines.item, inputs.lines.day, inputs.lines.quantity, strict=True)
                if i == item and max((d - inputs.horizon.starts[0]).astype(int) // 7, 0) == t
            )  # fmt: skip
            outside = t >= inputs.items.demand_fence[item]
            demand = max(booked, inputs.forecast[item, t]) if outside else booked
            want(item, t, demand + inputs.deals[item, t])
    return wanted


@SOME
@given(SEEDS)
def test_balances_add_up(seed: int) -> None:
    found = plan(some_inputs(seed))
    assert found.available == pytest.approx(balance(found), abs=1e-6)
    assert found.scheduled == pytest.approx(scheduled_receipts(found.inputs))


@SOME
@given(SEEDS)
def test_every_need_is_met_once_where_nothing_forbids_it(seed: int) -> None:
    """Without a maximum or a frozen zone, in the strict rule, no balance falls below safety stock; and no lot is larger
    than its rule asks for."""
    inputs = some_inputs(seed)
    found = plan(inputs)
    strict = (inputs.items.frozen == 0) | inputs.items.is_phantom
    strict &= np.isinf(inputs.items.lots.maximum) | inputs.items.is_phantom
    low = found.safety_stock[:, None] - found.available
    if not inputs.reschedule:
        assert (low[strict] <= 1e-6).all()
    after_lead_time = np.arange(inputs.shape[1]) >= found.lead_time[:, None]
    assert (np.where(after_lead_time, low, 0.0)[strict] <= 1e-6).all()
    alone = (inputs.items.lots.periods == 1) & (inputs.items.lots.minimum == 0) & (inputs.items.lots.multiple == 0)
    alone |= inputs.items.is_phantom
    assert found.receipts[alone & strict] == pytest.approx(found.net[alone & strict])


@SOME
@given(SEEDS)
def test_nothing_is_lost_or_doubled_on_the_way_down(seed: int) -> None:
    """Releases are receipts moved; what parents take is what their releases need, line by line."""
    found = plan(some_inputs(seed))
    assert found.releases.sum(axis=1) == pytest.approx(found.receipts.sum(axis=1))
    for item, due in zip(*np.nonzero(found.receipts), strict=True):
        assert found.releases[item, max(due - found.lead_time[item], 0)] >= found.receipts[item, due] - 1e-9
    lines = set(found.structure.line.tolist())
    assert found.dependent == pytest.approx(naively(found.inputs, found.releases + found.starting, lines), abs=1e-6)


@SOME
@given(SEEDS)
def test_explosion_is_the_recursive_one(seed: int) -> None:
    """With nothing on hand or to come and lot-for-lot, planned receipts are the demand followed down by hand."""
    inputs = some_inputs(seed, plain=True)
    found = plan(inputs)
    wanted = recursively(inputs)
    expected = np.array([[wanted[item, t] for t in range(inputs.shape[1])] for item in range(inputs.shape[0])])
    assert found.gross == pytest.approx(expected, abs=1e-6)
    assert found.receipts == pytest.approx(expected, abs=1e-6)


@SOME
@given(SEEDS)
def test_lots_keep_their_minimum_multiple_and_maximum(seed: int) -> None:
    inputs = some_inputs(seed)
    found, rules = plan(inputs), inputs.items.lots
    for item, t in zip(*np.nonzero(found.receipts), strict=True):
        quantity = found.receipts[item, t]
        if inputs.items.is_phantom[item]:
            continue
        assert quantity <= rules.maximum[item] + 1e-9
        assert quantity >= rules.minimum[item] - 1e-9
        if rules.multiple[item]:
            assert quantity % rules.multiple[item] == pytest.approx(0)
            if rules.periods[item] == 1 and np.isinf(rules.maximum[item]):
                assert quantity - max(found.net[item, t], rules.minimum[item]) < rules.multiple[item]
    frozen = np.where(inputs.items.is_phantom, 0, inputs.items.frozen)
    first = np.where(frozen > 0, frozen + found.lead_time, 0)
    assert not (found.receipts * (np.arange(inputs.shape[1]) < first[:, None])).any()


@SOME
@given(SEEDS)
def test_promises_add_up(seed: int) -> None:
    found = plan(some_inputs(seed))
    supply = found.scheduled + found.receipts
    committed = found.inputs.orders + found.dependent
    total = found.inputs.items.on_hand + supply.sum(axis=1) - committed.sum(axis=1)
    discrete = found.atp.discrete
    assert discrete.sum(axis=1) == pytest.approx(total, abs=1e-6)
    assert found.atp.cumulative == pytest.approx(np.cumsum(discrete, axis=1))
    assert not discrete[~found.atp.is_bucket].any()
    for row in discrete:
        negative = np.flatnonzero(row < -1e-6)
        assert not (row[: negative[-1]] > 1e-6).any() if len(negative) else True


@SOME
@given(SEEDS)
def test_a_loop_is_named_and_the_rest_planned(seed: int) -> None:
    inputs = some_inputs(seed, loops=True)
    found = plan(inputs)
    bom, kept = inputs.bom, set(found.structure.line.tolist())
    usable = structure(bom, inputs.shape[0], inputs.horizon.first_days)
    active = [
        row for row in range(len(bom.parent))
        if naively(inputs, np.ones(inputs.shape), {row}).any()
    ]  # fmt: skip
    above: dict[int, set[int]] = defaultdict(set)
    for row in active:
        above[int(bom.parent[row])].add(int(bom.component[row]))

    def reach(item: int) -> set[int]:
        seen: set[int] = set()
        todo = [item]
        while todo:
            for under in above[todo.pop()]:
                if under not in seen:
                    seen.add(under)
                    todo.append(under)
        return seen

    below = {item: reach(item) for item in range(inputs.shape[0])}
    inner = {row for row in active if int(bom.parent[row]) in {int(c := bom.component[row]), *below[int(c)]}}
    assert kept == set(active) - inner
    assert bool(usable.cycles) == bool(inner)
    looping = {frozenset(x for x in below[i] if i in below[x]) for i in below if i in below[i]}
    assert len(usable.cycles) == len(looping)
    for path in usable.cycles:
        assert path[0] == path[-1] and len(set(path)) == len(path) - 1
        assert all(b in above[a] for a, b in zip(path[:-1], path[1:], strict=True))
    assert found.dependent == pytest.approx(naively(inputs, found.releases + found.starting, kept), abs=1e-6)
    assert found.available == pytest.approx(balance(found), abs=1e-6)


@SOME
@given(SEEDS)
def test_the_cumulative_lead_time_is_the_longest_way_down(seed: int) -> None:
    inputs = some_inputs(seed)
    found = structure(inputs.bom, inputs.shape[0], inputs.horizon.first_days)
    under = defaultdict[int, list[int]](list)
    for parent, component in zip(found.parent.tolist(), found.component.tolist(), strict=True):
        under[parent].append(component)

    def longest(item: int) -> int:
        return int(inputs.items.lead_time_days[item]) + max(map(longest, under[item]), default=0)

    assert found.longest(inputs.items.lead_time_days).tolist() == [longest(item) for item in range(inputs.shape[0])]
