"""Hours needed of the hours there are, by work centre and week: a table of figures whose frames are the exceptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.i18n import t
from components.marks import attrs
from components.rows import number, records
from components.states import message
from data_access.production_kpis import FAR_OVER, OVER

if TYPE_CHECKING:
    from data_access.config import Company
    from data_access.result import Result

Row = Mapping[str, Any]
SHADES = 7
WEEKS = 10


def shade(share: float | None) -> str:
    """The class of a cell: over, far over, or one of the shades from idle to full."""
    if share is None:
        return "none"
    if round(share, 2) > FAR_OVER:
        return "far"
    if round(share, 2) > OVER:
        return "over"
    return f"s{min(SHADES - 1, int(SHADES * share / OVER))}"


def load(result: Result, lang: str, company: Company) -> dict[str, Any]:
    """The wall's panel."""
    rows = records(result)
    head: dict[str, Any] = {"title": t(lang, "production.load.title"), "note": t(lang, "production.load.note")}
    if not rows:
        return {
            "tree": message("box", t(lang, "production.load.empty"), t(lang, "production.load.empty_more")),
            "head": head,
        }
    over = [row for row in rows if shade(row["utilisation"]) in ("over", "far")]
    spoken = [
        t(lang, "production.load.spoken", place=row["work_center"], week=fmt.week(row["week_start"], lang),
          share=fmt.percent(row["utilisation"], 0))
        for row in over
    ]  # fmt: skip
    head["aria"] = "; ".join(spoken) or t(lang, "production.load.calm")
    return {"tree": grid(rows, lang), "head": head}


def grid(rows: Sequence[Row], lang: str) -> html.Div:
    """Work centres down, weeks across."""
    weeks = sorted({row["week_start"] for row in rows})[:WEEKS]
    centers = dict.fromkeys((row["work_center_id"], row["work_center"]) for row in rows)
    cells = {(row["work_center_id"], row["week_start"]): row["utilisation"] for row in rows}
    made: list[Any] = [html.Span(className="corner")]
    made += [html.Span(fmt.week(week, lang), className="n top") for week in weeks]
    for center, name in centers:
        made.append(html.Span(name or center, className="n side"))
        made += [_cell(cells.get((center, week))) for week in weeks]
    return html.Div(made, className=f"heat load of-{len(weeks)}", **attrs(data_rows=str(len(centers))))


def _cell(share: float | None) -> html.Span:
    text = fmt.MISSING if share is None else fmt.number(100 * number(share))
    return html.Span(text, className=f"cell {shade(share)}")
