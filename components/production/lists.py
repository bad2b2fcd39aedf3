"""Action messages, what waits for a shortage, and how good the forecast has been, as a desk shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk.grid import Cell, Column, grid
from components.desk.panel import message, panel
from components.marks import icon
from components.production import demand, messages
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Row = Mapping[str, Any]
SHOWN = 7


def actions(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """The messages with the most money, one line an item."""
    result = results["messages"]
    rows = messages.by_item(records(result))
    if not rows:
        calm = message(view, view.t("production.messages.empty"), view.t("production.messages.empty_more"))
        return panel(spec, view, result, calm, area="at-messages")
    chosen = messages.first(rows, SHOWN)
    unit = fmt.unit_for([messages.money(row) for row in chosen], view.lang)
    lines = [_action(row, unit, view) for row in chosen]
    more = html.A(view.t("production.messages.all", n=fmt.number(len(result.frame))), className="lnk",
                  href=view.panel_link("/table/messages", spec.filters, **view.spoken))  # fmt: skip
    note = view.t("production.messages.note", n=len(lines), all=fmt.number(len(rows)))
    return panel(
        spec,
        view,
        result,
        [html.Div(lines, className="messages"), html.Div(more, className="panel-foot")],
        note=note,
        area="at-messages",
    )


def _action(row: Row, unit: fmt.Unit, view: View) -> html.Div:
    verb = view.t(f"production.verb.{row['kind']}")
    what = html.Span(
        [html.B([verb, " ", html.A(row["sku"] or row["name"], href=view.item(row["product_id"]))]), " ",
         html.Span(messages.words(row, view.lang) + messages.waiting(row, view.lang), className="quiet-2")],
        className="n", title=row["name"],
    )  # fmt: skip
    amount = html.B(fmt.money(messages.money(row), view.company.currency, unit), className="num")
    key = f"{row['product_id']}~{row['kind']}"
    on = key in view.filters.values("propose")
    word = view.t("production.proposal.chosen" if on else "production.proposal.choose")
    choose = html.A(word, href=view.toggle("propose", key), className="propose on" if on else "propose")
    return html.Div([messages.mark(row), what, amount, choose], className="message-row")


def proposal(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """What was chosen, to be taken along as a spreadsheet."""
    result = results["proposal"]
    rows = records(result)
    unit = fmt.unit_for([messages.money(row) for row in rows], view.lang)
    lines = [_proposed(row, unit, view) for row in rows]
    files = [html.A(kind.upper(), href=view.download("proposal", kind), className="lnk") for kind in ("xlsx", "csv")]
    clear = html.A(view.t("production.proposal.clear"), href=view.link(propose=None), className="lnk")
    foot = html.Div([*files, clear], className="panel-foot")
    body = [html.Div(lines, className="messages"), foot]
    title = view.t("production.proposal.finding", n=fmt.number(len(rows)))
    note = view.t("production.proposal.note")
    return panel(spec, view, result, body, title=title, note=note, area="at-proposal")


def _proposed(row: Row, unit: fmt.Unit, view: View) -> html.Div:
    verb = view.t(f"production.verb.{row['kind']}")
    told = messages.words({**row, "count": 1}, view.lang)
    supplier = f" · {row['supplier']}" if row["supplier"] else ""
    what = html.Span([html.B(f"{verb} {row['sku'] or row['name']}"), " ", html.Span(told + supplier)], className="n")
    amount = html.B(fmt.money(messages.money(row), view.company.currency, unit), className="num")
    return html.Div([messages.mark(row), what, amount], className="message-row")


PEGGING = (
    Column("sku", "production.pegging.short", 100),
    Column("path", "production.pegging.path", 150, grow=1),
    Column("order_no", "production.pegging.order", 122),
    Column("customer", "production.pegging.customer", 150, grow=1),
    Column("wanted_date", "production.pegging.wanted", 90, "number"),
    Column("quantity", "production.pegging.quantity", 80, "number"),
    Column("amount", "production.pegging.amount", 90, "number"),
)


def pegging(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """Whose orders a shortage holds up."""
    result = results["pegging"]
    if result.frame.empty:
        calm = message(view, view.t("production.pegging.empty"), view.t("production.pegging.empty_more"))
        return panel(spec, view, result, calm, area="at-pegging")
    orders, short = result.frame["order_id"].nunique(), result.frame["product_id"].nunique()
    title = view.t("production.pegging.finding", n=fmt.number(orders), items=fmt.number(short))
    return panel(
        spec, view, result, grid(spec.name, view, PEGGING, label=view.t(spec.title)), title=title, area="at-pegging"
    )


def pegging_rows(rows: Sequence[Row], view: View, result: Result) -> list[dict[str, Any]]:
    """The rows of the table as people read them."""
    unit = fmt.unit_for([row["amount"] for row in rows], view.lang)
    made = []
    for row in rows:
        cells = {
            "sku": Cell(row["sku"] or row["name"], href=view.item(row["product_id"])),
            "path": Cell(row["path"]),
            "order_no": Cell(row["order_no"] or row["order_id"], href=view.order(row["order_id"])),
            "customer": Cell(
                fmt.trade_name(row["customer"] or fmt.MISSING),
                href=view.customer(row["customer_id"]) if row["customer_id"] else None,
            ),
            "wanted_date": Cell(fmt.short_date(row["wanted_date"], view.lang)),
            "quantity": Cell(fmt.number(row["quantity"])),
            "amount": Cell(fmt.money(row["amount"], view.company.currency, unit)),
        }
        made.append({name: cell.plain() for name, cell in cells.items()})
    return made


def honesty(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """How far off the forecast was, against repeating last year; worse is said so."""
    result = results["honesty"]
    rows = records(result)
    kinds = [row for row in rows if row["kind"] is not None and row["wape"] is not None]
    total = next((row for row in rows if row["kind"] is None), None)
    if not kinds:
        calm = message(view, view.t("production.honesty.empty"), view.t("production.honesty.empty_more"))
        return panel(spec, view, result, calm, area="at-honesty")
    head = html.Tr([html.Th(view.t(f"production.honesty.{name}"), className="num" if name != "kind" else "")
                    for name in ("kind", "items", "wape", "naive", "bias", "held", "worse")])  # fmt: skip
    lines = [_honest(row, view) for row in (*kinds, *([total] if total else []))]
    inside = html.Table([html.Thead(head), html.Tbody(lines)], className="honesty")
    table = html.Div(inside, className="honesty-box", tabIndex=0)
    worse, judged = (sum(int(number(row[name])) for row in kinds) for name in ("items_worse", "items_better"))
    judged += worse
    title = view.t("production.honesty.finding", n=fmt.number(judged - worse), all=fmt.number(judged))
    body = [table, demand.deals_value(results, view)]
    return panel(spec, view, result, body, title=title, sub=view.t("production.honesty.sub"), area="at-honesty")


def _honest(row: Row, view: View) -> html.Tr:
    kind = row["kind"]
    wape, naive = row["wape"], row["naive_wape"]
    behind = wape is not None and naive is not None and wape > naive
    name = view.t(f"production.kind.{kind}" if kind else "production.kind.total")
    worse = "" if row["items_worse"] is None else fmt.number(row["items_worse"])
    mark: Any = [icon("warn"), html.Span(view.t("production.honesty.than_naive"))] if behind else None
    bias = fmt.MISSING if row["bias"] is None else _signed(number(row["bias"]))
    return html.Tr(
        [
            html.Th([name, html.Span(mark, className="mps-chip warn") if mark else None], scope="row"),
            html.Td(fmt.number(row["items"]) if row["items"] is not None else "", className="num"),
            html.Td(fmt.percent(wape, 0), className="num strong"),
            html.Td(fmt.percent(naive, 0), className="num"),
            html.Td(bias, className="num"),
            html.Td(fmt.percent(row["coverage80"], 0), className="num"),
            html.Td(worse, className="num"),
        ],
        className="" if kind else "whole",
    )


def _signed(value: float) -> str:
    text = fmt.percent(value, 1)
    return text if text.startswith(fmt.MINUS) or not text.strip("0.%") else f"+{text}"
