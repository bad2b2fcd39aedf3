"""Scene "sync": one sentence of truth, every feed, and what is not as it should be; when all is calm, what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from components.feeds import attention, pipe, rows, truth
from components.wall.scenes.scene import Payload, Scene, chart_panel, list_panel, strip


def _layout(lang: str, known: Mapping[str, Payload]) -> Sequence[Any]:
    panels = [
        list_panel("feeds", "fds", 11, lang, known),
        list_panel("match_kinds", "mat bad", 4, lang, known),
        list_panel("attention", "att bad", 4, lang, known),
        chart_panel("pipe_hours", "mat calm", lang, known),
        list_panel("fresh_days", "att calm", 3, lang, known),
    ]
    return [strip("sync_truth", "truth", 4, lang, known), html.Main(panels, className="main w4")]


SCENE = Scene(
    name="sync",
    panels={
        "sync_truth": truth.truth,
        "feeds": lambda r, lang, company: rows.feeds(r["feeds"], lang, company),
        "match_kinds": lambda r, lang, company: attention.matches(r["match_kinds"], lang, company),
        "attention": lambda r, lang, company: attention.attention(r["attention"], lang, company),
        "pipe_hours": lambda r, lang, company: pipe.hours(r["pipe_hours"], lang, company),
        "fresh_days": pipe.days,
    },
    layout=_layout,
)
