"""Pipeline, receivables and service: input rows -> output rows."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.modelbench import Bench

TODAY = date(2026, 11, 23)


def deal(key: str, stage: str, **more: Any) -> dict[str, Any]:
    given = {
        "opportunity_id": key,
        "stage": stage,
        "currency": "EUR",
        "amount": "1000",
        "probability": "0.25",
        "created_date": TODAY - timedelta(days=100),
        "expected_close": TODAY + timedelta(days=9),
    }
    return given | more


def entered(key: str, *stages: str) -> list[dict[str, Any]]:
    start = datetime(2026, 8, 20, tzinfo=UTC)
    return [{"opportunity_id": key, "stage": s, "entered_at": start + timedelta(days=k)} for k, s in enumerate(stages)]


def closed(won: int, lost: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Deals that were proposed; the won ones were negotiated as well."""
    deals, history = [], []
    for k in range(won + lost):
        stage = "won" if k < won else "lost"
        deals.append(deal(f"x{k}", stage, closed_date=TODAY - timedelta(days=50)))
        history += entered(f"x{k}", *(("proposal", "negotiation", "won") if k < won else ("proposal", "lost")))
    return deals, history


def test_win_rates_are_measured_and_shrunk_once_twenty_deals_closed() -> None:
    deals, history = closed(9, 15)
    bench = Bench().rows("opportunity", [*deals, deal("open", "negotiation"), deal("new", "lead")], "crm")
    bench.rows("opportunity_stage_history", history, "crm").build()
    p0 = 9 / 24
    rates = {row["stage"]: float(row["probability"]) for row in bench.read("FROM marts.stage_win_rate")}
    assert rates == {
        "proposal": pytest.approx((9 + 20 * p0) / 44, abs=1e-6),
        "negotiation": pytest.approx((9 + 20 * p0) / 29, abs=1e-6),
    }
    found = {
        row["opportunity_id"]: (row["probability_from"], row["weighted_base"])
        for row in bench.read("FROM marts.open_deal")
    }
    assert found == {"crm:open": ("history", Decimal("568.97")), "crm:new": ("crm", Decimal("250.00"))}


def test_too_little_history_leaves_the_crms_own_probability() -> None:
    deals, history = closed(9, 10)
    bench = Bench().rows("opportunity", [*deals, deal("open", "negotiation")], "crm")
    bench.rows("opportunity_stage_history", history, "crm").build()
    assert bench.read("SELECT probability_from, weighted_base FROM marts.open_deal") == [
        {"probability_from": "crm", "weighted_base": Decimal("250.00")}
    ]


@pytest.mark.parametrize(
    ("sources", "counted"), [({"erp": "erp", "crm": "crm"}, ["crm:a"]), ({"erp": "erp"}, ["erp:b"])]
)
def test_an_erps_own_deals_count_only_where_there_is_no_crm(sources: dict[str, str], counted: list[str]) -> None:
    bench = Bench(sources=sources).rows("opportunity", [deal("b", "lead")])
    if "crm" in sources:
        bench.rows("opportunity", [deal("a", "lead")], "crm")
    bench.build()
    assert [row["opportunity_id"] for row in bench.read("FROM marts.open_deal")] == counted
    assert bench.one("SELECT count(*) FROM core.opportunity") == len(sources)


def test_the_pipelines_history_ends_in_todays_figure() -> None:
    won = deal("w", "won", closed_date=TODAY - timedelta(days=10))
    bench = (
        Bench().rows("opportunity", [deal("a", "proposal"), won, deal("n", "lead", created_date=TODAY)], "crm").build()
    )
    points = {row["point"]: row["weighted_base"] for row in bench.read("FROM marts.pipeline_point")}
    assert points[13] == Decimal("500.00")  # a and n, by the CRM's own probability
    assert points[12] == Decimal("250.00")  # n did not exist yet
    assert bench.one("SELECT weighted FROM marts.kpi_state") == points[13]


def test_a_deal_stood_where_it_was_at_the_end_of_the_company_day() -> None:
    """It passed several stages that day, and the next at half past midnight in Berlin, which is the same day in UTC."""
    deals, history = closed(9, 15)
    day = TODAY - timedelta(days=7)
    night = datetime(day.year, day.month, day.day, 23, 30, tzinfo=UTC)  # already the next day in Berlin
    moves = [("proposal", night - timedelta(hours=12)), ("negotiation", night)]
    moves += [("lead", night - timedelta(hours=13)), ("qualified", night - timedelta(hours=13))]
    log = [{"opportunity_id": "o", "stage": stage, "entered_at": at} for stage, at in moves]
    bench = Bench(TODAY).rows("opportunity", [*deals, deal("o", "negotiation")], "crm")
    bench.rows("opportunity_stage_history", [*history, *log], "crm").build()
    rates = {row["stage"]: row["probability"] for row in bench.read("FROM marts.stage_win_rate")}
    points = {row["point"]: row["weighted_base"] for row in bench.read("FROM marts.pipeline_point")}
    assert points[12] == (1000 * rates["proposal"]).quantize(Decimal("0.01"))
    assert points[13] == (1000 * rates["negotiation"]).quantize(Decimal("0.01")) != points[12]


