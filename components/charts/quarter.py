"""The quarter: booked so far, then with open deals at their weight and their spread, against the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components.charts.ticks import digits, ticks
from components.rows import number
from components.theme import alpha, colour

if TYPE_CHECKING:
    from components.desk.view import View

RIGHT, LEFT, LINE = 116, 40, 15  # px: gutters, and the least distance of two labels
PLOT = 190  # px: about how high the plot is, to keep labels apart
Rows = Sequence[Mapping[str, Any]]


def figure(days: Rows, today: date, view: View, unit: fmt.Unit) -> dict[str, Any]:
    """days: rows of the panel in their order; money is drawn in `unit`."""
    ahead, past = [one for one in days if one["day"] >= today], [one for one in days if one["day"] <= today]
    end, now = days[-1], past[-1]
    top = 1.06 * max(number(one) for one in (end["likely_hi80"], end["plan_to_date"], now["booked_to_date"], 1))
    data = [
        _line(ahead, "likely_lo80", 0),
        _line(ahead, "likely_hi80", 0, fill="tonexty", fillcolor=alpha("crm", 0.15, "light")),
        _line(past, "booked_to_date", 2.4, "text"),
        _line(ahead, "likely", 2.4),
    ]
    if end["plan_to_date"] is not None:
        data.insert(2, _line(days, "plan_to_date", 2, "neutral", "dot"))
    months = [one["day"] for one in days if one["day"].day == 1]
    values = ticks(0, top)[1:]
    places = digits([value / unit.divisor for value in values])
    axis = {"type": "date", "range": [days[0]["day"].isoformat(), end["day"].isoformat()], "showgrid": False}
    months_axis = {
        "tickvals": [day.isoformat() for day in months],
        "ticktext": [fmt.short_date(day, view.lang) for day in months],
    }
    rule = {"type": "line", "x0": now["day"].isoformat(), "x1": now["day"].isoformat(), "y0": 0, "y1": 1}
    return {
        "data": data,
        "layout": {
            "margin": {"l": LEFT, "r": RIGHT, "t": 8, "b": 22},
            "shapes": [{**rule, "yref": "paper", "line": {"color": colour("neutral", "light"), "width": 1}}],
            "annotations": [*_at_the_end(end, top, view, unit), *_at_today(now, days[0]["day"], view, unit)],
            "xaxis": axis | months_axis,
            "yaxis": {
                "range": [0, top],
                "tickvals": values,
                "ticktext": [fmt.number(value / unit.divisor, places) for value in values],
            },
            "hovermode": False,
        },
    }


def _line(days: Rows, name: str, width: float, ink: str = "crm", dash: str = "solid", **more: Any) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [one["day"].isoformat() for one in days],
        "y": [one[name] for one in days],
        "line": {"color": colour(ink, "light"), "width": width, "dash": dash},
        "hoverinfo": "skip",
        **more,
    }


def _at_the_end(end: Mapping[str, Any], top: float, view: View, unit: fmt.Unit) -> list[dict[str, Any]]:
    """Plan, likely and band, where their lines end, never closer than a line of text."""

    def told(name: str) -> str:
        return fmt.money(end[name], view.company.currency, unit)

    likely, planned = view.t("sales.quarter.likely"), view.t("sales.quarter.plan")
    words = [
        (number(end["likely"]), f"<b>{likely} {told('likely')}</b>", "crm"),
        (number(end["likely_lo80"]), view.t("sales.quarter.band"), "text-3"),
    ]
    if end["plan_to_date"] is not None:
        words.append((number(end["plan_to_date"]), f"{planned} <b>{told('plan_to_date')}</b>", "text-2"))
    made, least, last = [], top * LINE / PLOT, float("-inf")
    for value, text, ink in sorted(words):
        last = max(value, last + least, least / 2)
        made.append(_word(text, end["day"], last, ink, "left", 7))
    return made


def _at_today(now: Mapping[str, Any], first: date, view: View, unit: fmt.Unit) -> list[dict[str, Any]]:
    """What is booked, on the side of the line that has room, and the word today."""
    room = (now["day"] - first).days > 30
    booked = fmt.money(now["booked_to_date"], view.company.currency, unit)
    name = view.t("sales.quarter.booked")
    text = f"{name} <b>{booked}</b>"
    side, shift = ("right", -8) if room else ("left", 8)
    mine = _word(text, now["day"], number(now["booked_to_date"]), "text", side, shift)
    today = _word(view.t("sales.quarter.today"), now["day"], 1, "text-2", side, shift)
    return [
        mine | {"yanchor": "bottom" if room else "top", "yshift": 6 if room else -6},
        today | {"yref": "paper", "yanchor": "top"},
    ]


def _word(text: str, day: date, y: float, ink: str, side: str, shift: int) -> dict[str, Any]:
    font = {"size": 12, "color": colour(ink, "light")}
    place = {"x": day.isoformat(), "y": y, "xanchor": side, "yanchor": "middle", "xshift": shift}
    return {"text": text, "font": font, **place}
