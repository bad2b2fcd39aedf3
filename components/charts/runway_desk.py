"""The runway on a desk: a lane is a link that narrows the page to its category; lanes that are not chosen fade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components.charts import runway
from components.desk import look
from components.theme import alpha

if TYPE_CHECKING:
    from components.desk.view import View

K = 0.615  # a row of 22 px on the wall is 13.5 px here
FADED = 0.72


def figure(placed: runway.Placed, view: View, *, early: bool) -> dict[str, Any]:
    """The wall's chart, smaller and light, with a link over each lane as `customdata`."""
    made = look.desk(runway.drawn(placed, view.lang, view.company.currency, early=early), K)
    chosen = set(view.filters.values("category"))
    lanes = placed.lanes
    made["data"].append(
        {
            "type": "bar",
            "orientation": "h",
            "base": [0] * len(lanes),
            "x": [runway.AXIS] * len(lanes),
            "y": [lane.top + (lane.height + lane.gutter) / 2 for lane in lanes],
            "width": [lane.height + lane.gutter for lane in lanes],
            "marker": {"color": "rgba(0,0,0,0)"},
            "customdata": [view.toggle("category", lane.name) for lane in lanes],
            "hovertemplate": [_hover(lane.name, view) for lane in lanes],
            "name": "",
        }
    )
    for trace in made["data"][:-1]:
        trace["hoverinfo"] = "skip"
    if chosen:
        made["layout"]["shapes"] += [_veil(lane) for lane in lanes if lane.name not in chosen]
    return made


def _hover(name: str, view: View) -> str:
    return view.t("desk.narrow_to", name=name.replace("<", "&lt;")) + "<extra></extra>"


def _veil(lane: Any) -> dict[str, Any]:
    return {
        "type": "rect", "xref": "x", "x0": 0, "x1": runway.AXIS, "y0": lane.top - 0.02 * lane.height,
        "y1": lane.bottom + lane.gutter, "layer": "above", "line": {"width": 0},
        "fillcolor": alpha("surface", FADED, "light"),
    }  # fmt: skip
