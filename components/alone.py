"""Any panel by itself: as its page draws it, else as the wall does, else as the table of its rows."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from dash import html

from components import table, wall
from components.desk import look
from components.desk.panel import figure, panel

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Results = Mapping[str, "Result"]
Builder = Callable[..., Any]


def builder(spec: Panel) -> Builder:
    """What draws the panel from (spec, view, results)."""
    name = f"components.{spec.page}"
    known = importlib.import_module(name).PANELS if importlib.util.find_spec(name) else {}
    found: Builder | None = known.get(spec.name)
    return found or (_of_the_wall if spec.name in wall.BUILDERS else _table)


def _of_the_wall(spec: Panel, view: View, results: Results) -> Any:
    """The wall's drawing in the colours of a desk."""
    made = wall.BUILDERS[spec.name](results, view.lang, view.company)
    head = made["head"]
    if "figure" in made:
        body: Any = figure(spec.name, look.desk(made["figure"], 1.0), head.get("aria", ""))
    else:
        area = {"customers": "cust", "kpis": "kgrid"}.get(spec.name, spec.name)
        body = html.Div(look.relit(made["tree"]), className=f"body {area}")
    note, sub = (html.Span(head[key]) if head.get(key) else None for key in ("note", "sub"))
    drawn = panel(spec, view, results[spec.reads[0]], body, title=head["title"], note=note, sub=sub)
    return html.Div(drawn, className=f"of-wall is-{spec.name}")


def _table(spec: Panel, view: View, results: Results) -> Any:
    return table.whole_panel(spec.name, view, lambda name: results)
