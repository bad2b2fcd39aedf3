"""Beside a customer's history: its next order, what to offer, its mix, deals, receivables and service cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.customer import signals
from components.desk.panel import message, panel
from components.marks import attrs, glyph, icon, part
from components.rows import number, records

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel
    from data_access.result import Result

Results = Mapping[str, "Result"]
Row = Mapping[str, Any]
SEGMENT_STATUS = {"do_not_lose": "crit", "slipping": "warn"}
CATEGORIES, DEALS, CASES, BASKET = 5, 3, 3, 4
AGES = ("not_due", "days_1_30", "days_31_60", "over_60")
AGE_INK = {"days_1_30": "warn", "days_31_60": "warn", "over_60": "crit"}


def nothing(view: View, result: Result, role: str, key: str) -> html.Div:
    """Why there are no rows: the system that would know does not know the customer, or there are none."""
    if not result.notes.get(f"in_{role}"):
        return message(view, view.t(f"customer.absent.{role}"), view.t(f"customer.absent_more.{role}"))
    return message(view, view.t(key))


def basket(spec: Panel, view: View, results: Results) -> Any:
    """When the next order is due by the customer's own rhythm, and what its orders usually hold."""
    result = results["basket"]
    rows, notes = records(result), result.notes
    if not notes.get("orders"):
        return panel(spec, view, result, nothing(view, result, "erp", "customer.orders.empty_ever"), area="at-basket")
    due, rhythm, late = notes["due_date"], notes["rhythm_days"], bool(notes["is_silent"])
    if due is None:
        when: Any = view.t("customer.basket.no_rhythm", n=notes["orders"])
        note = None
    else:
        days = (view.today - due).days  # type: ignore[operator]
        key = "due_today" if days == 0 else "due_ago" if days > 0 else "due"
        when = view.t(f"customer.basket.{key}", n=days, day=fmt.short_date(due, view.lang))  # type: ignore[arg-type]
        note = view.t("customer.basket.every", n=rhythm)
    head = html.Div([icon("warn") if late else None, when], className="due" + (" warn" if late else ""))
    body: list[Any] = [head]
    if rows:
        body.append(html.Div(view.t("customer.basket.usual"), className="quiet"))
        body.append(html.Div([_usual(row, view) for row in rows[:BASKET]], className="lst"))
    else:
        body.append(html.Div(view.t("customer.basket.empty"), className="quiet"))
    return panel(spec, view, result, body, note=note, area="at-basket")


def _usual(row: Row, view: View) -> html.Div:
    words = view.t("customer.basket.row", share=fmt.percent(row["share"], 0), n=fmt.number(row["quantity"]))
    here = number(row["on_hand"])
    short = here < number(row["quantity"])
    stock = view.t("customer.basket.here", n=fmt.number(here))
    return html.Div(
        [
            html.A(
                signals.short(row["name"], 40),
                href=view.item(row["product_id"]),
                className="party",
                title=signals.short(row["name"], 200),
            ),
            html.Span([icon("warn") if short else None, stock], className="num" + (" warn" if short else " quiet")),
            html.Span(words, className="q"),
        ],
        className="x",
    )  # fmt: skip


def offer(spec: Panel, view: View, results: Results) -> Any:
    """What similar accounts buy and this one does not."""
    result = results["offer"]
    rows = records(result)
    if not rows:
        empty = message(view, view.t("customer.offer.empty"), view.t("customer.offer.empty_more"))
        return panel(spec, view, result, empty, area="at-offer")
    first, *others = rows
    unit = fmt.unit_for([row["amount"] for row in rows], view.lang)
    why = view.t(
        "customer.offer.why", buyers=first["buyers"], accounts=first["accounts"], stock=fmt.number(first["on_hand"]),
        weeks=fmt.number(first["cover_weeks"], 1),
    )  # fmt: skip
    body = [
        html.A(_offered(first, view, unit), href=view.item(first["product_id"]), className="offered"),
        html.Div(why, className="q"),
        *(
            html.A(_also(row, view, unit), href=view.item(row["product_id"]), className="also")
            for row in others
        ),
    ]  # fmt: skip
    return panel(spec, view, result, body, note=view.t("customer.offer.note", n=first["accounts"]), area="at-offer")


