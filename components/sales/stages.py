"""Open deals by stage: value by age, weight, days against won deals, win rate and overdue steps, a stage a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk.panel import message, panel
from components.marks import attrs, icon, part
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

AGES = ("amount_30_days", "amount_60_days", "amount_90_days", "amount_older", "amount_no_date")
ROOM = 80  # per cent of a track that the largest bar takes; its figure stands behind it
FEW = 5  # deals: below, a median says little


def by_stage(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """The panel; its title names the stage that holds deals longest against those that were won."""
    result = results["stages"]
    rows = records(result)
    count = sum(one["deals"] for one in rows)
    if not count:
        return panel(spec, view, result, message(view, view.t("sales.stages.empty"), view.t("desk.widen")),
                     area="at-stages")  # fmt: skip
    top = max(number(one["amount_base"]) for one in rows) or 1.0
    unit = fmt.unit_for([top], view.lang)
    heads = [html.Th(view.t("sales.stages.stage"), scope="col"), html.Th(view.t("sales.stages.value"), scope="col")]
    names = ("weighted", "deals", "days", "win_rate", "overdue")
    heads += [html.Th(view.t(f"sales.stages.{name}"), className="num", scope="col") for name in names]
    body = html.Table(
        [html.Thead(html.Tr(heads)), html.Tbody([_row(one, view, unit, top) for one in rows])], className="stages"
    )
    return panel(spec, view, result, body, title=_finding(rows, view), note=view.t("sales.stages.note", n=count),
                 area="at-stages")  # fmt: skip


def _finding(rows: Sequence[Mapping[str, Any]], view: View) -> str | None:
    slow = [(_longer(one), one["stage"]) for one in rows if one["deals"] >= FEW and _longer(one) >= 1]
    if not slow:
        return None
    days, stage = max(slow)
    return view.t("sales.stages.finding", stage=view.stage(stage), n=round(days))


def _longer(one: Mapping[str, Any]) -> float:
    """Days the middle open deal stands longer than the middle won deal stood."""
    return 0.0 if one["days_now"] is None or one["days_won"] is None else one["days_now"] - one["days_won"]


def _row(one: Mapping[str, Any], view: View, unit: fmt.Unit, top: float) -> html.Tr:
    def money(value: Any) -> str:
        return fmt.money(value, view.company.currency, unit)

    amount, weighted = number(one["amount_base"]), number(one["weighted_base"])
    name = view.stage(one["stage"])
    told = {"money": money(amount), "n": one["deals"], "weighted": money(weighted)}
    longer, overdue = _longer(one) >= 1 and one["deals"] >= FEW, one["overdue_deals"]
    days: Any = [html.B(fmt.number(one["days_now"]))]
    if longer:
        days = [icon("warn"), html.B(fmt.number(one["days_now"]), className="warn")]
    won = html.Span(f", {fmt.number(one['days_won'])}", className="quiet")
    rate = fmt.percent(one["win_rate"], 0)
    if not one["is_measured"] and one["win_rate"] is not None:
        rate = f"~{rate}"
    late: Any = fmt.number(overdue)
    if overdue:
        href = view.link("/sales/open_deals", stage=one["stage"], status="overdue")
        late = html.A([icon("warn"), html.B(fmt.number(overdue))], href=href, className="warn")
    href = view.link("/sales/open_deals", stage=one["stage"])

    def label(name: str) -> dict[str, Any]:
        return attrs(data_label=view.t(f"sales.stages.{name}"))

    return html.Tr(
        [
            html.Th(html.A(name, href=href), scope="row"),
            html.Td(_bars(one, amount, weighted, top, money(amount)), className="ages",
                    **attrs(aria_label=view.t("sales.stages.row", stage=name, **told))),
            html.Td(html.B(money(weighted) if weighted else "0"), className="num weighted crm-ink"),
            html.Td(fmt.number(one["deals"]), className="num", **label("deals")),
            html.Td([*days, won], className="num", **label("days")),
            html.Td(rate, className="num", title=None if one["is_measured"] else view.t("sales.stages.from_crm"),
                    **label("win_rate")),
            html.Td(late, className="num", **label("overdue")),
        ],
        **attrs(data_stage=one["stage"]),
    )  # fmt: skip


def _bars(one: Mapping[str, Any], amount: float, weighted: float, top: float, text: str) -> html.Div:
    scale, left, parts = ROOM / top, 0.0, []
    for name in AGES:
        width = number(one[name]) * scale
        if width > 0:
            parts.append(part(f"age {name.removeprefix('amount_').replace('_', '-')}", left, width))
        left += width
    sum_label = part("age-sum", amount * scale)
    sum_label.children = text if amount else None
    return html.Div(
        [
            html.Div([*parts, sum_label], className="track"),
            html.Div(part("weight", 0, weighted * scale), className="thin"),
        ]
    )
