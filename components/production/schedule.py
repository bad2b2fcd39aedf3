"""The master schedule of the tightest items: five lines an item, week by week; colour marks exceptions only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk.panel import message, panel
from components.marks import icon
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Row = Mapping[str, Any]
ITEMS, COVERED = 4, 10  # drawn; the tables have all
THIN_DAYS, FULL_DAYS, SHADES = 7.0, 70.0, 7


def schedule(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """The table of the first items, and the way to all of them."""
    result = results["schedule"]
    frame = result.frame
    if frame.empty:
        body = message(view, view.t("production.schedule.empty"), view.t("desk.widen"))
        return panel(spec, view, result, body, area="at-schedule")
    kept = list(dict.fromkeys(frame["product_id"]))
    rows = [row for row in records(result) if row["product_id"] in set(kept[:ITEMS])]
    groups = [list(group) for _, group in groupby(rows, key=lambda row: row["product_id"])]
    weeks = [row["week_start"] for row in groups[0]]
    head = html.Tr(
        [
            html.Th(view.t("production.schedule.item")),
            *(html.Th(fmt.week(week, view.lang), className="num") for week in weeks),
        ]
    )
    lines = [line for group in groups for line in _item(group, view)]
    table = html.Table([html.Thead(head), html.Tbody(lines)], className="mps")
    more = html.A(
        view.t("production.schedule.all", n=fmt.number(len(kept))),
        href=view.panel_link("/table/schedule", spec.filters, **view.spoken),
        className="lnk",
    )
    drawn = [html.Div(table, className="mps-box"), html.Div(more, className="panel-foot")]
    return panel(spec, view, result, drawn, note=view.t("production.schedule.note"), area="at-schedule")


def _item(group: Sequence[Row], view: View) -> list[html.Tr]:
    first = group[0]
    name = html.A(
        [html.B(first["sku"] or first["name"]), " ", html.Span(first["name"] if first["sku"] else "")],
        href=view.item(first["product_id"]),
    )
    held = view.t("production.schedule.held", n=fmt.number(first["on_hand"]), safety=fmt.number(first["safety_stock"]))
    label = html.Td([name, html.Span(held, className="quiet"), _chip(first, view)], colSpan=len(group) + 1)
    wanted: list[tuple[str, Callable[[Row], float | None]]] = [
        ("forecast", lambda row: number(row["forecast"])),
        ("orders", lambda row: number(row["customer_orders"])),
    ]
    if any(round(number(row["deal_quantity"])) for row in group):
        wanted.insert(1, ("deals", lambda row: number(row["deal_quantity"])))
    if any(number(row["dependent_demand"]) for row in group):
        wanted.append(("dependent", lambda row: number(row["dependent_demand"])))
    made = [html.Tr(label, className="of-item")]
    made += [
        _line(f"production.row.{name}", [html.Td(_plain(value(row)), className="num") for row in group], view)
        for name, value in wanted
    ]
    made.append(_line("production.row.receipts", [_receipt(row) for row in group], view))
    made.append(_line("production.row.available", [_available(row) for row in group], view, strong=True))
    made.append(_line("production.row.atp", [_promise(row) for row in group], view))
    return made


def _line(key: str, cells: Sequence[Any], view: View, *, strong: bool = False) -> html.Tr:
    return html.Tr([html.Th(view.t(key), scope="row"), *cells], className="strong" if strong else "")


def _plain(value: float | None) -> str:
    return fmt.MISSING if not value or round(value) == 0 else fmt.number(value)


def _receipt(row: Row) -> html.Td:
    come = number(row["scheduled_receipts"]) + number(row["planned_receipts"])
    text = f"+{fmt.number(come)}" if round(come) > 0 else fmt.MISSING
    return html.Td(text, className="num in" if round(come) > 0 else "num")


def _available(row: Row) -> html.Td:
    left = number(row["projected_available"])
    state = "below" if round(left) < 0 else "low" if left < number(row["safety_stock"]) - 1e-6 else ""
    text = fmt.number(left)
    return html.Td(f"{fmt.DOWN} {text}" if state == "below" else text, className=f"num {state}".strip())


def _promise(row: Row) -> html.Td:
    value = row["atp"]
    if value is None:
        return html.Td("", className="num")
    return html.Td(fmt.number(value), className="num minus" if round(number(value)) < 0 else "num")


def _chip(row: Row, view: View) -> html.Span | None:
    tight = int(row["tightness"])
    if tight == 2:
        text = view.t(
            "production.schedule.short",
            n=fmt.number(row["short_quantity"]),
            week=fmt.week(row["short_week"], view.lang),
        )
        return html.Span([icon("crit"), text], className="mps-chip crit")
    if tight == 1:
        return html.Span(
            [icon("warn"), view.t("production.schedule.low", week=fmt.week(row["low_from"], view.lang))],
            className="mps-chip warn",
        )
    return None


def cover(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """Days of cover, item by week, the tightest first."""
    result = results["cover"]
    if result.frame.empty:
        body = message(view, view.t("production.schedule.empty"), view.t("desk.widen"))
        return panel(spec, view, result, body, area="at-cover")
    kept = list(dict.fromkeys(result.frame["product_id"]))
    rows = [row for row in records(result) if row["product_id"] in set(kept[:COVERED])]
    weeks = sorted({row["week_start"] for row in rows})
    made: list[Any] = [html.Span()]
    made += [html.Span(fmt.week(week, view.lang), className="n top") for week in weeks]
    for _, group in groupby(rows, key=lambda row: row["product_id"]):
        lines = list(group)
        made.append(
            html.A(
                lines[0]["sku"] or lines[0]["name"],
                href=view.item(lines[0]["product_id"]),
                className="n side",
                title=lines[0]["name"],
            )
        )
        made += [_days(row) for row in lines]
    heat = html.Div(made, className=f"heat of-{len(weeks)}")
    more = html.A(
        view.t("production.cover.all", n=fmt.number(len(kept))),
        href=view.panel_link("/table/cover_weeks", spec.filters, **view.spoken),
        className="lnk",
    )
    return panel(
        spec,
        view,
        result,
        [heat, html.Div(more, className="panel-foot")],
        note=view.t("production.cover.note"),
        area="at-cover",
    )


def _days(row: Row) -> html.Span:
    days = number(row["cover_days"])
    text = fmt.number(days) + ("+" if row["is_more"] else "")
    if days <= 0:
        return html.Span(f"{fmt.DOWN} 0", className="cell thin")
    if days < THIN_DAYS:
        return html.Span(text, className="cell over")
    return html.Span(text, className=f"cell s{min(SHADES - 1, int(SHADES * days / FULL_DAYS))}")
