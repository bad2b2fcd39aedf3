"""What customers asked for of one item week by week, what empty shelves hid, what was said of it, what is expected."""

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
Dict = dict[str, Any]
MONTH = {"en": "%b", "zh": "%-m月"}
HALF = timedelta(days=3, hours=12)
PLOT_PX, LABEL_PX = 150, 17  # least height of the plot, and of a name at its right end


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


def figure(weeks: Sequence[Row], outlook: Sequence[Row], view: View) -> Dict:
    """weeks: of queries/item/sold.sql; outlook: of queries/item/outlook.sql."""
    full = [one for one in weeks if not one["is_current"]]
    ahead = [one for one in outlook if one["expected"] is not None]
    days, values = [one["week_start"] for one in full], [number(one["quantity"]) for one in full]
    joint = days[-1:] + [one["week_start"] for one in ahead]
    data = [_band(ahead, share, days, values) for share in ("95", "80")]
    data.append(_line(joint, values[-1:] + [number(one["expected"]) for one in ahead], "erp", 2.2, view))
    data += _hidden(full, outlook)
    said = [one for one in outlook if one["said"] is not None]
    data.append(
        _line([one["week_start"] for one in said], [number(one["said"]) for one in said], "erp", 2, view, dash="dash")
    )
    data.append(_line(days, values, "text", 2.2, view))
    drawn = [one for one in data if one["x"]]
    top = max([*(y for one in drawn for y in one["y"]), 1.0])
    low = min([*values, 0.0])
    last = joint[-1] if joint else view.today
    return {
        "data": drawn,
        "layout": {
            "margin": {"l": 44, "r": 72 if ahead else 12, "t": 20, "b": 22},
            "shapes": [*_shades(weeks), _today(view)],
            "annotations": _words(full, ahead, said, view, low, top * 1.08),
            "xaxis": {
                "type": "date",
                "showgrid": False,
                "nticks": 5,
                "tickangle": 0,
                "tickformat": MONTH[view.lang],
                "range": [days[0].isoformat() if days else view.today.isoformat(), last.isoformat()],
            },
            "yaxis": {"range": [low, top * 1.08], "nticks": 5, "tickformat": ",~f"},
        },
    }


def _line(
    days: Sequence[date], values: Sequence[float], ink: str, width: float, view: View, dash: str | None = None
) -> Dict:
    hover = [f"{fmt.week(day, view.lang)}: {fmt.number(value)}" for day, value in zip(days, values, strict=True)]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [day.isoformat() for day in days],
        "y": list(values),
        "hovertext": hover,
        "hoverinfo": "text",
        "line": {"color": colour(ink, "light"), "width": width} | ({"dash": dash} if dash else {}),
    }


def _band(ahead: Sequence[Row], share: str, days: Sequence[date], values: Sequence[float]) -> Dict:
    """An interval as one outline that opens at the last week sold."""
    known = [one for one in ahead if one[f"expected_hi{share}"] is not None]
    xs = [one["week_start"].isoformat() for one in known]
    high, low = ([number(one[f"expected_{end}{share}"]) for one in known] for end in ("hi", "lo"))
    start = [day.isoformat() for day in days[-1:]] if known else []
    first = list(values[-1:]) if known else []
    return {
        "type": "scatter",
        "mode": "lines",
        "fill": "toself",
        "x": start + xs + xs[::-1] + start,
        "y": first + high + low[::-1] + first,
        "line": {"width": 0},
        "fillcolor": alpha("erp", 0.14 if share == "95" else 0.18, "light"),
        "hoverinfo": "skip",
    }


def _hidden(weeks: Sequence[Row], outlook: Sequence[Row]) -> list[Dict]:
    """What they would have bought, from the week before to the week after each stretch."""
    known = {one["week_start"]: number(one["hidden_demand"]) for one in outlook if one["hidden_demand"] is not None}
    found: list[Dict] = []
    for n, one in enumerate(weeks):
        day = one["week_start"]
        if day not in known:
            continue
        if not found or found[-1]["last"] != n - 1:
            before = weeks[n - 1] if n else one
            found.append({"x": [before["week_start"]], "y": [number(before["quantity"])], "last": n})
        found[-1] |= {"last": n}
        found[-1]["x"].append(day)
        found[-1]["y"].append(known[day])
    for spell in found:
        if spell["last"] + 1 < len(weeks):
            after = weeks[spell["last"] + 1]
            spell["x"].append(after["week_start"])
            spell["y"].append(number(after["quantity"]))
    line = {"color": colour("text-3", "light"), "width": 1.8, "dash": "dot"}
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [day.isoformat() for day in one["x"]],
            "y": one["y"],
            "line": line,
            "hoverinfo": "skip",
        }
        for one in found
    ]


def _shades(weeks: Sequence[Row]) -> list[Dict]:
    return [
        {
            "type": "rect",
            "x0": str(weeks[first]["week_start"] - HALF),
            "x1": str(weeks[last]["week_start"] + HALF),
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "layer": "below",
            "fillcolor": colour("crit-bg", "light"),
            "line": {"width": 0},
        }
        for first, last in spells(weeks)
    ]


def _today(view: View) -> Dict:
    line = {"color": colour("neutral", "light"), "width": 1.2}
    return {
        "type": "line",
        "x0": view.today.isoformat(),
        "x1": view.today.isoformat(),
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": line,
    }


def _words(
    full: Sequence[Row], ahead: Sequence[Row], said: Sequence[Row], view: View, low: float, top: float
) -> list[Dict]:
    words = [_word(view.t("item.sold.today"), view.today.isoformat(), 1, "paper", "center", 10, "text-3")]
    shaded = spells(full)
    if shaded:
        first, last = max(shaded, key=lambda one: one[1] - one[0])
        middle = full[(first + last) // 2]["week_start"]
        if (view.today - middle).days > 60:
            words.append(_word(view.t("item.sold.empty"), middle.isoformat(), 1, "paper", "center", 10, "crit"))
    if said:
        day = fmt.short_date(said[0]["week_start"], view.lang)
        words.append(
            _word(
                f"<b>{view.t('item.sold.said', day=day)}</b>",
                said[0]["week_start"].isoformat(),
                low + 0.04 * (top - low),
                "y",
                "right",
                0,
                "erp",
            )
        )
    if not ahead:
        return words
    end = ahead[-1]
    names = [
        (f"<b>{view.t('forecast.forecast')}</b>", end["expected"], "erp"),
        ("95%", end["expected_hi95"], "text-3"),
        ("80%", end["expected_lo80"], "text-3"),
    ]
    upper = float("inf")
    for text, value, ink in sorted(((t, number(v), i) for t, v, i in names if v is not None), key=lambda one: -one[1]):
        px = value / (top - low) * PLOT_PX
        shift = min(0.0, upper - LABEL_PX - px)
        upper = px + shift
        words.append(_word(text, end["week_start"].isoformat(), value, "y", "left", shift, ink) | {"xshift": 8})
    return words


def _word(text: str, x: str, y: float, yref: str, side: str, up: float, ink: str) -> Dict:
    return {
        "text": text,
        "x": x,
        "y": y,
        "yref": yref,
        "xanchor": side,
        "yanchor": "middle",
        "yshift": round(up, 1),
        "showarrow": False,
        "font": {"size": 12, "color": colour(ink, "light")},
    }
