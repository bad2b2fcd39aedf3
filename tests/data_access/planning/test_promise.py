"""Promises against two ways of trying everything: a warehouse walked day by day, and a network judged by Hall."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from data_access.planning.parts import Part
from data_access.planning.promise import Item, Need, Receipt, likely, lot, promise
from tests.data_access.planning.warehouse_walk import (
    Situation,
    first_day_by_walking,
    first_day_in_network,
    serve_all,
    some_situation,
)

TODAY = date(2026, 11, 23)


def on(day: int) -> date:
    return TODAY + timedelta(days=day)


def as_item(case: Situation) -> Item:
    return Item(
        today=TODAY,
        on_hand={f"w{place}": Decimal(held) for place, held in enumerate(case.stock)},
        needs=tuple(Need(name, Decimal(q), on(day), f"w{place}") for name, q, day, place in case.lines),
        receipts=tuple(
            Receipt(("buy", "make")[n % 2], f"r{n}", on(day), Decimal(q), f"w{place}")
            for n, (day, q, place) in enumerate(case.receipts)
        ),
        supply="make",
        lead_time_days=case.lead,
        receives=f"w{case.receives}",
        transfer_days=case.transfer,
    )


def number(day: date | None) -> int | None:
    return None if day is None else (day - TODAY).days


def test_one_warehouse_agrees_with_walking_it_in_1500_situations() -> None:
    rng = random.Random(4)
    seen = {"now": 0, "later": 0, "never": 0, "own line": 0}
    for _ in range(1500):
        case = some_situation(rng)
        case.stock[0] = max(case.stock[0], 0)
        wanted = rng.choice((1, rng.randint(1, 15), rng.randint(10, 90)))
        own = rng.choice(case.lines)[0] if case.lines and rng.random() < 0.3 else ""
        expected = first_day_by_walking(case, wanted, own)
        answer = promise(as_item(case), Decimal(wanted), "w0", own or None)
        assert number(answer.day) == expected, (case, wanted, own)
        seen["never" if expected is None else "later" if expected else "now"] += 1
        seen["own line"] += bool(own)
    assert min(seen.values()) > 100, seen


def test_several_warehouses_agree_with_hall_in_600_situations() -> None:
    rng = random.Random(5)
    seen = {"now": 0, "later": 0, "never": 0, "moved": 0}
    for _ in range(600):
        case = some_situation(rng, rng.randint(2, 3))
        place = rng.randrange(len(case.stock))
        wanted = rng.choice((1, rng.randint(1, 15), rng.randint(10, 60)))
        expected = first_day_in_network(case, wanted, place)
        answer = promise(as_item(case), Decimal(wanted), f"w{place}")
        assert number(answer.day) == expected, (case, wanted, place)
        seen["never" if expected is None else "later" if expected else "now"] += 1
        seen["moved"] += bool(answer.decides and answer.decides.kind == "transfer")
    assert min(seen.values()) > 20, seen


def test_likely_days_agree_with_hall() -> None:
    rng, short = random.Random(6), 0
    for _ in range(300):
        case = some_situation(rng, rng.randint(1, 3))
        _, expected = serve_all(case)
        found = likely(as_item(case))
        assert found.keys() == {line[0] for line in case.lines}
        for name, (day, known, _) in found.items():
            came, missing = expected[name]
            short += missing > 0
            assert known == (missing == 0), (case, name)
            assert not known or number(day) == came, (case, name)
    assert short > 100


def test_the_answer_adds_up() -> None:
    rng = random.Random(7)
    for _ in range(400):
        case = some_situation(rng, rng.randint(1, 3))
        wanted = Decimal(rng.randint(1, 60))
        answer = promise(as_item(case), wanted, "w0")
        assert [rung.day for rung in answer.rungs] == sorted(rung.day for rung in answer.rungs)
        assert sum(rung.used for rung in answer.rungs) == wanted - answer.missing
        assert (answer.missing == 0) == (answer.day is not None) == (answer.decides is not None)
        assert all(rung.free is None or 0 <= rung.free <= (rung.quantity or 0) for rung in answer.rungs)
        assert all(rung.day <= answer.day for rung in answer.rungs if rung.used and answer.day)
        if answer.split:
            (first, part), (last, rest) = answer.split
            assert part + rest == wanted and part > 0 and rest > 0 and TODAY <= first < last == answer.day
            sooner = promise(as_item(case), part, "w0")
            assert sooner.day == first


def test_what_is_promised_can_be_kept() -> None:
    """Entered as an order, a promise comes true; in one warehouse every other open line keeps the day it had."""
    rng, kept = random.Random(8), 0
    for _ in range(600):
        case = some_situation(rng, rng.randint(1, 3))
        item, wanted = as_item(replace(case, lead=None)), Decimal(rng.randint(1, 30))
        answer = promise(item, wanted, "w0")
        if answer.day is None:
            continue
        kept += 1
        given = Need("zzz", wanted, answer.day, "w0")
        before, after = likely(item), likely(replace(item, needs=(*item.needs, given)))
        assert after["zzz"][:2] == (answer.day, True), case
        if len(case.stock) == 1:
            assert {line: after[line][:2] for line in before} == {line: told[:2] for line, told in before.items()}, case
    assert kept > 200


def test_available_to_promise_of_the_textbook() -> None:
    """Stevenson's pumps: on hand 64, lots of 70 in weeks 3, 5, 7 and 8; free are 11, 56, 68, 70 and 70."""
    week = [TODAY + timedelta(weeks=n) for n in range(8)]
    orders = [33, 20, 10, 4, 2, 0, 0, 0]
    item = Item(
        TODAY,
        {"w": Decimal(64)},
        tuple(Need(f"l{n}", Decimal(q), week[n], "w") for n, q in enumerate(orders) if q),
        tuple(Receipt("make", f"r{n}", week[n], Decimal(70), "w") for n in (2, 4, 6, 7)),
    )
    rungs = promise(item, Decimal(275), "w").rungs
    assert [int(rung.free or 0) for rung in rungs] == [11, 56, 68, 70, 70]
    assert [int(rung.total) for rung in rungs] == [11, 67, 135, 205, 275] and rungs[-1].decides


