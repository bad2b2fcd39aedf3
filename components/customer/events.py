"""What happened with a customer, in words, and which of it matters most. Pure functions over the timeline's rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components.customer.signals import short
from components.i18n import has
from components.rows import number

if TYPE_CHECKING:
    from components.desk.view import View

Event = Mapping[str, Any]
ROLES = ("erp", "crm")
WEIGHT = {
    "stage_won": 80, "stage_lost": 78, "ticket": 50, "stage_negotiation": 58, "stage_proposal": 54,
    "stage_qualified": 46, "demo": 45, "visit": 44, "meeting": 40,
    "answer": 38, "stage_lead": 36, "late": 34, "order": 30, "payment": 24,
    "call": 15, "contact": 14, "email": 10, "shipped": 8,
}  # fmt: skip
GROWS = {"order": 45, "payment": 36}  # the largest weighs so much more
CAUSE = 60  # a delay that led to a case, and that case
PAIRS = 5  # so many of them are told apart


@dataclass(frozen=True)
class Mark:
    """The events of one system on one stretch of days, the weightiest first."""

    day: date
    role: str
    events: tuple[Event, ...]
    weight: float
    alarmed: bool


def text(event: Event, view: View, unit: fmt.Unit) -> str:
    """One event in a few words."""
    kind = str(event["kind"])
    key = f"customer.event.{kind}"
    if kind == "order" and event["amount"] is None:
        key = "customer.event.order_bare"
    if not has(view.lang, key):
        return short(event["subject"] or view.t("customer.event.other"), 28)
    return view.t(
        key,
        money=fmt.money(event["amount"], view.company.currency, unit),
        n=event["days"] if event["days"] is not None else event["score"],
        subject=short(event["subject"], 28),
    )


def more(event: Event, view: View) -> str:
    """The line under it: what it is about."""
    subject = short(event["subject"], 60) if event["subject"] else ""
    if event["kind"] == "ticket":
        if event["days"] is None:
            return view.t("customer.event.still_open", subject=subject)
        return view.t("customer.event.closed_in", subject=subject, n=event["days"])
    return subject


def unit_of(events: Sequence[Event], view: View) -> fmt.Unit:
    """The unit all amounts of the timeline are told in."""
    return fmt.unit_for([event["amount"] for event in events], view.lang)


def pairs(events: Sequence[Event]) -> list[tuple[Event, Event]]:
    """(the delay, the first case it caused), the longest delays only."""
    late = {event["entity_id"]: event for event in events if event["kind"] == "late"}
    first: dict[str, Event] = {}
    for event in events:
        cause = event["cause_id"]
        if cause in late and (cause not in first or event["day"] < first[cause]["day"]):
            first[cause] = event
    found = [(late[cause], case) for cause, case in first.items()]
    return sorted(found, key=lambda pair: (-number(pair[0]["days"]), pair[0]["day"]))[:PAIRS]


def weights(events: Sequence[Event]) -> list[float]:
    """How much each event matters: by its kind, its money among its like, and whether it is cause or effect."""
    most = {kind: max((number(e["amount"]) for e in events if e["kind"] == kind), default=0.0) for kind in GROWS}
    told = alarms(events)
    found = []
    for event in events:
        kind = event["kind"]
        weight = float(WEIGHT.get(kind, 20))
        if kind in GROWS and most[kind] > 0:
            weight += GROWS[kind] * max(number(event["amount"]), 0.0) / most[kind]
        if kind == "late":
            weight += min(number(event["days"]), 20.0)
        if (kind, event["entity_id"]) in told:
            weight += CAUSE
        found.append(weight)
    return found


def alarms(events: Sequence[Event]) -> set[tuple[str, str]]:
    """(kind, id) of the delays and cases of `pairs`."""
    return {(one["kind"], one["entity_id"]) for pair in pairs(events) for one in pair}


def marks(events: Sequence[Event], since: date, until: date, most: int = 90) -> list[Mark]:
    """Events gathered by system and day, or by several days where there would be more than `most`; the oldest first."""
    step, told = -(-((until - since).days + 1) // most), alarms(events)
    gathered: dict[tuple[str, int], list[tuple[float, Event]]] = {}
    for weight, event in zip(weights(events), events, strict=True):
        gathered.setdefault((event["system"], (event["day"] - since).days // step), []).append((weight, event))
    made = []
    for (role, place), found in sorted(gathered.items()):
        found.sort(key=lambda pair: -pair[0])
        first = found[0][1]
        day = first["day"] if step == 1 else min(since + timedelta(days=place * step + step // 2), until)
        made.append(
            Mark(
                day, role, tuple(event for _, event in found), found[0][0], (first["kind"], first["entity_id"]) in told
            )
        )
    return made


def main_events(events: Sequence[Event], most: int = 8) -> list[Event]:
    """The weightiest, the newest first; a case stands above the delay it came from."""
    told = [one for pair in pairs(events)[:2] for one in pair]
    known = {(one["kind"], one["entity_id"]) for one in told} | alarms(events)
    ranked = sorted(zip(weights(events), events, strict=True), key=lambda pair: -pair[0])
    others = [event for _, event in ranked if (event["kind"], event["entity_id"]) not in known]
    chosen = [*told, *others[: most - len(told)]]
    return sorted(chosen, key=lambda event: (event["day"], event["system"] == "crm"), reverse=True)
