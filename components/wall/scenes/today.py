"""Scene "today": the day's figures, customers, the runway, risks, the feed, the forecast, and the alerts below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from components.charts import forecast, runway
from components.i18n import t
from components.marks import attrs
from components.wall import kpi, lists, ticker
from components.wall.scenes.scene import Payload, Scene, chart_panel, list_panel, strip


def _kpis(results: Mapping[str, Any], lang: str, company: Any) -> dict[str, Any]:
    result = results["today_kpis"]
    return {
        "tree": kpi.strip(result, lang, company),
        "head": {"title": t(lang, "kpi.label"), "aria": kpi.aria(result, lang, company)},
    }


def _runway(results: Mapping[str, Any], lang: str, company: Any) -> dict[str, Any]:
    return runway.runway(results["runway"], results.get("runway_lanes"), lang, company)


def _layout(lang: str, known: Mapping[str, Payload]) -> Sequence[Any]:
    panels = [
        list_panel("customers", "cust", 6, lang, known),
        chart_panel("runway", "hero", lang, known),
        list_panel("risk", "risk", 6, lang, known),
        list_panel("feed", "feed", 4, lang, known),
        chart_panel("forecast", "fc", lang, known),
    ]
    return [strip("kpis", "", 8, lang, known), html.Main(panels, className="main w1"), _ticker(lang, known)]


def _ticker(lang: str, known: Mapping[str, Payload]) -> html.Div:
    payload = known.get("ticker")
    return html.Div(
        [
            html.Div(payload["tree"] if payload else [], id="ticker-body", className="als"),
            html.Span(id="ticker-more", className="more"),
        ],
        id="panel-ticker",
        className="tick-line",
        **attrs(data_panel="ticker", aria_label=t(lang, "ticker.label")),
    )


SCENE = Scene(
    name="today",
    panels={
        "kpis": _kpis,
        "customers": lambda r, lang, company: lists.customers(r["top_customers"], lang, company),
        "runway": _runway,
        "risk": lambda r, lang, company: lists.risk(r["stockout_risk"], lang, company),
        "feed": lambda r, lang, company: lists.feed(r["feed"], lang, company),
        "forecast": lambda r, lang, company: forecast.forecast(r["forecast"], lang, company),
        "ticker": lambda r, lang, company: ticker.alerts(r["alerts"], lang, company),
    },
    layout=_layout,
)
