"""Every item by how fast it sells and how long it lasts: four quarters that each say what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import floor, log10
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components.charts import shortlist
from components.i18n import t
from components.rows import days_of_data, number, records
from components.states import message
from components.theme import ROW, SMALL, alpha, colour

if TYPE_CHECKING:
    from data_access.config import Company
    from data_access.result import Result

LEFT, RIGHT, TOP, BOTTOM = 66, 24, 6, 61  # px
SHORT, TARGET_END, LONG = 4.0, 8.0, 10.0  # weeks
FIRST, LAST = 0.5, 60.0  # weeks: what lies beyond stands at the edge
WEEKS = (0.5, 1, 2, 4, 8, 12, 24, 52)
HEADROOM = 2.6  # above the fastest item: the names of the quarters
DECADES = 3.5  # of weekly sales; slower items stand on the bottom edge
BIGGEST, SMALLEST = 54.0, 9.0  # px
NAMED = 16  # of the items not at risk, the largest stocks
NAMED_RISKS = 80  # the largest by money
IN_FULL = 6  # risks by their name; where there are more, the others by their code
NAME_PX, PLAIN_NAME_PX = 230, 150
KINDS = ("small", "calm", "long", "risk")  # what is drawn first lies lowest
Dict = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """Items that sell and last. rows: those that are drawn, of `count`; risks: those with money at risk; short, long:
    fast ones that run short, slow ones that last long; most: the largest weekly sales."""

    rows: list[Dict]
    count: int
    risks: int
    short: int
    long: int
    most: float


def seen(result: Result) -> Seen:
    """What is on the plot, and how many are of which kind."""
    import numpy as np

    if result.frame.empty:
        return Seen([], 0, 0, 0, 0, 0.0)
    weeks, sales = result.frame["cover_weeks"].astype("float64"), shortlist.known(result.frame["weekly_sales"])
    frame = result.frame[weeks.notna() & (sales > 0)]
    weeks, sales = weeks[frame.index], sales[frame.index]
    risky, fast = shortlist.known(frame["at_risk"]) > 0, frame["is_fast"].astype(bool)
    across = np.log(weeks.clip(FIRST, LAST) / FIRST) / np.log(LAST / FIRST)
    up = 1 + np.log10(sales / sales.max()) / DECADES
    drawn = shortlist.of_plot(frame, across, up, risky)
    short, long = int((fast & (weeks < SHORT)).sum()), int((~fast & (weeks > LONG)).sum())
    rows = records(replace(result, frame=drawn))
    return Seen(rows, len(frame), int(risky.sum()), short, long, float(sales.max() if len(sales) else 0.0))


def speed_cover(result: Result, lang: str, company: Company) -> Dict:
    """Figure and head of the panel."""
    head: Dict = {"title": t(lang, "speed.title")}
    found = seen(result)
    if not found.count:
        return {"tree": message("box", t(lang, "runway.empty"), t(lang, "runway.empty_more")), "head": head}
    unit = fmt.unit_for([found.most], lang)
    counted = money_word(unit, lang, company.currency)
    days = days_of_data(result)
    head["note"] = t(lang, "speed.note" if days is None else "speed.note_early", n=found.count, unit=counted)
    head["aria"] = t(lang, "speed.aria", n=found.count, risks=found.risks, long=found.long)
    return {"figure": figure(found.rows, unit, lang), "head": head}


def money_word(unit: fmt.Unit, lang: str, currency: str) -> str:
    """What an axis counts in: ¥M, 万元."""
    if lang == "zh" and currency == "CNY":
        return f"{unit.suffix}元"
    return fmt.symbol(currency).strip() + unit.suffix


def _ends(rows: Sequence[Dict], unit: fmt.Unit) -> tuple[float, float]:
    """Slowest and fastest weekly sales of the axis."""
    top = max(number(row["weekly_sales"]) for row in rows) * HEADROOM / unit.divisor
    return max(min(number(row["weekly_sales"]) for row in rows) / 1.5 / unit.divisor, top / 10**DECADES), top


def _points(rows: Sequence[Dict], unit: fmt.Unit) -> list[Dict]:
    largest = max(number(row["stock_value"]) for row in rows) or 1.0
    low, _ = _ends(rows, unit)
    return [_point(row, unit, low, largest) for row in rows]


def drawn(rows: Sequence[Dict], unit: fmt.Unit) -> list[list[Dict]]:
    """The rows behind each trace of the figure, in the order of its marks."""
    points = _points(rows, unit)
    return [[point["row"] for point in points if point["kind"] == kind] for kind in KINDS]


def figure(rows: Sequence[Dict], unit: fmt.Unit, lang: str) -> Dict:
    """The chart as a plain dict; labels are in `meta.labels`, to be placed where the real plot leaves room."""
    low, top = _ends(rows, unit)
    points = _points(rows, unit)
    fast = min((number(row["weekly_sales"]) for row in rows if row["is_fast"]), default=0.0) / unit.divisor
    fast = max(fast, low)
    ticks = _ticks(low, top)
    y_range, x_range = [log10(low), log10(top)], [log10(FIRST), log10(LAST)]
    band: Dict = {"type": "rect", "x0": SHORT, "x1": TARGET_END, "y0": 0, "y1": 1, "yref": "paper"}
    hot: Dict = {"type": "rect", "x0": FIRST, "x1": SHORT, "y0": fast, "y1": top}
    cold: Dict = {"type": "rect", "x0": LONG, "x1": LAST, "y0": low, "y1": fast}
    back: Dict = {"layer": "below", "line": {"width": 0}}
    line: Dict = {"type": "line", "x0": FIRST, "x1": LAST, "y0": fast, "y1": fast}
    return {
        "data": _traces(points),
        "layout": {
            "margin": {"l": LEFT, "r": RIGHT, "t": TOP, "b": BOTTOM},
            "shapes": [
                band | back | {"fillcolor": alpha("text-2", 0.08)},
                hot | back | {"fillcolor": alpha("crit-fill", 0.10)},
                cold | back | {"fillcolor": alpha("erp", 0.07)},
                line | {"line": {"color": colour("neutral"), "width": 2, "dash": "dot"}},
            ],
            "xaxis": {
                "type": "log", "range": x_range, "tickvals": list(WEEKS),
                "ticktext": [t(lang, "unit.weeks", n="½"), *(fmt.number(week) for week in WEEKS[1:])],
                "title": {"text": t(lang, "speed.axis"), "standoff": 4,
                          "font": {"size": SMALL, "color": colour("text-3")}},
            },
            "yaxis": {"type": "log", "range": y_range, "tickvals": ticks, "ticktext": [_figure(tick) for tick in ticks],
                      "ticklabelstandoff": 6},
            "meta": {"labels": {
                "points": _labels(points), "quarters": _quarters(lang), "line": fast, "x": x_range, "y": y_range,
                "band": {"from": SHORT, "to": TARGET_END, "text": t(lang, "speed.target"), "color": colour("text-3")},
                "size": SMALL, "quarterSize": ROW + 2, "paper": alpha("surface", 0.8), "link": colour("neutral"),
            }},
        },
    }  # fmt: skip


def _point(row: Dict, unit: fmt.Unit, low: float, largest: float) -> Dict:
    """One item where it stands; its mark's area is its stock."""
    size = max(SMALLEST, BIGGEST * (max(0.0, number(row["stock_value"])) / largest) ** 0.5)
    risky = number(row["at_risk"]) > 0
    weeks = number(row["cover_weeks"])
    kind = "risk" if risky else "long" if weeks > LONG else "calm" if size > 1.6 * SMALLEST else "small"
    return {
        "kind": kind, "row": row, "size": round(min(max(size, 16.0), 28.0) if risky else size, 1),
        "x": round(min(max(weeks, FIRST * 1.04), LAST * 0.96), 3),
        "y": round(max(number(row["weekly_sales"]) / unit.divisor, low * 1.03), 5),
    }  # fmt: skip


