"""The timeline on a phone: upright, two rails, the newest first; a delay and its case are joined between the rails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dash import html

from components import format as fmt
from components.customer import events
from components.marks import attrs
from components.theme import colour
from data_access.panels import PANELS

if TYPE_CHECKING:
    from components.desk.view import View

ROW, RAILS = 52, {"erp": 10, "crm": 36}  # px: height of a row, where the rails stand
Event = Mapping[str, Any]


def timeline(found: Sequence[Event], view: View, panel: str) -> html.Div:
    """The main events, and the way to all of them."""
    shown = events.main_events(found)
    unit = events.unit_of(found, view)
    told = events.alarms(found)
    rows = [_row(event, view, unit, (event["kind"], event["entity_id"]) in told) for event in shown]
    picture = html.Img(src=_picture(shown, told), className="rails", alt="", width=46, height=ROW * len(shown))
    every = html.A(
        view.t("customer.timeline.all", n=len(found)),
        href=view.panel_link(f"/table/{panel}", PANELS[panel].filters, **view.spoken),
        className="lnk every",
    )
    return html.Div([html.Div([picture, *rows], className="upright-rows"), every], className="upright")


def _row(event: Event, view: View, unit: fmt.Unit, alarmed: bool) -> html.Div:
    lines: list[Any] = [html.B(events.text(event, view, unit), className="warn" if alarmed else "")]
    about = events.more(event, view)
    if about:
        lines.append(html.Span(about, dir="auto"))
    day = html.Span(fmt.short_date(event["day"], view.lang), className="up-day")
    return html.Div(
        [day, html.Div(lines, className="up-text")], className="upright-row", **attrs(data_role=event["system"])
    )


def _picture(shown: Sequence[Event], told: set[tuple[str, str]]) -> str:
    """Rails, marks and links as a picture beside the rows."""
    height = ROW * len(shown)
    parts = [
        f'<line x1="{x}" x2="{x}" y1="4" y2="{height - 4}" stroke="{colour("rule", "light")}" stroke-width="2.5"/>'
        for x in RAILS.values()
    ]
    place = {event["entity_id"]: n for n, event in enumerate(shown) if event["kind"] == "late"}
    warn = colour("warn-fill", "light")
    for n, event in enumerate(shown):
        if (event["kind"], event["entity_id"]) in told and event["cause_id"] in place:
            y1, y2 = _y(place[event["cause_id"]]), _y(n)
            left, right = RAILS["erp"], RAILS["crm"]
            path = f"M{left} {y1}C{left + 14} {y1 - 18} {right - 8} {y2 + 22} {right} {y2}"
            line = f'fill="none" stroke="{warn}" stroke-width="1.6" stroke-dasharray="2.5 3"'
            parts.append(f'<path d="{path}" {line}/>')
    for n, event in enumerate(shown):
        x, y, role = RAILS[event["system"]], _y(n), event["system"]
        if (event["kind"], event["entity_id"]) in told:
            parts.append(
                f'<path d="M{x} {y - 8}L{x + 8} {y + 6}H{x - 8}Z" fill="{warn}" stroke="{colour("surface", "light")}"/>'
            )
        else:
            turn = f' transform="rotate(45 {x} {y})"' if role == "crm" else ""
            tint = colour(role, "light")
            parts.append(f'<rect x="{x - 6}" y="{y - 6}" width="12" height="12" rx="1.5" fill="{tint}"{turn}/>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="46" height="{height}" viewBox="0 0 46 {height}">'
    return "data:image/svg+xml," + quote(f"{head}{''.join(parts)}</svg>")


def _y(row: int) -> float:
    return ROW * row + 15
