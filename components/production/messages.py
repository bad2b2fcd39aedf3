"""What the plan asks for, in words: the verb, the order, until when, and the money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components import places
from components.i18n import t
from components.marks import attrs, glyph, icon, leads_to
from components.rows import number, records
from components.states import message

if TYPE_CHECKING:
    from data_access.config import Company
    from data_access.result import Result

Row = Mapping[str, Any]
SHOWN = 5
URGENT = {"expedite", "past_due", "increase"}
EASED = {"de_expedite", "cancel", "decrease"}


def by_item(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """One line an item and kind: the money of its messages together, the first date, how many orders it is about."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        key = row["product_id"], row["kind"]
        if key not in found:
            found[key] = {**row, "count": 0, "value_at_risk": 0.0, "value_tied": 0.0}
        one = found[key]
        one["count"] += 1
        one["value_at_risk"] += number(row["value_at_risk"])
        one["value_tied"] += number(row["value_tied"])
        days = [day for day in (one["wanted_date"], row["wanted_date"]) if day is not None]
        one["wanted_date"] = min(days) if days else None
    return sorted(found.values(), key=lambda row: (-row["value_at_risk"], int(row["rank"])))


def first(rows: Sequence[Row], count: int) -> list[Row]:
    """So many lines: those with the most money, and the largest of what can wait at least once."""
    urgent = [row for row in rows if row["kind"] not in EASED][: count - 1]
    eased = sorted((row for row in rows if row["kind"] in EASED), key=lambda row: -row["value_tied"])
    return [*urgent, *eased[: count - len(urgent)]]


def money(row: Row) -> float:
    """What is at risk, else what would come free."""
    return number(row["value_at_risk"]) or number(row["value_tied"])


def mark(row: Row) -> html.Span:
    """Octagon where money is at risk, triangle where stock runs thin, ■ where something can wait."""
    if row["kind"] in EASED:
        return glyph("erp")
    return icon(
        "crit" if number(row["value_at_risk"]) > 0 else "warn" if row["kind"] in URGENT | {"below_safety"} else "box"
    )


def words(row: Row, lang: str) -> str:
    """What to do with which order, until when."""
    kind = row["kind"]
    known = row["document_no"] and int(row.get("count", 1)) == 1
    key = f"production.message.{kind}" + ("" if known else "_many" if int(row.get("count", 1)) > 1 else "_new")
    return t(
        lang,
        key,
        order=row["document_no"] or "",
        n=int(row.get("count", 1)),
        due=fmt.short_date(row["due_date"], lang),
        day=fmt.short_date(row["wanted_date"], lang),
        quantity=fmt.number(row["quantity"]),
    )


def waiting(row: Row, lang: str) -> str:
    """How many orders wait for the item."""
    count = int(number(row["orders_waiting"]))
    return t(lang, "production.message.waiting", n=count) if count else ""


def exceptions(result: Result, lang: str, company: Company) -> dict[str, Any]:
    """The wall's list: the most money first, and the largest of what can wait."""
    rows = by_item(records(result))
    chosen = first(rows, SHOWN)
    head: dict[str, Any] = {"title": t(lang, "production.messages.title")}
    if not chosen:
        calm = message("box", t(lang, "production.messages.empty"), t(lang, "production.messages.empty_more"))
        return {"tree": calm, "head": head}
    head["note"] = t(lang, "production.messages.note", n=len(chosen), all=fmt.number(len(rows)))
    unit = fmt.unit_for([money(row) for row in chosen], lang)
    made, spoken = [], []
    for row in chosen:
        verb, text = t(lang, f"production.verb.{row['kind']}"), words(row, lang)
        more = waiting(row, lang)
        amount = fmt.money(money(row), company.currency, unit)
        cells = [
            mark(row),
            html.Span(verb, className="verb"),
            html.Span(
                [html.Span(row["sku"] or row["name"], className="sku"), html.Span(f"{text}{more}")], className="n"
            ),
            html.Span(amount, className="a"),
        ]
        made.append(
            html.Div(cells, className="r", **leads_to(places.item(row["product_id"])), **attrs(data_kind=row["kind"]))
        )
        spoken.append(f"{verb} {row['sku'] or row['name']} {text}{more}: {amount}")
    head["aria"] = "; ".join(spoken)
    return {"tree": html.Div(made, className="rows exceptions"), "head": head}
