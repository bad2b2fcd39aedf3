"""A panel of a desk page: title with its finding, what it shows, and how the figure explains itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from components import export_menu
from components import format as fmt
from components.export import caption
from components.marks import as_of_slot, attrs, icon
from components.metric_words import metric_definition, metric_name
from components.theme import plotly_template

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

CONFIG: Any = {"displayModeBar": False, "responsive": True, "doubleClick": False, "showTips": False}


def panel(
    spec: Panel,
    view: View,
    result: Result,
    body: Any,
    *,
    title: str | None = None,
    note: Any = None,
    sub: Any = None,
    area: str = "",
    marks: Sequence[str] = (),
) -> html.Section:
    """One panel. `title`: the finding in words, else the panel's plain name; `note`: beside it on the right; `sub`:
    how to read it; `area`: its class in the page's grid; `marks`: filters it does not narrow by but shows as chosen."""
    named = title or view.t(spec.title)
    beyond = view.narrowed_beyond((*spec.filters, *marks))
    wider = html.Span(view.t("desk.all_of", names=_names(beyond, view)), className="wider") if beyond else None
    head = [
        html.H2(html.Span(named, className="title-text"), id=f"title-{spec.name}"),
        html.Span([wider, *(note if isinstance(note, list) else [note])], className="note"),
        as_of_slot(),
        explain(spec, view, result),
    ]
    parts = [html.Div(head, className="panel-head"), html.Div(sub, className="panel-sub") if sub else None]
    parts += body if isinstance(body, list) else [body]
    return html.Section(
        [part for part in parts if part is not None],
        id=f"panel-{spec.name}",
        className=f"panel {area}".strip(),
        **attrs(
            data_panel=spec.name,
            data_sources=" ".join(result.sources),
            data_version=str(result.version),
            data_caption=caption(view, [result], spec.filters),
            aria_labelledby=f"title-{spec.name}",
        ),
    )


def _names(filters: list[str], view: View) -> str:
    return view.t("desk.and").join(view.t(f"filter.all.{name}") for name in filters)


def explain(spec: Panel, view: View, result: Result) -> html.Details:
    """What the figures mean, where they come from, and the way to the rows behind them."""
    words: list[Any] = []
    for name in spec.metrics:
        words.append(html.Dt(html.A(metric_name(view.lang, name), href=view.glossary(name))))
        words.append(html.Dd(metric_definition(view.lang, name)))
    stamp = result.as_of
    facts = [
        (view.t("desk.sources"), ", ".join(result.sources) or fmt.MISSING),
        (view.t("desk.as_of"), fmt.clock(stamp, view.company.timezone)),
        (view.t("desk.version"), str(result.version)),
    ]
    rows = [html.Div([html.Span(name), html.B(value)]) for name, value in facts]
    links = [
        html.A(view.t(word), href=view.panel_link(f"{path}{spec.name}", spec.filters, **view.spoken), className="lnk")
        for word, path in (("desk.table", "/table/"), ("export.alone", "/panel/"))
    ]
    inside = [
        html.Dl(words) if words else None,
        html.Div(rows, className="facts"),
        html.Div(links, className="links"),
        export_menu.links(spec, view),
    ]
    mark = html.Summary(icon("info"), title=view.t("desk.explain"), **attrs(aria_label=view.t("desk.explain")))
    return html.Details([mark, html.Div(inside, className="pop")], className="explain menu-box")


def figure(name: str, figure: Mapping[str, Any], label: str, *, height: int | None = None) -> html.Div:
    """A chart in a panel; marks that carry an address as `customdata` follow it on a click. `label`: what it shows."""
    made = {"data": figure["data"], "layout": {**figure["layout"], "template": plotly_template("light", 12)}}
    made["layout"].setdefault("autosize", True)
    if height:
        made["layout"]["height"] = height
    graph = dcc.Graph(figure=made, config=CONFIG, id={"type": "chart", "panel": name}, className="graph")
    return html.Div(graph, className="plot", role="img", **attrs(aria_label=label))


def message(view: View, title: str, more: str = "") -> html.Div:
    """A calm sentence where there are no rows: what is so, and the nearest case."""
    parts: list[Any] = [html.Div(title, className="m1")]
    if more:
        parts.append(html.Div(more, className="m2"))
    return html.Div(parts, className="nothing")


def failed(spec: Panel, view: View, error: str, hint: str, ref: str) -> html.Section:
    """One panel fails alone: what happened, what to do, and the reference in the log."""
    body = html.Div(
        [icon("crit"), html.Div(error, className="m1"), html.Div(hint, className="m2"),
         html.Div(view.t("js.error_ref", ref=ref), className="m3")],
        className="nothing failed",
    )  # fmt: skip
    head = html.Div(html.H2(view.t(spec.title)), className="panel-head")
    return html.Section([head, body], id=f"panel-{spec.name}", className="panel broken", **attrs(data_panel=spec.name))
