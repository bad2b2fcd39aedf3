"""The quarter: booked so far, then with open deals at their weight and their spread, against the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components.rows import number
from components.theme import alpha, colour

if TYPE_CHECKING:
    from components.desk.view import View

RIGHT, LEFT, LINE = 116, 40, 15  # px: gutters, and the least distance of two labels
PLOT = 190  # px: about how high the plot is, to keep labels apart
STEPS = (1, 2, 2.5, 5)


def figure(days: Sequence[Mapping[str, Any]], today: date, view: View, unit: fmt.Unit) -> dict[str, Any]:
    """days: rows of the panel in their order; money is drawn in `unit`."""
    ahead = [one for one in days if one["day"] >= today]
    past = [one for one in days if one["day"] <= today]
    end, now = days[-1], past[-1]
    top = max(number(one) for one in (end["likely_hi80"], end["plan_to_date"], now["booked_to_date"], 1)) * 1.06
    data = [
        _line(ahead, "likely_lo80", width=0),
        _line(ahead, "likely_hi80", width=0, fill="tonexty", fillcolor=alpha("crm", 0.15, "light")),
        _line(past, "booked_to_date", ink="text", width=2.4),
        _line(ahead, "likely", ink="crm", width=2.4),
    ]
    money = {name: fmt.money(end[name], view.company.currency, unit) for name in ("likely", "plan_to_date")}
    words = [(number(end["likely"]), f"<b>{view.t('sales.quarter.likely')} {money['likely']}</b>", "crm"),
             (number(end["likely_lo80"]), view.t("sales.quarter.band"), "text-3")]  # fmt: skip
    if end["plan_to_date"] is not None:
        data.insert(2, _line(days, "plan_to_date", ink="neutral", width=2, dash="dot"))
        words.append((number(end["plan_to_date"]), f"{view.t('sales.quarter.plan')} <b>{money['plan_to_date']}</b>", "text-2"))
    booked = fmt.money(now["booked_to_date"], view.company.currency, unit)
    labels = [_label(text, end["day"], y, ink) for (_, text, ink), y in zip(sorted(words), _apart(words, top), strict=True)]
    room_left = (now["day"] - days[0]["day"]).days > 30
    labels.append(
        {"text": f"{view.t('sales.quarter.booked')} <b>{booked}</b>", "x": now["day"].isoformat(), "y": now["booked_to_date"],
         "xanchor": "right" if room_left else "left", "yanchor": "bottom" if room_left else "top", "xshift": -8 if room_left else 8,
         "yshift": 4 if room_left else -4, "font": {"size": 12, "color": colour("text", "light")}}
    )  # fmt: skip
    labels.append(
        {"text": view.t("sales.quarter.today"), "x": now["day"].isoformat(), "y": 1, "yref": "paper", "yanchor": "top",
         "xanchor": "right", "xshift": -5, "font": {"size": 12, "color": colour("text-2", "light")}}
    )  # fmt: skip
    ticks = _ticks(top)
    months = [one["day"] for one in days if one["day"].day == 1]
    return {
        "data": data,
        "layout": {
            "margin": {"l": LEFT, "r": RIGHT, "t": 8, "b": 22},
            "shapes": [
                {"type": "line", "x0": now["day"].isoformat(), "x1": now["day"].isoformat(), "y0": 0, "y1": 1, "yref": "paper",
                 "line": {"color": colour("neutral", "light"), "width": 1}}
            ],
            "annotations": labels,
            "xaxis": {"type": "date", "range": [days[0]["day"].isoformat(), end["day"].isoformat()], "showgrid": False,
                      "tickvals": [day.isoformat() for day in months],
                      "ticktext": [fmt.short_date(day, view.lang) for day in months]},
            "yaxis": {"range": [0, top], "tickvals": ticks, "ticktext": [fmt.number(v / unit.divisor, 0) for v in ticks]},
            "hovermode": False,
        },
    }  # fmt: skip


def _line(days: Sequence[Mapping[str, Any]], name: str, *, ink: str = "crm", width: float, dash: str = "solid", **more: Any) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "x": [one["day"].isoformat() for one in days], "y": [one[name] for one in days],
        "line": {"color": colour(ink, "light"), "width": width, "dash": dash}, "hoverinfo": "skip", **more,
    }  # fmt: skip


def _label(text: str, day: date, y: float, ink: str) -> dict[str, Any]:
    return {"text": text, "x": day.isoformat(), "y": y, "xanchor": "left", "yanchor": "middle", "xshift": 7,
            "font": {"size": 12, "color": colour(ink, "light")}}  # fmt: skip


def _apart(words: Sequence[tuple[float, str, str]], top: float) -> list[float]:
    """Where the labels of the right edge stand, from the lowest: never closer than a line."""
    least, found = top * LINE / PLOT, []
    for value, _, _ in sorted(words):
        found.append(max(value, found[-1] + least) if found else max(value, least / 2))
    return found


def _ticks(top: float) -> list[float]:
    """Two to four round amounts up to `top`."""
    size = 10 ** (len(str(int(top))) - 1)
    steps = [step * size / 10 for step in (*STEPS, *(step * 10 for step in STEPS))]
    step = next(step for step in steps if top / step < 5)
    return [step * k for k in range(1, int(top / step) + 1)]