def test_deals_become_demand_by_line_else_by_the_customers_usual_mix() -> None:
    bench = Bench(TODAY).rows("product", [{"product_id": p, "sku": p.upper(), "name": p} for p in "ab"])
    bench.rows("customer", [{"customer_id": "1", "name": "One"}]).rows(
        "customer", [{"customer_id": "c", "name": "one ltd"}], "crm"
    )
    orders = [("a", "300", 30), ("b", "100", 20)]
    bench.rows(
        "sales_order_line",
        [
            {
                "order_id": p,
                "line_id": p,
                "order_date": TODAY - timedelta(days=30),
                "customer_id": "1",
                "product_id": p,
                "quantity": q,
                "currency": "EUR",
                "amount": amount,
                "status": "done",
            }
            for p, amount, q in orders
        ],
    )
    late = deal("lined", "lead", customer_id="c", expected_close=TODAY - timedelta(days=40))
    bench.rows("opportunity", [late, deal("mixed", "lead", customer_id="c"), deal("nobody", "lead")], "crm")
    bench.rows(
        "opportunity_line", [{"opportunity_id": "lined", "line_id": "1", "sku": "B", "quantity": 8}], "crm"
    ).build()
    found = {(r["opportunity_id"][4:], r["product_id"][4:]): r for r in bench.read("FROM marts.deal_demand")}
    assert {key: (row["basis"], round(row["weighted_quantity"], 6)) for key, row in found.items()} == {
        ("lined", "b"): ("line", 2.0),
        ("mixed", "a"): ("usual_mix", 18.75),  # 1000 x 3/4 / 10 EUR x 0.25
        ("mixed", "b"): ("usual_mix", 12.5),  # 1000 x 1/4 / 5 EUR x 0.25
    }
    assert found["lined", "b"]["close_week"] == TODAY
    assert found["mixed", "a"]["close_week"] == date(2026, 11, 30)


def test_receivables_now_and_seven_days_ago() -> None:
    def invoice(key: str, due: int, amount: str, still_open: str, **more: Any) -> dict[str, Any]:
        given = {
            "invoice_id": key,
            "issue_date": TODAY - timedelta(days=40),
            "due_date": TODAY - timedelta(days=due),
            "currency": "EUR",
            "amount": amount,
            "open_amount": still_open,
            "status": "open" if still_open != "0" else "paid",
        }
        return given | more

    bench = Bench().rows(
        "invoice",
        [
            invoice("late", 10, "100", "60"),
            invoice("due", -5, "50", "50"),
            invoice("paid", 20, "30", "0"),
            invoice("unknown", 3, "8", "0"),
            invoice("draft", 9, "7", "7", status="draft"),
            invoice("credit", 10, "-5", "-5"),
        ],
    )
    bench.rows(
        "payment",
        [
            {
                "payment_id": "1",
                "invoice_id": "late",
                "paid_date": TODAY - timedelta(days=2),
                "currency": "EUR",
                "amount": "40",
            },
            {
                "payment_id": "2",
                "invoice_id": "paid",
                "paid_date": TODAY - timedelta(days=3),
                "currency": "EUR",
                "amount": "30",
            },
        ],
    )
    found = {
        row["point"]: (row["open_base"], row["overdue_base"])
        for row in bench.build().read("FROM marts.receivable_point")
    }
    assert found[13] == (Decimal("105.00"), Decimal("55.00"))
    # A week ago: late 100 and paid 30 open and overdue, the credit too; due 50 and unknown 8 open, not yet due.
    assert found[12] == (Decimal("183.00"), Decimal("125.00"))


def test_service_counts_answers_by_the_companys_day() -> None:
    bench = (
        Bench(timezone="Asia/Shanghai")
        .rows(
            "ticket",
            [
                {"ticket_id": "1", "opened_at": datetime(2026, 11, 20, 17, tzinfo=UTC), "satisfaction": 4},
                {
                    "ticket_id": "2",
                    "opened_at": datetime(2026, 11, 1, tzinfo=UTC),
                    "closed_at": datetime(2026, 11, 21, 1, tzinfo=UTC),
                    "satisfaction": 5,
                },
                {"ticket_id": "3", "opened_at": datetime(2026, 11, 21, 1, tzinfo=UTC)},
            ],
            "crm",
        )
        .build()
    )
    assert bench.read("FROM marts.service_day WHERE day = DATE '2026-11-21'") == [
        {"day": date(2026, 11, 21), "opened": 2, "replies": 2, "score": 9}
    ]


def test_tickets_and_deals_are_tied_to_the_erp() -> None:
    bench = Bench().rows("product", [{"product_id": "p", "sku": "P-1", "name": "Pump"}])
    bench.rows("customer", [{"customer_id": "1", "name": "One"}])
    bench.rows("opportunity", [deal("D7", "won", closed_date=TODAY)], "crm")
    bench.rows(
        "sales_order_line",
        [
            {
                "order_id": "9",
                "order_no": "SO9",
                "line_id": "9",
                "order_date": TODAY,
                "customer_id": "1",
                "opportunity_id": "D7",
                "status": "open",
            }
        ],
    )
    bench.rows("ticket", [{"ticket_id": "t", "order_no": "SO9", "product_sku": "P-1"}], "crm").build()
    assert bench.read("SELECT customer_id, order_id, product_id FROM core.ticket") == [
        {"customer_id": "erp:1", "order_id": "erp:9", "product_id": "erp:p"}
    ]
    assert bench.one("SELECT opportunity_id FROM core.sales_order_line") == "crm:D7"
