"""The KPI strip: a figure, one comparison, and a sparkline; the first has a bullet against plan or last year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components import spark
from components.i18n import t
from components.marks import as_of_slot, attrs, bold, glyph, icon, part, unit_text
from components.rows import number, records
from components.states import message

if TYPE_CHECKING:
    from data_access.config import Company
    from data_access.result import Result

CRM_METRICS = {"pipeline_weighted", "csat"}
MANY_DAYS = 14  # from here on a trend means something
BLOCKS = 23  # day blocks of the first figure
Row = Mapping[str, Any]


def role(metric: str) -> str:
    """Which system's glyph a metric carries."""
    return "crm" if metric in CRM_METRICS else "erp"


def figure(row: Row, lang: str, currency: str) -> list[Any]:
    """The value with its small unit; zh leaves out the currency sign at this size."""
    value, unit = row["value"], row["unit"]
    if value is None:
        return [html.Span(fmt.MISSING, className="none")]
    if unit == "money":
        size = fmt.unit_for([value], lang, kpi=True)
        # Only the first figure has room for five characters and a unit.
        short = row["metric"] != "revenue" and abs(float(value)) / size.divisor >= 99.95
        prefix, digits, suffix = fmt.money_parts(value, currency, size, 0 if short else None)
        if lang == "zh":
            prefix = prefix.replace(fmt.symbol(currency), "")
        return unit_text(prefix, digits, suffix)
    if unit == "ratio":
        return unit_text("", fmt.number(float(value) * 100, 1), "%")
    if unit == "score":
        return unit_text("", fmt.number(value, 1), t(lang, "unit.score"))
    return [fmt.number(value, 1)]


def _delta(row: Row, value: Any, lang: str) -> str:
    """Relative change of money, difference in points of a ratio."""
    if value is None:
        return fmt.MISSING
    if row["unit"] == "money":
        return fmt.change(value)
    if row["unit"] != "ratio":
        sign = fmt.DOWN if float(value) < 0 else fmt.UP
        return f"{sign} {fmt.number(abs(float(value)), 1)}"
    sign, text = fmt.arrow(value)
    points = t(lang, "unit.point", n=text)
    return f"{sign} {points}".strip()


def compare(row: Row, lang: str) -> str:
    """The line under the figure, with *bold* parts; empty when there is nothing to compare with."""
    kind, reference = row.get("reference_kind") or "none", row.get("reference")
    fallback = row.get("fallback")
    if fallback == "first_days" and reference is None:
        return t(lang, "kpi.fallback.first_days", n=int(row.get("days_of_data") or 0))
    if fallback == "no_due" and row.get("next_due_date") is not None:
        return t(lang, "kpi.fallback.next_due", day=fmt.short_date(row["next_due_date"], lang))
    if fallback in ("no_survey", "crm_probability", "no_due"):
        return t(lang, f"kpi.fallback.{fallback}")
    if kind in ("plan", "last_year", "target"):
        if row.get("delta") is None:
            return t(lang, "kpi.fallback.no_last_year") if kind == "last_year" else ""
        suffix = "" if row["unit"] == "money" else "_points"
        shown = fmt.percent(reference, 0) if row["unit"] == "ratio" else fmt.number(reference, 1)
        return t(lang, f"kpi.compare.{kind}{suffix}", d=_delta(row, row["delta"], lang), ref=shown)
    if kind == "none" or reference is None:
        return t(lang, "kpi.compare.weighted") if row["metric"] == "pipeline_weighted" else ""
    texts = {
        "of_revenue": fmt.number(reference, 2),
        "of_plan": fmt.number(reference, 1),
        "of_ar": fmt.percent(reference),
    }
    count = int(float(reference) + 0.5)
    return t(lang, f"kpi.compare.{kind}", ref=texts.get(kind, fmt.number(count)), n=count)


def _label(row: Row, lang: str) -> str:
    name = "tickets" if row.get("fallback") == "no_survey" else row["metric"]
    return t(lang, f"kpi.name.{name}")


def _head(row: Row, lang: str) -> list[Any]:
    status = row.get("status") or "ok"
    mark = icon(status) if status in ("warn", "crit") else glyph(role(row["metric"]))
    return [mark, _label(row, lang)]


def _spark(row: Row) -> Any:
    series = [float(v) for v in row.get("series") or [] if v is not None]
    if not series:
        return html.Div(className="spark")
    status = row.get("status")
    ink = status if status in ("warn", "crit") else "crm" if role(row["metric"]) == "crm" else "text-2"
    few = _few_days(row) is not None or len(series) < 3
    return spark.day_bars(series[-14:], ink) if few else spark.line(series, ink)


