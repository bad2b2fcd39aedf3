"""Where demand comes from and goes out: by month, by region and by warehouse; what large deals add to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components import spark
from components.charts import demand_months as chart
from components.desk.panel import figure, message, panel
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Row = Mapping[str, Any]
BACK = 26  # weeks of each line that have been


def months(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """Twelve months back and five ahead."""
    result = results["months"]
    rows = records(result)
    if not any(row["expected_base"] for row in rows):
        calm = message(view, view.t("production.months.empty"), view.t("forecast.empty_more"))
        return panel(spec, view, result, calm, area="at-months")
    unit = fmt.unit_for([row["asked_base"] for row in rows] + [row["expected_base"] for row in rows], view.lang)
    title, ahead = view.t(spec.title), [row for row in rows if row["expected_base"] and not row["is_current"]][:3]
    if len(ahead) == 3:
        coming, before = (sum(number(row[name]) for row in ahead) for name in ("expected_base", "last_year"))
        money = fmt.money(coming, view.company.currency, unit, 1)
        change = "" if not before else view.t("production.months.change", d=fmt.change(coming / before - 1))
        title = view.t("production.months.finding", money=money) + change
    drawn = figure(spec.name, chart.figure(rows, unit, view), title)
    note = view.t("production.months.note", unit=fmt.symbol(view.company.currency).strip() + unit.suffix)
    return panel(spec, view, result, drawn, title=title, sub=note, area="at-months")


def parts(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """One line a warehouse, then one a region."""
    result = results["parts"]
    rows = records(result)
    if not rows:
        calm = message(view, view.t("production.parts.empty"), view.t("forecast.empty_more"))
        return panel(spec, view, result, calm, area="at-parts")
    unit = fmt.unit_for([row["expected_base"] for row in rows], view.lang)
    names = ("part", "line", "recent", "expected", "range", "change")
    head = html.Tr(
        [
            html.Th(view.t(f"production.parts.{name}"), className="" if name in ("part", "line") else "num")
            for name in names
        ]
    )
    body: list[Any] = []
    for kind in ("warehouse", "region"):
        some = [row for row in rows if row["kind"] == kind]
        if some:
            body.append(html.Tr(html.Th(view.t(f"production.parts.{kind}"), colSpan=len(names)), className="of-kind"))
        body += [_part(row, unit, view) for row in some]
    table = html.Table([html.Thead(head), html.Tbody(body)], className="honesty parts-list")
    box = html.Div(table, className="rows-box", tabIndex=0)
    return panel(spec, view, result, box, note=view.t("production.parts.note"), area="at-parts")


def _part(row: Row, unit: fmt.Unit, view: View) -> html.Tr:
    currency = view.company.currency
    low, high = (fmt.money(number(row[name]), currency, unit, 1) for name in ("lo80", "hi80"))
    series = [number(value) for value in row["series"]]
    return html.Tr(
        [
            html.Th(row["name"], scope="row"),
            html.Td(spark.onward(series, min(BACK, len(series)), "erp", "light") if len(series) > 1 else ""),
            html.Td(fmt.money(number(row["recent_base"]), currency, unit, 1), className="num"),
            html.Td(fmt.money(number(row["expected_base"]), currency, unit, 1), className="num strong"),
            html.Td(fmt.MISSING if row["hi80"] is None else f"{low}–{high}", className="num quiet-2"),
            html.Td(fmt.MISSING if row["change"] is None else fmt.change(row["change"]), className="num"),
        ]
    )


def deals_value(results: Mapping[str, Result], view: View) -> Any:
    """What large deals have added to the forecast or taken from it, in one line; nothing where there were none."""
    one = records(results["pipeline_value"])[0]
    without, with_deals = one["error_without"], one["error_with"]
    if without is None or with_deals is None or not one["items"]:
        return None
    gained = without - with_deals
    way = "even" if abs(gained) < 0.0005 else "better" if gained > 0 else "worse"
    words = view.t(
        f"production.deals.{way}",
        points=fmt.number(100 * abs(gained), 1),
        n=fmt.number(one["items"]),
        without=fmt.percent(without),
        error=fmt.percent(with_deals),
    )
    return html.Div([html.B(view.t("production.deals.head")), " ", html.Span(words)], className="honest")
