"""A feed as a row: its last runs as blocks, its age against the limit, what it brought."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.feeds import names
from components.i18n import t
from components.marks import attrs, glyph, part
from components.rows import number, records
from components.states import message
from data_access.health import AMBER

if TYPE_CHECKING:
    from data_access.config import Company
    from data_access.result import Result

Row = Mapping[str, Any]
MOST = 14  # rows that can be read from four metres
RUNS = {"wall": 32, "desk": 24}
LATE_FIRST = {"never": 0, "stale": 1, "failing": 2, "late": 3, "paused": 3, "fresh": 4}


def runs_of(row: Row) -> list[Row]:
    """The feed's runs, the oldest first."""
    return list(json.loads(row["runs"]))


def strip(runs: Sequence[Row], count: int) -> html.Span:
    """One block a run, the newest on the right; places of runs that have not been are empty."""
    shown = list(runs)[-count:]
    blocks = [html.Span(className="none") for _ in range(count - len(shown))]
    blocks += [html.Span(className=f"run {'held' if run['rejected'] else run['kind']}") for run in shown]
    return html.Span(blocks, className="runs", **attrs(aria_hidden="true"))


def bullet(row: Row) -> html.Span:
    """Age as a bar up to the tick, from which on the feed is late; the browser keeps it growing."""
    limit = AMBER * number(row["limit_seconds"])
    inside = [part("fill", 0, 0), html.Span(className="tick")]
    return html.Span(inside, className="age-bar", **attrs(data_since=row["checked_at"] or "", data_limit=f"{limit:g}"))


def age(row: Row, lang: str, now: datetime) -> html.Span:
    """The age in words; the browser keeps it up to date."""
    since = {"data_since": row["checked_at"]} if row["checked_at"] else {}
    return html.Span(names.age(row["checked_at"], lang, now), className="age", **attrs(**since))


def feeds(result: Result, lang: str, company: Company) -> dict[str, Any]:
    """The wall's panel: every feed, or the ones that are late and as many others as fit."""
    rows = records(result)
    head: dict[str, Any] = {"title": t(lang, "sync.feeds.title"), "note": t(lang, "sync.feeds.note")}
    if not rows:
        return {"tree": message("box", t(lang, "sync.feeds.empty"), t(lang, "sync.feeds.empty_more")), "head": head}
    shown = fitting(rows, MOST)
    columns = ("feed", "runs", "age", "read", "changed", "held")
    made = [
        html.Div(
            [html.Span(t(lang, f"sync.column.{name}"), className=f"h-{name}") for name in columns], className="r top"
        )
    ]
    made += [_row(row, lang, result.as_of) for row in shown]
    if len(shown) < len(rows):
        head["note"] = t(lang, "sync.feeds.more", n=len(rows) - len(shown))
    head["aria"] = "; ".join(
        t(
            lang,
            "sync.feeds.spoken",
            feed=names.system_feed(row, lang),
            age=names.age(row["checked_at"], lang, result.as_of),
        )
        for row in shown
    )
    return {"tree": html.Div(made, className="rows feeds", **attrs(data_rows=str(len(shown)))), "head": head}


def fitting(rows: Sequence[Row], most: int) -> list[Row]:
    """At most so many in their own order: the late ones are always among them."""
    if len(rows) <= most:
        return list(rows)
    worst = sorted(range(len(rows)), key=lambda place: (LATE_FIRST[rows[place]["status"]], place))[:most]
    return [rows[place] for place in sorted(worst)]


def _row(row: Row, lang: str, now: datetime) -> html.Div:
    status = names.mark(row["status"])
    cells = [
        glyph(row["role"]),
        html.Span(names.feed(row["feed"], lang), className="n"),
        strip(runs_of(row), RUNS["wall"]),
        bullet(row),
        age(row, lang, now),
        html.Span(fmt.number(row["read"]), className="c"),
        html.Span(fmt.number(row["changed"]), className="c"),
        html.Span(fmt.number(row["held"]), className="c" + (" some" if number(row["held"]) else "")),
    ]
    return html.Div(cells, className=f"r {status}", **attrs(data_feed=f"{row['source']}.{row['feed']}"))