def test_stock_kept_for_a_later_order_is_not_given_away() -> None:
    item = Item(TODAY, {"w": Decimal(10)}, (Need("l", Decimal(8), on(20), "w"),))
    assert promise(item, Decimal(2), "w").day == TODAY
    assert promise(item, Decimal(3), "w").day is None and promise(item, Decimal(3), "w").missing == 1
    soon = replace(item, receipts=(Receipt("buy", "p", on(20), Decimal(1), "w"),))
    assert promise(soon, Decimal(3), "w").day == TODAY, "the receipt of day 20 serves the order of day 20"
    late = replace(item, receipts=(Receipt("buy", "p", on(21), Decimal(1), "w"),))
    assert promise(late, Decimal(3), "w").day == on(21)


def test_what_a_warehouse_lacks_for_its_orders_is_kept_back_elsewhere() -> None:
    item = Item(TODAY, {"plant": Decimal(100), "hub": Decimal(10)}, (Need("l", Decimal(90), on(9), "hub"),))
    answer = promise(item, Decimal(20), "plant")
    assert [(rung.kind, rung.free) for rung in answer.rungs] == [("stock", 20), ("transfer", 0)]
    assert answer.day == TODAY
    assert promise(item, Decimal(20), "hub").day == on(3) and promise(item, Decimal(21), "hub").day is None


def test_a_warehouse_serves_its_own_orders_first() -> None:
    item = Item(TODAY, {"plant": Decimal(99), "hub": Decimal(40)}, (Need("l", Decimal(31), on(6), "plant"),))
    assert [rung.free for rung in promise(item, Decimal(1), "plant").rungs] == [68, 40]


def test_what_comes_too_late_is_brought_from_elsewhere() -> None:
    receipts = (Receipt("buy", "p", on(20), Decimal(50), "hub"),)
    item = Item(TODAY, {"plant": Decimal(60), "hub": Decimal(0)}, (Need("l", Decimal(50), on(5), "hub"),), receipts)
    assert likely(item) == {"l": (on(5), True, True)}, "moved from the plant"
    assert [(rung.kind, rung.free) for rung in promise(item, Decimal(1), "hub").rungs] == [
        ("stock", 0), ("transfer", 10), ("buy", 50),
    ]  # fmt: skip


def test_overdue_and_undated_receipts_count_for_nothing() -> None:
    receipts = tuple(Receipt("buy", f"p{n}", day, Decimal(5), "w") for n, day in enumerate((on(-1), None, on(0))))
    answer = promise(Item(TODAY, {}, receipts=receipts), Decimal(6), "w")
    assert answer.day is None and answer.missing == 1 and [one.document for one in answer.ignored] == ["p0", "p1"]


