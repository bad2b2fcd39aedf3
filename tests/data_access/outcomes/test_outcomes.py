"""Which months the outcome board compares, and what it says where something is missing."""

from datetime import date
from typing import Any

import pytest

from data_access import outcomes, sales
from data_access.panels import PANELS
from data_access.warehouse import Reader
from tests.modelbench import Bench
from tests.published import publish


def month(number: int, **more: Any) -> dict[str, Any]:
    """Month `number` counted from January 2024."""
    day = date(2024 + number // 12, number % 12 + 1, 1)
    given = {
        "month": day, "is_full": True, "revenue_base": 100.0 + number, "operating_base": 20.0, "lines_due": 10,
        "lines_on_time": 8, "replies": 2, "score": 8, "tickets": 3, "orders": 30,
    }  # fmt: skip
    return given | more


def chosen(count: int, baseline: tuple[int, int] | None) -> tuple[list[int], list[int], str]:
    months = [month(k) for k in range(count)] + [month(count, is_full=False)]
    span = outcomes.choose(
        months, None if baseline is None else (month(baseline[0])["month"], month(baseline[1])["month"])
    )
    numbers = {one["month"]: k for k, one in enumerate(months)}
    return [numbers[m["month"]] for m in span.baseline], [numbers[m["month"]] for m in span.now], span.pairing


@pytest.mark.parametrize(
    ("count", "baseline", "before", "now", "pairing"),
    [
        (34, None, range(12), range(22, 34), "same_months"),
        (34, (0, 5), range(6), range(24, 30), "same_months"),
        (29, (0, 5), range(6), range(12, 18), "same_months"),  # June of the third year is not over
        (34, (10, 15), range(10, 16), range(22, 28), "same_months"),
        (34, (0, 11), range(12), range(22, 34), "same_months"),
        (20, (0, 11), range(12), range(12, 20), "since"),
        (9, (0, 5), range(6), range(6, 9), "since"),
        (6, (0, 5), range(6), range(0), "since"),
        (8, None, range(4), range(4, 8), "since"),
        (1, None, range(0), range(0), "since"),
        (0, (0, 5), range(0), range(0), "since"),
    ],
)
def test_months_compared(count: int, baseline: Any, before: range, now: range, pairing: str) -> None:
    assert chosen(count, baseline) == (list(before), list(now), pairing)


def test_ratios_are_of_the_months_that_know_them() -> None:
    months = [month(0), month(1, operating_base=None, revenue_base=900.0), month(2, lines_due=0, lines_on_time=0)]
    span = outcomes.Span(tuple(months[:2]), tuple(months[2:]), "company", "since")
    rows = {row["metric"]: row for row in outcomes.outcome_rows(months, span)}
    assert rows["sales_growth"]["baseline"] == 500.0 and rows["sales_growth"]["delta"] == pytest.approx(102 / 500 - 1)
    assert rows["operating_cost_ratio"]["baseline"] == pytest.approx(0.2)
    assert rows["on_time"]["value"] is None and rows["on_time"]["delta"] is None
    assert rows["csat"]["series"] == [4.0, 4.0, 4.0]


def test_without_any_survey_tickets_stand_in() -> None:
    months = [month(k, replies=0, score=0) for k in range(4)]
    span = outcomes.Span(tuple(months[:2]), tuple(months[2:]), "company", "since")
    last = outcomes.outcome_rows(months, span)[-1]
    assert (last["metric"], last["value"], last["fallback"]) == ("tickets_per_100", 10.0, "no_survey")


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """A company without any rows."""
    folder = tmp_path_factory.mktemp("nothing")
    Bench(date(2026, 11, 23), baseline=(date(2025, 1, 1), date(2025, 6, 1))).build().save(folder / "wh-1.duckdb")
    publish(folder, 1, [])
    reader = Reader(folder)
    reader.refresh()
    return reader


@pytest.mark.parametrize("name", [name for name, panel in PANELS.items() if panel.page in ("sales", "outcomes")])
def test_every_read_works_on_an_empty_company(nothing: Reader, name: str) -> None:
    for read in PANELS[name].reads:
        result = getattr(sales if PANELS[name].page == "sales" else outcomes, read)(nothing)
        assert result.etag and result.version == 1


def test_a_baseline_without_data_is_told(nothing: Reader) -> None:
    notes = outcomes.outcome_board(nothing).notes
    assert (notes["basis"], notes["missing_months"], notes["baseline_from"]) == ("company", 6, None)
