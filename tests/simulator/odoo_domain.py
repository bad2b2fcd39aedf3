"""Odoo's search domains: [("field", "operator", value), ...] in prefix notation, "&" where nothing is said.

Follows https://www.odoo.com/documentation/19.0/developer/reference/backend/orm.html#search-domains . Instants compare
to the second: since 19 `> "10:00:00"` means from 10:00:01 on, and a bare date in `>` and `<=` means its whole day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.simulator.store import Row

if TYPE_CHECKING:
    from tests.simulator.odoo_model import Model

Test = Callable[[Row], bool]


class DomainError(ValueError):
    """What Odoo itself would raise a ValueError for."""


def test_of(domain: list[Any], model: Model) -> Test:
    """One function for the whole domain; the empty domain passes every row."""
    terms = [_term(part, model) for part in domain]
    stack: list[Test] = []
    for term in reversed(terms):
        if term == "!":
            stack.append(_not(stack.pop()))
        elif term in ("&", "|"):
            left, right = stack.pop(), stack.pop()
            stack.append(_all([left, right]) if term == "&" else _any([left, right]))
        else:
            stack.append(term)
    return _all(stack)


test_of.__test__ = False  # type: ignore[attr-defined]


def fields_of(domain: Iterable[Any]) -> Iterator[str]:
    return (str(part[0]) for part in domain if isinstance(part, (list, tuple)))


def _term(part: Any, model: Model) -> Any:
    if part in ("&", "|", "!"):
        return part
    if not isinstance(part, (list, tuple)) or len(part) != 3:
        raise DomainError(f"Invalid domain term {part!r}")
    field, operator, value = part
    head, _, rest = str(field).partition(".")
    model.kind(head)
    if rest and model.comodel(head) is not None:
        return _through(model, head, [rest, operator, value])
    if operator not in OPERATORS:
        raise DomainError(f"Invalid operator {operator!r} in domain term {part!r}")
    if model.kind(head) == "datetime" and operator in ("<", "<=", ">", ">="):
        return _instant(head, operator, str(value))
    test = OPERATORS[operator]
    return lambda row: test(row.get(head), value)


def _through(model: Model, head: str, term: list[Any]) -> Test:
    """A condition on the record that a many2one leads to."""
    other = model.comodel(head)
    assert other is not None
    test = test_of([term], other)
    return lambda row: any(test(found) for found in other.table.visible() if found["id"] == row.get(head))


def _instant(field: str, operator: str, value: str) -> Test:
    try:
        bound = datetime.fromisoformat(value).replace(tzinfo=None, microsecond=0)
    except ValueError:
        raise DomainError(f"Failed to cast {value!r} into a datetime") from None
    step = timedelta(days=1) if len(value) == 10 else timedelta(seconds=1)
    if operator in (">", "<="):
        bound += step
    later = operator[0] == ">"
    return lambda row: row.get(field) is not None and (row[field] >= bound if later else row[field] < bound)


def _all(tests: list[Test]) -> Test:
    return lambda row: all(test(row) for test in tests)


def _any(tests: list[Test]) -> Test:
    return lambda row: any(test(row) for test in tests)


def _not(test: Test) -> Test:
    return lambda row: not test(row)


def _equal(value: Any, wanted: Any) -> bool:
    if wanted is False or wanted is None:
        return value in (None, False, "", [])
    if isinstance(value, datetime):
        return bool(value.strftime("%Y-%m-%d %H:%M:%S") == wanted)
    return bool(wanted in value if isinstance(value, list) else value == wanted)


def _among(value: Any, wanted: Any) -> bool:
    return any(_equal(value, one) for one in wanted)


def _like(value: Any, pattern: Any, fold: bool, whole: bool) -> bool:
    if value in (None, False):
        return False
    pattern = str(pattern) if whole else f"%{pattern}%"
    parts = "".join({"%": ".*", "_": "."}.get(sign, re.escape(sign)) for sign in pattern)
    return re.fullmatch(parts, str(value), (re.I if fold else 0) | re.S) is not None


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": _equal,
    "!=": lambda value, wanted: not _equal(value, wanted),
    "in": _among,
    "not in": lambda value, wanted: not _among(value, wanted),
    ">": lambda value, wanted: value is not None and value > wanted,
    ">=": lambda value, wanted: value is not None and value >= wanted,
    "<": lambda value, wanted: value is not None and value < wanted,
    "<=": lambda value, wanted: value is not None and value <= wanted,
    "like": lambda value, wanted: _like(value, wanted, fold=False, whole=False),
    "ilike": lambda value, wanted: _like(value, wanted, fold=True, whole=False),
    "not like": lambda value, wanted: not _like(value, wanted, fold=False, whole=False),
    "not ilike": lambda value, wanted: not _like(value, wanted, fold=True, whole=False),
    "=like": lambda value, wanted: _like(value, wanted, fold=False, whole=True),
    "=ilike": lambda value, wanted: _like(value, wanted, fold=True, whole=True),
}
