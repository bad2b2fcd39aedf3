"""The wall's figures worked out again from the two source databases: plain SQL and decimals, nothing of Tandem."""

from __future__ import annotations

import calendar
import csv
import sqlite3
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

CENT = Decimal("0.01")
UNIT = {"CNY": CENT, "EUR": CENT, "USD": CENT, "JPY": Decimal(1)}


class Sources:
    """Both databases, and the company's day the figures are for."""

    def __init__(self, folder: Path, today: date) -> None:
        self.erp = sqlite3.connect(folder / "erp.db")
        self.crm = sqlite3.connect(folder / "crm.db")
        self.folder, self.today = folder, today
        self.month = today.replace(day=1)
        self.rates = defaultdict[str, list[tuple[str, Decimal]]](list)
        for currency, day, rate in self.erp.execute("SELECT cur, dat, rate FROM fx ORDER BY dat"):
            self.rates[currency].append((day, Decimal(rate)))

    def base(self, amount: Decimal, currency: str | None, day: str) -> Decimal | None:
        """Base currency, half-even to the cent; None without a currency or a rate."""
        if currency == "CNY":
            return amount
        known = [rate for start, rate in self.rates[currency or ""] if start <= day]
        return (amount / known[-1]).quantize(CENT, ROUND_HALF_EVEN) if known else None

    def orders(self) -> list[tuple[str, str, str, Decimal, int]]:
        """(order, day, currency, amount in its currency, customer) of orders that count as booked."""
        query = """
            SELECT h.sno, h.odat, h.cur, sum(l.amt_m), h.cno FROM so_h h JOIN so_l l ON l.sno = h.sno
            WHERE l.st NOT IN ('X', 'N', 'Q') GROUP BY h.sno"""
        return [(s, d, c, Decimal(a) * UNIT.get(c, CENT), k) for s, d, c, a, k in self.erp.execute(query)]

    def booked(self) -> Decimal:
        """Orders of the month to date, each order's total converted once."""
        first, last = self.month.isoformat(), self.today.isoformat()
        found = [self.base(a, c, d) for _, d, c, a, _ in self.orders() if first <= d <= last]
        return sum((value for value in found if value is not None), Decimal(0))

    def shipped(self, first: date, last: date) -> list[tuple[int, Decimal, Decimal]]:
        """(customer, revenue, cost) of each done shipment or return: quantity x the line's net price."""
        query = """
            SELECT h.cno, m.typ, m.qty, l.qty, l.amt_m, h.cur, h.odat, m.cost_f
            FROM mv m JOIN so_l l ON l.lno = m.lno JOIN so_h h ON h.sno = l.sno
            WHERE m.st = 'D' AND m.typ IN ('SHP', 'RET') AND m.mdat BETWEEN ? AND ?"""
        rows = []
        for customer, kind, quantity, ordered, amount, currency, day, cost in self.erp.execute(
            query, (first.isoformat(), last.isoformat())
        ):
            line = self.base(Decimal(amount) * UNIT.get(currency, CENT), currency, day)
            if line is None:
                continue
            moved = Decimal(quantity if kind == "SHP" else -quantity)
            rows.append((customer, line * moved / Decimal(ordered), moved * Decimal(cost) / 100))
        return rows

    def revenue_and_cost(self) -> tuple[Decimal, Decimal]:
        rows = self.shipped(self.month, self.today)
        return sum((r for _, r, _ in rows), Decimal(0)), sum((c for _, _, c in rows), Decimal(0))

    def top_customers(self) -> list[tuple[str, Decimal]]:
        """The six largest of the month by name, as the ERP spells them."""
        totals = defaultdict[int, Decimal](Decimal)
        for customer, revenue, _ in self.shipped(self.month, self.today):
            totals[customer] += revenue
        names = dict(self.erp.execute("SELECT cno, nam FROM cust"))
        ranked = sorted(totals.items(), key=lambda item: -item[1])[:6]
        return [(names[customer], value) for customer, value in ranked]

    def revenue_last_year(self) -> Decimal:
        """The same days of this month a year ago."""
        first = self.month.replace(year=self.month.year - 1)
        days = calendar.monthrange(first.year, first.month)[1]
        return sum((r for _, r, _ in self.shipped(first, first.replace(day=min(self.today.day, days)))), Decimal(0))

    def plan(self, metric: str) -> Decimal:
        """The plan figure of this month in targets.csv."""
        with open(self.folder / "targets.csv", encoding="utf-8") as file:
            rows = [r for r in csv.DictReader(file) if (r["metric"], r["period_start"]) == (metric, str(self.month))]
        return Decimal(rows[0]["value"])

    def plan_to_date(self) -> Decimal:
        """Its share by calendar days."""
        return self.plan("revenue") * self.today.day / calendar.monthrange(self.today.year, self.today.month)[1]

    def newest(self) -> list[tuple[datetime, str, Decimal]]:
        """(instant, customer, amount) of booked orders, each converted once, the newest first."""
        names = dict(self.erp.execute("SELECT cno, nam FROM cust"))
        entered = dict(self.erp.execute("SELECT sno, ent FROM so_h"))
        found = []
        for order, day, currency, amount, customer in self.orders():
            value = self.base(amount, currency, day)
            if entered[order] and value is not None:
                instant = datetime.fromisoformat(entered[order]).replace(tzinfo=UTC)
                found.append((instant, names[customer], value))
        return sorted(found, reverse=True)

    def inventory(self) -> Decimal:
        """Done moves into minus out of the warehouses, at unit cost."""
        query = """
            SELECT i.cost_f * sum(s.qty) FROM (
                SELECT ino, qty FROM mv WHERE st = 'D' AND wto IS NOT NULL AND mdat <= :day
                UNION ALL SELECT ino, -qty FROM mv WHERE st = 'D' AND wfrom IS NOT NULL AND mdat <= :day
            ) s JOIN item i ON i.ino = s.ino GROUP BY i.ino"""
        cents = sum(value for (value,) in self.erp.execute(query, {"day": self.today.isoformat()}))
        return Decimal(cents) / 100

    def stock(self) -> dict[str, float]:
        """Item -> done moves into minus out of all warehouses, negative as none."""
        query = """
            SELECT ino, sum(qty) FROM (
                SELECT ino, qty FROM mv WHERE st = 'D' AND wto IS NOT NULL AND mdat <= :day
                UNION ALL SELECT ino, -qty FROM mv WHERE st = 'D' AND wfrom IS NOT NULL AND mdat <= :day
            ) GROUP BY ino"""
        found = self.erp.execute(query, {"day": self.today.isoformat()})
        return {str(item): max(0.0, float(quantity)) for item, quantity in found}

    def next_receipt(self) -> dict[str, date]:
        """Item -> the first day from today on that something bought or made is due."""
        query = """
            SELECT ino, min(day) FROM (
                SELECT ino, edat AS day FROM po_l WHERE st = 'O' AND qty > rcv
                UNION ALL SELECT ino, ddat FROM wo WHERE st IN ('P', 'L', 'R') AND qty > 0
            ) WHERE day >= :day GROUP BY ino"""
        found = self.erp.execute(query, {"day": self.today.isoformat()})
        return {str(item): date.fromisoformat(day) for item, day in found}

    def net_price(self) -> dict[str, float]:
        """Item -> base amount over quantity of the booked lines of the last 13 weeks."""
        query = """
            SELECT l.ino, h.cur, h.odat, l.amt_m, l.qty FROM so_l l JOIN so_h h ON h.sno = l.sno
            WHERE l.st NOT IN ('X', 'N', 'Q') AND h.odat > ? AND h.odat <= ?"""
        amounts, quantities = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
        for item, currency, day, amount, quantity in self.erp.execute(
            query, ((self.today - timedelta(days=91)).isoformat(), self.today.isoformat())
        ):
            value = self.base(Decimal(amount) * UNIT.get(currency, CENT), currency, day)
            if value is not None:
                amounts[str(item)] += value
                quantities[str(item)] += quantity
        return {
            item: float(amounts[item] / quantities[item]) for item in amounts if quantities[item] and amounts[item] > 0
        }

    def orders_waiting(self) -> dict[str, int]:
        """Item -> orders with an open line that is not shipped in full."""
        query = """
            SELECT l.ino, count(DISTINCT l.sno) FROM so_l l
            WHERE l.st IN ('O', 'P') AND l.qty > coalesce((
                SELECT sum(CASE typ WHEN 'SHP' THEN qty ELSE -qty END) FROM mv m
                WHERE m.lno = l.lno AND m.st = 'D' AND m.typ IN ('SHP', 'RET')), 0)
            GROUP BY l.ino"""
        return {str(item): count for item, count in self.erp.execute(query)}

    def at_risk(self, weekly: dict[str, dict[date, float]]) -> dict[str, float]:
        """Item -> expected demand, day by day, beyond the stock until the next receipt or six weeks, x net price."""
        stock, receipt, price = self.stock(), self.next_receipt(), self.net_price()
        found = {}
        for item, weeks in weekly.items():
            if item not in price:
                continue
            end = min(receipt.get(item, date.max), self.today + timedelta(days=42))
            left, missing, day = stock.get(item, 0.0), 0.0, self.today
            while day < end:
                need = weeks.get(day - timedelta(days=day.weekday()), 0.0) / 7
                missing += max(0.0, need - left)
                left, day = max(0.0, left - need), day + timedelta(days=1)
            if missing > 1e-6:
                found[item] = missing * price[item]
        return found

    def on_time(self) -> float:
        """Lines due in the last 30 days whose last shipment was no later than promised."""
        query = """
            SELECT l.pdat, l.st, l.qty,
                (SELECT max(mdat) FROM mv m WHERE m.lno = l.lno AND m.st = 'D' AND m.typ = 'SHP') AS last,
                coalesce((SELECT sum(CASE typ WHEN 'SHP' THEN qty ELSE -qty END)
                          FROM mv m WHERE m.lno = l.lno AND m.st = 'D'), 0) AS gone
            FROM so_l l JOIN item i ON i.ino = l.ino
            WHERE l.pdat BETWEEN ? AND ? AND l.qty > 0 AND l.st NOT IN ('X', 'N', 'Q')"""
        since, until = self.today - timedelta(days=30), self.today - timedelta(days=1)
        due = good = 0
        for promised, status, ordered, last, gone in self.erp.execute(query, (since.isoformat(), until.isoformat())):
            complete = status == "C" or gone >= ordered
            if complete and last is None:
                continue
            due += 1
            good += complete and last <= promised
        return good / due

    def receivables(self) -> tuple[Decimal, Decimal]:
        """(open, overdue) of issued invoices in base currency."""
        total = overdue = Decimal(0)
        query = "SELECT opn_m, cur, idat, ddat FROM inv WHERE st NOT IN ('X', 'N') AND opn_m <> 0"
        for amount, currency, issued, due in self.erp.execute(query):
            value = self.base(Decimal(amount) * UNIT.get(currency, CENT), currency, issued)
            if value is not None:
                total += value
                overdue += value if due < self.today.isoformat() else 0
        return total, overdue

    def satisfaction(self) -> tuple[float, int]:
        """(mean score, replies) of the last 30 company days (the company lives at UTC+8)."""
        query = """
            SELECT satisfaction FROM crm_case WHERE coalesce(deleted, 0) = 0 AND satisfaction IS NOT NULL
                AND date(coalesce(closed_on, opened_on), '+8 hours') BETWEEN ? AND ?"""
        first = self.today - timedelta(days=29)
        scores = [score for (score,) in self.crm.execute(query, (first.isoformat(), self.today.isoformat()))]
        return sum(scores) / len(scores), len(scores)

    def pipeline(self) -> Decimal:
        """Open deals and leads x the win rate of deals that reached their stage, shrunk by twenty average deals."""
        query = """
            SELECT opportunity_id, sales_stage, currency_code, estimated_value, opened_date FROM crm_opportunity
            WHERE coalesce(deleted, 0) = 0"""
        deals = self.crm.execute(query).fetchall()
        closed = {d[0]: d[1] == "Closed Won" for d in deals if d[1] in ("Closed Won", "Closed Lost")}
        reached = defaultdict[str, set[str]](set)
        for deal, stage in self.crm.execute(
            "SELECT opportunity_id, to_stage FROM crm_stage_log WHERE coalesce(deleted, 0) = 0"
        ):
            if deal in closed:
                reached[stage].add(deal)
        logged = set[str]().union(*reached.values())
        overall = Decimal(sum(closed[d] for d in logged)) / len(logged)
        rate = {s: (sum(closed[d] for d in found) + 20 * overall) / (len(found) + 20) for s, found in reached.items()}
        query = """
            SELECT lead_id, 'New', currency_code, estimated_value, date(created_on, '+8 hours') FROM crm_lead
            WHERE coalesce(deleted, 0) = 0 AND lead_status <> 'Disqualified'"""
        total = Decimal(0)
        for _, stage, currency, amount, day in [*deals, *self.crm.execute(query)]:
            value = self.base(Decimal(amount), currency, day) if amount is not None else None
            if stage in rate and not stage.startswith("Closed") and value is not None:
                total += value * rate[stage]
        return total
