"""What a plan is made from, and what it says: frozen arrays with their shapes and units.

Items, work centres and open orders are numbers (rows of their arrays); quantities are in the item's base unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from data_access.planning.mrp.arrays import Bools, Days, Floats, Ints, bucketed
from data_access.planning.mrp.atp import Available
from data_access.planning.mrp.capacity import Load, Routing
from data_access.planning.mrp.lots import Lots
from data_access.planning.mrp.structure import Bom, Structure

NEVER = 1 << 40  # the period of a day that is not known
OVERDUE = -1
ONE_DAY = np.timedelta64(1, "D")
WORKING_DAYS = "1111100"  # Monday to Friday; public holidays are not known


@dataclass(frozen=True)
class Horizon:
    """today, and the first day of every period; starts: (periods,), the first is today or earlier. The last period is
    as long as the one before it."""

    today: np.datetime64
    starts: Days

    @staticmethod
    def weeks(today: np.datetime64, count: int) -> Horizon:
        """ISO weeks from the one `today` is in."""
        monday = today.astype("datetime64[D]") - (today.astype("datetime64[D]").astype(np.int64) + 3) % 7
        return Horizon(today.astype("datetime64[D]"), monday + np.arange(count) * np.timedelta64(7, "D"))

    @property
    def first_days(self) -> Days:
        """(periods,) the first day of each period that is not over."""
        return np.maximum(self.starts, self.today)

    @property
    def end(self) -> np.datetime64:
        """The day after the last period."""
        last = self.starts[-1] - self.starts[-2] if len(self.starts) > 1 else np.timedelta64(7, "D")
        end: np.datetime64 = self.starts[-1] + last
        return end

    @property
    def lengths(self) -> Floats:
        """(periods,) days of each period from today on."""
        days = self.first_days
        return np.diff(days, append=self.end) / ONE_DAY

    @property
    def working_days(self) -> Floats:
        """(periods,) working days of each period from today on."""
        until = self.working_days_until(np.append(self.first_days, self.end))
        return np.diff(until)

    def working_days_until(self, days: Days) -> Floats:
        """Working days from today up to each day, that day left out."""
        count = np.busday_count(self.today, np.asarray(days, dtype="datetime64[D]"), weekmask=WORKING_DAYS)
        return np.asarray(count, dtype=np.float64)

    def period(self, days: Days) -> Ints:
        """The period of each day: OVERDUE before today, the number of periods after the last, NEVER for NaT."""
        found = np.searchsorted(self.starts, days, side="right") - 1
        found = np.where(days >= self.end, len(self.starts), np.where(days < self.today, OVERDUE, found))
        return np.where(np.isnat(days), NEVER, found)


@dataclass(frozen=True)
class Items:
    """All (items,). lead_time: periods; lead_time_days: the same in days, for dates; unit_cost, net_price: base
    currency a unit; demand_fence: first periods in which orders alone are demand; frozen: first periods in which
    nothing new is released, so that nothing new arrives before frozen + lead_time. A phantom is never stocked on
    purpose: no lead time, lot-for-lot, no safety stock."""

    on_hand: Floats
    safety_stock: Floats
    lead_time: Ints
    lead_time_days: Ints
    lots: Lots
    is_phantom: Bools
    is_made: Bools
    unit_cost: Floats
    net_price: Floats
    demand_fence: Ints
    frozen: Ints


@dataclass(frozen=True)
class OrderLines:
    """What customers have ordered and not got yet, all (lines,); a day that has passed or is not known is today."""

    item: Ints
    day: Days
    quantity: Floats


@dataclass(frozen=True)
class OpenOrders:
    """Purchase and production orders under way, all (orders,). quantity: still to come; due_day, start_day: NaT where
    not known; is_started: work has begun."""

    item: Ints
    quantity: Floats
    due_day: Days
    start_day: Days
    is_started: Bools
    is_made: Bools


@dataclass(frozen=True)
class Inputs:
    """Everything a plan depends on. forecast: (items, periods), of the first period what is left of it; deals: same
    shape, expected quantities on top; hours: (work centers, periods); efficiency: (work centers,) share.

    overdue: what a receipt counts that should have been here: as coming when a new order could ("lead_time"), now, or
    not at all. reschedule: a need before a new order could arrive is left to open orders that come no later than that.
    """

    horizon: Horizon
    items: Items
    bom: Bom
    forecast: Floats
    deals: Floats
    lines: OrderLines
    open_orders: OpenOrders
    routing: Routing
    hours: Floats
    efficiency: Floats
    overdue: Literal["lead_time", "now", "ignore"] = "lead_time"
    reschedule: bool = True

    @property
    def shape(self) -> tuple[int, int]:
        """(items, periods)."""
        return len(self.items.on_hand), len(self.horizon.starts)

    @cached_property
    def line_period(self) -> Ints:
        """(lines,) the period each order line is wanted in."""
        period = self.horizon.period(self.lines.day)
        return np.where((period == OVERDUE) | (period == NEVER), 0, period)

    @cached_property
    def orders(self) -> Floats:
        """(items, periods) customers' orders."""
        return bucketed(self.lines.item, self.line_period, self.lines.quantity, self.shape)


@dataclass(frozen=True)
class PlannedOrders:
    """New orders, all (orders,), by item and due period. release, due: periods, a release of the past is 0; late:
    periods the release is too late; EXPEDITE where above 0."""

    item: Ints
    release: Ints
    due: Ints
    quantity: Floats
    late: Ints
    is_made: Bools


@dataclass(frozen=True)
class Plan:
    """(items, periods) in base units unless said otherwise.

    independent: demand from outside; dependent: what parents' releases and starting orders take; scheduled: open
    orders; starting: open production orders in the period they start; net, receipts, releases, available: see netting;
    unexpedited: the balance if late releases come a full lead time from now; atp: what can be promised; load: (work
    centers, periods). at_risk_quantity, unit_value, at_risk: (items,), see risk. lead_time, safety_stock: (items,) as
    the plan used them, a phantom's are 0.
    """

    inputs: Inputs
    structure: Structure
    independent: Floats
    dependent: Floats
    scheduled: Floats
    starting: Floats
    net: Floats
    receipts: Floats
    releases: Floats
    available: Floats
    unexpedited: Floats
    atp: Available
    orders: PlannedOrders
    load: Load
    at_risk_quantity: Floats
    unit_value: Floats
    at_risk: Floats
    lead_time: Ints
    safety_stock: Floats

    @property
    def gross(self) -> Floats:
        """Gross requirements: from outside and from parents."""
        return self.independent + self.dependent
