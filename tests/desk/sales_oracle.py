"""The sales page worked out again from the books of the two source databases: nothing of Tandem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from statistics import median

from tests.wall.oracle.books import NOTHING, Books, day_or_none, total
from tests.wall.oracle.deals import chance, deals, stages
from tests.wall.oracle.people import accounts

STAGES = {
    "New": "lead", "Qualified": "qualified", "Proposal": "proposal", "Negotiation": "negotiation",
    "Closed Won": "won", "Closed Lost": "lost",
}  # fmt: skip
OPEN = ("lead", "qualified", "proposal", "negotiation")


@dataclass(frozen=True)
class Deal:
    """A deal with its stays (stage, company day) in order; `overdue`: since when its next step is."""

    stage: str
    customer: int | None
    amount: Decimal | None
    opened: date
    expected: date | None
    closed: date | None
    stays: list[tuple[str, date]]
    rate: Decimal | None
    overdue: date | None
    days_in_stage: int

    @property
    def quoted(self) -> date | None:
        return next((day for stage, day in self.stays if stage == "proposal"), None)

    @property
    def on_the_way(self) -> list[str]:
        """The stages it is known to have stood in before it was closed."""
        return [stage for stage, _ in self.stays if stage in OPEN]

    @property
    def weighted(self) -> Decimal:
        return (self.amount or NOTHING) * (self.rate or NOTHING)


@dataclass
class Order:
    """A booked order with the day of each step; `share`: invoiced of what was delivered, in the order's currency."""

    customer: int | None
    ordered: date
    deal: str | None
    value: Decimal | None
    complete: bool
    shipped: date | None
    late: date | None
    share: Decimal | None
    delivered_base: Decimal | None = None
    issued: date | None = None
    still_open: int = 0
    overdue: date | None = None
    last_payment: date | None = None

    @property
    def gap(self) -> bool:
        return self.share is not None and self.share < Decimal("0.99")

    @property
    def delivered(self) -> date | None:
        return self.shipped if self.complete else None

    @property
    def invoiced(self) -> date | None:
        return self.issued if self.complete and not self.gap else None

    @property
    def paid(self) -> date | None:
        return (self.last_payment or self.issued) if self.invoiced and self.still_open == 0 else None


@dataclass
class Case:
    """A deal with the orders it became, or an order without one."""

    deal: Deal | None
    orders: list[Order] = field(default_factory=list)
    matched: bool = False

    @property
    def won(self) -> bool:
        return self.deal is not None and self.deal.stage == "won"

    @property
    def opened(self) -> date | None:
        return self.deal.opened if self.deal else None

    @property
    def quoted(self) -> date | None:
        return self.deal.quoted if self.deal else None

    @property
    def ordered(self) -> date | None:
        return min((order.ordered for order in self.orders), default=None)

    @property
    def day(self) -> date | None:
        return self.deal.closed if self.won and self.deal else self.ordered

    @property
    def value(self) -> Decimal:
        known = [order.value for order in self.orders if order.value is not None]
        return total(known) if known else (self.deal.amount or NOTHING if self.deal else NOTHING)

    def reached(self, step: str) -> date | None:
        """The day all its orders had reached delivered, invoiced or paid."""
        days = [getattr(order, step) for order in self.orders]
        return max(days) if days and all(days) else None

    @property
    def kinds(self) -> set[str]:
        """What is not as it should be."""
        holds = {
            "won_without_order": self.won and not self.orders,
            "order_without_deal": self.deal is None,
            "unnamed_deal": self.matched,
            "skipped_quotation": self.won and bool(self.deal and self.deal.on_the_way) and self.quoted is None,
            "deal_not_won": self.deal is not None and not self.won,
            "delivery_late": any(order.late for order in self.orders),
            "delivered_not_invoiced": any(order.gap for order in self.orders),
            "payment_late": any(order.overdue for order in self.orders),
        }
        return {kind for kind, held in holds.items() if held}


