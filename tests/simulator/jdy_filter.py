"""The data filter of Jiandaoyun: https://hc.jiandaoyun.com/open/14220 .

`{"rel": "and"|"or", "cond": [{"field", "type"?, "method", "value": [..]}]}`; `value` is always a list; a range
includes both ends and may be open (null). A date without time or zone is taken as UTC midnight (not documented).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.simulator.store import Row

MANY = 1000  # values of in, nin, all; older copies of the page say 200


class FilterError(ValueError):
    """The filter breaks a documented rule."""


def keep(rows: list[Row], given: Any, ignored: tuple[str, ...] = ()) -> list[Row]:
    """The rows that pass; conditions on `ignored` fields pass every row."""
    tests = [_test(one) for one in _conditions(given) if one.get("field") not in ignored]
    every = all if given["rel"] == "and" else any
    return [row for row in rows if not tests or every(test(row) for test in tests)]


def filtered_fields(given: Any) -> set[Any]:
    return {one.get("field") for one in _conditions(given)}


def _conditions(given: Any) -> list[Row]:
    if not isinstance(given, dict) or given.get("rel") not in ("and", "or"):
        raise FilterError("a filter has rel: and, or")
    found = given.get("cond")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise FilterError("cond is a list of conditions")
    return found


def _test(one: Row) -> Callable[[Row], bool]:
    method, field, values = one.get("method"), one.get("field"), one.get("value", [])
    if method not in METHODS or not isinstance(field, str):
        raise FilterError(f"no filter method {method!r} on {field!r}")
    if not isinstance(values, list) or len(values) > MANY:
        raise FilterError(f"value is a list of {MANY} at the most")
    field = "_id" if field == "data_id" else field
    return lambda row: METHODS[method](_comparable(row.get(field)), [_comparable(v) for v in values])


def _comparable(value: Any) -> Any:
    """People by username, instants as datetimes, everything else as it is."""
    if isinstance(value, dict):
        return value.get("username") or value.get("dept_no") or value.get("id") or value
    if isinstance(value, str) and len(value) >= 10 and value[4] == value[7] == "-":
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return value


def _empty(value: Any, values: list[Any]) -> bool:
    return value in (None, "", [])


def _range(value: Any, values: list[Any]) -> bool:
    if len(values) != 2:
        raise FilterError("a range has two ends, either may be null")
    low, high = values
    if value in (None, ""):
        return False
    return (low is None or value >= low) and (high is None or value <= high)


def _in(value: Any, values: list[Any]) -> bool:
    return any(one in values for one in value) if isinstance(value, list) else value in values


METHODS: dict[Any, Callable[[Any, list[Any]], bool]] = {
    "empty": _empty,
    "not_empty": lambda value, values: not _empty(value, values),
    "eq": _in,
    "in": _in,
    "ne": lambda value, values: not _in(value, values),
    "nin": lambda value, values: not _in(value, values),
    "all": lambda value, values: all(one in (value or []) for one in values),
    "like": lambda value, values: any(str(one) in str(value) for one in values),
    "range": _range,
    "gt": lambda value, values: value is not None and value > values[0],
    "lt": lambda value, values: value is not None and value < values[0],
    "verified": lambda value, values: bool(isinstance(value, dict) and value.get("verified")),
    "unverified": lambda value, values: isinstance(value, dict) and not value.get("verified"),
}
