"""When can I have it: the earliest day goods can be somewhere, from supply that is promised to nobody else.

Available to promise, cumulative and looking ahead: every open order keeps, in the order of the days they are wanted,
the earliest goods it can have, those of its own warehouse first; what is left over, counted at the day it can be in the
wanted warehouse, is free. In one warehouse that is the lowest projected balance from that day on, never less than
nothing. What has to be made anew waits for the parts that the plan leaves over. Overdue and undated receipts count for
nothing, safety stock, expected demand and the parts that work orders will use hold nothing back, days are calendar
days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from data_access.planning.parts import Part as Component
from data_access.planning.parts import start
from data_access.planning.pegging import ZERO, Goods, Part, Pegging, Place

TRANSFER_DAYS = 3  # stock moves between warehouses carry one date, so that the time on the road cannot be measured
HOLE = ""  # the line of stock below zero: what has left before it was there


@dataclass(frozen=True)
class Need:
    """What is left to ship of an open order line; without a day, or with one that has passed, it is wanted now."""

    line_id: str
    quantity: Decimal
    day: date | None
    warehouse: Place


@dataclass(frozen=True)
class Receipt:
    """An open purchase (`buy`) or work order (`make`)."""

    kind: str
    document: str
    day: date | None
    quantity: Decimal
    warehouse: Place
    supplier: str | None = None


@dataclass(frozen=True)
class Item:
    """One product's stock, open orders and receipts, and how new ones are made: `supply` make, buy or none;
    `receives` is the warehouse its goods come in at; `parts`: what it is made of; `planned`: (day, quantity) of planned
    work orders that can still begin in time, the plan keeps their parts; of what is no longer sold (not `is_active`)
    new ones are made for open lines alone."""

    today: date
    on_hand: Mapping[str, Decimal]
    needs: tuple[Need, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    supply: str | None = None
    lead_time_days: int | None = None
    minimum: Decimal = ZERO
    multiple: Decimal = ZERO
    receives: Place = None
    transfer_days: int = TRANSFER_DAYS
    parts: tuple[Component, ...] = ()
    planned: tuple[tuple[date, Decimal], ...] = ()
    is_active: bool = True


@dataclass(frozen=True)
class Rung:
    """One supply: stock (here), transfer (stock elsewhere), buy, make, planned, or new (to be ordered).

    quantity: all of it (new: the lot to order, None while it is not needed); free: not promised to others (None: as
    much as one likes); used: taken for this question; total: used up to here; decides: the last that is needed;
    waits_for, begins: the part that new work waits for, and until when."""

    kind: str
    day: date
    warehouse: Place
    free: Decimal | None
    quantity: Decimal | None = None
    document: str | None = None
    supplier: str | None = None
    used: Decimal = ZERO
    total: Decimal = ZERO
    decides: bool = False
    waits_for: str | None = None
    begins: date | None = None


@dataclass(frozen=True)
class Promise:
    """The answer. day: all of it can be there (None: `missing` is not in sight); rungs: the supply, soonest first;
    split: [(day, quantity), (day, quantity)] where a part can come sooner; ignored: receipts that count for nothing."""

    quantity: Decimal
    warehouse: Place
    day: date | None
    missing: Decimal
    rungs: tuple[Rung, ...]
    split: tuple[tuple[date, Decimal], ...] = ()
    ignored: tuple[Receipt, ...] = ()

    @property
    def decides(self) -> Rung | None:
        """The supply that sets the day; None when it cannot be met."""
        return next((rung for rung in self.rungs if rung.decides), None)


class Likely(NamedTuple):
    """When all goods of an open line can be there. known: stock and known receipts do it, else it is the day if the
    rest is ordered today (None where no lead time is known); from_stock: what is on hand would do it
    by then alone."""

    day: date | None
    known: bool
    from_stock: bool


def promise(item: Item, quantity: Decimal, warehouse: Place, line_id: str | None = None) -> Promise:
    """When `quantity` (more than nothing) can be in `warehouse`; `line_id` asks for an open line's own goods."""
    supplies = _supplies(item, warehouse)
    needs = [need for need in _in_order(item) if need.line_id != line_id]
    pegging, served = _served(item, supplies, needs)
    order = pegging.soonest(warehouse)
    free = {part.goods: part.quantity for part in pegging.take(warehouse, item.today, None)}
    rungs = [_rung(*supplies[index], day, warehouse, free.get(index, ZERO)) for day, index in order]
    rungs += _planned(item, warehouse, sum(map(_short, needs, served), ZERO))
    soonest = new_supply_day(item, warehouse)
    if soonest is not None and (item.is_active or line_id is not None):
        there = sum((rung.free or ZERO for rung in rungs if rung.day <= soonest), ZERO)
        rungs.append(_new(item, warehouse, soonest, max(quantity - there, ZERO)))
    rungs = list(_climb(item, sorted(rungs, key=lambda rung: rung.day), quantity))
    met = next((rung.day for rung in rungs if rung.decides), None)
    return Promise(
        quantity=quantity,
        warehouse=warehouse,
        day=met,
        missing=quantity - max((rung.total for rung in rungs), default=ZERO),
        rungs=tuple(rungs),
        split=() if met is None else _split(rungs, quantity, met),
        ignored=tuple(receipt for receipt in item.receipts if not _counts(item, receipt)),
    )


