"""The outcome board against plain SQL on the two source databases, without a baseline and with one; the glossary."""

from __future__ import annotations

import calendar
import json
import shutil
import urllib.request
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.desk.conftest import Opened
from tests.served import Served, command
from tests.wall.oracle.books import Books, total

METRICS = ("sales_growth", "operating_cost_ratio", "on_time", "csat")


@pytest.fixture(scope="module")
def books(served: Served) -> Books:
    return Books(served.folder, served.today)


def last_day(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def full_months(books: Books) -> list[date]:
    """From the month of the first order to the last that is over."""
    first = date.fromisoformat(books.erp.execute("SELECT min(odat) FROM so_h").fetchone()[0])
    month, found = first.replace(day=1), []
    while last_day(month) < books.today:
        if (first - month).days <= 3:
            found.append(month)
        month = last_day(month) + timedelta(days=1)
        first = min(first, month)
    return found


def facts(books: Books, months: list[date]) -> dict[str, float | None]:
    """The four outcomes of some months; None where the sources do not tell."""
    shipped = [s.revenue for s in books.shipments if s.day.replace(day=1) in months]
    costs = dict(books.erp.execute("SELECT per, amt_f FROM gl_cost WHERE kind = 'operating'"))
    revenue, cost = float(total(shipped)), sum(costs.get(month.isoformat(), 0) for month in months) / 100
    due = good = 0
    for line in books.booked_lines:
        if line.promised and line.promised.replace(day=1) in months and line.quantity > 0 and line.item:
            last, gone = books.delivered.get(line.number, (None, 0))
            complete = line.status == "C" or gone >= line.quantity
            if complete and last is None:
                continue
            due += 1
            good += complete and last is not None and last <= line.promised
    query = """
        SELECT date(coalesce(closed_on, opened_on), '+8 hours', 'start of month'), satisfaction FROM crm_case
        WHERE coalesce(deleted, 0) = 0 AND satisfaction IS NOT NULL"""
    scores = [score for month, score in books.crm.execute(query) if date.fromisoformat(month) in months]
    return {
        "sales_growth": revenue / len(months),
        "operating_cost_ratio": cost / revenue if costs else None,
        "on_time": good / due if due else None,
        "csat": sum(scores) / len(scores) if scores else None,
    }


def compare(rows: list[dict[str, Any]], books: Books, baseline: list[date], now: list[date]) -> None:
    before, after = facts(books, baseline), facts(books, now)
    shown = {row["metric"]: row for row in rows}
    assert tuple(shown) == METRICS
    for metric in METRICS:
        for name, found in (("baseline", before[metric]), ("value", after[metric])):
            assert shown[metric][name] == (None if found is None else pytest.approx(found, rel=1e-5)), (metric, name)
    growth = (after["sales_growth"] or 0) / (before["sales_growth"] or 1) - 1
    assert shown["sales_growth"]["delta"] == pytest.approx(growth, rel=1e-3)


def test_without_a_baseline_the_earliest_year_stands_in(served: Served, books: Books) -> None:
    document, months = served.document("outcome_board"), full_months(books)
    assert len(months) >= 23
    assert document["notes"]["basis"] == "earliest"
    assert document["notes"]["baseline_from"] == months[0].isoformat()
    compare(document["rows"], books, months[:12], months[-12:])


def test_each_month_is_the_sources(served: Served, books: Books) -> None:
    rows = {row["month"]: row for row in served.rows("outcome_sales")}
    months = full_months(books)
    assert [month for month, row in rows.items() if row["is_full"]] == [month.isoformat() for month in months]
    for month in (months[0], months[7], months[-1]):
        found, row = facts(books, [month]), rows[month.isoformat()]
        assert row["revenue_base"] == pytest.approx(found["sales_growth"], rel=1e-5)
        shares = {"operating_cost_ratio": ("operating_base", "revenue_base"), "on_time": ("lines_on_time", "lines_due"),
                  "csat": ("score", "replies")}  # fmt: skip
        for metric, (part, whole) in shares.items():
            expected = found[metric]
            shown = row[part] / row[whole] if row[part] is not None and row[whole] else None
            assert shown == (None if expected is None else pytest.approx(expected, rel=1e-5)), (metric, month)


def test_a_baseline_stands_against_the_same_months_of_the_latest_year(served: Served, tmp_path: Path) -> None:
    folder = tmp_path / "company"
    shutil.copytree(served.folder, folder, ignore=shutil.ignore_patterns("exports"))
    today = served.today
    first = (today.replace(day=1) - timedelta(days=700)).replace(day=1)
    baseline = [first]
    while len(baseline) < 5:
        baseline.append(last_day(baseline[-1]) + timedelta(days=1))
    config = folder / "tandem.toml"
    span = f'baseline = "{baseline[0]:%Y-%m}..{baseline[-1]:%Y-%m}"'
    config.write_text(config.read_text().replace("[company]", f"[company]\n{span}", 1))
    for arguments in (["sync"], ["export", "outcome_board", "-o", str(tmp_path / "board.json")]):
        command([*arguments, "--config", str(config)])
    document = json.loads((tmp_path / "board.json").read_text())
    books = Books(folder, today)
    over = [m.replace(year=m.year + 1) for m in baseline]
    now = over if last_day(over[-1]) < today else []
    assert now and document["notes"]["basis"] == "company" and document["notes"]["pairing"] == "same_months"
    compare(document["rows"], books, baseline, now)


@pytest.mark.browser
def test_an_address_leads_to_the_metric_and_typing_finds_it(desk: Callable[..., Opened], served: Served) -> None:
    opened = desk("/sales?lang=en")
    page = opened.page
    page.click("#panel-sales_stages .explain > summary")
    page.click("#panel-sales_stages .explain dt a:has-text('Win rate')")
    page.wait_for_selector("article#win_rate.on")
    assert page.evaluate("location.pathname + location.hash") == "/glossary#win_rate"
    box = page.locator("article#win_rate").bounding_box()
    assert box and 0 <= box["y"] < 900
    with urllib.request.urlopen(f"{served.address}/api/v1/metrics", timeout=30) as answer:
        metrics = {one["name"]: one for one in json.load(answer)["metrics"]}
    shown = page.locator(".entries article").evaluate_all("nodes => nodes.map((n) => n.id)")
    assert sorted(shown) == sorted(metrics)
    assert metrics["win_rate"]["definition"] in page.inner_text("article#win_rate")
    page.fill("#glossary-search", "renewal")
    page.wait_for_function("() => document.querySelectorAll('.entries article:not([hidden])').length === 1")
    page.fill("#glossary-search", "no such figure")
    page.wait_for_selector("#glossary-none:not([hidden])")
    assert not opened.problems
