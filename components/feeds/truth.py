"""One sentence of truth: how many feeds are on time, what stopped, what that means; and three figures beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.feeds import names
from components.i18n import t
from components.marks import attrs, bold, icon
from components.rows import number, records

if TYPE_CHECKING:
    from data_access.config import Company
    from data_access.result import Result

Row = Mapping[str, Any]
NAMED = 2  # feeds that stopped and are told by name


def facts(results: Mapping[str, Result]) -> tuple[Row, Sequence[Row]]:
    """(the one row of figures, the feeds that are not on time)."""
    late = [row for row in records(results["feeds"]) if row["status"] != "fresh"]
    return records(results["sync_truth"])[0], late


def status(late: Sequence[Row]) -> str:
    """ok, warn or crit: the worst of the feeds that are not on time."""
    found = {names.mark(row["status"]) for row in late}
    return "crit" if "crit" in found else "warn" if found else "ok"


def headline(told: Row, lang: str) -> str:
    """All 14 feeds on time; 13 of 14 feeds on time."""
    key = "sync.truth.all" if told["on_time"] == told["feeds"] else "sync.truth.some"
    return t(lang, key, on_time=fmt.number(told["on_time"]), n=int(told["feeds"]))


def sentence(told: Row, late: Sequence[Row], every: Sequence[Row], lang: str, timezone: str, now: datetime) -> str:
    """What stopped and since when, what its panels show; or that everything agrees. With *bold* parts."""
    if not late:
        key = "agree" if told["agreed"] == told["compared"] else "differ"
        return t(lang, f"sync.truth.{key}", n=int(told["agreed"]), all=int(told["compared"]))
    texts = [_stopped(group, every, lang, timezone, now) for group in _groups(late)[:NAMED]]
    rest = len(late) - sum(len(group) for group in _groups(late)[:NAMED])
    if rest:
        texts.append(t(lang, "sync.truth.more", n=rest))
    if len(late) < len(every):
        texts.append(t(lang, "sync.truth.rest"))
    return (" " if lang == "en" else "").join(texts)


def _groups(late: Sequence[Row]) -> list[list[Row]]:
    """Feeds of one source that stopped at the same minute are one story."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in late:
        found.setdefault((row["source"], names.mark(row["status"]), (row["checked_at"] or "")[:16]), []).append(row)
    return sorted(found.values(), key=len, reverse=True)


def _stopped(group: Sequence[Row], every: Sequence[Row], lang: str, timezone: str, now: datetime) -> str:
    first = group[0]
    whole = len(group) > 1 and len(group) == sum(1 for row in every if row["source"] == first["source"])
    system = t(lang, f"role.{first['role']}")
    if whole:
        what = system
    elif len(group) == 1:
        what = names.system_feed(first, lang)
    else:
        what = t(lang, "sync.truth.several", system=system, n=len(group))
    if not first["checked_at"]:
        return t(lang, "sync.truth.never", what=what)
    time = names.when(first["checked_at"], lang, timezone, now)
    key = "late" if first["status"] == "late" else "stopped"
    return t(lang, f"sync.truth.{key}", what=what, time=time)


def figures(told: Row, calm: bool, lang: str) -> list[tuple[str, tuple[str, str, str], str]]:
    """(label, (before, figure, after), line under it): when all is calm how long it has been and how fast it is, else
    how far the data can be trusted."""
    agreed = _percent(told["agreed"], told["compared"])
    rows = t(lang, "sync.figure.rows", rows=fmt.number(told["rows_compared"]), n=int(told["agreed"]),
             all=int(told["compared"]))  # fmt: skip
    if calm:
        watched = told["fresh_share"] is not None
        days = int(told["calm_days"])
        calm_days = ("", fmt.number(days), t(lang, "sync.figure.days", n=days)) if watched else ("", fmt.MISSING, "")
        delay = told["delay_seconds"]
        seconds = t(lang, "sync.figure.seconds") if delay is not None else ""
        return [
            (t(lang, "sync.figure.calm"), calm_days,
             t(lang, "sync.figure.longest", n=int(told["longest_calm"]))),
            (t(lang, "sync.figure.agreed"), agreed, rows),
            (t(lang, "sync.figure.delay"), ("", fmt.number(delay), seconds),
             t(lang, "sync.figure.median")),
        ]  # fmt: skip
    return [
        (t(lang, "sync.figure.match"), _percent(told["matched"], told["accounts"]), t(lang, "sync.figure.match_more")),
        (t(lang, "sync.figure.agreed"), agreed, t(lang, "sync.figure.agreed_more")),
        (t(lang, "sync.figure.rules"), ("", fmt.number(told["rules_pass"]), f"/{fmt.number(told['rules'])}"),
         t(lang, "sync.figure.rules_more")),
    ]  # fmt: skip


def _percent(part: Any, whole: Any) -> tuple[str, str, str]:
    """A share that is not whole never rounds up to 100."""
    if not number(whole):
        return "", fmt.MISSING, ""
    share = 100 * number(part) / number(whole)
    digits = 0 if share == 100 else 1
    return "", fmt.number(min(share, 99.9) if share < 100 else share, digits), "%"


def truth(results: Mapping[str, Result], lang: str, company: Company) -> dict[str, Any]:
    """The wall's strip."""
    told, late = facts(results)
    every = records(results["feeds"])
    worst, now = status(late), results["sync_truth"].as_of
    mark = html.Span(className="two", **attrs(aria_hidden="true")) if worst == "ok" else icon(worst)
    said, more = headline(told, lang), sentence(told, late, every, lang, company.timezone, now)
    newest = told["newest_change_at"] if not late else None
    line: list[Any] = [*bold(more)]
    if newest:
        before, after = t(lang, "sync.truth.newest").split("*")[::2]
        line += [before, html.B(names.age(newest, lang, now), **attrs(data_since=newest)), after]
    cells = [
        html.Div(
            [mark, html.Div([html.Div(said, className="said"), html.Div(line, className="more")])], className="say"
        )
    ]
    spoken = [said, more.replace("*", "")]
    for label, (before, figure, after), under in figures(told, worst == "ok", lang):
        value = [before, figure, html.I(after) if after else None]
        cells.append(
            html.Div(
                [html.Div(label, className="l"), html.Div(value, className="v"), html.Div(under, className="under")],
                className="fact",
            )
        )
        spoken.append(f"{label}: {before}{figure}{after}")
    return {"tree": cells, "head": {"title": said, "aria": "; ".join(spoken)}}
