"""The runway on a phone: a category is its worst item over the whole of it, as two thin bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.charts.lanes import Lane
from components.marks import glyph, part
from components.rows import number

if TYPE_CHECKING:
    from components.charts.runway import Placed
    from components.desk.view import View

AXIS = 12.0  # weeks the bars can show
SHOWN = 5


def lanes(risky: Sequence[Mapping[str, Any]], items: int, placed: Placed, view: View) -> html.Div:
    """The categories with most money at risk, then those with the shortest cover; the others are counted. risky: the
    items with money at risk, of all `items`."""
    ranked = sorted(placed.lanes, key=lambda lane: (-lane.at_risk, number(lane.cover)))
    rows = [_lane(lane, risky, placed, view) for lane in ranked[:SHOWN]]
    told = view.t("runway.lanes_more", n=len(placed.lanes), items=items)
    return html.Div([*rows, html.Div(told, className="quiet")], className="phone-lanes")


def _lane(lane: Lane, risky: Sequence[Mapping[str, Any]], placed: Placed, view: View) -> html.A:
    mine = [one for one in risky if one["category"] == lane.name]
    worst = max(mine, key=lambda one: number(one["at_risk"]), default=None)
    scale = 100 / AXIS
    top = [part("target", 4 * scale, 4 * scale)]
    if worst is not None:
        start, end = number(worst["gap_weeks_from"]) * scale, number(worst["gap_weeks_to"]) * scale
        top += [part("fill", 0, start), part("gap", start, end - start), part("tick", end)]
    cover, deals = number(lane.cover) * scale, lane.cover_deals
    whole = [part("target", 4 * scale, 4 * scale), part("pale", 0, min(100.0, cover)), part("tick", min(100.0, cover))]
    if deals is not None:
        whole.append(part("deal", min(100.0, deals * scale)))
    weeks: list[Any] = [view.t("unit.weeks", n=fmt.number(lane.cover, 1) if lane.cover is not None else fmt.MISSING)]
    if deals is not None:
        weeks += [" ", html.Span([glyph("crm"), " ", fmt.number(deals, 1)], className="crm-ink")]
    risk = fmt.money(lane.at_risk, view.company.currency, placed.unit) if lane.at_risk > 0 else fmt.MISSING
    return html.A(
        [
            html.B(lane.name),
            html.Span(weeks),
            html.B(risk, className="crit" if lane.at_risk > 0 else "quiet"),
            html.Div(top, className="lane"),
            html.Div(whole, className="lane"),
        ],
        href=view.toggle("category", lane.name),
        className="phone-lane",
    )
