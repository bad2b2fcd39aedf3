"""Two lanes of events, ■ above ◆; a delay and the case it caused are joined by a dotted line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components.charts.months import month_starts, month_text
from components.customer import events
from components.customer.events import Event, Mark
from components.theme import colour

if TYPE_CHECKING:
    from components.desk.view import View

LEFT, RIGHT, TOP, BOTTOM = 64, 26, 40, 58
WIDTH = 830  # px of the plot at its usual size: labels are placed for it
SIZE, ROWS, ROW = 12, 2, 16
LANE = {"erp": 1.0, "crm": 0.0}
SYMBOL = {"erp": "square", "crm": "diamond"}
BIG = 36  # a mark of this weight or more is drawn large
TOLD = 7  # so many events of a mark are named on hover
CROWD = 40  # from so many marks a lane on they are drawn smaller


def figure(found: Sequence[Event], since: date, until: date, view: View, absent: Sequence[str] = ()) -> dict[str, Any]:
    """The chart as a plain dict; x counts days from `since`. absent: roles of systems that do not know the customer."""
    unit = events.unit_of(found, view)
    placed = events.marks(found, since, until)
    span = max((until - since).days, 1)
    data = [_links(found, since)] + [_lane(role, placed, since, view, unit) for role in events.ROLES]
    words = [_lane_name(role, view) for role in events.ROLES]
    for role in events.ROLES:
        words += _labels([mark for mark in placed if mark.role == role], since, span, view, unit)
    words += [
        _word(
            view.t(f"customer.absent.{role}"), span / 2, LANE[role], "text-3", "center", 0, 16 if role == "erp" else -16
        )
        for role in absent
    ]
    starts = month_starts(since, until, 6)
    ticks = [
        ((start - since).days, month_text(start, view.lang)) for start in starts if (until - start).days > span / 14
    ]
    ticks.append((span, view.t("customer.timeline.today") if until == view.today else fmt.short_date(until, view.lang)))
    rails = [
        {"type": "line", "x0": 0, "x1": span, "y0": y, "y1": y, "layer": "below",
         "line": {"color": colour("rule", "light"), "width": 3}} for y in LANE.values()
    ]  # fmt: skip
    return {
        "data": data,
        "layout": {
            "margin": {"l": LEFT, "r": RIGHT, "t": TOP, "b": BOTTOM},
            "annotations": words,
            "shapes": rails,
            "xaxis": {
                "range": [-0.01 * span, 1.01 * span], "tickvals": [x for x, _ in ticks],
                "ticktext": [text for _, text in ticks], "ticklabelstandoff": 36,
            },
            "yaxis": {"visible": False, "range": [-0.12, 1.12]},
        },
    }  # fmt: skip


def _lane(role: str, placed: Sequence[Mark], since: date, view: View, unit: fmt.Unit) -> dict[str, Any]:
    mine = [mark for mark in placed if mark.role == role]
    alarm, large, small = (15, 12, 7) if len(mine) <= CROWD else (13, 8, 5)
    return {
        "type": "scatter", "mode": "markers", "x": [(mark.day - since).days for mark in mine],
        "y": [LANE[role]] * len(mine),
        "marker": {
            "symbol": ["triangle-up" if mark.alarmed else SYMBOL[role] for mark in mine],
            "size": [alarm if mark.alarmed else large if mark.weight >= BIG else small for mark in mine],
            "color": [colour("warn-fill" if mark.alarmed else role, "light") for mark in mine],
            "line": {"color": colour("surface", "light"), "width": 1.5}, "opacity": 1,
        },
        "customdata": [_address(mark.events[0], view) for mark in mine],
        "hovertemplate": [_hover(mark, view, unit) for mark in mine], "name": "",
    }  # fmt: skip


def _address(event: Event, view: View) -> str | None:
    return view.order(event["entity_id"]) if event["kind"] in ("order", "late") else None


def _hover(mark: Mark, view: View, unit: fmt.Unit) -> str:
    lines = [fmt.long_date(mark.day, view.lang)]
    for event in mark.events[:TOLD]:
        about = events.more(event, view) if event["kind"] != "ticket" else ""
        lines.append(": ".join(part for part in (events.text(event, view, unit), about) if part))
    if len(mark.events) > TOLD:
        lines.append(view.t("customer.timeline.more", n=len(mark.events) - TOLD))
    return "<br>".join(fmt.plotly_text(line) for line in lines) + "<extra></extra>"


def _links(found: Sequence[Event], since: date) -> dict[str, Any]:
    xs: list[float | None] = []
    ys: list[float | None] = []
    for late, case in events.pairs(found):
        xs += [(late["day"] - since).days, (case["day"] - since).days, None]
        ys += [LANE["erp"], LANE["crm"], None]
    line = {"color": colour("warn-fill", "light"), "width": 1.6, "dash": "dot"}
    return {"type": "scatter", "mode": "lines", "x": xs, "y": ys, "line": line, "hoverinfo": "skip"}


def _lane_name(role: str, view: View) -> dict[str, Any]:
    sign = "■" if role == "erp" else "◆"
    return _word(f"<b>{sign} {view.t(f'role.{role}')}</b>", 0, LANE[role], role, "left", -LEFT, 0, "paper")


def _labels(mine: Sequence[Mark], since: date, span: int, view: View, unit: fmt.Unit) -> list[dict[str, Any]]:
    """The weightiest first, as many as have room in two rows beside the lane."""
    taken: list[list[tuple[float, float]]] = [[] for _ in range(ROWS)]
    words = []
    for mark in sorted(mine, key=lambda mark: -mark.weight):
        if mark.weight < BIG:
            break
        text = events.text(mark.events[0], view, unit)
        wide = fmt.text_width(text, SIZE)
        x = (mark.day - since).days / span * WIDTH
        left = min(max(x - wide / 2, 0.0), WIDTH + RIGHT - wide)
        row = next((n for n in range(ROWS) if all(left + wide + 10 < a or b + 10 < left for a, b in taken[n])), None)
        if row is None:
            continue
        taken[row].append((left, left + wide))
        up = (14 + ROW * row) * (1 if mark.role == "erp" else -1)
        ink = "warn" if mark.alarmed else "text"
        shift = left + wide / 2 - x
        words.append(
            _word(fmt.plotly_text(text), (mark.day - since).days, LANE[mark.role], ink, "center", shift, up)
        )  # fmt: skip
    return words


def _word(
    text: str, x: float, y: float, ink: str, anchor: str, xshift: float, yshift: float, xref: str = "x"
) -> dict[str, Any]:
    return {
        "text": text, "x": x, "xref": xref, "y": y, "yref": "y", "xanchor": anchor, "yanchor": "middle",
        "xshift": round(xshift, 1), "yshift": yshift, "font": {"size": SIZE, "color": colour(ink, "light")},
    }  # fmt: skip
