"""The wall's frame: header, panels in their places, ticker, and what the browser must know to keep them fresh."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from components import states
from components.i18n import HTML_LANG, section, t
from components.marks import as_of_slot, attrs, icon
from components.theme import plotly_template, stale_tints

SCENES = ("today",)
LISTS = {"customers": ("cust", 6), "risk": ("risk", 6), "feed": ("feed", 4)}
Payload = Mapping[str, Any]


def _head(panel: str, lang: str, payload: Payload | None) -> list[Any]:
    head = payload["head"] if payload else {"title": t(lang, f"{panel}.title")}
    line = [
        html.Span(head.get("title"), id=f"{panel}-title"),
        html.Span(head.get("note"), id=f"{panel}-note", className="note"),
        as_of_slot(),
    ]
    return [html.H2(line), html.Div(head.get("sub"), id=f"{panel}-sub", className="sub")]


def _list_panel(panel: str, lang: str, payload: Payload | None) -> html.Section:
    area, rows = LISTS[panel]
    body = payload["tree"] if payload else states.blocks(rows)
    return html.Section(
        [*_head(panel, lang, payload), html.Div(body, id=f"{panel}-body", className="body")],
        id=f"panel-{panel}",
        className=f"p {area}",
        **attrs(data_panel=panel),
    )


def _chart_panel(panel: str, area: str, lang: str, payload: Payload | None) -> html.Section:
    body = payload.get("tree") if payload else states.plot_blocks()
    plot = html.Div(id=f"{panel}-plot", className="plt", role="img")
    return html.Section(
        [*_head(panel, lang, payload), plot, html.Div(body, id=f"{panel}-body", className="body")],
        id=f"panel-{panel}",
        className=f"p {area}",
        **attrs(data_panel=panel),
    )


def _header(lang: str, company: str, scenes: Sequence[str]) -> html.Header:
    pills = [html.Span(className="pill") for _ in scenes] + [html.Span(className="count")]
    parts = [
        html.Img(src="assets/logo.svg", className="logo", alt=""),
        html.H1(t(lang, f"scene.{scenes[0]}"), id="scene-title"),
        html.Span([company, " ", html.Span(t(lang, "wall.company_suffix"))], className="co"),
        html.Span(className="sp"),
        html.Span(pills, id="scenes", className="scenes", hidden=len(scenes) < 2),
        html.Span(id="chips", className="chips"),
        html.Span(id="date", className="date"),
        html.Span(id="clock", className="clock"),
    ]
    return html.Header(parts, className="bar-top")


def _starting(lang: str) -> html.Div:
    parts = [
        html.Img(src="assets/logo.svg", className="logo", alt=""),
        html.H2(t(lang, "js.starting")),
        html.Div(id="starting-step", className="step"),
        html.Div(html.Span(id="starting-bar"), className="track"),
        html.Div(t(lang, "js.starting_help"), className="help"),
    ]
    return html.Div(parts, id="starting", className="starting", hidden=True)


def _foot(lang: str, payload: Payload | None) -> html.Footer:
    alerts = html.Div(
        [
            html.Div(payload["tree"] if payload else [], id="ticker-body", className="als"),
            html.Span(id="ticker-more", className="more"),
        ],
        id="panel-ticker",
        className="tick-line",
        **attrs(data_panel="ticker", aria_label=t(lang, "ticker.label")),
    )
    band = html.Div(
        [
            icon("nolink"),
            html.B(id="band-what"),
            html.Span(id="band-more", className="t2"),
            html.Span(id="band-right", className="t2 right"),
        ],
        id="band",
        className="band",
        role="alert",
        hidden=True,
    )
    return html.Footer([alerts, band], className="foot")


def wall(
    lang: str, company: str, timezone: str, scenes: Sequence[str], dwell: int, panels: Mapping[str, Payload], app: str
) -> html.Div:
    """The whole page; panels that are known already are drawn without another round trip."""
    kpis = panels.get("kpis")
    strip = html.Section(
        html.Div(kpis["tree"] if kpis else states.strip_blocks(8), id="kpis-body", className="kgrid"),
        id="panel-kpis",
        className="p kpis",
        **attrs(data_panel="kpis", aria_label=t(lang, "kpi.label")),
    )
    today = html.Main(
        [
            _list_panel("customers", lang, panels.get("customers")),
            _chart_panel("runway", "hero", lang, panels.get("runway")),
            _list_panel("risk", lang, panels.get("risk")),
            _list_panel("feed", lang, panels.get("feed")),
            _chart_panel("forecast", "fc", lang, panels.get("forecast")),
        ],
        className="main w1 scene",
        **attrs(data_scene="today"),
    )
    config = {
        "lang": lang,
        "htmlLang": HTML_LANG[lang],
        "timezone": timezone,
        "app": app,
        "dwell": dwell,
        "scenes": [{"name": name, "title": t(lang, f"scene.{name}")} for name in scenes],
        "text": section(lang, "js"),
        "role": section(lang, "role"),
        "template": plotly_template(),
        "stale": stale_tints(),
        "panels": {
            name: {key: value for key, value in payload.items() if key != "tree"} for name, payload in panels.items()
        },
    }
    page = [
        _header(lang, company, scenes),
        strip,
        html.Div([today], className="stage"),
        _foot(lang, panels.get("ticker")),
        _starting(lang),
    ]
    return html.Div(
        page,
        id="wall",
        className="scr",
        lang=HTML_LANG[lang],
        **attrs(data_config=json.dumps(config, ensure_ascii=False)),
    )
