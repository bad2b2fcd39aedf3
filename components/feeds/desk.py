"""The sync page's own panels: the sentence of truth, the feeds as rows to choose from, what needs attention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk import look
from components.desk.panel import figure, message, panel
from components.feeds import attention, causes, names, pipe, rows, truth
from components.marks import attrs, bold, glyph, icon
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Results = Mapping[str, "Result"]
K = 0.62


def statement(spec: Panel, view: View, results: Results) -> Any:
    """How many feeds are on time, what stopped, and four figures."""
    told, late = truth.facts(results)
    every = records(results["feeds"])
    worst, now = truth.status(late), results["sync_truth"].as_of
    mark = html.Span(className="two", **attrs(aria_hidden="true")) if worst == "ok" else icon(worst)
    said = html.Div(
        [html.Div(truth.headline(told, view.lang), className="said"),
         html.Div(bold(truth.sentence(told, late, every, view.lang, view.company.timezone, now)), className="more")]
    )  # fmt: skip
    version = html.Div(
        [html.Div(view.t("sync.figure.version"), className="l"),
         html.Div([fmt.number(told["version"]), html.I(names.age(told["published_at"], view.lang, now),
                   **attrs(data_since=told["published_at"]))], className="v")],
        className="fact",
    )  # fmt: skip
    figures = [
        html.Div([html.Div(label, className="l"), html.Div([before, value, html.I(after)], className="v"),
                  html.Div(under, className="under")], className="fact")
        for label, (before, value, after), under in truth.figures(told, worst == "ok", view.lang)
    ]  # fmt: skip
    body = html.Div([html.Div([mark, said], className="say"), version, *figures], className="truth-row")
    return panel(spec, view, results[spec.reads[0]], body, area="at-truth")


def feeds(spec: Panel, view: View, results: Results) -> Any:
    """Every feed; a click opens it, and what failed says why by itself: once for feeds that stand together."""
    found = records(results["feeds"])
    if not found:
        calm = message(view, view.t("sync.feeds.empty"), view.t("sync.feeds.empty_more"))
        return panel(spec, view, results["feeds"], calm, area="at-feeds")
    asked = next(iter(view.filters.values("feed")), None)
    known = {f"{row['source']}.{row['feed']}" for row in found}
    chosen = asked if asked in known else str(results["feeds"].notes["first"])
    columns = ("feed", "runs_desk", "age", "rhythm", "read", "held")
    made: list[Any] = [
        html.Div(
            [html.Span(view.t(f"sync.column.{name}"), className=f"h-{name}") for name in columns], className="r top"
        )
    ]
    now = results["feeds"].as_of
    for (_, why), group in groupby(found, key=lambda row: (row["source"], causes.told(row["error"] or "", view.lang))):
        alike = list(group)
        made += [_feed(row, view, chosen, now) for row in alike]
        if why:
            made.append(_trouble(alike, view, now))
    body = html.Div(made, className="feed-rows")
    return panel(spec, view, results["feeds"], body, note=view.t("sync.feeds.note_desk"), area="at-feeds")


def _feed(row: Mapping[str, Any], view: View, chosen: str | None, now: datetime) -> html.A:
    key = f"{row['source']}.{row['feed']}"
    status = names.mark(row["status"])
    held = number(row["held"])
    cells = [
        glyph(row["role"]),
        html.Span(names.feed(row["feed"], view.lang), className="n"),
        rows.strip(rows.runs_of(row), rows.RUNS["desk"]),
        rows.bullet(row),
        html.Span([icon(status) if status != "ok" else None, rows.age(row, view.lang, now)], className="aged"),
        html.Span(names.rhythm(row["every"], view.lang), className="q"),
        html.Span(fmt.number(row["read"]), className="c"),
        html.Span([icon("warn") if held else None, fmt.number(held)], className="c" + (" some" if held else "")),
    ]
    return html.A(
        cells, href=view.link(feed=key), className=f"r {status}" + (" on" if key == chosen else ""),
        title=f"{row['source']}: {row['streams']}", **attrs(data_feed=key),
    )  # fmt: skip


def _trouble(alike: Sequence[Mapping[str, Any]], view: View, now: datetime) -> html.Div:
    """Why these feeds of one source fail, since when and how often."""
    first, several = alike[0], len(alike) > 1
    since = names.when(min(row["failing_since"] for row in alike), view.lang, view.company.timezone, now)
    runs = max(int(number(row["failures"])) for row in alike)
    head = view.t("sync.feeds.since_feeds" if several else "sync.feeds.since", time=since, n=runs, feeds=len(alike))
    why = html.Span(causes.told(first["error"], view.lang), title=first["error"])
    return html.Div([html.B(head), " ", why, *_remedy(first["hint"], view)], className="trouble")


def _remedy(text: str | None, view: View) -> list[Any]:
    return [" → ", html.Span(causes.remedy(text, view.lang), className="hint")] if text else []


def todo(spec: Panel, view: View, results: Results) -> Any:
    """Everything that needs somebody, the worst first."""
    result = results["attention"]
    found = records(result)
    if not found:
        calm = message(view, view.t("sync.attention.none"), view.t("sync.attention.none_more"))
        return panel(spec, view, result, calm, area="at-todo")
    made = []
    for row in found:
        what, why, much = attention.words(row, view.lang, view.company.timezone, result.as_of)
        href = view.link(feed=f"{row['source']}.{row['feed']}") if row["feed"] else None
        name = html.A(what, href=href) if href else html.Span(what)
        text = html.Div([html.B(name), html.Span([why, *_remedy(row["remedy"], view)], className="why")])
        made.append(
            html.Div([icon(row["severity"]), text, html.Span(much, className=f"a {row['severity']}")], className="r")
        )
    note = view.t("sync.attention.open", n=len(found))
    return panel(spec, view, result, html.Div(made, className="todo-rows"), note=note, area="at-todo")


def hours(spec: Panel, view: View, results: Results) -> Any:
    """What came through today."""
    made = pipe.hours(results["pipe_hours"], view.lang, view.company)
    head = made["head"]
    body = figure(spec.name, look.desk(made["figure"], K), head["aria"])
    return panel(spec, view, results["pipe_hours"], body, title=head["title"], note=head["note"], area="at-pipe")


def matches(spec: Panel, view: View, results: Results) -> Any:
    """What the CRM says and the ERP knows."""
    result = results["match_kinds"]
    made = attention.matches(result, view.lang, view.company)
    return panel(spec, view, result, look.relit(made["tree"]), title=made["head"]["title"], area="at-match")


def days(spec: Panel, view: View, results: Results) -> Any:
    """Four weeks of promises."""
    made = pipe.days(results, view.lang, view.company)
    head = made["head"]
    body = look.relit(made["tree"])
    return panel(spec, view, results["fresh_days"], body, title=head["title"], note=head["note"], area="at-days")
