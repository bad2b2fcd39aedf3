"""Campaigns against stock: the frame is the campaign, the bar how long stock lasts, the hatch what is missing in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk.panel import message, panel
from components.marks import part
from components.rows import number, records

if TYPE_CHECKING:
    from datetime import date

    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Row = Mapping[str, Any]
SHOWN = 5
LEAST_DAYS, TICKS = 56, 4


def campaigns(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """One row per campaign, drawn by its worst product; those with most margin at stake are always among them."""
    result = results["campaign_stock"]
    by_campaign: dict[str, list[Row]] = {}
    for row in records(result):
        by_campaign.setdefault(row["campaign_id"], []).append(row)
    if not by_campaign:
        calm = message(view, view.t("campaigns.empty"), view.t("campaigns.empty_more"))
        return panel(spec, view, result, calm, area="at-campaigns")
    groups = list(by_campaign.values())
    chosen = sorted(groups, key=lambda rows: -_stake(rows))[:SHOWN]
    shown = [rows for rows in groups if rows in chosen]
    days = max([LEAST_DAYS, *((rows[0]["end_date"] - view.today).days + 1 for rows in shown)])
    unit = fmt.unit_for([_stake(rows) for rows in groups], view.lang)
    step = days // (TICKS - 1)
    ticks = [(n * step, view.today + timedelta(days=n * step)) for n in range(TICKS)]
    dates = [
        html.Span(
            view.t("runway.today") if not at else fmt.short_date(day, view.lang),
            className=f"tick-{place}",
        )
        for place, (at, day) in enumerate(ticks)
    ]
    head = html.Div(
        [html.Div(dates, className="camp-dates"), html.Span(view.t("campaigns.stake"), className="num quiet")],
        className="camp-head",
    )
    body = [html.Div([head, *(_campaign(rows, days, unit, view) for rows in shown)], className="camps")]
    if len(groups) > len(shown):
        more = view.t("campaigns.more", n=len(groups) - len(shown))
        body.append(
            html.Div(html.A(more, href=view.link("/table/campaign_stock"), className="lnk"), className="panel-foot")
        )
    return panel(
        spec, view, result, body, title=finding(groups, view), note=view.t("campaigns.note"), area="at-campaigns"
    )


def finding(groups: Sequence[Sequence[Row]], view: View) -> str:
    """How many promise what is not there."""
    bad = sum(any(number(row["missing"]) > 0 for row in rows) for rows in groups)
    return view.t("campaigns.finding" if bad else "campaigns.finding_none", n=bad or len(groups))


def _stake(rows: Sequence[Row]) -> float:
    return sum(number(row["margin_at_stake"]) for row in rows)


def worst(rows: Sequence[Row]) -> Row:
    """The product with most margin at stake, else the one that lasts the shortest."""
    return max(
        rows, key=lambda row: (number(row["margin_at_stake"]), number(row["missing"]), -_ordinal(row["out_date"]))
    )


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day is not None else 10**7


def _campaign(rows: Sequence[Row], days: int, unit: fmt.Unit, view: View) -> html.Div:
    row, stake = worst(rows), _stake(rows)
    names = [str(one["sku"] or one["name"]) for one in sorted(rows, key=lambda one: one is not row)]
    sold = ", ".join(names[:2]) + (f" +{len(names) - 2}" if len(names) > 2 else "")
    discount = number(row["discount"])
    if discount:
        sold = view.t("campaigns.sold", items=sold, off=fmt.percent(discount, 0))
    title = [html.B(row["campaign"]), html.Span(sold, className="quiet")]
    money = fmt.money(stake, view.company.currency, unit) if stake else fmt.MISSING
    parts = [
        html.Div(title, className="camp-name"),
        html.Span(money, className="num strong" + (" crit" if stake else " quiet")),
        html.Div(_lane(row, days, view), className="camp-lane"),
        html.Span(advice(rows, view), className="num" + (" advice" if stake else " quiet")),
    ]
    return html.Div(parts, className="camp")


def _lane(row: Row, days: int, view: View) -> list[Any]:
    scale = 100 / days

    def at(day: date) -> float:
        return max(0.0, min(100.0, (day - view.today).days * scale))

    start, end = at(row["start_date"]), at(row["end_date"] + timedelta(days=1))
    made = [part("frame", start, end - start)]
    out = row["out_date"]
    made.append(part("lasts", 0, at(out) if out is not None else 100))
    if row["missing_from"] is not None:
        gap = at(row["missing_from"])
        made.append(part("gap", gap, at(row["missing_to"] + timedelta(days=1)) - gap))
    receipt = row["next_receipt_date"]
    if receipt is not None and 0 <= (receipt - view.today).days < days:
        made.append(part("comes", at(receipt)))
    if out is None:
        made.append(html.Span(className="on"))
    return made


def advice(rows: Sequence[Row], view: View) -> str:
    """What to do about the worst product."""
    row = worst(rows)
    if row["advice"] == "covered":
        frees = sum(number(one["frees"]) for one in rows)
        if frees <= 0:
            return view.t("campaigns.advice.covered")
        unit = fmt.unit_for([frees], view.lang)
        return view.t("campaigns.advice.frees", money=fmt.money(frees, view.company.currency, unit))
    name = row["sku"] or row["name"]
    return view.t(f"campaigns.advice.{row['advice']}", name=name, day=fmt.short_date(row["supplied_date"], view.lang))
