"""What the outcome board reads: the company now against the months it set as its baseline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from data_access.access import EVERYONE, Scope
from data_access.kpis import ratio, relative
from data_access.reading import read, rows
from data_access.result import Result

if TYPE_CHECKING:
    from data_access.warehouse import Reader

Month = dict[str, Any]
COLUMNS = ("metric", "value", "unit", "baseline", "delta", "months", "baseline_months", "fallback", "series")


@dataclass(frozen=True)
class Span:
    """The full months compared: `now` against `baseline`; how they were chosen: basis is company or earliest, pairing
    same_months (the baseline's months of the latest year that has them all, or the last twelve against twelve) or since
    (all full months after it, whatever the season)."""

    baseline: tuple[Month, ...]
    now: tuple[Month, ...]
    basis: str
    pairing: str


def outcome_board(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """Four outcomes, one row each. notes: basis, pairing, baseline_from/until, now_from/until (first days of months,
    None while unknown), missing_months (of the baseline, not in the data)."""
    import pandas as pd

    result, facts = read(reader, scope, "outcomes/months", "outcomes/facts")
    company = rows(facts)[0]
    wanted = (company["baseline_first_month"], company["baseline_last_month"])
    months = rows(result)
    span = choose(months, wanted if wanted[0] is not None else None)
    frame = pd.DataFrame(outcome_rows(months, span), columns=list(COLUMNS), dtype="object")
    notes = {
        "basis": span.basis,
        "pairing": span.pairing,
        "baseline_from": _first(span.baseline),
        "baseline_until": _last(span.baseline),
        "now_from": _first(span.now),
        "now_until": _last(span.now),
        "missing_months": _count(*wanted) - len(span.baseline) if wanted[0] is not None else 0,
    }
    return replace(result, frame=frame, notes={**result.notes, **notes})


def outcome_months(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """The board's figures month by month, the current month included (is_full false)."""
    return read(reader, scope, "outcomes/months")[0]


def choose(months: Sequence[Month], baseline: tuple[date, date] | None) -> Span:
    """The months to compare. Without a baseline the earliest twelve full months (or the earlier half of fewer)."""
    full = [month for month in months if month["is_full"]]
    if baseline is None:
        before = full[: min(12, len(full) // 2)]
    else:
        before = [month for month in full if baseline[0] <= month["month"] <= baseline[1]]
    basis = "earliest" if baseline is None else "company"
    after = [month for month in full if before and month["month"] > before[-1]["month"]]
    same = after[-12:] if len(before) == 12 <= len(after) else _latest_year_of(before, after)
    if before and same:
        return Span(tuple(before), tuple(same), basis, "same_months")
    return Span(tuple(before), tuple(after), basis, "since")


def _latest_year_of(before: Sequence[Month], after: Sequence[Month]) -> list[Month]:
    """The months of `before`, whole years later, of the latest year that has them all; empty when none has."""
    known = {month["month"]: month for month in after}
    last = after[-1]["month"].year if after and before else 0
    for years in range(last - before[0]["month"].year if before else 0, 0, -1):
        wanted = [month["month"].replace(year=month["month"].year + years) for month in before]
        if all(day in known for day in wanted):
            return [known[day] for day in wanted]
    return []


def outcome_rows(months: Sequence[Month], span: Span) -> list[dict[str, Any]]:
    """Rows of `COLUMNS`; series is the metric of every full month, None where a month does not know it."""
    measures: list[tuple[str, str, Callable[[Sequence[Month]], float | None]]] = [
        ("sales_growth", "money", _monthly_sales),
        ("operating_cost_ratio", "ratio", _cost_ratio),
        ("on_time", "ratio", lambda found: ratio(_sum(found, "lines_on_time"), _sum(found, "lines_due"))),
        ("csat", "score", lambda found: ratio(_sum(found, "score"), _sum(found, "replies"))),
    ]
    fallback = None
    if not _sum(months, "replies"):
        measures[3] = ("tickets_per_100", "count", _tickets)
        fallback = "no_survey"
    made = []
    for metric, unit, measure in measures:
        value, before = measure(span.now), measure(span.baseline)
        delta = None if value is None or before is None else value - before
        row = {
            "metric": metric,
            "value": value,
            "unit": unit,
            "baseline": before,
            "delta": relative(value, before) if unit == "money" else delta,
            "months": len(span.now),
            "baseline_months": len(span.baseline),
            "fallback": fallback if metric == "tickets_per_100" else None,
            "series": [measure([month]) for month in months if month["is_full"]],
        }
        made.append(row)
    return made


def _monthly_sales(months: Sequence[Month]) -> float | None:
    return float(_sum(months, "revenue_base")) / len(months) if months else None


def _cost_ratio(months: Sequence[Month]) -> float | None:
    """Over the months whose operating cost the books know."""
    known = [month for month in months if month["operating_base"] is not None]
    return ratio(float(_sum(known, "operating_base")), float(_sum(known, "revenue_base"))) if known else None


def _tickets(months: Sequence[Month]) -> float | None:
    share = ratio(_sum(months, "tickets"), _sum(months, "orders"))
    return None if share is None else share * 100


def _sum(months: Sequence[Month], column: str) -> Any:
    return sum(month[column] for month in months)


def _first(months: Sequence[Month]) -> date | None:
    return months[0]["month"] if months else None


def _last(months: Sequence[Month]) -> date | None:
    return months[-1]["month"] if months else None


def _count(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month + 1
