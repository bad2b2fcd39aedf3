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

LEFT, RIGHT = 52, 12


def figure(
    months: Sequence[date],
    one: Mapping[str, Any],
    notes: Mapping[str, Any],
    view: View,
    told: Callable[[Any], str],
    role: str,
) -> dict[str, Any]:
    """months: first days of the full months, one a point of `one["series"]`; told: a value in words."""
    series = one["series"]
    known = [value for value in (*series, one["value"], one["baseline"]) if value is not None]
    low, high = min(known), max(known)
    # Money stands on zero; shares and scores move little, so that their axis begins near the lowest.
    bottom = 0.0 if one["unit"] == "money" else max(0.0, low - (high - low) * 0.35)
    top = high + (high - bottom) * 0.2
    shapes, words = [], []
    for name, ink, value in (("baseline", "text-2", one["baseline"]), ("now", role, one["value"])):
        first, last = notes[f"{name}_from"], notes[f"{name}_until"]
        if first is None:
            continue
        x0, x1 = (first - timedelta(days=15)).isoformat(), (last + timedelta(days=15)).isoformat()
        band = {"type": "rect", "x0": x0, "x1": x1, "y0": 0, "y1": 1, "yref": "paper", "line": {"width": 0}}
        tint = alpha("neutral" if name == "baseline" else role, 0.12, "light")
        shapes.append({**band, "fillcolor": tint, "layer": "below"})
        label = view.t(f"outcomes.{name}")
        if value is not None:
            line = {"color": colour(ink, "light"), "width": 2, "dash": "dot"}
            shapes.append({"type": "line", "x0": x0, "x1": x1, "y0": value, "y1": value, "line": line})
            label = f"{label} <b>{told(value)}</b>"
        middle = (first + (last - first) / 2).isoformat()
        font = {"size": 12, "color": colour(ink, "light")}
        place = {"x": middle, "y": 1, "yref": "paper", "yanchor": "top", "yshift": -3, "xanchor": "center"}
        words.append({"text": label, "font": font, **place})
    line = {
        "type": "scatter", "mode": "lines+markers", "x": [month.isoformat() for month in months], "y": list(series),
        "line": {"color": colour(role, "light"), "width": 2.2}, "marker": {"size": 4, "color": colour(role, "light")},
        "hovertemplate": [f"{fmt.month(month, view.lang)}: {told(value)}<extra></extra>"
                          for month, value in zip(months, series, strict=True)],
    }  # fmt: skip
    values = ticks(bottom, high, 3)
    shown = [month for month in months if month.month in (1, 7)] or list(months)
    return {
        "data": [line],
        "layout": {
            "margin": {"l": LEFT, "r": RIGHT, "t": 4, "b": 22},
            "shapes": shapes,
            "annotations": words,
            "xaxis": {
                "type": "date", "showgrid": False, "tickvals": [month.isoformat() for month in shown],
                "ticktext": [fmt.month(month, view.lang) for month in shown],
                "range": [(months[0] - timedelta(days=16)).isoformat(), (months[-1] + timedelta(days=16)).isoformat()],
            },
            "yaxis": {"range": [bottom, top], "tickvals": values, "ticktext": [_tick(value, values, one, view) for value in values]},
        },
    }  # fmt: skip


def _tick(value: float, values: Sequence[float], one: Mapping[str, Any], view: View) -> str:
    if one["unit"] == "money":
        unit = fmt.unit_for([max(values)], view.lang)
        places = digits([each / unit.divisor for each in values])
        return fmt.money(value, view.company.currency, unit, places) if value else "0"
    if one["unit"] == "ratio":
        return fmt.percent(value, digits([each * 100 for each in values]))
    return fmt.number(value, digits(list(values)))
