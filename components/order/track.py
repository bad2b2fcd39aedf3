"""An order's way from quote to payment: six nodes filled by the share of value done, days on the links, a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.marks import attrs, part
from components.rows import number

if TYPE_CHECKING:
    from components.desk.view import View

Row = Mapping[str, Any]
SHORT, LONG = 12.0, 70.0  # per cent of a link its late part takes at least and at most


def track(steps: Sequence[Row], view: View) -> html.Ol:
    """The nodes and links, in the order of `steps`."""
    unit = fmt.unit_for([value for one in steps for value in (one["value_done"], one["value_total"])], view.lang)
    return html.Ol([_step(n, steps, unit, view) for n in range(len(steps))], className="track")


def _step(n: int, steps: Sequence[Row], unit: fmt.Unit, view: View) -> html.Li:
    one = steps[n]
    role = "crm" if one["step"] == "quoted" else "erp"
    node = html.Span(
        html.Span(part("fill", 0, 100 * number(one["share"])), className="well"),
        className=f"node {role} {one['state']}",
        **attrs(aria_hidden="true"),
    )
    words = [
        html.B(view.t(f"order.step.{one['step']}"), className="step-name"),
        html.Span(_days(one, view), className="step-days"),
        html.Span(_amount(one, unit, view), className="step-more"),
    ]
    link = _link(steps[n - 1], one, steps, view) if n else None
    return html.Li([link, node, *words], className=f"step {one['state']}", **attrs(data_step=one["step"]))


def _link(before: Row, one: Row, steps: Sequence[Row], view: View) -> html.Span:
    """What passed between two steps; the part after the promise is hatched."""
    late, days = int(one["days_late"] or 0), one["days_since_last_step"]
    words: Any = ""
    if late:
        words = html.Span(
            view.t("order.track.late" if one["step"] == "shipped" else "order.track.overdue", n=late), className="late"
        )
    elif one["step"] == "shipped" and one["state"] == "done" and before["last_date"]:
        words = view.t("order.track.in_time")
    elif one["step"] == "paid" and one["state"] != "done" and one["due_date"] and steps[4]["first_date"]:
        words = view.t("order.track.terms", n=(one["due_date"] - steps[4]["first_date"]).days)
    elif days is not None:
        words = view.t("order.track.days", n=fmt.number(days)) if days else view.t("order.track.same_day")
    reached = number(one["share"]) > 0 and before["state"] != "unknown"
    line: list[Any] = []
    if late:
        lead = (
            (before["last_date"] - steps[1]["first_date"]).days
            if before["last_date"] and steps[1]["first_date"]
            else 14
        )
        share = min(LONG, max(SHORT, 100 * late / (late + max(lead, 1))))
        line = [part("came", 0, 100 - share), part("hatch", 100 - share, share)]
    kind = "late" if late else "done" if reached else "open"
    return html.Span(
        [html.Span(words, className="link-text"), html.Span(line, className="line")], className=f"link {kind}"
    )


def _days(one: Row, view: View) -> str:
    if one["state"] in ("unknown", "skipped", "none"):
        return view.t(f"order.track.{one['state']}")
    if one["step"] == "paid" and one["state"] != "done" and one["due_date"]:
        return view.t("order.track.due", day=fmt.short_date(one["due_date"], view.lang))
    first, last = one["first_date"], one["last_date"]
    if first is None:
        return view.t("order.track.not_yet")
    texts = [fmt.full_date(day, view.lang, view.today.year) for day in dict.fromkeys((first, last))]
    return " – ".join(texts)


def _amount(one: Row, unit: fmt.Unit, view: View) -> str:
    if one["state"] in ("unknown", "none"):
        return ""
    done, total = (money(one[name], view, unit) for name in ("value_done", "value_total"))
    lines = int(one["lines"] or 0)
    if one["step"] == "quoted":
        return done
    if one["step"] == "ordered":
        return view.t("order.track.value_lines", money=total, n=lines) if one["share"] else ""
    if one["step"] == "promised":
        return view.t("order.track.lines", n=lines) if lines else ""
    return view.t("order.track.part_of", a=done, b=total) if number(one["value_total"]) else ""


def money(value: Any, view: View, unit: fmt.Unit) -> str:
    """Money in the panel's unit; nothing is nothing in any unit."""
    if value is not None and not number(value):
        return fmt.symbol(view.company.currency) + "0"
    return fmt.money(value, view.company.currency, unit)


def finding(steps: Sequence[Row], lines: Sequence[Row], view: View) -> str | None:
    """How the order stands, in a sentence; None where no rule fits."""
    at = {one["step"]: one for one in steps}
    if not steps or at["ordered"]["state"] == "none":
        return view.t("order.finding.cancelled") if steps else None
    if at["ordered"]["state"] == "open":
        return view.t("order.finding.quoted")
    waiting = [one for one in lines if one["status"] == "open" and number(one["quantity"]) > 0]
    passed = [one for one in waiting if number(one["days_late"]) > 0]
    slips = [one for one in waiting if one not in passed and number(one["likely_days_late"]) > 0]
    unknown = [one for one in waiting if not one["likely_known"]]
    if unknown:
        return view.t("order.finding.no_supply", n=len(unknown))
    if passed:
        last = fmt.short_date(max(one["likely_date"] for one in passed), view.lang)
        return view.t("order.finding.late", n=len(passed), day=last)
    if slips:
        days = max(int(number(one["likely_days_late"])) for one in slips)
        return view.t("order.finding.slips", n=len(slips), days=days)
    if waiting:
        return view.t("order.finding.on_the_way", n=len(waiting))
    return _after_shipping(at, view)


def _after_shipping(at: Mapping[str, Row], view: View) -> str:
    late, paid = int(at["shipped"]["days_late"] or 0), at["paid"]
    if number(at["ordered"]["value_total"]) < 0:
        return view.t("order.finding.returned_paid" if paid["state"] == "done" else "order.finding.returned")
    came = view.t("order.finding.came_late", n=late) if late else view.t("order.finding.came")
    if paid["state"] == "done":
        return view.t("order.finding.paid", came=came)
    if paid["days_late"]:
        return view.t("order.finding.overdue", came=came, n=int(paid["days_late"]))
    if paid["due_date"]:
        return view.t("order.finding.to_pay", came=came, day=fmt.short_date(paid["due_date"], view.lang))
    return view.t("order.finding.to_invoice", came=came)
