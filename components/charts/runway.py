"""The hero: what sells against what we hold. Bar height is weekly sales, length is cover, so area is stock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.charts import lanes as geometry
from components.charts import runway_text, shortlist
from components.charts.lanes import Bar, Lane
from components.i18n import t
from components.marks import icon
from components.rows import days_of_data, number, records, today
from components.states import message
from components.theme import alpha, colour

if TYPE_CHECKING:
    from data_access.config import Company
    from data_access.result import Result

END, AXIS, DIM = 12.0, 12.3, 10.0  # weeks: bars end, the axis with its ▸ ends, stock beyond is dim
SURE, PERHAPS = 0.72, 1.34  # an early estimate is solid up to one share of the cover and dotted up to the other
Dict = dict[str, Any]


@dataclass(frozen=True)
class Placed:
    """The lanes in their places. px: money a week in one px; start: the company's day; unit: of all money in it."""

    lanes: list[Lane]
    px: float
    start: date
    unit: fmt.Unit


def place(items: Result, by_category: Result | None, lang: str, company: Company) -> Placed | None:
    """Where everything goes; None without stock and demand."""
    rows, others = shortlist.of_lanes(items)
    found = records(by_category) if by_category is not None else geometry.totals(records(items))
    found = [lane for lane in found if number(lane.get("weekly_sales")) > 0]
    if not found:
        return None
    named = [lane | {"category": lane["category"] or t(lang, "runway.none")} for lane in found]
    rows, others = (
        [row | {"category": row["category"] or t(lang, "runway.none")} for row in some] for some in (rows, others)
    )
    kept, shown = geometry.fold(named, t(lang, "runway.others", n="{n}"))
    start = today(items, company.timezone)
    receipts = {
        str(row["product_id"]): (row["next_receipt_date"] - start).days / 7
        for row in rows
        if row.get("next_receipt_date") is not None
    }
    lanes, px = geometry.layout(rows, kept, shown, receipts, others)
    money = [sum(lane.at_risk for lane in lanes), *(lane.weekly_sales for lane in lanes)]
    return Placed(lanes, px, start, fmt.unit_for(money, lang))


def runway(items: Result, by_category: Result | None, lang: str, company: Company) -> Dict:
    """Figure and head of the panel."""
    placed, days = place(items, by_category, lang, company), days_of_data(items)
    head: Dict = {"title": t(lang, "runway.title"), "sub": t(lang, sub_key(items, days))}
    if placed is None:
        return {
            "tree": message("box", t(lang, "runway.empty"), t(lang, "runway.empty_more")),
            "head": head | {"sub": ""},
        }
    at_risk, held = (sum(getattr(lane, name) for lane in placed.lanes) for name in ("at_risk", "over_10_weeks"))
    head |= _head(at_risk, held, placed.unit, lang, company.currency, days)
    head["aria"] = spoken(placed, items, lang, company.currency)
    return {"figure": drawn(placed, lang, company.currency, early=days is not None), "head": head}


def spoken(placed: Placed, items: Result, lang: str, currency: str) -> str:
    """The finding in one sentence."""
    lowest = min(
        (lane for lane in placed.lanes if lane.cover is not None),
        key=lambda lane: number(lane.cover),
        default=placed.lanes[0],
    )
    return t(
        lang,
        "runway.aria",
        money=fmt.money(sum(lane.at_risk for lane in placed.lanes), currency, placed.unit, 1),
        n=len(shortlist.at_risk(items).frame),
        category=lowest.name,
        weeks=fmt.number(lowest.cover, 1),
    )


def drawn(placed: Placed, lang: str, currency: str, *, early: bool) -> Dict:
    """The chart of placed lanes, with its dates."""
    dates = [(week, fmt.short_date(placed.start + timedelta(weeks=week), lang)) for week in (3, 6, 9)]
    return figure(placed.lanes, placed.px, placed.unit, lang, currency, dates, early=early)


def sub_key(items: Result, days: int | None) -> str:
    """Which reading aid stands under the title."""
    if days is not None:
        return "runway.sub_early"
    by_mix, with_lines = (int(str(items.notes.get(name) or 0)) for name in ("deals_by_usual_mix", "deals_with_lines"))
    return "runway.sub_mix" if by_mix > with_lines else "runway.sub"


def _head(at_risk: float, held: float, unit: fmt.Unit, lang: str, currency: str, days: int | None) -> Dict:
    if days is not None:
        return {"note": [html.Span([icon("info"), t(lang, "runway.early", n=days)], className="early")]}
    risk = html.Span(t(lang, "runway.at_risk", money=fmt.money(at_risk, currency, unit, 1)), className="crit")
    calm = html.Span(t(lang, "runway.at_risk_none"), className="t2")
    parts: list[Any] = [risk if at_risk > 0 else calm]
    if held > 0:
        own = fmt.unit_for([held], lang)  # often far more than what is at risk
        parts += [
            html.Span("·", className="dot"),
            html.Span(t(lang, "runway.held", money=fmt.money(held, currency, own, 1)), className="t2"),
        ]
    return {"note": [html.Span(parts, className="finding")]}


