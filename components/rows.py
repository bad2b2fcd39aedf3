"""Rows of a Result as plain Python values, so that components never meet a pandas type."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from data_access.result import Result


def _plain(value: Any) -> Any:
    """None for NaN, NaT and NA; Python scalars for numpy's; dates for midnight timestamps."""
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


def records(result: Result) -> list[dict[str, Any]]:
    """The rows as dicts."""
    return [{str(key): _plain(value) for key, value in row.items()} for row in result.frame.to_dict("records")]


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
