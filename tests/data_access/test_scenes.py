"""What a wall is told of its scenes."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from data_access.inventory_kpis import CRITICAL_SHARE, is_critical
from data_access.scenes import scene_states
from data_access.snapshot import Snapshot
from data_access.warehouse import Reader
from tests.published import publish


def sources(*statuses: str) -> list[Any]:
    return [SimpleNamespace(status=status) for status in statuses]


def version(folder: Path, at_risk: str, weekly_sales: str) -> Snapshot:
    rows = f"SELECT {at_risk} AS at_risk, {weekly_sales} AS weekly_sales UNION ALL SELECT 0, 0"
    publish(folder, 1, ["CREATE SCHEMA marts", f"CREATE TABLE marts.item AS {rows}"])
    reader = Reader(folder)
    reader.refresh()
    return reader.pinned()


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        (("fresh", "fresh"), "healthy"),
        (("fresh", "late"), "ok"),
        (("fresh", "failing"), "critical"),
        (("stale", "fresh"), "critical"),
        (("never",), "critical"),
        ((), "ok"),
    ],
)
def test_sync_is_news_while_a_source_is_not_well(statuses: tuple[str, ...], state: str) -> None:
    assert scene_states(None, sources(*statuses))["sync"] == state


def test_inventory_is_critical_from_a_twentieth_of_six_weeks_sales(tmp_path: Path) -> None:
    limit = 6 * 1000 * CRITICAL_SHARE
    for name, at_risk, state in (("under", limit - 1, "ok"), ("at", limit, "critical")):
        snapshot = version(tmp_path / name, f"{at_risk}::DECIMAL(18, 4)", "1000::DECIMAL(18, 4)")
        assert scene_states(snapshot, [])["inventory"] == state


def test_production_is_critical_from_as_much_of_orders_that_wait(tmp_path: Path) -> None:
    """Two of four units of a line wait for two short items: half its value, once."""
    limit = 6 * 1000 * CRITICAL_SHARE
    for name, value, state in (("under", 2 * limit - 2, "ok"), ("at", 2 * limit, "critical")):
        made = [
            "CREATE SCHEMA marts",
            "CREATE SCHEMA core",
            "CREATE SCHEMA plan",
            "CREATE TABLE marts.item AS SELECT 0::DECIMAL(18, 4) AS at_risk, 1000::DECIMAL(18, 4) AS weekly_sales",
            f"CREATE TABLE core.sales_order_line AS SELECT 'l' AS line_id, 4 AS quantity, {value} AS amount_base",
            "CREATE TABLE plan.waiting_line AS SELECT 'l' AS line_id, 2.0 AS quantity FROM range(2)",
        ]
        publish(tmp_path / name, 1, made)
        reader = Reader(tmp_path / name)
        reader.refresh()
        found = scene_states(reader.pinned(), [])
        assert (found["production"], found["inventory"]) == (state, "ok")


@pytest.mark.parametrize(("at_risk", "weekly"), [(None, 5.0), (5.0, None), (5.0, 0.0), (None, None)])
def test_what_is_not_known_is_no_exception(at_risk: float | None, weekly: float | None) -> None:
    assert not is_critical(at_risk, weekly)


def test_a_version_without_the_figure_turns_on_all_the_same(tmp_path: Path) -> None:
    publish(tmp_path, 1, ["CREATE SCHEMA core", "CREATE TABLE core.nothing AS SELECT 1 AS x"])
    reader = Reader(tmp_path)
    reader.refresh()
    assert scene_states(reader.pinned(), [])["inventory"] == "ok"
