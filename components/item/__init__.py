"""One item: what it is, what sold, the balance ahead, where it lies, who waits, what comes, every move."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.charts import ahead, sold
from components.desk.identity import Stat, strip
from components.desk.kpis import money as money_parts
from components.desk.kpis import percent as percent_parts
from components.desk.panel import figure, message, panel
from components.item import forecast, rules, tables
from components.marks import glyph
from components.promise import quantity
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Results = Mapping[str, "Result"]
Row = Mapping[str, Any]


def identity(spec: Panel, view: View, results: Results, *, links: Sequence[Any] = ()) -> Any:
    """The strip: SKU and name, how it is supplied, and its figures."""
    result = results["item"]
    one = records(result)[0]
    marks: list[Any] = [html.Span([glyph("erp"), one["category"]])]
    if one["deals_waiting"]:
        marks.append(html.Span([glyph("crm"), view.t("item.deals", n=int(one["deals_waiting"]))], className="quiet-2"))
    if one["supply"] in ("make", "buy"):
        key = f"item.supply.{one['supply']}" + ("" if one["lead_time_days"] is None else "_days")
        marks.append(html.Span(view.t(key, n=int(one["lead_time_days"] or 0)), className="tag"))
    if one["supply"] == "none":
        marks.append(html.Span(view.t("item.supply.none"), className="tag"))
    if one["is_active"] is False:
        marks.append(html.Span(view.t("item.inactive"), className="tag"))
    if one["receipts_overdue"]:
        words = view.t("item.overdue", n=int(one["receipts_overdue"]))
        marks.append(html.Span(words, className="tag warn"))
    marks += links
    return strip(spec, view, result, title=one["sku"] or one["name"], more=one["name"] if one["sku"] else "",
                 marks=marks, stats=_stats(one, view))  # fmt: skip


def _stats(one: Row, view: View) -> list[Stat]:
    held = number(one["on_hand"])
    where = view.t("item.on_hand_in", n=int(one["warehouses"] or 0)) if one["warehouses"] else view.t("item.on_hand")
    weeks, out = one["cover_weeks"], one["run_out_date"]
    at_risk = number(one["at_risk"])
    cover = ("", fmt.MISSING, "") if weeks is None else ("", fmt.number(weeks, 1), " " + view.t("unit.wk"))
    sells = fmt.MISSING if one["weekly_quantity"] is None else fmt.number(one["weekly_quantity"])
    value = "".join(money_parts(one["weekly_sales"], view)) if one["weekly_sales"] is not None else ""
    return [
        Stat("on_hand", where, ("", quantity(held), ""), one["uom"] or "", "crit" if held < 0 else "ok"),
        Stat("cover", view.t("item.cover"), cover, view.t("item.to", day=fmt.short_date(out, view.lang)) if out else "",
             "crit" if at_risk > 0 else "ok"),
        Stat("at_risk", view.t("item.at_risk"), money_parts(one["at_risk"], view) if at_risk else ("", "0", ""),
             status="crit" if at_risk > 0 else "ok"),
        Stat("weekly", view.t("item.sells"), ("", sells, ""), value),
        Stat("deals", view.t("item.deals_weighted"), money_parts(one["deals_weighted"], view), status="crm"),
        Stat("gross_margin", view.t("item.margin"), percent_parts(one["gross_margin"])),
    ]  # fmt: skip


def sold_weeks(spec: Panel, view: View, results: Results) -> Any:
    """52 weeks of what customers asked for, what is expected, and how far off that has been."""
    result = results["sold"]
    weeks = records(result)
    if not any(number(one["quantity"]) for one in weeks):
        body = message(view, view.t("item.sold.none"), view.t("item.sold.none_more"))
        return panel(spec, view, result, body, area="at-sold")
    title = _sold_finding(weeks, view)
    outlook = records(results["outlook"])
    drawn = [figure(spec.name, sold.figure(weeks, outlook, view), title), forecast.honest(outlook, view)]
    return panel(spec, view, result, drawn, title=title, sub=view.t("item.sold.note"), area="at-sold")


def _sold_finding(weeks: Sequence[Row], view: View) -> str:
    full = [number(one["quantity"]) for one in weeks if not one["is_current"]]
    now, before = sum(full[-13:]) / 13, sum(full[-26:-13]) / 13
    change = now / before - 1 if before > 0 else 0.0
    way = "rising" if change > 0.1 else "falling" if change < -0.1 else "steady"
    text = view.t(f"item.sold.{way}", n=fmt.number(now), change=fmt.percent(abs(change), 0))
    outs = len(sold.spells(weeks))
    return text + (view.t("item.sold.outs", n=outs) if outs else "")


def the_balance(spec: Panel, view: View, results: Results) -> Any:
    """What is on hand day by day ahead."""
    result = results["balance"]
    rows, weeks, one = (records(results[name]) for name in ("balance", "expected", "item"))
    if not one:
        return panel(spec, view, result, message(view, view.t("item.unknown")), area="at-ahead")
    lead = None if one[0]["lead_time_days"] is None else int(one[0]["lead_time_days"])
    chart = ahead.figure(rows, weeks, view, safety=number(one[0]["safety_stock"]), lead_days=lead)
    last = ahead.last_day(rows, view.today, lead)
    title = _ahead_finding(rows, weeks, last, view)
    seen = lead is not None and lead <= (last - view.today).days
    sub = view.t("item.ahead.note") + (view.t("item.ahead.note_new", n=lead) if seen else "")
    return panel(
        spec,
        view,
        result,
        [figure(spec.name, chart, title), rules.planned_with(records(results["rules"]), view)],
        title=title,
        sub=sub,
        area="at-ahead",
    )


def _ahead_finding(rows: Sequence[Row], weeks: Sequence[Row], last: date, view: View) -> str:
    if any(number(row["balance"]) < 0 for row in rows):
        day = next(row["day"] for row in rows if number(row["balance"]) < 0)
        return view.t("item.ahead.short", day=fmt.short_date(day, view.lang))
    hope = ahead.if_expected(rows, weeks, view.today, last)
    out = ahead.run_out(hope)
    if out is None:
        return view.t("item.ahead.lasts")
    after = [row["day"] for row in rows if number(row["comes"]) and row["day"] > out]
    if after:
        return view.t("item.ahead.gap", day=fmt.short_date(out, view.lang), n=(after[0] - out).days)
    return view.t("item.ahead.no_receipt", day=fmt.short_date(out, view.lang))


PANELS: Mapping[str, Callable[..., Any]] = {
    "item": identity,
    "item_sold": sold_weeks,
    "item_ahead": the_balance,
    "item_warehouses": tables.warehouses,
    "item_waiting": tables.waiting,
    "item_receipts": tables.receipts,
    "item_moves": tables.moves,
    "item_parts": forecast.parts,
    "item_used_in": forecast.used_in,
}
ROWS: Mapping[str, Callable[..., list[dict[str, Any]]]] = {"item_moves": tables.move_rows}
