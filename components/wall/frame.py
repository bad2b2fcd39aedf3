"""The wall's frame: header, one scene over the other, and what the browser must know to turn and to renew them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from components.i18n import HTML_LANG, section, t
from components.marks import attrs, icon, leads_to
from components.theme import plotly_template, stale_tints
from components.wall.scenes import SCENES

Payload = Mapping[str, Any]


def _header(lang: str, company: str, scenes: Sequence[str]) -> html.Header:
    pills = [html.Span(className="pill") for _ in scenes] + [html.Span(className="count")]
    parts = [
        html.Img(src="assets/logo.svg", className="logo", alt="", **leads_to("/")),
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


def _band() -> html.Footer:
    """The line that says the server is away; it takes the alerts' place, or its own where a scene has none."""
    parts = [
        icon("nolink"),
        html.B(id="band-what"),
        html.Span(id="band-more", className="t2"),
        html.Span(id="band-right", className="t2 right"),
    ]
    return html.Footer(parts, id="band", className="band", role="alert", hidden=True)


def wall(
    lang: str,
    company: str,
    timezone: str,
    scenes: Sequence[str],
    dwell: int,
    panels: Mapping[str, Payload],
    app: str,
    states: Mapping[str, str] | None = None,
    desks: bool = False,
) -> html.Div:
    """The whole page. panels: what is known already is drawn without another round trip; states: scene -> ok, critical
    or healthy (left out while there is nothing to say), as the version document tells them later; desks: whether who
    looks may open what stands behind a figure."""
    mine = {name for scene in scenes for name in SCENES[scene].panels}
    known = {name: payload for name, payload in panels.items() if name in mine}
    config = {
        "lang": lang,
        "htmlLang": HTML_LANG[lang],
        "timezone": timezone,
        "app": app,
        "dwell": dwell,
        "desks": desks,
        "scenes": [{"name": name, "title": t(lang, f"scene.{name}")} for name in scenes],
        "states": dict(states or {}),
        "text": section(lang, "js"),
        "role": section(lang, "role"),
        "template": plotly_template(),
        "stale": stale_tints(),
        "panels": {
            name: {key: value for key, value in payload.items() if key != "tree"} for name, payload in known.items()
        },
    }
    page = [
        _header(lang, company, scenes),
        html.Div([SCENES[name].page(lang, known) for name in scenes], className="stage"),
        _band(),
        _starting(lang),
    ]
    return html.Div(
        page,
        id="wall",
        className="scr",
        lang=HTML_LANG[lang],
        **attrs(data_config=json.dumps(config, ensure_ascii=False)),
    )
