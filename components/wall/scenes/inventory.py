"""Scene "inventory": every item by speed and cover, sales against stock, cover by warehouse, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from components.charts import month_index, speed_cover
from components.inventory import lists
from components.inventory import strip as figures
from components.wall.scenes.scene import Payload, Scene, chart_panel, list_panel, strip


def _layout(lang: str, known: Mapping[str, Payload]) -> Sequence[Any]:
    panels = [
        chart_panel("speed_cover", "sc", lang, known),
        chart_panel("month_index", "ix", lang, known),
        list_panel("warehouse_cover", "ht", 6, lang, known),
        list_panel("do_next", "do", 1, lang, known),
    ]
    return [strip("inventory_kpis", "kp5", 5, lang, known), html.Main(panels, className="main w2")]


SCENE = Scene(
    name="inventory",
    panels={
        "inventory_kpis": lambda r, lang, company: figures.wall(r["inventory_kpis"], lang, company),
        "speed_cover": lambda r, lang, company: speed_cover.speed_cover(r["speed_cover"], lang, company),
        "month_index": lambda r, lang, company: month_index.month_index(r["month_index"], lang, company),
        "warehouse_cover": lambda r, lang, company: lists.covers(r["warehouse_cover"], lang, company),
        "do_next": lambda r, lang, company: lists.do_next(r["do_next"], lang, company),
    },
    layout=_layout,
)
