"""Weekly sales: what was, what is expected with its bands, and what the work centres can make of it, else last year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10
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
ROOM = 1.25  # a capacity above so many times the expected demand is cut at the top and told: it binds nobody
WEEKS_NAMED = 8
APART_PX = 24  # px between two names at the right end
Dict = dict[str, Any]


def forecast(result: Result, lang: str, company: Company) -> Dict:
    """Figure and head of the panel: a finding where demand passes capacity."""
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
    both = any(row.get("hi95") is not None for row in future)
    kind = "forecast.note_bare" if both else "forecast.note" if with_band else "forecast.note_plain"
    head["note"] = t(lang, kind, unit=counted, model=named)
    over = passing(future)
    if over:
        head["title"] = t(lang, "forecast.passes", week=fmt.week(over[0]["week_start"], lang))
    spoken = [fmt.money(value, company.currency, unit, 1) for value in _spoken(future)]
    head["aria"] = t(lang, "forecast.aria", next=spoken[0], low=spoken[1], high=spoken[2], n=len(future))
    return {"figure": figure(rows, unit, lang, company.currency), "head": head}


def passing(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The weeks in which more is expected than the work centres can make."""
    return [row for row in rows if row.get("capacity") is not None and float(row["mean"]) > float(row["capacity"])]


def _spoken(future: list[Dict]) -> tuple[float, float, float]:
    means = [float(row["mean"]) for row in future]
    return means[min(1, len(means) - 1)], min(means), max(means)


def _line(xs: list[int], ys: list[float], **line: Any) -> Dict:
    return {"type": "scatter", "mode": "lines", "x": xs, "y": [round(y, 4) for y in ys], "line": line}


