"""Data quality on a desk: key figures, the rules with those that fail first, and rows that are held back by cause."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk import kpis as figures
from components.desk.kpis import Kpi
from components.desk.panel import message, panel
from components.feeds import names, reasons
from components.marks import attrs, glyph, icon, part
from components.quality import tables
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Results = Mapping[str, "Result"]
Row = Mapping[str, Any]
RULES, GROUPS = 8, 7
BAR_FROM = 0.9  # a pass rate of 90 % is an empty bar
GRAVE = {"gate", "high"}


def key_figures(spec: Panel, view: View, results: Results) -> Any:
    """Match by revenue and accounts, what waits and hides, rules that pass, rows held back."""
    result = results["kpis"]
    told = records(result)[0]
    trend = [row for row in records(results["match_rate"]) if row["account_rate"] is not None]
    failed, grave = int(number(told["rules_failed"])), int(number(told["rules_failed_high"]))
    cells = [
        Kpi("match_revenue", view.t("quality.kpi.match_revenue"), figures.percent(told["revenue_rate"]),
            compare=view.t("quality.kpi.of_revenue"), series=[number(row["revenue_rate"]) for row in trend]),
        Kpi("match_accounts", view.t("quality.kpi.match_accounts"), figures.percent(told["account_rate"]), role="crm",
            compare=view.t("quality.kpi.of_accounts", n=fmt.number(told["matched"]), all=fmt.number(told["accounts"])),
            series=[number(row["account_rate"]) for row in trend]),
        Kpi("waiting", view.t("quality.kpi.waiting"), ("", fmt.number(told["pairs"]), ""), role="crm",
            compare=view.t("quality.kpi.waiting_more")),
        Kpi("hidden", view.t("quality.kpi.hidden"), figures.money(told["hidden_base"], view),
            compare=view.t("quality.kpi.hidden_more")),
        Kpi("rules", view.t("quality.kpi.rules"),
            ("", fmt.number(number(told["rules"]) - failed), f"/{fmt.number(told['rules'])}"),
            compare=view.t("quality.kpi.grave", n=grave) if grave else view.t("quality.kpi.none_grave"),
            status="warn" if grave else "ok"),
        Kpi("held", view.t("quality.kpi.held"), ("", fmt.number(told["held"]), ""),
            compare=view.t("quality.kpi.held_more")),
    ]  # fmt: skip
    return panel(spec, view, result, figures.cells(cells), area="kpis-panel")


def rules(spec: Panel, view: View, results: Results) -> Any:
    """A row a rule: what it looked at, its pass rate as a bar from 90 %, how many rows fail, how grave, whose."""
    result = results["rules"]
    found = records(result)
    if not found:
        return panel(spec, view, result, message(view, view.t("quality.rules.none"), ""), area="at-rules")
    shown = found[:RULES]
    columns = (("rule", 1), ("system", 1), ("pass", 2), ("rows", 1), ("severity", 1), ("owner", 1))
    heads = [
        html.Th(view.t(f"quality.column.{name}"), className="num" if name == "rows" else "", colSpan=span)
        for name, span in columns
    ]
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody([_rule(row, view) for row in shown])], className="rules")
    weighted = fmt.percent(result.notes.get("rules_pass"), 2)
    note = view.t("quality.rules.note", n=len(shown), all=fmt.number(len(found)), share=weighted)
    foot = html.Div(html.A(view.t("quality.rules.all", n=len(found)), href=view.link(f"/table/{spec.name}"),
                           className="lnk"), className="panel-foot")  # fmt: skip
    return panel(spec, view, result, [html.Div(table, className="rules-box"), foot], note=note, area="at-rules")


def _rule(row: Row, view: View) -> html.Tr:
    failing = not row["passed"]
    rate = row["pass_rate"]
    width = 0.0 if rate is None else 100 * max(0.0, (number(rate) - BAR_FROM) / (1 - BAR_FROM))
    named = row["title_zh"] if view.lang == "zh" else row["title"]
    mark = icon("crit" if row["severity"] in GRAVE else "warn") if failing else None
    told = (
        fmt.MISSING
        if rate is None
        else fmt.percent(min(number(rate), 0.9999) if number(row["rows_failed"]) else rate, 2)
    )
    bar = html.Div(part("fill", 0, width), className="rule-bar " + ("bad" if failing else ""))
    cells = [
        html.Td([mark, html.Span(named)], className="named"),
        html.Td(_systems(row["source"], view)),
        html.Td(bar, className="of-bar"),
        html.Td(told, className="num b"),
        html.Td(fmt.number(row["rows_failed"]), className="num"),
        html.Td(view.t(f"quality.severity.{row['severity']}")),
        html.Td(row["owner"] or fmt.MISSING),
    ]
    return html.Tr(
        cells, className="fails" if failing else "", title=row["error"] or "", **attrs(data_rule=row["rule"])
    )


def groups(spec: Panel, view: View, results: Results) -> Any:
    """Rows that are held back, one line a cause."""
    result = results["rejected_groups"]
    found = records(result)
    if not found:
        calm = message(view, view.t("quality.groups.none"), view.t("quality.groups.none_more"))
        return panel(spec, view, result, calm, area="at-groups")
    unit = fmt.unit_for([row["amount_base"] for row in found], view.lang)
    lines = []
    for row in found[:GROUPS]:
        what = view.t("quality.groups.what", count=fmt.number(row["rows"]), what=names.thing(row["entity"], view.lang))
        since = row["since"].isoformat() if row["since"] is not None else None
        money = fmt.money(row["amount_base"], view.company.currency, unit) if row["amount_base"] else fmt.MISSING
        lines.append(
            html.Div(
                [glyph(_role(view, row["source"])), html.B(what),
                 html.Span(reasons.reason(row["cause"], view.lang), title=row["cause"], className="why"),
                 html.Span(names.age(since, view.lang, result.as_of), className="q"), html.Span(money, className="a")],
                className="r",
            )
        )  # fmt: skip
    note = view.t("quality.groups.note", n=result.notes["held"])
    foot = html.Div(html.A(view.t("quality.groups.all"), href=view.link("/table/rejected_rows"), className="lnk"),
                    className="panel-foot")  # fmt: skip
    return panel(spec, view, result, [html.Div(lines, className="group-rows"), foot], note=note, area="at-groups")


def _systems(source: str | None, view: View) -> str:
    """ERP, CRM or both, of a rule's sources with commas between them."""
    roles = {_role(view, each) for each in source.split(",")} if source else set()
    return view.t(f"role.{roles.pop()}") if len(roles) == 1 else view.t("quality.both")


def _role(view: View, source: str) -> str:
    return view.sources.get(source, "crm" if source.startswith("crm") else "erp")


PANELS: Mapping[str, Callable[..., Any]] = {
    "quality_kpis": key_figures,
    "quality_rules": rules,
    "rejected_groups": groups,
    **tables.DRAWN,
}
ROWS = tables.ROWS
