"""Forecast-driven production on a desk: which module draws which panel of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from dash import html

from components.charts import forecast
from components.desk import look
from components.desk.panel import figure, message, panel
from components.marks import attrs, bold, glyph, icon, unit_text
from components.production import demand, heat, lists, scenarios, schedule, strip
from components.rows import records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

K = 0.62  # a figure of 20 px on the wall is 12.4 px here


def key_figures(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """The row of five."""
    result = results["production_kpis"]
    cells = [_cell(row, view) for row in records(result)]
    return panel(spec, view, result, html.Div(cells, className="kpis-row of-5"), area="kpis-panel")


def _cell(row: Mapping[str, Any], view: View) -> html.Div:
    status, metric = row["status"], row["metric"]
    mark = icon(status) if status in ("warn", "crit") else glyph("erp")
    value = unit_text(*strip.parts(row, view.lang, view.company.currency))
    inside = [
        html.Div([mark, html.Span(strip.label(row, view.lang))], className="kpi-label"),
        html.Div(html.Span(value, className=status), className="kpi-value"),
        strip.picture(row, "light"),
        html.Div(bold(strip.compare(row, view.lang)), className="kpi-compare"),
    ]
    return html.Div(inside, className="kpi", **attrs(data_metric=metric, data_role="erp"))


def fan(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """Demand with its bands against capacity."""
    result = results["fan"]
    made = forecast.forecast(result, view.lang, view.company)
    head = made["head"]
    if "figure" not in made:
        body: Any = message(view, view.t("forecast.empty"), view.t("forecast.empty_more"))
    else:
        body = figure(spec.name, look.desk(made["figure"], K), head["aria"])
    return panel(spec, view, result, body, title=head["title"], note=head.get("note"), area="at-fan")


def load(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """Work centres by week."""
    result = results["load"]
    rows = records(result)
    note = view.t("production.load.note")
    if not rows:
        calm = message(view, view.t("production.load.empty"), view.t("production.load.empty_more"))
        return panel(spec, view, result, calm, area="at-load")
    return panel(spec, view, result, heat.grid(rows, view.lang), note=note, area="at-load")


PANELS: Mapping[str, Callable[..., Any]] = {
    "production_kpis": key_figures,
    "schedule": schedule.schedule,
    "fan": fan,
    "messages": lists.actions,
    "proposal": lists.proposal,
    "load": load,
    "cover_weeks": schedule.cover,
    "pegging": lists.pegging,
    "honesty": lists.honesty,
    "demand_months": demand.months,
    "demand_parts": demand.parts,
    "scenarios": scenarios.side_by_side,
}
ROWS: Mapping[str, Callable[..., list[dict[str, Any]]]] = {"pegging": lists.pegging_rows}
