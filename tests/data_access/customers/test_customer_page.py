"""A customer's own page, panel by panel, against plain SQL on the source databases."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from data_access import customer, customers
from data_access.errors import QueryError
from data_access.panels import PANELS, check_filters, read_panel
from data_access.reading import rows
from data_access.result import Result
from tests.data_access.customers.conftest import Company
from tests.data_access.customers.customer_oracle import day, lower_quantile, year_before

ROOM = 0.015  # a shipment


def shown(company: Company, panel: str, customer_id: str, **more: str) -> Result:
    """What a panel of the page reads, as the page and the API ask for it."""
    spec = PANELS[panel]
    return read_panel(spec, company.reader.pinned(), filters=check_filters(spec, {"customer": customer_id, **more}))


def some(company: Company) -> Iterator[str]:
    """The largest, all kinds of others: known to one system only, one order only, none at all."""
    found = [row for row in rows(customers.customers(company.reader)) if row["customer_id"]]
    ranked = sorted(found, key=lambda row: (-row["revenue"], row["customer_id"]))
    kinds = defaultdict[tuple[bool, bool, int], list[str]](list)
    for row in ranked:
        kinds[row["in_erp"], row["in_crm"], min(row["orders"] or 0, 2)].append(row["customer_id"])
    assert {(True, True, 2), (True, False, 1), (True, False, 0), (False, True, 0), (True, True, 1)} <= kinds.keys()
    yield from dict.fromkeys(
        [row["customer_id"] for row in ranked[:12]] + [one for k in kinds.values() for one in k[:5]]
    )


def test_identity_says_the_same_as_the_list(company: Company) -> None:
    """And names both systems' numbers: one that is known to one system only has one link."""
    listed = {row["customer_id"]: row for row in rows(customers.customers(company.reader))}
    scores = company.books.segments()
    accounts = defaultdict[str, list[str]](list)
    for account, owner in company.notes.links.items():
        accounts[owner].append(account)
    for one in some(company):
        result = shown(company, "customer_identity", one)
        (row,) = rows(result)
        for name in (
            "rfm",
            "change",
            "on_time",
            "lines_due",
            "due_date",
            "risk",
            "because",
            "deals_base",
            "open_tickets",
        ):
            assert row[name] == listed[one][name], name
        assert row["revenue_12m"] == listed[one]["revenue"]
        segment = scores.get(one)
        assert (row["r"], row["f"], row["m"]) == (segment[1:] if segment else (None, None, None))
        links = result.notes["links"]
        assert sorted(k["source_id"] for k in links if k["role"] == "crm") == sorted(accounts.get(one, []))  # type: ignore[attr-defined]
        numbers = [k["source_id"] for k in links if k["role"] == "erp"]  # type: ignore[attr-defined]
        assert sorted(numbers) == sorted(str(cno) for cno, known in company.books.known.items() if known == one)
        for link in links:  # type: ignore[attr-defined]
            sure = {"self": 1.0, "tax_id": 0.99, "domain_name": 0.98, "phone_name": 0.97, "exact_name": 0.95}
            assert (
                link["confidence"] == sure.get(link["rule"]) or link["rule"] == "score" and link["confidence"] >= 0.99
            )


def test_nobody_is_an_empty_page_and_no_id_is_told(company: Company) -> None:
    for name, panel in PANELS.items():
        if panel.page == "customer":
            assert len(shown(company, name, "erp:none").frame) == 0 or name == "customer_orders"
    with pytest.raises(QueryError, match='"customer" is missing'):
        customer.identity(company.reader)


def test_the_weeks_add_up_to_what_was_booked(company: Company) -> None:
    books = company.books
    first = books.today - timedelta(days=books.today.weekday() + 7 * 103)
    booked = books.booked(first, books.today)
    for one in some(company):
        result = shown(company, "customer_orders", one)
        weeks = {row["week_start"]: row for row in rows(result)}
        assert len(weeks) == 104 and min(weeks) == first
        assert sum(row["booked"] for row in weeks.values()) == pytest.approx(float(booked.get(one, 0)), abs=0.005)
        orders = Counter[date]()
        for on, found in books.order_days.get(one, {}).items():
            orders[on - timedelta(days=on.weekday())] += len(found)
        assert {w: row["orders"] for w, row in weeks.items() if row["orders"]} == {
            week: count for week, count in orders.items() if week >= first
        }
        rhythm = books.rhythm(one) if one in books.order_days else None
        assert (result.notes["rhythm_days"], result.notes["due_date"]) == (
            (rhythm[0], rhythm[2]) if rhythm else (None, None)
        )