class Sales(Books):
    """Deals, orders and cases of the company's day."""

    @cached_property
    def deals(self) -> dict[str, Deal]:
        who, log = accounts(self), stages(self)
        query = """
            SELECT opportunity_id, max(date(happened_on, '+8 hours')) FROM crm_activity
            WHERE coalesce(deleted, 0) = 0 AND opportunity_id IS NOT NULL GROUP BY 1"""
        touched = dict(self.crm.execute(query))
        found = {}
        for deal in deals(self):
            stage = STAGES[deal.stage]
            entered = [(STAGES[name], date.fromisoformat(at[:10])) for at, name in log.get(deal.number, [])]
            stays = [next(same) for _, same in groupby(entered, key=lambda one: one[0])]
            last = [day for _, day in stays[-1:]]
            touch = max([deal.created, *last, *filter(None, [day_or_none(touched.get(deal.number))])])
            silent = touch + timedelta(days=14)
            late = [day for day in (silent, deal.closes) if day and day < self.today and stage in OPEN]
            found[deal.number] = Deal(
                stage, who.get(deal.account), deal.amount, deal.created, deal.closes, deal.closed, stays,
                chance(self, deal) if stage in OPEN else None, min(late, default=None),
                (self.today - (last or [deal.created])[0]).days,
            )  # fmt: skip
        return found

    @property
    def open_deals(self) -> list[Deal]:
        return [deal for deal in self.deals.values() if deal.stage in OPEN]

    def days_won(self, stage: str) -> float | None:
        """Median days won deals stood in a stage."""
        return middle(
            (entered, left)
            for deal in self.deals.values()
            if deal.stage == "won"
            for (name, entered), (_, left) in zip(deal.stays, deal.stays[1:], strict=False)
            if name == stage
        )

    @cached_property
    def orders(self) -> dict[int, Order]:
        """Booked orders that send something out."""
        heads = {order: (deal, cur) for order, deal, cur in self.erp.execute("SELECT sno, oppref, cur FROM so_h")}
        minor = dict(self.erp.execute("SELECT lno, amt_m FROM so_l"))
        returned = dict(self.erp.execute("SELECT lno, max(mdat) FROM mv WHERE st = 'D' AND typ = 'RET' GROUP BY lno"))
        invoices, payments = self._invoices(), self._payments()
        revenue = defaultdict[int, list[Decimal | None]](list)
        for shipment in self.shipments:
            revenue[shipment.line.order].append(shipment.revenue)
        found = {}
        for number, group in groupby(sorted(self.booked_lines, key=lambda one: one.order), key=lambda one: one.order):
            lines = list(group)
            if not any(line.quantity > 0 for line in lines):
                continue
            (deal, currency), gone = heads[number], {line.number: self.delivered.get(line.number) for line in lines}
            done = {
                line.number: line.status in "SC" or abs((gone[line.number] or (None, 0))[1]) >= abs(line.quantity)
                for line in lines
            }
            left = [day_or_none(returned.get(line.number)) if line.quantity < 0 else (gone[line.number] or (None,))[0]
                    for line in lines]  # fmt: skip
            late = [line.promised for line in lines
                    if not done[line.number] and line.promised and line.promised < self.today]  # fmt: skip
            delivered = sum(
                (Decimal(minor[line.number]) * (gone[line.number] or (None, 0))[1] / line.quantity for line in lines),
                NOTHING,
            )
            billed, still, issued, overdue = invoices.get(number, (0, 0, None, None))
            share = Decimal(billed) / delivered if delivered > 0 and currency else None
            bases = [line.base for line in lines if line.base is not None]
            found[number] = Order(
                lines[0].customer, min(line.day for line in lines), deal, total(bases) if bases else None,
                all(done.values()), max(filter(None, left), default=None), min(late, default=None), share,
                total(revenue[number]), issued, still, overdue, payments.get(number),
            )  # fmt: skip
        return found

    def _invoices(self) -> dict[int, tuple[int, int, date | None, date | None]]:
        """Order -> (minor units invoiced, still open, last issued, first due date that passed unpaid)."""
        query = """
            SELECT sno, sum(amt_m), sum(opn_m), max(idat), min(CASE WHEN opn_m > 0 AND ddat < ? THEN ddat END)
            FROM inv WHERE st NOT IN ('X', 'N') GROUP BY sno"""
        rows = self.erp.execute(query, (self.today.isoformat(),))
        return {order: (sums, still, day_or_none(last), day_or_none(due)) for order, sums, still, last, due in rows}

    def _payments(self) -> dict[int, date]:
        rows = self.erp.execute("SELECT sno, max(pdat) FROM pay JOIN inv USING (ivno) GROUP BY sno")
        return {order: date.fromisoformat(day) for order, day in rows}

    @cached_property
    def links(self) -> dict[int, tuple[str, bool]]:
        """Order -> (deal, whether customer, day and amount say so rather than the ERP)."""
        found = {key: (order.deal, False) for key, order in self.orders.items() if order.deal in self.deals}
        named = {deal for deal, _ in found.values()}
        free = [(key, order) for key, order in self.orders.items() if not order.deal and order.value is not None]
        fits = [
            (number, key)
            for number, deal in self.deals.items()
            if deal.stage == "won" and number not in named and deal.customer is not None and deal.amount and deal.closed
            for key, order in free
            if order.customer == deal.customer
            and -7 <= (order.ordered - deal.closed).days <= 30
            and abs((order.value or NOTHING) - deal.amount) <= deal.amount * 2 / 100
        ]
        for number, key in fits:
            if sum(each == number for each, _ in fits) == 1 == sum(each == key for _, each in fits):
                found[key] = (number, True)
        return {key: (deal, matched) for key, (deal, matched) in found.items() if deal is not None}

    def cases(self, since: date) -> dict[str, Case]:
        """Cases from a day until today, by their id in Tandem."""
        found = {f"crm:{number}": Case(deal) for number, deal in self.deals.items() if deal.stage == "won"}
        for key, order in self.orders.items():
            number, matched = self.links.get(key, (None, False))
            name = f"erp:{key}" if number is None else f"crm:{number}"
            case = found.setdefault(name, Case(self.deals[number] if number else None))
            case.orders.append(order)
            case.matched |= matched
        return {key: case for key, case in found.items() if case.day and since <= case.day <= self.today}


def amounts(found: Iterable[Deal]) -> float:
    """What deals come to; those without an amount are nothing."""
    return float(total([deal.amount for deal in found]))


def due(found: Iterable[Deal], until: date) -> list[Deal]:
    """Priced deals expected to close until a day."""
    return [deal for deal in found if deal.expected and deal.expected <= until and deal.amount is not None]


def middle(days: Iterable[tuple[date | None, date | None]]) -> float | None:
    """Median days between pairs of days that are both known; None without any."""
    found = [(later - earlier).days for earlier, later in days if earlier and later]
    return median(found) if found else None
