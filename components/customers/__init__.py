"""The customers page: segments, the largest, those who buy less, and everybody as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.customer import signals
from components.customers import table
from components.desk.bar import period_text
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
    alarm = signals.ALARM.get(name, "") if count else ""
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


PANELS: Mapping[str, Callable[..., Any]] = {
    "customer_segments": segments,
    "customer_largest": largest,
    "customer_falling": falling,
    "customer_list": table.everybody,
}
ROWS: Mapping[str, Callable[..., list[dict[str, Any]]]] = {"customer_list": table.rows}
