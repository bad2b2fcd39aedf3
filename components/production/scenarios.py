"""What if: the plan of record and scenarios side by side, and the form that makes one. A scenario is part of the
address, so a saved view keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk.panel import panel
from components.marks import attrs
from components.rows import number, records
from data_access.planning.mrp.whatif import Part, parse

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Row = Mapping[str, Any]
FIGURES = ("stock_outs", "below_safety", "revenue_at_risk", "utilisation", "weeks_overloaded", "stock_value")
MONEY = {"revenue_at_risk", "stock_value"}


def side_by_side(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """One column a scenario, beside the plan of record."""
    result = results["scenarios"]
    rows = records(result)
    centers = dict.fromkeys((row["work_center_id"], row["work_center"]) for row in records(results["load"]))
    deals = records(results["large_deals"])
    names = {
        **{str(center): str(name) for center, name in centers},
        **{row["opportunity_id"]: row["name"] for row in deals},
    }
    head = html.Tr([html.Th(""), *(_head(row, names, view) for row in rows)])
    base = rows[0]
    units = {name: fmt.unit_for([row[name] for row in rows], view.lang) for name in MONEY}
    body = [
        html.Tr(
            [
                html.Th(view.t(f"production.scenarios.{name}"), scope="row"),
                *(_cell(name, row, base, units, view) for row in rows),
            ]
        )
        for name in FIGURES
    ]
    table = html.Div(
        html.Table([html.Thead(head), html.Tbody(body)], className="scenarios"), className="scenarios-box", tabIndex=0
    )
    note = view.t("production.scenarios.note")
    return panel(spec, view, result, [table, _form(centers, deals, view)], note=note, area="at-scenarios")


def _head(row: Row, names: Mapping[str, str], view: View) -> html.Th:
    text = row["scenario"]
    if text is None:
        return html.Th(view.t("production.scenarios.base"), scope="col")
    told = " · ".join(words(part, names, view) for part in parse(text))
    gone = html.A(
        "×",
        href=view.toggle("scenario", text),
        className="gone",
        **attrs(aria_label=view.t("production.scenarios.remove", name=told)),
    )
    return html.Th([told, gone], scope="col")


def words(part: Part, names: Mapping[str, str], view: View) -> str:
    """A change as people say it."""
    amount = fmt.number(abs(part.amount), 0 if part.amount == int(part.amount) else 1)
    key = f"production.change.{part.kind}" + ("_less" if part.amount < 0 else "")
    return view.t(key, n=amount, name=names.get(part.subject, part.subject))


def _cell(name: str, row: Row, base: Row, units: Mapping[str, fmt.Unit], view: View) -> html.Td:
    value = row[name]
    text = _shown(name, row, units, view)
    if row is base or value is None or base[name] is None:
        return html.Td(text)
    change = number(value) - number(base[name])
    told = _change(name, change, units, view)
    return html.Td(
        [
            text,
            html.Span(told, className="change worse" if change > 0 and name != "stock_value" else "change")
            if told
            else None,
        ]
    )


def _shown(name: str, row: Row, units: Mapping[str, fmt.Unit], view: View) -> str:
    value = row[name]
    if value is None:
        return fmt.MISSING
    if name in MONEY:
        return fmt.money(value, view.company.currency, units[name])
    if name == "utilisation":
        return f"{fmt.percent(value, 0)} {row['work_center'] or ''} {fmt.week(row['peak_week'], view.lang)}"
    return fmt.number(value)


def _change(name: str, change: float, units: Mapping[str, fmt.Unit], view: View) -> str:
    """How much more or less than the plan of record; nothing where it is the same."""
    if name in MONEY:
        text = fmt.money(abs(change), view.company.currency, units[name])
        same = not fmt.number(abs(change) / units[name].divisor, units[name].digits).strip("0.")
    elif name == "utilisation":
        text, same = view.t("unit.point", n=fmt.number(abs(change) * 100)), round(abs(change) * 100) == 0
    else:
        text, same = fmt.number(abs(change)), change == 0
    return "" if same else f"{fmt.UP if change > 0 else fmt.DOWN} {text}"


def _form(centers: Mapping[tuple[str, str], Any], deals: Sequence[Row], view: View) -> html.Form:
    """Fields of one more scenario; the browser makes the address of it."""

    def field(kind: str, low: int, high: int, *, select: bool = False) -> html.Label:
        number_box = html.Span([_input(kind, low, high), f" {view.t(f'production.scenarios.unit_{kind}')}"])
        choice = _select(kind, [(str(one), str(name)) for one, name in centers], view) if select else None
        return html.Label([view.t(f"production.scenarios.field_{kind}"), choice, number_box])

    fields = [field("demand", -90, 300), field("delay", 0, 180)]
    if centers:
        fields += [field("shift", 0, 10_000, select=True), field("lost", 0, 100, select=True)]
    if deals:
        options = [(row["opportunity_id"], f"{row['name'] or row['opportunity_id']}") for row in deals]
        fields.append(html.Label([view.t("production.scenarios.field_deal"), _select("deal", options, view)]))
    button = html.Button(view.t("production.scenarios.add"), type="submit")
    return html.Form([*fields, button], id="scenario-form", className="scenario-form", action=view.link())


def _input(kind: str, low: int, high: int) -> Any:
    from dash import dcc

    return dcc.Input(type="number", min=low, max=high, step="any", name=kind, id=f"scenario-{kind}", value="")


def _select(kind: str, options: Sequence[tuple[str, str]], view: View) -> html.Select:
    made = [html.Option("–", value=""), *(html.Option(name, value=value) for value, name in options)]
    return html.Select(made, name=f"{kind}-of", **attrs(aria_label=view.t(f"production.scenarios.field_{kind}")))
