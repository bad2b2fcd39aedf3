"""The key figures of the production outlook: what each compares with, and the small picture beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components import spark
from components.i18n import t
from components.rows import number, records
from components.theme import Mode
from components.wall.strip import cell

if TYPE_CHECKING:
    from data_access.config import Company
    from data_access.result import Result

Row = Mapping[str, Any]
AHEAD = {"utilisation", "expected_demand"}  # weeks to come


def label(row: Row, lang: str) -> str:
    """What the figure is called; the fullest work centre by its name."""
    subject = row["subject"] or fmt.MISSING
    return t(lang, f"production.kpi.{row['metric']}", subject=subject)


def parts(row: Row, lang: str, currency: str) -> tuple[str, str, str]:
    """(before, figure, after); zh leaves out the currency sign at this size."""
    value = row["value"]
    if value is None:
        return "", fmt.MISSING, ""
    if row["unit"] == "ratio":
        digits = 0 if row["metric"] == "utilisation" else 1
        return "", fmt.number(100 * number(value), digits), "%"
    if row["unit"] == "count":
        return "", fmt.number(value), ""
    before, figure, after = fmt.money_parts(value, currency, fmt.unit_for([value], lang, kpi=True))
    return (before.replace(fmt.symbol(currency), "") if lang == "zh" else before), figure, after


def compare(row: Row, lang: str) -> str:
    """The line under a figure, with *bold* parts."""
    metric, delta = row["metric"], row["delta"]
    key = f"production.compare.{metric}"
    if metric == "utilisation":
        if row["day"] is None:
            return ""
        hours = number(row["count"])
        return t(lang, key if hours > 0 else f"{key}_fits", week=fmt.week(row["day"], lang), n=fmt.number(abs(hours)))
    if metric == "late_orders":
        return t(lang, key, n=fmt.number(row["count"]))
    if delta is None:
        return t(lang, f"{key}_none")
    if metric == "expected_demand":
        return t(lang, key, d=fmt.change(delta))
    sign, points = fmt.arrow(delta)
    told = t(lang, "unit.point", n=points)
    return t(lang, key, d=f"{sign} {told}".strip(), ref=fmt.percent(row["reference"]))


def picture(row: Row, mode: Mode = "dark") -> Any:
    """What was as a line, what is to come as bars; nothing before there is."""
    series = [number(value) for value in row["series"] or []]
    ink = str(row["status"]) if row["status"] in ("warn", "crit") else "text-2"
    if row["metric"] in AHEAD and any(series):
        return spark.ahead(series, ink, mode)
    return spark.line(series, ink, mode) if len(series) > 2 else html.Span(className="spark")


def wall(result: Result, lang: str, company: Company) -> dict[str, Any]:
    """The five cells of the wall, and the strip in words."""
    rows = records(result)
    spoken = [
        t(lang, "kpi.as_of_label", label=label(row, lang), value="".join(parts(row, lang, company.currency)))
        for row in rows
    ]
    head = {"title": t(lang, "production.kpis.title"), "aria": "; ".join(spoken)}
    return {"tree": [_cell(row, lang, company.currency) for row in rows], "head": head}


def _cell(row: Row, lang: str, currency: str) -> html.Div:
    shown, told = parts(row, lang, currency), compare(row, lang)
    return cell(row["metric"], label(row, lang), shown, picture(row), told, status=row["status"], side="erp")
