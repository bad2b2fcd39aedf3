"""Items by speed and cover, covers by warehouse and what to do next, as a desk shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.charts import speed_cover as chart
from components.desk import look
from components.desk.panel import figure, message, panel
from components.inventory import lists
from components.marks import glyph, icon
from components.rows import number, records, some
from components.theme import colour

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Row = Mapping[str, Any]
K = 0.62  # a figure of 20 px on the wall is 12.4 px here
PLOT = (820, 330)  # px: the size names are placed for
NAME_PX, LINE_PX = 6.9, 15.0  # a letter's and a line's room at that size
SMALL_MARK = 4.5  # px: a name may cover marks up to this radius
CORNER = (230.0, 26.0)  # px: where the name of a quarter stands
SUGGESTIONS = 6
Box = tuple[float, float, float, float]


def quarters(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """The wall's chart; each mark says what it is and leads to its item."""
    result = results["speed_cover"]
    found = chart.seen(result)
    if not found.count:
        body = message(view, view.t("runway.empty"), view.t("runway.empty_more"))
        return panel(spec, view, result, body, area="at-quarters")
    unit = fmt.unit_for([found.most], view.lang)
    any_odd = found.short or found.long
    title = view.t("speed.finding", short=found.short, long=found.long) if any_odd else None
    counted = chart.money_word(unit, view.lang, view.company.currency)
    note = view.t("speed.note", n=found.count, unit=counted)
    spoken = view.t("speed.aria", n=found.count, risks=found.risks, long=found.long)
    body = figure(spec.name, desk_figure(found.rows, unit, view), spoken)
    return panel(spec, view, result, body, title=title, note=note, area="at-quarters")


def desk_figure(rows: Sequence[Row], unit: fmt.Unit, view: View) -> dict[str, Any]:
    """The chart in desk colours with hover, links, and names where they have room at the usual width."""
    made = chart.figure([dict(row) for row in rows], unit, view.lang)
    labels = made["layout"].pop("meta")["labels"]
    order = chart.drawn([dict(row) for row in rows], unit)
    for trace, mine in zip(made["data"], order, strict=True):
        trace["customdata"] = [view.item(row["product_id"]) for row in mine]
        trace["hovertemplate"] = [_hover(row, view) for row in mine]
        trace["name"] = ""
    made["layout"]["annotations"] = _names(labels) + _quarter_names(labels)
    found = look.desk(made, K)
    found["data"][-1]["marker"]["line"]["color"] = colour("surface", "light")  # risks stand clear of what is below
    for axis in ("xaxis", "yaxis"):
        found["layout"][axis] |= {"tickfont": {"size": 12}}
    return found


def _hover(row: Row, view: View) -> str:
    unit = fmt.unit_for([row["weekly_sales"], row["stock_value"], row["at_risk"]], view.lang)
    money = {
        name: fmt.money(row[name], view.company.currency, unit) for name in ("weekly_sales", "stock_value", "at_risk")
    }
    risk = view.t("speed.hover_risk", money=money["at_risk"]) if number(row["at_risk"]) > 0 else ""
    text = view.t(
        "speed.hover", weeks=fmt.number(row["cover_weeks"], 1), sales=money["weekly_sales"], stock=money["stock_value"]
    )
    name = fmt.plotly_text(f"{row['name'] or ''} · {row['sku'] or ''}".strip(" ·"))
    return f"<b>{name}</b><br>{fmt.plotly_text(text)}{'<br>' + fmt.plotly_text(risk) if risk else ''}<extra></extra>"


