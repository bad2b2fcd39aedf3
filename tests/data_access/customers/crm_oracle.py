"""What the CRM knows of a customer, and why it may leave: plain SQL on the CRM's database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.data_access.customers.customer_oracle import Books, day, year_before
from tests.exact import connect

ZONE = "'+8 hours'"  # the company's calendar
ALIVE = "coalesce(deleted, 0) = 0"


class Notes:
    """The CRM's side. links: account -> customer; books: for rates."""

    def __init__(self, folder: Path, links: Mapping[str, str], books: Books) -> None:
        self.crm = connect(folder / "crm.db")
        self.links, self.books, self.today = links, books, books.today

    def _by_customer(self, query: str) -> dict[str, list[tuple[Any, ...]]]:
        """Rows without their first column, by the customer its account is."""
        found = defaultdict[str, list[tuple[Any, ...]]](list)
        for account, *row in self.crm.execute(query):
            if account in self.links:
                found[self.links[account]].append(tuple(row))
        return found

    @cached_property
    def deals(self) -> dict[str, list[tuple[str, str, Decimal | None, date | None]]]:
        """Customer -> (name, stage, amount, closed) of opportunities, and leads as stage New."""
        query = f"""
            SELECT account_id, topic, sales_stage, estimated_value, currency_code, opened_date, date(closed_on, {ZONE})
            FROM crm_opportunity WHERE {ALIVE}
            UNION ALL SELECT account_id, topic, 'New', estimated_value, currency_code, date(created_on, {ZONE}), NULL
            FROM crm_lead WHERE {ALIVE} AND lead_status <> 'Disqualified'"""
        return {
            customer: [
                (name, stage, self.books.base(Decimal(amount), currency, opened) if amount is not None else None,
                 day(closed) if closed else None)
                for name, stage, amount, currency, opened, closed in rows
            ]
            for customer, rows in self._by_customer(query).items()
        }  # fmt: skip

    def open_deals(self, customer: str) -> list[Decimal]:
        rows = self.deals.get(customer, [])
        return [amount for _, stage, amount, _ in rows if not stage.startswith("Closed") and amount is not None]

    @cached_property
    def contacts(self) -> dict[str, list[date]]:
        query = f"SELECT account_id, date(happened_on, {ZONE}) FROM crm_activity WHERE {ALIVE}"
        return {customer: [day(one) for (one,) in rows] for customer, rows in self._by_customer(query).items()}

    def last_contact(self, customer: str) -> date | None:
        return max((one for one in self.contacts.get(customer, []) if one <= self.today), default=None)

    @cached_property
    def cases(self) -> dict[str, list[tuple[str, str, date, date | None, int | None, str | None]]]:
        """Customer -> (id, status, opened, closed, answer, order number); a case without an account is its order's."""
        owner = {number: self.books.name(cno) for number, cno in self.books.erp.execute("SELECT so_no, cno FROM so_h")}
        query = f"""
            SELECT account_id, case_id, case_status, date(opened_on, {ZONE}), date(closed_on, {ZONE}), satisfaction,
                order_reference FROM crm_case WHERE {ALIVE}"""
        found = defaultdict[str, list[Any]](list)
        for account, case, status, opened, closed, answer, order in self.crm.execute(query):
            customer = self.links.get(account) or owner.get(order)
            if customer:
                found[customer].append((case, status, day(opened), day(closed) if closed else None, answer, order))
        return found

    def open_cases(self, customer: str) -> list[date]:
        return sorted(opened for _, status, opened, *_ in self.cases.get(customer, []) if status != "Resolved")

    def answers(self, customer: str, after: date) -> list[int]:
        rows = self.cases.get(customer, [])
        return [a for _, _, opened, closed, a, _ in rows if a is not None and (closed or opened) > after]

    @cached_property
    def contracts(self) -> dict[str, list[tuple[date, date, Decimal | None]]]:
        query = f"SELECT account_id, start_date, end_date, contract_value FROM crm_contract WHERE {ALIVE}"
        rows = self._by_customer(query)
        return {c: [(day(a), day(b), Decimal(v)) for a, b, v in found] for c, found in rows.items()}

    def stage_moves(self, customer: str) -> list[tuple[str, date]]:
        """(stage, day) of every step of its deals."""
        query = f"""
            SELECT o.account_id, s.to_stage, date(s.entered_on, {ZONE}) FROM crm_stage_log s
            JOIN crm_opportunity o ON o.opportunity_id = s.opportunity_id
            WHERE coalesce(s.deleted, 0) = 0 AND coalesce(o.deleted, 0) = 0"""
        return [(stage, day(on)) for stage, on in self._by_customer(query).get(customer, [])]

    def signals(self, customer: str) -> dict[str, float]:
        """Why it may leave, with the figure that says so."""
        books, today, days = self.books, self.today, self.books.order_days.get(customer)
        if not days or max(days) <= year_before(today):
            return {}
        found: dict[str, float] = {}
        rhythm = books.rhythm(customer)
        silent = rhythm is not None and (today - max(days)).days > rhythm[1]
        if silent and rhythm is not None:
            found["silent"] = (today - rhythm[2]).days
        closed = [(stage, amount or 0) for _, stage, amount, on in self.deals.get(customer, [])
                  if on and today - timedelta(days=90) <= on <= today]  # fmt: skip
        lost, won = (sum(a for s, a in closed if s == stage) for stage in ("Closed Lost", "Closed Won"))
        if lost > won:
            found["lost_deal"] = float(lost)
        cases = self.open_cases(customer)
        if cases and (today - cases[0]).days >= 5:
            found["ticket_open"] = (today - cases[0]).days
        answers = self.answers(customer, today - timedelta(days=90))
        if answers and sum(answers) / len(answers) < 3:
            found["unhappy"] = sum(answers) / len(answers)
        contact = self.last_contact(customer)
        if silent and contact and (today - contact).days > 30:
            found["no_contact"] = (today - contact).days
        ends = [end for _, end, _ in self.contracts.get(customer, []) if end >= today]
        if ends and (min(ends) - today).days <= 30:
            found["contract_ends"] = (min(ends) - today).days
        return found | self._signals_of_the_books(customer)

    @cached_property
    def _late(self) -> dict[str, tuple[int, float]]:
        since, until = self.today - timedelta(days=60), self.today - timedelta(days=1)
        due = [(line, late) for line, _, late in self.books.deliveries if since <= line.promised <= until]  # type: ignore[operator]
        found = {}
        for customer in {line.customer for line, _ in due if line.customer}:
            mine = [(line.order, late > 0) for line, late in due if line.customer == customer]
            late_orders = len({order for order, late in mine if late})
            found[customer] = late_orders, sum(late for _, late in mine) / len(mine)
        return found

    @cached_property
    def _quarters(self) -> tuple[dict[str | None, Decimal], dict[str | None, Decimal]]:
        today = self.today
        now, _ = self.books.revenue(today - timedelta(days=90), today)
        before, _ = self.books.revenue(today - timedelta(days=454), today - timedelta(days=364))
        return now, before

    def _signals_of_the_books(self, customer: str) -> dict[str, float]:
        found: dict[str, float] = {}
        orders, share = self._late.get(customer, (0, 0.0))
        if orders >= 2 and share > 0.1:
            found["late_orders"] = orders
        ages = self.books.receivables[customer]
        old = ages["days_31_60"] + ages["over_60"]
        if old > 0 and old > sum(ages.values()) / 10:
            found["overdue"] = float(old)
        now, before = self._quarters
        was, loss = before.get(customer, Decimal(0)), before.get(customer, Decimal(0)) - now.get(customer, Decimal(0))
        if was > 0 and loss > was / 4 and loss >= sum(now.values()) / 400:
            found["falling"] = float(-loss / was)
        return found
