"""The key figures of sales against inventory: what each compares with, and the small picture beside it."""

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
WALL = ("sales_week", "inventory_value", "at_risk", "over_10_weeks", "deals")
CRM = {"deals", "campaigns"}
AHEAD = {"at_risk", "deals", "short", "old"}  # bars, not a line: weeks to come, or ages


def role(metric: str) -> str:
    """Which system's glyph a figure carries."""
    return "crm" if metric in CRM else "erp"


def ink(row: Row) -> str:
    """The colour of its picture."""
    if row["status"] in ("warn", "crit"):
        return str(row["status"])
    return "crm" if role(row["metric"]) == "crm" else "text-2"


def compare(row: Row, lang: str, currency: str) -> str:
    """The line under a figure, with *bold* parts."""
    metric, count = row["metric"], int(number(row["count"]))
    key = f"inventory.compare.{metric}"
    if metric == "sales_week":
        return "" if row["delta"] is None else t(lang, key, d=fmt.change(row["delta"]))
    if metric == "inventory_value":
        return "" if row["days"] is None else t(lang, key, n=int(number(row["days"]) + 0.5))
    if metric in ("over_10_weeks", "old"):
        return "" if row["share"] is None else t(lang, key, share=fmt.percent(row["share"], 0))
    if metric == "campaigns":
        stake = number(row["money2"])
        money = fmt.money(stake, currency, fmt.unit_for([stake], lang))
        return t(lang, key, money=money) if count_of(row) else t(lang, f"{key}_none", n=int(number(row["count2"])))
    if metric in ("at_risk", "short") and not count:
        return t(lang, f"{key}_none")
    return t(lang, key, n=count)


def count_of(row: Row) -> int:
    """A counted figure."""
    return int(number(row["value"]))


def picture(row: Row, mode: Mode = "dark") -> Any:
    """History as a line, what is to come and ages as bars, a part of the stock as a bar; nothing before there is."""
    series = [number(value) for value in row["series"] or []]
    if row["metric"] in AHEAD and any(series):
        return spark.ahead(series, ink(row), mode)
    if row["metric"] == "over_10_weeks" and row["share"] is not None:
        return spark.share(number(row["share"]), ink(row), mode)
    if len(series) > 2:
        return spark.line(series, ink(row), mode)
    return html.Span(className="spark")


def parts(row: Row, lang: str, currency: str) -> tuple[str, str, str]:
    """(before, figure, after); zh leaves out the currency sign at this size."""
    value = row["value"]
    if value is None:
        return "", fmt.MISSING, ""
    if row["unit"] == "count":
        return "", fmt.number(value), ""
    before, figure, after = fmt.money_parts(value, currency, fmt.unit_for([value], lang, kpi=True))
    return (before.replace(fmt.symbol(currency), "") if lang == "zh" else before), figure, after


def wall(result: Result, lang: str, company: Company) -> dict[str, Any]:
    """The five cells of the wall, and the strip in words."""
    rows = {row["metric"]: row for row in records(result)}
    chosen = [rows[name] for name in WALL]
    spoken = [
        t(lang, "kpi.as_of_label", label=_label(row, lang), value="".join(parts(row, lang, company.currency)))
        for row in chosen
    ]
    head = {"title": t(lang, "inventory.kpis"), "aria": "; ".join(spoken)}
    return {"tree": [_cell(row, lang, company.currency) for row in chosen], "head": head}


def _label(row: Row, lang: str) -> str:
    return t(lang, f"inventory.kpi.{row['metric']}")


def _cell(row: Row, lang: str, currency: str) -> html.Div:
    shown, told = parts(row, lang, currency), compare(row, lang, currency)
    return cell(
        row["metric"], _label(row, lang), shown, picture(row), told, status=row["status"], side=role(row["metric"])
    )