def _names(labels: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Names beside their marks, at the right or the left, where they cover neither mark nor name; others on hover."""
    wide, high = PLOT
    (x0, x1), (y0, y1) = labels["x"], labels["y"]
    corners = [(x, y) for x in (0.0, wide - CORNER[0]) for y in (0.0, high - CORNER[1])]
    taken: list[Box] = [(x, y, x + CORNER[0], y + CORNER[1]) for x, y in corners]
    spots = []
    for point in labels["points"]:
        x, y = (log10(point["x"]) - x0) / (x1 - x0) * wide, (1 - (log10(point["y"]) - y0) / (y1 - y0)) * high
        spots.append((x, y, point["r"] * K))
    made = []
    for at, point in enumerate(labels["points"]):
        if not point["text"]:
            continue
        x, y, r = spots[at]
        room = NAME_PX * len(point["text"]) + 4
        for anchor, left in (("left", x + r + 3), ("right", x - r - 3 - room)):
            box = (left, y - LINE_PX / 2, left + room, y + LINE_PX / 2)
            clear = box[0] >= 0 and box[2] <= wide and not any(_meet(box, other) for other in taken)
            marks = (_square(spot) for n, spot in enumerate(spots) if n != at and spot[2] > SMALL_MARK)
            if clear and not any(_meet(box, mark) for mark in marks):
                taken.append(box)
                shift = (point["r"] + 4) * (1 if anchor == "left" else -1)
                made.append({
                    "text": f"<b>{point['text']}</b>" if point["risk"] else point["text"], "x": log10(point["x"]),
                    "y": log10(point["y"]), "xref": "x", "yref": "y", "xanchor": anchor, "yanchor": "middle",
                    "xshift": shift, "font": {"size": 19, "color": point["color"]},
                })  # fmt: skip
                break
    return made


def _square(spot: tuple[float, float, float]) -> Box:
    x, y, r = spot
    return x - r, y - r, x + r, y + r


def _meet(a: Box, b: Box) -> bool:
    return min(a[2], b[2]) - max(a[0], b[0]) > 0 and min(a[3], b[3]) - max(a[1], b[1]) > 0


def _quarter_names(labels: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"text": q["text"], "x": q["right"], "y": 1 - q["bottom"], "xref": "paper", "yref": "paper",
         "xanchor": "right" if q["right"] else "left", "yanchor": "bottom" if q["bottom"] else "top",
         "xshift": -10 if q["right"] else 10, "yshift": 6 if q["bottom"] else -6, "bgcolor": labels["paper"],
         "font": {"size": 21, "color": q["color"]}}
        for q in labels["quarters"]
    ]  # fmt: skip


def places(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """Weeks of cover, category by warehouse; both heads narrow the page."""
    result = results["warehouse_cover"]
    categories, warehouses, cells = lists.table(records(result))
    if not categories or not warehouses:
        body = message(view, view.t("places.empty"), view.t("places.empty_more"))
        return panel(spec, view, result, body, area="at-places")
    grid: list[Any] = [html.Span()]
    grid += [
        html.A(name, href=view.toggle("warehouse", code), className="n top", title=name) for code, name in warehouses
    ]
    thin = []
    for category in categories:
        grid.append(html.A(category, href=view.toggle("category", category), className="n side", title=category))
        for code, name in warehouses:
            row = cells.get((category, code), {})
            weeks = row.get("cover_weeks")
            grid.append(lists.cell(weeks))
            if lists.shade(weeks) == "thin":
                thin.append((number(weeks), category, name))
    heat = html.Div(grid, className=f"heat of-{min(len(warehouses), 6)}")
    title = view.t("places.finding", n=len(thin), category=min(thin)[1], place=min(thin)[2]) if thin else None
    note = view.t("places.note", n=fmt.number(lists.THIN, 1))
    return panel(spec, view, result, heat, title=title, note=note, area="at-places")


def suggestions(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """What to do next by money, the best of each kind among them."""
    result = results["do_next"]
    if result.frame.empty:
        calm = message(view, view.t("next.empty"), view.t("next.empty_more"))
        return panel(spec, view, result, calm, area="at-next")
    best = some(result, result.frame["place"] <= 2)
    shown = sorted(best[:SUGGESTIONS], key=lambda row: -number(row["money"]))
    unit = fmt.unit_for([row["money"] for row in shown], view.lang)
    lines = []
    for row in shown:
        side, why = lists.reason(row, view.lang)
        mark = icon("crit") if row["kind"] in ("expedite", "order") else glyph("erp")
        gain = view.t(f"next.gain.{row['kind']}", money=fmt.money(row["money"], view.company.currency, unit))
        first = [mark, html.A(lists.what(row, view.lang), href=view.item(row["product_id"]), className="n"),
                 html.Span(gain, className="gain")]  # fmt: skip
        second = [glyph(side), html.Span(why, className="n")]
        lines.append(html.Div([html.Div(first, className="a1"), html.Div(second, className="a2")], className="act"))
    more = html.A(view.t("next.all", n=len(result.frame)), href=view.link("/table/do_next"), className="lnk")
    body = [html.Div(lines, className="acts"), html.Div(more, className="panel-foot")]
    return panel(spec, view, result, body, note=view.t("next.note"), area="at-next")
