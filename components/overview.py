"""The overview on a desk: key figures, the runway, regions, and every item."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components import runway_lanes
from components.charts import pairs, runway, runway_desk, shortlist
from components.desk import kpis as row
from components.desk.grid import Cell, Column, grid
from components.desk.kpis import Kpi
from components.desk.panel import figure, message, panel
from components.rows import days_of_data, number, peak, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Results = Mapping[str, "Result"]
REGIONS = 7
AXIS_WEEKS = 16  # the cover cell of the table ends here
TARGET = (4, 8)
STATUS = {"out": "crit", "under": "warn"}


def key_figures(spec: Panel, view: View, results: Results) -> Any:
    """The row of six."""
    result = results["desk_kpis"]
    made = [_kpi(one, view) for one in records(result)]
    return panel(spec, view, result, row.cells(made), area="kpis-panel")


def _kpi(one: Mapping[str, Any], view: View) -> Kpi:
    metric, value, delta = one["metric"], one["value"], one["delta"]
    label = view.t(f"desk.kpi.{metric}")
    compare = ""
    if metric == "booked":
        compare = view.t("kpi.compare.last_year", d=fmt.change(delta)) if delta is not None else ""
        return Kpi(metric, label, row.money(value, view), compare=compare, series=one["series"])
    if metric == "gross_margin":
        if delta is not None:
            sign, text = fmt.arrow(delta)
            compare = view.t("kpi.compare.last_year", d=f"{sign} {view.t('unit.point', n=text)}".strip())
        return Kpi(metric, label, row.percent(value), compare=compare, series=one["series"])
    if metric == "stock_value":
        whole = row.money(one["reference"], view)
        if delta is not None and delta < 0.9995:
            compare = view.t("desk.kpi.part_of", share=fmt.percent(delta, 0), money="".join(whole))
        else:
            compare = view.t("desk.kpi.at_net_price")
        return Kpi(metric, label, row.money(value, view), compare=compare, href=view.link("/inventory"))
    if metric == "cover":
        weeks = ("", fmt.number(value, 1) if value is not None else fmt.MISSING, " " + view.t("unit.wk"))
        low, high = TARGET
        return Kpi(metric, label, weeks, compare=view.t("desk.kpi.target", a=low, b=high))
    if metric == "at_risk":
        count, waiting = int(one["count"] or 0), int(one["count2"] or 0)
        compare = view.t("desk.kpi.at_risk_items", n=count) + view.t("desk.kpi.orders_wait", n=waiting)
        return Kpi(metric, label, row.money(value, view), status=one["status"], compare=compare,
                   href=view.link(status="out"))  # fmt: skip
    compare = view.t("desk.kpi.weighted_deals", n=int(one["count"] or 0))
    return Kpi(metric, label, row.money(value, view), role="crm", compare=compare, href=view.link("/sales"))


def the_runway(spec: Panel, view: View, results: Results) -> Any:
    """The hero; a click on a lane narrows the page."""
    items, lanes = results["runway"], results["runway_lanes"]
    days = days_of_data(items)
    placed = runway.place(items, lanes, view.lang, view.company)
    if placed is None:
        body = message(view, view.t("runway.empty"), view.t("runway.empty_more"))
        return panel(spec, view, items, body, area="at-hero")
    spoken = runway.spoken(placed, items, view.lang, view.company.currency)
    chart = figure(spec.name, runway_desk.figure(placed, view, early=days is not None), spoken)
    risky = records(shortlist.at_risk(items))
    both = [chart, runway_lanes.lanes(risky, len(items.frame), placed, view)]
    note, sub = view.t(runway.sub_key(items, days)), _finding(risky, view)
    return panel(spec, view, items, both, note=note, sub=sub, area="at-hero", marks=("category",))


def _finding(risky: Sequence[Mapping[str, Any]], view: View) -> str:
    """Where most of the money at risk lies, in a sentence."""
    chosen = view.filters.values("category")
    rows = [one for one in risky if not chosen or one["category"] in chosen]
    if not rows:
        return view.t("desk.finding.none_at_risk")
    total = sum(number(one["at_risk"]) for one in rows)
    worst = max(rows, key=lambda one: number(one["at_risk"]))
    money = fmt.money(total, view.company.currency, fmt.unit_for([total], view.lang))
    share = fmt.percent(number(worst["at_risk"]) / total, 0)
    out = fmt.short_date(worst["run_out_date"], view.lang)
    return view.t("desk.finding.at_risk", money=money, n=len(rows), name=worst["name"], share=share, day=out)


def regions(spec: Panel, view: View, results: Results) -> Any:
    """The largest regions; the smaller ones are one row."""
    result = results["regions"]
    rows = records(result)
    if not rows:
        return panel(spec, view, result, message(view, view.t("desk.no_rows"), view.t("desk.widen")), area="at-side")
    if {one["region"] for one in rows} == {fmt.MISSING}:
        body = message(view, view.t("regions.unknown_all"), view.t("regions.unknown_more"))
        return panel(spec, view, result, body, area="at-side")
    chosen = view.filters.values("region")
    shown, rest = rows[:REGIONS], rows[REGIONS:]
    made = [
        pairs.Pair(
            _region(one, view), number(one["booked"]), number(one["pipeline_weighted"]),
            view.toggle("region", one["region"]), bool(chosen) and one["region"] not in chosen,
        )
        for one in shown
    ]  # fmt: skip
    if rest:
        booked, weighted = (sum(number(one[name]) for one in rest) for name in ("booked", "pipeline_weighted"))
        made.append(pairs.Pair(view.t("regions.rest", n=len(rest)), booked, weighted))
    first = max(rows, key=lambda one: number(one["booked"]))
    total = sum(number(one["booked"]) for one in rows)
    share = fmt.percent(number(first["booked"]) / total, 0) if total > 0 else fmt.MISSING
    finding = view.t("regions.finding", name=_region(first, view), share=share)
    return panel(spec, view, result, figure(spec.name, pairs.figure(made, view), finding),
                 note=view.t("regions.note"), sub=finding, area="at-side")  # fmt: skip


def _region(row: Mapping[str, Any], view: View) -> str:
    return view.t("regions.unknown") if row["region"] == fmt.MISSING else str(row["region"])


ITEM_COLUMNS = (
    Column("sku", "items.sku", 104, role="erp"),
    Column("name", "items.name", 140, grow=1),
    Column("weekly_sales", "items.weekly_sales", 168, "bar"),
    Column("weekly_quantity", "items.weekly_quantity", 82, "number"),
    Column("stock_value", "items.stock_value", 96, "number"),
    Column("cover_weeks", "items.cover", 170, "cover"),
    Column("cover_weeks_deals", "items.deals_cover", 84, "number", hidden=True),
    Column("cover_status", "items.status", 118, "status"),
    Column("next_receipt_date", "items.next_receipt", 100, "number"),
    Column("orders_waiting", "items.orders", 112, "number"),
    Column("deals_8_weeks", "items.deals", 106, "number", role="crm"),
    Column("at_risk", "items.at_risk", 90, "number", sort="desc"),
    Column("category", "items.category", 120, hidden=True),
    Column("on_hand", "items.on_hand", 90, "number", hidden=True),
)


def items(spec: Panel, view: View, results: Results) -> Any:
    """Every item, as a table that asks for its rows."""
    result = results["items"]
    count = len(result.frame)
    if not count:
        return panel(spec, view, result, message(view, view.t("desk.no_rows"), view.t("desk.widen")), area="at-wide")
    table = grid(spec.name, view, ITEM_COLUMNS, label=view.t(spec.title))
    return panel(spec, view, result, table, note=view.t("items.note", n=fmt.number(count)), area="at-wide")


def item_rows(rows: Sequence[Mapping[str, Any]], view: View, whole: Result) -> list[dict[str, Any]]:
    """The cells of some rows; bars are drawn against the largest of the whole table, money in one unit."""
    frame = whole.frame
    largest = frame["weekly_sales"].max()
    top = float(largest) if largest == largest and largest else 1.0
    unit = fmt.unit_for([top, peak(frame["at_risk"])], view.lang)
    return [_item_row(one, view, unit, top) for one in rows]


def _item_row(one: Mapping[str, Any], view: View, unit: fmt.Unit, top: float) -> dict[str, Any]:
    def money(name: str) -> str:
        value = one[name]
        return fmt.MISSING if not number(value) else fmt.money(value, view.company.currency, unit)

    weeks, deals, status = one["cover_weeks"], one["cover_weeks_deals"], one["cover_status"]
    scale = 100 / AXIS_WEEKS
    cover = Cell(
        fmt.MISSING if weeks is None else fmt.number(weeks, 1),
        bar=None if weeks is None else min(100.0, weeks * scale),
        mark=None if deals is None else min(100.0, deals * scale),
        status="crit" if status == "out" else None,
    )
    words = view.t(f"items.is.{status}", day=fmt.short_date(one["run_out_date"], view.lang))
    cells = {
        "sku": Cell(one["sku"] or fmt.MISSING, href=view.item(one["product_id"])),
        "name": Cell(one["name"] or fmt.MISSING),
        "weekly_sales": Cell(money("weekly_sales"), bar=100 * number(one["weekly_sales"]) / top),
        "weekly_quantity": Cell(fmt.number(one["weekly_quantity"])),
        "stock_value": Cell(money("stock_value")),
        "cover_weeks": cover,
        "cover_weeks_deals": Cell(fmt.MISSING if deals is None else fmt.number(deals, 1)),
        "cover_status": Cell(words, status=STATUS.get(status, "ok")),
        "next_receipt_date": Cell(fmt.short_date(one["next_receipt_date"], view.lang)),
        "orders_waiting": Cell(fmt.number(one["orders_waiting"]) if one["orders_waiting"] else fmt.MISSING),
        "deals_8_weeks": Cell(money("deals_8_weeks"), status="crm"),
        "at_risk": Cell(money("at_risk"), status="crit" if number(one["at_risk"]) > 0 else None),
        "category": Cell(one["category"]),
        "on_hand": Cell(fmt.number(one["on_hand"])),
    }
    return {name: cell.plain() for name, cell in cells.items()}


PANELS: Mapping[str, Callable[..., Any]] = {
    "desk_kpis": key_figures,
    "desk_runway": the_runway,
    "regions": regions,
    "items": items,
}
ROWS: Mapping[str, Callable[..., list[dict[str, Any]]]] = {"items": item_rows}
