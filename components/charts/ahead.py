"""The stock of one item ahead: open orders and receipts netted as steps, and what is left if it sells as expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components.rows import number
from components.theme import alpha, colour

if TYPE_CHECKING:
    from components.desk.view import View

Row = Mapping[str, Any]
Point = tuple[date, float]
MIN_DAYS, MAX_DAYS = 42, 112
DAY = {"en": "%-d %b", "zh": "%-m月%-d日"}
NARROW = 300, 230  # px of the plot on a phone: labels that would collide there are left out, the largest stay


def booked(balance: Sequence[Row], last: date) -> list[Point]:
    """The corners of the steps up to `last`."""
    points: list[Point] = []
    for one in balance:
        if one["day"] > last:
            break
        if points:
            points.append((one["day"], points[-1][1]))
        points.append((one["day"], number(one["balance"])))
    return [*points, (last, points[-1][1])] if points else []


def if_expected(balance: Sequence[Row], expected: Sequence[Row], today: date, last: date) -> list[Point]:
    """Day by day what is left if demand comes as expected and receipts as dated; orders are part of that demand."""
    if not balance or not expected:
        return []
    comes = {one["day"]: number(one["comes"]) for one in balance}
    first = balance[0]
    level = number(first["balance"]) + number(first["leaves"])  # what is on hand, and comes in today
    points = [(today, level)]
    rates = [
        (
            int(one["from_day"]),
            int(one["to_day"]),
            number(one["quantity"]) / max(1, int(one["to_day"] - one["from_day"])),
        )
        for one in expected
    ]
    for n in range(1, (last - today).days + 1):
        rate = next((rate for start, end, rate in rates if start < n <= end), 0.0)
        day = today + timedelta(days=n)
        level -= rate
        if comes.get(day):
            points.append((day, level))
            level += comes[day]
        points.append((day, level))
    return points


def run_out(points: Sequence[Point]) -> date | None:
    """The day in which the stock is used up; None where it lasts."""
    for (day, _), (_, value) in zip(points, points[1:], strict=False):
        if value < 0:
            return day
    return None


def last_day(balance: Sequence[Row], today: date, lead_days: int | None) -> date:
    """Where the chart ends: a little past the last thing known, and past what would be ordered today."""
    known = max([(one["day"] - today).days for one in balance] or [0])
    return today + timedelta(days=min(MAX_DAYS, max(MIN_DAYS, known + 7, (lead_days or 0) + 4)))


def figure(
    balance: Sequence[Row], expected: Sequence[Row], view: View, *, safety: float, lead_days: int | None
) -> dict[str, Any]:
    """The chart. safety: the grey band's height; lead_days: an order placed today is there after so many."""
    today, last = view.today, last_day(balance, view.today, lead_days)
    steps, hope = booked(balance, last), if_expected(balance, expected, today, last)
    values = [value for _, value in (*steps, *hope)]
    top, low = max([*values, safety, 1.0]), min([*values, 0.0])
    data = [
        _area(steps, alpha("erp", 0.13, "light"), above=True),
        _area(steps, colour("crit-fill", "light"), above=False),
        _line(hope, colour("text-3", "light"), 1.6, "dot", view),
        _line(steps, colour("erp", "light"), 2.2, None, view),
    ]
    shapes = [_rect(today, last, 0, safety, colour("grid", "light"))] if safety > 0 else []
    shapes.append(_rule(today, last, 0))
    span = low - 0.08 * (top - low), top + 0.12 * (top - low)
    words = _words(balance, hope, view, last, safety, span)
    if lead_days is not None and today + timedelta(days=lead_days) <= last:
        shapes.append(_mark(today + timedelta(days=lead_days)))
    return {
        "data": [one for one in data if one["x"]],
        "layout": {
            "margin": {"l": 48, "r": 16, "t": 22, "b": 22},
            "shapes": shapes,
            "annotations": words,
            "xaxis": {
                "range": [today.isoformat(), (last + timedelta(days=1)).isoformat()], "showgrid": False, "type": "date",
                "nticks": 6, "tickangle": 0, "tickformat": DAY[view.lang],
            },
            "yaxis": {"range": list(span), "nticks": 5, "tickformat": ",~f"},
        },
    }  # fmt: skip


