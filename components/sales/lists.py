"""The short lists of the sales page: the largest few of each kind, every row a way to its case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk.panel import message, panel
from components.marks import attrs, glyph, icon
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Results = Mapping[str, "Result"]
Row = Mapping[str, Any]
SHOWN = 4
WARN_DAYS, CRIT_DAYS = 7, 30
URGENT = ("won_without_order", "delivered_not_invoiced", "delivery_late", "payment_late", "deal_not_won")


def money(result: Result, view: View, name: str = "amount_base") -> str:
    """What all rows come to."""
    total = number(result.frame[name].fillna(0).sum())
    return fmt.money(total, view.company.currency, fmt.unit_for([total], view.lang))


def age(kind: str, days: int) -> str | None:
    """How urgent a case is after so many days; only kinds that ask for somebody are."""
    if kind not in URGENT:
        return None
    return "crit" if days > CRIT_DAYS else "warn" if days > WARN_DAYS else None


def case(one: Row, view: View) -> str | None:
    """Where a case is told in full: its order, else its customer."""
    if one["order_id"]:
        return view.order(one["order_id"])
    return view.customer(one["customer_id"]) if one["customer_id"] else None


def named(one: Row, view: View) -> str:
    """The customer as people call it."""
    return view.t("sales.exceptions.unknown") if one["customer"] == fmt.MISSING else fmt.trade_name(one["customer"])


def _first(result: Result) -> list[dict[str, Any]]:
    return records(replace(result, frame=result.frame.head(SHOWN)))


def short_list(spec: Panel, view: View, results: Results) -> Any:
    """The largest few of one kind."""
    result = results[spec.name]
    count = len(result.frame)
    if not count:
        body = message(view, view.t("sales.exceptions.none"), view.t("sales.exceptions.none_more"))
        return panel(spec, view, result, body)
    rows = _first(result)
    unit = fmt.unit_for([one["amount_base"] for one in rows], view.lang)
    lines = [_line(one, view, unit) for one in rows]
    large = int(result.frame["as_large"].sum())
    note = view.t("sales.exceptions.note", n=fmt.number(count), money=money(result, view))
    more = [" · ", view.t("sales.exceptions.large", n=fmt.number(large))] if large else []
    every = html.Div([_all(count, view.link(f"/sales/{spec.name}"), view), *more], className="all")
    body = html.Div([html.Ul(lines, className="short"), every], className="short-box")
    return panel(spec, view, result, body, note=note)


def _all(count: int, href: str, view: View) -> Any:
    return html.A(view.t("sales.exceptions.all", n=fmt.number(count)), href=href, className="lnk")


def _line(one: Row, view: View, unit: fmt.Unit) -> html.Li:
    words = f"{named(one, view)}, {one['subject']}" if one["subject"] else named(one, view)
    href, status = case(one, view), age(one["kind"], one["days"])
    days = view.t("sales.exceptions.days", n=one["days"])
    return html.Li(
        [
            html.A(words, href=href, className="name", title=words) if href else html.Span(words, className="name"),
            html.B(fmt.money(one["amount_base"], view.company.currency, unit), className="num"),
            html.Span([icon(status) if status else None, days], className=f"num age {status or ''}".strip()),
        ],
        **attrs(data_case=one["case_id"]),
    )


def contracts(spec: Panel, view: View, results: Results) -> Any:
    """Contracts that end soon, and what speaks for a renewal."""
    result = results["contracts_due"]
    count = len(result.frame)
    if not count:
        return panel(spec, view, result, message(view, view.t("sales.contracts.empty")))
    rows = _first(result)
    unit = fmt.unit_for([one["amount_base"] for one in rows], view.lang)
    lines = [_contract(one, view, unit) for one in rows]
    told = {"n": fmt.number(len(lines)), "all": fmt.number(count), "money": money(result, view)}
    note = view.t("sales.contracts.note" if count > len(lines) else "sales.contracts.note_all", **told)
    every = html.Div(_all(count, view.link("/sales/contracts_due"), view), className="all")
    body = html.Div([html.Ul(lines, className="short contracts"), every], className="short-box")
    return panel(spec, view, result, body, note=note)


def _contract(one: Row, view: View, unit: fmt.Unit) -> html.Li:
    role, words = renewal(one, view)
    name = named(one, view)
    return html.Li(
        [
            icon("warn") if one["warning"] else html.Span(),
            html.A(name, href=view.customer(one["customer_id"]), className="name", title=name)
            if one["customer_id"] else html.Span(name, className="name"),
            html.Span(fmt.short_date(one["end_date"], view.lang), className="num quiet"),
            html.B(fmt.money(one["amount_base"], view.company.currency, unit), className="num"),
            html.Span([glyph(role), html.Span(words)], className="why"),
        ],
        **attrs(data_contract=one["contract_id"]),
    )  # fmt: skip


def renewal(one: Row, view: View) -> tuple[str, str]:
    """What the systems say of a renewal: an open deal, else no deal yet, else how orders went."""
    if one["deal_stage"]:
        return "crm", view.t("sales.contracts.in_stage", stage=view.stage(one["deal_stage"]))
    if one["warning"] == "no_deal":
        return "crm", view.t("sales.contracts.no_deal")
    if one["orders_change"] is None:
        return "erp", view.t("sales.contracts.no_orders")
    return "erp", view.t("sales.contracts.orders", d=fmt.change(one["orders_change"], 0))
