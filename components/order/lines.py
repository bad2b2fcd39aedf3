"""The two tables of an order: its lines against stock, its invoices and what is paid of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk.panel import message, panel
from components.marks import attrs, glyph, icon, part
from components.order.track import money
from components.promise import quantity
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Results = Mapping[str, "Result"]
Row = Mapping[str, Any]


def lines(spec: Panel, view: View, results: Results) -> Any:
    """Each line against stock."""
    result = results["lines"]
    rows = records(result)
    unit = fmt.unit_for([one["amount"] for one in rows], view.lang)
    heads = ("", "item", "name", "shipped", "promised", "stock", "likely", "late", "value")
    numeric = ("promised", "likely", "value")
    head = html.Tr([_head(name, view, num=name in numeric) for name in heads])
    body = html.Tbody([_line(n, one, unit, view) for n, one in enumerate(rows, 1)])
    table = html.Table([html.Thead(head), body], className="list lines")
    total = money(sum(number(one["amount"]) for one in rows if one["status"] != "cancelled"), view, unit)
    return panel(spec, view, result, html.Div(table, className="rows-box", tabIndex=0), note=total, area="at-lines")


def _head(name: str, view: View, *, num: bool) -> html.Th:
    mark = glyph("erp") if name == "item" else None
    return html.Th([mark, view.t(f"order.col.{name}") if name else ""], className="num" if num else "")


def _line(n: int, one: Row, unit: fmt.Unit, view: View) -> html.Tr:
    item: Any = one["sku"] or fmt.MISSING
    if one["product_id"]:
        item = html.A(item, href=view.item(one["product_id"]))
    gone, all_of = number(one["shipped_quantity"]), number(one["quantity"])
    share = 100 * min(1.0, abs(gone) / abs(all_of)) if all_of else 0.0
    shipped = html.Div(
        [part("done", 0, share), html.B(view.t("order.part_of", a=quantity(abs(gone)), b=quantity(abs(all_of))))],
        className="share",
    )
    words, status = stock_words(one, view)
    late, ink = late_words(one, view)
    mark = icon(status) if status in ("warn", "crit") else None
    amount = fmt.money(one["amount"], view.company.currency, unit) if one["amount"] is not None else fmt.MISSING
    cells = [
        html.Td(str(n), className="quiet"),
        html.Td(html.B(item), className="sku"),
        html.Td(one["name"], className="name", title=one["name"]),
        html.Td(shipped),
        html.Td(fmt.short_date(one["promised_date"], view.lang), className="num", **_label("order.col.promised", view)),
        html.Td(html.Span([mark, words], className=f"tag {status}")),
        html.Td(
            html.B(fmt.short_date(one["likely_date"], view.lang)), className="num", **_label("order.col.likely", view)
        ),
        html.Td(late, className=f"late {ink}"),
        html.Td(html.B(amount), className="num"),
    ]
    return html.Tr(cells, className=f"is-{one['status']}", **attrs(data_line=one["line_id"]))


def _label(key: str, view: View) -> dict[str, Any]:
    """What a cell is called where a phone shows no heads."""
    return attrs(data_label=view.t(key))


def stock_words(one: Row, view: View) -> tuple[str, str]:
    """(what stands behind a line, its status)."""
    left = number(one["quantity"]) - number(one["shipped_quantity"])
    if one["status"] == "cancelled":
        return view.t("order.stock.cancelled"), "ok"
    if one["status"] in ("draft", "quotation"):
        return view.t("order.stock.quoted"), "ok"
    if one["status"] != "open":
        day = one["shipped_date"]
        key = "returned" if number(one["quantity"]) < 0 else "shipped"
        return (
            view.t(f"order.stock.{key}", day=fmt.short_date(day, view.lang)) if day else view.t("order.stock.closed")
        ), "ok"
    if not one["product_id"]:
        return view.t("order.stock.service"), "ok"
    if number(one["quantity"]) < 0:
        return view.t("order.stock.return_open"), "ok"
    here = max(number(one["on_hand_here"]), 0)
    if not one["likely_known"]:
        return view.t("order.stock.none", here=quantity(here), left=quantity(left)), "crit"
    late = number(one["likely_days_late"])
    if late <= 0:
        key = "held" if here >= left else "comes"
        return view.t(f"order.stock.{key}", here=quantity(here), left=quantity(left)), "ok"
    key = "held" if here >= left else "waits"
    status = "crit" if number(one["days_late"]) > 0 or late > 7 else "warn"
    return view.t(f"order.stock.{key}", here=quantity(here), left=quantity(left)), status


def late_words(one: Row, view: View) -> tuple[str, str]:
    """(how late or early a line is or will be, the ink it is written in)."""
    days = one["likely_days_late"]
    if days is None or one["status"] in ("cancelled", "draft", "quotation") or number(one["quantity"]) < 0:
        return "", ""
    if days > 0:
        return view.t("order.late", n=int(days)), "crit" if one["status"] == "open" else "warn"
    return (view.t("order.early", n=-int(days)) if days < 0 else view.t("order.punctual")), "quiet-2"


def invoices(spec: Panel, view: View, results: Results) -> Any:
    """Invoices and what is paid of them."""
    result = results["invoices"]
    rows = records(result)
    if not rows:
        return panel(spec, view, result, message(view, view.t("order.invoices.none")), area="at-invoices")
    unit = fmt.unit_for([one["amount"] for one in rows], view.lang)
    counted = [one for one in rows if one["counts"]]
    billed, paid = (sum(number(one[name]) for one in counted) for name in ("amount", "paid"))
    note = view.t("order.invoices.note", billed=money(billed, view, unit), paid=money(paid, view, unit))
    heads = (("invoice", False), ("issued", True), ("due", True), ("amount", True), ("open", True), ("status", False))
    head = html.Tr([html.Th([glyph("erp") if name == "invoice" else None, view.t(f"order.col.{name}")],
                            className="num" if num else "") for name, num in heads])  # fmt: skip
    body = html.Tbody([_invoice(one, unit, view) for one in rows])
    table = html.Table([html.Thead(head), body], className="list")
    return panel(spec, view, result, html.Div(table, className="rows-box", tabIndex=0), note=note, area="at-invoices")


def _invoice(one: Row, unit: fmt.Unit, view: View) -> html.Tr:
    state = one["invoice_state"]
    days = one["days_to_due"]
    words = view.t(f"order.invoice.{state}", day=fmt.short_date(one["paid_date"], view.lang), n=abs(int(days or 0)))
    status: Any = (
        html.Span([icon("warn"), words], className="tag warn")
        if state == "overdue"
        else html.Span(words, className="quiet-2")
    )
    cells = [
        html.Td(html.B(one["invoice_id"].partition(":")[2] or one["invoice_id"])),
        html.Td(fmt.short_date(one["issue_date"], view.lang), className="num"),
        html.Td(fmt.short_date(one["due_date"], view.lang), className="num"),
        html.Td(money(one["amount"], view, unit), className="num"),
        html.Td(html.B(money(one["open_amount"], view, unit)), className="num"),
        html.Td(status),
    ]
    return html.Tr(cells, className="" if one["counts"] else "is-cancelled")
