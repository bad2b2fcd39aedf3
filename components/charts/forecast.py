"""Weekly sales: what was, what is expected with its 80 % band, and the same weeks of last year."""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components.i18n import has, t
from components.rows import records
from components.states import message
from components.theme import SMALL, alpha, colour

if TYPE_CHECKING:
    from data_access.config import Company
    from data_access.result import Result

RIGHT, TOP, BOTTOM = 150, 14, 28  # px; the left margin is as wide as its figures
PLOT_PX = 120  # height of the plot at 1920x1080
ENOUGH = 4  # weeks of actuals before a line means something
Dict = dict[str, Any]


def forecast(result: Result, lang: str, company: Company) -> Dict:
    """Figure and head of the panel."""
    rows = records(result)
    head: Dict = {"title": t(lang, "forecast.title")}
    future = [row for row in rows if row.get("mean") is not None]
    if not future:
        return {"tree": message("box", t(lang, "forecast.empty"), t(lang, "forecast.empty_more")), "head": head}
    figures = [row.get(name) for row in rows for name in ("actual", "hi80", "mean", "last_year")]
    unit = fmt.unit_for(figures, lang)
    model = str(result.notes.get("model") or "other")
    named = t(lang, f"forecast.model.{model if has(lang, f'forecast.model.{model}') else 'other'}")
    sign = fmt.symbol(company.currency).strip()
    counted = f"{unit.suffix}元" if lang == "zh" and company.currency == "CNY" else f"{sign}{unit.suffix}"
    with_band = any(row.get("hi80") is not None for row in future)
    head["note"] = t(lang, "forecast.note" if with_band else "forecast.note_plain", unit=counted, model=named)
    spoken = [fmt.money(value, company.currency, unit, 1) for value in _spoken(future)]
    head["aria"] = t(lang, "forecast.aria", next=spoken[0], low=spoken[1], high=spoken[2], n=len(future))
    return {"figure": figure(rows, unit, lang), "head": head}


def _spoken(future: list[Dict]) -> tuple[float, float, float]:
    means = [float(row["mean"]) for row in future]
    return means[min(1, len(means) - 1)], min(means), max(means)


def _line(xs: list[int], ys: list[float], **line: Any) -> Dict:
    return {"type": "scatter", "mode": "lines", "x": xs, "y": [round(y, 4) for y in ys], "line": line}


def figure(rows: list[Dict], unit: fmt.Unit, lang: str) -> Dict:
    """The chart as a plain dict; x counts weeks from the first row, y is in the panel's unit."""

    def pairs(name: str) -> tuple[list[int], list[float]]:
        known = [(i, float(row[name]) / unit.divisor) for i, row in enumerate(rows) if row.get(name) is not None]
        return [i for i, _ in known], [y for _, y in known]

    past_x, past = pairs("actual")
    next_x, mean = pairs("mean")
    year_x, year = pairs("last_year")
    joined_x, joined = (past_x[-1:] + next_x, past[-1:] + mean) if past else (next_x, mean)
    last, now = len(rows) - 1, past_x[-1] if past else next_x[0]
    data: list[Dict] = [_band(rows, unit, past_x[-1:], past[-1:])]
    data.append(_line(year_x, year, color=colour("text-2"), width=3, dash="dot"))
    data.append(
        _line(past_x, past, color=colour("text"), width=4) | ({"mode": "lines+markers"} if len(past) < ENOUGH else {})
    )
    data.append(_line(joined_x, joined, color=colour("erp"), width=4))
    band = [y for trace in data for y in trace["y"]]
    low, high, ticks = scale(min(band), max(band))
    low -= 0.3 * (high - low) if len(past) < ENOUGH else 0.0  # room for a remark under the band
    digits = 0 if all(tick == int(tick) for tick in ticks) else 1
    figures = [fmt.number(tick, digits) for tick in ticks]
    left = max([36.0] + [fmt.text_width(text, SMALL) for text in figures]) + 14
    every = 3 if len(rows) > 12 else 2
    shown = list(range(0, len(rows), every))
    shift = _apart(year[-1] if year else None, mean[-1], high - low)
    marks = [_mark(t(lang, "forecast.forecast"), last, mean[-1], 14, shift, "erp")]
    if year and year_x[-1] == last:
        marks.append(_mark(t(lang, "forecast.last_year"), last, year[-1], 14, -shift, "text-2"))
    if past:
        marks.append(_actual(past, past_x, year, low, high, t(lang, "forecast.actual")))
    if len(past) < ENOUGH:
        early = _mark(t(lang, "forecast.early", n=len(past)), now + (last - now) / 2, low, 0, 12, "text-2")
        marks.append(early | {"xanchor": "center"})
    return {
        "data": data,
        "layout": {
            "margin": {"l": round(left), "r": RIGHT, "t": TOP, "b": BOTTOM},
            "shapes": [
                {
                    "type": "line",
                    "yref": "paper",
                    "x0": now,
                    "x1": now,
                    "y0": 0,
                    "y1": 1,
                    "line": {"color": colour("neutral"), "width": 2},
                }
            ],
            "annotations": marks,
            "xaxis": {
                "range": [0, last],
                "tickvals": shown,
                "ticktext": [fmt.week(rows[i]["week_start"], lang) for i in shown],
                "showgrid": False,
            },
            "yaxis": {
                "range": [low, high],
                "ticklabelstandoff": 6,
                "tickvals": ticks,
                "ticktext": figures,
            },
        },
    }


