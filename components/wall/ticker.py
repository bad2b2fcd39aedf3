"""Alerts in words: every sentence is made here from a code and facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.i18n import has, t, texts
from components.marks import attrs, icon
from components.rows import days_of_data, records

if TYPE_CHECKING:
    from data_access.config import Company
    from data_access.result import Result

Row = Mapping[str, Any]
FIGURES = {
    "stockout": "money",
    "overdue_receipt": "money",
    "contract_due": "money",
    "customer_falling": "change",
    "ticket_surge": "times",
}  # what an alert's figure counts; others have none
TAIL = ("count", "figure", "date1", "date2")


def _figure(value: Any, kind: str, currency: str, unit: fmt.Unit) -> str:
    if kind == "times":
        return fmt.MISSING if value is None else f"{fmt.number(value, 1)}×"
    return fmt.change(value, 0) if kind == "change" else fmt.money(value, currency, unit)


def _subject(row: Row, lang: str) -> str:
    """People's name for the thing; for notes of the first days a word of ours."""
    subject = str(row.get("subject") or "")
    topic = f"ticker.topic.{subject}"
    return t(lang, topic) if row["code"] == "first_days" and has(lang, topic) else subject


def sentence(row: Row, lang: str, currency: str, unit: fmt.Unit) -> tuple[str, str]:
    """(what happened, what follows from it); facts that are missing are left out."""
    code = row["code"] if has(lang, f"alert.{row['code']}.head") else "other"
    value = row.get("figure") if code in FIGURES else None
    figure = _figure(value, FIGURES.get(code, ""), currency, unit)
    count = int(row.get("count") or 0)
    facts: dict[str, Any] = {"subject": _subject(row, lang), "figure": figure, "n": count}
    facts |= {name: fmt.short_date(row.get(name), lang) for name in ("date1", "date2")}
    known = {
        "figure": value is not None,
        "date1": row.get("date1") is not None,
        "date2": row.get("date2") is not None,
        "count": count > 0,
    }
    template = texts(lang)[f"alert.{code}.head"]
    needs_date, needs_figure = "{date1}" in template, "{figure}" in template
    whole = bool(facts["subject"]) and (known["date1"] or not needs_date) and (known["figure"] or not needs_figure)
    head = t(lang, f"alert.{code}.head" if whole else f"alert.{code}.head_bare", **facts)
    tail = [
        t(lang, f"alert.{code}.{name}", **facts) for name in TAIL if known[name] and has(lang, f"alert.{code}.{name}")
    ]
    return head, ("，" if lang == "zh" else ", ").join(tail)


def alerts(result: Result, lang: str, company: Company) -> dict[str, Any]:
    """All alerts in a row, most severe first; the browser shows as many at a time as fit."""
    rows = records(result)
    head = {"title": t(lang, "ticker.label")}
    if not rows:
        return {"tree": [html.Span(t(lang, "ticker.empty"), className="al quiet")], "head": head}
    figures = [row.get("figure") for row in rows if FIGURES.get(row["code"]) == "money"]
    unit = fmt.unit_for(figures, lang, kpi=True)
    items: list[Any] = []
    days = days_of_data(result)
    if days is not None and all(row["code"] == "first_days" for row in rows):
        items.append(html.Span([icon("info"), html.B(t(lang, "ticker.first_days", n=days))], className="al"))
    for row in rows:
        what, more = sentence(row, lang, company.currency, unit)
        severity = row.get("severity") if row.get("severity") in ("crit", "warn") else "info"
        if row["code"] == "first_days":
            items.append(html.Span([html.B(what), html.Span(more, className="t2")], className="al"))
            continue
        parts = [icon(str(severity)), html.B(what), html.Span(more, className="t2")]
        items.append(html.Span(parts, className="al", **attrs(data_severity=severity)))
    return {"tree": items, "head": head}
