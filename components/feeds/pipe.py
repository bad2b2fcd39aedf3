"""What came through today, hour by hour, and how much of the last four weeks was on time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.i18n import t
from components.marks import column
from components.rows import number, records
from components.theme import Mode, colour

if TYPE_CHECKING:
    from data_access.config import Company
    from data_access.result import Result

Row = Mapping[str, Any]
Dict = dict[str, Any]
SMALL = 20
SIGN = {"erp": 1, "crm": -1}


def hours(result: Result, lang: str, company: Company) -> Dict:
    """ERP upwards, CRM downwards, a usual day of this weekday dotted."""
    rows = records(result)
    head: Dict = {"title": t(lang, "sync.pipe.title"), "note": t(lang, "sync.pipe.note")}
    totals = {role: sum(number(row["changed"]) for row in rows if row["role"] == role) for role in SIGN}
    known = any(row["usual"] is not None for row in rows)
    if not known:
        head["note"] = t(lang, "sync.pipe.note_early")
    head["aria"] = t(lang, "sync.pipe.spoken", **{role: fmt.number(total) for role, total in totals.items()})
    return {"figure": figure(rows, totals, lang), "head": head}


def figure(rows: Sequence[Row], totals: Mapping[str, float], lang: str, mode: Mode = "dark") -> Dict:
    """The chart as a plain dict; x is the hour."""
    largest = max([number(row[name]) for row in rows for name in ("changed", "usual")] + [1.0])
    data: list[Dict] = []
    for role, sign in SIGN.items():
        mine = [row for row in rows if row["role"] == role]
        if not mine:
            continue
        data.append({
            "type": "bar", "x": [row["hour"] for row in mine], "y": [sign * number(row["changed"]) for row in mine],
            "marker": {"color": colour(role, mode)}, "width": 0.72, "hoverinfo": "skip",
        })  # fmt: skip
        if any(row["usual"] is not None for row in mine):
            data.append({
                "type": "scatter", "mode": "lines", "x": [row["hour"] for row in mine],
                "y": [sign * number(row["usual"]) for row in mine], "hoverinfo": "skip",
                "line": {"color": colour("text-3", mode), "width": 2, "dash": "dot", "shape": "hvh"},
            })  # fmt: skip
    words = [
        {**_where_free(rows, role), "y": sign * largest * 0.72, "showarrow": False,
         "text": t(lang, "sync.pipe.total", system=t(lang, f"role.{role}"), rows=fmt.number(totals[role])),
         "font": {"size": SMALL, "color": colour(role, mode)}}
        for role, sign in SIGN.items() if any(row["role"] == role for row in rows)
    ]  # fmt: skip
    shown = (0, 6, 12, 18, 23)
    return {
        "data": data,
        "layout": {
            "margin": {"l": 8, "r": 8, "t": 8, "b": 34}, "barmode": "overlay", "annotations": words,
            "xaxis": {"range": [-0.7, 23.7], "tickvals": list(shown), "ticktext": [f"{hour}:00" for hour in shown],
                      "showgrid": False, "zeroline": False, "tickangle": 0},
            "yaxis": {"range": [-1.1 * largest, 1.1 * largest], "showticklabels": False, "showgrid": False,
                      "zeroline": True, "zerolinecolor": colour("neutral", mode), "zerolinewidth": 2},
        },
    }  # fmt: skip


def _where_free(rows: Sequence[Row], role: str) -> Dict:
    """The side of the day on which a system's bars are lower, for its words."""

    def peak(part: range) -> float:
        mine = [row for row in rows if row["role"] == role and row["hour"] in part]
        return max([number(row[name]) for row in mine for name in ("changed", "usual")], default=0.0)

    return {"x": 23.5, "xanchor": "right"} if peak(range(8)) > peak(range(16, 24)) else {"x": -0.5, "xanchor": "left"}


def days(results: Mapping[str, Result], lang: str, company: Company) -> Dict:
    """One block a day, filled as far as it was late; and the promises of four weeks."""
    rows, told = records(results["fresh_days"]), records(results["sync_truth"])[0]
    head: Dict = {"title": t(lang, "sync.days.title"), "note": t(lang, "sync.days.note")}
    blocks = [_day(row) for row in rows]
    ends = html.Div(
        [html.Span(fmt.short_date(rows[0]["day"], lang)), html.Span(worst(rows, lang)),
         html.Span(t(lang, "sync.days.today"))],
        className="ends",
    )  # fmt: skip
    share, accounts = told["fresh_share"], number(told["accounts"])
    matched = number(told["matched"]) / accounts if accounts else None
    lines = [
        (t(lang, "sync.days.fresh"), fmt.MISSING if share is None else fmt.percent(min(number(share), 1.0), 2)),
        (t(lang, "sync.days.match", n=int(told["waiting"])), fmt.percent(matched)),
        (t(lang, "sync.days.held"), fmt.number(told["held"])),
    ]
    facts = [html.Div([html.Span(name), html.B(value)], className="r") for name, value in lines]
    head["aria"] = "; ".join(f"{name}: {value}" for name, value in lines)
    inside = [html.Div(blocks, className="day-blocks"), ends, html.Div(facts, className="rows")]
    return {"tree": html.Div(inside, className="days-box"), "head": head}


def _day(row: Row) -> html.Span:
    seconds = number(row["seconds"])
    if not seconds:
        return html.Span(className="day none")
    late = 100 * (1 - number(row["fresh_seconds"]) / seconds)
    return html.Span(column("late", max(late, 8.0)) if late > 0.05 else None, className="day")


def worst(rows: Sequence[Row], lang: str) -> str:
    """The day that was late longest, and for how long."""
    late = max(rows, key=lambda row: number(row["seconds"]) - number(row["fresh_seconds"]))
    minutes = (number(late["seconds"]) - number(late["fresh_seconds"])) / 60
    if minutes < 1:
        return ""
    hours_, rest = divmod(int(minutes), 60)
    span = t(lang, "js.age_hour", h=hours_, m=rest) if hours_ else t(lang, "js.age_min", m=rest)
    return t(lang, "sync.days.worst", day=fmt.short_date(late["day"], lang), span=span)