def _band(rows: list[Dict], unit: fmt.Unit, start_x: list[int], start: list[float]) -> Dict:
    """The 80 % interval as one filled outline that opens at the last actual."""
    known = [(i, row) for i, row in enumerate(rows) if row.get("hi80") is not None and row.get("lo80") is not None]
    over = [round(float(row["hi80"]) / unit.divisor, 4) for _, row in known]
    under = [round(float(row["lo80"]) / unit.divisor, 4) for _, row in known]
    xs = [i for i, _ in known]
    first = [round(y, 4) for y in start] if known else []
    start_x = start_x if known else []
    return {
        "type": "scatter",
        "mode": "lines",
        "fill": "toself",
        "x": start_x + xs + xs[::-1] + start_x,
        "y": first + over + under[::-1] + first,
        "line": {"width": 0},
        "fillcolor": alpha("erp", 0.20),
    }


def scale(low: float, high: float) -> tuple[float, float, list[float]]:
    """(bottom, top, about three round ticks) of an axis that shows changes, not zero."""
    span = (high - low) or abs(high) or 1.0
    bottom, top = low - 0.12 * span, high + 0.08 * span
    raw = (top - bottom) / 3
    power = 10.0 ** floor(log10(raw))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= raw * 0.75)
    first = -(-(bottom + 0.08 * (top - bottom)) // step)  # one at the very bottom would stand in the weeks below
    ticks = [round(step * (first + i), 6) for i in range(8) if step * (first + i) <= top]
    return round(bottom, 4), round(top, 4), ticks


def _apart(one: float | None, other: float, span: float) -> float:
    """How far (px, for the forecast's label; the other moves the opposite way) two end labels must step aside."""
    if one is None:
        return 0
    distance = (other - one) / span * PLOT_PX
    missing = max(0.0, 28 - abs(distance)) / 2
    return missing if distance >= 0 else -missing


def _actual(past: list[float], xs: list[int], year: list[float], low: float, high: float, text: str) -> Dict:
    """The word beside the line, on the side where there is more room."""
    if len(past) < ENOUGH:
        return _mark(text, xs[0], past[0], 6, 18, "text")
    at = max(0, len(past) - 3)
    near = past[max(0, at - 2) : at + 2] + [year[i] for i in xs[max(0, at - 2) : at + 2] if i < len(year)]
    below = (min(near) - low) >= (high - max(near))
    y = min(near) if below else max(near)
    return _mark(text, xs[at], y, 0, -18 if below else 18, "text") | {"xanchor": "center"}


def _mark(text: str, x: float, y: float, xshift: float, yshift: float, ink: str) -> Dict:
    place = {
        "x": x,
        "y": round(y, 4),
        "xanchor": "left",
        "yanchor": "middle",
        "xshift": xshift,
        "yshift": round(yshift, 1),
    }
    return {"text": text, "font": {"size": SMALL, "color": colour(ink)}, **place}
