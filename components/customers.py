"""The customers page: segments, the largest, those who buy less, and everybody as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components import signals
from components.desk.bar import period_text
from components.desk.grid import Cell, Column, grid
from components.desk.panel import message, panel
from components.marks import attrs, glyph, icon, part
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Results = Mapping[str, "Result"]
Row = Mapping[str, Any]
# Columns of the map by when somebody last ordered, the earliest on the left; in each, who buys more stands higher.
MAP = (
    ("over_6", ("do_not_lose", "asleep", "lost")),
    ("months_3_6", ("slipping", "occasional")),
    ("last_3", ("best", "loyal", "promising", "new")),
)
ALARM = {"do_not_lose": "crit", "slipping": "warn"}
SHADES = (0.02, 0.12, 0.35)  # shares of revenue at which a box gets darker


def segments(spec: Panel, view: View, results: Results) -> Any:
    """Nine boxes on when they last ordered and how much; a click narrows the page."""
    result = results["segments"]
    rows = {row["rfm"]: row for row in records(result)}
    total, count = number(result.notes["revenue"]), int(str(result.notes["customers"]))
    if not count:
        body: Any = message(view, view.t("customers.segments.empty"), view.t("desk.widen"))
        return panel(spec, view, result, body, area="at-segments", marks=("rfm",))
    unit = _unit([number(row["revenue"]) for row in rows.values()], view)
    columns = [
        html.Div(
            [*(_box(rows[name], view, unit) for name in names),
             html.Div(view.t(f"customers.segments.{when}"), className="axis")],
            className=f"seg-column {when}",
        )
        for when, names in MAP
    ]  # fmt: skip
    axis = html.Div(html.Span(view.t("customers.segments.value")), className="seg-axis")
    body = [html.Div([axis, *columns], className="seg-map"), _others(rows, view, unit)]
    money = fmt.money(total, view.company.currency, fmt.unit_for([total], view.lang))
    note = view.t("customers.segments.note", n=fmt.number(count), money=money)
    return panel(
        spec, view, result, body, title=_finding(rows, view), note=note, area="at-segments", marks=("rfm", "risk")
    )


def _unit(values: Sequence[float], view: View) -> fmt.Unit:
    """One unit for all, small enough that the least of them is not lost in it."""
    unit = fmt.unit_for(values, view.lang)
    least = min((value for value in values if value > 0), default=0.0)
    if view.lang == "zh" and 0 < least < 0.01 * unit.divisor:
        return fmt.unit_for([min(max(values), 10**7)], view.lang)
    return unit


def _finding(rows: Mapping[str, Row], view: View) -> str | None:
    for name, key in (("slipping", "finding"), ("do_not_lose", "finding_lost")):
        if rows[name]["customers"]:
            return view.t(f"customers.segments.{key}", n=rows[name]["customers"])
    return None


def _box(row: Row, view: View, unit: fmt.Unit) -> html.A:
    name, count = row["rfm"], int(row["customers"])
    label = view.t(f"filter.value.rfm.{name}")
    money = fmt.money(row["revenue"], view.company.currency, unit)
    shade = sum(1 for limit in SHADES if number(row["share"]) >= limit)
    chosen = view.filters.values("rfm")
    alarm = ALARM.get(name, "") if count else ""
    if not row["revenue"]:
        money = fmt.symbol(view.company.currency) + "0"
    words = view.t("customers.segments.customers", n=count if count == 1 else fmt.number(count))
    told = [html.B(money), html.Span(words, className="words"), html.Span(fmt.number(count), className="bare")]
    lines: list[Any] = [
        html.Div([icon(alarm) if alarm else None, label], className="seg-name"),
        html.Div(told, className="seg-money"),
    ]
    if alarm:
        lines.append(html.Div(_movement(row, view), className="seg-more"))
    faded = " faded" if chosen and name not in chosen else ""
    return html.A(
        lines,
        href=view.toggle("rfm", name),
        className=f"seg shade-{shade} {alarm}{faded}".strip(),
        **attrs(
            data_rfm=name,
            aria_pressed=str(name in chosen).lower(),
            aria_label=view.t("customers.segments.aria", name=label, n=count, money=money),
        ),
        role="button",
    )


def _movement(row: Row, view: View) -> str:
    if row["rfm"] == "do_not_lose":
        return view.t("customers.segments.gone")
    moved = int(row["customers"]) - int(row["customers_before"])
    key = "more" if moved > 0 else "fewer" if moved < 0 else "same"
    return view.t(f"customers.segments.{key}", n=abs(moved))


def _others(rows: Mapping[str, Row], view: View, unit: fmt.Unit) -> Any:
    """Who is in no box: customers without orders, and what was sold to nobody known."""
    told: list[Any] = []
    if "no_orders" in rows and rows["no_orders"]["customers"]:
        words = view.t("customers.segments.no_orders", n=rows["no_orders"]["customers"])
        told.append(html.A(words, href=view.toggle("rfm", "no_orders"), className="lnk"))
    if "–" in rows and rows["–"]["revenue"]:
        money = fmt.money(rows["–"]["revenue"], view.company.currency, unit)
        told.append(html.Span(view.t("customers.segments.nobody", money=money)))
    return html.Div(told, className="seg-others") if told else None


def largest(spec: Panel, view: View, results: Results) -> Any:
    """The five largest with the year before as a tick."""
    result = results["largest"]
    rows = records(result)
    title = view.t("customers.largest.titled", period=_period(view))
    if not rows:
        body = message(view, view.t("customers.largest.empty"), view.t("desk.widen"))
        return panel(spec, view, result, body, title=title, area="at-largest")
    top = max(number(row[name]) for row in rows for name in ("revenue", "revenue_before"))
    unit = fmt.unit_for([row["revenue"] for row in rows], view.lang)
    key = "note" if result.notes["has_before"] else "note_no_tick"
    share = fmt.percent(sum(number(row["share"]) for row in rows), 0)
    made = [_large(row, view, unit, top) for row in rows]
    note = view.t(f"customers.largest.{key}", n=len(rows), share=share)
    return panel(spec, view, result, html.Div(made, className="rank"), title=title, note=note, area="at-largest")


def _large(row: Row, view: View, unit: fmt.Unit, top: float) -> html.Div:
    bar = [part("fill", 0, 100 * number(row["revenue"]) / top)]
    if number(row["revenue_before"]) > 0:
        bar.append(part("tick", 100 * number(row["revenue_before"]) / top))
    known = row["revenue_before"] is not None
    change = fmt.change(row["change"], 0) if row["change"] is not None else ""
    if known and row["change"] is None:
        change = view.t("customers.largest.new")
    return html.Div(
        [
            _name(row, view),
            html.Div(bar, className="hbar"),
            html.B(fmt.money(row["revenue"], view.company.currency, unit), className="num"),
            html.Span(change, className="num quiet-2"),
        ],
        className="rank-row",
    )


def falling(spec: Panel, view: View, results: Results) -> Any:
    """Who was shipped less than the year before, by the money, and what else is known of them."""
    result = results["falling"]
    rows = records(result)
    if not rows:
        key = "empty" if result.notes["has_before"] else "unknown"
        body = message(view, view.t(f"customers.falling.{key}"), view.t("customers.falling.empty_more"))
        return panel(spec, view, result, body, area="at-falling")
    top = max(number(row["lost"]) for row in rows)
    unit = fmt.unit_for([row["lost"] for row in rows], view.lang)
    made = [_fallen(row, view, unit, top) for row in rows]
    lost = number(result.notes["lost"])
    note = view.t(
        "customers.falling.note",
        period=_period(view),
        n=result.notes["fallen"],
        money=fmt.money(-lost, view.company.currency, fmt.unit_for([lost], view.lang)),
    )
    return panel(spec, view, result, html.Div(made, className="rank why"), note=note, area="at-falling")


def _fallen(row: Row, view: View, unit: fmt.Unit, top: float) -> html.Div:
    why = signals.phrase(row, view)
    return html.Div(
        [
            _name(row, view),
            html.Div(part("loss", 0, 100 * number(row["lost"]) / top), className="hbar"),
            html.B(fmt.money(-number(row["lost"]), view.company.currency, unit), className="num"),
            html.Span(fmt.change(row["change"], 0), className="num quiet-2"),
            html.Span([glyph(row["system"]), html.Span(why, title=why)], className="reason"),
        ],
        className="rank-row",
    )


def _period(view: View) -> str:
    """The period within a sentence."""
    text = period_text(view, view.filters.period)
    return text[:1].lower() + text[1:] if view.lang == "en" and not text[:1].isdigit() else text


def _name(row: Row, view: View) -> html.A:
    name = str(row["name"] or fmt.MISSING)
    return html.A(
        signals.short(fmt.trade_name(name), 80), href=view.customer(row["customer_id"]), className="party",
        title=signals.short(name, 200), dir="auto",
    )  # fmt: skip


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


def list_rows(rows: Sequence[Row], view: View, whole: Result) -> list[dict[str, Any]]:
    """The cells of some rows; money in one unit for the whole table."""
    frame = whole.frame
    unit = fmt.unit_for([frame["revenue"].max(), frame["deals_base"].max()], view.lang)
    return [_list_row(row, view, unit) for row in rows]


def _list_row(row: Row, view: View, unit: fmt.Unit) -> dict[str, Any]:
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
        "rfm": Cell(segment, status=ALARM.get(row["rfm"], "ok")),
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


PANELS: Mapping[str, Callable[..., Any]] = {
    "customer_segments": segments,
    "customer_largest": largest,
    "customer_falling": falling,
    "customer_list": everybody,
}
ROWS: Mapping[str, Callable[..., list[dict[str, Any]]]] = {"customer_list": list_rows}
