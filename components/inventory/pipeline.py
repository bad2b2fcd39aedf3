"""What orders and deals want of an item, against all we will have of it in eight weeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk.panel import message, panel
from components.marks import icon, part
from components.rows import number, some

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Row = Mapping[str, Any]
SHOWN = 7
END = 1.55  # times what we will have: where a bar ends
NAMED = 2  # customers by name, then they are counted
WORDS = {"short": "crit", "short_if_all": "warn"}


def pipeline(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """One row per item, the shortest first; need in per cent of what we will have, so that all share one scale."""
    result = results["pipeline_stock"]
    if result.frame.empty:
        body = message(view, view.t("pipeline.empty"), view.t("pipeline.empty_more"))
        return panel(spec, view, result, body, area="at-pipeline")
    rows, customers = some(result, SHOWN), results["pipeline_customers"]
    unit = fmt.unit_for([row["needed_value"] for row in rows], view.lang)
    waiting: dict[str, list[Row]] = {}
    shown = {row["product_id"] for row in rows}
    for row in some(customers, customers.frame["product_id"].isin(shown)) if len(customers.frame) else []:
        waiting.setdefault(row["product_id"], []).append(row)
    head = html.Div(
        [html.Span(view.t("pipeline.needed")), html.Span(), html.B(view.t("pipeline.have"), className="at-have"),
         html.Span(view.t("pipeline.from"), className="num"), html.Span(view.t("pipeline.who")),
         html.Span(view.t("pipeline.by"), className="num")],
        className="need-row need-head",
    )  # fmt: skip
    lines = [_line(row, waiting.get(row["product_id"], []), unit, view) for row in rows]
    note = html.Span([
        html.Span(view.t("pipeline.ordered"), className="erp-ink"), " · ",
        html.Span(view.t("pipeline.weighted"), className="crm-ink"), " · ",
        html.Span(view.t("pipeline.rest"), className="crm-ink"), " · ", view.t("pipeline.red"),
    ])  # fmt: skip
    return panel(
        spec, view, result, [html.Div([head, *lines], className="needs"), _foot(result, view)],
        title=finding(result, view), note=note, area="at-pipeline",
    )  # fmt: skip


def finding(result: Result, view: View) -> str:
    """What cannot be served, in a sentence."""
    state = result.frame["state"]
    surely, perhaps = int((state == "short").sum()), int((state == "short_if_all").sum())
    if surely == 1:
        key = "pipeline.finding.one_more" if perhaps else "pipeline.finding.one"
        (only,) = some(result, state == "short")
        return view.t(key, name=only["sku"] or only["name"], m=perhaps)
    if surely:
        return view.t("pipeline.finding.many_more" if perhaps else "pipeline.finding.many", n=surely, m=perhaps)
    return view.t("pipeline.finding.perhaps" if perhaps else "pipeline.finding.fits", n=perhaps)


def _foot(result: Result, view: View) -> html.Div:
    more = html.A(view.t("pipeline.all", n=len(result.frame)), href=view.link("/table/pipeline_stock"), className="lnk")
    who = html.A(view.t("pipeline.all_customers"), href=view.link("/table/pipeline_customers"), className="lnk")
    by_mix = int(number(result.notes.get("deals_by_usual_mix")))
    mixed = html.Span(view.t("pipeline.mix", n=by_mix), className="quiet") if by_mix else None
    return html.Div([more, who, mixed], className="panel-foot")


def _line(row: Row, waiting: Sequence[Row], unit: fmt.Unit, view: View) -> html.Div:
    currency, ink = view.company.currency, WORDS.get(row["state"], "")
    name = html.A(row["sku"] or row["name"], href=view.item(row["product_id"]))
    short = number(row["short_value"])
    day = row["short_from"] or row["late_from"]
    when: Any = fmt.MISSING
    if day is not None:
        mark = icon(ink) if ink else None
        when = [mark, fmt.short_date(day, view.lang)]
    parts = [
        html.Div([html.B(name), html.Span(row["name"] or "", className="quiet")], className="need-item"),
        html.Span(fmt.money(row["needed_value"], currency, unit), className="num"),
        html.Div(_bar(row), className="need-bar"),
        html.Span(when, className=f"num strong {ink}"),
        _who(row, waiting, view),
        html.Span(fmt.money(short, currency, unit) if short else fmt.MISSING, className=f"num strong {ink}"),
    ]
    return html.Div(parts, className=f"need-row is-{row['state'].replace('_', '-')}")


def _bar(row: Row) -> list[Any]:
    """■ ordered, ◆ weighted, ◇ the rest, end to end; what goes beyond all we have is hatched red below."""
    have = number(row["have"])
    full = have if have > 0 else max(number(row["ordered"]) + number(row["weighted"]) + number(row["rest"]), 1.0)
    scale, at, made = 100 / END / full, 0.0, []
    for kind in ("ordered", "weighted", "rest"):
        wide = number(row[kind]) * scale
        if wide > 0 and at < 100:
            made.append(part(f"need {kind}", at, min(wide, 100 - at)))
        at += wide
    limit = 100 / END if have > 0 else 0.0
    made.append(part("have", limit))
    if at > limit + 0.01:
        made.append(part("over", limit, min(at, 100.0) - limit))
    if at > 100:
        made.append(html.Span(className="beyond"))
    return made


def _who(row: Row, waiting: Sequence[Row], view: View) -> html.Span:
    """The customers who would go without, by name; what else is to be said of the item."""
    if not waiting:
        return html.Span(view.t(f"pipeline.is.{row['state']}"), className="quiet")
    known = [one for one in waiting if one["customer"]][:NAMED]
    names: list[Any] = []
    for one in known:
        names += [
            ", " if names else "",
            html.A(fmt.trade_name(one["customer"]), href=view.customer(one["customer_id"])),
        ]
    rest = len(waiting) - len(known)
    if rest:
        names.append(f" +{rest}" if names else view.t("pipeline.unnamed", n=rest))
    return html.Span(names, className="need-who")
