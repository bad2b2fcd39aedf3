"""Types of the values in tandem.toml: texts that mean durations, schedules, months, time zones and files."""

from __future__ import annotations

import difflib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from data_access.timing import check_cron, parse_duration, parse_months


class Strict(BaseModel):
    """A table of tandem.toml: no unknown keys, no silent conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)


def _seconds(value: object) -> float:
    if isinstance(value, str):
        return parse_duration(value)
    raise ValueError('must be a text with a unit; like "60s", "5m", "2h"')


def _schedule(value: object) -> float | str:
    if not isinstance(value, str):
        raise ValueError('must be a duration or a cron line; like "15s" or "0 */2 * * *"')
    return check_cron(value) if " " in value.strip() else parse_duration(value)


def _months(value: object) -> tuple[date, date]:
    if isinstance(value, str):
        return parse_months(value)
    raise ValueError('must be a text with two months; like "2025-01..2025-06"')


def _zone(value: str) -> str:
    if value not in available_timezones():
        near = difflib.get_close_matches(value, available_timezones(), 1)
        raise ValueError(f'"{value}" is not a time zone; did you mean "{near[0] if near else "Europe/Berlin"}"?')
    return value


Seconds = Annotated[float, BeforeValidator(_seconds)]
CronLine = Annotated[str, AfterValidator(check_cron)]
Schedule = Annotated[float | str, BeforeValidator(_schedule)]
TimeZone = Annotated[str, AfterValidator(_zone)]
Months = Annotated[tuple[date, date], BeforeValidator(_months)]
NewColumn = Literal["evolve", "freeze", "discard"]
FilePath = Annotated[Path, BeforeValidator(lambda v: Path(v) if isinstance(v, str) else v)]
