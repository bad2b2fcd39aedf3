"""The other system's side of an order: the deal it came from, and what was said and done in both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk.panel import message, panel
from components.i18n import has
from components.marks import attrs, glyph, part
from components.promise import quantity
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Results = Mapping[str, "Result"]
Row = Mapping[str, Any]


def deal(spec: Panel, view: View, results: Results, *, link: Any = None) -> Any:
    """The deal against the order."""
    result = results["deal"]
    found = records(result)
    if not found:
        body = message(view, view.t("order.deal.none"), view.t("order.deal.none_more"))
        return panel(spec, view, result, body, area="at-deal")
    one = found[0]
    sold, ordered = number(one["amount"]), number(one["ordered_here"])
    unit, top = fmt.unit_for([sold, ordered], view.lang), max(sold, ordered, 1.0)
    facts = {"day": fmt.short_date(one["closed_date"] or one["expected_close"], view.lang), "n": one["days_to_close"]}
    won = one["stage"] == "won" and one["days_to_close"] is not None
    state = view.t("order.deal.won", **facts) if won else view.stage(one["stage"])
    rows = [
        html.Div([html.B([glyph("crm"), one["name"] or fmt.MISSING]), link], className="deal-name"),
        html.Div(" · ".join(text for text in (state, one["owner"]) if text), className="quiet-2"),
        _bar("crm", view.t("order.deal.deal"), sold, top, unit, view),
        _bar("erp", view.t("order.deal.order"), ordered, top, unit, view),
        html.Div(_difference(one, result.notes.get("lines"), view), className="quiet-2 small"),
    ]
    return panel(spec, view, result, html.Div(rows, className="deal"), area="at-deal")


def _bar(role: str, name: str, value: float, top: float, unit: fmt.Unit, view: View) -> html.Div:
    bar = html.Span(part(role, 0, 100 * value / top), className="size", **attrs(aria_hidden="true"))
    return html.Div(
        [html.Span([glyph(role), name]), bar, html.B(fmt.money(value, view.company.currency, unit))], className="pair"
    )


def _difference(one: Row, differing: Any, view: View) -> str:
    gap = number(one["ordered_here"]) - number(one["amount"])
    if one["orders"] and one["orders"] > 1:
        return view.t("order.deal.orders", n=int(one["orders"]))
    if abs(gap) < 0.005 * max(number(one["amount"]), 1.0):
        return view.t("order.deal.same")
    money = fmt.money(abs(gap), view.company.currency, fmt.unit_for([gap], view.lang))
    text = view.t("order.deal.less" if gap < 0 else "order.deal.more", money=money)
    lines = [line for line in differing or [] if number(line["difference"]) * gap > 0]
    if lines:
        pieces = number(lines[0]["ordered_quantity"]) - number(lines[0]["deal_quantity"])
        key = "order.deal.fewer" if pieces < 0 else "order.deal.added"
        text += view.t(key, n=quantity(abs(pieces)), sku=lines[0]["sku"] or lines[0]["name"])
    return text


def events(spec: Panel, view: View, results: Results) -> Any:
    """What was said and done, the newest first."""
    result = results["events"]
    rows = [_event(one, view) for one in records(result)]
    if not rows:
        return panel(spec, view, result, message(view, view.t("order.events.none")), area="at-events")
    return panel(
        spec,
        view,
        result,
        html.Ol(rows, className="events", tabIndex=0),
        note=view.t("order.events.note"),
        area="at-events",
    )


def _event(one: Row, view: View) -> html.Li:
    key = f"order.event.{one['kind']}"
    key = key if has(view.lang, key) else "order.event.other"
    amount = number(one["amount"])
    words = view.t(
        key, subject=one["subject"] or "", who=one["who"] or "",
        n=1 if one["quantity"] == 1 else quantity(one["quantity"]),
        money=fmt.money(amount, view.company.currency, fmt.unit_for([amount], view.lang)),
    )  # fmt: skip
    day = html.Span(fmt.short_date(one["day"], view.lang), className="quiet-2")
    return html.Li([glyph(one["system"]), day, html.Span(words, title=words)])
