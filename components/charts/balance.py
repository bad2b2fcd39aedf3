"""The projected balance of the tightest items as small multiples: a saw of receipts and demand, red below zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components.i18n import t
from components.rows import number, records
from components.states import message
from components.theme import ROW, SMALL, alpha, colour

if TYPE_CHECKING:
    from data_access.config import Company
    from data_access.result import Result

Row = Mapping[str, Any]
Dict = dict[str, Any]
ITEMS, WEEKS = 4, 10
GAP = 0.04  # between the small charts, share of the width
TOP, BOTTOM = 66, 30  # px: names above, weeks below


def balances(result: Result, lang: str, company: Company) -> Dict:
    """Figure and head of the panel."""
    rows = records(result)
    items = [
        list(group)
        for group in _by_item(rows)
        if any(number(row["forecast"]) + number(row["dependent_demand"]) for row in group)
    ]
    tight = [group for group in items if int(group[0]["tightness"]) > 0][:ITEMS]
    head: Dict = {"title": t(lang, "production.balance.title"), "note": t(lang, "production.balance.note")}
    if not tight:
        text = t(lang, "production.balance.empty" if items else "production.balance.none")
        return {"tree": message("box", text, t(lang, "production.balance.empty_more")), "head": head}
    head["aria"] = "; ".join(f"{_name(group[0])}: {state(group, lang)[0]}" for group in tight)
    return {"figure": figure(tight, lang), "head": head}


def _by_item(rows: Sequence[Row]) -> list[list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["product_id"], []).append(row)
    return list(found.values())


def _name(row: Row) -> str:
    return str(row["sku"] or row["name"])


def usual(group: Sequence[Row]) -> float:
    """What an item needs in a mean week of the horizon."""
    needed = [_needs(row) for row in group[1:]]
    return sum(needed) / len(needed) if sum(needed) > 0 else 1.0


def _needs(row: Row) -> float:
    outside = max(number(row["forecast"]), number(row["customer_orders"])) + number(row["deal_quantity"])
    return outside + number(row["dependent_demand"])


def saw(group: Sequence[Row]) -> list[tuple[float, float]]:
    """(weeks from the first, units): receipts at the start of their week, demand along it."""
    have = number(group[0]["on_hand"])
    points = [(0.0, have)]
    for n, row in enumerate(group[:WEEKS]):
        come = number(row["scheduled_receipts"]) + number(row["planned_receipts"])
        if come:
            points.append((float(n), have + come))
        have = number(row["projected_available"])
        points.append((n + 1.0, have))
    return points


def first_below(points: Sequence[tuple[float, float]], level: float) -> float | None:
    """Where the saw first falls under a level, in weeks."""
    if points[0][1] < level:
        return 0.0
    for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
        if y1 < level - 1e-9:
            return x1 if x1 == x0 else x0 + (y0 - level) / (y0 - y1) * (x1 - x0)
    return None


def state(group: Sequence[Row], lang: str) -> tuple[str, str]:
    """(what happens, its ink): out on a day, or under its safety stock in a week."""
    points = saw(group)
    if int(group[0]["tightness"]) == 2:
        out = first_below(points, 0.0)
        day: date | None = group[0]["run_out_date"]
        if out is not None:
            day = day or group[0]["week_start"] + timedelta(days=int(7 * out))
            return t(lang, "production.balance.out", day=fmt.short_date(day, lang)), "crit"
    low = first_below(points, number(group[0]["safety_stock"]))
    week = group[min(int(low or 0), len(group) - 1)]["week_start"]
    return t(lang, "production.balance.low", week=fmt.week(week, lang)), "warn"


def figure(groups: Sequence[Sequence[Row]], lang: str) -> Dict:
    """One chart of all, each with its own weeks; y is in weeks of its item's demand, the same for all."""
    sawn = [[(x, y / usual(group)) for x, y in saw(group)] for group in groups]
    top = max(max(y for _, y in points) for points in sawn)
    low = min(min(y for _, y in points) for points in sawn)
    span = min(-0.15 * top, 1.12 * low), 1.06 * min(top, 12.0)
    wide = (1 - GAP * (ITEMS - 1)) / ITEMS
    data: list[Dict] = []
    layout: Dict = {"margin": {"l": 24, "r": 6, "t": TOP, "b": BOTTOM}, "shapes": [], "annotations": []}
    for n, (group, points) in enumerate(zip(groups, sawn, strict=True)):
        axis = "x" if n == 0 else f"x{n + 1}"
        start = n * (wide + GAP)
        layout["xaxis" if n == 0 else f"xaxis{n + 1}"] = {
            "domain": [round(start, 4), round(start + wide, 4)],
            "range": [0, WEEKS],
            "showgrid": False,
            "anchor": "y",
            "tickvals": [0.5, 4.5, 8.5],
            "ticktext": [fmt.week(group[k]["week_start"], lang) for k in (0, 4, 8) if k < len(group)],
        }
        safe = number(group[0]["safety_stock"]) / usual(group)
        layout["shapes"].append(_band(axis, safe))
        layout["shapes"].append(_zero(axis))
        for sign, fill in ((1, alpha("erp", 0.25)), (-1, colour("crit-fill"))):
            data.append(_area(points, sign, fill, axis))
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [x for x, _ in points],
                "y": [round(min(y, span[1]), 4) for _, y in points],
                "xaxis": axis,
                "yaxis": "y",
                "line": {"color": colour("erp"), "width": 4},
            }
        )
        text, ink = state(group, lang)
        at = first_below(points, 0.0 if ink == "crit" else safe)
        if at is not None:
            data.append(_spot(at, 0.0 if ink == "crit" else min(safe, points[0][1]), ink, axis))
        layout["annotations"] += [
            _head(_name(group[0]), start, 34, "text", bold=True, size=ROW),
            _head(text, start, 6, ink, size=SMALL),
        ]
        if n == 0 and safe > 0.12 * (span[1] - span[0]):
            layout["annotations"].append(
                {
                    "text": t(lang, "production.balance.safety"),
                    "x": WEEKS,
                    "xref": axis,
                    "y": safe,
                    "yref": "y",
                    "xanchor": "right",
                    "yanchor": "top",
                    "xshift": -4,
                    "yshift": -2,
                    "font": {"size": SMALL, "color": colour("text-2")},
                }
            )
    layout["yaxis"] = {"visible": False, "range": [round(span[0], 4), round(span[1], 4)]}
    return {"data": data, "layout": layout}


