"""The glossary: every metric once, with its definition, its formula, where its figures come from and where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from components import format as fmt
from components.i18n import has
from components.marks import attrs
from components.metric_words import metric_definition, metric_grain, metric_name
from data_access.panels import PANELS

if TYPE_CHECKING:
    from components.desk.view import View


def page(view: View, listed: Sequence[Mapping[str, Any]]) -> list[Any]:
    """An index on the left, the entries beside it. listed: metrics as the API tells them; the browser searches."""
    entries = sorted(listed, key=lambda one: metric_name(view.lang, one["name"]).casefold())
    search = dcc.Input(
        id="glossary-search", type="search", placeholder=view.t("glossary.search"), debounce=False, className="find",
        autoComplete="off",
    )  # fmt: skip
    names = [html.A(metric_name(view.lang, one["name"]), href=view.glossary(one["name"]),
                    **attrs(data_metric=one["name"])) for one in entries]  # fmt: skip
    index = html.Nav([search, html.Div(names, className="names")], className="panel glossary-index",
                     **attrs(aria_label=view.t("glossary.title")))  # fmt: skip
    head = html.Div([html.H2(view.t("glossary.title")), html.P(view.t("glossary.lead"), className="quiet")])
    nothing = html.P(view.t("glossary.none"), id="glossary-none", className="quiet", hidden=True)
    articles = html.Div([_entry(one, view) for one in entries], className="entries")
    return [index, html.Section([head, nothing, articles], className="panel glossary-entries")]


def _entry(one: Mapping[str, Any], view: View) -> html.Article:
    name = one["name"]
    title = metric_name(view.lang, name)
    facts = [
        (view.t("glossary.unit_head"), view.t(f"glossary.unit.{one['unit']}", currency=view.company.currency)),
        (view.t("glossary.grain"), metric_grain(view.lang, name)),
        (view.t("glossary.better_head"), view.t(f"glossary.better.{one['better']}")),
        (view.t("glossary.sources"), ", ".join(one["sources"]) or fmt.MISSING),
    ]
    told: list[Any] = [html.Div([html.Dt(head), html.Dd(text)]) for head, text in facts]
    shown = _shown(name, view)
    if shown:
        told.append(html.Div([html.Dt(view.t("glossary.shown")), html.Dd(shown)], className="wide"))
    return html.Article(
        [
            html.H3([html.A(title, href=view.glossary(name)), html.Code(name)]),
            html.P(metric_definition(view.lang, name)),
            html.Dl(told),
            html.Details([html.Summary(view.t("glossary.formula")), html.Pre(html.Code(one["sql"]))]),
        ],
        id=name,
        tabIndex=-1,
        **attrs(data_search=f"{title} {name} {metric_definition(view.lang, name)}".casefold()),
    )


def _shown(name: str, view: View) -> list[Any]:
    """The panels that show it, as links to their tables."""
    links: list[Any] = []
    seen: set[str] = set()
    for spec in PANELS.values():
        title = view.t(spec.title) if has(view.lang, spec.title) else spec.name
        if name in spec.metrics and title not in seen:
            seen.add(title)
            links += [html.A(title, href=view.link(f"/table/{spec.name}"), className="lnk"), " "]
    return links
