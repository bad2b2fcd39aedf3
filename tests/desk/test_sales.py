"""Every figure of the sales page, as the API gives it, against plain SQL on the two source databases; its panels agree
with each other, and filters compose."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from typing import Any

import duckdb
import pytest

from tests.desk.conftest import Opened, Served
from tests.desk.sales_oracle import OPEN, Sales

KINDS = (
    "won_without_order", "order_without_deal", "unnamed_deal", "skipped_quotation", "deal_not_won", "delivery_late",
    "delivered_not_invoiced", "payment_late",
)  # fmt: skip
STEPS = {"deal": "opened", "quotation": "quoted", "order": "ordered", "delivery": "delivered", "invoice": "invoiced",
         "payment": "paid"}  # fmt: skip
FILTERS = ("region", "owner", "segment")


def published(served: Served, query: str) -> list[Any]:
    version = (served.folder / "warehouse" / "current").read_text().strip()
    with duckdb.connect(str(served.folder / "warehouse" / f"wh-{version}.duckdb"), read_only=True) as con:
        return con.execute(query).fetchall()


@pytest.fixture(scope="module")
def sources(served: Served) -> Sales:
    """Who is whom is Tandem's; everything else is worked out from the sources."""
    links = published(served, "SELECT source, source_id, customer_id FROM core.customer_link")
    return Sales(served.folder, served.today, {(source, key): customer for source, key, customer in links})


@pytest.fixture(scope="module")
def cases(sources: Sales) -> dict[str, dict[str, Any]]:
    return sources.cases(year(sources.today))


def year(today: date) -> date:
    return today.replace(year=today.year - 1) + timedelta(days=1)


def kpis(served: Served, **filters: str | list[str]) -> dict[str, dict[str, Any]]:
    return {row["metric"]: row for row in served.rows("sales_kpis", **filters)}


def test_stages(served: Served, sources: Sales) -> None:
    rows = {row["stage"]: row for row in served.rows("sales_stages")}
    assert list(rows) == list(OPEN)
    for stage, row in rows.items():
        deals = [deal for deal in sources.open_deals().values() if deal["stage"] == stage]
        priced = [deal for deal in deals if deal["amount"] is not None]
        assert row["deals"] == len(deals) and len(deals) > 3
        assert row["amount_base"] == pytest.approx(float(sum(deal["amount"] for deal in priced)), abs=0.005)
        assert row["weighted_base"] == pytest.approx(float(sum(map(sources.weighted, priced))), rel=1e-4)
        for name, low, high in (("30_days", -1, 30), ("60_days", 30, 60), ("90_days", 60, 90), ("older", 90, 9999)):
            part = sum(deal["amount"] for deal in priced if low < deal["days_in_stage"] <= high)
            assert row[f"amount_{name}"] == pytest.approx(float(part), abs=0.005), (stage, name)
        assert row["days_now"] == median(deal["days_in_stage"] for deal in deals)
        assert row["days_won"] == sources.days_won(stage)
        assert row["win_rate"] == pytest.approx(float(sources.stage_rates()[stage]), abs=1e-6)
        assert row["overdue_deals"] == sum(deal["overdue"] is not None for deal in deals)


def test_headline_figures(served: Served, sources: Sales, cases: dict[str, dict[str, Any]]) -> None:
    shown, deals = kpis(served), sources.open_deals().values()
    assert shown["pipeline_weighted"]["value"] == pytest.approx(float(sources.pipeline()), rel=1e-5)
    assert shown["pipeline_weighted"]["reference"] == pytest.approx(
        float(sum(deal["amount"] or 0 for deal in deals)), abs=0.005
    )
    late = [deal for deal in deals if deal["overdue"]]
    assert shown["next_step_overdue"]["value"] == len(late) > 0
    assert shown["next_step_overdue"]["reference"] == pytest.approx(
        float(sum(deal["amount"] or 0 for deal in late)), abs=0.005
    )
    since = year(sources.today)
    before = (since.replace(year=since.year - 1), sources.today.replace(year=sources.today.year - 1))
    for (first, last), field in (((since, sources.today), "value"), (before, "reference")):
        closed = [d for d in sources.all_deals.values() if d["closed"] and first <= d["closed"] <= last]
        won = [deal for deal in closed if deal["stage"] == "won"]
        assert shown["win_rate"][field] == pytest.approx(len(won) / len(closed))
        assert shown["days_to_win"][field] == median((deal["closed"] - deal["opened"]).days for deal in won)
    won_cases = [case for case in cases.values() if case["won"]]
    ordered = sum(case["ordered"] is not None for case in won_cases)
    assert shown["won_ordered"]["value"] == pytest.approx(ordered / len(won_cases))
    assert shown["won_ordered"]["reference"] == len(won_cases) - ordered


