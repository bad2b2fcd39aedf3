"""The outcome board: what the company set out to change, now against its baseline, and month by month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.charts import outcome
from components.desk import kpis as row
from components.desk.kpis import Kpi
from components.desk.panel import figure, message, panel
from components.rows import records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Results = Mapping[str, "Result"]
Row = Mapping[str, Any]
PLACE = {"outcome_sales": 0, "outcome_cost": 1, "outcome_delivery": 2, "outcome_service": 3}
ROLES = ("erp", "erp", "erp", "crm")
HUNDRED = 100


def board(spec: Panel, view: View, results: Results) -> Any:
    """The four figures, what they are compared with, and how to set a baseline where there is none."""
    result = results["outcome_board"]
    notes = result.notes
    if notes["baseline_from"] is None or notes["now_from"] is None:
        body = [message(view, view.t("outcomes.nothing"), view.t("outcomes.nothing_more")), _how(notes, view)]
        return panel(spec, view, result, html.Div(body), area="outcome-board")
    cells = [_kpi(one, role, view) for one, role in zip(records(result), ROLES, strict=True)]
    note = view.t("outcomes.note", now=_span(notes, "now", view), baseline=_span(notes, "baseline", view))
    whole_year = notes["pairing"] == "same_months" and records(result)[0]["baseline_months"] == 12
    sub = [view.t("outcomes.twelve" if whole_year else f"outcomes.{notes['pairing']}")]
    if notes["missing_months"]:
        sub.append(view.t("outcomes.missing", n=notes["missing_months"]))
    body = [row.cells(cells), html.P(" ".join(sub), className="quiet"), _how(notes, view)]
    return panel(spec, view, result, html.Div(body), note=note, area="outcome-board")


def _span(notes: Mapping[str, Any], name: str, view: View) -> str:
    first, last = notes[f"{name}_from"], notes[f"{name}_until"]
    if first == last:
        return fmt.month(first, view.lang)
    return view.t("outcomes.span", a=fmt.month(first, view.lang), b=fmt.month(last, view.lang))


def _how(notes: Mapping[str, Any], view: View) -> html.P | None:
    if notes["basis"] == "company":
        return None
    baseline = _span(notes, "baseline", view) if notes["baseline_from"] else fmt.MISSING
    words = [view.t("outcomes.unset", baseline=baseline), " ", view.t("outcomes.how"), " "]
    return html.P([*words, html.Code(view.t("outcomes.how_line")), " ", view.t("outcomes.example_file")],
                  className="outcome-how")  # fmt: skip


def text(value: Any, one: Row, view: View, unit: fmt.Unit) -> str:
    """A value of an outcome as people read it."""
    if value is None:
        return fmt.MISSING
    if one["unit"] == "money":
        return fmt.money(value, view.company.currency, unit)
    return fmt.percent(value) if one["unit"] == "ratio" else fmt.number(value, 2 if one["unit"] == "score" else 1)


def _unit(one: Row, view: View) -> fmt.Unit:
    return fmt.unit_for([one["value"], one["baseline"]] if one["unit"] == "money" else [], view.lang)


def _change(one: Row, view: View) -> str | None:
    """How far it moved, without a sign; None when that rounds to nothing or is not known."""
    delta = one["delta"]
    if delta is None:
        return None
    if one["unit"] == "money":
        shown = fmt.arrow(delta)[1] + "%"
    elif one["metric"] == "operating_cost_ratio":
        shown = fmt.money(abs(delta) * HUNDRED, view.company.currency, fmt.Unit(1, "", 2))
    elif one["unit"] == "ratio":
        shown = view.t("unit.point", n=fmt.arrow(delta)[1])
    else:
        shown = fmt.number(abs(delta), 2 if one["unit"] == "score" else 1)
    return shown if any(digit in shown for digit in "123456789") else None


def _kpi(one: Row, role: str, view: View) -> Kpi:
    name, unit = view.t(f"outcomes.name.{one['metric']}"), _unit(one, view)
    value = {"money": row.money(one["value"], view), "ratio": row.percent(one["value"])}.get(one["unit"])
    if value is None:
        value = ("", text(one["value"], one, view, unit), view.t("unit.score") if one["unit"] == "score" else "")
    compare = view.t("outcomes.was", value=text(one["baseline"], one, view, unit))
    if one["value"] is None and one["metric"] == "operating_cost_ratio":
        compare = view.t("outcomes.no_cost")
    elif one["delta"]:
        delta = one["delta"]
        moved = (
            fmt.change(delta) if one["unit"] == "money" else f"{fmt.UP if delta > 0 else fmt.DOWN} {_moved(one, view)}"
        )
        compare = f"*{moved}* {compare}"
    return Kpi(one["metric"], name, value, role, compare, [point for point in one["series"] if point is not None])


def _moved(one: Row, view: View) -> str:
    if one["unit"] == "ratio":
        return view.t("unit.point", n=fmt.arrow(one["delta"])[1])
    return fmt.number(abs(one["delta"]), 2 if one["unit"] == "score" else 1)


def by_month(spec: Panel, view: View, results: Results) -> Any:
    """One outcome over the months, with the mean of the baseline and of now."""
    result, whole = results["outcome_months"], results["outcome_board"]
    place = PLACE[spec.name]
    one = records(whole)[place]
    months = [month["month"] for month in records(result) if month["is_full"]]
    name = view.t(f"outcomes.name.{one['metric']}")
    if not any(point is not None for point in one["series"]):
        return panel(spec, view, result, message(view, name, view.t("outcomes.unknown")))
    known = [point for point in one["series"] if point is not None]
    unit = fmt.unit_for(known if one["unit"] == "money" else [], view.lang)
    change, title = _change(one, view), name
    if change:
        way = "up" if one["delta"] > 0 else "down"
        hundred = fmt.money(HUNDRED, view.company.currency, fmt.Unit(1, "", 0))
        title = view.t(f"outcomes.finding.{one['metric']}_{way}", d=change, unit=hundred)

    def told(value: Any) -> str:
        return text(value, one, view, unit)

    chart = outcome.figure(months, one, whole.notes, view, told, ROLES[place])
    spoken = view.t("outcomes.aria", name=name, value=told(one["value"]), before=told(one["baseline"]))
    return panel(spec, view, result, figure(spec.name, chart, spoken), title=title, note=name if change else None)


PANELS: Mapping[str, Callable[..., Any]] = {"outcome_board": board} | dict.fromkeys(PLACE, by_month)