def figure(
    placed: list[Lane],
    px: float,
    unit: fmt.Unit,
    lang: str,
    currency: str,
    dates: list[tuple[int, str]],
    *,
    early: bool = False,
) -> Dict:
    """The chart as a plain dict. `px`: money a week in one px; px sizes are at 1920x1080, scaled by the browser."""
    end = runway_text.foot(placed[-1], px)
    start = -4 * px
    bars = [bar for lane in placed for bar in lane.bars]
    sure = SURE if early else 1.0
    dim = [(bar, DIM, min(bar.cover * sure, END)) for bar in bars if bar.cover * sure > DIM]
    data = [
        _rects([(bar, 0.0, min(bar.cover * sure, DIM)) for bar in bars if not bar.rest], px, {"color": colour("erp")}),
        _rects([(bar, 0.0, min(bar.cover * sure, DIM)) for bar in bars if bar.rest], px, {"color": colour("erp-rest")}),
        _rects(dim, px, {"color": colour("erp-dim")}),
        _maybe(bars, px) if early else _gaps(bars, px),
        *_deals(placed, px),
        _beyond([bar for bar in bars if bar.cover * sure > END], px),
    ]
    band: Dict = {"type": "rect", "x0": 4, "x1": 8, "y0": start, "y1": end, "layer": "below", "line": {"width": 0}}
    ends = [] if early else [bar for bar in bars if bar.receipt is not None and bar.receipt <= END]
    receipts = [_tick(number(bar.receipt), bar.top - px, bar.top + bar.height) for bar in ends]
    averages = [line for lane in placed for line in _average(lane, px)]
    words = runway_text.columns(placed, px, unit, lang, currency, early=early)
    risky = not early and any(lane.at_risk for lane in placed)
    return {
        "data": data,
        "layout": {
            "margin": {"l": runway_text.LEFT, "r": runway_text.RIGHT, "t": runway_text.TOP, "b": 0},
            "barmode": "overlay",
            "shapes": [band | {"fillcolor": alpha("text-2", 0.10)}, *receipts, *averages],
            "annotations": words + runway_text.titles(lang, dates, any_risk=risky),
            "xaxis": {"range": [0, AXIS], "tickvals": [0, 3, 6, 9, 12], "showticklabels": False},
            "yaxis": {"range": [round(end, 2), round(start, 2)], "visible": False},
        },
    }


def _rects(spans: list[tuple[Bar, float, float]], px: float, marker: Dict) -> Dict:
    """Horizontal bars from x0 to x1, a hairline thinner than their height so that neighbours stay apart."""
    return {
        "type": "bar",
        "orientation": "h",
        "base": [round(x0, 3) for _, x0, _ in spans],
        "x": [round(max(0.0, x1 - x0), 3) for _, x0, x1 in spans],
        "y": [round(bar.top + bar.height / 2, 2) for bar, _, _ in spans],
        "width": [round(bar.height - min(1.2 * px, 0.25 * bar.height), 2) for bar, _, _ in spans],
        "marker": marker,
    }


def _maybe(bars: list[Bar], px: float) -> Dict:
    dots = {"shape": ".", "fgcolor": colour("erp"), "size": 7, "solidity": 0.32}
    marker = {"color": colour("erp-dot"), "line": {"width": 0}, "pattern": dots}
    spans = [(bar, bar.cover * SURE, min(bar.cover * PERHAPS, END)) for bar in bars if bar.cover * SURE < END]
    return _rects(spans, px, marker)


def _gaps(bars: list[Bar], px: float) -> Dict:
    hatch = {"shape": "/", "fgcolor": colour("crit-fill"), "size": 9, "solidity": 0.55}
    marker = {"color": colour("crit-hatch"), "line": {"width": 0}, "pattern": hatch}
    return _rects([(bar, *bar.gap) for bar in bars if bar.gap], px, marker)


def _beyond(bars: list[Bar], px: float) -> Dict:
    """▸ where stock lasts beyond the axis; one mark for bars that lie closer together than a mark is high."""
    ys: list[float] = []
    for bar in bars:
        y = bar.top + bar.height / 2
        if not ys or y - ys[-1] >= 14 * px:
            ys.append(round(y, 2))
    marker = {"symbol": "triangle-right", "size": 10, "color": colour("erp")}
    return {"type": "scatter", "mode": "markers", "x": [END] * len(ys), "y": ys, "marker": marker}


def _deals(placed: list[Lane], px: float) -> list[Dict]:
    """The mint link from the average to the ◆, and the ◆: both live in the gutter only."""
    seen = [
        (lane.cover, lane.cover_deals, round(runway_text.gutter_y(lane, px), 2))
        for lane in placed
        if lane.cover is not None and lane.cover_deals is not None and lane.cover_deals <= END
    ]
    xs = [x for cover, deals, _ in seen for x in (round(min(cover, END), 3), round(deals, 3), None)]
    ys = [value for _, _, y in seen for value in (y, y, None)]
    mint = colour("crm")
    marker = {"symbol": "diamond", "size": 13, "color": mint, "line": {"color": colour("surface"), "width": 2}}
    ends = {"x": [round(deals, 3) for _, deals, _ in seen], "y": [y for _, _, y in seen]}
    return [
        {"type": "scatter", "mode": "lines", "x": xs, "y": ys, "line": {"color": mint, "width": 4}},
        {"type": "scatter", "mode": "markers", "marker": marker, **ends},
    ]


def _tick(x: float, y0: float, y1: float, ink: str = "text", width: int = 4) -> Dict:
    place = {"x0": round(x, 3), "x1": round(x, 3), "y0": round(y0, 2), "y1": round(y1, 2)}
    return {"type": "line", "line": {"color": colour(ink), "width": width}, **place}


def _average(lane: Lane, px: float) -> list[Dict]:
    """The white average tick, with a dark halo inside the lane, down to the line of the ◆."""
    if lane.cover is None or lane.cover > END:
        return []
    deals = lane.cover_deals is not None and lane.cover_deals <= END
    foot = runway_text.gutter_y(lane, px) + 6 * px if deals else lane.bottom + 4 * px
    return [_tick(lane.cover, lane.top - px, lane.bottom, "halo", 9), _tick(lane.cover, lane.top - px, foot)]
