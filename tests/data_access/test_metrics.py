"""Metrics: strict file, SQL that runs, sources that follow from it."""

from pathlib import Path

import pytest

from data_access.errors import ConfigError, QueryError
from data_access.metrics import listed, metric, metrics
from tests.somecompany import some_company


def test_every_metrics_sql_runs_and_names_published_tables() -> None:
    bench = some_company(41).ops()
    for one in metrics().values():
        rows, of_ops = bench.read(one.sql), {table for table in one.tables() if table.startswith("ops.")}
        assert of_ops or rows and "value" in rows[0], one.name
        assert "value" in {row["column_name"] for row in bench.read(f"DESCRIBE {one.sql}")}, one.name
        assert one.tables() and all(table.split(".")[0] in ("core", "marts", "plan", "ops") for table in one.tables())


def test_the_contracts_metrics_are_there() -> None:
    assert set(metrics()) >= {
        "booked",
        "revenue",
        "gross_margin",
        "on_time",
        "inventory_value",
        "cover",
        "expected_demand",
        "at_risk",
        "pipeline_weighted",
        "ar_overdue",
        "csat",
    }
    assert all(one.definition_zh and one.grain_zh for one in metrics().values()), "every definition in Chinese too"
    with pytest.raises(QueryError) as raised:
        metric("profit")
    assert raised.value.hint.startswith("known: booked")


def test_sources_follow_from_the_sql() -> None:
    manifest = {"tables": {"marts.sales_day": {"sources": ["erp"]}, "marts.open_deal": {"sources": ["crm", "erp"]}}}
    found = {str(one["name"]): one["sources"] for one in listed(manifest)}
    assert found["revenue"] == ["erp"] and found["pipeline_weighted"] == ["crm", "erp"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[a]\nsql = "SELECT 1"', "a.definition"),
        ('[a]\ndefinition = ""\nsql = ""\nunit = "euro"\ngrain = ""\nformat = "money"\nbetter = "up"', "a.unit"),
        ('[a]\ncolour = "red"', "a."),
    ],
)
def test_mistakes_name_file_metric_and_key(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "metrics.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=f"metrics.toml: {told}"):
        metrics(file)
