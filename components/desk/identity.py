"""The strip at the head of a detail page: what it is about, where it comes from, and its few most telling figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dash import html

from components.desk.panel import panel
from components.marks import attrs, icon, unit_text

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result


@dataclass(frozen=True)
class Stat:
    """One figure. parts: (before, figure, after) the unit is set small; more: a few words after it; status: ok, warn,
    crit or crm."""

    name: str
    label: str
    parts: tuple[str, str, str]
    more: str = ""
    status: str = "ok"
    href: str | None = None


def strip(
    spec: Panel, view: View, result: Result, *, title: str, more: str = "", marks: Sequence[Any], stats: Sequence[Stat]
) -> html.Section:
    """The panel: title and marks on the left, figures on the right. `more`: the rest of the title, lighter."""
    body = html.Div(
        [
            html.Div([more and html.Span(more, className="named"), *marks], className="ids"),
            html.Div([_stat(one) for one in stats], className="stats"),
        ],
        className="identity-body",
    )
    return panel(spec, view, result, body, title=title, area="identity")


def _stat(stat: Stat) -> html.Div:
    mark = icon(stat.status) if stat.status in ("warn", "crit") else None
    value = [mark, html.Span(unit_text(*stat.parts)), html.Small(stat.more) if stat.more else None]
    label = html.A(stat.label, href=stat.href) if stat.href else stat.label
    return html.Div(
        [html.Div(label, className="stat-label"), html.Div(value, className=f"stat-value {stat.status}")],
        className="stat",
        **attrs(data_stat=stat.name),
    )
