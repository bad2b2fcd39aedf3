"""Everybody: the table of the customers page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components.customer import signals
from components.desk.grid import Cell, Column, grid
from components.desk.panel import message, panel
from components.rows import number

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Results = Mapping[str, "Result"]
Row = Mapping[str, Any]
COLUMNS = (
    Column("name", "customers.list.name", 178, "party", grow=2),
    Column("rfm", "customers.list.rfm", 112, "status"),
    Column("series", "customers.list.series", 116, "spark", role="erp"),
    Column("revenue", "customers.list.revenue", 82, "number"),
    Column("change", "customers.list.change", 74, "number"),
    Column("last_order_date", "customers.list.last_order", 86, "number"),
    Column("due_date", "customers.list.rhythm", 108),
    Column("on_time", "customers.list.on_time", 76, "number"),
    Column("deals_base", "customers.list.deals", 86, "number", role="crm"),
    Column("overdue_base", "customers.list.overdue", 80, "number"),
    Column("open_tickets", "customers.list.tickets", 80, "number", role="crm"),
    Column("risk", "customers.list.risk", 96, "level"),
    Column("because", "customers.list.because", 190, grow=3),
    Column("segment", "customers.list.segment", 120, hidden=True),
    Column("region", "customers.list.region", 110, hidden=True),
    Column("owner", "customers.list.owner", 110, hidden=True),
    Column("booked", "customers.list.booked", 96, "number", hidden=True),
    Column("orders", "customers.list.orders", 80, "number", hidden=True),
)


def everybody(spec: Panel, view: View, results: Results) -> Any:
    """The table that asks for its rows."""
    result = results["customers"]
    if not len(result.frame):
        body = message(view, view.t("customers.segments.empty"), view.t("desk.widen"))
        return panel(spec, view, result, body, area="at-list")
    told = {name: fmt.number(result.notes[f"{name}_only"]) for name in ("erp", "crm")}
    count = int(str(result.notes["customers"]))
    note = view.t("customers.list.note", n=count if count == 1 else fmt.number(count), **told)
    return panel(
        spec, view, result, grid(spec.name, view, COLUMNS, label=view.t(spec.title)), note=note, area="at-list"
    )


def rows(rows: Sequence[Row], view: View, whole: Result) -> list[dict[str, Any]]:
    """The cells of some rows; money in one unit for the whole table."""
    frame = whole.frame
    unit = fmt.unit_for([frame["revenue"].max(), frame["deals_base"].max()], view.lang)
    return [_row(row, view, unit) for row in rows]


def _row(row: Row, view: View, unit: fmt.Unit) -> dict[str, Any]:
    def money(name: str) -> str:
        value = row[name]
        return fmt.MISSING if not number(value) else fmt.money(value, view.company.currency, unit)

    nobody, risk = row["customer_id"] is None, signals.level(int(row["risk"]))
    segment = fmt.MISSING if nobody else view.t(f"filter.value.rfm.{row['rfm']}")
    level = view.t(f"filter.value.risk.{risk}").lower()
    name = view.t("customers.list.nobody") if nobody else signals.short(fmt.trade_name(row["name"]), 120)
    roles = " ".join(role for role in ("erp", "crm") if row[f"in_{role}"] and not nobody)
    rhythm, late = _rhythm(row, view)
    cells = {
        "name": Cell(name, href=None if nobody else view.customer(row["customer_id"]), roles=roles),
        "rfm": Cell(segment, status=signals.ALARM.get(row["rfm"], "ok")),
        "series": _spark(row, view),
        "revenue": Cell(money("revenue")),
        "change": Cell(fmt.MISSING if row["change"] is None else fmt.change(row["change"], 0)),
        "last_order_date": Cell(_date(row["last_order_date"], view)),
        "due_date": Cell(rhythm, status="warn" if late else None),
        "on_time": Cell(fmt.percent(row["on_time"])),
        "deals_base": Cell(money("deals_base"), status="crm"),
        "overdue_base": Cell(money("overdue_base")),
        "open_tickets": Cell(fmt.number(row["open_tickets"]) if row["open_tickets"] else fmt.MISSING),
        "risk": Cell(level, bar=int(row["risk"]), status=signals.STATUS.get(risk)),
        "because": Cell(_because(row, view)),
        "segment": Cell(row["segment"]),
        "region": Cell(row["region"]),
        "owner": Cell(row["owner"]),
        "booked": Cell(money("booked")),
        "orders": Cell(fmt.number(row["orders"]) if row["orders"] else fmt.MISSING),
    }  # fmt: skip
    return {field: cell.plain() for field, cell in cells.items()}


def _because(row: Row, view: View) -> str:
    """Its signals; without any, what one system does not know of it."""
    if row["because"]:
        return signals.because(row["because"], view)
    if row["customer_id"] is None or row["in_erp"] and row["in_crm"]:
        return ""
    return view.t("signal.not_in_crm" if row["in_erp"] else "signal.not_in_erp")


def _rhythm(row: Row, view: View) -> tuple[str, bool]:
    """(when the next order is due by its own rhythm, whether that is late even for it)."""
    due = row["due_date"]
    if due is None:
        return (view.t("customers.list.no_rhythm") if row["orders"] else fmt.MISSING), False
    days = (view.today - due).days
    if days == 0:
        return view.t("customers.list.due_today"), bool(row["is_silent"])
    if days > 0:
        return view.t("customers.list.due_ago", n=days), bool(row["is_silent"])
    return view.t("customers.list.due_next", day=_date(due, view)), False


def _date(day: date | None, view: View) -> str:
    """A day; with its year where that is not the last twelve months."""
    text = fmt.short_date(day, view.lang)
    if day is None or abs((view.today - day).days) < 330:
        return text
    return f"{day.year}年{day.month}月" if view.lang == "zh" else f"{text.split(' ')[1]} {day.year}"


def _spark(row: Row, view: View) -> Cell:
    series = row["series"]
    if not series:
        return Cell(view.t("customers.list.no_orders") if not row["orders"] else fmt.MISSING)
    low, high = min(*series, 0), max(*series, 1)
    points = [round((value - low) / (high - low), 3) for value in series]
    return Cell(view.t("customers.list.spark"), series=points)