def likely(item: Item) -> dict[str, Likely]:
    """Every open line of the item: first wanted first served, never before it is wanted."""
    needs, coming = _in_order(item), any(_counts(item, one) for one in item.receipts)
    met = _met(item, needs)
    by_stock = _met(replace(item, receipts=()), needs) if coming else met
    found: dict[str, Likely] = {}
    owed = ZERO
    for need, (day, short), (alone, _) in zip(needs, met, by_stock, strict=True):
        if day is not None:
            found[need.line_id] = Likely(day, True, alone is not None and alone <= day)
        else:
            owed += short
            fresh = _made_anew(item, need, owed)
            found[need.line_id] = Likely(fresh and max(fresh, _wanted(item, need)), False, False)
    found.pop(HOLE, None)
    return found


def _made_anew(item: Item, need: Need, owed: Decimal) -> date | None:
    """When what known supply owes up to this need can be there: from planned work orders, or from a new one."""
    soonest, before = new_supply_day(item, need.warehouse), ZERO
    fresh = [_new(item, need.warehouse, soonest, need.quantity).day] if soonest else []
    for day, quantity in item.planned:
        before += quantity
        if before >= owed:
            return min([day + _road(item, need.warehouse), *fresh])
    return min(fresh, default=None)


def _met(item: Item, needs: list[Need]) -> list[tuple[date | None, Decimal]]:
    """(when all of it is there, nothing) for each need; (None, what is missing) where supply does not reach."""
    _, served = _served(item, _supplies(item, None), needs)
    short = map(_short, needs, served)
    return [
        (None, missing) if missing > 0 else (max((part.day for part in parts), default=_wanted(item, need)), ZERO)
        for need, parts, missing in zip(needs, served, short, strict=True)
    ]


def _short(need: Need, parts: list[Part]) -> Decimal:
    return max(need.quantity - sum((part.quantity for part in parts), ZERO), ZERO)


def _planned(item: Item, warehouse: Place, owed: Decimal) -> list[Rung]:
    """Planned work orders; the first of them go to what known supply owes."""
    rungs = []
    for day, quantity in item.planned:
        taken = min(owed, quantity)
        owed -= taken
        place = item.receives or warehouse
        rungs.append(Rung("planned", day + _road(item, warehouse), place, quantity - taken, quantity))
    return rungs


def _served(
    item: Item, supplies: list[tuple[Goods, Receipt | None]], needs: list[Need]
) -> tuple[Pegging, list[list[Part]]]:
    """The goods with every need served, and the parts of each. A warehouse serves its own orders first; what is late
    or missing then is looked for in the others, which keep what they need themselves."""
    pegging = Pegging([goods for goods, _ in supplies], item.transfer_days)
    own = [pegging.take(need.warehouse, _wanted(item, need), need.quantity, own=True) for need in needs]
    served = [
        pegging.sooner(need.warehouse, _wanted(item, need), need.quantity, parts)
        for need, parts in zip(needs, own, strict=True)
    ]
    return pegging, served