def _cell(row: Row, lang: str, currency: str) -> html.Div:
    parts = [
        html.Div(_head(row, lang), className="l"),
        html.Div(html.Span(figure(row, lang, currency), className=row.get("status") or "ok"), className="v"),
        html.Div(bold(compare(row, lang)), className="d"),
        _spark(row),
        as_of_slot(role(row["metric"])),
    ]
    return html.Div(parts, className="k", **attrs(data_role=role(row["metric"]), data_metric=row["metric"]))


def bullet_scale(row: Row) -> tuple[float, float | None]:
    """(full length, tick) of the first KPI's bullet: the period's plan and the plan to date, else last year to date."""
    value, plan, period = number(row.get("value")), row.get("plan_to_date"), row.get("plan_period")
    if period:
        return max(float(period), value), None if plan is None else float(plan)
    tick = row.get("reference")
    return max(value, number(tick)) * 1.15 or 1.0, None if tick is None else float(tick)


def _few_days(row: Row) -> int | None:
    days = row.get("days_of_data")
    return int(days) if days is not None and int(days) < MANY_DAYS else None


def _bullet(row: Row) -> html.Div:
    """A bar against the plan; without a plan in the first days, one block for each day there is."""
    days = _few_days(row)
    if days is not None and not row.get("plan_period"):
        blocks = [html.Span(className="on" if i >= BLOCKS - days else "") for i in range(BLOCKS)]
        return html.Div(blocks, className="bullet days")
    full, tick = bullet_scale(row)
    bar = [part("fill", 0, 100 * number(row.get("value")) / full)]
    if tick is not None:
        bar.append(part("tick", 100 * tick / full))
    return html.Div(bar, className="bullet")


def _sides(row: Row, lang: str) -> list[str]:
    """The comparisons beside the first figure."""
    days = _few_days(row)
    texts = [compare(row, lang)]
    if row.get("delta2") is not None:
        kind = row.get("delta2_kind") or "last_year"
        texts.append(t(lang, f"kpi.compare.{kind}", d=_delta(row, row["delta2"], lang)))
    texts = [text for text in texts if text]
    if days is not None and len(texts) < 2:
        texts.insert(0, t(lang, "kpi.fallback.since", n=days))
    return texts if len(texts) > 1 or days is None else [*texts, t(lang, "kpi.fallback.no_last_year")]


def _ends(row: Row, lang: str, currency: str) -> tuple[str, str]:
    """What stands under both ends of the bullet."""
    ends = [row.get(name) for name in ("value", "plan_to_date", "plan_period", "reference")]
    unit = fmt.unit_for(ends, lang, kpi=True)  # on the first days the plan is far larger than what was sold
    if row.get("plan_period"):
        to_date, period = (fmt.money(row.get(name), currency, unit) for name in ("plan_to_date", "plan_period"))
        return t(lang, "kpi.bullet.plan_to_date", money=to_date), t(lang, "kpi.bullet.plan_period", money=period)
    no_plan = t(lang, "kpi.fallback.no_plan")
    if row.get("reference") is not None:
        return t(lang, "kpi.bullet.last_year_to_date", money=fmt.money(row["reference"], currency, unit)), no_plan
    return t(lang, "kpi.fallback.earlier"), no_plan


def _first(row: Row, lang: str, currency: str) -> html.Div:
    value = html.Div(html.Span(figure(row, lang, currency), className=row.get("status") or "ok"), className="v")
    sides = html.Div([html.Div(bold(text), className="d") for text in _sides(row, lang)])
    parts = [
        html.Div([*_head(row, lang), as_of_slot(role(row["metric"]))], className="l"),
        html.Div([value, sides], className="row"),
        _bullet(row),
        html.Div([html.Span(text) for text in _ends(row, lang, currency)], className="d ends"),
    ]
    return html.Div(parts, className="k h", **attrs(data_role=role(row["metric"]), data_metric=row["metric"]))


def strip(result: Result, lang: str, company: Company) -> list[Any]:
    """All cells of the strip, in the order of the rows."""
    rows = [{"next_due_date": result.notes.get("next_due_date")} | row for row in records(result)]
    if not rows:
        return [message("box", t(lang, "js.starting_wait"))]
    return [
        _first(row, lang, company.currency) if i == 0 else _cell(row, lang, company.currency)
        for i, row in enumerate(rows)
    ]


def aria(result: Result, lang: str, company: Company) -> str:
    """The strip in words."""
    words = []
    for row in records(result):
        value = "".join(
            p if isinstance(p, str) else str(p.children) for p in figure(row, lang, company.currency) if p is not None
        )
        words.append(t(lang, "kpi.as_of_label", label=_label(row, lang), value=value))
    return "; ".join(words)
