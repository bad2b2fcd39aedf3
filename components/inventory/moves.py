"""What came in and went out, and which open orders stock can serve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk.grid import Cell, Column, grid
from components.desk.panel import figure, message, panel
from components.rows import number, peak, records
from components.theme import colour

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Row = Mapping[str, Any]
PERIODS = ("13w", "26w", "52w")
MAIN = {"in": ("receipt", "production_in"), "out": ("shipment", "production_out")}
INKS = ("erp", "erp-rest", "neutral-2")  # the first kind, the second, all others
STATES = {"none": "crit", "late": "warn"}


def moves(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """Weekly bars at cost: in above the line, out below."""
    result = results["stock_moves"]
    rows = records(result)
    links: list[Any] = []
    chosen = next(iter(view.filters.values("period")), spec.period)
    for name in PERIODS:
        on = "on" if name == chosen else ""
        links.append(html.A(view.t(f"moves.period.{name}"), href=view.link(period=name), className=on))
    note = html.Span(links, className="periods")
    if not rows:
        body = message(view, view.t("moves.empty"), view.t("desk.widen"))
        return panel(spec, view, result, body, note=note, area="at-moves")
    total = {way: sum(number(row["moved_cost"]) for row in rows if row["direction"] == way) for way in MAIN}
    unit = fmt.unit_for(total.values(), view.lang)
    net = total["in"] - total["out"]
    currency = view.company.currency
    money = {"come": fmt.money(total["in"], currency, unit), "gone": fmt.money(total["out"], currency, unit)}
    money["net"] = fmt.money(abs(net), currency, fmt.unit_for([net], view.lang))
    title = view.t("moves.finding.more" if net >= 0 else "moves.finding.less", **money)
    body = figure(spec.name, moves_figure(rows, view), view.t("moves.aria", **money))
    where = "moves.sub_place" if view.filters.values("warehouse") else "moves.sub"
    keys = [("moving", "moves.first"), ("slow", "moves.second"), ("other", "moves.third")]
    sub = html.Span(
        [piece for ink, text in keys for piece in (html.Span(className=f"key {ink}"),
                                                   html.Span(view.t(text), className="key-text"))]
        + [html.Span(view.t(where, **money))],
        className="keys",
    )  # fmt: skip
    return panel(spec, view, result, body, title=title, note=note, sub=sub, area="at-moves")


def moves_figure(rows: Sequence[Row], view: View) -> dict[str, Any]:
    """The bars as a plain dict; weeks without a move are empty."""
    first, last = min(row["week_start"] for row in rows), max(row["week_start"] for row in rows)
    weeks = [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]
    sums: dict[tuple[date, str, int], float] = {}
    for row in rows:
        main = MAIN[row["direction"]]
        kind = main.index(row["kind"]) if row["kind"] in main else len(main)
        key = row["week_start"], row["direction"], kind
        sums[key] = sums.get(key, 0.0) + number(row["moved_cost"])
    tops = [sum(sums.get((week, way, kind), 0.0) for kind in range(3)) for week in weeks for way in MAIN]
    unit = fmt.unit_for(tops, view.lang)
    limit = max([*tops, 1.0]) / unit.divisor
    data = []
    for way, sign in (("in", 1), ("out", -1)):
        for kind, ink in enumerate(INKS):
            ys = [sign * sums.get((week, way, kind), 0.0) / unit.divisor for week in weeks]
            if not any(ys):
                continue
            name = view.t(f"moves.kind.{(*MAIN[way], way)[kind]}")
            told = [fmt.money(abs(y) * unit.divisor, view.company.currency, unit) for y in ys]
            days = [fmt.short_date(week, view.lang) for week in weeks]
            hover = [f"{day} · {name}: {text}<extra></extra>" for day, text in zip(days, told, strict=True)]
            data.append({
                "type": "bar", "x": list(range(len(weeks))), "y": ys, "marker": {"color": colour(ink, "light")},
                "hovertemplate": hover, "name": "",
            })  # fmt: skip
    step = max(1, len(weeks) // 4)
    shown = list(range(0, len(weeks), step))
    ticks = [-limit, 0, limit]
    text = [fmt.money(abs(y) * unit.divisor, view.company.currency, unit) for y in ticks]
    return {
        "data": data,
        "layout": {
            "margin": {"l": 58, "r": 4, "t": 4, "b": 22}, "barmode": "relative", "bargap": 0.2,
            "xaxis": {
                "tickvals": shown, "ticktext": [fmt.short_date(weeks[n], view.lang) for n in shown],
                "showgrid": False, "range": [-0.6, len(weeks) - 0.4], "tickangle": 0,
            },
            "yaxis": {
                "range": [-1.06 * limit, 1.06 * limit], "tickvals": ticks, "ticktext": ["", "0", ""],
                "zeroline": True, "zerolinecolor": colour("text", "light"), "zerolinewidth": 2, "showgrid": False,
            },
            "annotations": [
                _word(view.t("moves.in"), 1, "top", text[2]), _word(view.t("moves.out"), 0, "bottom", text[0]),
            ],
        },
    }  # fmt: skip


def _word(name: str, y: float, anchor: str, top: str) -> dict[str, Any]:
    """The word at an end of the axis, with the tallest bar's amount."""
    return {
        "text": f"<b>{name}</b><br>{top}", "x": 0, "xref": "paper", "xshift": -54, "xanchor": "left", "align": "left",
        "y": y, "yref": "paper", "yanchor": anchor, "font": {"size": 12, "color": colour("text-2", "light")},
    }  # fmt: skip


