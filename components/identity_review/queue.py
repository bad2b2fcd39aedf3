"""The queue: pairs of customers that may be one, the most money first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk.panel import message, panel
from components.marks import attrs, glyph
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Row = Mapping[str, Any]
SHOWN = 8
LIKELY, POSSIBLE = 0.85, 0.6


def key(row: Row) -> str:
    """The pair as the address names it."""
    return f"{row['left_source']}:{row['left_id']}|{row['right_source']}:{row['right_id']}"


def verdict(probability: float) -> str:
    """likely, possible or doubtful."""
    return "likely" if probability >= LIKELY else "possible" if probability >= POSSIBLE else "doubtful"


def sides(row: Row) -> list[tuple[str, str]]:
    """(role, name) of both, the ERP's first."""
    found = [(row[f"{side}_role"], row[f"{side}_name"]) for side in ("left", "right")]
    return sorted(found, key=lambda one: one[0] != "erp")


def queue(spec: Panel, view: View, results: Mapping[str, Result]) -> Any:
    """The list; a click opens the pair."""
    result = results["open_pairs"]
    rows = records(result)
    if not rows:
        calm = message(view, view.t("identity.queue.empty"), view.t("identity.queue.empty_more"))
        return panel(spec, view, result, calm, area="at-queue")
    chosen = int(number(result.notes["chosen"]))
    first = max(0, min(chosen - SHOWN + 1, len(rows) - SHOWN)) if chosen >= SHOWN else 0
    shown = rows[first : first + SHOWN]
    unit = fmt.unit_for([row["hidden_base"] for row in shown], view.lang)
    made = [_row(row, view, unit, first + n == chosen) for n, row in enumerate(shown)]
    note = view.t("identity.queue.note", n=len(shown), all=fmt.number(len(rows)))
    return panel(spec, view, result, html.Div(made, className="queue"), title=view.t("identity.queue.title"),
                 note=note, area="at-queue")  # fmt: skip


def _row(row: Row, view: View, unit: fmt.Unit, chosen: bool) -> html.A:
    probability = number(row["probability"])
    right = [
        fmt.money(row["hidden_base"], view.company.currency, unit),
        view.t(f"identity.is.{verdict(probability)}", p=fmt.number(min(probability, 0.99), 2).lstrip("0")),
    ]
    lines = [
        html.Div([glyph(role), html.Span(name, className="n"), html.Span(text, className="b" if n == 0 else "q")])
        for n, ((role, name), text) in enumerate(zip(sides(row), right, strict=True))
    ]
    return html.A(lines, href=view.link(pair=key(row)), className="pair-row" + (" on" if chosen else ""),
                  **attrs(data_pair=key(row)))  # fmt: skip
