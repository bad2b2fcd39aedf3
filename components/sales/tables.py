"""The whole lists of the sales page as tables that ask for their rows: exceptions by kind, open deals, contracts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk.grid import Cell, Column, grid
from components.desk.panel import message, panel
from components.rows import peak
from components.sales.lists import Row, age, case, money, named, renewal

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Results = Mapping[str, "Result"]
Cells = list[dict[str, Any]]
EXCEPTION_COLUMNS = (
    Column("customer", "sales.col.customer", 190, grow=2),
    Column("subject", "sales.col.subject", 170, grow=1),
    Column("amount_base", "sales.col.amount", 120, "number", sort="desc"),
    Column("days", "sales.col.days", 90, "number"),
    Column("since", "sales.col.since", 110, "number"),
    Column("order_no", "sales.col.order_no", 130, role="erp"),
    Column("stage", "sales.col.stage", 120, role="crm"),
    Column("owner", "sales.col.owner", 130),
    Column("region", "sales.col.region", 120),
    Column("segment", "sales.col.segment", 140),
)
# Columns that say nothing of a kind.
SILENT: Mapping[str, tuple[str, ...]] = {
    "order_without_deal": ("order_no", "stage"),
    "won_without_order": ("order_no", "stage"),
}
DEAL_COLUMNS = (
    Column("customer", "sales.col.customer", 160, grow=2),
    Column("name", "sales.col.deal", 140, grow=1),
    Column("stage", "sales.col.stage", 100, role="crm"),
    Column("amount_base", "sales.col.amount", 96, "number"),
    Column("weighted_base", "sales.col.weighted", 96, "number"),
    Column("probability", "sales.col.probability", 84, "number"),
    Column("days_in_stage", "sales.col.days_in_stage", 104, "number"),
    Column("expected_close", "sales.col.expected_close", 118, "number"),
    Column("touched_date", "sales.col.touched", 112, "number"),
    Column("days", "sales.col.overdue", 150, "status"),
    Column("deal_owner", "sales.col.owner", 108),
    Column("region", "sales.col.region", 100),
)
CONTRACT_COLUMNS = (
    Column("customer", "sales.col.customer", 190, grow=2),
    Column("end_date", "sales.col.end_date", 110, "number"),
    Column("days_left", "sales.col.days_left", 100, "number"),
    Column("amount_base", "sales.col.amount", 120, "number"),
    Column("warning", "sales.col.renewal", 190, "status"),
    Column("orders_change", "sales.col.orders_change", 150, "number", role="erp"),
    Column("owner", "sales.col.owner", 130),
    Column("region", "sales.col.region", 120),
    Column("segment", "sales.col.segment", 140),
)


def exceptions(spec: Panel, view: View, results: Results, *, kind: str | None = None) -> Any:
    """Every case of one kind; without one, of all."""
    result = results["order_to_cash_exceptions"]
    if kind is not None:
        result = replace(result, frame=result.frame[result.frame["kind"] == kind])
    count = len(result.frame)
    none = (view.t("sales.exceptions.none"), view.t("sales.exceptions.none_more"))
    if kind is None:
        columns = [Column("kind", "sales.col.kind", 190), *EXCEPTION_COLUMNS]
        note = view.t("items.count", n=fmt.number(count))  # a case of two kinds counts once for each
        return _table(spec, view, result, columns, note=note, none=none)
    note = view.t("sales.exceptions.note", n=fmt.number(count), money=money(result, view))
    columns = [one for one in EXCEPTION_COLUMNS if one.field not in SILENT.get(kind, ())]
    return _table(
        spec, view, result, columns, title=view.t(f"sales.kind.{kind}"), note=note,
        sub=view.t(f"sales.kind_says.{kind}"), narrowed={"status": kind}, none=none,
    )  # fmt: skip


def open_deals(spec: Panel, view: View, results: Results) -> Any:
    """Every open deal, overdue next steps first."""
    result = results["open_deals"]
    told = {"n": len(result.frame), "money": money(result, view), "weighted": money(result, view, "weighted_base")}
    return _table(spec, view, result, DEAL_COLUMNS, note=view.t("sales.deals.note", **told),
                  none=(view.t("sales.stages.empty"), view.t("desk.widen")))  # fmt: skip


def contracts(spec: Panel, view: View, results: Results) -> Any:
    """Every contract that ends within 90 days."""
    result = results["contracts_due"]
    note = view.t("sales.contracts.note_all", n=fmt.number(len(result.frame)), money=money(result, view))
    none = (view.t("sales.contracts.empty"), "")
    return _table(spec, view, result, CONTRACT_COLUMNS, note=note, none=none)


def _table(
    spec: Panel, view: View, result: Result, columns: Sequence[Column], *, note: str, none: tuple[str, str],
    title: str | None = None, sub: str | None = None, narrowed: Mapping[str, str] | None = None,
) -> Any:  # fmt: skip
    if result.frame.empty:
        return panel(spec, view, result, message(view, *none), title=title, sub=sub, area="sales-whole")
    narrowed = narrowed or {}
    query = "&".join(f"{name}={value}" for name, value in narrowed.items())
    body = grid(spec.name, view, columns, label=title or view.t(spec.title), query=query)
    href = view.download(spec.name, "csv", **narrowed)
    download = html.A(view.t("sales.exceptions.download"), href=href, className="lnk", download="")
    return panel(
        spec, view, result, body, title=title, sub=sub, note=html.Span([note, " · ", download]), area="sales-whole"
    )


def _amounts(whole: Result, view: View) -> fmt.Unit:
    """One unit for the money of a table, whichever stretch of it is shown."""
    return fmt.unit_for([peak(whole.frame["amount_base"])], view.lang)


def exception_rows(rows: Sequence[Row], view: View, whole: Result) -> Cells:
    """The cells of cases."""
    unit, currency = _amounts(whole, view), view.company.currency
    made = []
    for one in rows:
        urgent = age(one["kind"], one["days"])
        cells = {
            "kind": Cell(view.t(f"sales.kind.{one['kind']}")),
            "customer": Cell(named(one, view), href=view.customer(one["customer_id"]) if one["customer_id"] else None),
            "subject": Cell(one["subject"] or fmt.MISSING, href=case(one, view) if one["order_id"] else None),
            "amount_base": Cell(fmt.money(one["amount_base"], currency, unit)),
            "days": Cell(fmt.number(one["days"]), status=urgent),
            "since": Cell(fmt.full_date(one["since"], view.lang, view.today.year)),
            "order_no": Cell(one["order_no"] or fmt.MISSING),
            "stage": Cell(view.stage(one["stage"]) if one["stage"] else fmt.MISSING),
            **_who(one, "owner"),
        }
        made.append({name: cell.plain() for name, cell in cells.items()})
    return made


def deal_rows(rows: Sequence[Row], view: View, whole: Result) -> Cells:
    """The cells of open deals."""
    unit, currency = _amounts(whole, view), view.company.currency
    made = []
    for one in rows:
        reason = one["overdue_reason"]
        step = view.t("sales.deals.is.on_track")
        if reason:
            step = view.t(f"sales.deals.is.{reason}", n=one["days"])
        cells = {
            "customer": Cell(named(one, view), href=view.customer(one["customer_id"]) if one["customer_id"] else None),
            "name": Cell(one["name"] or fmt.MISSING),
            "stage": Cell(view.stage(one["stage"])),
            "amount_base": Cell(fmt.money(one["amount_base"], currency, unit)),
            "weighted_base": Cell(fmt.money(one["weighted_base"], currency, unit), status="crm"),
            "probability": Cell(fmt.percent(one["probability"], 0)),
            "days_in_stage": Cell(fmt.number(one["days_in_stage"])),
            "expected_close": Cell(fmt.full_date(one["expected_close"], view.lang, view.today.year)),
            "touched_date": Cell(fmt.full_date(one["touched_date"], view.lang, view.today.year)),
            "days": Cell(step, status="warn" if reason else "ok"),
            **_who(one, "deal_owner"),
        }
        made.append({name: cell.plain() for name, cell in cells.items()})
    return made


def contract_rows(rows: Sequence[Row], view: View, whole: Result) -> Cells:
    """The cells of contracts."""
    unit, currency = _amounts(whole, view), view.company.currency
    made = []
    for one in rows:
        cells = {
            "customer": Cell(named(one, view), href=view.customer(one["customer_id"]) if one["customer_id"] else None),
            "end_date": Cell(fmt.full_date(one["end_date"], view.lang, view.today.year)),
            "days_left": Cell(fmt.number(one["days_left"])),
            "amount_base": Cell(fmt.money(one["amount_base"], currency, unit)),
            "warning": Cell(renewal(one, view)[1], status="warn" if one["warning"] else "ok"),
            "orders_change": Cell(fmt.change(one["orders_change"], 0)),
            **_who(one, "owner"),
        }
        made.append({name: cell.plain() for name, cell in cells.items()})
    return made


def _who(one: Row, owner: str) -> dict[str, Cell]:
    return {owner: Cell(one[owner]), "region": Cell(one["region"]), "segment": Cell(one["segment"])}