def figure(rows: list[Dict], unit: fmt.Unit, lang: str, currency: str) -> Dict:
    """The chart as a plain dict; x counts weeks from the first row, y is in the panel's unit."""

    def pairs(name: str) -> tuple[list[int], list[float]]:
        known = [(i, float(row[name]) / unit.divisor) for i, row in enumerate(rows) if row.get(name) is not None]
        return [i for i, _ in known], [y for _, y in known]

    past_x, past = pairs("actual")
    next_x, mean = pairs("mean")
    made_x, made = pairs("capacity")
    beside_x, beside = (made_x, made) if made else pairs("last_year")
    joined_x, joined = (past_x[-1:] + next_x, past[-1:] + mean) if past else (next_x, mean)
    last, now = len(rows) - 1, past_x[-1] if past else next_x[0]
    bands = [_band(rows, unit, share, past_x[-1:], past[-1:]) for share in ("95", "80")]
    drawn = [y for trace in bands for y in trace["y"]] + past + mean
    drawn += [y for y in beside if y <= ROOM * max(mean)]
    low, high, ticks = scale(min(drawn), max(drawn))
    low -= 0.3 * (high - low) if len(past) < ENOUGH else 0.0  # room for a remark under the band
    data: list[Dict] = [trace for trace in bands if trace["y"]]
    shape = "hv" if made else "linear"
    edge = [*beside_x, last + 1] if made and beside_x else beside_x
    level = [min(y, high) for y in (*beside, *(beside[-1:] if made else []))]
    data.append(_line(edge, level, color=colour("text-2"), width=3, dash="dot", shape=shape))
    data.append(
        _line(past_x, past, color=colour("text"), width=4) | ({"mode": "lines+markers"} if len(past) < ENOUGH else {})
    )
    data.append(_line(joined_x, joined, color=colour("erp"), width=4))
    places = [(i, row) for i, row in enumerate(rows) if row.get("mean") is not None and passing([row])]
    over = [row for _, row in places]
    if over:
        data.append(_warnings([i for i, _ in places], [float(row["mean"]) / unit.divisor for row in over]))
    digits = 0 if all(tick == int(tick) for tick in ticks) else 1
    figures = [fmt.number(tick, digits) for tick in ticks]
    left = max([36.0] + [fmt.text_width(text, SMALL) for text in figures]) + 14
    shown = list(range(0, len(rows), max(2, ceil(len(rows) / WEEKS_NAMED))))
    ends = [(t(lang, "forecast.forecast"), mean[-1], "erp")]
    if beside and beside_x[-1] == last:
        name = "last_year" if not made else "capacity_above" if beside[-1] > high else "capacity"
        ends.append((t(lang, f"forecast.{name}"), min(beside[-1], high), "text-2"))
    wide = [(name, end) for name, end in (("95%", "hi95"), ("80%", "lo80")) if rows[-1].get(end) is not None]
    if rows[-1].get("hi95") is not None:
        ends += [(name, float(rows[-1][end]) / unit.divisor, "text-3") for name, end in wide]
    marks = _ends(ends, last, high - low)
    if past:
        marks.append(_actual(past, past_x, [] if made else beside, low, high, t(lang, "forecast.actual")))
    if len(past) < ENOUGH:
        early = _mark(t(lang, "forecast.early", n=len(past)), now + (last - now) / 2, low, 0, 12, "text-2")
        marks.append(early | {"xanchor": "center"})
    if over:
        marks.append(_over(over, unit, lang, currency))
    return {
        "data": data,
        "layout": {
            "margin": {"l": round(left), "r": RIGHT, "t": TOP + (24 if over else 0), "b": BOTTOM},
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
                "tickangle": 0,
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


def _warnings(xs: list[int], ys: list[float]) -> Dict:
    """A triangle on each week that passes capacity."""
    mark = {"symbol": "triangle-up", "size": 16, "color": colour("warn"), "line": {"color": colour("bg"), "width": 2}}
    return {"type": "scatter", "mode": "markers", "x": xs, "y": [round(y, 4) for y in ys], "marker": mark}


def _over(over: Sequence[Dict], unit: fmt.Unit, lang: str, currency: str) -> Dict:
    """By how much, and when, above the plot: from the right edge of the panel, so that it is whole on any width."""
    amount = sum(float(row["mean"]) - float(row["capacity"]) for row in over)
    first, final = (fmt.week(row["week_start"], lang) for row in (over[0], over[-1]))
    weeks = first if len(over) == 1 else f"{first}–{final}"
    text = t(lang, "forecast.over", money=fmt.money(amount, currency, unit, 1), weeks=weeks)
    place = {"x": 1, "xref": "paper", "y": 1, "yref": "paper", "xanchor": "right", "yanchor": "bottom"}
    place |= {"xshift": RIGHT - 6, "yshift": 4}
    return {"text": f"<b>{fmt.UP} {text}</b>", "font": {"size": SMALL, "color": colour("warn")}, **place}


def _ends(ends: list[tuple[str, float, str]], last: int, span: float) -> list[Dict]:
    """Names at the right end of the lines, moved apart where they would touch; the order is that of the values."""
    placed: list[Dict] = []
    upper = float("inf")
    for text, y, ink in sorted(ends, key=lambda end: -end[1]):
        px = y / span * PLOT_PX
        shift = min(0.0, upper - APART_PX - px)
        upper = px + shift
        placed.append(_mark(text, last, y, 14, shift, ink))
    below = min((one["yshift"] for one in placed), default=0.0) / 2
    return [one | {"yshift": round(one["yshift"] - below, 1)} for one in placed]


def _band(rows: list[Dict], unit: fmt.Unit, share: str, start_x: list[int], start: list[float]) -> Dict:
    """An interval as one filled outline that opens at the last actual; nothing where it is not known."""
    low, high = f"lo{share}", f"hi{share}"
    known = [(i, row) for i, row in enumerate(rows) if row.get(high) is not None and row.get(low) is not None]
    over = [round(float(row[high]) / unit.divisor, 4) for _, row in known]
    under = [round(float(row[low]) / unit.divisor, 4) for _, row in known]
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
