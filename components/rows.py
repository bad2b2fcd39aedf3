"""Rows of a Result as plain Python values, so that components never meet a pandas type."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import pandas as pd

    from data_access.result import Result

_AS_THEY_ARE = frozenset({str, bool, int, date, type(None)})


def _plain(value: Any) -> Any:
    """None for NaN, NaT and NA; Python scalars for numpy's; dates for midnight timestamps."""
    if type(value) is float:
        return None if value != value else value
    if value is None or isinstance(value, str | bool | int):
        return value
    if hasattr(value, "tolist") and not isinstance(value, str):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if hasattr(value, "to_pydatetime"):
        value = value.to_pydatetime()
    if isinstance(value, datetime) and value.tzinfo is None and value.time() == datetime.min.time():
        return value.date()
    return None if value != value else value


def _column(values: pd.Series) -> list[Any]:
    """One column as plain values."""
    listed: list[Any] = values.tolist()
    if str(values.dtype) in ("bool", "int32", "int64"):
        return listed
    if str(values.dtype) == "float64":
        return [None if value != value else value for value in listed]
    return [value if type(value) in _AS_THEY_ARE else _plain(value) for value in listed]


def records(result: Result) -> list[dict[str, Any]]:
    """The rows as dicts."""
    frame = result.frame
    names = [str(name) for name in frame.columns]
    columns = [_column(frame.iloc[:, place]) for place in range(len(names))]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def some(result: Result, keep: Any) -> list[dict[str, Any]]:
    """The rows where `keep` holds, or the first so many of them, as dicts."""
    frame = result.frame
    return records(replace(result, frame=frame.head(keep) if isinstance(keep, int) else frame[keep]))


def peak(values: pd.Series) -> float:
    """The largest amount of a column, whatever its sign; 0 where none is known."""
    largest = values.astype("float64").abs().max()
    return 0.0 if largest != largest else float(largest)


def number(value: Any) -> float:
    """A figure for drawing; unknown counts as nothing."""
    return 0.0 if value is None else float(value)


def today(result: Result, timezone: str) -> date:
    """The company's day the figures are for."""
    noted = result.notes.get("today")
    return noted if isinstance(noted, date) else result.as_of.astimezone(ZoneInfo(timezone)).date()


def days_of_data(result: Result) -> int | None:
    """How many days of orders there are while the history is still short; None once it is not."""
    days = result.notes.get("early_estimate")
    return None if days is None else int(str(days))