def _words(
    balance: Sequence[Row], hope: list[Point], view: View, last: date, safety: float, span: tuple[float, float]
) -> list[dict[str, Any]]:
    words = []
    low, high = span
    taken: list[tuple[float, float, float]] = []
    for one in sorted(balance, key=lambda one: -number(one["comes"])):
        if not number(one["comes"]) or one["day"] > last:
            continue
        day = fmt.short_date(one["day"], view.lang)
        label = f"<b>+{fmt.number(one['comes'])}</b> {day}"
        right = (one["day"] - view.today).days / (last - view.today).days * NARROW[0]
        left = right - fmt.text_width(label.replace("<b>", "").replace("</b>", ""), 12)
        level = (number(one["balance"]) - low) / (high - low) * NARROW[1]
        if any(left < b and a < right and abs(level - y) < 16 for a, b, y in taken) or left < -40:
            continue
        taken.append((left, right, level))
        words.append(_word(label, one["day"], number(one["balance"]), "y", "right", (-5, 8), colour("text", "light")))
    out = run_out(hope)
    if out is not None:
        label = view.t("item.ahead.out", day=fmt.short_date(out, view.lang))
        words.append(_word(f"<b>{label}</b>", out, 0, "y", "left", (4, -12), colour("crit", "light")))
    if safety > 0:
        words.append(_word(view.t("item.ahead.safety", n=fmt.number(safety)), view.today, safety, "y", "left", (6, 8),
                           colour("text-3", "light")))  # fmt: skip
    return words


def _area(steps: list[Point], fill: str, *, above: bool) -> dict[str, Any]:
    cut = [(day, max(value, 0.0) if above else min(value, 0.0)) for day, value in steps]
    return {
        "type": "scatter", "mode": "lines", "fill": "tozeroy", "fillcolor": fill, "line": {"width": 0},
        "hoverinfo": "skip", "x": [day.isoformat() for day, _ in cut], "y": [value for _, value in cut],
    }  # fmt: skip


def _line(points: list[Point], ink: str, width: float, dash: str | None, view: View) -> dict[str, Any]:
    line: dict[str, Any] = {"color": ink, "width": width} | ({"dash": dash} if dash else {})
    return {
        "type": "scatter", "mode": "lines", "line": line,
        "hovertemplate": f"%{{x|{DAY[view.lang]}}}: %{{y:,.0f}}<extra></extra>",
        "x": [day.isoformat() for day, _ in points], "y": [value for _, value in points],
    }  # fmt: skip


def _rect(first: date, last: date, low: float, high: float, fill: str) -> dict[str, Any]:
    return {
        "type": "rect", "x0": first.isoformat(), "x1": last.isoformat(), "y0": low, "y1": high, "layer": "below",
        "fillcolor": fill, "line": {"width": 0},
    }  # fmt: skip


def _rule(first: date, last: date, level: float) -> dict[str, Any]:
    return {
        "type": "line", "x0": first.isoformat(), "x1": last.isoformat(), "y0": level, "y1": level,
        "line": {"color": colour("neutral", "light"), "width": 1.5},
    }  # fmt: skip


def _mark(day: date) -> dict[str, Any]:
    return {
        "type": "line", "x0": day.isoformat(), "x1": day.isoformat(), "y0": 0, "y1": 1, "yref": "paper",
        "line": {"color": colour("text", "light"), "width": 1.5, "dash": "dot"},
    }  # fmt: skip


def _word(text: str, day: date, y: float, yref: str, side: str, shift: tuple[float, float], ink: str) -> dict[str, Any]:
    return {
        "text": text, "x": day.isoformat(), "y": y, "yref": yref, "xanchor": side, "yanchor": "middle",
        "showarrow": False, "xshift": shift[0], "yshift": shift[1], "font": {"size": 12, "color": ink},
    }  # fmt: skip
