"""Sales against stock over twelve months, both 100 at the beginning: what lies between is what was won or lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components.charts.forecast import scale
from components.i18n import t
from components.rows import number, records
from components.states import message
from components.theme import ROW, alpha, colour

if TYPE_CHECKING:
    from data_access.config import Company
    from data_access.result import Result

LEFT, RIGHT, TOP, BOTTOM = 62, 168, 10, 30  # px
PLOT_PX = 210  # height of the plot at 1920x1080
APART_PX = 30  # least distance between the two end labels
ENOUGH = 3  # months before a line means something
STEADY = 0.005  # a change below this is none
Dict = dict[str, Any]


def month_index(result: Result, lang: str, company: Company) -> Dict:
    """Figure and head of the panel; the title says what happened."""
    rows = records(result)
    if len(rows) < ENOUGH:
        body = message("box", t(lang, "index.empty"), t(lang, "index.empty_more"))
        return {"tree": body, "head": {"title": t(lang, "index.title")}}
    sales, stock = indices(rows)
    change, held = sales[-1] / 100 - 1, stock[-1] / 100 - 1
    first = month(rows[0]["day"], lang)
    head = {
        "title": t(lang, finding(change, held)),
        "note": t(lang, "index.note", month=first),
        "aria": t(lang, "index.aria", n=len(rows), sales=signed(change), stock=signed(held)),
    }
    return {"figure": figure(rows, sales, stock, lang), "head": head}


def indices(rows: Sequence[Dict]) -> tuple[list[float], list[float]]:
    """Both series in per cent of their first point."""
    booked, stock = number(rows[0]["booked"]), number(rows[0]["stock_cost"])
    return [100 * number(r["booked"]) / booked for r in rows], [100 * number(r["stock_cost"]) / stock for r in rows]


def finding(sales: float, stock: float) -> str:
    """The title's key: which way both went."""
    if abs(sales) < STEADY or abs(stock) < STEADY:
        return "index.title"
    return f"index.finding.{'more' if sales > 0 else 'less'}_{'more' if stock > 0 else 'less'}"


def signed(change: float) -> str:
    """'+8%', '−7%'."""
    text = fmt.number(change * 100)
    return text + "%" if text.startswith(fmt.MINUS) or not text.strip("0") else f"+{text}%"


def month(day: Any, lang: str) -> str:
    """'Dec' or '12月'."""
    return f"{day.month}月" if lang == "zh" else fmt.MONTHS[day.month - 1]


def figure(rows: Sequence[Dict], sales: Sequence[float], stock: Sequence[float], lang: str) -> Dict:
    """The chart as a plain dict; x counts months."""
    xs, last = list(range(len(rows))), len(rows) - 1
    low, high, ticks = scale(min(*sales, *stock), max(*sales, *stock))
    shift = _apart(sales[-1], stock[-1], high - low)
    shown = sorted({0, *range(3, last, 3), last} - ({last - 1} if (last - 1) % 3 == 0 else set()))
    ends = [
        _end(t(lang, "index.sales"), sales[-1], last, shift, "text"),
        _end(t(lang, "index.stock"), stock[-1], last, -shift, "erp"),
    ]
    return {
        "data": [
            _line(xs, stock, "erp"),
            _line(xs, sales, "text") | {"fill": "tonexty", "fillcolor": alpha("text-2", 0.10)},
        ],
        "layout": {
            "margin": {"l": LEFT, "r": RIGHT, "t": TOP, "b": BOTTOM},
            "annotations": ends,
            "xaxis": {
                "range": [0, last], "tickvals": shown, "showgrid": False,
                "ticktext": [month(rows[i]["day"], lang) for i in shown],
            },
            "yaxis": {"range": [low, high], "tickvals": ticks, "ticktext": [fmt.number(tick) for tick in ticks],
                      "ticklabelstandoff": 6},
        },
    }  # fmt: skip


def _line(xs: list[int], ys: Sequence[float], ink: str) -> Dict:
    line = {"color": colour(ink), "width": 4}
    return {"type": "scatter", "mode": "lines", "x": xs, "y": [round(y, 3) for y in ys], "line": line}


def _apart(one: float, other: float, span: float) -> float:
    distance = (one - other) / span * PLOT_PX
    missing = max(0.0, APART_PX - abs(distance)) / 2
    return missing if distance >= 0 else -missing


def _end(name: str, value: float, x: int, shift: float, ink: str) -> Dict:
    place = {"x": x, "y": round(value, 3), "xanchor": "left", "yanchor": "middle", "xshift": 12}
    text = f"<b>{name}</b> {signed(value / 100 - 1)}"
    return {"text": text, "yshift": round(shift, 1), "font": {"size": ROW, "color": colour(ink)}, **place}
