"""One feed in depth: what its last run did with every row, how long runs take, where it stands, what it holds back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.desk.panel import message, panel
from components.feeds import causes, names, reasons
from components.feeds.compared import compared
from components.marks import attrs, column, glyph
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.live import Standing
    from data_access.panels import Panel
    from data_access.result import Result

Row = Mapping[str, Any]
Said = Callable[[str | None], str]  # an instant as people say it
PARTS = ("inserted", "updated", "unchanged", "rejected")
LOGGED, HELD, CHANGES = 7, 6, 5
APART = 0.14  # of the chart: lines nearer than this have one name


def feed(spec: Panel, view: View, results: Mapping[str, Result], may_act: bool = False) -> Any:
    """may_act: whether who looks may re-run and pause; without it the buttons are absent."""
    result = results["feed_runs"]
    chosen: Standing | None = result.notes.get("feed")  # type: ignore[assignment]
    runs = records(result)
    if chosen is None:
        return panel(spec, view, result, message(view, view.t("sync.feeds.empty"), ""), area="at-feed")
    said = partial(names.when, lang=view.lang, timezone=view.company.timezone, now=result.as_of)
    held, changes = records(results["feed_rejects"]), records(results["feed_changes"])
    title = names.feed(chosen.feed, view.lang)
    streams = view.t("desk.and_short").join(names.thing(stream, view.lang) for stream in chosen.streams)
    told = view.t("sync.one.read_from", system=view.t(f"role.{chosen.role}"), source=chosen.source, streams=streams)
    sub = html.Span(told, title=" ".join(chosen.streams))
    body = [
        html.Div(_buttons(chosen, len(held), view), className="acts") if may_act else None,
        *(_accounted(runs[-1], view, said) if runs else [message(view, view.t("sync.one.no_runs"), "")]),
        *(_durations(runs, view, said) if len(runs) > 1 else []),
        compared(chosen.source, results["feed_days"], view, said, may_act=may_act),
        html.Div([_standing(chosen, runs, view, said), _changes(changes, view)], className="facts-row"),
        html.Div([_log(runs, view, said), _held(held, view, result.as_of)], className="lists-row"),
    ]
    note = glyph(chosen.role)
    return panel(spec, view, result, [one for one in body if one is not None], title=title, sub=sub, note=note,
                 area="at-feed")  # fmt: skip


def _buttons(chosen: Standing, held: int, view: View) -> list[Any]:
    target = {"data_source": chosen.source, "data_streams": " ".join(chosen.streams)}
    names_ = ["run", "resume" if chosen.status == "paused" else "pause", "reload"]
    if held:
        names_.insert(1, "replay")
    made = [
        html.Button(
            view.t(f"sync.act.{name}", n=held),
            type="button",
            className="btn" + ("" if name == "run" else " plain"),
            **attrs(data_act=name, **target),
        )
        for name in names_
    ]
    return [*made, html.Span(className="act-said", role="status")]


def _accounted(run: Row, view: View, said: Said) -> list[Any]:
    """Every row of the last run: read = inserted + updated + unchanged + rejected, as four blocks of set widths."""
    total = number(run["read"])
    told = " + ".join(fmt.number(run[name]) for name in PARTS)
    head = view.t("sync.one.last", time=said(run["started_at"]),
                  read=fmt.number(total), parts=told)  # fmt: skip
    blocks = [
        html.Div(
            [html.Div(fmt.number(run[name]), className=f"block {name}" + ("" if number(run[name]) else " zero")),
             html.B(view.t(f"sync.one.{name}")),
             html.Span(fmt.percent(number(run[name]) / total) if total else fmt.MISSING)],
            className=f"of {name}",
        )
        for name in PARTS
    ]  # fmt: skip
    return [_heading(head, view.t("sync.one.not_to_scale")), html.Div(blocks, className="accounted")]


def _durations(runs: Sequence[Row], view: View, said: Said) -> list[Any]:
    usual = median(number(run["seconds"]) for run in runs)
    most = max([number(run["seconds"]) for run in runs] + [2 * usual]) * 1.08 or 1.0
    bars = [
        html.Span(
            column(run["kind"], 100 * number(run["seconds"]) / most),
            title=view.t("sync.one.took", time=said(run["started_at"]),
                         s=fmt.number(run["seconds"], 1)),
        )
        for run in runs
    ]  # fmt: skip
    lines = [
        column(f"line {name}", 100 * value / most, data_says=view.t(f"sync.one.{name}", s=fmt.number(value, 1)))
        for name, value in (("median", usual), ("twice", 2 * usual))
        if name == "twice" or usual > APART * most
    ]
    ends = [said(run["started_at"]) for run in (runs[0], runs[-1])]
    return [
        _heading(view.t("sync.one.durations", n=len(runs)), view.t("sync.one.durations_note")),
        html.Div([*lines, html.Div(bars, className="bars")], className="durations", role="img",
                 **attrs(aria_label=view.t("sync.one.median", s=fmt.number(usual, 1)))),
        html.Div([html.Span(ends[0]), html.Span(ends[1])], className="ends"),
    ]  # fmt: skip


def _standing(chosen: Standing, runs: Sequence[Row], view: View, said: Said) -> html.Div:
    retries = sum(int(run["attempts"]) - 1 for run in runs)
    facts = [
        ("checked", said(chosen.checked_at)),
        ("promise", view.t("sync.one.within", age=_span(chosen.limit_seconds, view))),
        ("rhythm", names.rhythm(chosen.every, view.lang)),
        ("retries", fmt.number(retries)),
        ("failures", fmt.number(chosen.failures)),
    ]
    lines = [html.Div([html.Span(view.t(f"sync.one.{name}")), html.B(value)]) for name, value in facts]
    return html.Div([_heading(view.t("sync.one.stands")), html.Div(lines, className="pairs")])


def _span(seconds: float, view: View) -> str:
    minutes = int(seconds // 60)
    if minutes < 1:
        return f"{seconds:g} s"
    if minutes < 60:
        return view.t("js.age_min", m=minutes)
    return view.t("js.age_hour", h=minutes // 60, m=minutes % 60)


def _changes(changes: Sequence[Row], view: View) -> html.Div:
    lines = []
    for row in changes[:CHANGES]:
        detail = f" ({row['detail']})" if row["detail"] else ""
        change = reasons.change(f"{row['column']}: {row['change']}{detail}", view.lang)
        told = f"{names.thing(row['entity'], view.lang)} · {change}"
        moment = fmt.moment(row["seen_at"], view.lang, view.company.timezone)
        lines.append(html.Div([html.Span(moment), html.B(told)]))
    body = (
        html.Div(lines, className="pairs whole")
        if lines
        else html.Div(view.t("sync.one.no_changes"), className="quiet")
    )
    return html.Div([_heading(view.t("sync.one.changes"), view.t("sync.one.weeks") if lines else ""), body])


def _log(runs: Sequence[Row], view: View, said: Said) -> html.Div:
    """The runs worth a line: what changed, failed, was slow or tried again."""
    telling = [run for run in reversed(runs) if run["kind"] != "ok" or run["rejected"] or run["attempts"] > 1]
    lines = []
    for run in telling[:LOGGED]:
        warn = run["kind"] in ("failed", "slow") or run["rejected"]
        text = causes.told(run["error"] or "", view.lang) or view.t(
            "sync.one.did", read=fmt.number(run["read"]), s=fmt.number(run["seconds"], 1), run=run["run_id"],
            changed=fmt.number(run["inserted"] + run["updated"] + run["deleted"]), rejected=fmt.number(run["rejected"]),
        )  # fmt: skip
        time = html.Span(said(run["started_at"]))
        lines.append(html.Div([time, html.Span(text, title=run["error"] or text)], className="warn" if warn else ""))
    body = html.Div(lines, className="log") if lines else html.Div(view.t("sync.one.quiet"), className="quiet")
    return html.Div([_heading(view.t("sync.one.log"), view.t("sync.one.log_note", n=len(lines), all=len(runs))), body])


def _held(held: Sequence[Row], view: View, now: datetime) -> html.Div:
    lines = [
        html.Div(
            [html.B(row["source_id"]), html.Span(reasons.reason(row["reason"], view.lang), title=row["reason"]),
             html.Span(names.age(row["first_seen"].isoformat(), view.lang, now))]
        )
        for row in held[:HELD]
    ]  # fmt: skip
    body = (
        html.Div(lines, className="held-rows") if lines else html.Div(view.t("sync.one.none_held"), className="quiet")
    )
    note = view.t("sync.attention.open", n=len(held)) if held else ""
    return html.Div([_heading(view.t("sync.one.held"), note), body])


def _heading(text: str, note: str = "") -> html.Div:
    return html.Div([html.B(text), html.Span(note)], className="part-head")