def _offered(row: Row, view: View, unit: fmt.Unit) -> str:
    money = fmt.money(row["amount"], view.company.currency, unit)
    return view.t(
        "customer.offer.line", name=signals.short(row["name"], 44), n=fmt.number(row["quantity"]), money=money
    )


def _also(row: Row, view: View, unit: fmt.Unit) -> list[Any]:
    return [
        html.Span(_offered(row, view, unit)),
        html.Span(f"{row['buyers']} / {row['accounts']}", className="num quiet"),
    ]


def mix(spec: Panel, view: View, results: Results) -> Any:
    """Revenue of 12 months by category; the smaller ones are one row."""
    result = results["mix"]
    rows = [row for row in records(result) if row["revenue"]]
    if not rows:
        return panel(spec, view, result, nothing(view, result, "erp", "customer.mix.empty"), area="at-mix")
    total = sum(number(row["revenue"]) for row in rows)
    shown, rest = (rows, []) if len(rows) <= CATEGORIES else (rows[: CATEGORIES - 1], rows[CATEGORIES - 1 :])
    pairs = [(str(row["category"]), number(row["revenue"])) for row in shown]
    if rest:
        pairs.append((view.t("customer.mix.rest", n=len(rest)), sum(number(row["revenue"]) for row in rest)))
    unit, top = fmt.unit_for([value for _, value in pairs], view.lang), max(value for _, value in pairs) or 1.0
    made = [
        html.Div(
            [
                html.Span(signals.short(name, 40), className="cut"),
                html.Div(part("fill", 0, 100 * value / top), className="hbar"),
                html.B(fmt.money(value, view.company.currency, unit), className="num"),
                html.Span(fmt.percent(value / total, 0) if total > 0 else fmt.MISSING, className="num quiet-2"),
            ],
            className="mix-row",
        )
        for name, value in pairs
    ]
    money = fmt.money(total, view.company.currency, fmt.unit_for([total], view.lang))
    return panel(
        spec,
        view,
        result,
        html.Div(made, className="lst"),
        note=view.t("customer.mix.note", money=money),
        area="at-mix",
    )


def deals(spec: Panel, view: View, results: Results) -> Any:
    """The heaviest open deals as amount x probability, and how long a contract runs."""
    result = results["deals"]
    rows, contract = records(result), _contract(records(results["contracts"]), view)
    if not rows:
        body: list[Any] = [nothing(view, result, "crm", "customer.deals.empty")]
        return panel(spec, view, result, [*body, *([contract] if contract is not None else [])], area="at-deals")
    unit = fmt.unit_for([row["amount"] for row in rows], view.lang)
    weighted = sum(number(row["weighted_base"]) for row in rows)
    shown, rest = (rows, []) if len(rows) <= DEALS + 1 else (rows[:DEALS], rows[DEALS:])
    made = [_deal(row, view, unit) for row in shown]
    body = [html.Div(made, className="lst")]
    if rest:
        total = sum(number(row["amount"]) for row in rest)
        money = fmt.money(total, view.company.currency, fmt.unit_for([total], view.lang))
        body.append(html.Div(view.t("customer.deals.more", n=len(rest), money=money), className="q rest"))
    if contract is not None:
        body.append(contract)
    money = fmt.money(weighted, view.company.currency, fmt.unit_for([weighted], view.lang))
    return panel(spec, view, result, body, note=view.t("customer.deals.note", money=money), area="at-deals")


def _deal(row: Row, view: View, unit: fmt.Unit) -> html.Div:
    when = view.t(
        "customer.deals.close",
        stage=view.stage(row["stage"]),
        day=fmt.short_date(row["expected_close"], view.lang),
    )
    money = fmt.money(row["amount"], view.company.currency, unit)
    return html.Div(
        [
            html.Span(signals.short(row["name"], 60), className="cut strong", title=str(row["name"] or "")[:200]),
            html.B(f"{money} × {fmt.percent(row['probability'], 0)}", className="num"),
            html.Span(when, className="q"),
            html.Div(part("fill-crm", 0, 100 * number(row["probability"])), className="chance"),
        ],
        className="x",
    )


