"""What customers asked for of one item week by week, with the weeks in which there was nothing on hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components.rows import number
from components.theme import colour

if TYPE_CHECKING:
    from components.desk.view import View

Row = Mapping[str, Any]
MONTH = {"en": "%b %y", "zh": "%y年%-m月"}


def spells(weeks: Sequence[Row]) -> list[tuple[int, int]]:
    """Stretches of weeks that ended with nothing on hand: (first, last)."""
    found: list[tuple[int, int]] = []
    for n, one in enumerate(weeks):
        if number(one["on_hand"]) <= 0:
            if found and found[-1][1] == n - 1:
                found[-1] = (found[-1][0], n)
            else:
                found.append((n, n))
    return found


def figure(weeks: Sequence[Row], view: View) -> dict[str, Any]:
    """Bars a week (the current one pale), the mean of 13 weeks as a line, stock-outs shaded."""
    days = [one["week_start"] for one in weeks]
    values = [number(one["quantity"]) for one in weeks]
    mean = [sum(values[max(0, n - 12) : n + 1]) / min(n + 1, 13) for n in range(len(values) - 1)]
    top = max([*values, 1.0])
    ink = [colour("erp-dim" if one["is_current"] else "erp-rest", "light") for one in weeks]
    data = [
        {
            "type": "bar",
            "x": [day.isoformat() for day in days],
            "y": values,
            "marker": {"color": ink},
            "width": 5.2 * 86_400_000,
            "hovertext": [
                f"{fmt.week(day, view.lang)}: {fmt.number(value)}" for day, value in zip(days, values, strict=True)
            ],
            "hoverinfo": "text",
        },
        {
            "type": "scatter",
            "mode": "lines",
            "x": [day.isoformat() for day in days[:-1]],
            "y": mean,
            "hoverinfo": "skip",
            "line": {"color": colour("text", "light"), "width": 2.2},
        },
    ]
    shapes = []
    half = timedelta(days=3, hours=12)
    for first, last in spells(weeks):
        shapes.append(
            {
                "type": "rect",
                "x0": str(days[first] - half),
                "x1": str(days[last] + half),
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "layer": "below",
                "fillcolor": colour("crit-bg", "light"),
                "line": {"width": 0},
            }
        )
    return {
        "data": data,
        "layout": {
            "margin": {"l": 44, "r": 12, "t": 10, "b": 22},
            "shapes": shapes,
            "xaxis": {"type": "date", "showgrid": False, "nticks": 6, "tickangle": 0, "tickformat": MONTH[view.lang]},
            "yaxis": {"range": [min([*values, 0.0]), top * 1.08], "nticks": 5, "tickformat": ",~f"},
            "bargap": 0.2,
        },
    }
