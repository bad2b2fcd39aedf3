"""The sales page worked out again from the two source databases: plain SQL and decimals, nothing of Tandem.

Only who is the same customer in both systems is taken as given: `same` says it, source customer -> one key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from tests.wall.source_oracle import CENT, UNIT, Sources

STAGES = {
    "New": "lead", "Qualified": "qualified", "Proposal": "proposal", "Negotiation": "negotiation",
    "Closed Won": "won", "Closed Lost": "lost",
}  # fmt: skip
OPEN = ("lead", "qualified", "proposal", "negotiation")
Case = dict[str, Any]


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


class Sales(Sources):
    """Deals, orders and cases of the company's day."""

    def __init__(self, folder: Path, today: date, same: Mapping[tuple[str, str], str]) -> None:
        super().__init__(folder, today)
        self.same = same
        self.stays = self._stays()
        self.all_deals = self._deals()
        self.all_orders = self._orders()

    def _stays(self) -> dict[str, list[tuple[str, date]]]:
        """Deal -> (stage, company day) in order, repeated stages once."""
        found = defaultdict[str, list[tuple[str, date]]](list)
        query = """
            SELECT opportunity_id, to_stage, date(entered_on, '+8 hours') FROM crm_stage_log
            WHERE coalesce(deleted, 0) = 0 ORDER BY entered_on"""
        for deal, stage, entered in self.crm.execute(query):
            if not found[deal] or found[deal][-1][0] != STAGES[stage]:
                found[deal].append((STAGES[stage], date.fromisoformat(entered)))
        return found

    def _deals(self) -> dict[str, Case]:
        query = """
            SELECT opportunity_id, account_id, sales_stage, currency_code, estimated_value, opened_date,
                   estimated_close, date(closed_on, '+8 hours') FROM crm_opportunity WHERE coalesce(deleted, 0) = 0
            UNION ALL
            SELECT lead_id, account_id, 'New', currency_code, estimated_value, date(created_on, '+8 hours'),
                   expected_close, NULL FROM crm_lead
            WHERE coalesce(deleted, 0) = 0 AND lead_status <> 'Disqualified'"""
        rates = self.stage_rates()
        touched = dict(
            self.crm.execute("""
                SELECT opportunity_id, max(date(happened_on, '+8 hours')) FROM crm_activity
                WHERE coalesce(deleted, 0) = 0 AND opportunity_id IS NOT NULL GROUP BY 1""")
        )
        found = {}
        for key, account, stage, currency, value, opened, expected, closed in self.crm.execute(query):
            amount = None if value is None else self.base(Decimal(value), currency, opened)
            stage, stays = STAGES[stage], self.stays.get(key, [])
            last = max(d for d in (day(touched.get(key)), stays[-1][1] if stays else None, day(opened)) if d)
            since = stays[-1][1] if stays else date.fromisoformat(opened)
            overdue = [last + timedelta(days=14)] if last + timedelta(days=14) < self.today else []
            overdue += [date.fromisoformat(expected)] if expected < self.today.isoformat() else []
            found[key] = {
                "customer": self.same.get(("crm", account)), "stage": stage, "amount": amount,
                "opened": day(opened), "expected": day(expected), "closed": day(closed),
                "days_in_stage": (self.today - since).days, "rate": rates.get(stage),
                "overdue": min(overdue, default=None) if stage in OPEN else None,
                "quoted": next((d for s, d in stays if s == "proposal"), None),
                "logged": any(s in OPEN for s, _ in stays),
            }  # fmt: skip
        return found

    def stage_rates(self) -> dict[str, Decimal]:
        """Stage -> win rate of the deals that reached it, shrunk by twenty average deals."""
        closed = {
            key: stage == "Closed Won"
            for key, stage in self.crm.execute(
                "SELECT opportunity_id, sales_stage FROM crm_opportunity WHERE coalesce(deleted, 0) = 0"
            )
            if stage.startswith("Closed")
        }
        reached = defaultdict[str, set[str]](set)
        for key, stays in self.stays.items():
            for stage, _ in stays if key in closed else ():
                reached[stage].add(key)
        logged = set[str]().union(*reached.values())
        mean = Decimal(sum(closed[key] for key in logged)) / len(logged)
        return {
            stage: (sum(closed[key] for key in keys) + 20 * mean) / (len(keys) + 20)
            for stage, keys in reached.items()
            if stage in OPEN
        }

    @staticmethod
    def decimal(text: str) -> Decimal:
        return Decimal(text)

    @staticmethod
    def minor(amount: Any, currency: str | None) -> Decimal:
        """Minor units as an amount."""
        return Decimal(amount) * UNIT.get(currency or "", CENT)

    def open_deals(self) -> dict[str, Case]:
        return {key: deal for key, deal in self.all_deals.items() if deal["stage"] in OPEN}

    def weighted(self, deal: Case) -> Decimal:
        return (deal["amount"] * deal["rate"]).quantize(CENT) if deal["amount"] is not None else Decimal(0)

    def days_won(self, stage: str) -> float:
        """Median days won deals stood in a stage."""
        days = []
        for key, stays in self.stays.items():
            if self.all_deals.get(key, {}).get("stage") == "won":
                days += [(b[1] - a[1]).days for a, b in zip(stays, stays[1:], strict=False) if a[0] == stage]
        return median(days)

    def _orders(self) -> dict[str, Case]:
        """Booked orders that send something out, with the day of each step."""
        gone = {
            key: (shipped - returned, last_shipment, last)
            for key, shipped, returned, last_shipment, last in self.erp.execute("""
                SELECT lno, sum(CASE WHEN typ = 'SHP' THEN qty ELSE 0 END),
                       sum(CASE WHEN typ = 'RET' THEN qty ELSE 0 END),
                       max(CASE WHEN typ = 'SHP' THEN mdat END), max(mdat)
                FROM mv WHERE st = 'D' AND typ IN ('SHP', 'RET') AND lno IS NOT NULL GROUP BY lno""")
        }
        found: dict[str, Case] = {}
        query = """
            SELECT h.sno, h.cno, h.odat, h.cur, h.oppref, l.lno, l.qty, l.amt_m, l.pdat, l.st
            FROM so_h h JOIN so_l l ON l.sno = h.sno WHERE l.st NOT IN ('X', 'N', 'Q') ORDER BY h.sno, l.lno"""
        for sno, customer, ordered, currency, deal, lno, quantity, amount, promised, status in self.erp.execute(query):
            order = found.setdefault(str(sno), {
                "customer": self.same.get(("erp", str(customer))), "ordered": date.fromisoformat(ordered),
                "currency": currency, "deal": deal, "minor": 0, "out": False, "complete": True, "shipped": None,
                "delivered_minor": Decimal(0), "late": None,
            })  # fmt: skip
            moved, last_shipment, last = gone.get(lno, (0, None, None))
            complete = status in ("S", "C") or abs(moved) >= abs(quantity)
            order["minor"] += amount
            order["out"] |= quantity > 0
            order["complete"] &= complete
            order["delivered_minor"] += Decimal(amount) * moved / quantity
            left = day(last if quantity < 0 else last_shipment)
            order["shipped"] = max((d for d in (order["shipped"], left) if d), default=None)
            if not complete and promised and promised < self.today.isoformat():
                order["late"] = min(d for d in (order["late"], day(promised)) if d)
        made = {key: order for key, order in found.items() if order["out"]}
        self._bill(made)
        return made

    def _bill(self, orders: dict[str, Case]) -> None:
        """Adds invoices and payments."""
        issued = {
            str(sno): (total, still, day(last), day(overdue))
            for sno, total, still, last, overdue in self.erp.execute(
                """SELECT sno, sum(amt_m), sum(opn_m), max(idat), min(CASE WHEN opn_m > 0 AND ddat < ? THEN ddat END)
                   FROM inv WHERE st NOT IN ('X', 'N') GROUP BY sno""", (self.today.isoformat(),))
        }  # fmt: skip
        paid = dict(self.erp.execute("SELECT sno, max(pdat) FROM pay JOIN inv USING (ivno) GROUP BY sno"))
        for key, order in orders.items():
            total, still, last, overdue = issued.get(key, (0, 0, None, None))
            value = Decimal(order["minor"]) * UNIT.get(order["currency"] or "", CENT)
            order["value"] = self.base(value, order["currency"], order["ordered"].isoformat())
            share = None
            if order["delivered_minor"] > 0 and order["currency"]:
                share = Decimal(total) / order["delivered_minor"]
            order["gap"] = share is not None and share < Decimal("0.99")
            order["share"], order["overdue"] = share, overdue
            order["delivered"] = order["shipped"] if order["complete"] else None
            order["invoiced"] = last if order["complete"] and not order["gap"] else None
            known = order["invoiced"] and still == 0
            order["paid"] = (day(paid.get(int(key))) or last) if known else None

    def links(self) -> dict[str, tuple[str, str]]:
        """Order -> (deal, named or matched)."""
        found = {k: (o["deal"], "named") for k, o in self.all_orders.items() if o["deal"] in self.all_deals}
        named = {deal for deal, _ in found.values()}
        fits: list[tuple[str, str]] = []
        for key, deal in self.all_deals.items():
            if deal["stage"] != "won" or key in named or deal["amount"] is None or deal["customer"] is None:
                continue
            for order, facts in self.all_orders.items():
                near = -7 <= (facts["ordered"] - deal["closed"]).days <= 30
                alike = facts["customer"] == deal["customer"] and not facts["deal"] and facts["value"] is not None
                if near and alike and abs(facts["value"] - deal["amount"]) <= deal["amount"] * 2 / 100:
                    fits.append((key, order))
        for deal_key, order in fits:
            if sum(d == deal_key for d, _ in fits) == 1 == sum(o == order for _, o in fits):
                found[order] = (deal_key, "matched")
        return found

    def cases(self, since: date) -> dict[str, Case]:
        """Cases since a day by their id in Tandem: a won deal, a deal with an order, or an order without a deal."""
        links, found = self.links(), dict[str, Case]()
        orders = defaultdict[str, list[str]](list)
        for order in self.all_orders:
            orders[f"crm:{links[order][0]}" if order in links else f"erp:{order}"].append(order)
        wins = {f"crm:{key}" for key, deal in self.all_deals.items() if deal["stage"] == "won"}
        for key in wins | set(orders):
            deal = self.all_deals.get(key[4:]) if key.startswith("crm:") else None
            found[key] = self._case(deal, [(o, self.all_orders[o]) for o in orders.get(key, [])], links)
        return {key: case for key, case in found.items() if since <= case["day"] <= self.today}

    def _case(self, deal: Case | None, orders: list[tuple[str, Case]], links: Mapping[str, tuple[str, str]]) -> Case:
        won = deal is not None and deal["stage"] == "won"
        ordered = min((o["ordered"] for _, o in orders), default=None)
        values = [o["value"] for _, o in orders]
        case: Case = {"won": won, "deal": deal, "ordered": ordered, "opened": deal["opened"] if deal else None}
        case["day"] = deal["closed"] if won and deal else ordered
        case["value"] = (
            (deal["amount"] or 0) if deal and not orders else sum((v for v in values if v is not None), Decimal(0))
        )
        if orders and all(v is None for v in values):
            case["value"] = (deal["amount"] or Decimal(0)) if deal else Decimal(0)
        case["quoted"] = deal["quoted"] if deal else None
        for step in ("delivered", "invoiced", "paid"):
            days = [o[step] for _, o in orders]
            case[step] = max(days) if days and all(days) else None
        case["kinds"] = {
            kind
            for kind, holds in {
                "won_without_order": won and not orders,
                "order_without_deal": deal is None,
                "unnamed_deal": any(links.get(key, ("", ""))[1] == "matched" for key, _ in orders),
                "skipped_quotation": won and deal and deal["logged"] and deal["quoted"] is None,
                "deal_not_won": deal is not None and not won,
                "delivery_late": any(o["late"] for _, o in orders),
                "delivered_not_invoiced": any(o["gap"] for _, o in orders),
                "payment_late": any(o["overdue"] for _, o in orders),
            }.items()
            if holds
        }
        return case
