"""Sales lines put together to orders, with the keys and numbers the ERP gives them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from data_access.demo import faults
from data_access.demo.catalogue import Floats, Ints
from data_access.demo.days import NEVER
from data_access.demo.nullable import pick
from data_access.demo.shipping import OPEN, SHIPPED, Sales
from data_access.demo.world import World


@dataclass(frozen=True)
class Orders:
    """Orders in order of entry; lines are sorted the same way and `of` is each line's order. Money in fen (CNY)."""

    key: Ints
    number: list[str]
    day: Ints
    second: Floats
    customer: Ints
    currency: npt.NDArray[np.object_]
    amount: Ints
    late: Ints  # days the worst line was or is late
    is_return: npt.NDArray[np.bool_]
    state: Ints  # shipped when all lines are, else open, else that of its first line
    lines: Sales
    of: Ints
    line_key: Ints
    unknown: list[int]  # lines whose item does not exist
    no_currency: list[int]

    @property
    def size(self) -> int:
        return len(self.key)


def make_orders(world: World) -> Orders:
    rng, lines = world.rng(30), world.sales
    sequence = np.lexsort((np.arange(len(lines.day)), lines.order, lines.second, lines.day))
    lines = Sales(**{name: getattr(lines, name)[sequence] for name in Sales.__dataclass_fields__})
    first = np.flatnonzero(np.r_[True, lines.order[1:] != lines.order[:-1]])
    of = np.cumsum(np.r_[True, lines.order[1:] != lines.order[:-1]]) - 1
    n = len(first)
    key = faults.gapped(rng, n, 10_001)
    back = lines.is_return[first]
    live = np.isin(lines.state, (OPEN, SHIPPED))
    amount = np.bincount(of, weights=lines.quantity * lines.price * live, minlength=n).astype(np.int64)
    leaves = np.where(lines.shipped == NEVER, world.calendar.today, lines.shipped)
    late = np.where(live & (lines.promised > NEVER), leaves - lines.promised, NEVER)
    worst = np.full(n, NEVER)
    np.maximum.at(worst, of, late)
    is_open = np.bincount(of, weights=lines.state == OPEN, minlength=n) > 0
    is_shipped = np.bincount(of, weights=lines.state == SHIPPED, minlength=n) > 0
    state = np.where(is_open, OPEN, np.where(is_shipped, SHIPPED, lines.state[first]))
    years = [world.calendar.day(d).strftime("%y") for d in range(world.calendar.today)]
    number = [f"{'RMA' if r else 'SO'}{years[d]}-{k:06d}" for r, d, k in zip(back, lines.day[first], key, strict=True)]
    customer = lines.customer[first]
    few = min(8, n // 50)
    unknown = rng.choice(np.flatnonzero(~live & ~lines.is_return), min(few, int((~live).sum())), replace=False)
    candidates = np.flatnonzero((state == SHIPPED) & ~back)
    missing = rng.choice(candidates, min(5, len(candidates)), replace=False)
    return Orders(
        key=key,
        number=number,
        day=lines.day[first],
        second=lines.second[first],
        customer=customer,
        currency=pick(world.customers.currency, customer),
        amount=amount,
        late=worst,
        is_return=back,
        state=state,
        lines=lines,
        of=of,
        line_key=faults.gapped(rng, len(of), 50_001),
        unknown=sorted(int(i) for i in unknown),
        no_currency=sorted(int(i) for i in missing),
    )
