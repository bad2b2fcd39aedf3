"""Order to cash: six blocks, each as high as what reached it, and between them the days and what is not as it should
be; every count leads to its cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk.panel import message, panel
from components.marks import attrs, column, glyph, icon
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

# What is told on the way to a step: kinds of exceptions, those that ask for somebody first.
WAYS: Mapping[str, tuple[str, ...]] = {
    "deal": (),
    "quotation": ("skipped_quotation",),
    "order": ("won_without_order", "deal_not_won", "unnamed_deal", "order_without_deal"),
    "delivery": ("delivery_late",),
    "invoice": ("delivered_not_invoiced",),
    "payment": ("payment_late",),
}
WAITS = {"delivery": "delivery_not_due", "payment": "payment_not_due"}
QUIET = ("unnamed_deal", "order_without_deal", "skipped_quotation")
ROLES = {"deal": "crm", "quotation": "crm"}


def steps(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """The panel."""
    result = results["order_to_cash"]
    notes: Mapping[str, Any] = result.notes
    if not notes["cases"]:
        return panel(
            spec, view, result, message(view, view.t("sales.cash.empty"), view.t("desk.widen")), area="at-wide"
        )
    rows = records(result)
    top = max(number(one["value_base"]) for one in rows) or 1.0
    unit = fmt.unit_for([top], view.lang)
    parts: list[Any] = []
    for one in rows:
        if one["step"] > 1:
            parts.append(_way(one, view, notes))
        parts.append(_block(one, view, unit, top))
    note = view.t("sales.cash.note", n=fmt.number(notes["cases"]))
    body = html.Div(parts, className="cash")
    return panel(spec, view, result, body, title=_finding(notes, view), note=note, area="at-wide")


def many(count: int) -> int | str:
    """A count as people read it; one stays a number, which picks the singular."""
    return count if count == 1 else fmt.number(count)


def _finding(notes: Mapping[str, Any], view: View) -> str | None:
    order, deal = notes["days_from_order"], notes["days_from_deal"]
    if order is None:
        return None
    if deal is None:
        return view.t("sales.cash.finding", n=round(order))
    return view.t("sales.cash.finding_deal", n=round(order), m=round(deal))


def _block(one: Mapping[str, Any], view: View, unit: fmt.Unit, top: float) -> html.Div:
    name, value, with_deal = one["name"], number(one["value_base"]), number(one["value_with_deal"])
    role = ROLES.get(name, "erp")
    money = fmt.money(value, view.company.currency, unit) if value else "0"
    step = view.t(f"sales.cash.step.{name}")
    count, deals = one["cases"], one["cases_with_deal"]
    cases = view.t("sales.cash.cases", n=many(count))
    both: list[Any] = [glyph("crm"), fmt.number(deals)] if deals and deals < count else []
    bars = [
        column(f"cash-rest {role}", 100 * (value - with_deal) / top),
        column(f"cash-deal {role}", 100 * with_deal / top),
    ]
    return html.Div(
        [
            html.Div([html.B(money, className="cash-value"), *bars], className="cash-bar", **attrs(aria_hidden="true")),
            html.B(step, className="cash-step"),
            html.Span([cases, *both], className="cash-cases"),
        ],
        className="cash-block",
        role="img",
        **attrs(data_step=name, aria_label=view.t("sales.cash.row", step=step, n=count, money=money)),
    )


def _way(one: Mapping[str, Any], view: View, notes: Mapping[str, Any]) -> html.Div:
    name, found = one["name"], notes["exceptions"]
    days = one["days_from_step_before"]
    told: list[Any] = []
    for kind in WAYS[name]:
        cases = found[kind]["cases"] if kind in found else 0
        if cases:
            loud = kind not in QUIET
            text = view.t(f"sales.cash.link.{kind}", n=many(cases))
            told.append(html.A([icon("warn") if loud else None, text], href=view.link(f"/sales/{kind}"),
                               className="warn" if loud else "", **attrs(data_kind=kind)))  # fmt: skip
    if name in WAITS and notes[WAITS[name]]:
        told.append(html.Span(view.t("sales.cash.due", n=fmt.number(notes[WAITS[name]]))))
    middle = view.t("sales.cash.days", n=fmt.number(days)) if days is not None else fmt.MISSING
    return html.Div(
        [html.B(middle), html.Span(className="arrow", **attrs(aria_hidden="true")), *told], className="cash-way"
    )
