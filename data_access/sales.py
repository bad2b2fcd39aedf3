"""What the sales page reads: deals by stage, the quarter, order to cash and its exceptions, contracts to renew.

notes of every result: today (the published business day), early_estimate (days of orders, while under 14).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from data_access.access import EVERYONE, Scope
from data_access.filters import NOTHING, Filters
from data_access.kpis import COLUMNS, ratio, relative
from data_access.reading import read, rows
from data_access.result import Result

if TYPE_CHECKING:
    from data_access.warehouse import Reader

SKIPPED = ("order_without_deal", "unnamed_deal", "skipped_quotation")
STUCK = ("won_without_order", "delivery_late", "delivered_not_invoiced", "payment_late")
CONTRADICTING = ("deal_not_won",)
KINDS = (*STUCK, *CONTRADICTING, *SKIPPED)


def sales_kpis(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """The six headline figures of sales, one row each: columns of `kpis.COLUMNS`. notes: open_deals, open_amount,
    undated_deals, unpriced_deals, overdue_amount, overdue_days, won, won_ordered, won_amount, closed, and plan: the
    quarter's, whatever the filters."""
    import pandas as pd

    names = ("sales/kpis", "sales/quarter", "sales/quarter_facts", "sales/kpi_series")
    result, days, quarter, lines = read(reader, scope, *names, filters=filters)
    facts = rows(result)[0]
    series = {str(name): [float(x) for x in points] for name, points in lines.frame.itertuples(index=False)}
    frame = pd.DataFrame(_kpi_rows(facts, rows(days)[-1], series), columns=list(COLUMNS), dtype="object")
    told = (
        "open_deals", "open_amount", "undated_deals", "unpriced_deals", "overdue_amount", "overdue_days", "won",
        "won_ordered", "won_amount", "closed",
    )  # fmt: skip
    notes = {**result.notes, **{name: facts[name] for name in told}, "plan": rows(quarter)[0]["plan"]}
    return replace(result, frame=frame, notes=notes)


def _kpi_rows(facts: dict[str, Any], end: dict[str, Any], series: dict[str, list[float]]) -> list[dict[str, Any]]:
    """facts: the row of sales/kpis; end: the quarter's last day."""
    rate, rate_before = ratio(facts["won"], facts["closed"]), ratio(facts["won_before"], facts["closed_before"])
    days, days_before = facts["days_to_win"], facts["days_to_win_before"]
    share, plan = ratio(facts["won_ordered"], facts["won"]), end["plan_to_date"]
    by_crm = None if facts["from_history"] in (True, None) else "crm_probability"
    made: list[dict[str, Any]] = [
        {"metric": "pipeline_weighted", "value": facts["weighted"], "unit": "money", "reference_kind": "before_weights",
         "reference": facts["open_amount"], "fallback": by_crm},
        {"metric": "quarter_likely", "value": end["likely"], "unit": "money",
         "reference_kind": "none" if plan is None else "of_target", "reference": ratio(end["likely"], plan),
         "delta": relative(end["likely"], plan), "plan_period": plan, "fallback": "no_plan" if plan is None else None},
        {"metric": "win_rate", "value": rate, "unit": "ratio",
         "reference_kind": "none" if rate_before is None else "year_before_points", "reference": rate_before,
         "delta": None if rate is None or rate_before is None else rate - rate_before},
        {"metric": "days_to_win", "value": days, "unit": "days",
         "reference_kind": "none" if days_before is None else "year_before", "reference": days_before,
         "delta": None if days is None or days_before is None else days - days_before},
        {"metric": "next_step_overdue", "value": facts["overdue_deals"], "unit": "count", "reference_kind": "amount",
         "reference": facts["overdue_amount"], "status": "warn" if facts["overdue_deals"] else "ok"},
        {"metric": "won_ordered", "value": share, "unit": "ratio", "reference_kind": "without_order",
         "reference": facts["won"] - facts["won_ordered"]},
    ]  # fmt: skip
    blank: dict[str, Any] = dict.fromkeys(COLUMNS)
    return [
        blank | {"reference_kind": "none", "status": "ok", "series": series.get(row["metric"], [])} | row
        for row in made
    ]


def stages(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Open deals by stage in their order; sums are the pipeline's headline figures."""
    return read(reader, scope, "sales/stages", filters=filters)[0]


def quarter(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """The fiscal quarter day by day. notes: first_day, last_day, plan, plan_metric (booked or revenue); the plan is
    the whole company's and left out where a filter narrows."""
    result, facts = read(reader, scope, "sales/quarter", "sales/quarter_facts", filters=filters)
    return replace(result, notes={**result.notes, **rows(facts)[0]})


def order_to_cash(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Six steps in their order. notes: cases, days_to_cash (and days_from_deal, days_from_order), delivery_not_due,
    payment_not_due, and exceptions: kind -> {cases, amount_base, days, as_large}."""
    names = ("sales/funnel", "sales/funnel_facts", "sales/exception_kinds")
    result, facts, kinds = read(reader, scope, *names, filters=filters)
    found = {row.pop("kind"): row for row in rows(kinds)}
    return replace(result, notes={**result.notes, **rows(facts)[0], "exceptions": found})


def order_to_cash_exceptions(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Every case that skipped, is stuck or contradicts, one row a case and kind; `status` picks kinds of `KINDS`."""
    return read(reader, scope, "sales/exceptions", filters=filters)[0]


def _of_kind(kind: str, reader: Reader, scope: Scope, filters: Filters) -> Result:
    return read(reader, scope, "sales/exceptions", filters=filters, status=[kind])[0]


def won_without_order(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Deals won in the period that no order names or resembles, the largest first."""
    return _of_kind("won_without_order", reader, scope, filters)


def order_without_deal(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Orders of the period that began without a deal, the largest first."""
    return _of_kind("order_without_deal", reader, scope, filters)


def delivered_not_invoiced(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Cases of the period with deliveries no invoice covers, the largest first."""
    return _of_kind("delivered_not_invoiced", reader, scope, filters)


def open_deals(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Open deals, overdue next steps first; `status`: overdue, on_track."""
    return read(reader, scope, "sales/deals", filters=filters)[0]


def contracts_due(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Contracts that end within 90 days, the soonest first."""
    return read(reader, scope, "sales/contracts", filters=filters)[0]
