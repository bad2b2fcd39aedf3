"""How files and their cells are written: the settings of a profile of kind `files`, with their defaults."""

from __future__ import annotations

import codecs
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


def _encoding(value: str) -> str:
    try:
        return value if value == "auto" else codecs.lookup(value).name
    except LookupError as error:
        raise ValueError(f'"{value}" is not an encoding; use auto, utf-8, gb18030, cp1252 or latin-1') from error


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, KeyError, OSError) as error:
        raise ValueError(f'"{value}" is not a time zone; write one like "Europe/Berlin"') from error
    return value


def _date_format(value: str) -> str:
    if "%" not in value:
        raise ValueError(f'"{value}" is not a date format; write one like "%d.%m.%Y"')
    return value


Formats = Annotated[tuple[Annotated[str, AfterValidator(_date_format)], ...], Field(strict=False)]
Words = Annotated[tuple[str, ...], Field(strict=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class CellForm(_Strict):
    """How the cells of one column differ from those of its file: dates are strptime formats besides ISO 8601, nulls the
    words that mean "nothing", default what an empty cell stands for; an optional column may be absent."""

    decimal: Literal[".", ","] | None = None
    thousands: str | None = Field(default=None, max_length=1)
    dates: Formats | None = None
    nulls: Words | None = None
    default: str | None = None
    optional: bool = False


class FileForm(_Strict):
    """How files are written and what a set of them means. timezone: of timestamps without an offset; header: row of the
    column names; latest: only the newest of the files counts; optional: no file at all means no rows."""

    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    encoding: Annotated[str, AfterValidator(_encoding)] = "auto"
    decimal: Literal[".", ","] = "."
    thousands: str = Field(default="", max_length=1)
    dates: Formats = ()
    nulls: Words = ("",)
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    header: int = Field(default=1, ge=1, le=1000)
    sheet: str | None = None
    mode: Literal["snapshot", "append"] = "snapshot"
    latest: bool = False
    optional: bool = False

    @model_validator(mode="after")
    def _agrees(self) -> FileForm:
        if self.latest and self.mode == "append":
            raise ValueError('latest goes with mode = "snapshot"; in mode "append" all files count')
        if self.decimal == self.thousands:
            raise ValueError('decimal and thousands are the same sign; like decimal = "," with thousands = "."')
        return self

    def over(self, base: FileForm) -> FileForm:
        """This form where it says something, `base` elsewhere."""
        own = {name: getattr(self, name) for name in self.model_fields_set}
        return FileForm.model_validate({**base.model_dump(), **own})
