"""Sales against inventory on a desk: the key figures, and which module draws which panel of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from dash import html

from components.desk.panel import panel
from components.inventory import campaigns, moves, pipeline, quadrants, stock, strip
from components.marks import attrs, bold, glyph, icon, unit_text
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

SHOWN = ("inventory_value", "sales_week", "at_risk", "short", "campaigns", "old")
LEADS_TO = {
    "sales_week": "/sales", "at_risk": "/table/speed_cover", "short": "/table/pipeline_customers",
    "campaigns": "/table/campaign_stock", "old": "/table/old_stock",
}  # fmt: skip


def key_figures(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """The row of six."""
    result = results["inventory_kpis"]
    rows = {row["metric"]: row for row in records(result)}
    cells = [_cell(rows[name], view) for name in SHOWN]
    return panel(spec, view, result, html.Div(cells, className="kpis-row of-6"), area="kpis-panel")


def _cell(row: Mapping[str, Any], view: View) -> html.Div:
    status, side, metric = row["status"], strip.role(row["metric"]), row["metric"]
    mark = icon(status) if status in ("warn", "crit") else glyph(side)
    label: Any = html.Span(view.t(f"inventory.kpi.{metric}"))
    if metric in LEADS_TO:
        label = html.A(view.t(f"inventory.kpi.{metric}"), href=view.link(LEADS_TO[metric]))
    compare = strip.compare(row, view.lang, view.company.currency)
    if metric == "at_risk" and number(row["count"]):
        compare = view.t("desk.kpi.at_risk_items", n=int(number(row["count"])))
        compare += view.t("desk.kpi.orders_wait", n=int(number(row["count2"])))
    value = unit_text(*strip.parts(row, view.lang, view.company.currency))
    inside = [
        html.Div([mark, label], className="kpi-label"),
        html.Div(html.Span(value, className=status), className="kpi-value"),
        strip.picture(row, "light"),
        html.Div(bold(compare), className="kpi-compare"),
    ]
    return html.Div(inside, className="kpi", **attrs(data_metric=metric, data_role=side))


PANELS: Mapping[str, Callable[..., Any]] = {
    "inventory_kpis": key_figures,
    "pipeline_stock": pipeline.pipeline,
    "campaign_stock": campaigns.campaigns,
    "abc_xyz": stock.classes,
    "stock_age": stock.ages,
    "old_stock": stock.takers,
    "speed_cover": quadrants.quarters,
    "warehouse_cover": quadrants.places,
    "do_next": quadrants.suggestions,
    "stock_moves": moves.moves,
    "open_orders": moves.open_orders,
}
ROWS: Mapping[str, Callable[..., list[dict[str, Any]]]] = {"open_orders": moves.order_rows}
