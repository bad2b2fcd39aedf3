"""What somebody should do something about, in words: the thing, why, and how much of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.feeds import causes, names, reasons
from components.i18n import t
from components.marks import icon, part
from components.rows import number, records
from components.states import message

if TYPE_CHECKING:
    from data_access.config import Company
    from data_access.result import Result

Row = Mapping[str, Any]
SHOWN = 4


def words(row: Row, lang: str, timezone: str, now: datetime) -> tuple[str, str, str]:
    """(what, why, how much)."""
    kind = row["kind"]
    since = names.when(row["since"], lang, timezone, now) if row["since"] else ""
    count = int(number(row["count"]))
    if kind == "feed":
        several = t(lang, "sync.attention.feeds", n=int(row["feeds"]), system=t(lang, f"role.{row['role']}"))
        what = names.system_feed(row, lang) if row["feed"] else several
        why = causes.told(row["detail"], lang) or t(lang, "sync.attention.late", time=since)
        return what, why, t(lang, "sync.attention.fails", n=count) if count else ""
    if kind == "rule":
        what = row["title_zh"] if lang == "zh" and row["title_zh"] else row["title"]
        why = t(lang, "sync.attention.owner", owner=row["owner"]) if row["owner"] else ""
        return what, why, t(lang, "sync.attention.rows", n=count)
    if kind == "disk":
        return t(lang, "sync.attention.disk"), row["subject"], t(lang, "sync.attention.megabytes", n=count)
    feed = names.system_feed(row, lang) if row["feed"] and row["role"] else row["subject"]
    what = t(lang, f"sync.attention.{kind}", feed=feed)
    detail = reasons.change(row["detail"], lang) if kind == "drift" else row["detail"]
    why = detail or (t(lang, "sync.attention.since", time=since) if since else "")
    return what, why, t(lang, "sync.attention.rows", n=count) if count else ""


def attention(result: Result, lang: str, company: Company) -> dict[str, Any]:
    """The wall's list."""
    rows = records(result)
    head: dict[str, Any] = {"title": t(lang, "sync.attention.title")}
    if not rows:
        return {
            "tree": message("box", t(lang, "sync.attention.none"), t(lang, "sync.attention.none_more")),
            "head": head,
        }
    head["note"] = t(lang, "sync.attention.open", n=len(rows))
    told = [(row, *words(row, lang, company.timezone, result.as_of)) for row in rows[:SHOWN]]
    made = [
        html.Div(
            [
                icon(row["severity"]),
                html.Div([html.Div(what, className="n"), html.Div(why, className="m")], className="w"),
                html.Span(much, className=f"a {row['severity']}"),
            ],
            className="r",
        )
        for row, what, why, much in told
    ]
    head["aria"] = "; ".join(f"{what}: {why} {much}".strip() for _, what, why, much in told)
    return {"tree": html.Div(made, className="rows attention"), "head": head}


def matches(result: Result, lang: str, company: Company) -> dict[str, Any]:
    """The wall's bars: what the CRM says and the ERP knows, waiting for a person, unmatched."""
    rows = [row for row in records(result) if number(row["total"])]
    head: dict[str, Any] = {"title": t(lang, "sync.match.title"), "note": t(lang, "sync.match.note")}
    if not rows:
        return {"tree": message("box", t(lang, "sync.match.empty"), t(lang, "sync.match.empty_more")), "head": head}
    made, spoken = [], []
    for row in rows:
        share = min(number(row["share"]), 0.9994) if row["matched"] < row["total"] else 1.0
        told = fmt.percent(share)
        what = t(lang, f"sync.match.{row['kind']}")
        parts = [
            t(lang, f"sync.match.{name}", n=int(number(row[name])), count=fmt.number(row[name]))
            for name in ("waiting", "unmatched")
            if number(row[name])
        ]
        wide = [100 * number(row[name]) / number(row["total"]) for name in ("matched", "waiting", "unmatched")]
        bar = [
            part(name, width=max(width, 0.4))
            for name, width in zip(("sure", "maybe", "lost"), wide, strict=True)
            if width
        ]
        line = [
            html.Span(what, className="n"), html.Span(" · ".join(parts), className="m"), html.Span(told, className="a"),
        ]  # fmt: skip
        made.append(html.Div([*line, html.Div(bar, className="split")], className="r"))
        spoken.append(f"{what} {told}")
    head["aria"] = "; ".join(spoken)
    return {"tree": html.Div(made, className="rows match"), "head": head}
