"""The words of the runway: columns left and right of the bars, placed by px from the plot's edges."""

from __future__ import annotations

from typing import Any

from components import format as fmt
from components.charts.lanes import Lane
from components.i18n import t
from components.theme import ROW, SMALL, colour

LEFT, RIGHT, TOP = 262, 296, 34  # px: margins that hold the columns
SELLS_X, COVER_X, DEALS_X, RISK_X = -16, 80, 188, 294  # px: right edges of the columns
END = 12.0  # weeks: where "+n items" ends
Dict = dict[str, Any]


def row_y(lane: Lane, px: float) -> float:
    """Where a lane's words stand: its middle, a little lower."""
    return lane.top + lane.height / 2 + 2 * px


def gutter_y(lane: Lane, px: float) -> float:
    """The line the ◆ lives on."""
    return lane.bottom + min(lane.gutter / 2, 10 * px)


def foot(lane: Lane, px: float) -> float:
    """Where the plot ends under its last lane: below its words, and below its gutter where something lives there."""
    lived_in = any(bar.rest for bar in lane.bars) or (lane.cover_deals is not None and lane.cover_deals <= END)
    return max(lane.bottom + 6 * px, row_y(lane, px) + 15 * px, gutter_y(lane, px) + 15 * px if lived_in else 0.0)


def _label(text: str, x: float | str, y: float, shift: float, ink: str, size: int = ROW, anchor: str = "right") -> Dict:
    """x: weeks, or "left"/"right" edge of the plot."""
    edge = {"left": 0, "right": 1}
    place = {"xref": "paper", "x": edge[x]} if isinstance(x, str) else {"xref": "x", "x": x}
    return {
        "text": text,
        **place,
        "yref": "y",
        "y": round(y, 2),
        "xanchor": anchor,
        "yanchor": "middle",
        "xshift": shift,
        "font": {"size": size, "color": colour(ink)},
    }


def _bold(text: str) -> str:
    return f"<b>{text}</b>"


def columns(placed: list[Lane], px: float, unit: fmt.Unit, lang: str, currency: str, *, early: bool) -> list[Dict]:
    """Name, weekly sales, cover, cover if deals close, money at risk; and how many items the last bar stands for."""
    about, digits = ("~", 0) if early else ("", 1)
    sells = [fmt.money(lane.weekly_sales, currency, unit, 1) for lane in placed]
    texts: list[Dict] = []
    for lane, sold in zip(placed, sells, strict=True):
        y = row_y(lane, px)
        room = LEFT + SELLS_X - fmt.text_width(sold, ROW) - 8
        weeks = [fmt.MISSING if w is None else about + fmt.number(w, digits) for w in (lane.cover, lane.cover_deals)]
        risky = lane.at_risk > 0 and not early
        risk = _bold(fmt.plotly_text(fmt.money(lane.at_risk, currency, unit))) if risky else fmt.MISSING
        name = _bold(fmt.plotly_text(fmt.clip(lane.name, room, ROW)))
        texts += [
            _label(name, "left", y, -LEFT, "text", anchor="left"),
            _label(fmt.plotly_text(sold), "left", y, SELLS_X, "text"),
            _label(_bold(weeks[0]), "right", y, COVER_X, "text"),
            _label(weeks[1], "right", y, DEALS_X, "crm"),
            _label(risk, "right", y, RISK_X, "crit" if risky else "text-3"),
        ]
        count = sum(bar.rest for bar in lane.bars)
        if count:
            texts.append(_label(t(lang, "runway.rest", n=count), _rest_x(lane), gutter_y(lane, px), 0, "text-2", SMALL))
    return texts


def _rest_x(lane: Lane) -> float:
    """Right end of the words in the gutter: the axis' end, or left of a ◆ that lives there."""
    if lane.cover is None or lane.cover_deals is None or lane.cover_deals > END:
        return END
    low, high = min(lane.cover, lane.cover_deals), max(lane.cover, lane.cover_deals)
    return low - 0.35 if high > 9.2 else END


def titles(lang: str, dates: list[tuple[int, str]], *, any_risk: bool) -> list[Dict]:
    """Dates above the bars and the heads of the columns."""
    top: Dict = {"yref": "paper", "y": 1, "yanchor": "bottom", "yshift": 2}
    heads = [
        _label(t(lang, "runway.today"), 0, 0, 0, "text-2", SMALL, "left"),
        *(_label(text, week, 0, 0, "text-2", SMALL, "center") for week, text in dates),
        _label(t(lang, "runway.sells"), "left", 0, SELLS_X, "text-3", SMALL),
        _label(t(lang, "runway.cover"), "right", 0, COVER_X, "text", SMALL),
        _label(t(lang, "runway.deals"), "right", 0, DEALS_X, "crm", SMALL),
        _label(t(lang, "runway.risk"), "right", 0, RISK_X, "crit" if any_risk else "text-3", SMALL),
    ]
    return [head | top for head in heads]
