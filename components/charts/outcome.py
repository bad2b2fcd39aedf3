"""One outcome month by month: the months of the baseline and of now are shaded, each with its mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components.charts.ticks import digits, ticks
from components.theme import alpha, colour

if TYPE_CHECKING:
    from components.desk.view import View

LEFT, RIGHT, LINE = 52, 12, 16
HALF = timedelta(days=15)  # a month's mark is its first day: its band reaches half a month to both sides
Told = Callable[[Any], str]
Row = Mapping[str, Any]


def figure(months: Sequence[date], one: Row, notes: Row, view: View, told: Told, role: str) -> dict[str, Any]:
    """months: first days of the full months, one a point of `one["series"]`; told: a value in words."""
    series = one["series"]
    known = [value for value in (*series, one["value"], one["baseline"]) if value is not None]
    low, high = min(known), max(known)
    # Money stands on zero; shares and scores move little, so that their axis begins near the lowest.
    bottom = 0.0 if one["unit"] == "money" else max(0.0, low - (high - low) * 0.35)
    shapes, words = _spans(months, one, notes, view, told, role)
    values = ticks(bottom, high, 3)
    januaries = [month for month in months if month.month == 1] or list(months[::3])
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [month.isoformat() for month in months],
        "y": list(series),
        "line": {"color": colour(role, "light"), "width": 2.2},
        "marker": {"size": 4, "color": colour(role, "light")},
        "hovertemplate": [
            f"{fmt.month(month, view.lang)}: {told(value)}<extra></extra>"
            for month, value in zip(months, series, strict=True)
        ],
    }
    return {
        "data": [line],
        "layout": {
            "margin": {"l": LEFT, "r": RIGHT, "t": 4, "b": 30},
            "shapes": shapes,
            "annotations": words,
            "xaxis": {
                "type": "date",
                "showgrid": False,
                "tickangle": 0,
                "ticklabelstandoff": 8,
                "tickvals": [month.isoformat() for month in januaries],
                "ticktext": [fmt.month(month, view.lang) for month in januaries],
                "range": [(months[0] - HALF).isoformat(), (months[-1] + HALF).isoformat()],
            },
            "yaxis": {
                "range": [bottom, high + (high - bottom) * 0.2 or bottom + 1],
                "tickvals": values,
                "ticktext": [_tick(value, values, one, view) for value in values],
            },
        },
    }


def _spans(
    months: Sequence[date], one: Row, notes: Row, view: View, told: Told, role: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The two bands with their means, and what they are called; close together, each has a line of its own."""
    shapes, words, starts = [], [], []
    for name, ink, tint, value in (
        ("baseline", "text-2", "neutral", one["baseline"]),
        ("now", role, role, one["value"]),
    ):
        first, last = notes[f"{name}_from"], notes[f"{name}_until"]
        if first is None:
            continue
        ends = {"x0": (first - HALF).isoformat(), "x1": (last + HALF).isoformat()}
        fill = {"fillcolor": alpha(tint, 0.12, "light"), "line": {"width": 0}, "layer": "below"}
        shapes.append({"type": "rect", **ends, "y0": 0, "y1": 1, "yref": "paper", **fill})
        label = view.t(f"outcomes.{name}")
        if value is not None:
            line = {"color": colour(ink, "light"), "width": 2, "dash": "dot"}
            shapes.append({"type": "line", **ends, "y0": value, "y1": value, "line": line})
            label = f"{label} <b>{told(value)}</b>"
        starts.append(first)
        near = (first - starts[0]).days < 0.45 * (months[-1] - months[0]).days
        place = {"x": (first + (last - first) / 2).isoformat(), "xanchor": "center", "y": 1, "yref": "paper"}
        drop = LINE if near and name == "now" else 0
        font = {"size": 12, "color": colour(ink, "light")}
        words.append({"text": label, **place, "yanchor": "top", "yshift": -3 - drop, "font": font})
    return shapes, words


def _tick(value: float, values: Sequence[float], one: Row, view: View) -> str:
    if one["unit"] == "money":
        unit = fmt.unit_for([max(values)], view.lang)
        places = digits([each / unit.divisor for each in values])
        return fmt.money(value, view.company.currency, unit, places) if value else "0"
    if one["unit"] == "ratio":
        return fmt.percent(value, digits([each * 100 for each in values]))
    return fmt.number(value, digits(list(values)))