def _traces(points: Sequence[Dict]) -> list[Dict]:
    looks = {  # by KINDS
        "small": (alpha("erp", 0.45), "surface", 1, "circle"),
        "calm": (alpha("erp", 0.85), "surface", 2, "circle"),
        "long": (alpha("erp-dim", 0.55), "erp", 2, "circle"),
        "risk": (colour("crit-fill"), "focus", 2, "octagon"),
    }
    traces = []
    for kind in KINDS:
        fill, edge, width, symbol = looks[kind]
        mine = [point for point in points if point["kind"] == kind]
        marker = {
            "color": fill, "size": [point["size"] for point in mine], "symbol": symbol, "opacity": 1,
            "line": {"color": colour(edge), "width": width},
        }  # fmt: skip
        places = {"x": [point["x"] for point in mine], "y": [point["y"] for point in mine]}
        traces.append({"type": "scatter", "mode": "markers", "marker": marker, **places})
    return traces


def _labels(points: Sequence[Dict]) -> list[Dict]:
    """Marks with what they are called, in the order in which they get their room: risks by money, then by stock."""
    risks = sorted((p for p in points if p["kind"] == "risk"), key=lambda p: -number(p["row"]["at_risk"]))
    others = sorted((p for p in points if p["kind"] != "risk"), key=lambda p: -p["size"])
    made = []
    for place, point in enumerate([*risks, *others]):
        risky, row = point["kind"] == "risk", point["row"]
        named = place < NAMED_RISKS if risky else place - len(risks) < NAMED
        made.append({
            "x": point["x"], "y": point["y"], "r": round(point["size"] / 2, 1), "risk": risky,
            "text": fmt.plotly_text(_name(row, risky and place < IN_FULL)) if named else "",
            "color": colour("text" if risky else "text-2"),
        })  # fmt: skip
    return made


def _name(row: Dict, in_full: bool) -> str:
    """What a mark is called: its name, or the shorter code."""
    name, code = str(row["name"] or row["sku"] or ""), str(row["sku"] or "")
    if not in_full and code and fmt.text_width(name, SMALL) > PLAIN_NAME_PX:
        name = code
    return fmt.clip(name, NAME_PX, SMALL)


def _quarters(lang: str) -> list[Dict]:
    """Names of the four quarters: right and bottom say which corner."""
    looks = (("fast_short", 0, 0, "crit"), ("fast_long", 1, 0, "text-3"),
             ("slow_short", 0, 1, "text-3"), ("slow_long", 1, 1, "erp"))  # fmt: skip
    return [
        {"text": f"<b>{t(lang, f'speed.quarter.{name}')}</b> – {t(lang, f'speed.rule.{name}')}", "right": right,
         "bottom": bottom, "color": colour(ink)}
        for name, right, bottom, ink in looks
    ]  # fmt: skip


def _ticks(low: float, top: float) -> list[float]:
    """1, 2, 5 of each decade between the ends, clear of the corner where the weeks begin."""
    first, bottom = floor(log10(low)), 10 ** (log10(low) + 0.05 * log10(top / low))
    return [round(m * 10.0**p, 9) for p in range(first, first + 8) for m in (1, 2, 5) if bottom <= m * 10.0**p <= top]


def _figure(value: float) -> str:
    return fmt.number(value, max(0, -floor(log10(value))) if value < 1 else 0)
