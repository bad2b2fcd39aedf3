"""Opportunities: won ones became orders, lost ones did not, open ones are the pipeline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_access.demo.catalogue import Floats, Ints
from data_access.demo.days import NEVER
from data_access.demo.orders import Orders
from data_access.demo.shipping import SHIPPED
from data_access.demo.world import World

STAGES = ("New", "Qualified", "Proposal", "Negotiation", "Closed Won", "Closed Lost")
NEW, QUALIFIED, PROPOSAL, NEGOTIATION, WON, LOST = range(6)
PROBABILITY = np.array([0.10, 0.30, 0.50, 0.75, 1.0, 0.0])
WIN_SHARE = 0.055  # of orders that began as an opportunity
OPEN_WEIGHTED = 58e6  # CNY at the default size
REACHED_BEFORE_LOSS = (0.25, 0.30, 0.25, 0.20)
UNQUOTED = 0.06  # of won deals that never stood at a proposal
ORDERED_ALTHOUGH_LOST = 0.012


@dataclass(frozen=True)
class Deals:
    """Opportunities; `entered` is deals x stages (day or NEVER). Lines: `of` a deal; product -1 = unknown."""

    id: list[str]
    customer: Ints
    order: Ints  # -1 = no order
    stage: Ints
    created: Ints
    close: Ints  # expected, or the day it was closed
    entered: Ints
    discount: Floats
    of: Ints
    product: Ints
    quantity: Ints
    fen: Ints  # extended amount in CNY minor units

    @property
    def size(self) -> int:
        return len(self.id)


def uuids(rng: np.random.Generator, size: int) -> list[str]:
    """Version 4 identifiers from the seeded generator."""
    raw = rng.bytes(16 * size).hex()
    return [
        f"{h[:8]}-{h[8:12]}-4{h[13:16]}-{'89ab'[int(h[16], 16) % 4]}{h[17:20]}-{h[20:]}"
        for h in (raw[i : i + 32] for i in range(0, 32 * size, 32))
    ]


def make_deals(world: World, orders: Orders) -> Deals:
    rng, calendar = world.rng(50), world.calendar
    won = _orders_from_deals(world, orders, rng)
    n_won = len(won)
    n_lost = int(n_won * 2.2)
    n_open = max(12, int(n_won * 0.27))
    n = n_won + n_lost + n_open
    kind = np.repeat([WON, LOST, NEW], [n_won, n_lost, n_open])
    like = np.concatenate([won, rng.choice(won, n_lost), rng.choice(won[-max(20, n_won // 3) :], n_open)])
    order = np.where(kind == WON, like, -1)
    customer = orders.customer[like]
    prospects = np.flatnonzero(~world.customers.in_erp)
    stranger = (kind != WON) & (rng.random(n) < 0.08)
    customer = np.where(stranger, rng.choice(prospects, n), customer)
    stage = np.where(kind == NEW, rng.choice(4, n, p=(0.16, 0.32, 0.30, 0.22)), kind)
    length = np.round(rng.gamma(3.0, 17.0, n)).astype(np.int64) + 8
    closed = np.where(kind == WON, orders.day[like] - rng.integers(0, 3, n), rng.integers(20, calendar.today, n))
    elapsed = np.array([0.10, 0.35, 0.6, 0.85, 1, 1])[stage] * rng.uniform(0.7, 1.2, n)
    created = np.where(kind == NEW, calendar.today - 1 - np.round(length * elapsed).astype(np.int64), closed - length)
    close = np.where(kind == NEW, np.maximum(created + length, calendar.today + rng.integers(-6, 12, n)), closed)
    entered = _stage_days(rng, stage, created, np.where(kind == NEW, calendar.today - 1, closed))
    entered[(kind == WON) & (world.rng(51).random(n) < UNQUOTED), PROPOSAL] = NEVER
    of, product, quantity, fen = _lines(world, orders, rng, like, kind)
    total = np.bincount(of, weights=fen, minlength=n) * (kind == NEW) * PROBABILITY[stage]
    wanted = OPEN_WEIGHTED * 100 * world.lines / 60_000
    factor = np.where(kind[of] == NEW, wanted / max(total.sum(), 1.0), 1.0)
    scaled = np.where(kind[of] == NEW, np.maximum(np.round(quantity * factor), 1), quantity).astype(np.int64)
    fen = fen // np.maximum(quantity, 1) * scaled
    return Deals(
        uuids(rng, n), customer, order, stage, created, close, entered, rng.uniform(0, 0.1, n), of, product, scaled, fen
    )


def orders_of_lost_deals(world: World, orders: Orders, deals: Deals) -> dict[int, str]:
    """Order -> deal: orders that name a deal the CRM calls lost."""
    lost = world.rng(52).permutation(np.flatnonzero(deals.stage == LOST))
    live = np.isin(orders.state, (0, SHIPPED)) & ~orders.is_return
    found: dict[int, str] = {}
    for deal in lost[: max(4, int(len(lost) * ORDERED_ALTHOUGH_LOST))]:
        wait = orders.day - deals.close[deal]
        fit = np.flatnonzero(live & (orders.customer == deals.customer[deal]) & (wait >= 0) & (wait <= 30))
        if len(fit):
            found[int(fit[0])] = deals.id[deal]
    return found


def _orders_from_deals(world: World, orders: Orders, rng: np.random.Generator) -> Ints:
    """Larger orders of customers the CRM knows."""
    fit = (
        (orders.amount > np.quantile(orders.amount, 0.72)) & ~orders.is_return & world.customers.in_crm[orders.customer]
    )
    fit &= orders.amount < np.quantile(orders.amount, 0.993)
    fit[orders.no_currency] = False
    fit &= np.isin(orders.state, (0, SHIPPED)) & (orders.day > 40)
    candidates = np.flatnonzero(fit)
    chosen = rng.choice(candidates, min(len(candidates), max(10, int(orders.size * WIN_SHARE))), replace=False)
    return np.sort(chosen)


def _stage_days(rng: np.random.Generator, stage: Ints, created: Ints, last: Ints) -> Ints:
    """When each stage was entered: won deals pass all, lost ones end somewhere, open ones stand in theirs."""
    n = len(stage)
    reached = np.where(
        stage == LOST, rng.choice(4, n, p=REACHED_BEFORE_LOSS), np.where(stage == WON, NEGOTIATION, stage)
    )
    span = np.maximum(last - created, 1)
    entered = np.full((n, 6), NEVER, dtype=np.int64)
    entered[:, NEW] = created
    cuts = np.sort(rng.uniform(0.05, 0.92, (n, 3)), axis=1)
    for k in (QUALIFIED, PROPOSAL, NEGOTIATION):
        entered[:, k] = np.where(reached >= k, created + (cuts[:, k - 1] * span).astype(np.int64), NEVER)
    for k in (WON, LOST):
        entered[:, k] = np.where(stage == k, last, NEVER)
    return entered


def _lines(
    world: World, orders: Orders, rng: np.random.Generator, like: Ints, kind: Ints
) -> tuple[Ints, Ints, Ints, Ints]:
    """Each deal's lines are those of the order it became or resembles; about 1 % carry a code no product has."""
    starts = np.searchsorted(orders.of, np.arange(orders.size + 1))
    counts = starts[like + 1] - starts[like]
    of = np.repeat(np.arange(len(like)), counts)
    line = np.repeat(starts[like] - np.r_[0, np.cumsum(counts)[:-1]], counts) + np.arange(len(of))
    product, quantity, price = orders.lines.product[line], orders.lines.quantity[line], orders.lines.price[line]
    resembles = kind[of] != WON
    quantity = np.where(
        resembles, np.maximum(1, np.round(quantity * rng.lognormal(0, 0.35, len(of)))), quantity
    ).astype(np.int64)
    fen = quantity * price
    product = np.where(rng.random(len(of)) < 0.01, -1, product)
    return of, product, quantity, fen