@pytest.mark.parametrize(
    ("orders", "longer_than", "expected"),
    [
        ([], 3, []),
        ([0, 0, 0, 0, 0], 3, []),
        ([0, 0, 0, 0, 0, 2], 3, []),
        ([1, 0, 0, 0, 1], 3, []),
        ([1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0], 3, [(1, 4), (7, 5)]),
    ],
)
def test_quiet_weeks(orders: list[int], longer_than: int, expected: list[tuple[int, int]]) -> None:
    assert customer.quiet(orders, longer_than) == expected


def test_the_mix_adds_up_to_the_sales_of_twelve_months(company: Company) -> None:
    today = company.books.today
    expected = defaultdict[tuple[str | None, str], Decimal](Decimal)
    count = Counter[str | None]()
    for owner, item, on, value, _ in company.books.shipments:
        if year_before(today) < on <= today:
            expected[owner, company.books.category.get(item, "–")] += value
            count[owner] += 1
    for one in some(company):
        found = rows(shown(company, "customer_mix", one))
        (about,) = rows(shown(company, "customer_identity", one))
        assert sum(row["revenue"] for row in found) == pytest.approx(about["revenue_12m"], abs=1e-6)
        for row in found:
            assert row["revenue"] == pytest.approx(float(expected[one, row["category"]]), abs=ROOM * count[one] + 1e-6)


def test_open_lines_take_stock_in_the_order_of_their_promises(company: Company) -> None:
    books = company.books
    gone = dict(books.erp.execute(
        "SELECT lno, sum(CASE typ WHEN 'SHP' THEN qty ELSE -qty END) FROM mv"
        " WHERE st = 'D' AND typ IN ('SHP', 'RET') GROUP BY lno"
    ))  # fmt: skip
    left = Counter[int]()
    for item, quantity in books.erp.execute(
        "SELECT ino, qty FROM mv WHERE st = 'D' AND wto IS NOT NULL"
        " UNION ALL SELECT ino, -qty FROM mv WHERE st = 'D' AND wfrom IS NOT NULL"
    ):
        left[item] += quantity
    on_hand = dict(left)
    expected: dict[str | None, dict[int, tuple[int, int, int]]] = defaultdict(dict)
    waiting = [line for line in books.lines if line.status in "OP" and line.quantity > gone.get(line.line, 0)]
    for line in sorted(waiting, key=lambda line: (line.promised or date.max, line.ordered, f"erp:{line.line}")):
        open_quantity = line.quantity - gone.get(line.line, 0)
        covered = max(min(open_quantity, left[line.item or 0]), 0)
        left[line.item or 0] -= open_quantity
        if line.item in books.category:
            expected[line.customer][line.line] = (open_quantity, covered, on_hand.get(line.item, 0))
    seen = 0
    for one in {*some(company), *(owner for owner in expected if owner)}:
        found = rows(shown(company, "customer_open_lines", one))
        assert {
            int(row["line_id"].removeprefix("erp:")): (row["quantity"], row["covered_quantity"], row["on_hand"])
            for row in found if row["product_id"]
        } == expected.get(one, {})  # fmt: skip
        seen += len(found)
        whole = {line.line: line for line in books.lines}
        for row in found:
            line = whole[int(row["line_id"].removeprefix("erp:"))]
            part = Decimal(row["quantity"]) / line.quantity
            assert row["amount"] == pytest.approx(float((line.base or 0) * part), abs=ROOM)
            assert (row["order_no"], row["promised_date"]) == (line.number, line.promised)
    assert seen > 50


def test_deals_contracts_receivables_and_cases(company: Company) -> None:
    books, notes, today = company.books, company.notes, company.books.today
    for one in some(company):
        deals = rows(shown(company, "customer_deals", one))
        assert sorted(round(row["amount"], 2) for row in deals) == sorted(float(a) for a in notes.open_deals(one))
        assert all(row["weighted_base"] == pytest.approx(row["amount"] * row["probability"], abs=0.01) for row in deals)
        contracts = rows(shown(company, "customer_contracts", one))
        expected = notes.contracts.get(one, [])
        assert sorted((r["start_date"], r["end_date"]) for r in contracts) == sorted((a, b) for a, b, _ in expected)
        assert [r["state"] == "running" for r in contracts] == [
            r["end_date"] >= today >= r["start_date"] for r in contracts
        ]
        ages = {row["age"]: row["amount"] for row in rows(shown(company, "customer_receivables", one))}
        owed = {age: float(value) for age, value in books.receivables[one].items()}
        assert ages == pytest.approx(owed, abs=0.005) if ages else not any(owed.values())
        result = shown(company, "customer_tickets", one)
        cases = notes.cases.get(one, [])
        found = rows(result)
        assert [row["opened_date"] for row in found if row["status"] != "closed"] == notes.open_cases(one)
        assert len(found) == min(len(cases), 20) and result.notes["open_tickets"] == len(notes.open_cases(one))
        answers = notes.answers(one, year_before(today))
        assert result.notes["replies"] == len(answers)
        assert result.notes["satisfaction"] == (pytest.approx(sum(answers) / len(answers)) if answers else None)


