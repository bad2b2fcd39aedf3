"""When can I have it: three fields, the day, the supply that decides it, and the ladder of supply up to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from components import format as fmt
from components.marks import as_of_slot, attrs, bold, part

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.planning.promise import Rung
    from data_access.promise import Answer, Warehouse

MARK = 88  # per cent of a bar at which the asked quantity stands
ROWS = 8
Choice = tuple[str, str]  # sku, name


@dataclass(frozen=True)
class Asked:
    """What stands in the fields: as the URL says it, or as the page suggests. fixed: the page is about this item."""

    sku: str
    quantity: str
    warehouse: str
    fixed: bool = False
    own: bool = False


def section(
    view: View,
    asked: Asked,
    answer: Answer | None,
    problem: tuple[str, str] | None,
    *,
    warehouses: Sequence[Warehouse],
    items: Sequence[Choice] = (),
    area: str = "",
    close: str | None = None,
) -> html.Section:
    """The panel; `problem` (what, remedy) where the question cannot be answered; `close`: where its × leads."""
    note = view.t("promise.note", time=fmt.clock(answer.result.as_of, view.company.timezone)) if answer else ""
    head = [
        html.H2(view.t("promise.title"), id="title-promise"),
        html.Span(note, className="note"),
        as_of_slot(),
        html.A("×", href=close, className="close", **attrs(aria_label=view.t("promise.close"))) if close else None,
    ]
    told = _answer(view, asked, answer) if answer else [_problem(view, problem)]
    sources = attrs(data_sources=" ".join(answer.result.sources)) if answer else {}
    return html.Section(
        [html.Div(head, className="panel-head"), _form(view, asked, warehouses, items), *told],
        id="panel-promise",
        className=f"panel promise {area}".strip(),
        **attrs(data_panel="promise", aria_labelledby="title-promise"),
        **sources,
    )


def _form(view: View, asked: Asked, warehouses: Sequence[Warehouse], items: Sequence[Choice]) -> html.Form:
    item = dcc.Input(
        id="promise-item", name="promise_item", type="text", value=asked.sku, list="promise-items",
        autoComplete="off", readOnly=asked.fixed, spellCheck=False, maxLength=80,
    )  # fmt: skip
    quantity = dcc.Input(
        id="promise-qty", name="promise_qty", type="text", inputMode="numeric", value=asked.quantity,
        autoComplete="off", maxLength=16,
    )  # fmt: skip
    places = [html.Option(one.name, value=one.code, selected=one.code == asked.warehouse) for one in warehouses]
    place = html.Select(places, id="promise-wh", name="promise_wh")
    known = html.Datalist([html.Option(f"{sku} {name}", value=sku) for sku, name in items], id="promise-items")
    fields = [
        _field(view, "item", "promise-item", item),
        _field(view, "quantity", "promise-qty", quantity),
        _field(view, "warehouse", "promise-wh", place),
        html.Button(view.t("promise.ask"), type="submit", className="btn plain ask"),
        known,
    ]
    return html.Form(fields, className="ask-form", **attrs(data_ask="promise"))


def _field(view: View, name: str, field: str, control: Any) -> html.Div:
    return html.Div(
        [html.Label(view.t(f"promise.field.{name}"), htmlFor=field), control], className=f"ask-field of-{name}"
    )


def _problem(view: View, problem: tuple[str, str] | None) -> html.Div:
    what, remedy = problem or (view.t("promise.nothing"), "")
    return html.Div(
        [html.Div(what, className="m1"), html.Div(remedy, className="m2")], className="nothing", role="alert"
    )


def _answer(view: View, asked: Asked, answer: Answer) -> list[Any]:
    found = answer.promise
    big = fmt.long_date(found.day, view.lang) if found.day else view.t("promise.no_day")
    first, second = sentences(view, answer)
    told = html.Div(
        [
            html.Div(big, className="day" + ("" if found.day else " none")),
            html.Div([html.B(first), html.Br(), html.Span(second, className="quiet-2")]),
        ],
        className="told",
        role="status",
    )
    foot = [view.t("promise.foot")]
    if any(
        rung.kind == "transfer" or (rung.warehouse != found.warehouse and rung.kind != "stock") for rung in found.rungs
    ):
        foot.append(view.t("promise.foot_transfer", n=answer.item.transfer_days))
    if asked.own:
        foot.append(view.t("promise.foot_own"))
    if found.ignored:
        pieces = sum((one.quantity for one in found.ignored), Decimal(0))
        foot.append(view.t("promise.foot_ignored", n=len(found.ignored), quantity=quantity(pieces)))
    gap = " " if view.lang == "en" else ""
    return [told, _ladder(view, answer), _offer(view, answer), html.Div(gap.join(foot), className="foot")]


def sentences(view: View, answer: Answer) -> tuple[str, str]:
    """(whether and when all of it can be there, what decides it)."""
    found = answer.promise
    asked, unit = quantity(found.quantity), answer.uom or ""
    decides = found.decides
    if found.day is None or decides is None:
        there = quantity(found.quantity - found.missing)
        key = "promise.never_service" if answer.item.supply == "none" else "promise.never"
        last = max((rung.day for rung in found.rungs if rung.used > 0), default=None)
        second = view.t("promise.part_there", quantity=there, day=fmt.short_date(last, view.lang)) if last else ""
        if not answer.item.is_active:
            second = view.t("promise.ended")
        return view.t(key, missing=quantity(found.missing), quantity=asked, unit=unit), second or view.t(
            "promise.no_supply"
        )
    days = (found.day - answer.item.today).days
    first = view.t("promise.all_now", quantity=asked) if days == 0 else view.t("promise.all_in", quantity=asked, n=days)
    kind = f"new_{answer.item.supply}" if decides.kind == "new" else decides.kind
    name = view.t(f"promise.short.{kind}", where=_where(view, answer, decides), document=decides.document)
    second = (
        view.t("promise.decides", supply=name)
        if decides.used == found.quantity
        else view.t("promise.decides_last", supply=name, quantity=quantity(decides.used))
    )
    if decides.waits_for and decides.begins:
        day = fmt.short_date(decides.begins, view.lang)
        second += view.t("promise.waits", part=decides.waits_for, day=day)
    return first, second


def supply(view: View, answer: Answer, rung: Rung) -> str:
    """A rung by its name."""
    if rung.kind in ("stock", "transfer"):
        return view.t(f"promise.supply.{rung.kind}", where=_where(view, answer, rung))
    if rung.kind == "new":
        key = f"promise.supply.new_{answer.item.supply}"
        if rung.waits_for and rung.begins:
            day = fmt.short_date(rung.begins, view.lang)
            return view.t(f"{key}_waits", part=rung.waits_for, day=day, n=answer.item.lead_time_days or 0)
        if rung.quantity is not None:
            return view.t(f"{key}_of", quantity=quantity(rung.quantity), n=answer.item.lead_time_days or 0)
        return view.t(key, n=answer.item.lead_time_days or 0)
    key = f"promise.supply.{rung.kind}" + ("_from" if rung.supplier else "")
    return view.t(key, document=rung.document, supplier=rung.supplier, quantity=quantity(rung.quantity))


def _where(view: View, answer: Answer, rung: Rung) -> str:
    place = answer.place(rung.warehouse)
    return place.name if place else view.t("promise.somewhere")


def _ladder(view: View, answer: Answer) -> html.Div:
    found = answer.promise
    head = html.Div(
        [
            html.Span(view.t("promise.soonest")),
            html.Span(view.t("promise.there_by"), className="num"),
            html.Span(view.t("promise.free"), className="num"),
            html.Span(
                [view.t("promise.adds_up"), html.B(quantity(found.quantity), className="asked")], className="adds"
            ),
        ],
        className="rung head",
    )
    return html.Div([head, *(_row(view, answer, one) for one in shown(found.rungs))], className="ladder")


def shown(rungs: Sequence[Rung]) -> list[Rung | int]:
    """The rungs worth a row, numbers where some are left out: stock here, what is used, one more, and what is new."""
    keep = [n for n, rung in enumerate(rungs) if rung.used > 0 or rung.kind in ("stock", "new")]
    others = [n for n, rung in enumerate(rungs) if n not in keep]
    free = [n for n in others if rungs[n].free]
    keep += (free or others)[: 2 if len(keep) < 4 else 1]
    if len(keep) > ROWS:
        used = sorted(keep)
        keep = [*used[:3], *used[-(ROWS - 4) :]]
    made: list[Rung | int] = []
    for n, rung in enumerate(rungs):
        if n in keep:
            made.append(rung)
        elif made and isinstance(made[-1], int):
            made[-1] += 1
        else:
            made.append(1)
    return made


def _row(view: View, answer: Answer, rung: Rung | int) -> html.Div:
    if isinstance(rung, int):
        return html.Div(view.t("promise.more_rungs", n=rung), className="rung more")
    asked = answer.promise.quantity
    name: list[Any] = [html.Span(supply(view, answer, rung), className="name")]
    if rung.decides:
        name.append(html.Span(view.t("promise.decides_mark"), className="tag decides"))
    free = view.t("promise.any") if rung.free is None else f"+{quantity(rung.free)}" if rung.free else "0"
    scale = MARK / float(asked)
    before = float(rung.total - rung.used) * scale
    bar = [part("was", 0, before), part("now", before, float(rung.used) * scale), part("mark", MARK)]
    if rung.free is None and not rung.used:
        track: Any = html.Span(view.t("promise.not_needed"), className="idle-text")
    else:
        track = html.Span(bar, className="reach", **attrs(aria_hidden="true"))
    cells = [
        html.Span(name, className="what", title=supply(view, answer, rung)),
        html.Span(fmt.short_date(rung.day, view.lang), className="num when"),
        html.Span(free, className="num free"),
        track,
    ]
    kind = "decides" if rung.decides else "used" if rung.used > 0 else "idle"
    return html.Div(cells, className=f"rung {kind}", **attrs(data_kind=rung.kind))


def _offer(view: View, answer: Answer) -> html.Div:
    split = answer.promise.split
    words: Any = html.Span(view.t("promise.one_part"), className="quiet-2")
    if split:
        (day, some), (last, rest) = split
        days = [fmt.short_date(one, view.lang) for one in (day, last)]
        words = html.Span(bold(view.t("promise.split", a=quantity(some), day=days[0], b=quantity(rest), last=days[1])))
    copy = html.Button(
        view.t("promise.copy"), type="button", className="btn plain small", **attrs(data_copy=as_text(view, answer))
    )
    return html.Div([words, copy], className="offer")


def as_text(view: View, answer: Answer) -> str:
    """The answer as one sends it to somebody."""
    found = answer.promise
    day = f"{fmt.long_date(found.day, view.lang)} {found.day.year}" if found.day else view.t("promise.no_day")
    lines = [
        view.t("promise.text", sku=answer.sku or "", name=answer.name, quantity=quantity(found.quantity),
               unit=answer.uom or "", where=answer.warehouse.name, day=day),
        " ".join(sentences(view, answer)),
    ]  # fmt: skip
    if found.split:
        (first, some), (last, rest) = found.split
        days = [fmt.short_date(one, view.lang) for one in (first, last)]
        lines.append(
            view.t("promise.split", a=quantity(some), day=days[0], b=quantity(rest), last=days[1]).replace("*", "")
        )
    stamp = f"{fmt.short_date(answer.item.today, view.lang)} {fmt.clock(answer.result.as_of, view.company.timezone)}"
    return "\n".join([*lines, view.t("promise.text_as_of", time=stamp)])


def quantity(value: Any) -> str:
    """Pieces as they are: whole, or with as many digits as there are, six at most."""
    if value is None:
        return fmt.MISSING
    exact = round(Decimal(str(value)), 6).normalize()
    digits = max(0, -int(exact.as_tuple().exponent)) if exact.is_finite() else 0
    return fmt.number(exact, digits)
