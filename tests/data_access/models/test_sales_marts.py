"""Deals with their stays and next steps, the orders they became, and order to cash: input rows -> output rows."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.modelbench import Bench, Rows

TODAY = date(2026, 11, 23)
ZONE = "Asia/Shanghai"


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def deal(key: str, stage: str = "won", **more: Any) -> dict[str, Any]:
    given = {
        "opportunity_id": key, "stage": stage, "customer_id": "c1", "currency": "EUR", "amount": "1000",
        "probability": "0.5", "created_date": ago(90), "expected_close": TODAY + timedelta(days=9),
        "closed_date": ago(20) if stage in ("won", "lost") else None,
    }  # fmt: skip
    return given | more


def entered(key: str, *stays: tuple[str, int]) -> list[dict[str, Any]]:
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 4, tzinfo=UTC)
    return [{"opportunity_id": key, "stage": s, "entered_at": noon - timedelta(days=d)} for s, d in stays]


def line(key: str, **more: Any) -> dict[str, Any]:
    given = {
        "order_id": key, "order_no": f"SO-{key}", "line_id": key, "order_date": ago(19), "customer_id": "1",
        "quantity": 10, "currency": "EUR", "amount": "1000", "status": "open", "promised_date": ago(-5),
    }  # fmt: skip
    return given | more


def shipped(key: str, quantity: int = 10, days: int = 12) -> dict[str, Any]:
    return {"move_id": f"m{key}{quantity}{days}", "effective_date": ago(days), "quantity": quantity, "kind": "shipment",
            "status": "done", "order_line_id": key, "from_warehouse_id": "w"}  # fmt: skip


def invoice(key: str, amount: str, still: str = "0", **more: Any) -> dict[str, Any]:
    given = {"invoice_id": f"i{key}{amount}", "order_id": key, "issue_date": ago(11), "due_date": ago(1),
             "currency": "EUR", "amount": amount, "open_amount": still, "status": "open"}  # fmt: skip
    return given | more


def company(deals: Rows = (), lines: Rows = (), moves: Rows = (), invoices: Rows = (), **more: Rows) -> Bench:
    bench = Bench(TODAY, timezone=ZONE)
    bench.rows("customer", [{"customer_id": "1", "name": "One"}, {"customer_id": "2", "name": "Two"}])
    bench.rows("customer", [{"customer_id": "c1", "name": "one"}, {"customer_id": "c2", "name": "two"}], "crm")
    for entity, rows in (("sales_order_line", lines), ("stock_move", moves), ("invoice", invoices)):
        if rows:
            bench.rows(entity, rows)
    for entity, rows in (("opportunity", deals), *more.items()):
        if rows:
            bench.rows(entity, rows, "crm")
    return bench.build()


def kinds(bench: Bench) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in bench.read("SELECT case_id, kind FROM marts.case_exception"):
        found.setdefault(row["case_id"], set()).add(row["kind"])
    return found


def test_stays_are_the_companys_days_and_repeats_are_one() -> None:
    late = datetime(2026, 11, 1, 17, tzinfo=UTC)  # the 2nd in Shanghai
    history = [
        {"opportunity_id": "a", "stage": "lead", "entered_at": late},
        {"opportunity_id": "a", "stage": "lead", "entered_at": late + timedelta(days=1)},
        {"opportunity_id": "a", "stage": "proposal", "entered_at": late + timedelta(days=3)},
        {"opportunity_id": "a", "stage": "qualified", "entered_at": late + timedelta(days=4)},
        {"opportunity_id": "a", "stage": "won", "entered_at": late + timedelta(days=9)},
    ]
    bench = company([deal("a")], opportunity_stage_history=history)
    assert bench.read("SELECT nth, stage, entered_date, days FROM marts.stage_visit ORDER BY nth") == [
        {"nth": 1, "stage": "lead", "entered_date": date(2026, 11, 2), "days": 3},
        {"nth": 2, "stage": "proposal", "entered_date": date(2026, 11, 5), "days": 1},
        {"nth": 3, "stage": "qualified", "entered_date": date(2026, 11, 6), "days": 5},
    ]


@pytest.mark.parametrize(
    ("more", "touched", "planned", "told"),
    [
        ({}, 14, None, (None, None)),
        ({}, 15, None, (ago(1), "silent")),
        ({}, 15, 3, (None, None)),
        ({"expected_close": ago(3)}, 2, None, (ago(3), "close_passed")),
        ({"expected_close": ago(3)}, 30, None, (ago(16), "silent")),
        ({"expected_close": ago(40)}, 30, None, (ago(40), "close_passed")),
        ({"expected_close": None}, 2, None, (None, None)),
        ({"stage": "lost", "closed_date": ago(9), "expected_close": ago(30)}, 90, None, (None, None)),
    ],
)
def test_a_next_step_is_overdue_since(more: Any, touched: int, planned: int | None, told: Any) -> None:
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 4, tzinfo=UTC)
    calls = [noon - timedelta(days=touched), *([noon + timedelta(days=planned)] if planned else [])]
    activity = [{"activity_id": str(k), "opportunity_id": "a", "happened_at": at} for k, at in enumerate(calls)]
    bench = company([deal("a", "proposal") | more], activity=activity)
    (row,) = bench.read("SELECT overdue_since, overdue_reason FROM marts.deal")
    assert (row["overdue_since"], row["overdue_reason"]) == told


@pytest.mark.parametrize(
    ("deals", "lines", "links"),
    [
        ([deal("a")], [line("x", opportunity_id="a")], {("a", "x", "named")}),
        ([deal("a")], [line("x")], {("a", "x", "matched")}),
        ([deal("a")], [line("x", amount="1020")], {("a", "x", "matched")}),
        ([deal("a")], [line("x", amount="1020.01")], set()),
        ([deal("a")], [line("x", customer_id="2")], set()),
        ([deal("a")], [line("x", order_date=ago(28))], set()),
        ([deal("a")], [line("x", order_date=ago(27))], {("a", "x", "matched")}),
        ([deal("a", closed_date=ago(31))], [line("x", order_date=ago(0))], set()),
        ([deal("a")], [line("x"), line("y")], set()),
        ([deal("a"), deal("b")], [line("x")], set()),
        ([deal("a")], [line("x", opportunity_id="a"), line("y")], {("a", "x", "named")}),
        ([deal("a", "proposal")], [line("x")], set()),
        ([deal("a", "proposal")], [line("x", opportunity_id="a")], {("a", "x", "named")}),
        ([deal("a")], [line("x", opportunity_id="a", status="cancelled")], set()),
    ],
)
def test_which_order_a_deal_became(deals: Rows, lines: Rows, links: set[tuple[str, str, str]]) -> None:
    found = company(deals, lines).read("FROM marts.deal_order")
    assert {(row["opportunity_id"][4:], row["order_id"][4:], row["link"]) for row in found} == links


def test_the_steps_of_an_order() -> None:
    lines = [
        line("full"), line("part"), line("bare"), line("paid"), line("late", promised_date=ago(2)),
        line("back", quantity=-3, amount="-300"),
    ]  # fmt: skip
    moves = [shipped("full"), shipped("part", 4), shipped("bare"), shipped("paid")]
    invoices = [invoice("full", "1000", "1000"), invoice("part", "400"), invoice("paid", "1000"),
                invoice("bare", "500"), invoice("bare", "490", status="draft")]  # fmt: skip
    bench = company([], lines, moves, invoices)
    steps = {row["order_id"][4:]: row for row in bench.read("FROM marts.order_step")}
    assert set(steps) == {"full", "part", "bare", "paid", "late"}
    reached = {
        key: tuple(row[f"{step}_date"] is not None for step in ("delivered", "invoiced", "paid"))
        for key, row in steps.items()
    }
    assert reached == {
        "full": (True, True, False), "part": (False, False, False), "bare": (True, False, False),
        "paid": (True, True, True), "late": (False, False, False),
    }  # fmt: skip
    assert bench.read("SELECT order_id, uninvoiced_base, since FROM marts.invoice_gap") == [
        {"order_id": "erp:bare", "uninvoiced_base": Decimal("500.0000"), "since": ago(12)}
    ]
    every = {f"erp:{key}": {"order_without_deal"} for key in steps}
    every["erp:full"] |= {"payment_late"}
    every["erp:bare"] |= {"delivered_not_invoiced"}
    every["erp:late"] |= {"delivery_late"}
    assert kinds(bench) == every


def test_an_invoice_at_another_days_rate_leaves_no_gap() -> None:
    rates = [{"currency": "USD", "day": ago(100), "rate": "1.0"}, {"currency": "USD", "day": ago(11), "rate": "1.25"}]
    bench = Bench(TODAY).rows("exchange_rate", rates).rows("customer", [{"customer_id": "1", "name": "One"}])
    bench.rows("sales_order_line", [line("a", currency="USD")]).rows("stock_move", [shipped("a")])
    bench.rows("invoice", [invoice("a", "1000", currency="USD")]).build()
    assert bench.one("SELECT invoiced_date FROM marts.order_step") == ago(11)
    assert bench.one("SELECT count(*) FROM marts.invoice_gap") == 0


def test_cases_of_deals() -> None:
    history = [
        *entered("quoted", ("lead", 60), ("proposal", 40), ("won", 20)),
        *entered("unquoted", ("lead", 60), ("negotiation", 30), ("won", 20)),
    ]
    deals = [deal("quoted"), deal("unquoted", amount="77"), deal("lost", "lost"), deal("idle", "lead")]
    lines = [line("x", opportunity_id="quoted"), line("z", opportunity_id="quoted", amount="500", order_date=ago(3)),
             line("y", opportunity_id="lost")]  # fmt: skip
    bench = company(deals, lines, opportunity_stage_history=history)
    cases = {row["case_id"]: row for row in bench.read("FROM marts.order_to_cash")}
    assert set(cases) == {"crm:quoted", "crm:unquoted", "crm:lost"}
    whole = cases["crm:quoted"]
    assert (whole["orders"], whole["value_base"], whole["ordered_date"]) == (2, Decimal("1500.0000"), ago(19))
    assert whole["quoted_date"] == ago(40) and whole["day"] == ago(20)
    assert kinds(bench) == {
        "crm:unquoted": {"won_without_order", "skipped_quotation"},
        "crm:lost": {"deal_not_won"},
    }


def test_one_system_that_numbers_deals_and_orders_alike() -> None:
    """Deal 5 became order 9; order 5 has no deal."""
    bench = Bench(TODAY).rows("customer", [{"customer_id": "1", "name": "One"}], "crm")
    bench.rows("sales_order_line", [line("5", amount="70"), line("9", opportunity_id="5", amount="300")], "crm")
    bench.rows("opportunity", [deal("5", customer_id="1")], "crm").build()
    assert bench.read("SELECT opportunity_id, order_id, value_base FROM marts.order_to_cash ORDER BY order_id") == [
        {"opportunity_id": None, "order_id": "crm:5", "value_base": Decimal("70.0000")},
        {"opportunity_id": "crm:5", "order_id": "crm:9", "value_base": Decimal("300.0000")},
    ]


def test_contracts_due_have_no_successor() -> None:
    def contract(key: str, ends: int, **more: Any) -> dict[str, Any]:
        given = {"contract_id": key, "customer_id": "c1", "start_date": ago(300), "currency": "EUR", "amount": "9",
                 "end_date": TODAY + timedelta(days=ends), "status": "active"}  # fmt: skip
        return given | more

    contracts = [
        contract("renewed", 10), contract("next", 400), contract("due", 90, customer_id="c2"),
        contract("far", 91, customer_id="c2"), contract("over", -1, customer_id="c2"),
        contract("gone", 5, customer_id="c2", status="cancelled"),
    ]  # fmt: skip
    bench = company([deal("open", "proposal", customer_id="c2")], contract=contracts)
    assert bench.read("SELECT contract_id, days_left, deal_stage, warning FROM marts.contract_due") == [
        {"contract_id": "crm:due", "days_left": 90, "deal_stage": "proposal", "warning": None}
    ]


@pytest.mark.parametrize(
    ("start", "first", "last"),
    [(1, date(2026, 10, 1), date(2026, 12, 31)), (2, date(2026, 11, 1), date(2027, 1, 31)),
     (3, date(2026, 9, 1), date(2026, 11, 30)), (12, date(2026, 9, 1), date(2026, 11, 30))],
)  # fmt: skip
def test_quarters_are_counted_from_the_fiscal_year(start: int, first: date, last: date) -> None:
    bench = Bench(TODAY, fiscal_year_start=start)
    months = [first, (first + timedelta(days=31)).replace(day=1), last.replace(day=1)]
    plan = [{"metric": "booked", "period_start": month, "value": "100"} for month in months]
    bench.rows("target", [*plan, {"metric": "revenue", "period_start": first, "value": "7"}]).build("marts.quarter")
    assert bench.read("SELECT first_day, last_day, plan, plan_metric FROM marts.quarter") == [
        {"first_day": first, "last_day": last, "plan": Decimal("300.0000"), "plan_metric": "booked"}
    ]
