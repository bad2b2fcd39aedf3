"""The build step: from order lines to the plan tables."""

from datetime import date, timedelta

import pytest

from tests.modelbench import Bench
from tests.somecompany import TODAY, some_company


def test_weeks_and_columns() -> None:
    bench = some_company(21)
    monday = TODAY - timedelta(days=TODAY.weekday())
    weeks = bench.read(
        "SELECT min(period_start) AS a, max(period_start) AS b, count(DISTINCT period_start) AS n"
        " FROM plan.demand_forecast"
    )
    assert weeks == [{"a": monday, "b": monday + timedelta(weeks=25), "n": 26}]
    names = ["product_id", "period_start", "mean", "lo80", "hi80", "lo95", "hi95", "model"]
    assert [r["column_name"] for r in bench.read("DESCRIBE plan.demand_forecast")] == names
    names = ["product_id", "model", "wape", "rmsse", "bias", "coverage80", "beats_naive"]
    assert [r["column_name"] for r in bench.read("DESCRIBE plan.forecast_accuracy")][:7] == names


def test_the_total_is_booked_value_by_wanted_week() -> None:
    bench = some_company(22)
    plain = bench.read(
        "SELECT CAST(date_trunc('week', coalesce(requested_date, order_date)) AS DATE) AS week,"
        " CAST(sum(amount_base) AS DOUBLE) AS value FROM core.sales_order_line"
        " WHERE status IN ('open', 'shipped', 'done') GROUP BY week"
    )
    values = {row["week"]: row["value"] for row in plain}
    line = bench.read("FROM plan.demand_total ORDER BY period_start")
    past = [row for row in line if row["mean"] is None]
    assert len(past) >= 69 and len(line) - len(past) == 26
    for row in past:
        assert row["actual"] == pytest.approx(values.get(row["period_start"], 0.0) or 0.0)
    ahead = line[len(past)]
    assert ahead["actual"] is None and ahead["lo95"] <= ahead["lo80"] <= ahead["mean"] <= ahead["hi80"] <= ahead["hi95"]
    measured = bench.read("FROM plan.forecast_accuracy WHERE product_id IS NULL")[0]
    assert 0 <= measured["coverage80"] <= 1 and measured["wape"] > 0


def test_regions_warehouses_and_months_add_up_to_the_total() -> None:
    bench = some_company(22)
    whole = bench.read("SELECT period_start AS day, actual, mean FROM plan.demand_total ORDER BY 1")
    for kind in ("region", "warehouse"):
        query = f"""SELECT period_start AS day, sum(actual) AS actual, sum(mean) AS mean FROM plan.demand_part
                    WHERE kind = '{kind}' GROUP BY 1 ORDER BY 1"""
        summed = bench.read(query)
        assert [row["day"] for row in summed] == [row["day"] for row in whole]
        for name in ("actual", "mean"):
            assert [row[name] for row in summed] == pytest.approx([row[name] for row in whole], nan_ok=True, abs=1e-3)
    ahead = sum(row["mean"] or 0 for row in whole)
    assert bench.one("SELECT sum(expected) FROM marts.demand_month") == pytest.approx(ahead)
    asked = bench.one("SELECT sum(asked) FROM marts.demand_month")
    assert asked == pytest.approx(float(bench.one("SELECT sum(amount_base) FROM marts.booked_history")))
    units = bench.one("SELECT sum(expected_quantity) FROM marts.item_month")
    assert units == pytest.approx(bench.one("SELECT sum(mean) FROM plan.demand_forecast"))


def test_made_twice_it_is_the_same() -> None:
    one, other = some_company(23), some_company(23)
    for table in ("demand_forecast", "forecast_accuracy", "demand_total"):
        query = f"SELECT bit_xor(hash(t)) FROM plan.{table} t"
        assert one.one(query) == other.one(query), table


def test_a_first_week_begun_midway_does_not_count() -> None:
    thursday = date(2026, 10, 29)
    bench = Bench(TODAY).rows("product", [{"product_id": "p", "name": "Pump"}])
    orders = [
        {
            "order_id": str(k),
            "line_id": str(k),
            "order_date": thursday + timedelta(days=k),
            "product_id": "p",
            "quantity": 1,
            "currency": "EUR",
            "amount": "1",
            "status": "done",
        }
        for k in range((TODAY - thursday).days)
    ]
    bench.rows("sales_order_line", orders).build()
    assert {row["mean"] for row in bench.read("FROM plan.demand_forecast")} == {7.0}


def test_an_empty_company_has_an_empty_plan() -> None:
    bench = Bench().build()
    for table in ("demand_forecast", "forecast_accuracy", "demand_total"):
        assert bench.one(f"SELECT count(*) FROM plan.{table}") == 0