COLUMNS = (
    Column("order_no", "open_orders.order", 102),
    Column("customer", "open_orders.customer", 120, grow=1),
    Column("sku", "open_orders.sku", 96),
    Column("item", "open_orders.item", 140, hidden=True),
    Column("quantity", "open_orders.quantity", 58, "number"),
    Column("amount", "open_orders.amount", 76, "number"),
    Column("wanted_date", "open_orders.wanted", 84, "number"),
    Column("likely_date", "open_orders.likely", 78, "number"),
    Column("state", "open_orders.state", 136, "status"),
    Column("days_late", "open_orders.late", 80, "number", hidden=True),
    Column("warehouse", "open_orders.warehouse", 90, hidden=True),
    Column("category", "open_orders.category", 120, hidden=True),
)


def open_orders(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """What can leave now, what waits and what has no supply, and every line in a table."""
    result = results["open_orders"]
    rows = records(result)
    if not rows:
        body = message(view, view.t("open_orders.empty"), view.t("desk.widen"))
        return panel(spec, view, result, body, area="at-orders")
    sums = {
        state: sum(number(r["amount"]) for r in rows if r["state"] == state)
        for state in ("stock", "receipt", "late", "none")
    }
    unit = fmt.unit_for([sum(sums.values())], view.lang)
    money = {state: fmt.money(value, view.company.currency, unit) for state, value in sums.items()}
    whole = fmt.money(sum(sums.values()), view.company.currency, unit)
    bad = sums["late"] + sums["none"]
    title = view.t("open_orders.finding" if bad > 0 else "open_orders.finding_none",
                   money=fmt.money(bad, view.company.currency, unit), whole=whole)  # fmt: skip
    sub = view.t("open_orders.sub", **money)
    table = grid(spec.name, view, COLUMNS, label=view.t(spec.title))
    note = view.t("open_orders.note", n=fmt.number(len(rows)))
    return panel(spec, view, result, table, title=title, note=note, sub=sub, area="at-orders")


def order_rows(rows: Sequence[Row], view: View, whole: Result) -> list[dict[str, Any]]:
    """The cells of some lines, amounts in one unit."""
    unit = fmt.unit_for([peak(whole.frame["amount"])], view.lang)
    return [_order_row(row, unit, view) for row in rows]


def _order_row(row: Row, unit: fmt.Unit, view: View) -> dict[str, Any]:
    late = row["days_late"]
    cells = {
        "order_no": Cell(row["order_no"] or fmt.MISSING, href=view.order(row["order_id"])),
        "customer": Cell(
            row["customer"] or fmt.MISSING, href=view.customer(row["customer_id"]) if row["customer_id"] else None
        ),
        "sku": Cell(row["sku"] or fmt.MISSING, href=view.item(row["product_id"])),
        "item": Cell(row["item"] or fmt.MISSING),
        "quantity": Cell(fmt.number(row["quantity"])),
        "amount": Cell(fmt.money(row["amount"], view.company.currency, unit)),
        "wanted_date": Cell(fmt.short_date(row["wanted_date"], view.lang)),
        "likely_date": Cell(fmt.short_date(row["likely_date"], view.lang)),
        "state": Cell(view.t(f"open_orders.is.{row['state']}"), status=STATES.get(row["state"], "ok")),
        "days_late": Cell(
            fmt.MISSING if late is None else view.t("open_orders.days", n=int(late)), status="warn" if late else None
        ),
        "warehouse": Cell(row["warehouse"] or fmt.MISSING),
        "category": Cell(row["category"]),
    }
    return {name: cell.plain() for name, cell in cells.items()}
