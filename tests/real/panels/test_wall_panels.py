"""The wall's first scene and the overview's stock of a company of Tryton and BottleCRM, against both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.inventory.compare import close, own
from tests.inventory.conftest import Ask
from tests.real.panels.conftest import Company
from tests.served import Served
from tests.wall.oracle import alerts, deals, events, headline, runway
from tests.wall.oracle.books import total
from tests.wall.oracle.demand import AHEAD, by_item, monday, weekly, weeks, year_before
from tests.wall.oracle.published import forecasts
from tests.wall.oracle.series import lines

pytestmark = pytest.mark.real
ZONE = ZoneInfo("Europe/Berlin")


def test_the_eight_headline_figures_and_their_lines(ask: Ask, books: Company) -> None:
    rows = {row["metric"]: row for row in ask("kpis")}
    month = headline.this_month(books)
    revenue, _ = headline.revenue_and_cost(month)
    figures: dict[str, Any] = {
        "revenue": revenue,
        "booked": headline.booked(books, books.month, books.today),
        "gross_margin": headline.margin(month),
        "on_time": headline.on_time(books, books.today),
        "inventory_value": headline.inventory(books, books.today),
        "pipeline_weighted": deals.pipeline(books),
        "ar_overdue": headline.receivables(books, books.today)[1],
    }
    for metric, value in figures.items():
        rel = 1e-6 if metric == "pipeline_weighted" else 1e-12
        assert rows[metric]["value"] == (None if value is None else pytest.approx(float(value), rel=rel)), metric
    for metric, points in lines(books).items():
        assert rows[metric]["series"] == pytest.approx(points, rel=2e-6, abs=0.006), metric
    last_year, _ = headline.revenue_and_cost(books.shipped(*headline.same_days_last_year(books)))
    known = min(shipment.day for shipment in books.shipments) <= headline.same_days_last_year(books)[0]
    assert rows["revenue"]["reference"] == (pytest.approx(float(last_year)) if known else None)


def test_without_any_survey_cases_per_hundred_orders_stand_in(ask: Ask, books: Company) -> None:
    row = next(row for row in ask("kpis") if row["metric"] == "csat")
    since = books.today - timedelta(days=29)
    query = "SELECT count(*) FROM crm_case WHERE date(opened_on, '+8 hours') BETWEEN ? AND ?"
    ((cases,),) = books.crm(query, str(since), str(books.today))
    orders = len({line.order for line in books.booked_lines if since <= line.day <= books.today})
    assert row["fallback"] == "no_survey" and row["series"] == []
    assert row["value"] == pytest.approx(100 * cases / orders)


def test_the_largest_customers_of_the_month(ask: Ask, books: Company) -> None:
    rows = [(row["name"], row["revenue"], row["revenue_last_year"]) for row in ask("customers")]
    assert rows == [(name, close(float(now)), close(float(before)))
                    for name, now, before in headline.top_customers(books)]  # fmt: skip


@pytest.mark.parametrize("panel", ["runway", "desk_runway"])
def test_every_item_and_lane(ask: Ask, books: Company, panel: str) -> None:
    rows = {own(row["product_id"]): row for row in ask(panel)}
    items = runway.items(books)
    assert rows.keys() == items.keys()
    for number, item in items.items():
        row = rows[number]
        assert (row["name"], row["category"], row["orders_waiting"]) == (item.name, item.category, item.waiting)
        for column, value in (
            ("weekly_sales", item.weekly_sales), ("stock_value", item.stock_value), ("at_risk", item.at_risk),
            ("over_10_weeks_value", item.over_10_weeks),
        ):  # fmt: skip
            assert row[column] == close(value, at_least=0.03), (number, column)
        for column, days in (("cover_weeks", item.cover), ("cover_weeks_deals", item.cover_deals)):
            assert row[column] == (None if days is None else pytest.approx(days / 7, rel=1e-5, abs=1e-6))
        dates = tuple(day and day.isoformat() for day in (item.run_out, item.receipt))
        assert (row["run_out_date"], row["next_receipt_date"]) == dates, number
    lanes = {row["category"]: row for row in ask("runway_lanes") if row["weekly_sales"] > 0}
    assert list(lanes) == [lane.name for lane in runway.lanes(books)]
    for lane in runway.lanes(books):
        row = lanes[lane.name]
        assert row["items"] == len(lane.items)
        for column in ("weekly_sales", "at_risk", "cover_weeks", "cover_weeks_deals"):
            assert row[column] == close(getattr(lane, column), 1e-5, 0.1), (lane.name, column)


def test_money_at_risk_is_one_figure(ask: Ask, served: Served, books: Company) -> None:
    """The ranked list, the items, the lanes, the overview's figure, the inventory's: what the walk finds."""
    risks = runway.at_risk(books)
    money = sum(item.at_risk for item in risks)
    shown = ask("risk")
    assert [own(row["product_id"]) for row in shown] == [item.number for item in risks][: len(shown)] and risks
    for panel in ("runway", "runway_lanes", "items", "speed_cover"):
        assert sum(row["at_risk"] or 0 for row in ask(panel)) == close(money, at_least=0.5), panel
    assert served.document("risk")["notes"]["total"] == close(money, at_least=0.5)
    for panel in ("desk_kpis", "inventory_kpis"):
        row = next(row for row in ask(panel) if row["metric"] == "at_risk")
        assert (row["value"], row["count"]) == (close(money, at_least=0.5), len(risks))


def test_items_and_the_overviews_stock(ask: Ask, books: Company, category: str) -> None:
    items = runway.items(books)
    for filters, mine in (
        ({}, items),
        ({"category": category}, {k: v for k, v in items.items() if v.category == category}),
    ):
        rows = {own(row["product_id"]): row for row in ask("items", **filters)}
        assert rows.keys() == mine.keys()
        figures = {row["metric"]: row for row in ask("desk_kpis", **filters)}
        on_hand = {number: sum(q for (one, _), q in books.held.items() if one == number) for number in mine}
        for number, row in rows.items():
            assert row["on_hand"] == pytest.approx(float(on_hand[number]))
            assert row["deals_8_weeks"] == close(in_eight_weeks(books, number), 1e-5, 0.05)
        assert figures["stock_value"]["value"] == close(sum(item.stock_value for item in mine.values()))
        assert figures["stock_value"]["reference"] == close(sum(item.stock_value for item in items.values()))
        weekly = sum(item.weekly_sales for item in mine.values())
        covers = sum((item.cover or 0) / 7 * item.weekly_sales for item in mine.values())
        assert figures["cover"]["value"] == close(covers / weekly, 1e-5)
        assert figures["at_risk"]["value"] == close(sum(item.at_risk for item in mine.values()), at_least=0.5)


def in_eight_weeks(books: Company, item: int) -> float:
    return sum(w.quantity * w.chance * books.prices[item] for w in books.wants if w.kind == "deal" and w.item == item)


def test_the_forecast_of_all_sales(ask: Ask, books: Company) -> None:
    span = weeks(books)
    sold = weekly(books.booked_lines, span, "base")
    rows = ask("forecast")
    first = monday(books.today) - timedelta(weeks=12)
    assert [row["week_start"] for row in rows] == [(first + timedelta(weeks=n)).isoformat() for n in range(len(rows))]
    assert [row["actual"] for row in rows[:12]] == pytest.approx(sold[-12:])
    for row in rows[12:]:
        assert row["actual"] is None and 0 <= row["lo80"] <= row["mean"] <= row["hi80"]
    for row in rows:
        index = (year_before(date.fromisoformat(row["week_start"])) - span.first).days // 7
        assert row["last_year"] == (pytest.approx(sold[index]) if index >= 0 else None)


def test_every_item_that_was_wanted_is_forecast(books: Company) -> None:
    said = forecasts(books)
    wanted = {item for item, sold in by_item(books, weeks(books)).items() if any(sold)}
    assert len(wanted) > 30 and wanted <= said.keys()
    assert all(len(weeks_ahead) == AHEAD and min(weeks_ahead) >= 0 for weeks_ahead in said.values())


def test_the_newest_orders_and_wins(ask: Ask, books: Company) -> None:
    """Orders by the instant they were entered, wins by that of their stage. What came at once is in any order."""
    found = [(event.at.replace(tzinfo=None), "order", event.name, event.amount) for event in events.newest(books)
             if event.role == "erp"]  # fmt: skip
    won = dict(books.crm("SELECT opportunity_id, datetime(entered_on, '+8 hours') FROM crm_stage_log"))
    for deal in deals.deals(books):
        if (
            deal.stage == "Closed Won"
            and deal.closed
            and books.today - timedelta(days=60) <= deal.closed <= books.today
        ):
            customer = books.customers.get(("crm", deal.account), "")
            names = dict(books.crm("SELECT account_id, account_name FROM crm_account"))
            name = books.customer_names[own(customer)] if customer.startswith("erp:") else names.get(deal.account)
            found.append((datetime.fromisoformat(won[deal.number]), "won", name, deal.amount))
    rows = ask("feed")
    shown = [(second(row["happened_at"]), row["kind"], row["name"], row["amount"]) for row in rows]
    expected_rows = [(at.replace(microsecond=0), kind, name, None if amount is None else pytest.approx(float(amount)))
                     for at, kind, name, amount in found]  # fmt: skip
    assert len(rows) == min(8, len(found)) and all(row in expected_rows for row in shown)
    oldest = shown[-1][0]
    assert sum(at > oldest for at, *_ in expected_rows) <= len(rows) <= sum(at >= oldest for at, *_ in expected_rows)


def second(text: str) -> datetime:
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return at.astimezone(UTC).astimezone(ZONE).replace(tzinfo=None, microsecond=0)


def test_every_alert(ask: Ask, books: Company) -> None:
    found = {(a.code, a.subject): a for a in alerts.alerts(books)}
    rows = ask("ticker")
    assert {(row["code"], row["subject"]) for row in rows} == found.keys() and len(rows) > 3
    for row in rows:
        alert = found[row["code"], row["subject"]]
        assert row["figure"] == (None if alert.figure is None else close(alert.figure, 1e-5, 0.03)), alert
        assert (row["date1"], row["date2"]) == tuple(day and day.isoformat() for day in (alert.date1, alert.date2))
        assert (row["count"] or 0) == alert.count, alert


def test_the_overviews_deals_close_in_eight_weeks(ask: Ask, books: Company) -> None:
    until = books.today + timedelta(days=56)
    soon = [
        deal for deal in deals.open_deals(books) if not deal.closes or monday(max(deal.closes, books.today)) < until
    ]
    row = next(row for row in ask("desk_kpis") if row["metric"] == "pipeline_8_weeks")
    assert row["count"] == len(soon)
    assert row["reference"] == close(float(total([deal.amount for deal in soon])))
    assert row["value"] == close(sum(float(deal.amount or 0) * float(deals.chance(books, deal)) for deal in soon), 1e-5)
