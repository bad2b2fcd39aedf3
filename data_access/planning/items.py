"""What the warehouse knows of products, as the promise engine takes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from data_access.planning.parts import Part
from data_access.planning.pegging import ZERO, Place
from data_access.planning.promise import Item, Need, Receipt

Row = Mapping[str, Any]


def items(
    today: date,
    products: Iterable[Row],
    stock: Iterable[Row],
    needs: Iterable[Row],
    receipts: Iterable[Row],
    parts: Iterable[Row] = (),
    planned: Iterable[Row] = (),
    *,
    only: Place = None,
) -> dict[str, Item]:
    """Product -> Item, from rows of queries/promise/{products,stock,needs,receipts,parts,planned}.sql; `only`: the one
    warehouse of a company that names none."""
    held, wanted, coming = _by_product(stock), _by_product(needs), _by_product(receipts)
    made_of, to_make = _by_product(parts), _by_product(planned)
    return {
        one["product_id"]: Item(
            today=today,
            on_hand={row["warehouse_id"]: exact(row["quantity"]) for row in held[one["product_id"]]},
            needs=tuple(
                Need(row["line_id"], exact(row["quantity"]), row["wanted_date"], row["warehouse_id"] or only)
                for row in wanted[one["product_id"]]
            ),
            receipts=tuple(
                Receipt(
                    row["kind"], row["document"], row["expected_date"], exact(row["quantity"]),
                    row["warehouse_id"] or only, row["supplier"],
                )
                for row in coming[one["product_id"]]
            ),
            supply=one["supply"],
            lead_time_days=None if one["lead_time_days"] is None else int(one["lead_time_days"]),
            minimum=exact(one["min_order_qty"]),
            multiple=exact(one["order_multiple"]),
            receives=one["receives"],
            is_active=bool(one["is_active"]),
            parts=_parts(today, made_of[one["product_id"]]),
            planned=tuple((_day(row["due_date"]), exact(row["quantity"])) for row in to_make[one["product_id"]]),
        )
        for one in products
    }  # fmt: skip


def _parts(today: date, rows: Iterable[Row]) -> tuple[Part, ...]:
    """One Part a component, from its rows in the order of their weeks; the current week is today."""
    steps: defaultdict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    last: dict[str, Row] = {}
    for row in rows:
        last[row["component_id"]] = row
        if row["week_start"] is not None:
            steps[row["component_id"]].append((max(_day(row["week_start"]), today), exact(row["free"])))
    return tuple(
        Part(name, row["name"], exact(row["per_unit"]), tuple(steps[name]), today + timedelta(days=int(row["days"])))
        for name, row in last.items()
    )


def _day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value


def _by_product(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["product_id"]].append(row)
    return found


def exact(value: Any) -> Decimal:
    """A quantity of the warehouse, six digits after the point; nothing where it is not known."""
    return ZERO if value is None else round(Decimal(repr(float(value))), 6)
