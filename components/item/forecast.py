"""How far off the forecast of an item was, in one line; and what the item is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk.panel import message, panel
from components.marks import attrs, icon
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Results = Mapping[str, "Result"]
Row = Mapping[str, Any]
HIGH = 0.005  # share from which a forecast was high or low at all


def honest(outlook: Sequence[Row], view: View) -> html.Div:
    """The line under the chart: what was said eight weeks ago and what came; worse than last year is said so."""
    model = next((one["model"] for one in outlook if one["model"]), None)
    said = [one for one in outlook if one["said"] is not None and one["came"] is not None]
    head = html.B(view.t("item.honest.head"))
    if model == "family_ramp":
        return html.Div([icon("info"), head, html.Span(view.t("item.honest.new"))], className="honest")
    if not said or model in (None, "none", "early_rate"):
        return html.Div([head, html.Span(view.t("item.honest.unknown"))], className="honest quiet-2")
    forecast, came = sum(number(one["said"]) for one in said), sum(number(one["came"]) for one in said)
    missed = sum(abs(number(one["said"]) - number(one["came"])) for one in said)
    naive = sum(abs(number(one["repeated"]) - number(one["came"])) for one in said)
    held = [one for one in said if one["said_lo80"] is not None]
    inside = sum(number(one["said_lo80"]) <= number(one["came"]) <= number(one["said_hi80"]) for one in held)
    parts: list[Any] = [
        head,
        html.Span(view.t("item.honest.said", n=len(said), forecast=fmt.number(forecast), came=fmt.number(came))),
    ]
    if came > 0:
        off = forecast / came - 1
        way = "even" if abs(off) < HIGH else "high" if off > 0 else "low"
        parts.append(html.B(view.t(f"item.honest.{way}", share=fmt.percent(abs(off)))))
        parts.append(
            html.Span(view.t("item.honest.error", error=fmt.percent(missed / came), naive=fmt.percent(naive / came)))
        )
    if held:
        parts.append(html.Span(view.t("item.honest.held", n=inside, all=len(held))))
    if missed > naive:
        parts.append(html.Span([icon("warn"), view.t("item.honest.worse")], className="tag warn"))
    return html.Div(parts, className="honest", **attrs(data_model=model))


def parts(spec: Panel, view: View, results: Results) -> Any:
    """The tree of parts, with how many of the item the stock of each would do for; the fewest decides."""
    result = results["parts"]
    rows = records(result)
    if not rows:
        calm = message(view, view.t("item.parts.none"), view.t("item.parts.none_more"))
        return panel(spec, view, result, calm, area="at-parts")
    bought = [row for row in rows if not row["has_parts"]] or rows
    least = min(bought, key=lambda row: number(row["makes"]))
    names = ("part", "per", "on_hand", "makes", "next")
    head = html.Tr([html.Th(view.t(f"item.parts.{name}"), className="" if name == "part" else "num") for name in names])
    body = [_part(row, row is least, view) for row in rows]
    table = html.Div(
        html.Table([html.Thead(head), html.Tbody(body)], className="list parts"), className="rows-box", tabIndex=0
    )
    title = view.t("item.parts.decides", name=least["name"] or least["sku"])
    return panel(
        spec,
        view,
        result,
        table,
        title=title,
        note=view.t("item.parts.note", n=fmt.number(least["makes"])),
        area="at-parts",
    )


def _part(row: Row, decides: bool, view: View) -> html.Tr:
    name = html.A(
        [html.B(row["sku"] or row["product_id"]), " ", html.Span(row["name"] if row["sku"] else "")],
        href=view.item(row["product_id"]),
    )
    day = fmt.short_date(row["next_receipt_date"], view.lang) if row["next_receipt_date"] else fmt.MISSING
    mark: Any = [icon("crit"), view.t("item.parts.decides_chip")] if decides else None
    cells = [
        html.Td(
            html.Span(name, className=f"branch l{min(int(row['level']), 6)}"), className="n", title=row["name"] or ""
        ),
        html.Td(_per(number(row["per_unit"])), className="num"),
        html.Td(fmt.number(row["on_hand"]), className="num"),
        html.Td(
            html.B(fmt.number(row["makes"])) if decides else fmt.number(row["makes"]),
            className="num" + (" ink-crit" if decides else ""),
        ),
        html.Td([html.Span(mark, className="tag crit beside") if mark else None, day], className="num"),
    ]
    return html.Tr(cells, className="decides" if decides else "")


def _per(value: float) -> str:
    return fmt.number(value) if abs(value - round(value)) < 0.005 else fmt.number(value, 2)


def used_in(spec: Panel, view: View, results: Results) -> Any:
    """Where the item goes into."""
    result = results["used_in"]
    rows = records(result)
    if not rows:
        return panel(spec, view, result, message(view, view.t("item.used_in.none")), area="at-used")
    names = ("product", "level", "per", "weekly")
    head = html.Tr(
        [html.Th(view.t(f"item.used_in.{name}"), className="" if name == "product" else "num") for name in names]
    )
    body = [
        html.Tr(
            [
                html.Td(
                    html.A(
                        [html.B(row["sku"] or row["product_id"]), " ", html.Span(row["name"] if row["sku"] else "")],
                        href=view.item(row["product_id"]),
                    ),
                    className="n",
                    title=row["name"] or "",
                ),
                html.Td(fmt.number(row["level"]), className="num"),
                html.Td(_per(number(row["per_unit"])), className="num"),
                html.Td(
                    fmt.MISSING if row["weekly_quantity"] is None else fmt.number(row["weekly_quantity"]),
                    className="num",
                ),
            ]
        )
        for row in rows
    ]
    table = html.Div(
        html.Table([html.Thead(head), html.Tbody(body)], className="list"), className="rows-box", tabIndex=0
    )
    return panel(spec, view, result, table, note=view.t("item.used_in.note", n=len(rows)), area="at-used")
