"""A customer's own page: who it is in both systems, what happened, its rhythm, its open orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components import upright
from components.charts import stems, timeline
from components.customer import events, side, signals
from components.desk.panel import figure, message, panel
from components.marks import attrs, glyph, icon
from components.rows import number, records
from data_access.kpis import ON_TIME_TARGET, below_target

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Results = Mapping[str, "Result"]
Row = Mapping[str, Any]
OFTEN = 52  # weeks with orders of 104 from which the rhythm is told as weeks in four
LINES, FEW_LINES = 40, 6  # shown on a desk, on a phone
SHORT_ID = 12


def identity(spec: Panel, view: View, results: Results, records_of: Sequence[Any] = ()) -> Any:
    """Name, numbers in both systems and why they are one, and what it is worth. records_of: links to the records."""
    result = results["identity"]
    if not len(result.frame):
        return panel(spec, view, result, message(view, view.t("customer.none"), view.t("customer.none_more")))
    row = records(result)[0]
    links: list[Row] = list(result.notes["links"])  # type: ignore[call-overload]
    name = signals.short(row["name"], 90)
    who = html.Div(
        [
            html.H1(name, dir="auto", title=str(row["name"])[:300]),
            html.Div([*_ids(row, links, view), *records_of], className="cust-ids"),
        ]
    )
    body = [html.Div(initials(str(row["name"])), className="mono", **attrs(aria_hidden="true")), who, _stats(row, view)]
    return panel(spec, view, result, html.Div(body, className="id-row"), area="at-id")


def initials(name: str) -> str:
    """Two letters to know a company by: of its first two words, or the first two signs of a Chinese name."""
    words = [word for word in fmt.trade_name(name).split() if word[:1].isalnum()]
    if not words:
        return name[:1] or "?"
    return words[0][:2] if len(words) == 1 or ord(words[0][0]) > 0x2E80 else words[0][0].upper() + words[1][0].upper()


def _ids(row: Row, links: list[Row], view: View) -> list[Any]:
    parts: list[Any] = []
    for role in events.ROLES:
        mine = [link for link in links if link["role"] == role]
        if not mine:
            told = view.t(f"customer.absent.{role}")
            parts.append(html.Span([glyph(role), told], className="absent"))
            continue
        number_ = str(mine[0]["source_id"])
        shown = number_ if len(number_) <= SHORT_ID else number_[:8] + "…"
        text: list[Any] = [glyph(role), view.t(f"role.{role}"), " ", html.B(shown, title=number_[:100])]
        if len(mine) > 1:
            text += [" ", view.t("customer.identity.merged", n=len(mine) - 1)]
        parts.append(html.Span(text))
    matched = [link for link in links if link["rule"] != "self"]
    if matched:
        parts.append(_match(matched, view))
    return parts


def _match(matched: list[Row], view: View) -> html.Span:
    """Why the two are one, and how sure that is."""
    worst = min(matched, key=lambda link: number(link["confidence"]))
    rules = dict.fromkeys(str(link["rule"]) for link in matched)
    words = [view.t(f"customer.identity.rule.{rule}") if rule in RULES else rule for rule in rules]
    text = view.t(
        "customer.identity.match", share=fmt.percent(worst["confidence"], 0), rule=view.t("desk.and_short").join(words)
    )
    unsure = any(link["status"] == "review" for link in matched)
    return html.Span([icon("warn") if unsure else None, text], className="tag warn" if unsure else "tag")


RULES = ("tax_id", "domain_name", "phone_name", "exact_name", "score", "manual")


def _stats(row: Row, view: View) -> html.Div:
    unit = fmt.unit_for([row["revenue_12m"]], view.lang)
    change = fmt.change(row["change"], 0) if row["change"] is not None else ""
    late = row["on_time"] is not None and below_target(row["on_time"] - ON_TIME_TARGET) != "ok"
    on_time: Any = [icon("warn") if late else None, fmt.percent(row["on_time"])]
    if row["on_time"] is None:
        on_time = html.Small(view.t("customer.stat.on_time_none"))
    risk = signals.level(int(row["risk"]))
    why = signals.because(row["because"], view, 9)
    place = view.t("desk.and_short").join(part for part in (row["owner"], row["region"]) if part and part != "–")
    cells = [
        ("sales", [fmt.money(row["revenue_12m"], view.company.currency, unit), " ", html.Small(change)], ""),
        ("rfm", _rfm(row, view), "v-small"),
        ("on_time", on_time, "warn" if late else ""),
        (
            "risk",
            [_blocks(int(row["risk"]), 3, signals.STATUS.get(risk, "")), view.t(f"filter.value.risk.{risk}")],
            "v-small",
        ),
        ("owner", html.Span(place or fmt.MISSING, className="cut", title=place), "v-small"),
    ]
    return html.Div(
        [
            html.Div(
                [
                    html.Div(view.t(f"customer.stat.{name}"), className="l"),
                    html.Div(value, className=f"v {style}".strip()),
                ],
                title=why if name == "risk" and why else None,
                **attrs(data_stat=name),
            )
            for name, value, style in cells
        ],
        className="cust-stats",
    )


def _rfm(row: Row, view: View) -> Any:
    segment = html.Span(
        view.t(f"filter.value.rfm.{row['rfm']}"), className=f"tag {side.SEGMENT_STATUS.get(row['rfm'], '')}".strip()
    )
    if row["r"] is None:
        return segment
    scores = [(letter, int(row[letter.lower()])) for letter in "RFM"]
    drawn = [html.Span([letter, _blocks(score, 5, "erp")], className="score") for letter, score in scores]
    spoken = view.t("customer.stat.rfm_spoken", **{letter.lower(): score for letter, score in scores})
    return [html.Span(drawn, className="scores", role="img", **attrs(aria_label=spoken)), segment]


def _blocks(filled: int, of: int, ink: str) -> html.Span:
    marks = [html.Span(className="on" if n < filled else "") for n in range(of)]
    return html.Span(marks, className=f"blocks {ink}".strip(), **attrs(aria_hidden="true"))


def the_timeline(spec: Panel, view: View, results: Results) -> Any:
    """Both lanes; upright on a phone."""
    result = results["timeline"]
    found = records(result)
    if not found:
        body = message(view, view.t("customer.timeline.empty"), view.t("customer.timeline.empty_more"))
        return panel(spec, view, result, body, area="at-time")
    since, until = result.notes["since"], result.notes["until"]
    period = str(result.notes["period"])
    late = sum(1 for event in found if event["kind"] == "late")
    caused = len({event["cause_id"] for event in found if event["cause_id"]})
    spoken = view.t("customer.timeline.aria", n=len(found), late=late, caused=caused)
    chart = figure(spec.name, timeline.figure(found, since, until, view, _absent(result)), spoken)  # type: ignore[arg-type]
    if period == "12w":
        note = view.t("customer.timeline.note", weeks=12)
    else:
        days = {name: _day(day, view) for name, day in (("since", since), ("until", until))}
        note = view.t("customer.timeline.note_days", **days)
    return panel(spec, view, result, [chart, upright.timeline(found, view, spec.name)], note=note, area="at-time")


def _absent(result: Result) -> list[str]:
    """The systems that do not know the customer."""
    return [role for role in events.ROLES if not result.notes[f"in_{role}"]]


def _day(day: Any, view: View) -> str:
    text = fmt.short_date(day, view.lang)
    if day.year == view.today.year:
        return text
    return f"{day.year}年{text}" if view.lang == "zh" else f"{text} {day.year}"


def orders(spec: Panel, view: View, results: Results) -> Any:
    """Two years of weeks, silence marked."""
    result = results["orders"]
    weeks, notes = records(result), result.notes
    count = int(str(notes["weeks_with_orders"]))
    if not count:
        return panel(spec, view, result, _no_orders(notes, view), area="at-orders")
    largest = max(number(week["booked"]) for week in weeks)
    unit = fmt.unit_for([largest], view.lang)
    quiet: list[tuple[int, int]] = list(notes["quiet"])  # type: ignore[call-overload]
    money = fmt.money(largest, view.company.currency, unit)
    spoken = view.t("customer.orders.aria", n=count, money=money, quiet=len(quiet))
    chart = figure(spec.name, stems.figure(weeks, quiet, unit, view), spoken)
    sign = (
        f"{unit.suffix}元"
        if view.lang == "zh" and view.company.currency == "CNY"
        else fmt.symbol(view.company.currency) + unit.suffix
    )
    if count >= OFTEN:
        note = view.t("customer.orders.note", unit=sign, n=round(4 * count / len(weeks)))
    else:
        note = view.t("customer.orders.note_rare", unit=sign, n=count)
    return panel(spec, view, result, chart, note=note, area="at-orders")


def _no_orders(notes: Mapping[str, Any], view: View) -> html.Div:
    if notes["last_order_date"] is not None:
        last = view.t("customer.orders.last", day=_day(notes["last_order_date"], view))
        return message(view, view.t("customer.orders.empty"), last)
    more = "" if notes["in_erp"] else view.t("customer.absent.erp")
    return message(view, view.t("customer.orders.empty_ever"), more)


def open_lines(spec: Panel, view: View, results: Results) -> Any:
    """What it waits for, the soonest promise first, and whether the goods are there."""
    result = results["open_lines"]
    rows = records(result)
    if not rows:
        return panel(spec, view, result, side.nothing(view, result, "erp", "customer.open.empty"), area="at-open")
    unit = fmt.unit_for([row["amount"] for row in rows], view.lang)
    total = sum(number(row["amount"]) for row in rows)
    missed = sum(1 for row in rows if _misses(row, view))
    money = fmt.money(total, view.company.currency, fmt.unit_for([total], view.lang))
    told = [view.t("customer.open.note", n=len(rows), money=money)]
    told += [view.t("customer.open.miss", n=missed)] if missed else []
    names = ("order", "item", "pcs", "ordered", "promised", "stock", "value")
    numeric = {"pcs", "ordered", "promised", "value"}
    head = html.Tr(
        [
            html.Th([glyph("erp") if name == "order" else None, view.t(f"customer.open.{name}")],
                    className="num" if name in numeric else name)
            for name in names
        ]
    )  # fmt: skip
    table = html.Table(
        [html.Thead(head), html.Tbody([_open_line(row, view, unit) for row in rows[:LINES]])],
        className="list open-lines",
        **attrs(aria_label=view.t(spec.title)),
    )
    every = html.A(
        view.t("customer.open.all", n=len(rows)),
        href=view.panel_link(f"/table/{spec.name}", spec.filters, **view.spoken),
        className="lnk every-line",
    )
    more = [every] if len(rows) > FEW_LINES else []
    body = html.Div([table, *more], className="rows-box", tabIndex=0)
    return panel(spec, view, result, body, note=" · ".join(told), area="at-open")


def _open_line(row: Row, view: View, unit: fmt.Unit) -> html.Tr:
    order = signals.short(row["order_no"] or row["order_id"], 24)
    return html.Tr(
        [
            html.Td(html.A(html.B(order), href=view.order(row["order_id"]))),
            html.Td(_item(row, view), className="item"),
            html.Td(fmt.number(row["quantity"]), className="num"),
            html.Td(fmt.short_date(row["order_date"], view.lang), className="num ordered"),
            html.Td(html.B(fmt.short_date(row["promised_date"], view.lang)), className="num"),
            html.Td(_stock(row, view)),
            html.Td(html.B(fmt.money(row["amount"], view.company.currency, unit)), className="num"),
        ]
    )


def _item(row: Row, view: View) -> Any:
    name = signals.short(row["name"], 40)
    return html.A(name, href=view.item(row["product_id"]), title=str(row["name"])[:200]) if row["product_id"] else name


def _misses(row: Row, view: View) -> bool:
    """The promise has passed, or will before the goods can be there."""
    promised = row["promised_date"]
    return bool(promised and (promised < view.today or number(row["likely_days_late"]) > 0))


def _stock(row: Row, view: View) -> html.Span:
    """Whether the goods are there, and by when all of them can be."""
    if row["product_id"] is None:
        return html.Span(view.t("customer.open.service"), className="tag")
    wanted, here, likely = number(row["quantity"]), number(row["covered_quantity"]), row["likely_date"]
    key = "all_here" if here >= wanted else "some_here" if here > 0 else "none_here"
    told = [view.t(f"customer.open.{key}", a=fmt.number(here), n=fmt.number(wanted))]
    missed = _misses(row, view)
    if row["promised_date"] and row["promised_date"] < view.today:
        told.insert(0, view.t("customer.open.late", n=(view.today - row["promised_date"]).days))
    if likely is not None and likely > view.today and (missed or here < wanted):
        known = "likely" if row["likely_known"] else "likely_new"
        told.append(view.t(f"customer.open.{known}", day=fmt.short_date(likely, view.lang)))
    elif likely is None and here < wanted:
        told.append(view.t("customer.open.no_supply"))
    status = "crit" if missed else "warn" if here < wanted else ""
    text = view.t("desk.and_short").join(told)
    return html.Span([icon(status) if status else None, text], className=f"tag {status}".strip())


PANELS: Mapping[str, Callable[..., Any]] = {
    "customer_identity": identity,
    "customer_timeline": the_timeline,
    "customer_orders": orders,
    "customer_open_lines": open_lines,
    **side.PANELS,
}