def _area(points: Sequence[tuple[float, float]], sign: int, fill: str, axis: str) -> Dict:
    """What lies above or below zero; crossings are corners of their own."""
    cut: list[tuple[float, float]] = []
    for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
        cut.append((x0, y0))
        if y0 * y1 < 0:
            cut.append((x0 + y0 / (y0 - y1) * (x1 - x0), 0.0))
    cut.append(points[-1])
    return {
        "type": "scatter",
        "mode": "lines",
        "fill": "tozeroy",
        "fillcolor": fill,
        "line": {"width": 0},
        "xaxis": axis,
        "yaxis": "y",
        "x": [round(x, 4) for x, _ in cut],
        "y": [round(max(y, 0.0) if sign > 0 else min(y, 0.0), 4) for _, y in cut],
    }


def _spot(x: float, y: float, ink: str, axis: str) -> Dict:
    symbol = "octagon" if ink == "crit" else "triangle-up"
    fill = colour("crit-fill" if ink == "crit" else "warn")
    mark = {"symbol": symbol, "size": 18, "color": fill, "line": {"color": colour("text"), "width": 2}}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [round(x, 4)],
        "y": [round(y, 4)],
        "xaxis": axis,
        "yaxis": "y",
        "marker": mark,
    }


def _band(axis: str, safe: float) -> Dict:
    return {
        "type": "rect",
        "xref": axis,
        "yref": "y",
        "x0": 0,
        "x1": WEEKS,
        "y0": 0,
        "y1": round(safe, 4),
        "layer": "below",
        "fillcolor": alpha("neutral", 0.28),
        "line": {"width": 0},
    }


def _zero(axis: str) -> Dict:
    line = {"color": colour("neutral"), "width": 2}
    return {"type": "line", "xref": axis, "yref": "y", "x0": 0, "x1": WEEKS, "y0": 0, "y1": 0, "line": line}


def _head(text: str, start: float, above: int, ink: str, *, bold: bool = False, size: int) -> Dict:
    return {
        "text": f"<b>{fmt.plotly_text(text)}</b>" if bold else fmt.plotly_text(text),
        "x": round(start, 4),
        "xref": "paper",
        "xanchor": "left",
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": above,
        "font": {"size": size, "color": colour(ink)},
    }
