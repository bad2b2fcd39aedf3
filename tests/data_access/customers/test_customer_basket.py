"""What a customer usually buys, and what accounts like it buy beside, against plain SQL on the sources."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from data_access import customers
from data_access.panels import PANELS, check_filters, read_panel
from data_access.reading import rows
from data_access.result import Result
from tests.data_access.customers.conftest import Company
from tests.data_access.customers.customer_oracle import lower_quantile, year_before

ROOM = 0.015  # a shipment


def shown(company: Company, panel: str, customer_id: str, **more: str) -> Result:
    """What a panel of the page reads, as the page and the API ask for it."""
    spec = PANELS[panel]
    return read_panel(spec, company.reader.pinned(), filters=check_filters(spec, {"customer": customer_id, **more}))


def some(company: Company) -> Iterator[str]:
    """The largest, all kinds of others: known to one system only, one order only, none at all."""
    found = [row for row in rows(customers.customers(company.reader)) if row["customer_id"]]
    ranked = sorted(found, key=lambda row: (-row["revenue"], row["customer_id"]))
    kinds = defaultdict[tuple[bool, bool, int], list[str]](list)
    for row in ranked:
        kinds[row["in_erp"], row["in_crm"], min(row["orders"] or 0, 2)].append(row["customer_id"])
    assert {(True, True, 2), (True, False, 1), (True, False, 0), (False, True, 0), (True, True, 1)} <= kinds.keys()
    yield from dict.fromkeys(
        [row["customer_id"] for row in ranked[:12]] + [one for k in kinds.values() for one in k[:5]]
    )


def bought_lately(company: Company) -> dict[str, dict[int, list[tuple[str, int]]]]:
    """Customer -> item -> (order, quantity) of 12 months."""
    found: dict[str, dict[int, list[tuple[str, int]]]] = defaultdict(lambda: defaultdict(list))
    for line in company.books.lines:
        if (line.customer and line.item in company.books.category and line.quantity > 0
                and year_before(company.books.today) < line.ordered <= company.books.today):  # fmt: skip
            found[line.customer][line.item].append((line.order, line.quantity))  # type: ignore[index]
    return found


def test_the_usual_basket(company: Company) -> None:
    bought = bought_lately(company)
    for one in some(company):
        found = rows(shown(company, "customer_basket", one))
        orders = {order for lines in bought[one].values() for order, _ in lines}
        held = {item: len({order for order, _ in lines}) for item, lines in bought[one].items()}
        assert [row["orders"] for row in found] == sorted(held.values(), reverse=True)[:5]
        for row in found:
            item = int(row["product_id"].removeprefix("erp:"))
            per_order = Counter[str]()
            for order, quantity in bought[one][item]:
                per_order[order] += quantity
            assert row["orders"] == held[item] and row["share"] == pytest.approx(held[item] / len(orders))
            assert row["quantity"] == lower_quantile(list(per_order.values()), 0.5)


def test_offers_count_the_similar_accounts(company: Company) -> None:
    bought = bought_lately(company)
    segment = {row["customer_id"]: row["segment"] for row in rows(customers.customers(company.reader))}
    offered, looked = 0, list(some(company))
    others = sorted(set(segment) - {None, *looked})
    for one in [*looked, *others]:
        if offered >= 3 and one in others:  # few of the demo are alike enough, and which depends on the day
            break
        own = set(bought[one]) if one in bought else set()
        peers = [
            other for other, items in bought.items()
            if other != one and items and segment[other] == segment[one] and len(own & set(items)) >= 0.5 * len(own)
        ]  # fmt: skip
        share = {
            item: sum(item in bought[peer] for peer in peers) / len(peers)
            for item in {item for peer in peers for item in bought[peer]} - own
        }
        found: list[dict[str, Any]] = rows(shown(company, "customer_offer", one))
        assert len(found) <= 3 and (not found or len(peers) >= 5)
        for row in found:
            item = int(row["product_id"].removeprefix("erp:"))
            assert item not in own and row["accounts"] == len(peers)
            assert row["buyers"] == round(share[item] * len(peers)) and row["share"] == pytest.approx(share[item])
            assert row["share"] >= 1 / 3 and row["cover_weeks"] >= 4 and row["on_hand"] >= row["quantity"]
        offered += len(found)
    assert offered >= 3
