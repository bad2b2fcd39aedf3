"""The row of key figures on a desk page: a label, a figure, one comparison, a sparkline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components import spark
from components.marks import attrs, bold, glyph, icon, unit_text

if TYPE_CHECKING:
    from components.desk.view import View


@dataclass(frozen=True)
class Kpi:
    """One cell. role: erp or crm; parts: (before, figure, after) the unit is set small; compare: a text with *bold*
    parts; status: ok, warn or crit; href: where a click leads."""

    name: str
    label: str
    parts: tuple[str, str, str]
    role: str = "erp"
    compare: str = ""
    series: Sequence[float] = ()
    status: str = "ok"
    href: str | None = None


def money(value: Any, view: View) -> tuple[str, str, str]:
    """An amount in its own unit, for a cell."""
    if value is None or value != value:
        return "", fmt.MISSING, ""
    return fmt.money_parts(value, view.company.currency, fmt.unit_for([value], view.lang, kpi=True))


def percent(value: Any) -> tuple[str, str, str]:
    """A fraction as per cent, for a cell."""
    return ("", fmt.MISSING, "") if value is None or value != value else ("", fmt.number(float(value) * 100, 1), "%")


def cells(kpis: Sequence[Kpi]) -> html.Div:
    """The row."""
    return html.Div([_cell(one) for one in kpis], className=f"kpis-row of-{len(kpis)}")


def _cell(kpi: Kpi) -> html.Div:
    mark = icon(kpi.status) if kpi.status in ("warn", "crit") else glyph(kpi.role)
    ink = kpi.status if kpi.status in ("warn", "crit") else "crm" if kpi.role == "crm" else "text-2"
    label: Any = [mark, html.Span(kpi.label)]
    if kpi.href:
        label = [mark, html.A(kpi.label, href=kpi.href)]
    value = html.Span(unit_text(*kpi.parts), className=kpi.status)
    drawn = spark.line(list(kpi.series), ink, "light") if len(kpi.series) > 2 else html.Span(className="spark")
    parts = [
        html.Div(label, className="kpi-label"),
        html.Div(value, className="kpi-value"),
        drawn,
        html.Div(bold(kpi.compare), className="kpi-compare"),
    ]
    return html.Div(parts, className="kpi", **attrs(data_metric=kpi.name, data_role=kpi.role))
