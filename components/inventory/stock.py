"""What kind of item it is, how old the stock is, and who could use what is old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk.panel import figure, message, panel
from components.marks import glyph, icon
from components.rows import number, peak, records, some
from components.theme import colour

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Row = Mapping[str, Any]
VALUE, STEADY = "ABC", "XYZ"
AGES = ("0-30", "31-90", "91-180", "181-365", "over_365")
PACES = {"moving": "erp", "slow": "erp-rest", "dead": "neutral"}
TAKERS = 5
SIDES = {"deals": "crm", "service": "crm", "cancel": "erp", "move": "erp", "buyers": "erp", "none": "erp"}


def classes(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """Nine fields, the policy in each; shade is its share of the stock. Items nothing was sold of stand below."""
    result = results["abc_xyz"]
    cells = {(row["abc"], row["xyz"]): row for row in records(result)}
    if not cells:
        return panel(spec, view, result, message(view, view.t("desk.no_rows"), view.t("desk.widen")), area="at-classes")
    stock = sum(number(row["stock_cost"]) for row in cells.values()) or 1.0
    sales = sum(number(row["sales"]) for row in cells.values()) or 1.0
    made: list[Any] = [html.Span()]
    made += [
        html.Span([html.B(steady), " ", view.t(f"classes.steady.{steady}")], className="kind-top") for steady in STEADY
    ]
    for value in VALUE:
        part = sum(number(cells[value, steady]["sales"]) for steady in STEADY if (value, steady) in cells)
        side = view.t("classes.of_sales" if value == "A" else "classes.share", share=fmt.percent(part / sales, 0))
        made.append(html.Span([html.B(value), " ", html.Span(side, className="quiet")], className="kind-side"))
        made += [_field(cells.get((value, steady)), value, steady, stock, view) for steady in STEADY]
    silent = cells.get(("N", "N"))
    foot = None
    if silent:
        share = fmt.percent(number(silent["stock_cost"]) / stock, 0)
        foot = html.Div(view.t("classes.silent", n=int(silent["items"]), share=share), className="panel-foot quiet")
    items = sum(int(row["items"]) for row in cells.values())
    body: list[Any] = [html.Div(made, className="kinds"), foot]
    note = view.t("classes.note", n=fmt.number(items))
    return panel(spec, view, result, body, note=html.Span(note, title=view.t("classes.limits")), area="at-classes")


def _field(row: Row | None, value: str, steady: str, stock: float, view: View) -> html.Div:
    items = int(row["items"]) if row else 0
    part = number(row["stock_cost"]) / stock if row else 0.0
    loud = (value, steady) == ("C", "Z") and items > 0
    level = 0 if not items else min(4, 1 + int(part * 12))
    rule: list[Any] = [icon("warn") if loud else None, view.t(f"classes.rule.{value}{steady}")]
    share = html.Span(fmt.percent(part, 0), className="quiet")
    text = [html.Div([html.B(view.t("classes.items", n=items)), " ", share]), html.Div(rule, className="kind-rule")]
    return html.Div(text, className=f"kind k{level}" + (" loud" if loud else ""))


def ages(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """Five bars at cost; in each how fast its items leave."""
    result = results["stock_age"]
    rows = [row for row in records(result) if row["age"] in AGES]
    total = sum(number(row["stock_cost"]) for row in rows)
    if total <= 0:
        calm = message(view, view.t("age.empty"), view.t("desk.widen"))
        return panel(spec, view, result, calm, area="at-age")
    old = sum(number(row["stock_cost"]) for row in rows if row["age_no"] >= 4)
    title = view.t("age.finding" if old / total >= 0.005 else "age.finding_none", share=fmt.percent(old / total, 0))
    note = [
        piece
        for pace in PACES
        for piece in (html.Span(className=f"key {pace}"), html.Span(view.t(f"age.pace.{pace}"), className="key-text"))
    ]
    spoken = view.t("age.aria", share=fmt.percent(old / total, 0))
    chart = figure(spec.name, age_figure(rows, view), spoken)
    below = [row for row in records(result) if row["age"] == "below_zero"]
    body: list[Any] = [chart, html.Div(view.t("age.below_zero"), className="panel-foot quiet") if below else None]
    keys = html.Span(note, className="keys")
    return panel(spec, view, result, body, title=title, note=view.t("age.note"), sub=keys, area="at-age")


def age_figure(rows: Sequence[Row], view: View) -> dict[str, Any]:
    """The bars as a plain dict, amounts in one unit."""
    by = {(row["age"], row["pace"]): number(row["stock_cost"]) for row in rows}
    totals = [sum(by.get((age, pace), 0.0) for pace in PACES) for age in AGES]
    unit = fmt.unit_for(totals, view.lang)
    xs = list(range(len(AGES)))
    data = []
    for pace, ink in PACES.items():
        ys = [by.get((age, pace), 0.0) / unit.divisor for age in AGES]
        told = [fmt.money(by.get((age, pace), 0.0), view.company.currency, unit) for age in AGES]
        data.append({
            "type": "bar", "x": xs, "y": ys, "width": 0.72, "marker": {"color": colour(ink, "light")},
            "hovertemplate": [f"{view.t(f'age.pace.{pace}')}: {text}<extra></extra>" for text in told], "name": "",
        })  # fmt: skip
    words = [
        {"text": f"<b>{fmt.money(total, view.company.currency, unit, 1)}</b>", "x": x, "y": total / unit.divisor,
         "yshift": 1, "xanchor": "center", "yanchor": "bottom",
         "font": {"size": 12.5, "color": colour("text", "light")}}
        for x, total in zip(xs, totals, strict=True)
    ]  # fmt: skip
    return {
        "data": data,
        "layout": {
            "margin": {"l": 0, "r": 0, "t": 22, "b": 22}, "barmode": "stack", "annotations": words,
            "xaxis": {"tickvals": xs, "ticktext": [view.t(f"age.is.{age}") for age in AGES], "showgrid": False,
                      "range": [-0.5, len(AGES) - 0.5]},
            "yaxis": {"visible": False, "range": [0, max(totals) / unit.divisor * 1.02]},
        },
    }  # fmt: skip


def takers(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """Items with old stock, the most money first, and who or what could take it."""
    result = results["old_stock"]
    frame = result.frame
    if frame.empty:
        return panel(
            spec, view, result, message(view, view.t("takers.empty"), view.t("takers.empty_more")), area="at-takers"
        )
    unit = fmt.unit_for([peak(frame["old_value"])], view.lang)
    currency = view.company.currency
    lines = [
        html.Div(
            [html.B(html.A(row["sku"] or row["name"], href=view.item(row["product_id"]), title=row["name"])),
             html.B(fmt.money(row["old_value"], currency, unit), className="num"),
             html.Span([glyph(SIDES[row["taker"]]) if row["taker"] != "none" else None,
                        html.Span(taker(row, view), className="n")], className="why")],
            className="taker",
        )
        for row in some(result, TAKERS)
    ]  # fmt: skip
    value = frame["old_value"].astype("float64")
    whole, taken = value.sum(), value[frame["taker"] != "none"].sum()
    words = view.t("takers.foot", part=fmt.money(taken, currency, unit), whole=fmt.money(whole, currency, unit))
    more = html.A(view.t("takers.all", n=len(frame)), href=view.link("/table/old_stock"), className="lnk")
    body = [html.Div(lines, className="takers"), html.Div([html.Span(words), more], className="panel-foot")]
    return panel(spec, view, result, body, note=view.t("takers.note"), area="at-takers")


def taker(row: Row, view: View) -> str:
    """Who or what could use an item's old stock, in a few words."""
    kind = row["taker"]
    if kind == "deals":
        customer = fmt.trade_name(str(row["customer"] or ""))
        return view.t("takers.deals" if customer else "takers.deals_bare", n=int(row["deals"]), customer=customer)
    if kind == "cancel":
        weeks = fmt.number(row["cover_weeks"]) if row["cover_weeks"] is not None else fmt.MISSING
        return view.t("takers.cancel", order=row["document_no"], weeks=weeks)
    if kind == "move":
        return view.t("takers.move", place=row["to_warehouse"])
    if kind in ("service", "buyers"):
        return view.t(f"takers.{kind}", n=int(row["asking"] if kind == "service" else row["buyers"]))
    return view.t("takers.none")
