"""The sales page: key figures of deals, and which function draws each of its panels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components.charts import quarter
from components.desk import kpis as row
from components.desk.kpis import Kpi
from components.desk.panel import figure, panel
from components.rows import number, records
from components.sales import cash, lists, stages, tables

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Results = Mapping[str, "Result"]


def key_figures(spec: Panel, view: View, results: Results) -> Any:
    """The row of six."""
    result = results["sales_kpis"]
    made = [_kpi(one, view, result.notes) for one in records(result)]
    return panel(spec, view, result, row.cells(made), area="kpis-panel")


def _kpi(one: Mapping[str, Any], view: View, notes: Mapping[str, Any]) -> Kpi:
    metric = one["metric"]
    parts = {"money": row.money(one["value"], view), "ratio": row.percent(one["value"])}.get(
        one["unit"], ("", fmt.number(one["value"]), "")
    )
    compare, href = COMPARE[metric](one, view, notes)
    role = "erp" if metric == "won_ordered" else "crm"
    label = view.t(f"metric.{metric}")
    return Kpi(metric, label, parts, role, compare, one["series"] or (), one["status"], href)


def _money(value: Any, view: View) -> str:
    return "".join(row.money(value, view))


def _pipeline(one: Mapping[str, Any], view: View, notes: Mapping[str, Any]) -> tuple[str, str]:
    text = view.t("sales.kpis.before_weights", money=_money(one["reference"], view), n=notes["open_deals"])
    if one["fallback"]:
        text += view.t("sales.kpis.crm_probability")
    return text, view.link("/sales/open_deals")


def _likely(one: Mapping[str, Any], view: View, notes: Mapping[str, Any]) -> tuple[str, None]:
    if one["reference"] is None:
        return view.t("sales.kpis.no_plan" if notes["plan"] is None else "sales.kpis.plan_of_all"), None
    share = fmt.percent(one["reference"], 0)
    return view.t("sales.kpis.of_target", share=share, money=_money(one["plan_period"], view)), None


def _against_year_before(one: Mapping[str, Any], view: View, notes: Mapping[str, Any]) -> tuple[str, None]:
    delta, points = one["delta"], one["unit"] == "ratio"
    if delta is None:
        closed = notes["closed"]
        return view.t("sales.kpis.closed", n=closed) if closed else view.t("sales.kpis.none_closed"), None
    sign, text = fmt.arrow(delta if points else delta / 100, 1 if points else 0)
    if not sign:
        return view.t("sales.kpis.same"), None
    told = view.t("unit.point", n=text) if points else text
    return view.t(f"sales.kpis.{one['reference_kind']}", d=f"{sign} {told}"), None


def _overdue(one: Mapping[str, Any], view: View, notes: Mapping[str, Any]) -> tuple[str, str]:
    href = view.link("/sales/open_deals", status="overdue")
    if not one["value"]:
        return view.t("sales.kpis.none_overdue"), href
    told = {"money": _money(one["reference"], view), "n": fmt.number(notes["overdue_days"])}
    return view.t("sales.kpis.overdue", **told), href


def _ordered(one: Mapping[str, Any], view: View, notes: Mapping[str, Any]) -> tuple[str, str]:
    href, missing = view.link("/sales/won_without_order"), int(one["reference"] or 0)
    if not notes["won"]:
        return view.t("sales.kpis.none_closed"), href
    return view.t("sales.kpis.without_order", n=missing) if missing else view.t("sales.kpis.none_without_order"), href


COMPARE: Mapping[str, Callable[..., tuple[str, str | None]]] = {
    "pipeline_weighted": _pipeline,
    "quarter_likely": _likely,
    "win_rate": _against_year_before,
    "days_to_win": _against_year_before,
    "next_step_overdue": _overdue,
    "won_ordered": _ordered,
}


def this_quarter(spec: Panel, view: View, results: Results) -> Any:
    """Booked so far, with the open deals that should close, against the plan."""
    result = results["quarter"]
    days, notes = records(result), dict[str, Any](result.notes)
    end, now = days[-1], next(one for one in days if one["day"] == notes["today"])
    plan = end["plan_to_date"]
    unit = fmt.unit_for([one["likely_hi80"] for one in days] + [plan], view.lang)
    share = None if not plan else number(end["likely"]) / number(plan)
    title = None
    if share is not None:
        over = share >= 1
        title = view.t("sales.quarter.over" if over else "sales.quarter.short", share=fmt.percent(share, 0))

    def money(value: Any) -> str:
        return fmt.money(value, view.company.currency, unit)

    told = {"day": fmt.short_date(now["day"], view.lang), "end": fmt.short_date(end["day"], view.lang)}
    spoken = view.t("sales.quarter.aria", booked=money(now["booked_to_date"]), likely=money(end["likely"]), **told)
    narrowed = plan is None and notes["plan"] is not None
    sign = "".join(fmt.money_parts(0, view.company.currency, unit)[0::2])
    note = view.t("sales.quarter.note_whole" if narrowed else "sales.quarter.note", unit=sign)
    chart = figure(spec.name, quarter.figure(days, notes["today"], view, unit), spoken)
    return panel(spec, view, result, chart, title=title, note=note, area="at-quarter")


def contracts(spec: Panel, view: View, results: Results, *, whole: bool = False) -> Any:
    """Contracts to renew: the soonest few, or the `whole` table."""
    return (tables if whole else lists).contracts(spec, view, results)


PANELS: Mapping[str, Callable[..., Any]] = {
    "sales_kpis": key_figures,
    "sales_stages": stages.by_stage,
    "sales_quarter": this_quarter,
    "order_to_cash": cash.steps,
    "won_without_order": lists.short_list,
    "order_without_deal": lists.short_list,
    "delivered_not_invoiced": lists.short_list,
    "contracts_due": contracts,
    "order_to_cash_exceptions": tables.exceptions,
    "open_deals": tables.open_deals,
}
ROWS: Mapping[str, Callable[..., list[dict[str, Any]]]] = {
    "order_to_cash_exceptions": tables.exception_rows,
    "open_deals": tables.deal_rows,
    "contracts_due": tables.contract_rows,
}
