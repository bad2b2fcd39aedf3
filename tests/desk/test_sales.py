"""Every figure of the sales page, as the API gives it, against plain SQL on the two source databases; its panels agree
with each other, and filters compose."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

import pytest

from tests.desk.conftest import Opened
from tests.desk.sales_oracle import OPEN, Case, Sales, amounts, due, middle
from tests.served import Served
from tests.wall.oracle.books import NOTHING, total
from tests.wall.oracle.deals import pipeline

KINDS = (
    "won_without_order", "order_without_deal", "unnamed_deal", "skipped_quotation", "deal_not_won", "delivery_late",
    "delivered_not_invoiced", "payment_late",
)  # fmt: skip
FILTERS = ("region", "owner", "segment")
STEPS: dict[str, Callable[[Case], date | None]] = {
    "quotation": lambda case: case.quoted,
    "order": lambda case: case.ordered,
    "delivery": lambda case: case.reached("delivered"),
    "invoice": lambda case: case.reached("invoiced"),
    "payment": lambda case: case.reached("paid"),
}
BEFORE: dict[str, Callable[[Case], date | None]] = {
    "quotation": lambda case: case.opened,
    "order": lambda case: case.quoted or case.opened,
    "delivery": STEPS["order"],
    "invoice": STEPS["delivery"],
    "payment": STEPS["invoice"],
}


@pytest.fixture(scope="module")
def books(served: Served) -> Sales:
    return Sales(served.folder, served.today)


@pytest.fixture(scope="module")
def cases(books: Sales) -> dict[str, Case]:
    return books.cases(year(books.today))


def year(today: date) -> date:
    return today.replace(year=today.year - 1) + timedelta(days=1)


def kpis(served: Served, **filters: str | list[str]) -> dict[str, dict[str, Any]]:
    return {row["metric"]: row for row in served.rows("sales_kpis", **filters)}


def test_stages(served: Served, books: Sales) -> None:
    rows = {row["stage"]: row for row in served.rows("sales_stages")}
    assert list(rows) == list(OPEN)
    for stage, row in rows.items():
        deals = [deal for deal in books.open_deals if deal.stage == stage]
        assert row["deals"] == len(deals)
        assert row["amount_base"] == pytest.approx(amounts(deals), abs=0.005)
        assert row["weighted_base"] == pytest.approx(float(total([deal.weighted for deal in deals])), rel=3e-6)
        for name, low, high in (("30_days", -1, 30), ("60_days", 30, 60), ("90_days", 60, 90), ("older", 90, 9999)):
            part = amounts(deal for deal in deals if low < deal.days_in_stage <= high)
            assert row[f"amount_{name}"] == pytest.approx(part, abs=0.005), (stage, name)
        assert row["days_now"] == median(deal.days_in_stage for deal in deals)
        assert row["days_won"] == books.days_won(stage)
        assert row["win_rate"] == pytest.approx(float(total([deal.rate for deal in deals])) / len(deals), abs=1e-6)
        assert row["overdue_deals"] == sum(deal.overdue is not None for deal in deals)


def test_the_demo_company_has_all_of_it(served: Served, books: Sales, cases: dict[str, Case]) -> None:
    """So that none of the comparisons is empty."""
    assert all(row["deals"] > 3 for row in served.rows("sales_stages"))
    assert all(row["cases"] > 20 for row in served.rows("order_to_cash")) and len(cases) > 500
    assert all(any(kind in case.kinds for case in cases.values()) for kind in KINDS)
    assert any(deal.overdue for deal in books.open_deals) and len(served.rows("contracts_due")) > 3
    assert (served.folder / "targets.csv").exists()


def test_headline_figures(served: Served, books: Sales, cases: dict[str, Case]) -> None:
    shown, deals = kpis(served), books.open_deals
    assert shown["pipeline_weighted"]["value"] == pytest.approx(float(pipeline(books)), rel=3e-6)
    assert shown["pipeline_weighted"]["reference"] == pytest.approx(amounts(deals), abs=0.005)
    late = [deal for deal in deals if deal.overdue]
    assert shown["next_step_overdue"]["value"] == len(late)
    assert shown["next_step_overdue"]["reference"] == pytest.approx(amounts(late), abs=0.005)
    since = year(books.today)
    before = (since.replace(year=since.year - 1), books.today.replace(year=books.today.year - 1))
    for (first, last), name in (((since, books.today), "value"), (before, "reference")):
        closed = [deal for deal in books.deals.values() if deal.closed and first <= deal.closed <= last]
        won = [deal for deal in closed if deal.stage == "won"]
        assert shown["win_rate"][name] == pytest.approx(len(won) / len(closed))
        assert shown["days_to_win"][name] == middle((deal.opened, deal.closed) for deal in won)
    won_cases = [case for case in cases.values() if case.won]
    ordered = sum(bool(case.orders) for case in won_cases)
    assert shown["won_ordered"]["value"] == pytest.approx(ordered / len(won_cases))
    assert shown["won_ordered"]["reference"] == len(won_cases) - ordered


def test_the_quarter(served: Served, books: Sales) -> None:
    first = date(books.today.year, 3 * ((books.today.month - 1) // 3) + 1, 1)
    months = [date(first.year, first.month + k, 1) for k in range(3)]
    end = (months[2] + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    booked = float(total([line.base for line in books.booked_lines if first <= line.day <= books.today]))
    closing = due(books.open_deals, end)
    weighted = float(total([deal.weighted for deal in closing]))
    odds = [(float(deal.amount or 0), float(deal.rate or 0)) for deal in closing]
    spread = 1.2816 * sum(amount**2 * rate * (1 - rate) for amount, rate in odds) ** 0.5
    plan, file = None, served.folder / "targets.csv"
    for line in file.read_text().splitlines()[1:] if file.exists() else []:
        metric, month, value = line.split(",")
        if metric == "booked" and date.fromisoformat(month) in months:
            plan = (plan or 0.0) + float(value)
    rows = served.rows("sales_quarter")
    today = next(row for row in rows if row["day"] == books.today.isoformat())
    last = rows[-1]
    assert (rows[0]["day"], last["day"]) == (first.isoformat(), end.isoformat())
    assert today["booked_to_date"] == pytest.approx(booked, abs=0.01)
    assert last["likely"] == pytest.approx(booked + weighted, rel=3e-6)
    assert last["likely_lo80"] == pytest.approx(max(booked, booked + weighted - spread), rel=5e-6)
    assert last["likely_hi80"] == pytest.approx(min(booked + amounts(closing), booked + weighted + spread), rel=5e-6)
    assert last["plan_to_date"] == (None if plan is None else pytest.approx(plan, rel=1e-9))
    assert kpis(served)["quarter_likely"]["value"] == pytest.approx(last["likely"], abs=0.005)


def test_the_steps(served: Served, cases: dict[str, Case]) -> None:
    document = served.document("order_to_cash")
    assert document["notes"]["cases"] == len(cases)
    for row in document["rows"]:
        step = row["name"]
        reached = [case for case in cases.values() if (STEPS[step](case) if step in STEPS else case.won)]
        assert row["cases"] == len(reached), step
        assert row["cases_with_deal"] == sum(case.deal is not None for case in reached)
        assert row["value_base"] == pytest.approx(float(total([case.value for case in reached])), abs=0.05), step
        if step in BEFORE:
            days = middle((BEFORE[step](case), STEPS[step](case)) for case in reached)
            assert row["days_from_step_before"] == days, step
    paid = [(case, case.reached("paid")) for case in cases.values()]
    assert document["notes"]["days_from_order"] == middle((case.ordered, day) for case, day in paid)
    assert document["notes"]["days_from_deal"] == middle((case.opened, day) for case, day in paid)
    waiting = [case for case in cases.values() if case.orders and not case.reached("delivered")]
    calm = [case for case in waiting if "delivery_late" not in case.kinds]
    assert document["notes"]["delivery_not_due"] == len(calm)


@pytest.mark.parametrize("kind", KINDS)
def test_each_exception_is_its_cases(served: Served, cases: dict[str, Case], kind: str) -> None:
    wanted = {key for key, case in cases.items() if kind in case.kinds}
    rows = served.rows("order_to_cash_exceptions", status=kind)
    assert {row["case_id"] for row in rows} == wanted and len(rows) == len(wanted)
    noted = served.document("order_to_cash")["notes"]["exceptions"].get(kind, {"cases": 0, "amount_base": 0})
    assert noted["cases"] == len(rows)
    assert noted["amount_base"] == pytest.approx(sum(row["amount_base"] for row in rows), abs=0.01)
    if kind not in ("delivery_late", "delivered_not_invoiced", "payment_late"):
        assert noted["amount_base"] == pytest.approx(float(total([cases[key].value for key in wanted])), abs=0.05)
    if kind in ("won_without_order", "order_without_deal", "delivered_not_invoiced"):
        assert served.rows(kind) == rows


def test_what_no_invoice_covers_is_late_or_past_due(served: Served, books: Sales, cases: dict[str, Case]) -> None:
    for row in served.rows("delivered_not_invoiced"):
        gaps = [order for order in cases[row["case_id"]].orders if order.gap]
        missing = sum(float((1 - (order.share or 0)) * (order.delivered_base or 0)) for order in gaps)
        assert row["amount_base"] == pytest.approx(missing, rel=1e-3, abs=0.05)
    for row in served.rows("order_to_cash_exceptions", status="delivery_late"):
        late = [order for order in cases[row["case_id"]].orders if order.late]
        rest = total([(order.value or NOTHING) - (order.delivered_base or NOTHING) for order in late])
        assert row["amount_base"] == pytest.approx(float(rest), abs=0.05)
        assert row["since"] == min(order.late for order in late if order.late).isoformat()
    query = "SELECT opn_m, cur, idat FROM inv WHERE st NOT IN ('X', 'N') AND opn_m <> 0 AND ddat < ? AND sno = ?"
    for row in served.rows("order_to_cash_exceptions", status="payment_late"):
        found = books.erp.execute(query, (books.today.isoformat(), row["order_id"].removeprefix("erp:")))
        still = [books.base(books.money(minor, cur), cur, date.fromisoformat(day)) for minor, cur, day in found]
        assert row["amount_base"] == pytest.approx(float(total(still)), abs=0.01)


def test_contracts(served: Served, books: Sales) -> None:
    today, until = books.today.isoformat(), (books.today + timedelta(days=90)).isoformat()
    query = """
        SELECT contract_id, contract_value, currency_code, start_date, end_date FROM crm_contract
        WHERE coalesce(deleted, 0) = 0 AND contract_status = 'Active' AND end_date BETWEEN ? AND ?"""
    wanted = {
        f"crm:{key}": (end, float(books.base(Decimal(value), currency, date.fromisoformat(min(start, today))) or 0))
        for key, value, currency, start, end in books.crm.execute(query, (today, until))
    }
    rows = {row["contract_id"]: (row["end_date"], row["amount_base"]) for row in served.rows("contracts_due")}
    assert rows.keys() == wanted.keys()
    for key, (end, amount) in wanted.items():
        assert rows[key] == (end, pytest.approx(amount, abs=0.01))


def test_the_panels_agree(served: Served) -> None:
    shown, stages, deals = kpis(served), served.rows("sales_stages"), served.rows("open_deals")
    whole = shown["pipeline_weighted"]
    for rows in (stages, deals):
        assert sum(row["weighted_base"] or 0 for row in rows) == pytest.approx(whole["value"], abs=0.01)
        assert sum(row["amount_base"] or 0 for row in rows) == pytest.approx(whole["reference"], abs=0.01)
    overdue = served.rows("open_deals", status="overdue")
    assert len(overdue) == shown["next_step_overdue"]["value"] == sum(row["overdue_deals"] for row in stages)
    assert (
        len(overdue) + len(served.rows("open_deals", status="on_track"))
        == len(deals)
        == sum(r["deals"] for r in stages)
    )
    wall = next(row for row in served.rows("kpis") if row["metric"] == "pipeline_weighted")
    assert wall["value"] == pytest.approx(whole["value"], abs=0.01)
    for row in stages:
        parts = [row[name] for name in row if name.startswith("amount_") and name != "amount_base"]
        assert sum(parts) == pytest.approx(row["amount_base"], abs=0.01)
    steps, notes = served.rows("order_to_cash"), served.document("order_to_cash")["notes"]
    by_name = {row["name"]: row["cases"] for row in steps}
    kinds = {kind: len(served.rows("order_to_cash_exceptions", status=kind)) for kind in KINDS}
    assert by_name["deal"] + kinds["order_without_deal"] + kinds["deal_not_won"] == notes["cases"]
    assert by_name["order"] + kinds["won_without_order"] == notes["cases"]
    assert by_name["delivery"] >= by_name["invoice"] >= by_name["payment"]
    assert shown["won_ordered"]["reference"] == kinds["won_without_order"]


MEASURES: dict[str, Callable[[Served, dict[str, Any]], float]] = {
    "weighted": lambda served, chosen: kpis(served, **chosen)["pipeline_weighted"]["value"],
    "likely": lambda served, chosen: kpis(served, **chosen)["quarter_likely"]["value"],
    "overdue": lambda served, chosen: kpis(served, **chosen)["next_step_overdue"]["value"],
    "stage deals": lambda served, chosen: sum(row["deals"] for row in served.rows("sales_stages", **chosen)),
    "ordered value": lambda served, chosen: served.rows("order_to_cash", **chosen)[2]["value_base"],
    "cases": lambda served, chosen: served.document("order_to_cash", **chosen)["notes"]["cases"],
    "exceptions": lambda served, chosen: len(served.rows("order_to_cash_exceptions", **chosen)),
    "contracts": lambda served, chosen: sum(row["amount_base"] for row in served.rows("contracts_due", **chosen)),
}


def options(served: Served, dimension: str) -> list[str]:
    query = f"SELECT DISTINCT {dimension} FROM core.customer WHERE {dimension} IS NOT NULL ORDER BY 1"
    with served.company.warehouse() as con:
        return [*(value for (value,) in con.execute(query).fetchall()), "–"]


@pytest.mark.parametrize("dimension", FILTERS)
def test_the_parts_sum_to_the_whole(served: Served, dimension: str) -> None:
    values = options(served, dimension)
    if len(values) > 12:  # the smaller ones together
        values = [*values[:10], values[10:]]  # type: ignore[list-item]
    for name, measure in MEASURES.items():
        parts = sum(measure(served, {dimension: value}) for value in values)
        assert parts == pytest.approx(measure(served, {}), abs=0.05), name


def test_filters_compose_in_any_order(served: Served) -> None:
    """Within a choice of the others, the parts of one filter still sum to it, however the address is written."""
    chance = random.Random(11)
    for _ in range(6):
        inner, *outer = chance.sample(FILTERS, 3)
        chosen = {name: chance.sample(known := options(served, name), min(4, len(known)))
                  for name in outer if chance.random() < 0.8}  # fmt: skip
        period = chance.choice(["90d", "12m", "24m"])
        names = list(chosen)
        chance.shuffle(names)
        again = {name: list(reversed(chosen[name])) for name in names}
        name = chance.choice(("cases", "exceptions", "ordered value"))
        whole = MEASURES[name](served, {"period": period, **chosen})
        values = options(served, inner)
        halves = (values[::2], values[1::2])
        parts = sum(MEASURES[name](served, {inner: half, **again, "period": period}) for half in halves if half)
        assert parts == pytest.approx(whole, abs=0.05), (name, chosen, inner)


def test_every_list_opens(desk: Callable[..., Opened], served: Served) -> None:
    page = desk("/sales?lang=en").page
    links = page.locator("[data-kind]").evaluate_all("nodes => nodes.map((n) => [n.dataset.kind, n.textContent])")
    assert {kind for kind, _ in links} == set(KINDS)
    for kind, text in links:
        count = len(served.rows("order_to_cash_exceptions", status=kind))
        assert text.split()[0] == f"{count:,}", kind
    for kind in ("won_without_order", "delivery_late"):
        page = desk(f"/sales/{kind}?lang=en").page
        count = len(served.rows("order_to_cash_exceptions", status=kind))
        rows = "document.querySelectorAll('.ag-center-cols-container [role=row] [col-id=customer]')"
        page.wait_for_function(f"() => {rows}.length === {count}")
