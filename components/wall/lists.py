"""The three lists of the wall: top customers, orders and wins, stock-out risk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dash import html

from components import format as fmt
from components import places
from components.i18n import t
from components.marks import attrs, bold, glyph, leads_to, part, unit_text
from components.rows import days_of_data, number, records, today
from components.states import message

if TYPE_CHECKING:
    from data_access.config import Company
    from data_access.result import Result

Row = Mapping[str, Any]
CUSTOMERS, FEED, RISKS, RISKS_PORTRAIT = 6, 4, 6, 4
LANE_WEEKS = 6  # the little runway of a risk row ends where at_risk ends
Panel = dict[str, Any]
EARLY_HEAD = {"title": "title_lowest", "note": "note_early", "sub": "sub_early"}


def customers(result: Result, lang: str, company: Company) -> Panel:
    """Ranked bars, this month against the same days of last year."""
    rows = records(result)[:CUSTOMERS]
    days = days_of_data(result)
    head: Panel = {
        "title": t(lang, "customers.title"),
        "note": t(lang, "customers.note") if days is None else t(lang, "customers.note_early", n=days),
    }
    if not rows:
        return {"tree": message("box", t(lang, "customers.empty"), t(lang, "customers.empty_more")), "head": head}
    with_tick = any(row.get("revenue_last_year") is not None for row in rows)
    share = sum(number(row.get("share")) for row in rows)
    head["sub"] = t(
        lang,
        "customers.sub" if with_tick else "customers.sub_no_tick",
        n=t(lang, f"customers.count.{len(rows)}"),
        share=fmt.percent(share, 0),
    )
    unit = fmt.unit_for([row["revenue"] for row in rows], lang)
    full = (
        max([number(row["revenue"]) for row in rows] + [number(row.get("revenue_last_year")) for row in rows]) / 0.92
        or 1.0
    )
    spoken = [
        t(
            lang,
            "customers.row",
            name=row["name"],
            money=fmt.money(row["revenue"], company.currency, unit),
            change=fmt.change(row.get("change")),
        )
        for row in rows
    ]
    head["aria"] = "; ".join(spoken)
    return {
        "tree": html.Div(
            [_customer(row, unit, full, with_tick, lang, company.currency) for row in rows], className="rows"
        ),
        "head": head,
    }


def _customer(row: Row, unit: fmt.Unit, full: float, with_tick: bool, lang: str, currency: str) -> html.Div:
    bar = [part("fill", 0, 100 * number(row["revenue"]) / full)]
    if number(row.get("revenue_last_year")) > 0:
        bar.append(part("tick", 100 * number(row["revenue_last_year"]) / full))
    if not with_tick:
        side = fmt.percent(row.get("share"), 0)
    else:
        side = t(lang, "customers.new") if row.get("change") is None else fmt.change(row["change"])
    cells = [
        html.Span(_called(row, lang), className="n"),
        html.Span(fmt.money(row["revenue"], currency, unit), className="a"),
        html.Span(side, className="y"),
        html.Div(bar, className="bar"),
    ]
    return html.Div(cells, className="r", **leads_to(places.customer(row["customer_id"])))


def feed(result: Result, lang: str, company: Company) -> Panel:
    """The newest orders and wins of both systems, one list."""
    rows = records(result)[:FEED]
    head: Panel = {"title": t(lang, "feed.title"), "note": t(lang, "feed.note")}
    if not rows:
        return {"tree": message("box", t(lang, "feed.empty"), t(lang, "feed.empty_more")), "head": head}
    unit = fmt.unit_for([row["amount"] for row in rows], lang)
    day = today(result, company.timezone)
    times = [_moment(row["happened_at"], day, lang, company.timezone) for row in rows]
    dated = any(":" not in time for time in times)
    lines = []
    for row, time in zip(rows, times, strict=True):
        name: list[Any] = [_called(row, lang)]
        if row["kind"] == "won":
            name += [" ", html.Em(t(lang, "feed.won"))]
        cells = [
            html.Span(time, className="h"),
            glyph(row["system"]),
            html.Span(name, className="n"),
            html.Span(fmt.money(row["amount"], company.currency, unit), className="a"),
        ]
        lines.append(html.Div(cells, className="r", **attrs(data_role=row["system"]), **leads_to(_behind(row))))
    return {"tree": html.Div(lines, className="rows dated" if dated else "rows"), "head": head}


def _behind(row: Row) -> str | None:
    if row["order_id"]:
        return places.order(row["order_id"])
    return places.customer(row["customer_id"]) if row["customer_id"] else None


def _called(row: Row, lang: str) -> str:
    return fmt.trade_name(row["name"]) if row["name"] else t(lang, "feed.unnamed")


def _moment(instant: datetime, day: date, lang: str, timezone: str) -> str:
    """The time today; the date of other days, and of what carries only a date."""
    local = instant.astimezone(ZoneInfo(timezone))
    only_date = (local.hour, local.minute, local.second) == (0, 0, 0)
    return fmt.short_date(local.date(), lang) if only_date or local.date() != day else local.strftime("%H:%M")


def risk(result: Result, lang: str, company: Company) -> Panel:
    """Ranked items with their little runway, then the lowest covers where there is room; only those while nothing
    certain can be said."""
    rows = records(result)
    lowest = _lowest(result, rows)[:RISKS]
    if days_of_data(result) is not None and lowest:
        day = today(result, company.timezone)
        texts = {name: t(lang, f"risk.{key}") for name, key in EARLY_HEAD.items()}
        tree = html.Div([_lowest_row(row, day, lang, sure=False) for row in lowest], className="rows")
        return {"tree": tree, "head": texts}
    risks = [row for row in rows if number(row.get("at_risk")) > 0]
    if risks:
        room = max(0, RISKS - len(risks))
        return _ranked(risks, lowest[:room], today(result, company.timezone), lang, company.currency)
    more = ""
    if lowest:
        more = t(lang, "risk.empty_more", name=lowest[0]["name"], weeks=fmt.number(lowest[0]["cover_weeks"], 1))
    head = {"title": t(lang, "risk.title"), "note": t(lang, "risk.note_none")}
    return {"tree": message("box", t(lang, "risk.empty"), more), "head": head}


def _ranked(risks: list[dict[str, Any]], lowest: list[dict[str, Any]], day: date, lang: str, currency: str) -> Panel:
    sum_at_risk = sum(number(row["at_risk"]) for row in risks)
    unit = fmt.unit_for([sum_at_risk], lang)  # one unit for the title and its parts, as in the hero
    total = fmt.money(sum_at_risk, currency, unit, 1)
    rows, spoken = [], []
    for row in risks[:RISKS]:
        rows.append(_risk_row(row, unit, lang, currency))
        at_risk, out = fmt.money(row["at_risk"], currency, unit), fmt.short_date(row["run_out_date"], lang)
        spoken.append(t(lang, "risk.row", name=row["name"], money=at_risk, a=out))
    rows += [_lowest_row(row, day, lang, sure=True) for row in lowest]
    head = {
        "title": t(lang, "risk.title"),
        "note": t(lang, "risk.note", money=total, n=len(risks)),
        "sub": t(lang, "risk.sub_lowest") if lowest else _risk_sub(len(risks), lang),
        "aria": "; ".join(spoken),
    }
    return {"tree": html.Div(rows, className="rows"), "head": head}


def _risk_sub(count: int, lang: str) -> list[Any]:
    def text(shown: int) -> str:
        return t(lang, "risk.sub_more", n=count - shown) if count > shown else t(lang, "risk.sub")

    return [html.Span(text(RISKS), className="wide"), html.Span(text(RISKS_PORTRAIT), className="tall")]


def _lowest(result: Result, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    noted = result.notes.get("lowest_cover")
    found = [noted] if isinstance(noted, dict) else list(noted) if isinstance(noted, list | tuple) else rows
    return sorted(
        (dict(row) for row in found if row.get("cover_weeks") is not None), key=lambda row: row["cover_weeks"]
    )


def _waiting(row: Row, lang: str) -> html.Span:
    count = int(number(row.get("orders_waiting")))
    if not count:
        return html.Span(t(lang, "risk.waiting_none"), className="quiet")
    return html.Span([glyph("erp"), html.Span(bold(t(lang, "risk.waiting", n=count)))], className="w")


def _when(row: Row, lang: str) -> str:
    out, receipt = row.get("run_out_date"), row.get("next_receipt_date")
    now = number(row.get("gap_weeks_from")) <= 0 and number(row.get("cover_weeks")) <= 0
    key = "risk.out_now" if now else "risk.out"
    return t(lang, key if receipt else f"{key}_open", a=fmt.short_date(out, lang), b=fmt.short_date(receipt, lang))


def _risk_row(row: Row, unit: fmt.Unit, lang: str, currency: str) -> html.Div:
    scale = 100 / LANE_WEEKS
    start, end = number(row.get("gap_weeks_from")) * scale, number(row.get("gap_weeks_to")) * scale
    lane = [part("fill", 0, start), part("gap", start, max(0.0, end - start))]
    if row.get("next_receipt_date") is not None and end < 100:
        lane.append(part("tick", end))
    cells = [
        html.Span(row["name"], className="n"),
        html.Span(unit_text(*fmt.money_parts(row["at_risk"], currency, unit)), className="a crit"),
        html.Div(lane, className="tl"),
        html.Div([html.Span(bold(_when(row, lang))), _waiting(row, lang)], className="m"),
    ]
    return html.Div(cells, className="r", **leads_to(places.inventory(row["category"]) if row["category"] else None))


def _lowest_row(row: Row, day: date, lang: str, *, sure: bool) -> html.Div:
    cover = number(row["cover_weeks"])
    scale = 100 / LANE_WEEKS
    if sure:
        lane, weeks = [part("fill", 0, min(100.0, cover * scale))], t(lang, "unit.weeks", n=fmt.number(cover, 1))
    else:
        known, perhaps = 0.72 * cover * scale, 0.62 * cover * scale
        lane = [part("fill", 0, known), part("maybe", known, max(0.0, min(perhaps, 100 - known)))]
        weeks = t(lang, "unit.week_about", n=fmt.number(cover))
    receipt = row.get("next_receipt_date")
    if receipt is not None and (receipt - day).days < 7 * LANE_WEEKS:
        lane.append(part("tick", (receipt - day).days / 7 * scale))
    key = "risk.receipt" if receipt else "risk.receipt_none"
    when = html.Span(bold(t(lang, key, b=fmt.short_date(receipt, lang))))
    cells = [
        html.Span(row["name"], className="n"),
        html.Span(weeks, className="a about"),
        html.Div(lane, className="tl"),
        html.Div([when, _waiting(row, lang)], className="m"),
    ]
    return html.Div(cells, className="r", **leads_to(places.item(row["product_id"])))
