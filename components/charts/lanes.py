"""Geometry of the runway: lanes of bars whose height is weekly sales and whose length is weeks of cover."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from components.rows import number

MAX_BARS = 5  # bars of a lane, unless more items are at risk
LEAST_CALM = 2  # the largest items that are not at risk always have their own bar
MAX_LANES = 8
PLOT_PX = 350  # height of the plot at 1920x1080
GUTTER_PX = 20  # the line of the ◆ under each lane
PITCH_PX = 31  # least distance between two lane labels
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Bar:
    """One item, or the rest of a lane: y from `top`, `height` in money a week, `cover` in weeks."""

    top: float
    height: float
    cover: float
    gap: tuple[float, float] | None = None
    receipt: float | None = None
    rest: int = 0


@dataclass(frozen=True)
class Lane:
    """One category: y from `top` over `height` (its weekly sales), then a gutter."""

    name: str
    top: float
    height: float
    gutter: float
    weekly_sales: float
    cover: float | None
    cover_deals: float | None
    at_risk: float
    over_10_weeks: float
    bars: tuple[Bar, ...] = field(default=())

    @property
    def bottom(self) -> float:
        return self.top + self.height


def totals(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """One row a category from the item rows, in their order."""
    lanes: dict[str, dict[str, Any]] = {}
    for row in rows:
        lane = lanes.setdefault(row["category"], {"category": row["category"], "items": 0})
        lane["items"] += 1
        for name in ("weekly_sales", "stock_value", "at_risk", "over_10_weeks_value"):
            lane[name] = lane.get(name, 0.0) + number(row.get(name))
    for lane in lanes.values():
        lane["cover_weeks"] = lane["stock_value"] / lane["weekly_sales"] if lane["weekly_sales"] else None
    return list(lanes.values())


def fold(lanes: Sequence[Row], others: str) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """At most MAX_LANES lanes: the last stands for all smaller ones. Second: category -> shown name."""
    kept = [dict(lane) for lane in lanes]
    if len(kept) <= MAX_LANES:
        return kept, {str(lane["category"]): str(lane["category"]) for lane in kept}
    small = kept[MAX_LANES - 1 :]
    name = others.format(n=len(small))
    last: dict[str, Any] = {"category": name}
    for column in ("weekly_sales", "stock_value", "at_risk", "items", "over_10_weeks_value"):
        last[column] = sum(number(lane.get(column)) for lane in small)
    sold = last["weekly_sales"]
    last["cover_weeks"] = last["stock_value"] / sold if sold else None
    weighted = [(number(lane.get("weekly_sales")), lane.get("cover_weeks_deals")) for lane in small]
    with_deals = [(sales, cover) for sales, cover in weighted if cover is not None]
    weight = sum(sales for sales, _ in with_deals)
    last["cover_weeks_deals"] = sum(s * float(c) for s, c in with_deals) / weight if weight else None
    shown = {str(lane["category"]): str(lane["category"]) for lane in kept[: MAX_LANES - 1]}
    return [*kept[: MAX_LANES - 1], last], shown | {str(lane["category"]): name for lane in small}


def _bars(
    items: Sequence[Row], top: float, receipts: Mapping[str, float], others: Sequence[Row] = ()
) -> tuple[Bar, ...]:
    drawn = [row for row in items if number(row.get("weekly_sales")) > 0]
    by_sales = sorted(drawn, key=lambda row: -number(row["weekly_sales"]))
    alone = [row for row in by_sales if number(row.get("at_risk")) > 0]
    room = max(LEAST_CALM, MAX_BARS - len(alone))
    calm = [row for row in by_sales if number(row.get("at_risk")) <= 0]
    selling = sum(int(row["selling"]) for row in others)
    if len(calm) == room + 1 and not selling:
        room += 1  # a rest of one item is that item
    alone += calm[:room]
    rest = calm[room:]
    bars: list[Bar] = []
    for row in sorted(alone, key=lambda row: number(row.get("cover_weeks"))):
        height = number(row["weekly_sales"])
        start, end = row.get("gap_weeks_from"), row.get("gap_weeks_to")
        gap = (float(start), float(end)) if start is not None and end is not None and end > start else None
        receipt = receipts.get(str(row["product_id"])) if gap else None
        bars.append(Bar(top, height, max(0.0, number(row.get("cover_weeks"))), gap, receipt))
        top += height
    if rest or selling:
        height = sum(number(row["weekly_sales"]) for row in [*rest, *others])
        stock = sum(max(0.0, number(row.get("stock_value"))) for row in [*rest, *others])
        silent = len(items) - len(drawn)
        counted = len(rest) + silent + sum(int(row["items"]) for row in others)
        bars.append(Bar(top, height, stock / height, rest=counted))
    return tuple(bars)


def layout(
    items: Sequence[Row],
    lanes: Sequence[Row],
    shown: Mapping[str, str],
    receipts: Mapping[str, float],
    others: Sequence[Row] = (),
) -> tuple[list[Lane], float]:
    """(lanes from the top down, in money a week; how much money a week is one px at the reference height).

    others: what items that have no bar of their own are together, as `shortlist.of_lanes` gives it."""
    sales = [number(lane.get("weekly_sales")) for lane in lanes]
    total = sum(sales) or 1.0
    free = PLOT_PX - GUTTER_PX * len(lanes)
    scale = free / total
    for _ in range(4):  # lanes too thin for their label take their pitch from the others
        thin = [max(0.0, PITCH_PX - GUTTER_PX - s * scale) for s in sales]
        scale = max(0.25 * free, free - sum(thin)) / total
    placed: list[Lane] = []
    top = 0.0
    for lane, height in zip(lanes, sales, strict=True):
        gutter = max(GUTTER_PX / scale, PITCH_PX / scale - height)
        name = str(lane["category"])
        mine, apart = ([row for row in rows if shown.get(str(row["category"])) == name] for rows in (items, others))
        cover, deals = lane.get("cover_weeks"), lane.get("cover_weeks_deals")
        placed.append(
            Lane(
                name=name,
                top=top,
                height=height,
                gutter=gutter,
                weekly_sales=height,
                cover=None if cover is None else float(cover),
                cover_deals=None if deals is None else float(deals),
                at_risk=number(lane.get("at_risk")),
                over_10_weeks=number(lane.get("over_10_weeks_value")),
                bars=_bars(mine, top, receipts, apart),
            )
        )
        top += height + gutter
    return placed, 1 / scale