def test_stock_below_zero_is_filled_first() -> None:
    item = Item(TODAY, {"w": Decimal(-4)}, receipts=(Receipt("buy", "p", on(2), Decimal(10), "w"),))
    assert promise(item, Decimal(6), "w").day == on(2) and promise(item, Decimal(7), "w").day is None


@pytest.mark.parametrize(("need", "size"), [(1, 30), (30, 30), (31, 40), (45, 50)])
def test_new_supply_comes_in_lots_after_the_lead_time(need: int, size: int) -> None:
    item = Item(TODAY, {}, supply="buy", lead_time_days=14, minimum=Decimal(25), multiple=Decimal(10), receives="w")
    answer = promise(item, Decimal(need), "w")
    assert answer.day == on(14) and answer.decides and answer.decides.quantity == size == lot(item, Decimal(need))
    assert promise(item, Decimal(need), "elsewhere").day == on(17)
    assert promise(replace(item, supply="none"), Decimal(need), "w").day is None


def test_new_work_waits_for_the_part_that_comes_last() -> None:
    """Two gears a unit and a case. Gears for 10 are left over today, for 40 in a week, new ones take 30 days; cases for
    15 today, new ones take 12."""
    gear = Part("g", "GEAR", Decimal(2), ((TODAY, Decimal(20)), (on(7), Decimal(80))), on(30))
    case = Part("c", "CASE", Decimal(1), ((TODAY, Decimal(15)),), on(12))
    item = Item(TODAY, {}, supply="make", lead_time_days=10, multiple=Decimal(5), parts=(gear, case))

    def asked(quantity: int) -> tuple[date | None, str | None]:
        answer = promise(item, Decimal(quantity), "w")
        assert answer.decides
        return answer.day, answer.decides.waits_for

    assert asked(9) == (on(10), None), "the lot of 10 has its parts"
    assert asked(11) == (on(17), "GEAR")
    assert asked(16) == (on(22), "CASE")
    assert asked(41) == (on(40), "GEAR")
    stocked = replace(item, on_hand={"w": Decimal(6)})
    assert promise(stocked, Decimal(15), "w").day == on(10), "only what is not there is made"
    line = replace(item, needs=(Need("l", Decimal(11), on(2), "w"),))
    assert likely(line) == {"l": (on(17), False, False)}


def test_planned_work_is_promised_once_its_owed_part_is_kept() -> None:
    """20 planned for day 8 and 30 for day 15; 12 are owed to an order. New work would wait for gears till day 30."""
    gear, made = Part("g", "GEAR", Decimal(1), (), on(30)), ((on(8), Decimal(20)), (on(15), Decimal(30)))
    item = Item(TODAY, {"w": Decimal(0)}, supply="make", lead_time_days=5, parts=(gear,), planned=made)

    def planned(given: Item, **asked: str) -> list[Decimal | None]:
        return [rung.free for rung in promise(given, Decimal(1), "w", **asked).rungs if rung.kind == "planned"]

    owing = replace(item, needs=(Need("l", Decimal(12), on(2), "w"), Need("m", Decimal(30), on(20), "w")))
    assert planned(item) == [20, 30]
    assert [promise(item, Decimal(asked), "w").day for asked in (20, 21, 51)] == [on(8), on(15), on(35)]
    assert planned(owing, line_id="m") == [8, 30] and planned(owing) == [0, 8]
    assert likely(owing) == {"l": (on(8), False, False), "m": (on(20), False, False)}
    assert promise(replace(item, receives="w"), Decimal(20), "elsewhere").day == on(11)


def test_a_part_that_can_come_sooner_is_offered() -> None:
    receipts = (Receipt("buy", "a", on(5), Decimal(95), "w"), Receipt("make", "b", on(30), Decimal(500), "w"))
    answer = promise(Item(TODAY, {"w": Decimal(5)}, receipts=receipts), Decimal(120), "w")
    assert answer.day == on(30) and answer.decides and answer.decides.document == "b"
    assert answer.split == ((on(5), 100), (on(30), 20)), "100 pieces 25 days earlier beat 5 pieces 30 days earlier"


def test_fractions_are_exact() -> None:
    item = Item(TODAY, {"w": Decimal("0.3")}, (Need("l", Decimal("0.1"), on(1), "w"),))
    assert promise(item, Decimal("0.2"), "w").day == TODAY
    assert promise(item, Decimal("0.200001"), "w").missing == Decimal("0.000001")
