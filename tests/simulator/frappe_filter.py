"""Filters and sorting of Frappe's listings.

Follows https://docs.frappe.io/framework-git/rest-api/filters-fields-pagination : a list of [field, operator, value]
(or [doctype, field, operator, value]), or an object {field: value} (or {field: [operator, value]}); all must hold.
Instants have no zone: they are compared as the site's own wall clock shows them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.simulator.store import Row

Test = Callable[[Row], bool]


class FilterError(ValueError):
    """A filter that Frappe answers with a ValidationError."""


def tests_of(given: Any, known: Callable[[str], bool]) -> list[Test]:
    """One test a condition; `known` says whether a field may be asked for."""
    if isinstance(given, dict):
        return [_of_list([f, *(v if isinstance(v, list) else ("=", v))], known) for f, v in given.items()]
    if not isinstance(given, list):
        raise FilterError(f"filters is a list or an object, not {given!r}")
    return [_of_list(one, known) for one in given]


def _of_list(one: Any, known: Callable[[str], bool]) -> Test:
    if not isinstance(one, list) or len(one) not in (3, 4):
        raise FilterError(f"Filter must have 3 or 4 values: {one!r}")
    field, operator, value = one[-3:]
    return _test(field, operator, value, known)


def _test(field: str, operator: str, value: Any, known: Callable[[str], bool]) -> Test:
    field = bare(field)
    if not known(field):
        raise FilterError(f"Field not permitted in query: {field}")
    test = OPERATORS.get(str(operator).lower())
    if test is None:
        raise FilterError(f"Operator must be one of {', '.join(OPERATORS)}")
    return lambda row: test(row.get(field), value)


def bare(field: str) -> str:
    """`tabSales Order`.`name` -> name"""
    return str(field).replace("`", "").rpartition(".")[2].strip()


def sort(rows: list[Row], order_by: str, known: Callable[[str], bool]) -> None:
    for part in reversed(order_by.split(",")):
        quoted, _, direction = part.strip().rpartition(" ") if part.strip()[-1:] != "`" else (part.strip(), "", "")
        field = bare(quoted or direction)
        if not known(field):
            raise FilterError(f"Field not permitted in query: {field}")
        rows.sort(key=lambda row: _sortable(row.get(field)), reverse=bool(quoted) and direction.lower() == "desc")


def _sortable(value: Any) -> tuple[bool, Any]:
    """NULL first, as MariaDB has it."""
    return (False, 0) if value is None else (True, value)


def _like_kind(value: Any, wanted: Any) -> Any:
    """The operand as the column's type: text into an instant, a number or text."""
    if isinstance(value, datetime) and isinstance(wanted, str):
        try:
            return datetime.fromisoformat(wanted)
        except ValueError:
            raise FilterError(f"{wanted} is not a valid date string.") from None
    if isinstance(value, (int, float)) and isinstance(wanted, str):
        return float(wanted) if re.fullmatch(r"-?\d+(\.\d+)?", wanted) else 0.0
    return str(wanted) if isinstance(value, str) else wanted


def _compare(holds: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, wanted: value is not None and holds(value, _like_kind(value, wanted))


def _equal(value: Any, wanted: Any) -> bool:
    """Collations fold case; an empty operand also finds NULL."""
    if value is None:
        return wanted in ("", 0, None)
    wanted = _like_kind(value, wanted)
    return value.lower() == wanted.lower() if isinstance(value, str) else bool(value == wanted)


def _in(value: Any, wanted: Any) -> bool:
    many = wanted.split(",") if isinstance(wanted, str) else wanted
    return any(_equal(value, one.strip() if isinstance(one, str) else one) for one in many)


def _like(value: Any, pattern: Any) -> bool:
    parts = "".join({"%": ".*", "_": "."}.get(sign, re.escape(sign)) for sign in str(pattern))
    return value is not None and re.fullmatch(parts, str(value), re.I | re.S) is not None


def _between(value: Any, wanted: Any) -> bool:
    """Both ends included; a bare date as the upper end of instants is the whole day."""
    if value is None or not isinstance(wanted, list) or len(wanted) != 2:
        return False
    low, high = wanted
    if isinstance(value, datetime) and isinstance(high, str) and len(high) == 10:
        high = f"{high} 23:59:59.999999"
    return bool(_like_kind(value, low) <= value <= _like_kind(value, high))


def _is(value: Any, wanted: Any) -> bool:
    return (value not in (None, "")) == (str(wanted).lower() == "set")


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": _equal,
    "!=": lambda value, wanted: not _equal(value, wanted),
    ">": _compare(lambda value, wanted: value > wanted),
    ">=": _compare(lambda value, wanted: value >= wanted),
    "<": _compare(lambda value, wanted: value < wanted),
    "<=": _compare(lambda value, wanted: value <= wanted),
    "in": _in,
    "not in": lambda value, wanted: not _in(value, wanted),
    "like": _like,
    "not like": lambda value, wanted: not _like(value, wanted),
    "between": _between,
    "is": _is,
}
