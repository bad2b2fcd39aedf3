"""What a customer's own page reads. Every function needs the filter `customer`: its id.

notes of most results: ABOUT, so that a panel can say which system does not know the customer, and when it orders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from data_access.access import EVERYONE, Scope
from data_access.filters import NAMES, NOTHING, Filters, parse
from data_access.reading import read, rows
from data_access.result import Result

if TYPE_CHECKING:
    from data_access.snapshot import Snapshot
    from data_access.warehouse import Reader

LEAST_QUIET_WEEKS = 3
SPANS, FEW = ("12w", "12m", "36m"), 6
ABOUT = ("in_erp", "in_crm", "orders", "last_order_date", "rhythm_days", "late_after_days", "due_date", "is_silent")


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
        result = _ask(version, scope, asked, "customer/timeline")
        if len(result.frame) >= FEW:
            break
    since, until = asked.days(version.today)
    return replace(result, notes={**result.notes, "period": period, "since": since, "until": until})


def orders(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """104 weeks of booked orders. notes: quiet [(first week, weeks)], weeks_with_orders, and what ABOUT says."""
    result = _ask(reader, scope, filters, "customer/weeks")
    counts = [row["orders"] for row in rows(result)]
    usual = -(-int(str(result.notes["late_after_days"] or 0)) // 7)
    told = {
        "quiet": quiet(counts, max(usual, LEAST_QUIET_WEEKS)),
        "weeks_with_orders": sum(1 for count in counts if count),
    }
    return replace(result, notes={**result.notes, **told})


def quiet(orders: Sequence[int], longer_than: int) -> list[tuple[int, int]]:
    """(first, length) of each stretch without orders that is longer than usual, from the first order on."""
    found, last = [], None
    for place, count in enumerate([*orders, 1]):
        if count:
            if last is not None and place - last - 1 > longer_than:
                found.append((last + 1, place - last - 1))
            last = place
    return found


def mix(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Revenue of 12 months by category, the largest first."""
    return _ask(reader, scope, filters, "customer/mix")


def open_lines(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Open order lines by promised day, with what of them is on hand. likely_date: when all of it can be there, first
    wanted first served; likely_known: known supply does it; likely_days_late: past the promise, negative before it."""
    return _ask(reader, scope, filters, "customer/open_lines")


def deals(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Open deals, the heaviest first."""
    return _ask(reader, scope, filters, "customer/deals")


def contracts(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Contracts, running ones first."""
    return _ask(reader, scope, filters, "customer/contracts")


def receivables(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per age of what is owed."""
    return _ask(reader, scope, filters, "customer/receivables")


def tickets(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Open cases, then the newest closed. notes also: open_tickets, replies and satisfaction of 12 months."""
    result = _ask(reader, scope, filters, "customer/tickets", "customer/service")
    return replace(result, notes={"open_tickets": 0, "replies": 0, "satisfaction": None, **result.notes})


def basket(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """The five items most of its orders hold."""
    return _ask(reader, scope, filters, "customer/basket")


def offer(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Up to three items that similar accounts buy and this one does not, in stock: `buyers` of `accounts` buy it."""
    return _ask(reader, scope, filters, "customer/offer")


def _ask(reader: Reader | Snapshot, scope: Scope, filters: Filters, question: str, *more: str) -> Result:
    """The question's rows. notes: ABOUT of the customer (None where there is none), and the columns of `more`'s row."""
    result, about, *others = read(reader, scope, question, "customer/identity", *more, filters=filters)
    known: dict[str, Any] = (rows(about) or [dict.fromkeys(ABOUT)])[0]
    told = {name: known[name] for name in ABOUT}
    for one in others:
        told |= (rows(one) or [{}])[0]
    return replace(result, notes={**result.notes, **told})