def _new(item: Item, warehouse: Place, soonest: date, quantity: Decimal) -> Rung:
    """Goods that have to be ordered; of what is made the work waits for its parts."""
    begins = start(item.today, item.parts if quantity > 0 else (), lot(item, quantity))
    day, part = soonest + (begins.day - item.today), begins.waits_for
    place = item.receives or warehouse
    return Rung("new", day, place, None, waits_for=part.name if part else None, begins=begins.day if part else None)


def new_supply_day(item: Item, warehouse: Place) -> date | None:
    """When goods ordered today can be in `warehouse` if all parts are there; None where no lead time is known."""
    if item.lead_time_days is None or item.supply not in ("make", "buy"):
        return None
    return item.today + timedelta(days=max(item.lead_time_days, 0)) + _road(item, warehouse)


def _road(item: Item, warehouse: Place) -> timedelta:
    """The way from where goods come in to where they are wanted."""
    moved = warehouse is not None and item.receives is not None and item.receives != warehouse
    return timedelta(days=item.transfer_days if moved else 0)


def lot(item: Item, quantity: Decimal) -> Decimal:
    """What has to be ordered to have `quantity`: at least the minimum, in whole multiples."""
    least = max(quantity, item.minimum)
    if item.multiple <= 0:
        return least
    return (least / item.multiple).to_integral_value(ROUND_CEILING) * item.multiple


def _counts(item: Item, receipt: Receipt) -> bool:
    return receipt.day is not None and receipt.day >= item.today


def _wanted(item: Item, need: Need) -> date:
    return max(need.day or item.today, item.today)


def _in_order(item: Item) -> list[Need]:
    """What is below zero on hand, then the open lines, the first wanted first."""
    holes = (Need(HOLE, -on_hand, None, place) for place, on_hand in sorted(item.on_hand.items()) if on_hand < 0)
    return [*holes, *sorted(item.needs, key=lambda need: (_wanted(item, need), need.line_id))]


def _supplies(item: Item, warehouse: Place) -> list[tuple[Goods, Receipt | None]]:
    """Stock, that of `warehouse` first, and the receipts that count."""
    on_hand = dict(item.on_hand)
    if warehouse is not None:
        on_hand = {warehouse: on_hand.pop(warehouse, ZERO), **on_hand}
    stock = [(Goods(place, item.today, max(held, ZERO)), None) for place, held in on_hand.items()]
    coming = sorted((one for one in item.receipts if _counts(item, one)), key=lambda one: (one.kind, one.document))
    return [*stock, *((Goods(one.warehouse, one.day or item.today, one.quantity), one) for one in coming)]


def _rung(goods: Goods, receipt: Receipt | None, day: date, warehouse: Place, free: Decimal) -> Rung:
    if receipt is not None:
        return Rung(receipt.kind, day, goods.warehouse, free, goods.quantity, receipt.document, receipt.supplier)
    here = warehouse is None or goods.warehouse == warehouse
    return Rung("stock" if here else "transfer", day, goods.warehouse, free, goods.quantity)


def _climb(item: Item, rungs: list[Rung], quantity: Decimal) -> Iterator[Rung]:
    """The rungs with what is used of each, until the quantity is met."""
    total = ZERO
    for rung in rungs:
        left = quantity - total
        used = left if rung.free is None else min(left, rung.free)
        total += used
        size = lot(item, used) if rung.kind == "new" and used > 0 else rung.quantity
        yield replace(rung, quantity=size, used=used, total=total, decides=used > 0 and total == quantity)


def _split(rungs: list[Rung], quantity: Decimal, met: date) -> tuple[tuple[date, Decimal], ...]:
    """The two parts that bring most goods forward (quantity x days); nothing where all comes on one day."""
    sooner = [rung for rung in rungs if rung.day < met and rung.used > 0]
    if not sooner:
        return ()
    first = max(sooner, key=lambda rung: (rung.total * (met - rung.day).days, rung.total))
    return (first.day, first.total), (met, quantity - first.total)
