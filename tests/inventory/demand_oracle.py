"""Who wants what, worked out again from both source databases: open orders, deals and campaigns against what comes in.

Which CRM account is which customer is taken as given, from the published file.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path

from tests.inventory.stock_oracle import Stock, Weekly

ALIVE = "coalesce(deleted, 0) = 0"
EVER = (date(2000, 1, 1), date(2100, 1, 1))
Customers = dict[tuple[str, str], str]


@dataclass
class Want:
    """A need in its queue: an order's line, or a deal's part of an item."""

    kind: str
    key: str
    item: str
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

    def __init__(self, folder: Path, today: date, weekly: Weekly, customers: Customers) -> None:
        super().__init__(folder, today, weekly)
        self.customers = customers
        self.items: dict[str, str] = dict(self.erp.execute("SELECT code, CAST(ino AS TEXT) FROM item"))
        self.horizon = today + timedelta(days=56)

    @cached_property
    def supply(self) -> dict[str, list[tuple[date, float]]]:
        """Item -> (day, all there is by then): today's stock, then what is bought or made with a day from today on."""
        steps: dict[str, dict[date, float]] = defaultdict(lambda: defaultdict(float))
        for item in {item for item, _ in self.held} | set(self.weekly):
            steps[item][self.today] += self.levels.get(item, 0.0)
        query = """
            SELECT ino, edat, qty - rcv FROM po_l WHERE st = 'O' AND qty > rcv AND edat >= :day
            UNION ALL SELECT ino, ddat, qty FROM wo WHERE st IN ('P', 'L', 'R') AND qty > 0 AND ddat >= :day"""
        for item, day, quantity in self.erp.execute(query, {"day": str(self.today)}):
            steps[str(item)][date.fromisoformat(day)] += quantity
        found = {}
        for item, comes in steps.items():
            days = sorted(comes)
            found[item] = list(zip(days, accumulate(comes[day] for day in days), strict=True))
        return found

    @cached_property
    def have(self) -> dict[str, float]:
        """Item -> stock and dated receipts of eight weeks."""
        return {item: max(upto for day, upto in steps if day < self.horizon) for item, steps in self.supply.items()}

    @cached_property
    def wants(self) -> list[Want]:
        """Open lines, then the deals of eight weeks, each item's in the order in which they are served."""
        waiting = self._open_lines() + self._deals()
        ordered: dict[str, float] = defaultdict(float)
        for one in waiting:
            if one.kind == "order" and one.day < self.horizon:
                ordered[one.item] += one.quantity
        sums: dict[tuple[str, str], float] = defaultdict(float)
        for one in sorted(waiting, key=lambda w: (w.day, -w.chance, w.key)):
            sums[one.item, one.kind] += one.quantity
            one.upto = sums[one.item, one.kind] + (ordered[one.item] if one.kind == "deal" else 0.0)
            if self.is_near(one):
                one.short = max(0.0, min(one.quantity, one.upto - self.have[one.item]))
        return waiting

    def is_near(self, one: Want) -> bool:
        return one.kind == "deal" or one.day < self.horizon

    def _open_lines(self) -> list[Want]:
        amounts = {line: value for line, _, _, value, _, _ in self.lines(*EVER)}
        query = """
            SELECT l.lno, l.ino, h.cno, l.qty, l.pdat, l.rdat, coalesce((
                SELECT sum(CASE typ WHEN 'SHP' THEN qty ELSE -qty END) FROM mv m
                WHERE m.lno = l.lno AND m.st = 'D' AND m.typ IN ('SHP', 'RET')), 0) AS gone
            FROM so_l l JOIN so_h h ON h.sno = l.sno
            WHERE l.st IN ('O', 'P') AND l.qty > gone AND l.ino IN (SELECT ino FROM item)"""
        found = []
        for line, item, number, quantity, promised, requested, gone in self.erp.execute(query):
            wanted = date.fromisoformat(promised or requested)
            amount = float((amounts[str(line)] or 0) * (quantity - gone) / quantity)
            day, customer = max(wanted, self.today), self.customers.get(("erp", str(number)))
            found.append(Want("order", str(line), str(item), customer, day, quantity - gone, 1.0, amount, wanted))
        return found

    def _deals(self) -> list[Want]:
        lines: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        query = f"SELECT opportunity_id, product_code, quantity FROM crm_opportunity_product WHERE {ALIVE}"
        for deal, code, quantity in self.crm.execute(query):
            if code in self.items and float(quantity) > 0:
                lines[deal][self.items[code]] += float(quantity)
        query = f"""
            SELECT opportunity_id, account_id, sales_stage, currency_code, estimated_value, opened_date, estimated_close
            FROM crm_opportunity WHERE {ALIVE} AND sales_stage NOT LIKE 'Closed%'
            UNION ALL SELECT lead_id, account_id, 'New', currency_code, estimated_value,
                date(created_on, '+8 hours'), expected_close
            FROM crm_lead WHERE {ALIVE} AND lead_status <> 'Disqualified'"""
        found = []
        for deal, account, stage, currency, value, opened, closes in self.crm.execute(query):
            day = max(date.fromisoformat(closes), self.today)
            if day - timedelta(days=day.weekday()) >= self.horizon:
                continue
            customer, parts = self.customers.get(("crm", account)), lines.get(deal)
            if parts is None:
                amount = float(self.base(Decimal(value), currency, opened) or 0)
                usual = self.mix.get(customer or "", {}) if amount > 0 else {}
                parts = {i: amount * part / self.prices[i] for i, part in usual.items() if self.prices.get(i)}
            for item, quantity in parts.items():
                found.append(Want("deal", f"{deal} {item}", item, customer, day, quantity, self.win_rates[stage]))
        return found

    @cached_property
    def mix(self) -> dict[str, dict[str, float]]:
        """Customer -> item -> its part of what they bought in 52 weeks."""
        query = "SELECT l.lno, h.cno FROM so_l l JOIN so_h h ON h.sno = l.sno"
        buyer = {str(line): self.customers.get(("erp", str(number))) for line, number in self.erp.execute(query)}
        spent: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for line, item, _, value, _, _ in self.lines(self.today - timedelta(days=363), self.today):
            if (customer := buyer[line]) and item in self.cost:
                spent[customer][item] += float(value or 0)
        found = {}
        for customer, parts in spent.items():
            whole = sum(value for value in parts.values() if value > 0)
            found[customer] = {item: value / whole for item, value in parts.items() if value > 0}
        return found

    @cached_property
    def win_rates(self) -> dict[str, float]:
        """Stage -> win rate of the deals that reached it, shrunk by twenty average deals."""
        stages = self.crm.execute(f"SELECT opportunity_id, sales_stage FROM crm_opportunity WHERE {ALIVE}")
        closed = {deal: stage == "Closed Won" for deal, stage in stages if stage in ("Closed Won", "Closed Lost")}
        reached: dict[str, set[str]] = defaultdict(set)
        for deal, stage in self.crm.execute(f"SELECT opportunity_id, to_stage FROM crm_stage_log WHERE {ALIVE}"):
            if deal in closed:
                reached[stage].add(deal)
        logged = set[str]().union(*reached.values())
        overall = sum(closed[deal] for deal in logged) / len(logged)
        return {
            stage: (sum(closed[deal] for deal in deals) + 20 * overall) / (len(deals) + 20)
            for stage, deals in reached.items()
        }

    def campaigns(self) -> dict[tuple[str, str], tuple[float, float, date | None]]:
        """(campaign, item) -> (missing, margin at stake, first missing day): day by day, what is missing is lost."""
        query = """
            SELECT c.campaign_name, c.start_date, c.end_date, p.product_code, p.planned_quantity, p.discount_percent
            FROM crm_campaign c JOIN crm_campaign_product p USING (campaign_id)
            WHERE coalesce(c.deleted, 0) = 0 AND coalesce(p.deleted, 0) = 0 AND c.end_date >= ?
                AND c.campaign_status IN ('Planned', 'Running')"""
        found = {}
        for name, first, last, code, planned, discount in self.crm.execute(query, (str(self.today),)):
            item, start, end = self.items[code], date.fromisoformat(first), date.fromisoformat(last)
            totals = [0.0, *(upto for _, upto in self.supply[item])]
            comes = dict(zip((day for day, _ in self.supply[item]), (b - a for a, b in pairwise(totals)), strict=True))
            left, missing, since = 0.0, 0.0, None
            for n, need in enumerate(self.daily(item, (end - self.today).days + 1)):
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
