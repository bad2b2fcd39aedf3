"""The customer reads on companies made row by row: nothing yet, one order, returns only, nobody's lines, row rights."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from data_access.access import Scope
from data_access.errors import Forbidden
from data_access.panels import PANELS, check_filters, read_all
from data_access.reading import rows
from data_access.warehouse import Reader
from tests.modelbench import Bench
from tests.published import publish
from tests.somecompany import some_company

TODAY = date(2026, 11, 23)
YEAR = "2025-11-24..2026-11-23"
MINE = [panel for panel in PANELS.values() if panel.page in ("customers", "customer")]


def reader_of(bench: Bench, folder: Path) -> Reader:
    folder.mkdir(parents=True, exist_ok=True)
    bench.save(folder / "wh-1.duckdb")
    publish(folder, 1, [])
    reader = Reader(folder)
    reader.refresh()
    return reader


def read(reader: Reader, name: str, scope: Scope | None = None, **given: str) -> list[dict[str, Any]]:
    panel = PANELS[name]
    given = {"customer": "erp:1", "period": YEAR, **given}
    wanted = {key: value for key, value in given.items() if key in panel.filters}
    scopes = (scope,) if scope else ()
    return rows(read_all(panel, reader.pinned(), *scopes, filters=check_filters(panel, wanted))[panel.reads[0]])


def line(key: int, days_ago: int, **more: Any) -> dict[str, Any]:
    """An order of one line by the first customer."""
    known = {"order_id": f"o{key}", "order_no": f"SO{key}", "line_id": str(key), "customer_id": "1", "product_id": "p"}
    given = {"order_date": TODAY - timedelta(days=days_ago), "quantity": 2, "currency": "EUR", "amount": "100"}
    return known | given | {"status": "done"} | more


def company(*lines: dict[str, Any]) -> Bench:
    bench = Bench(TODAY)
    bench.rows("customer", [{"customer_id": "1", "name": "One GmbH"}, {"customer_id": "2", "name": "Two"}])
    bench.rows("product", [{"product_id": "p", "name": "Pump", "category": "Pumps", "sku": "P-1"}])
    return (bench.rows("sales_order_line", list(lines)) if lines else bench).build()


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """A company without a row."""
    return reader_of(Bench(TODAY).build(), tmp_path_factory.mktemp("nothing"))


@pytest.mark.parametrize("panel", MINE, ids=lambda panel: panel.name)
def test_an_empty_company_has_no_rows_and_no_errors(nothing: Reader, panel: Any) -> None:
    found = read(nothing, panel.name)
    assert len(found) == {"customer_segments": 9, "customer_orders": 104}.get(panel.name, 0)


@pytest.fixture(scope="module")
def one_order(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return reader_of(company(line(1, 5)), tmp_path_factory.mktemp("one"))


@pytest.mark.parametrize("panel", MINE, ids=lambda panel: panel.name)
def test_row_rights_fail_closed(one_order: Reader, panel: Any) -> None:
    with pytest.raises(Forbidden):
        read(one_order, panel.name, Scope(frozenset({"somebody"})))


def test_one_order_is_a_new_customer_without_a_rhythm(tmp_path: Path) -> None:
    reader = reader_of(company(line(1, 5)), tmp_path)
    one, two = sorted(read(reader, "customer_list"), key=lambda row: row["customer_id"])
    assert (one["rfm"], one["orders"], one["rhythm_days"], one["due_date"], one["risk"]) == ("new", 1, None, None, 0)
    assert (two["rfm"], two["orders"], two["last_order_date"], two["in_crm"]) == ("no_orders", 0, None, False)
    assert one["revenue_before"] is None and one["booked"] == 100
    (basket,) = read(reader, "customer_basket")
    assert (basket["orders"], basket["share"], basket["quantity"]) == (1, 1.0, 2)


def test_returns_are_no_orders_and_reduce_what_was_booked(tmp_path: Path) -> None:
    lines = [line(1, 40), line(2, 10, quantity=-1, amount="-30"), line(3, 4, customer_id="2", quantity=-1, amount="-5")]
    reader = reader_of(company(*lines), tmp_path)
    one, two = sorted(read(reader, "customer_list"), key=lambda row: row["customer_id"])
    assert (one["orders"], one["last_order_date"], one["booked"]) == (1, TODAY - timedelta(days=40), 70)
    assert (two["rfm"], two["orders"], two["booked"]) == ("no_orders", 0, -5)


def test_a_rhythm_needs_three_days_and_silence_a_week_more(tmp_path: Path) -> None:
    days = [94, 84, 74, 64, 54]  # every ten days, then nothing
    reader = reader_of(company(*(line(n, ago) for n, ago in enumerate(days))), tmp_path)
    one = next(row for row in read(reader, "customer_list") if row["customer_id"] == "erp:1")
    assert (one["rhythm_days"], one["due_date"]) == (10, TODAY - timedelta(days=44))
    assert one["is_silent"] and [signal["code"] for signal in one["because"]] == ["silent"] and one["risk"] == 1
    assert one["because"][0]["figure"] == 44
    lately = reader_of(company(*(line(n, ago - 37) for n, ago in enumerate(days))), tmp_path / "lately")
    assert not next(row for row in read(lately, "customer_list") if row["customer_id"] == "erp:1")["is_silent"]


def test_what_nobody_known_bought_is_a_row_without_an_id(tmp_path: Path) -> None:
    reader = reader_of(company(line(1, 5), line(2, 6, customer_id="gone", amount="40")), tmp_path)
    found = {row["customer_id"]: row for row in read(reader, "customer_list")}
    assert found[None]["booked"] == 40 and found[None]["rfm"] == "–" and found["erp:1"]["booked"] == 100
    assert None not in {row["customer_id"] for row in read(reader, "customer_list", rfm="new")}
    segments = {row["rfm"]: row for row in read(reader, "customer_segments")}
    assert segments["–"]["customers"] == 0


@pytest.mark.parametrize("seed", [3, 4])
def test_a_random_company_adds_up(tmp_path: Path, seed: int) -> None:
    """Several currencies, one without a rate, loose ends: the list is the company's own total."""
    bench = some_company(seed)
    reader = reader_of(bench, tmp_path)
    found = read(reader, "customer_list", period="2020-01-01..2026-11-23")
    for column, event in (("revenue", "shipped"), ("booked", "booked")):
        whole = bench.one(
            f"SELECT coalesce(sum({column}_base), 0) FROM marts.sale WHERE event = '{event}' AND day <= '{TODAY}'"
        )
        assert sum(row[column] for row in found) == pytest.approx(float(whole), abs=0.01)
    assert sum(row["overdue_base"] for row in found if row["customer_id"]) == pytest.approx(
        float(
            bench.one(
                "SELECT coalesce(sum(overdue_base), 0) FROM marts.customer_receivable WHERE customer_id IS NOT NULL"
            )
        )
    )
    today = "(SELECT day FROM marts.kpi_day WHERE is_today)"
    assert bench.one("SELECT sum(overdue_base) FROM marts.customer_receivable") == bench.one(
        f"SELECT overdue_base FROM marts.receivable_point WHERE day = {today}"
    )
