"""Who wants what, worked out again from both source databases: open orders, deals and campaigns against what comes in.

Which customer an account or an ERP number stands for is taken as given, from the published file.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path

from tests.inventory.stock_oracle import Stock
from tests.wall.oracle.deals import chance, named_products, open_deals, usual_mix
from tests.wall.oracle.demand import monday
from tests.wall.oracle.people import accounts
from tests.wall.oracle.runway import receipts

Customers = dict[tuple[str, str], str]


@dataclass
class Want:
    """A need in its queue: an order's line, or a deal's part of an item."""

    kind: str
    key: str
    item: int
    customer: str | None
    day: date
    quantity: float
    chance: float
    amount: float = 0.0
    wanted: date | None = None
    upto: float = 0.0
    short: float = 0.0


class Demand(Stock):
    """customers: (system, its own id) -> customer."""

    def __init__(self, folder: Path, today: date, customers: Customers) -> None:
        super().__init__(folder, today)
        self.customers = customers
        self.horizon = today + timedelta(days=56)

    @cached_property
    def supply(self) -> dict[int, list[tuple[date, float]]]:
        """Item -> (day, all there is by then): today's stock, then what is bought or made with a day from today on."""
        steps: dict[int, dict[date, float]] = {item: {self.today: self.levels.get(item, 0)} for item in self.cost}
        for item, day, quantity in receipts(self):
            if day >= self.today:
                steps[item][day] = steps[item].get(day, 0) + quantity
        found = {}
        for item, comes in steps.items():
            days = sorted(comes)
            found[item] = list(zip(days, accumulate(comes[day] for day in days), strict=True))
        return found

    @cached_property
    def have(self) -> dict[int, float]:
        """Item -> stock and dated receipts of eight weeks."""
        return {item: max(upto for day, upto in steps if day < self.horizon) for item, steps in self.supply.items()}

    @cached_property
    def wants(self) -> list[Want]:
        """Open lines, then the deals of eight weeks, each item's in the order in which they are served."""
        waiting = self._open_lines() + self._deals()
        ordered: dict[int, float] = defaultdict(float)
        for one in waiting:
            if one.kind == "order" and one.day < self.horizon:
                ordered[one.item] += one.quantity
        sums: dict[tuple[int, str], float] = defaultdict(float)
        for one in sorted(waiting, key=lambda w: (w.day, -w.chance, w.key)):
            sums[one.item, one.kind] += one.quantity
            one.upto = sums[one.item, one.kind] + (ordered[one.item] if one.kind == "deal" else 0.0)
            if self.is_near(one):
                one.short = max(0.0, min(one.quantity, one.upto - self.have[one.item]))
        return waiting

    def is_near(self, one: Want) -> bool:
        return one.kind == "deal" or one.day < self.horizon

    def _open_lines(self) -> list[Want]:
        found = []
        for line in self.lines:
            left = line.quantity - self.delivered.get(line.number, (None, 0))[1]
            if line.status not in "OP" or line.quantity <= 0 or left <= 0 or line.item is None:
                continue
            wanted = line.promised or line.wanted
            amount = float(line.base or 0) * left / line.quantity
            customer = self.customers.get(("erp", str(line.customer)))
            day = max(wanted, self.today)
            found.append(Want("order", str(line.number), line.item, customer, day, left, 1.0, amount, wanted))
        return found

    def _deals(self) -> list[Want]:
        named, usual, who = named_products(self), usual_mix(self), accounts(self)
        found = []
        for deal in open_deals(self):
            day = max(deal.closes or self.today, self.today)
            if monday(day) >= self.horizon:
                continue
            parts: dict[int, float] = defaultdict(float)
            for item, quantity in named.get(deal.number, []):
                parts[item] += quantity
            if not parts and deal.amount:
                mix = usual.get(who.get(deal.account, -1), {})
                worth = float(deal.amount)
                parts |= {item: worth * part / self.prices[item] for item, part in mix.items() if self.prices[item] > 0}
            customer, odds = self.customers.get(("crm", deal.account)), float(chance(self, deal))
            for item, quantity in parts.items():
                found.append(Want("deal", f"crm:{deal.number} erp:{item}", item, customer, day, quantity, odds))
        return found

    def campaigns(self) -> dict[tuple[str, int], tuple[float, float, date | None]]:
        """(campaign, item) -> (missing, margin at stake, first missing day): day by day, what is missing is lost."""
        query = """
            SELECT c.campaign_name, c.start_date, c.end_date, p.product_code, p.planned_quantity, p.discount_percent
            FROM crm_campaign c JOIN crm_campaign_product p USING (campaign_id)
            WHERE coalesce(c.deleted, 0) = 0 AND coalesce(p.deleted, 0) = 0 AND c.end_date >= ?
                AND c.campaign_status IN ('Planned', 'Running')"""
        codes = {code: item for item, code in self.erp("SELECT ino, code FROM item")}
        found = {}
        for name, first, last, code, planned, discount in self.crm(query, str(self.today)):
            item, start, end = codes[code], date.fromisoformat(first), date.fromisoformat(last)
            totals = [0.0, *(upto for _, upto in self.supply[item])]
            comes = dict(zip((day for day, _ in self.supply[item]), (b - a for a, b in pairwise(totals)), strict=True))
            left, missing, since = 0.0, 0.0, None
            for n, need in enumerate(self.daily(item)[: (end - self.today).days + 1]):
                day = self.today + timedelta(days=n)
                if day >= start:
                    need = max(need, float(planned) / ((end - start).days + 1))
                left += comes.get(day, 0.0)
                if day >= start and need - left > 1e-9:
                    missing, since = missing + need - left, since or day
                left = max(0.0, left - need)
            unit = max(self.prices[item] * (1 - float(discount) / 100) - self.cost[item], 0.0)
            found[name, item] = (missing, missing * unit, since)
        return found
