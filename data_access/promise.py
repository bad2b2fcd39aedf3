"""When can I have it, read from a version: items as the planning floor knows them, and the answer with its origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from data_access.access import EVERYONE, Scope
from data_access.errors import NotFound, QueryError
from data_access.planning.items import items
from data_access.planning.pegging import Place
from data_access.planning.promise import Item, Promise, promise
from data_access.reading import read, rows
from data_access.result import Result

if TYPE_CHECKING:
    from data_access.snapshot import Snapshot
    from data_access.warehouse import Reader

LARGEST = Decimal(10) ** 11  # what a quantity may be, so that six digits after the point stay exact


@dataclass(frozen=True)
class Warehouse:
    """A place goods can be asked for."""

    warehouse_id: str
    code: str
    name: str


@dataclass(frozen=True)
class Answer:
    """A promise for people: what was asked in their terms, the answer, and the `Result` that carries age and origin."""

    product_id: str
    sku: str | None
    name: str
    uom: str | None
    warehouse: Warehouse
    item: Item
    promise: Promise
    result: Result
    warehouses: tuple[Warehouse, ...]

    def place(self, warehouse_id: Place) -> Warehouse | None:
        """A warehouse by its id."""
        return next((one for one in self.warehouses if one.warehouse_id == warehouse_id), None)


def ask(
    reader: Reader | Snapshot,
    scope: Scope = EVERYONE,
    *,
    sku: str,
    quantity: str | Decimal,
    warehouse: str | None = None,
    line_id: str | None = None,
) -> Answer:
    """When `quantity` of an item can be in a warehouse (its code, name or id; may be left out where there is only one).

    QueryError: a quantity that is none. NotFound: no such item, warehouse or open line, with the nearest."""
    version = reader.pinned() if hasattr(reader, "pinned") else reader
    wanted = amount(quantity)
    found = find_item(version, scope, sku)
    places = warehouses(version, scope)
    place = find_warehouse(places, warehouse)
    product = str(found["product_id"])
    result, known = _items(version, scope, [product])
    if line_id is not None and all(need.line_id != line_id for need in known[product].needs):
        raise NotFound(f'no open order line "{line_id[:60]}" wants {found["sku"] or product}', "leave line out")
    answer = promise(known[product], wanted, place.warehouse_id, line_id)
    return Answer(product, found["sku"], found["name"], found["uom"], place, known[product], answer, result, places)


def item(reader: Reader | Snapshot, product_id: str, scope: Scope = EVERYONE) -> Item | None:
    """What is known of one product; None where there is no such product."""
    version = reader.pinned() if hasattr(reader, "pinned") else reader
    return _items(version, scope, [product_id])[1].get(product_id)


def amount(text: str | Decimal) -> Decimal:
    """A quantity more than nothing, with at most six digits after the point; QueryError otherwise."""
    try:
        value = Decimal(str(text).strip().replace("_", "?"))
    except InvalidOperation as error:
        raise QueryError(f'"{str(text)[:40]}" is no quantity', "give a number such as 300 or 12.5") from error
    if not value.is_finite() or value <= 0 or value >= LARGEST:
        hint = f"give a quantity more than 0 and under {LARGEST:,}"
        raise QueryError(f'"{str(text)[:40]}" cannot be asked for', hint)
    if value != round(value, 6):
        raise QueryError(f'"{str(text)[:40]}" is too fine', "give at most six digits after the point")
    return value


def find_item(reader: Reader | Snapshot, scope: Scope, text: str) -> dict[str, Any]:
    """{product_id, sku, name, uom} of a SKU in any case, or of a product id; NotFound names the nearest."""
    asked = text.strip()
    if not asked:
        raise QueryError('"sku" is missing', "say which item: ?sku=...")
    found = rows(reader.query("promise/find_item", scope, text=asked))
    if found and found[0]["is_exact"]:
        return found[0]
    near = tuple(one["sku"] for one in found[:3] if one["sku"])
    hint = f"did you mean {', '.join(near)}?" if near else "no items are known yet"
    raise NotFound(f'there is no item "{asked[:60]}"', hint, near)


def warehouses(reader: Reader | Snapshot, scope: Scope = EVERYONE) -> tuple[Warehouse, ...]:
    """Every warehouse, the one most is ordered from first."""
    found = rows(reader.query("promise/warehouses", scope))
    return tuple(Warehouse(one["warehouse_id"], one["code"], one["name"]) for one in found)


def find_warehouse(known: Sequence[Warehouse], text: str | None) -> Warehouse:
    """By code, name or id, in any case; the only one where nothing is said."""
    codes = ", ".join(one.code for one in known[:12])
    asked = (text or "").strip()
    if not asked and len(known) == 1:
        return known[0]
    if not asked:
        hint = f"say where: ?warehouse=... ({codes})" if known else "no warehouses are known yet"
        raise QueryError('"warehouse" is missing', hint)
    for same in (str, str.casefold):
        for one in known:
            if same(asked) in (same(one.code), same(one.name), same(one.warehouse_id)):
                return one
    raise NotFound(
        f'there is no warehouse "{asked[:60]}"', f"known: {codes or 'none'}", tuple(one.code for one in known)
    )


def _items(version: Any, scope: Scope, products: list[str]) -> tuple[Result, dict[str, Item]]:
    """(age and origin of all, product -> what is known of it)."""
    names = ("products", "stock", "needs", "receipts", "parts", "planned")
    found = read(version, scope, *(f"promise/{name}" for name in names), products=products)
    places = warehouses(version, scope)
    only = places[0].warehouse_id if len(places) == 1 else None
    return found[0], items(version.today, *(rows(each) for each in found), only=only)
