"""One order: what it is and how far it is; its lines, deal and events have modules of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk.identity import Stat, strip
from components.desk.kpis import money as money_parts
from components.desk.kpis import percent as percent_parts
from components.desk.panel import panel
from components.marks import glyph
from components.order import deal, track
from components.order import lines as line_tables
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Results = Mapping[str, "Result"]
Row = Mapping[str, Any]


def identity(spec: Panel, view: View, results: Results, *, links: Sequence[Any] = ()) -> Any:
    """The strip: whose order it is and how it stands."""
    result = results["order"]
    one = records(result)[0]
    lines = records(results["lines"])
    marks: list[Any] = [
        html.Span([glyph("erp"), view.t("order.of", day=fmt.full_date(one["order_date"], view.lang, view.today.year))])
    ]
    if one["customer_id"]:
        marks.append(html.A(one["customer"] or fmt.MISSING, href=view.customer(one["customer_id"]), className="lnk"))
    places = one["warehouse_names"] if one["warehouse_count"] == 1 else None
    where = [
        places or (one["warehouse_count"] and view.t("order.warehouses", n=one["warehouse_count"])),
        one["owner"],
        one["region"],
    ]
    marks.append(html.Span(" · ".join(text for text in where if text), className="quiet-2"))
    marks += [html.Span(text, className="tag") for text in _states(one, view)]
    marks += links
    value = money_parts(one["value"], view)
    if one["lines_unconverted"]:
        value = (one["currency"] or "", fmt.number(one["value_in_currency"]), "")
    stats = [
        Stat("value", view.t("order.value"), value, view.t("order.unconverted") if one["lines_unconverted"] else ""),
        Stat("gross_margin", view.t("order.margin"), percent_parts(one["gross_margin"])),
        _on_time(one, view),
        _leaves(lines, view),
    ]  # fmt: skip
    return strip(spec, view, result, title=one["order_no"] or one["order_id"], marks=marks, stats=stats)


def _states(one: Row, view: View) -> list[str]:
    """What sets the order apart: cancelled, only quoted, a return."""
    for name in ("cancelled", "quoted", "returned"):
        if count := one[f"lines_{name}"]:
            return [view.t(f"order.state.{name}" + ("_all" if count == one["lines"] else ""), n=count)]
    return []


def _on_time(one: Row, view: View) -> Stat:
    due, good = int(one["lines_due"] or 0), int(one["lines_on_time"] or 0)
    if not due:
        key = "order.none_due" if one["lines_open"] else "order.none_promised"
        return Stat("on_time", view.t("order.on_time"), ("", fmt.MISSING, ""), view.t(key))
    return Stat("on_time", view.t("order.on_time"), ("", str(good), ""), view.t("order.of_due", n=due),
                "warn" if good < due else "ok")  # fmt: skip


def _leaves(lines: Sequence[Row], view: View) -> Stat:
    """When the last goods leave, or left."""
    waiting = [one for one in lines if one["status"] == "open"]
    if not waiting:
        left = max((one["shipped_date"] for one in lines if one["shipped_date"]), default=None)
        return Stat("last_goods", view.t("order.last_left"), ("", fmt.full_date(left, view.lang, view.today.year), ""))
    label = view.t("order.last_leave")
    if not all(one["likely_date"] for one in waiting):
        return Stat("last_goods", label, ("", view.t("order.not_known"), ""), status="crit")
    day = fmt.short_date(max(one["likely_date"] for one in waiting), view.lang)
    if not all(one["likely_known"] for one in waiting):
        return Stat("last_goods", label, ("", day, ""), view.t("order.if_ordered"), "crit")
    late = any(number(one["likely_days_late"]) > 0 for one in waiting)
    return Stat("last_goods", label, ("", day, ""), status="warn" if late else "ok")


def progress(spec: Panel, view: View, results: Results) -> Any:
    """Quoted to paid."""
    steps, lines = records(results["track"]), records(results["lines"])
    body = track.track(steps, view)
    title = track.finding(steps, lines, view)
    return panel(spec, view, results["track"], body, title=title, note=view.t("order.track.note"), area="at-track")


PANELS: Mapping[str, Callable[..., Any]] = {
    "order": identity,
    "order_track": progress,
    "order_lines": line_tables.lines,
    "order_deal": deal.deal,
    "order_events": deal.events,
    "order_invoices": line_tables.invoices,
}
