"""Cover by warehouse, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components import places
from components.i18n import t
from components.marks import attrs, glyph, icon, leads_to
from components.rows import number, records, some
from components.states import message

if TYPE_CHECKING:
    from data_access.config import Company
    from data_access.result import Result

Row = Mapping[str, Any]
Panel = dict[str, Any]
CATEGORIES, WAREHOUSES = 7, 5
THIN = 2.5  # weeks: under this a warehouse runs short
FULL = 14.0  # weeks at which the shade ends
SHADES = 7
SUGGESTIONS = 3


def shade(weeks: float | None) -> str:
    """The class of a cell: thin, or one of the shades from little to much."""
    if weeks is None:
        return "none"
    if round(weeks, 1) < THIN:
        return "thin"
    return f"s{min(SHADES - 1, int(SHADES * weeks / FULL))}"


def table(rows: Sequence[Row]) -> tuple[list[str], list[tuple[str, str]], dict[tuple[str, str], Row]]:
    """(categories, (warehouse, name), cell of each pair), in the order of the rows; warehouses nothing is sold from
    are left out."""
    categories = list(dict.fromkeys(str(row["category"]) for row in rows if row["cover_weeks"] is not None))
    sold: dict[str, float] = {}
    for row in rows:
        sold[row["warehouse"]] = sold.get(row["warehouse"], 0.0) + number(row["weekly_sales"])
    names = short_names({row["warehouse"]: str(row["warehouse_name"] or row["warehouse"]) for row in rows})
    ranked = sorted((code for code in sold if sold[code] > 0), key=lambda code: -sold[code])
    return categories, [(code, names[code]) for code in ranked], {(r["category"], r["warehouse"]): r for r in rows}


def short_names(names: Mapping[str, str]) -> dict[str, str]:
    """Places by their first word where that tells them apart: 'Chengdu hub' is Chengdu."""
    first = {code: name.split(" ")[0] for code, name in names.items()}
    return first if len(set(first.values())) == len(names) else dict(names)


def covers(result: Result, lang: str, company: Company) -> Panel:
    """Weeks of cover, category by warehouse; what is thin stands in a frame."""
    rows = records(result)
    categories, warehouses, cells = table(rows)
    head: Panel = {"title": t(lang, "places.title"), "note": t(lang, "places.note", n=fmt.number(THIN, 1))}
    if not categories or not warehouses:
        return {"tree": message("box", t(lang, "places.empty"), t(lang, "places.empty_more")), "head": head}
    categories, warehouses = categories[:CATEGORIES], warehouses[:WAREHOUSES]
    grid: list[Any] = [html.Span(className="corner")]
    grid += [html.Span(name, className="n top") for _, name in warehouses]
    spoken = []
    for category in categories:
        grid.append(html.Span(category, className="n side"))
        for code, name in warehouses:
            weeks = cells.get((category, code), {}).get("cover_weeks")
            grid.append(cell(weeks))
            if shade(weeks) == "thin":
                spoken.append(t(lang, "places.thin", category=category, place=name, weeks=fmt.number(weeks, 1)))
    head["aria"] = "; ".join(spoken) or t(lang, "places.calm")
    tree = html.Div(grid, className=f"heat of-{len(warehouses)}", **attrs(data_rows=str(len(categories))))
    return {"tree": tree, "head": head}


def cell(weeks: float | None) -> html.Span:
    """One figure of the table."""
    text = fmt.MISSING if weeks is None else fmt.number(weeks, 1)
    return html.Span(f"{fmt.DOWN} {text}" if shade(weeks) == "thin" else text, className=f"cell {shade(weeks)}")


def best_of_each(rows: Sequence[Row], count: int = SUGGESTIONS) -> list[Row]:
    """The best suggestion of each kind by money, then the next best ones where a kind has none."""
    first = [row for row in rows if int(row["place"]) == 1][:count]
    rest = [row for row in rows if int(row["place"]) > 1][: count - len(first)]
    return sorted([*first, *rest], key=lambda row: -number(row["money"]))


def do_next(result: Result, lang: str, company: Company) -> Panel:
    """Three things to do, each with the money it protects or frees."""
    rows = best_of_each([] if result.frame.empty else some(result, result.frame["place"] <= SUGGESTIONS))
    head: Panel = {"title": t(lang, "next.title"), "note": t(lang, "next.note")}
    if not rows:
        return {"tree": message("box", t(lang, "next.empty"), t(lang, "next.empty_more")), "head": head}
    unit = fmt.unit_for([row["money"] for row in rows], lang)
    made = []
    for row in rows:
        gain = t(lang, f"next.gain.{row['kind']}", money=fmt.money(row["money"], company.currency, unit))
        mark = icon("crit") if row["kind"] in ("expedite", "order") else glyph("erp")
        side, why = reason(row, lang)
        to = leads_to(places.item(row["product_id"]))
        first = [mark, html.Span(what(row, lang), className="n"), html.Span(gain, className="gain")]
        second = [glyph(side), html.Span(why, className="n")]
        lines = [html.Div(first, className="a1"), html.Div(second, className="a2")]
        made.append(html.Div(lines, className="act", **to))
    return {"tree": html.Div(made, className="rows acts"), "head": head}


def what(row: Row, lang: str) -> str:
    """The thing to do in a few words."""
    name = row["name"] if row["kind"] == "offer" else row["sku"] or row["name"]
    return t(
        lang, f"next.what.{row['kind']}", name=name, a=_short(row["from_warehouse"]), b=_short(row["to_warehouse"])
    )


def _short(place: Any) -> str:
    """A warehouse by its first word, where that tells enough: 'Chengdu hub' is Chengdu."""
    return str(place or "").split(" ")[0]


def reason(row: Row, lang: str) -> tuple[str, str]:
    """(system, why) of a suggestion: who waits, who could take it, how much is moved."""
    kind, count, customer = row["kind"], int(number(row["count"])), row["customer"]
    if kind == "transfer":
        return "erp", t(lang, "next.why.transfer", quantity=fmt.number(row["quantity"]))
    if kind == "offer":
        who = {"customer": fmt.trade_name(str(customer or "")), "n": count}
        if row["taker"] == "deals":
            return "crm", t(lang, "next.why.deals" if customer else "next.why.deals_bare", **who)
        return ("crm" if row["taker"] == "service" else "erp"), t(lang, f"next.why.{row['taker']}", **who)
    if count and customer:
        return "erp", t(lang, "next.why.waiting", n=count, customer=fmt.trade_name(str(customer)))
    if kind == "expedite":
        return "erp", t(lang, "next.why.receipt", day=fmt.short_date(row["day"], lang))
    return "erp", t(lang, "next.why.no_receipt")