def test_the_quarter(served: Served, sources: Sales) -> None:
    first = date(sources.today.year, 3 * ((sources.today.month - 1) // 3) + 1, 1)
    months = [date(first.year, first.month + k, 1) for k in range(3)]
    end = (months[2] + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    booked = [
        sources.base(a, c, d) for _, d, c, a, _ in sources.orders() if first.isoformat() <= d <= f"{sources.today}"
    ]
    total = float(sum(value for value in booked if value is not None))
    due = [d for d in sources.open_deals().values() if d["expected"] <= end and d["amount"] is not None]
    weighted = float(sum(map(sources.weighted, due)))
    spread = sum(float(d["amount"]) ** 2 * float(d["rate"]) * (1 - float(d["rate"])) for d in due) ** 0.5
    plan = 0.0
    for line in (served.folder / "targets.csv").read_text().splitlines()[1:]:
        metric, month, value = line.split(",")
        plan += float(value) if metric == "booked" and date.fromisoformat(month) in months else 0
    rows = served.rows("sales_quarter")
    today = next(row for row in rows if row["day"] == sources.today.isoformat())
    last = rows[-1]
    assert (rows[0]["day"], last["day"]) == (first.isoformat(), end.isoformat())
    assert today["booked_to_date"] == pytest.approx(total, abs=0.01)
    assert last["likely"] == pytest.approx(total + weighted, rel=1e-5)
    assert last["likely_lo80"] == pytest.approx(max(total, total + weighted - 1.2816 * spread), rel=1e-4)
    assert last["likely_hi80"] == pytest.approx(
        min(total + float(sum(d["amount"] for d in due)), total + weighted + 1.2816 * spread), rel=1e-4
    )
    assert last["plan_to_date"] == pytest.approx(plan, rel=1e-9)
    assert kpis(served)["quarter_likely"]["value"] == pytest.approx(last["likely"], abs=0.005)


def test_the_steps(served: Served, cases: dict[str, dict[str, Any]]) -> None:
    document = served.document("order_to_cash")
    assert document["notes"]["cases"] == len(cases) > 500
    before = {"quotation": ("opened",), "order": ("quoted", "opened"), "delivery": ("ordered",),
              "invoice": ("delivered",), "payment": ("invoiced",)}  # fmt: skip
    for row in document["rows"]:
        step = row["name"]
        reached = [case for case in cases.values() if (case["won"] if step == "deal" else case[STEPS[step]])]
        assert row["cases"] == len(reached) > 20, step
        assert row["cases_with_deal"] == sum(case["deal"] is not None for case in reached)
        assert row["value_base"] == pytest.approx(float(sum(case["value"] for case in reached)), abs=0.05), step
        if step == "deal":
            continue
        days = []
        for case in reached:
            start = next((case[name] for name in before[step] if case[name]), None)
            days += [(case[STEPS[step]] - start).days] if start else []
        assert row["days_from_step_before"] == median(days), step
    paid = [case for case in cases.values() if case["paid"]]
    assert document["notes"]["days_from_order"] == median((c["paid"] - c["ordered"]).days for c in paid)
    assert document["notes"]["days_from_deal"] == median((c["paid"] - c["opened"]).days for c in paid if c["opened"])
    waiting = [c for c in cases.values() if c["ordered"] and not c["delivered"] and "delivery_late" not in c["kinds"]]
    assert document["notes"]["delivery_not_due"] == len(waiting)


@pytest.mark.parametrize("kind", KINDS)
def test_each_exception_is_its_cases(served: Served, cases: dict[str, dict[str, Any]], kind: str) -> None:
    wanted = {key for key, case in cases.items() if kind in case["kinds"]}
    rows = served.rows("order_to_cash_exceptions", status=kind)
    assert {row["case_id"] for row in rows} == wanted and len(rows) == len(wanted) > 0
    noted = served.document("order_to_cash")["notes"]["exceptions"][kind]
    assert noted["cases"] == len(rows)
    assert noted["amount_base"] == pytest.approx(sum(row["amount_base"] for row in rows), abs=0.01)
    if kind in ("won_without_order", "order_without_deal", "unnamed_deal", "skipped_quotation", "deal_not_won"):
        value = float(sum(case["value"] for key, case in cases.items() if key in wanted))
        assert noted["amount_base"] == pytest.approx(value, abs=0.05)
    if kind in ("won_without_order", "order_without_deal", "delivered_not_invoiced"):
        assert served.rows(kind) == rows


def test_gaps_and_overdue_amounts(served: Served, sources: Sales) -> None:
    """What no invoice covers, and what is past due, order by order."""
    gaps = {row["order_id"]: row["amount_base"] for row in served.rows("delivered_not_invoiced")}
    late = {
        str(sno): sources.base(total, currency, issued)
        for sno, total, currency, issued in (
            (sno, sources.minor(still, currency), currency, issued)
            for sno, still, currency, issued in sources.erp.execute(
                "SELECT sno, sum(opn_m), cur, min(idat) FROM inv WHERE st NOT IN ('X', 'N') AND ddat < ? AND opn_m <> 0"
                " GROUP BY sno HAVING count(*) = 1", (sources.today.isoformat(),))
        )
    }  # fmt: skip
    single = {f"erp:{key}": value for key, value in late.items() if value is not None and value > 0}
    rows = {
        row["order_id"]: row["amount_base"] for row in served.rows("order_to_cash_exceptions", status="payment_late")
    }
    assert {key: rows[key] for key in rows.keys() & single.keys()} == pytest.approx(
        {key: float(single[key]) for key in rows.keys() & single.keys()}, abs=0.01
    )
    assert len(gaps) > 3
    for key, amount in gaps.items():
        order = sources.all_orders[key.removeprefix("erp:")]
        delivered = sources.base(
            sources.minor(order["delivered_minor"], order["currency"]), order["currency"], order["ordered"].isoformat()
        )
        assert amount == pytest.approx(float((1 - order["share"]) * delivered), rel=1e-3, abs=0.05), key


def test_contracts(served: Served, sources: Sales) -> None:
    today, until = sources.today.isoformat(), (sources.today + timedelta(days=90)).isoformat()
    query = """
        SELECT contract_id, contract_value, currency_code, start_date, end_date FROM crm_contract
        WHERE coalesce(deleted, 0) = 0 AND contract_status = 'Active' AND end_date BETWEEN ? AND ?"""
    wanted = {
        f"crm:{key}": (end, sources.base(sources.decimal(value), currency, min(start, today)))
        for key, value, currency, start, end in sources.crm.execute(query, (today, until))
    }
    rows = {row["contract_id"]: (row["end_date"], row["amount_base"]) for row in served.rows("contracts_due")}
    assert rows == {key: (end, pytest.approx(float(value), abs=0.01)) for key, (end, value) in wanted.items()}


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
    found = published(
        served, f"SELECT DISTINCT {dimension} FROM core.customer WHERE {dimension} IS NOT NULL ORDER BY 1"
    )
    return [*(value for (value,) in found), "–"]


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
        chosen = {name: chance.sample(options(served, name), 4) for name in outer if chance.random() < 0.8}
        period = chance.choice(["90d", "12m", "24m"])
        names = list(chosen)
        chance.shuffle(names)
        again = {name: list(reversed(chosen[name])) for name in names}
        name = chance.choice(("cases", "exceptions", "ordered value"))
        whole = MEASURES[name](served, {"period": period, **chosen})
        values = options(served, inner)
        halves = (values[::2], values[1::2])
        parts = sum(MEASURES[name](served, {inner: half, **again, "period": period}) for half in halves)
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
        page.wait_for_selector(".ag-center-cols-container [col-id=customer]")
        shown = page.locator(".ag-center-cols-container [role=row]").count()
        assert shown == len(served.rows("order_to_cash_exceptions", status=kind))