def test_usual_terms(company: Company) -> None:
    today, terms = company.books.today, defaultdict[str | None, list[int]](list)
    for owner, issued, due, amount, _ in company.books.invoices:
        if due and amount > 0 and issued > year_before(today):
            terms[owner].append((due - issued).days)
    for one in some(company):
        for row in rows(shown(company, "customer_receivables", one)):
            assert row["terms_days"] == (lower_quantile(terms[one], 0.5) if terms[one] else None)


def test_the_timeline_tells_every_event_of_both_systems(company: Company) -> None:
    books, notes, today = company.books, company.notes, company.books.today
    since = year_before(today) + timedelta(days=1)
    late = defaultdict[str, list[tuple[date, int]]](list)
    for line, _, days in books.deliveries:
        if days > 0 and line.promised:
            late[line.order].append((line.promised, days))
    number = {line.number: line.order for line in books.lines}
    linked = 0
    for one in some(company):
        found = rows(shown(company, "customer_timeline", one, period="12m"))
        kinds = Counter(row["kind"] for row in found)
        orders = [(s, v) for s, owner, on, v in books.orders if owner == one and since <= on <= today]
        told = {
            row["entity_id"]: row["amount"] for row in found if row["kind"] == "order" and row["amount"] is not None
        }
        assert told == pytest.approx({order: float(value) for order, value in orders}, abs=0.005)
        mine = {line.order for line in books.lines if line.customer == one}
        expected = {
            order: (min(on for on, _ in late[order]), max(days for _, days in late[order]))
            for order in mine
            if late[order]
        }
        assert {r["entity_id"]: (r["day"], r["days"]) for r in found if r["kind"] == "late"} == {
            order: fact for order, fact in expected.items() if since <= fact[0] <= today
        }
        shipped = Counter(
            on for owner, _, on, _, kind in books.shipments if owner == one and kind == "SHP" and since <= on <= today
        )
        assert {r["day"] for r in found if r["kind"] == "shipped"} >= set(shipped)
        cases = [case for case in notes.cases.get(one, []) if since <= case[2] <= today]
        tickets = {r["entity_id"].removeprefix("crm:"): r for r in found if r["kind"] == "ticket"}
        assert tickets.keys() == {case[0] for case in cases}
        for case, _, opened, closed, _, order_no in cases:
            cause = expected.get(number.get(order_no or "", ""))
            is_caused = cause is not None and opened >= cause[0]
            assert tickets[case]["cause_id"] == (number[order_no] if is_caused and order_no else None)
            assert tickets[case]["days"] == ((closed - opened).days if closed else None)
            linked += is_caused
        answers = [c for c in notes.cases.get(one, []) if c[4] is not None and since <= (c[3] or c[2]) <= today]
        assert kinds["answer"] == len(answers)
        assert sum(kinds[k] for k in ("call", "email", "meeting", "demo")) == len(
            [on for on in notes.contacts.get(one, []) if since <= on <= today]
        )
        moves = [stage for stage, on in notes.stage_moves(one) if since <= on <= today]
        assert sum(n for kind, n in kinds.items() if kind.startswith("stage_")) == len(moves)
    assert linked > 50


def test_payments_on_the_timeline(company: Company) -> None:
    books, today = company.books, company.books.today
    since = year_before(today) + timedelta(days=1)
    paid = defaultdict[tuple[str | None, date], Decimal](Decimal)
    query = (
        """SELECT i.cno, p.pdat, p.amt_m, p.cur, i.idat FROM pay p JOIN inv i ON i.ivno = p.ivno WHERE p.cur = i.cur"""
    )
    for cno, on, amount, currency, issued in books.erp.execute(query):
        unit = Decimal(1) if currency == "JPY" else Decimal("0.01")
        value = books.base(Decimal(amount) * unit, currency, issued)
        if value is not None and since <= day(on) <= today:
            paid[books.name(cno), day(on)] += value
    for one in some(company):
        found = rows(shown(company, "customer_timeline", one, period="12m"))
        told = {row["day"]: row["amount"] for row in found if row["kind"] == "payment" and row["amount"] is not None}
        assert told == pytest.approx({on: float(v) for (owner, on), v in paid.items() if owner == one}, abs=0.01)


def test_few_events_widen_the_timeline(company: Company) -> None:
    for one in some(company):
        result = shown(company, "customer_timeline", one)
        narrow = len(shown(company, "customer_timeline", one, period="12w").frame)
        assert (result.notes["period"] == "12w") == (narrow >= customer.FEW)
        assert len(result.frame) >= narrow
