"""The overview's reads on a published version: shapes, sums that agree, comparisons, the first days."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data_access import overview
from data_access.access import Scope
from data_access.errors import Forbidden
from data_access.kpis import COLUMNS
from data_access.result import Result
from data_access.warehouse import Reader
from tests.modelbench import Bench
from tests.published import publish
from tests.somecompany import TODAY, some_company

READS: dict[str, Callable[..., Result]] = {
    name: getattr(overview, name)
    for name in ("today_kpis", "runway", "runway_lanes", "top_customers", "feed", "stockout_risk", "forecast", "alerts")
}
METRICS = ["revenue", "booked", "gross_margin", "on_time", "inventory_value", "pipeline_weighted", "ar_overdue", "csat"]


def reader_of(bench: Bench, folder: Path) -> Reader:
    folder.mkdir(parents=True, exist_ok=True)
    bench.save(folder / "wh-1.duckdb")
    publish(folder, 1, [])
    reader = Reader(folder)
    reader.refresh()
    return reader


@pytest.fixture(scope="module")
def bench() -> Bench:
    return some_company(31)


@pytest.fixture(scope="module")
def reader(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return reader_of(bench, tmp_path_factory.mktemp("wh"))


def kpis(reader: Reader) -> dict[str, dict[str, Any]]:
    frame = overview.today_kpis(reader).frame
    return {row["metric"]: row for row in frame.to_dict("records")}


@pytest.mark.parametrize("name", READS)
def test_every_read_answers_with_its_age_and_origin(reader: Reader, name: str) -> None:
    result = READS[name](reader)
    assert result.notes["today"] == TODAY and "early_estimate" not in result.notes
    assert result.version == 1 and result.sources and result.etag and not result.truncated
    assert name == "stockout_risk" or not result.frame.empty


@pytest.mark.parametrize("name", READS)
def test_every_read_works_on_an_empty_company(tmp_path: Path, name: str) -> None:
    assert len(READS[name](reader_of(Bench().build(), tmp_path)).frame) == (8 if name == "today_kpis" else 0)


@pytest.mark.parametrize("name", READS)
def test_row_rights_fail_closed(reader: Reader, name: str) -> None:
    with pytest.raises(Forbidden):
        READS[name](reader, Scope(frozenset({"owner1"})))


def test_money_at_risk_is_one_sum_everywhere(bench: Bench, reader: Reader) -> None:
    risk = overview.stockout_risk(reader)
    items, lanes = overview.runway(reader).frame, overview.runway_lanes(reader).frame
    total = float(bench.one("SELECT sum(at_risk) FROM marts.item"))
    assert total > 0
    for column in (items["at_risk"], lanes["at_risk"], risk.frame["at_risk"]):
        assert column.sum() == pytest.approx(total, abs=1e-6)
    assert risk.notes["total"] == pytest.approx(total, abs=1e-6) and risk.notes["items"] == len(risk.frame)
    assert {row["product_id"] for row in risk.notes["lowest_cover"]}.isdisjoint(risk.frame["product_id"])
    named = overview.alerts(reader).frame
    assert set(named[named["code"] == "stockout"]["product_id"]) == set(risk.frame["product_id"].head(5))


def test_lanes_are_sums_of_their_items_in_the_same_order(reader: Reader) -> None:
    items, lanes = overview.runway(reader).frame, overview.runway_lanes(reader).frame
    assert list(items["category"].drop_duplicates()) == list(lanes["category"])
    for column in ("weekly_sales", "stock_value", "at_risk", "over_10_weeks_value"):
        sums = items.groupby("category")[column].sum()
        assert dict(zip(lanes["category"], lanes[column], strict=True)) == pytest.approx(dict(sums), abs=1e-6)
    assert lanes["items"].sum() == len(items)


def test_headline_figures_equal_their_definitions(bench: Bench, reader: Reader) -> None:
    found = kpis(reader)
    assert list(found) == METRICS and set(COLUMNS) == set(overview.today_kpis(reader).frame.columns)
    span, lines, counted = (
        f"'{TODAY.replace(day=1)}' AND '{TODAY}'",
        "core.sales_order_line",
        "status IN ('open', 'shipped', 'done')",
    )
    plain = {
        "revenue": f"SELECT sum(revenue_base) FROM core.shipment WHERE effective_date BETWEEN {span}",
        "booked": f"SELECT sum(amount_base) FROM {lines} WHERE {counted} AND order_date BETWEEN {span}",
        "inventory_value": "SELECT sum(value_base) FROM core.stock_on_hand",
        "pipeline_weighted": "SELECT sum(weighted_base) FROM marts.open_deal",
        "ar_overdue": f"SELECT sum(open_base) FROM core.invoice WHERE status = 'open' AND due_date < '{TODAY}'",
        "csat": f"SELECT avg(satisfaction) FROM core.ticket WHERE opened_at >= DATE '{TODAY}' - 29",
    }
    for metric, query in plain.items():
        assert found[metric]["value"] == pytest.approx(float(bench.one(query))), metric
    due = (
        f"{counted} AND product_id IS NOT NULL AND quantity > 0 AND (shipped_date IS NOT NULL OR status = 'open')"
        f" AND promised_date BETWEEN DATE '{TODAY}' - 30 AND DATE '{TODAY}' - 1"
    )
    kept = "status <> 'open' AND shipped_date <= promised_date"
    assert found["on_time"]["value"] == pytest.approx(
        bench.one(f"SELECT avg(({kept})::INTEGER) FROM {lines} WHERE {due}")
    )
    assert found["revenue"]["plan_to_date"] == pytest.approx(50000 * 23 / 30)
    assert found["revenue"]["delta"] == pytest.approx(found["revenue"]["value"] / (50000 * 23 / 30) - 1)
    assert found["pipeline_weighted"]["reference"] == pytest.approx(found["pipeline_weighted"]["value"] / 150000)
    assert found["inventory_value"]["series"][-1] == pytest.approx(found["inventory_value"]["value"])
    assert found["ar_overdue"]["series"][-1] == pytest.approx(found["ar_overdue"]["value"])
    assert {len(row["series"]) for row in found.values()} <= {0, 14}


def test_stock_history_equals_on_hand_of_those_days(bench: Bench) -> None:
    points = bench.read("FROM marts.stock_point ORDER BY point")
    assert len(points) == 14
    for point in points:
        held = f"core.on_hand_at(DATE '{point['day']}') h JOIN core.product p USING (product_id)"
        query = f"SELECT sum(h.quantity * p.unit_cost) FROM {held}"
        assert float(point["value_base"]) == pytest.approx(float(bench.one(query)), abs=0.5)


def test_top_customers_against_the_same_days_of_last_year(bench: Bench, reader: Reader) -> None:
    frame = overview.top_customers(reader).frame
    assert len(frame) == 6 and list(frame["revenue"]) == sorted(frame["revenue"], reverse=True)
    before = bench.one(f"""SELECT sum(revenue_base) FROM core.shipment WHERE customer_id = '{frame["customer_id"][0]}'
                           AND effective_date BETWEEN '2025-11-01' AND '2025-11-23'""")
    assert frame["revenue_last_year"][0] == pytest.approx(float(before or 0))
    total = bench.one(
        "SELECT sum(revenue_base) FROM core.shipment WHERE effective_date BETWEEN '2026-11-01' AND '2026-11-23'"
    )
    assert list(frame["total_revenue"]) == pytest.approx([float(total)] * 6)
    assert frame["share"][0] == pytest.approx(frame["revenue"][0] / float(total))


def test_the_forecast_has_twelve_weeks_back_and_ten_ahead(reader: Reader) -> None:
    result = overview.forecast(reader)
    past = result.frame[result.frame["actual"].notna()]
    assert (len(past), len(result.frame)) == (12, 22)
    assert past["week_start"].iloc[-1] == date(2026, 11, 16) and past["mean"].isna().all()
    assert result.notes["model"] and 0 <= float(str(result.notes["coverage80"])) <= 1
    assert "early_estimate" not in result.notes


def test_the_feed_shows_both_systems_newest_first(bench: Bench, reader: Reader) -> None:
    frame = overview.feed(reader).frame
    assert len(frame) == 8 and list(frame["happened_at"]) == sorted(frame["happened_at"], reverse=True)
    assert bench.one("SELECT count(*) FROM marts.feed WHERE kind = 'won' AND system = 'crm'") > 0


def first_days(days: int) -> Bench:
    today = TODAY
    bench = Bench(today).rows(
        "product", [{"product_id": "p", "name": "Pump", "category": "Pumps", "unit_cost": "5", "list_price": "9"}]
    )
    bench.rows("customer", [{"customer_id": "1", "name": "One"}])
    rows = [
        {
            "order_id": str(k),
            "line_id": str(k),
            "order_date": today - timedelta(days=k),
            "promised_date": today + timedelta(days=3),
            "customer_id": "1",
            "product_id": "p",
            "quantity": 2,
            "currency": "EUR",
            "amount": "20",
            "status": "open",
        }
        for k in range(days)
    ]
    bench.rows("sales_order_line", rows)
    bench.rows(
        "stock_move",
        [
            {
                "move_id": "m",
                "effective_date": today,
                "product_id": "p",
                "to_warehouse_id": "w",
                "quantity": 28,
                "kind": "receipt",
                "status": "done",
            }
        ],
    )
    bench.rows("ticket", [{"ticket_id": "t", "opened_at": today}], "crm")
    return bench.build()


def test_first_days_say_what_is_not_known_yet(tmp_path: Path) -> None:
    reader = reader_of(first_days(3), tmp_path)
    found = kpis(reader)
    assert {name: row["fallback"] for name, row in found.items()} == {
        "revenue": "first_days",
        "booked": "first_days",
        "gross_margin": "first_days",
        "on_time": "no_due",
        "inventory_value": "first_days",
        "pipeline_weighted": "crm_probability",
        "ar_overdue": None,
        "csat": "no_survey",
    }
    assert {row["status"] for row in found.values()} == {"ok"} and {row["days_of_data"] for row in found.values()} == {
        3
    }
    assert all(row["delta"] is None and row["series"] == [] for row in found.values())
    assert found["csat"]["value"] == pytest.approx(100 / 3)
    assert overview.today_kpis(reader).notes["next_due_date"] == TODAY + timedelta(days=3)
    risk = overview.stockout_risk(reader)
    assert risk.frame.empty and risk.notes["early_estimate"] == 3
    lowest = risk.notes["lowest_cover"]
    assert isinstance(lowest, list) and lowest[0]["at_risk"] is None and lowest[0]["cover_weeks"] == pytest.approx(2)
    assert overview.runway(reader).frame["at_risk"].isna().all()
    assert overview.top_customers(reader).frame.empty
    assert overview.forecast(reader).notes["model"] == "early_rate"


def test_after_two_weeks_it_speaks(tmp_path: Path) -> None:
    reader = reader_of(first_days(20), tmp_path)
    assert overview.runway(reader).frame["at_risk"][0] > 0
    assert kpis(reader)["revenue"]["fallback"] == "no_plan"


@pytest.mark.parametrize(("late", "status"), [(1, "warn"), (0, "ok"), (3, "crit")])
def test_delivery_below_target(tmp_path: Path, late: int, status: str) -> None:
    """20 lines due: 19 of 20 is the target, 18 of 20 is 5 points below, 17 of 20 ten."""
    bench = Bench(TODAY).rows("product", [{"product_id": "p", "name": "Pump"}])
    due, wrong = TODAY - timedelta(days=9), {0: 1, 1: 2, 3: 4}[late]
    lines = [
        {
            "order_id": str(k),
            "line_id": str(k),
            "order_date": due,
            "promised_date": due,
            "product_id": "p",
            "quantity": 1,
            "currency": "EUR",
            "amount": "1",
            "status": "open",
        }
        for k in range(20)
    ]
    moves = [
        {
            "move_id": str(k),
            "effective_date": due + timedelta(days=int(k < wrong)),
            "product_id": "p",
            "from_warehouse_id": "w",
            "quantity": 1,
            "kind": "shipment",
            "status": "done",
            "order_line_id": str(k),
        }
        for k in range(20)
    ]
    row = kpis(reader_of(bench.rows("sales_order_line", lines).rows("stock_move", moves).build(), tmp_path))["on_time"]
    assert (row["value"], row["status"]) == (pytest.approx(1 - wrong / 20), status)


def test_unconverted_lines_are_counted_and_told(reader: Reader, bench: Bench) -> None:
    count = bench.one(
        "SELECT count(*) FROM core.sales_order_line WHERE currency = 'CHF' AND status IN ('open', 'shipped', 'done')"
    )
    assert overview.today_kpis(reader).notes["unconverted_lines"] == count > 0
    named = overview.alerts(reader).frame
    assert list(named[named["code"] == "unconverted"]["count"]) == [count]
    assert bench.one("SELECT sum(amount_base) FROM core.sales_order_line WHERE currency = 'CHF'") is None
    assert isinstance(bench.one("SELECT sum(amount_base) FROM core.sales_order_line"), Decimal)