def _contract(rows: Sequence[Row], view: View) -> Any:
    if not rows:
        return None
    first = rows[0]
    key, day = {
        "running": ("contract", first["end_date"]),
        "later": ("contract_later", first["start_date"]),
    }.get(first["state"], ("contract_ended", first["end_date"]))
    amount = first["amount"]
    money = fmt.money(amount, view.company.currency, fmt.unit_for([amount], view.lang))
    text = view.t(f"customer.deals.{key}", day=_dated(day, view))
    return html.Div([html.Span([glyph("crm"), text]), html.B(money, className="num")], className="contract")


def _dated(day: Any, view: View) -> str:
    text = fmt.short_date(day, view.lang)
    if day is None or day.year == view.today.year:
        return text
    return f"{day.year}年{text}" if view.lang == "zh" else f"{text} {day.year}"


def receivables(spec: Panel, view: View, results: Results) -> Any:
    """What is owed, by how long it is past due."""
    result = results["receivables"]
    found = {row["age"]: number(row["amount"]) for row in records(result)}
    owed = {age: found[age] for age in AGES if found.get(age)}
    if not owed:
        return panel(spec, view, result, nothing(view, result, "erp", "customer.receivables.empty"), area="at-owed")
    unit = fmt.unit_for(list(owed.values()), view.lang)
    whole = sum(max(value, 0.0) for value in owed.values()) or 1.0
    bar, left = [], 0.0
    for age, value in owed.items():
        width = 100 * max(value, 0.0) / whole
        bar.append(part(f"owed-age {age}", left, width))
        left += width
    words = [
        html.Span(
            [
                html.B(fmt.money(value, view.company.currency, unit)),
                " ",
                html.Span(view.t(f"customer.receivables.{age}")),
            ],
            className=AGE_INK.get(age, "quiet-2"),
        )
        for age, value in owed.items()
    ]
    total = sum(owed.values())
    terms = next((row["terms_days"] for row in records(result)), None)
    key = "note" if terms is not None else "note_no_terms"
    money = fmt.money(total, view.company.currency, fmt.unit_for([total], view.lang))
    note = view.t(f"customer.receivables.{key}", money=money, n=terms)
    body = [html.Div(bar, className="owed-bar"), html.Div(words, className="age-words")]
    return panel(spec, view, result, body, note=note, area="at-owed")


def tickets(spec: Panel, view: View, results: Results) -> Any:
    """Open cases first, then the newest closed, and what the customer answered."""
    result = results["tickets"]
    rows, notes = records(result), result.notes
    if not rows:
        return panel(spec, view, result, nothing(view, result, "crm", "customer.tickets.empty"), area="at-tickets")
    score = notes["satisfaction"]
    key = "note" if score is not None else "note_no_score"
    note = view.t(f"customer.tickets.{key}", n=notes["open_tickets"], score=fmt.number(score, 1))
    opened = sum(1 for row in rows if row["status"] != "closed")
    made = [_case(row, view) for row in rows[: max(CASES, min(opened, 5))]]
    return panel(spec, view, result, html.Div(made, className="lst"), note=note, area="at-tickets")


def _case(row: Row, view: View) -> html.Div:
    is_open = row["status"] != "closed"
    when = view.t("customer.tickets.closed", day=fmt.short_date(row["closed_date"], view.lang))
    if is_open:
        when = (
            view.t("customer.tickets.open_for", n=row["days_open"])
            if row["days_open"]
            else view.t("customer.tickets.open_today")
        )
    about = signals.short(row["subject"], 60)
    if row["days_late"]:
        about = view.t("desk.and_short").join((about, view.t("customer.tickets.late", n=row["days_late"])))
    return html.Div(
        [
            icon("warn") if is_open else glyph("crm"),
            html.Span(about, className="cut", title=about),
            html.Span(when, className="q num"),
        ],
        className="case",
        **attrs(data_status=row["status"]),
    )  # fmt: skip


PANELS: Mapping[str, Callable[..., Any]] = {
    "customer_basket": basket,
    "customer_offer": offer,
    "customer_mix": mix,
    "customer_deals": deals,
    "customer_receivables": receivables,
    "customer_tickets": tickets,
}
