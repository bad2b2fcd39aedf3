"""The tables of an item: where it lies, who waits for it, what is to come, every move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk.grid import Cell, Column, grid
from components.desk.panel import message, panel
from components.i18n import has
from components.marks import attrs, glyph, icon
from components.promise import quantity
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Results = Mapping[str, "Result"]
Row = Mapping[str, Any]
LATE = 7  # days from which lateness is critical


def warehouses(spec: Panel, view: View, results: Results) -> Any:
    """One row per warehouse."""
    result = results["warehouses"]
    rows = records(result)
    if not rows:
        return panel(spec, view, result, message(view, view.t("item.warehouses.none")), area="at-places")
    columns = ("place", "on_hand", "free", "ordered", "coming", "next")
    body = [_place(one, view) for one in rows]
    table = _table(columns, columns[1:], body, view)
    return panel(spec, view, result, table, note=view.t("item.warehouses.note"), area="at-places")


def _place(one: Row, view: View) -> html.Tr:
    short = number(one["on_hand"]) < 0
    late = number(one["overdue_quantity"])
    coming: list[Any] = [quantity(one["receipt_quantity"]) if one["receipt_quantity"] else fmt.MISSING]
    if late:
        words = view.t("item.warehouses.overdue", n=quantity(late))
        coming.append(html.Span([icon("warn"), words], className="tag warn beside"))
    cells = [
        html.Td(html.B(one["warehouse_name"] or view.t("promise.somewhere"))),
        html.Td(html.B(quantity(one["on_hand"])), className="num" + (" ink-crit" if short else "")),
        html.Td(quantity(one["free_quantity"]), className="num"),
        html.Td(quantity(one["ordered_quantity"]) if one["ordered_quantity"] else fmt.MISSING, className="num"),
        html.Td(coming, className="num"),
        html.Td(fmt.short_date(one["next_receipt_date"], view.lang), className="num"),
    ]
    return html.Tr(cells)


def receipts(spec: Panel, view: View, results: Results) -> Any:
    """Open purchases and work orders."""
    result = results["receipts"]
    rows = records(result)
    if not rows:
        return panel(spec, view, result, message(view, view.t("item.receipts.none")), area="at-receipts")
    columns = ("document", "from", "to", "quantity", "expected", "state")
    body = []
    for one in rows:
        state: Any = html.Span(view.t("item.receipts.expected"), className="quiet-2")
        if one["is_overdue"]:
            days = one["days_late"]
            words = view.t("item.receipts.undated") if days is None else view.t("item.receipts.overdue", n=int(days))
            state = html.Span([icon("warn"), words], className="tag warn")
        cells = [
            html.Td([glyph("erp"), " ", html.B(_document(one, view))]),
            html.Td(one["supplier"] or fmt.MISSING, className="clip", title=one["supplier"] or ""),
            html.Td(one["warehouse"] or fmt.MISSING),
            html.Td(quantity(one["quantity"]), className="num"),
            html.Td(html.B(fmt.short_date(one["expected_date"], view.lang)), className="num"),
            html.Td(state),
        ]
        body.append(html.Tr(cells))
    total = sum(number(one["quantity"]) for one in rows if not one["is_overdue"])
    note = view.t("item.receipts.note", n=quantity(total))
    return panel(
        spec, view, result, _table(columns, ("quantity", "expected"), body, view), note=note, area="at-receipts"
    )


def _document(one: Row, view: View) -> str:
    """A bare number says which kind of document it is of; numbers like PO010350 say so themselves."""
    number = str(one["document"])
    return view.t(f"item.receipts.{one['kind']}", document=number) if number[:1].isdigit() else number


def waiting(spec: Panel, view: View, results: Results) -> Any:
    """Open order lines and open deals."""
    result = results["waiting"]
    rows = records(result)
    if not rows:
        return panel(spec, view, result, message(view, view.t("item.waiting.none")), area="at-waiting")
    unit = fmt.unit_for([one["amount"] for one in rows], view.lang)
    columns = ("who", "customer", "pcs", "wanted", "likely", "fits", "value")
    body = [_waiter(one, unit, view) for one in rows]
    orders = [one for one in rows if one["system"] == "erp"]
    money = fmt.money(sum(number(one["amount"]) for one in orders), view.company.currency, unit)
    count = len({one["entity_id"] for one in orders})
    told = [
        view.t("item.waiting.orders", n=count, money=money),
        view.t("item.waiting.deals", n=len(rows) - len(orders)),
    ]
    note = html.Span([glyph("erp"), f" {told[0]} · ", glyph("crm"), f" {told[1]}"])
    table = _table(columns, ("pcs", "wanted", "likely", "value"), body, view)
    return panel(spec, view, result, table, note=note, area="at-waiting")


def _waiter(one: Row, unit: fmt.Unit, view: View) -> html.Tr:
    name: Any = one["document"] or one["entity_id"]
    if one["system"] == "erp":
        name = html.A(name, href=view.order(one["entity_id"]))
    who: Any = one["customer"] or fmt.MISSING
    if one["customer_id"]:
        who = html.A(who, href=view.customer(one["customer_id"]))
    if one["system"] == "crm":
        who = [who, f" {fmt.percent(one['probability'], 0)}"]
    words, status = fits(one, view)
    mark = icon(status) if status in ("warn", "crit") else None
    cells = [
        html.Td([glyph(one["system"]), " ", html.B(name)], className="clip"),
        html.Td(who, className="clip", title=one["customer"] or ""),
        html.Td(quantity(one["quantity"]), className="num"),
        html.Td(
            fmt.short_date(one["wanted_date"], view.lang),
            className="num",
            **attrs(data_label=view.t("item.col.wanted")),
        ),
        html.Td(
            html.B(fmt.short_date(one["likely_date"], view.lang)),
            className="num",
            **attrs(data_label=view.t("item.col.likely")),
        ),
        html.Td(html.Span([mark, words], className=f"tag {status}") if words else ""),
        html.Td(html.B(fmt.money(one["amount"], view.company.currency, unit)), className="num"),
    ]
    return html.Tr(cells, **attrs(data_system=one["system"]))


def fits(one: Row, view: View) -> tuple[str, str]:
    """(whether the goods come in time, its status)."""
    days = one["likely_days_late"]
    if one["likely_date"] is None:
        return (view.t("item.waiting.no_supply"), "crit") if one["system"] == "erp" else ("", "ok")
    if days is None or days <= 0:
        return view.t("item.waiting.fits"), "ok"
    return view.t("order.late", n=int(days)), "crit" if days > LATE or not one["likely_known"] else "warn"


MOVES = (
    Column("day", "item.col.day", 112),
    Column("move_kind", "item.col.kind", 130),
    Column("quantity", "item.col.quantity", 96, "number"),
    Column("on_hand", "item.col.after", 110, "number"),
    Column("from_warehouse", "item.col.from_place", 90),
    Column("to_warehouse", "item.col.to_place", 90),
    Column("order_no", "item.col.order", 120, role="erp"),
    Column("customer", "item.col.customer", 160, grow=1),
)


def moves(spec: Panel, view: View, results: Results) -> Any:
    """Every move, as a table that asks for its rows."""
    result = results["moves"]
    if result.frame.empty:
        return panel(spec, view, result, message(view, view.t("item.moves.none")), area="at-moves")
    item = view.ids.get("item", "")
    table = grid(spec.name, view, MOVES, label=view.t(spec.title), query=f"item={item}")
    note = view.t("item.moves.note", n=fmt.number(len(result.frame)))
    return panel(spec, view, result, table, note=note, area="at-moves")


def move_rows(rows: Sequence[Row], view: View, whole: Result) -> list[dict[str, Any]]:
    """The cells of some moves."""
    return [_move(one, view) for one in rows]


def _move(one: Row, view: View) -> dict[str, Any]:
    key, amount = f"item.move.{one['move_kind']}", number(one["quantity"])
    moved = one["move_kind"] == "transfer"
    sign = "" if moved or amount < 0 else "+"
    cells = {
        "day": Cell(f"{fmt.short_date(one['day'], view.lang)} {one['day'].year}"),
        "move_kind": Cell(view.t(key) if has(view.lang, key) else str(one["move_kind"])),
        "quantity": Cell(sign + quantity(amount)),
        "on_hand": Cell(quantity(one["on_hand"]), status="crit" if number(one["on_hand"]) < 0 else None),
        "from_warehouse": Cell(one["from_warehouse"] or fmt.MISSING),
        "to_warehouse": Cell(one["to_warehouse"] or fmt.MISSING),
        "order_no": Cell(one["order_no"] or "", href=view.order(one["order_id"]) if one["order_id"] else None),
        "customer": Cell(one["customer"] or "", href=view.customer(one["customer_id"]) if one["customer_id"] else None),
    }
    return {name: cell.plain() for name, cell in cells.items()}


def _table(columns: Sequence[str], numeric: Sequence[str], body: list[html.Tr], view: View) -> html.Div:
    head = html.Tr(
        [html.Th(view.t(f"item.col.{name}"), className="num" if name in numeric else "") for name in columns]
    )
    return html.Div(
        html.Table([html.Thead(head), html.Tbody(body)], className="list"), className="rows-box", tabIndex=0
    )
