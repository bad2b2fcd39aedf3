"""A feed's days against its source: which do not agree, which rows make the difference, and the way to pull them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.feeds import causes, names
from components.marks import attrs
from components.rows import number, records
from data_access.clock import parse_iso

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.result import Result

Row = Mapping[str, Any]
Said = Callable[[str | None], str]  # an instant as people say it
VERDICTS = ("missing", "extra", "different")
COUNTED = ("agrees", "differs", "failed")
DAYS, KEYS = 6, 6  # shown: days, and keys of a day and verdict


def compared(source: str, result: Result, view: View, said: Said, *, may_act: bool) -> html.Div | None:
    """The part of one feed's panel; None where nothing was ever compared."""
    told: Sequence[Row] = result.notes["compared"]  # type: ignore[assignment]
    counted = [row for row in told if row["status"] in COUNTED]
    if not told:
        return None
    if not counted:
        return html.Div([_head(view), _quiet(view.t("sync.compared.unsupported"))], className="compared")
    streams = [row["entity"] for row in counted]
    days, agreed = (int(sum(row[name] for row in counted)) for name in ("days", "agreed"))
    note = view.t(
        "sync.compared.note",
        agreed=fmt.number(agreed),
        all=fmt.number(days),
        time=said(min(map(_when, counted), key=parse_iso)),
    )
    differing, failed = records(result), [row["detail"] for row in counted if row["status"] == "failed"]
    lines = [_day(row, source, view, several=len(streams) > 1, may_act=may_act) for row in differing[:DAYS]]
    if len(differing) > DAYS:
        lines.append(_quiet(view.t("sync.compared.days_more", n=len(differing) - DAYS)))
    if failed or not lines:
        lines.insert(0, _quiet(causes.line(failed[0], view.lang) if failed else view.t("sync.compared.agree")))
    act = _button("compare", source, streams, view) if may_act else None
    return html.Div([_head(view, note, act), *lines, _request(counted, view, said)], className="compared")


def _head(view: View, note: str = "", act: html.Button | None = None) -> html.Div:
    return html.Div([html.B(view.t("sync.compared.title")), html.Span(note), act], className="part-head")


def _quiet(text: str) -> html.Div:
    return html.Div(text, className="quiet")


def _when(row: Row) -> str:
    """When a stream was last compared: as published, or since then by request, where that found nothing new."""
    published: str = row["checked_at"].isoformat()
    asked = row["asked"]
    return max(published, asked["finished_at"], key=parse_iso) if asked and asked["result"] == "done" else published


def _request(counted: Sequence[Row], view: View, said: Said) -> html.Div:
    """What became of the last requests, unless they are done; and where the browser says that one was taken."""
    last = [row["asked"] for row in counted if row["asked"] and row["asked"]["result"] != "done"]
    text = ""
    if last:
        youngest = max(last, key=lambda asked: str(asked["created_at"]))
        state = "waiting" if youngest["finished_at"] is None else "failed"
        text = view.t(f"sync.compared.{state}", time=said(youngest["created_at"]))
    return html.Div([html.Span(text, className="quiet"), html.Span(className="act-said", role="status")])


def _day(row: Row, source: str, view: View, *, several: bool, may_act: bool) -> html.Div:
    found: Mapping[str, Sequence[str]] = json.loads(row["found"]) if row["found"] else {}
    day = view.t("sync.compared.no_day") if row["day"] is None else fmt.full_date(row["day"], view.lang)
    there, here = fmt.number(row["source_count"]), fmt.number(row["warehouse_count"])
    more = number(row["warehouse_sum"]) - number(row["source_sum"])
    facts = [names.thing(row["entity"], view.lang)] if several else []
    facts.append(view.t("sync.compared.counts", there=there, here=here))
    if more:
        facts.append(view.t("sync.compared.sum", sum=("+" if more > 0 else "") + fmt.number(more, 2)))
    keys = [
        html.Span(_keys(name, row, found, view), className=name) for name in VERDICTS if number(row[f"{name}_rows"])
    ]
    cells: list[Any] = [html.B(day), html.Div([html.Span(" · ".join(facts)), *keys], className="found")]
    if may_act:
        listed = [key for name in VERDICTS for key in found.get(name, ())]
        whole = len(listed) == sum(int(number(row[f"{name}_rows"])) for name in VERDICTS) > 0
        cells.append(_button("pull" if whole else "pull_all", source, [row["entity"]], view, listed if whole else None))
    return html.Div(cells, className="day-differs", **attrs(data_entity=row["entity"]))


def _keys(verdict: str, row: Row, found: Mapping[str, Sequence[str]], view: View) -> str:
    shown = list(found.get(verdict, ()))[:KEYS]
    text = view.t(f"sync.compared.{verdict}", keys=", ".join(shown))
    rest = int(number(row[f"{verdict}_rows"])) - len(shown)
    return f"{text} {view.t('sync.compared.more', n=rest)}" if rest else text


def _button(
    name: str, source: str, streams: Sequence[str], view: View, keys: Sequence[str] | None = None
) -> html.Button:
    """pull and pull_all are one action, with and without the rows it is about."""
    data = {"data_act": name.partition("_")[0], "data_source": source, "data_streams": " ".join(streams)}
    if keys:
        data["data_keys"] = json.dumps(keys, ensure_ascii=False)
    return html.Button(view.t(f"sync.act.{name}"), type="button", className="btn plain", **attrs(**data))
