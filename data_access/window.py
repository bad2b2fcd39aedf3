"""A stretch of a result's rows, sorted and searched as a table asks: what scrolls need not travel whole."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from data_access.cache import SingleFlight
from data_access.errors import QueryError

if TYPE_CHECKING:
    import pandas as pd

MAX_ROWS = 500
_COMPARE = {
    "equals": "eq", "notEqual": "ne", "greaterThan": "gt", "greaterThanOrEqual": "ge", "lessThan": "lt",
    "lessThanOrEqual": "le",
}  # fmt: skip


@dataclass(frozen=True)
class Order:
    """Sort by one column; missing values last either way."""

    column: str
    descending: bool = False


@dataclass(frozen=True)
class Match:
    """A condition on one column: text (contains, equals, startsWith, ...) or number (lessThan, inRange, ...)."""

    column: str
    kind: Literal["text", "number"]
    how: str
    value: Any
    upper: Any = None


def window(
    frame: pd.DataFrame,
    start: int,
    count: int,
    order: Sequence[Order] = (),
    where: Sequence[Match] = (),
    kept: SingleFlight | None = None,
    content: Hashable = None,
) -> tuple[pd.DataFrame, int]:
    """(rows start..start+count, how many there are in all). QueryError: a column or condition there is none of.

    kept: where the places of sorted and searched rows are remembered under `content`, which tells what the frame holds.
    """
    columns = ", ".join(map(str, frame.columns))
    for name in [one.column for one in order] + [one.column for one in where]:
        if name not in frame.columns:
            raise QueryError(f'there is no column "{name[:60]}"', f"columns: {columns}")
    first, last = max(0, start), max(0, start) + min(max(0, count), MAX_ROWS)
    if not order and not where:
        return frame.iloc[first:last], len(frame)
    if kept is None:
        places = _places(frame, order, where)
    else:
        places = kept.get((content, repr((order, where))), lambda: _places(frame, order, where))
    return frame.iloc[places[first:last]], len(places)


def _places(frame: pd.DataFrame, order: Sequence[Order], where: Sequence[Match]) -> Any:
    """Where the rows that hold stand in the frame, in their order."""
    import numpy as np
    import pandas as pd

    holds = np.ones(len(frame), dtype=bool)
    for one in where:
        holds &= _holds(frame[one.column], one).to_numpy(dtype=bool)
    places = np.flatnonzero(holds).astype(np.int32)
    if order:
        by = pd.DataFrame({n: _comparable(frame[one.column].iloc[places]).array for n, one in enumerate(order)})
        ascending = [not one.descending for one in order]
        by = by.sort_values(list(by.columns), ascending=ascending, kind="stable", na_position="last")
        places = places[by.index.to_numpy()]
    return places


def read_request(given: Mapping[str, Any]) -> tuple[list[Order], list[Match]]:
    """AG Grid's sortModel and filterModel as conditions; QueryError when they are not of that shape."""
    try:
        order = [Order(str(one["colId"]), one.get("sort") == "desc") for one in given.get("sort") or []]
        where = [
            Match(str(column), "number" if one.get("filterType") == "number" else "text", str(one["type"]),
                  one.get("filter"), one.get("filterTo"))
            for column, one in (given.get("where") or {}).items()
        ]  # fmt: skip
    except (AttributeError, KeyError, TypeError) as error:
        raise QueryError("the table asks in a form that is not known", "reload the page") from error
    return order, where


def _comparable(column: pd.Series) -> pd.Series:
    """Decimals as numbers, text without case."""
    import pandas as pd

    if column.dtype != object and str(column.dtype) not in ("str", "string"):
        return column
    numbers = pd.to_numeric(column, errors="coerce")
    if numbers.notna().sum() == column.notna().sum():
        return numbers
    return column.map(lambda value: None if value is None or value != value else str(value).casefold())


def _holds(column: pd.Series, one: Match) -> pd.Series:
    import pandas as pd

    if one.how in ("blank", "notBlank"):
        empty = column.isna() | (column.astype(str) == "")
        return empty if one.how == "blank" else ~empty
    if one.kind == "number":
        numbers, value = pd.to_numeric(column, errors="coerce"), _number(one.value)
        if one.how == "inRange":
            return numbers.between(value, _number(one.upper))
        if one.how in _COMPARE:
            return getattr(numbers, _COMPARE[one.how])(value) & numbers.notna()
    texts, wanted = column.fillna("").astype(str).str.casefold(), str(one.value or "").casefold()
    if one.how in ("contains", "notContains"):
        found = texts.str.contains(wanted, regex=False)
        return found if one.how == "contains" else ~found
    if one.how in ("equals", "notEqual"):
        return (texts == wanted) == (one.how == "equals")
    if one.how in ("startsWith", "endsWith"):
        return texts.str.startswith(wanted) if one.how == "startsWith" else texts.str.endswith(wanted)
    raise QueryError(
        f'there is no condition "{one.how[:40]}"', "use contains, equals, lessThan, greaterThan or inRange"
    )


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise QueryError("a number is expected here", "correct the table's filter") from error
