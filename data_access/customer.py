"""What a customer's own page reads. Every function needs the filter `customer`: its id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from data_access.access import EVERYONE, Scope
from data_access.filters import NAMES, NOTHING, Filters, parse
from data_access.reading import read, rows
from data_access.result import Result

if TYPE_CHECKING:
    from data_access.warehouse import Reader

LEAST_QUIET_WEEKS = 3
SPANS, FEW = ("12w", "12m", "36m"), 6


def identity(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """The customer's row, or none where there is no such customer. notes: links, one per source customer, with role."""
    version = reader.pinned()
    result, links = read(version, scope, "customer/identity", "customer/links", filters=filters)
    roles = {name: known.get("role") for name, known in version.manifest.get("sources", {}).items()}
    return replace(
        result, notes={**result.notes, "links": [{**row, "role": roles.get(row["source"])} for row in rows(links)]}
    )


def timeline(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """The events of the period, the newest first. amount is money, days how late (late) or how long it took (ticket),
    score 1 to 5; cause_id names the late order a ticket came from. Where no period is asked for: the shortest of SPANS
    with a few events in it. notes: period, since and until of the days shown."""
    version = reader.pinned()
    for period in filters.values("period") or SPANS:
        asked = parse({**filters.as_dict(), "period": period}, NAMES)
        result = read(version, scope, "customer/timeline", filters=asked)[0]
        if len(result.frame) >= FEW:
            break
    since, until = asked.days(version.today)
    return replace(result, notes={**result.notes, "period": period, "since": since, "until": until})


def orders(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """104 weeks of booked orders. notes: quiet [(first week, weeks)], weeks_with_orders, and rhythm_days, due_date,
    is_silent, orders (ever) of the customer."""
    result, about = read(reader, scope, "customer/weeks", "customer/identity", filters=filters)
    weeks, known = rows(result), (rows(about) or [{}])[0]
    told = {name: known.get(name) for name in ("rhythm_days", "due_date", "is_silent", "orders", "last_order_date")}
    usual = -(-int(known.get("late_after_days") or 0) // 7)
    told["quiet"] = quiet([row["orders"] for row in weeks], max(usual, LEAST_QUIET_WEEKS))
    told["weeks_with_orders"] = sum(1 for row in weeks if row["orders"])
    return replace(result, notes={**result.notes, **told})


def quiet(orders: Sequence[int], longer_than: int) -> list[tuple[int, int]]:
    """(first, length) of each stretch without orders that is longer than usual; what is before the first order is none."""
    found, last = [], None
    for place, count in enumerate([*orders, 1]):
        if count:
            if last is not None and place - last - 1 > longer_than:
                found.append((last + 1, place - last - 1))
            last = place
    return found


def mix(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Revenue of 12 months by category, the largest first."""
    return read(reader, scope, "customer/mix", filters=filters)[0]


def open_lines(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Open order lines by promised day, with what of them is on hand."""
    return read(reader, scope, "customer/open_lines", filters=filters)[0]


def deals(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Open deals, the heaviest first."""
    return read(reader, scope, "customer/deals", filters=filters)[0]


def contracts(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Contracts, running ones first."""
    return read(reader, scope, "customer/contracts", filters=filters)[0]


def receivables(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per age of what is owed."""
    return read(reader, scope, "customer/receivables", filters=filters)[0]


def tickets(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Open cases, then the newest closed. notes: open_tickets, replies and satisfaction of 12 months."""
    result, service = read(reader, scope, "customer/tickets", "customer/service", filters=filters)
    told: dict[str, Any] = (rows(service) or [{"open_tickets": 0, "replies": 0, "satisfaction": None}])[0]
    return replace(result, notes={**result.notes, **told})


def basket(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """The five items most of its orders hold. notes: rhythm_days, due_date, is_silent of its orders."""
    result, about = read(reader, scope, "customer/basket", "customer/identity", filters=filters)
    known = (rows(about) or [{}])[0]
    told = {name: known.get(name) for name in ("rhythm_days", "due_date", "is_silent", "orders", "last_order_date")}
    return replace(result, notes={**result.notes, **told})


def offer(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Up to three items that similar accounts buy and this one does not, in stock: `buyers` of `accounts` buy it."""
    return read(reader, scope, "customer/offer", filters=filters)[0]
