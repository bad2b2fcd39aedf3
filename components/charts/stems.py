"""Orders as stems: one a week with orders, so that rhythm and silence show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor, log10
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components.charts.months import month_and_year, month_starts
from components.rows import number
from components.theme import colour

if TYPE_CHECKING:
    from components.desk.view import View

SIZE = 12
QUIET = 0.085  # height of a quiet stretch, of the axis
TOLD = 12  # weeks of silence that have room for their number
Week = Mapping[str, Any]


def figure(weeks: Sequence[Week], quiet: Sequence[tuple[int, int]], unit: fmt.Unit, view: View) -> dict[str, Any]:
    """The chart as a plain dict; x counts weeks, y is in `unit`."""
    drawn = [
        (n, number(week["booked"]) / unit.divisor) for n, week in enumerate(weeks) if week["orders"] or week["booked"]
    ]
    low, high = min([0.0, *(y for _, y in drawn)]), max([0.0, *(y for _, y in drawn)])
    bottom, ticks = 1.05 * low, round_ticks(high)
    room = 1.16 * ((high or 1.0) - bottom)
    xs = [x for n, _ in drawn for x in (n, n, None)]
    ys = [y for _, value in drawn for y in (0, round(value, 4), None)]
    stems = {"type": "scatter", "mode": "lines", "x": xs, "y": ys, "hoverinfo": "skip",
             "line": {"color": colour("erp-dim", "light"), "width": 2}}  # fmt: skip
    heads = {
        "type": "scatter", "mode": "markers", "x": [n for n, _ in drawn], "y": [round(y, 4) for _, y in drawn],
        "marker": {"symbol": "square", "size": 7.5, "color": colour("erp", "light")},
        "hovertemplate": [_hover(weeks[n], unit, view) for n, _ in drawn], "name": "",
    }  # fmt: skip
    digits = 0 if all(tick == int(tick) for tick in ticks) else 1 if all(round(t, 1) == t for t in ticks) else 2
    figures = [fmt.number(tick, digits) for tick in ticks]
    starts = month_starts(weeks[0]["week_start"], weeks[-1]["week_start"], 5)
    dates = [((start - weeks[0]["week_start"]).days / 7, month_and_year(start, view.lang)) for start in starts]
    words = [_silence(one, room, bottom, view) for one in quiet if one[1] > TOLD]
    last = len(weeks) - 1
    dates = [(x, text) for x, text in dates if last - x > 6] + [(last, view.t("customer.orders.now"))]
    return {
        "data": [stems, heads],
        "layout": {
            "margin": {"l": 14 + max([fmt.text_width(t, SIZE) for t in figures] or [0]), "r": 22, "t": 16, "b": 24},
            "annotations": [_largest(drawn, unit, view), *words],
            "shapes": [_band(one, room, bottom) for one in quiet],
            "xaxis": {"range": [-1.5, last + 1], "showgrid": False, "tickvals": [x for x, _ in dates],
                      "ticktext": [text for _, text in dates]},
            "yaxis": {"range": [bottom, bottom + room], "tickvals": ticks, "ticktext": figures, "zeroline": True,
                      "zerolinecolor": colour("rule", "light")},
        },
    }  # fmt: skip


def round_ticks(high: float) -> list[float]:
    """Two to five round values above zero, up to `high`."""
    if high <= 0:
        return []
    power = 10.0 ** floor(log10(high))
    step = next(power * m for m in (0.2, 0.25, 0.5, 1.0, 2.0) if high / (power * m) < 5)
    return [round(step * (n + 1), 9) for n in range(int(high / step + 1e-9))]


def _hover(week: Week, unit: fmt.Unit, view: View) -> str:
    money = fmt.money(week["booked"], view.company.currency, unit)
    text = view.t(
        "customer.orders.week", day=fmt.short_date(week["week_start"], view.lang), money=money, n=week["orders"]
    )
    return fmt.plotly_text(text) + "<extra></extra>"


def _largest(drawn: Sequence[tuple[int, float]], unit: fmt.Unit, view: View) -> dict[str, Any]:
    n, value = max(drawn, key=lambda pair: pair[1])
    text = view.t("customer.orders.largest", money=fmt.money(value * unit.divisor, view.company.currency, unit))
    anchor = "left" if n < 8 else "right" if n > 95 else "center"
    return _word(text, n, value, anchor, 13, "text")


def _silence(stretch: tuple[int, int], room: float, bottom: float, view: View) -> dict[str, Any]:
    first, weeks = stretch
    text = view.t("customer.orders.quiet", n=weeks)
    at = first + weeks / 2 - 0.5
    anchor = "right" if at > 97 else "center"
    return _word(text, at if anchor == "center" else first + weeks, bottom + QUIET * room, anchor, 9, "text-2")


def _band(stretch: tuple[int, int], room: float, bottom: float) -> dict[str, Any]:
    first, weeks = stretch
    return {
        "type": "rect", "x0": first - 0.45, "x1": first + weeks - 0.55, "y0": bottom, "y1": bottom + QUIET * room,
        "line": {"width": 0}, "fillcolor": colour("blank-2", "light"), "layer": "below",
    }  # fmt: skip


def _word(text: str, x: float, y: float, anchor: str, up: float, ink: str) -> dict[str, Any]:
    return {"text": fmt.plotly_text(text), "x": x, "y": y, "xanchor": anchor, "yanchor": "middle", "yshift": up,
            "font": {"size": SIZE, "color": colour(ink, "light")}}  # fmt: skip
