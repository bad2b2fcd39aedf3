"""Scene "production": plan figures, demand against capacity, load, projected balances, and what planners must do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from components.charts import balance, forecast
from components.production import heat, messages
from components.production import strip as figures
from components.wall.scenes.scene import Payload, Scene, chart_panel, list_panel, strip


def _layout(lang: str, known: Mapping[str, Payload]) -> Sequence[Any]:
    panels = [
        chart_panel("fan", "fan", lang, known),
        list_panel("load", "ld", 6, lang, known),
        chart_panel("schedule", "bal", lang, known),
        list_panel("messages", "exc", 5, lang, known),
    ]
    return [strip("production_kpis", "kp5", 5, lang, known), html.Main(panels, className="main w3")]


SCENE = Scene(
    name="production",
    panels={
        "production_kpis": lambda r, lang, company: figures.wall(r["production_kpis"], lang, company),
        "fan": lambda r, lang, company: forecast.forecast(r["fan"], lang, company),
        "load": lambda r, lang, company: heat.load(r["load"], lang, company),
        "schedule": lambda r, lang, company: balance.balances(r["schedule"], lang, company),
        "messages": lambda r, lang, company: messages.exceptions(r["messages"], lang, company),
    },
    layout=_layout,
)
